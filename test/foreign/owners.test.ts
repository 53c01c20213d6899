import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, type Chart, Include, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Autoscaling, DisruptionBudget, Probe, Redis, SecretRef, WebService, Worker } from '../../src';
import { newChart, only, problemsOf, synth, warningsOf, WEB } from '../support';

const REDIS = { password: { secret: SecretRef.named('redis-passwd'), key: 'passwd' }, storage: Size.gibibytes(1) };

const hpa = (chart: Chart, name: string, spec: object = {}, target: object = {}): ApiObject =>
  new ApiObject(chart, `hpa-${name}`, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name, ...target }, maxReplicas: 9, ...spec },
  });
const keda = (chart: Chart, name: string, spec: object = {}): ApiObject =>
  new ApiObject(chart, `keda-${name}`, {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    spec: { scaleTargetRef: { name }, triggers: [{ type: 'kafka' }], ...spec },
  });
const vpa = (chart: Chart, name: string, spec: object = {}): ApiObject =>
  new ApiObject(chart, `vpa-${name}`, {
    apiVersion: 'autoscaling.k8s.io/v1',
    kind: 'VerticalPodAutoscaler',
    spec: { targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name }, ...spec },
  });
const inList = (chart: Chart, ...items: object[]): ApiObject =>
  new ApiObject(chart, 'list', { apiVersion: 'v1', kind: 'List', items });

describe('an autoscaler of others', () => {
  test.each([
    ['HorizontalPodAutoscaler', (chart: Chart) => hpa(chart, 'app-web')],
    ['ScaledObject', (chart: Chart) => keda(chart, 'app-web')],
    [
      'HorizontalPodAutoscaler in a List',
      (chart: Chart) =>
        inList(chart, {
          apiVersion: 'autoscaling/v1',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'web' },
          spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app-web' }, maxReplicas: 3 },
        }),
    ],
  ])('owns the number of replicas of a block: %s (row B2)', (_, add) => {
    const manifests = synth((chart) => {
      new WebService(chart, 'web', WEB);
      new Worker(chart, 'worker', { image: WEB.image, liveness: Probe.none() });
      add(chart);
    });
    expect(only(manifests, 'Deployment', 'app-web').spec).not.toHaveProperty('replicas');
    expect(only(manifests, 'Deployment', 'app-worker').spec.replicas).toBe(2);
  });

  test('from a file owns it as well (row B2)', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'owners-')), 'hpa.yaml');
    writeFileSync(
      file,
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web, namespace: shop}\n' +
        'spec: {maxReplicas: 4, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: app-web}}\n',
    );
    const manifests = synth((chart) => {
      new WebService(chart, 'web', WEB);
      new Include(chart, 'include', { url: file });
    });
    expect(only(manifests, 'Deployment').spec).not.toHaveProperty('replicas');
  });

  test('beside a number that the caller insists on is an error (row B2)', () => {
    const refused = (add: (chart: Chart) => unknown): string[] =>
      problemsOf((chart) => {
        new WebService(chart, 'web', { ...WEB, replicas: 3 });
        add(chart);
      });
    expect(refused((chart) => hpa(chart, 'app-web'))).toEqual(['[app/web] replicas: scaling/two-owners']);
    expect(refused((chart) => keda(chart, 'app-web'))).toEqual(['[app/web] replicas: scaling/two-owners']);
    expect(refused((chart) => hpa(chart, 'other'))).toEqual([]);
    expect(refused((chart) => hpa(chart, 'app-web', {}, { kind: 'StatefulSet' }))).toEqual([]);
    expect(refused((chart) => hpa(newChart('elsewhere', 'other', chart.node.root as never), 'app-web'))).toEqual([]);
  });

  test('is told of once, whichever way (row B2)', () => {
    expect(
      problemsOf((chart) => {
        new WebService(chart, 'web', { ...WEB, replicas: 3 }).markHasAutoscaler();
        keda(chart, 'app-web');
      }),
    ).toEqual(['[app/web] replicas: scaling/two-owners']);
  });

  test('does not scale what has a fixed number of pods (row B2)', () => {
    expect(
      problemsOf((chart) => {
        new Redis(chart, 'redis', REDIS);
        hpa(chart, 'app-redis', {}, { kind: 'StatefulSet' });
      }),
    ).toEqual(['[app/hpa-app-redis] scaling/two-owners']);
  });

  test('is the only one of its workload, whoever wrote that (row B2)', () => {
    const refused = (build: (chart: Chart) => unknown): string[] => problemsOf((chart) => void build(chart));
    const autoscaling = Autoscaling.onCpu({ min: 2, max: 4, target: 80 });
    expect(
      refused((chart) => {
        new WebService(chart, 'web', { ...WEB, autoscaling });
        keda(chart, 'app-web');
      }),
    ).toEqual(['[app/keda-app-web] scaling/two-autoscalers']);
    expect(
      refused((chart) => {
        new WebService(chart, 'web', WEB);
        hpa(chart, 'app-web');
        keda(chart, 'app-web');
      }),
    ).toEqual(['[app/keda-app-web] scaling/two-autoscalers']);
    expect(
      refused((chart) => {
        new WebService(chart, 'web', WEB);
        hpa(chart, 'foreign');
        keda(chart, 'foreign');
      }),
    ).toEqual(['[app/keda-foreign] scaling/two-autoscalers']);
  });

  test('measures nothing that a vertical one sets (row B2)', () => {
    const refused = (spec: object, target = 'app-web'): string[] =>
      problemsOf((chart) => {
        new WebService(chart, 'web', { ...WEB, autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: 80 }) });
        vpa(chart, target, spec);
      });
    expect(refused({})).toEqual(['[app/vpa-app-web] scaling/two-autoscalers']);
    expect(refused({ updatePolicy: { updateMode: 'Off' } })).toEqual([]);
    expect(refused({ resourcePolicy: { containerPolicies: [{ controlledResources: ['memory'] }] } })).toEqual([]);
    expect(
      refused({ resourcePolicy: { containerPolicies: [{ mode: 'Off' }, { controlledResources: ['cpu'] }] } }),
    ).toEqual(['[app/vpa-app-web] scaling/two-autoscalers']);
    expect(refused({}, 'other')).toEqual([]);
  });

  test('is reset by a number in the manifest of another workload (row B2)', () => {
    const warned = (replicas: number | undefined): string[] =>
      warningsOf((chart) => {
        new Worker(chart, 'worker', { image: WEB.image, liveness: Probe.none() });
        new ApiObject(chart, 'old', {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'old' },
          spec: { replicas },
        });
        hpa(chart, 'old');
      });
    expect(warned(2)).toEqual(['[app/old] scaling/reset-replicas']);
    expect(warned(undefined)).toEqual([]);
  });
});

