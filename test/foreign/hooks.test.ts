import { Job, VersionedConfigMap } from '../../src';
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
