import { ApiObject, type Chart } from 'cdk8s';
import { Job, VersionedConfigMap, WebService } from '../../src';
import { only, synth, warningsOf, WEB } from '../support';

const PRE_SYNC = { 'argocd.argoproj.io/hook': 'PreSync', 'argocd.argoproj.io/sync-wave': '2' };

describe('a hook of Argo CD before the sync', () => {
  test('has its ServiceAccount and its policy one wave earlier (row B13)', () => {
    const manifests = synth((chart) => new Job(chart, 'migrate', { image: WEB.image, annotations: PRE_SYNC }));
    for (const kind of ['ServiceAccount', 'NetworkPolicy']) {
      expect(only(manifests, kind).metadata.annotations).toEqual({ ...PRE_SYNC, 'argocd.argoproj.io/sync-wave': '1' });
    }
    expect(only(manifests, 'Job').metadata.annotations).toMatchObject(PRE_SYNC);
  });

  test('is none where all else is there already (row B13)', () => {
    const annotations = { 'argocd.argoproj.io/hook': 'PostSync' };
    const manifests = synth((chart) => new Job(chart, 'migrate', { image: WEB.image, annotations }));
    expect(only(manifests, 'ServiceAccount').metadata).not.toHaveProperty('annotations');
  });

  test('that reads a ConfigMap which comes later is a warning (row B13)', () => {
    const warned = (annotations?: Record<string, string>): string[] =>
      warningsOf((chart) => {
        const config = new VersionedConfigMap(chart, 'config', { annotations, data: { a: 'b' } });
        new Job(chart, 'migrate', { image: WEB.image, annotations: PRE_SYNC }).mount('/etc/migrate', config);
      });
    expect(warned()).toEqual(['[app/migrate] annotations: job/hook-needs']);
    expect(warned(PRE_SYNC)).toEqual([]);
  });
});

describe('a hook of Helm before the release, which Argo CD reads as well', () => {
  const PRE_UPGRADE = { 'helm.sh/hook': 'pre-install,pre-upgrade', 'helm.sh/hook-weight': '5' };

  test('has its ServiceAccount and its policy one step earlier (row B13)', () => {
    const manifests = synth((chart) => new Job(chart, 'migrate', { image: WEB.image, annotations: PRE_UPGRADE }));
    for (const kind of ['ServiceAccount', 'NetworkPolicy']) {
      expect(only(manifests, kind).metadata.annotations).toEqual({ ...PRE_UPGRADE, 'helm.sh/hook-weight': '4' });
    }
  });

  test('is none after the release, and none where Argo CD has another hook (row B13)', () => {
    for (const annotations of [
      { 'helm.sh/hook': 'post-install' },
      { ...PRE_UPGRADE, 'argocd.argoproj.io/hook': 'PostSync' },
    ]) {
      const manifests = synth((chart) => new Job(chart, 'migrate', { image: WEB.image, annotations }));
      expect(only(manifests, 'ServiceAccount').metadata).not.toHaveProperty('annotations');
    }
  });
});

describe('a hook of others before the sync', () => {
  const raw = (chart: Chart, id: string, manifest: object): ApiObject =>
    new ApiObject(chart, id, { apiVersion: 'v1', metadata: { name: id }, ...manifest } as never);
  const job = (annotations: object): object => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate', annotations },
    spec: {
      template: {
        spec: {
          serviceAccountName: 'migrate',
          restartPolicy: 'Never',
          containers: [{ name: 'main', image: WEB.image, envFrom: [{ configMapRef: { name: 'settings' } }] }],
        },
      },
    },
  });
  const warned = (hook: object, needs: object, inList = false): string[] =>
    warningsOf((chart) => {
      new WebService(chart, 'web', WEB);
      for (const [id, kind] of [
        ['migrate', 'ServiceAccount'],
        ['settings', 'ConfigMap'],
      ]) {
        raw(chart, id, { kind, metadata: { name: id, annotations: needs } });
      }
      if (inList) new ApiObject(chart, 'list', { apiVersion: 'v1', kind: 'List', items: [job(hook)] });
      else raw(chart, 'job', job(hook));
    }).filter((warning) => warning.includes('hook'));

  test('that needs a ServiceAccount or a ConfigMap of the app is a warning, unless these are hooks (row B13)', () => {
    expect(warned(PRE_SYNC, {})).toEqual(['[app/job] job/hook-needs', '[app/job] job/hook-needs']);
    expect(warned(PRE_SYNC, {}, true)).toHaveLength(2);
    expect(warned({ 'helm.sh/hook': 'pre-install' }, {})).toHaveLength(2);
    expect(warned(PRE_SYNC, { 'argocd.argoproj.io/hook': 'PreSync' })).toEqual([]);
    expect(warned({ 'argocd.argoproj.io/hook': 'PostSync' }, {})).toEqual([]);
  });
});