describe('a disruption budget of others', () => {
  const pdb = (chart: Chart, id: string, selector: object): ApiObject =>
    new ApiObject(chart, id, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      spec: { maxUnavailable: 1, selector },
    });

  test('over pods that have one is an error (row B2)', () => {
    const refused = (selector: object, props: object = {}): string[] =>
      problemsOf((chart) => {
        new WebService(chart, 'web', { ...WEB, ...props });
        pdb(chart, 'pdb', selector);
      });
    expect(refused({ matchLabels: { app: 'app-web' } })).toEqual(['[app/pdb] scaling/two-budgets']);
    expect(refused({})).toEqual(['[app/pdb] scaling/two-budgets']);
    expect(refused({ matchExpressions: [{ key: 'app', operator: 'Exists' }] })).toEqual([
      '[app/pdb] scaling/two-budgets',
    ]);
    expect(refused({ matchLabels: { app: 'other' } })).toEqual([]);
    expect(refused({ matchLabels: { app: 'app-web' } }, { budget: DisruptionBudget.none() })).toEqual([]);
  });

  test('over the pods of Redis, and beside another one over pods of others, is one as well (row B2)', () => {
    expect(
      problemsOf((chart) => {
        new Redis(chart, 'redis', REDIS);
        pdb(chart, 'pdb', { matchLabels: { app: 'app-redis' } });
        new kplus.Deployment(chart, 'old', {
          containers: [{ image: 'ghcr.io/acme/old:1.0.0' }],
          podMetadata: { labels: { a: 'b' } },
        });
        for (const id of ['one', 'two']) pdb(chart, id, { matchLabels: { a: 'b' } });
      }),
    ).toEqual(['[app/pdb] scaling/two-budgets', '[app/two] scaling/two-budgets']);
  });
});

describe('pods of others', () => {
  const old = (labels: object): object => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'old' },
    spec: { selector: { matchLabels: { app: 'old' } }, template: { metadata: { labels } } },
  });

  test('with the label of a block are an error, in a List as well (row B2)', () => {
    const refused = (
      labels: object,
      add = (chart: Chart, it: object) => void new ApiObject(chart, 'old', it as never),
    ) =>
      problemsOf((chart) => {
        new WebService(chart, 'web', WEB);
        add(chart, old(labels));
      });
    expect(refused({ 'app': 'old', 'app.kubernetes.io/instance': 'app-web' })).toEqual([
      '[app/old] workload/foreign-pods',
    ]);
    expect(
      refused({ 'app': 'old', 'app.kubernetes.io/instance': 'app-web' }, (chart, it) => void inList(chart, it)),
    ).toEqual(['[app/list] workload/foreign-pods']);
    expect(refused({ 'app': 'old', 'app.kubernetes.io/instance': 'old' })).toEqual([]);
  });
});
