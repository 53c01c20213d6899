import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { App, Duration, Testing } from 'cdk8s';
import { HorizontalPodAutoscaler } from 'cdk8s-plus-27';
import {
  Autoscaling,
  ClusterProfile,
  DisruptionBudget,
  Inventory,
  NetworkTiers,
  Peer,
  Probe,
  Rollout,
  WebService,
  Worker,
  type WorkerProps,
} from '../../src';
import { workloadsOf } from '../../src/pod/workload-facts';
import { newChart, only, problemsOf, synth, untyped, viewOf, WEB } from '../support';

const WORKER: WorkerProps = { image: 'ghcr.io/acme/mailer:1.4.2', liveness: Probe.none() };
const worker = (props: Partial<WorkerProps> = {}) =>
  synth((chart) => {
    new Worker(chart, 'mailer', { ...WORKER, ...props });
  });
const main = (props: Partial<WorkerProps> = {}) => only(worker(props), 'Deployment').spec.template.spec.containers[0];
const problemsWith = (props: Record<string, unknown>) =>
  problemsOf((chart) => {
    new Worker(chart, 'mailer', untyped({ ...WORKER, ...props }));
  });

const SCRAPER = Peer.pods({ namespace: 'monitoring', labels: { app: 'prometheus' } });

describe('a worker', () => {
  test('has the objects of a workload that nobody connects to, and no Service', () => {
    expect(worker().map(({ kind }) => kind)).toEqual([
      'ServiceAccount',
      'NetworkPolicy',
      'Deployment',
      'PodDisruptionBudget',
    ]);
    expect(only(worker(), 'NetworkPolicy').spec).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-mailer' } },
      policyTypes: ['Ingress'],
    });
  });

  test('has the one pod template, without port, drain and readiness', () => {
    const web = only(
      synth((chart) => {
        new WebService(chart, 'mailer', { ...WEB, image: WORKER.image });
      }),
      'Deployment',
    ).spec;
    const own = only(worker(), 'Deployment').spec;
    expect({ ...own, template: undefined }).toEqual({ ...web, template: undefined });
    const { ports, lifecycle, readinessProbe, livenessProbe, ...common } = web.template.spec.containers[0];
    expect(own.template.spec).toEqual({ ...web.template.spec, containers: [common] });
    expect([ports, lifecycle, readinessProbe, livenessProbe]).not.toContain(undefined);
  });

  test('is checked by a program of its image, or by nothing (CH05-21)', () => {
    expect(main({ liveness: Probe.exec(['alive']) }).livenessProbe).toMatchObject({
      exec: { command: ['alive'] },
      periodSeconds: 10,
    });
    expect(main({ startup: Probe.exec(['started']) }).startupProbe).toMatchObject({
      exec: { command: ['started'] },
      periodSeconds: 5,
    });
    expect(main()).not.toHaveProperty('livenessProbe');
  });

  test('never runs two where one is allowed', () => {
    const { replicas, strategy } = only(worker({ replicas: 1, rollout: Rollout.recreate() }), 'Deployment').spec;
    expect({ replicas, strategy }).toEqual({ replicas: 1, strategy: { type: 'Recreate' } });
  });

  test('has time for its longest task', () => {
    expect(
      only(worker({ terminationGracePeriod: Duration.minutes(5) }), 'Deployment').spec.template.spec
        .terminationGracePeriodSeconds,
    ).toBe(300);
  });

  test('is scaled and budgeted as a service is', () => {
    const manifests = worker({
      autoscaling: Autoscaling.onCpu({ min: 2, max: 8, target: 80 }),
      budget: DisruptionBudget.maxUnavailable('50%'),
    });
    expect(only(manifests, 'HorizontalPodAutoscaler').spec).toMatchObject({
      maxReplicas: 8,
      scaleTargetRef: { kind: 'Deployment', name: 'app-mailer' },
    });
    expect(only(manifests, 'PodDisruptionBudget').spec.maxUnavailable).toBe('50%');
    expect(only(manifests, 'Deployment').spec).not.toHaveProperty('replicas');
  });

  test('leaves its number to an autoscaler of others', () => {
    const scale =
      (props: Partial<WorkerProps>) =>
      (chart: ReturnType<typeof newChart>): void => {
        new HorizontalPodAutoscaler(chart, 'scaler', {
          target: new Worker(chart, 'mailer', { ...WORKER, ...props }),
          maxReplicas: 5,
        });
      };
    expect(only(synth(scale({})), 'Deployment').spec).not.toHaveProperty('replicas');
    expect(() => synth(scale({ replicas: 3 }))).toThrow(/replicas/);
  });

  test('connects to others, and they let it in', () => {
    const chart = newChart();
    const api = new WebService(chart, 'api', WEB);
    const mailer = new Worker(chart, 'mailer', { ...WORKER, egress: 'declared' });
    mailer.connectTo(api);
    const manifests = Testing.synth(chart);
    expect(only(manifests, 'Deployment', 'app-mailer').spec.template.spec.containers[0].env).toEqual([
      { name: 'API_HOST', value: 'app-api' },
      { name: 'API_PORT', value: '8080' },
    ]);
    expect(only(manifests, 'NetworkPolicy', 'app-api').spec.ingress).toEqual([
      {
        from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-mailer' } } }],
        ports: [{ port: 8080, protocol: 'TCP' }],
      },
    ]);
  });

  test('is no target of a connection', () => {
    expect(
      problemsOf((chart) => {
        new WebService(chart, 'api', WEB).connectTo(untyped<WebService>(new Worker(chart, 'mailer', WORKER)));
      }),
    ).toEqual(['[app/api] connectTo: props/value']);
  });

  test('lets a scraper in, on the port of its metrics alone', () => {
    const chart = newChart();
    const mailer = new Worker(chart, 'mailer', { ...WORKER, metricsPort: 9090, liveness: Probe.httpGet('/healthz') });
    mailer.allowFrom(SCRAPER);
    const manifests = Testing.synth(chart);
    const [container] = only(manifests, 'Deployment').spec.template.spec.containers;
    expect(container).toMatchObject({
      ports: [{ name: 'metrics', containerPort: 9090 }],
      livenessProbe: { httpGet: { path: '/healthz', port: 'metrics' } },
    });
    expect(only(manifests, 'NetworkPolicy').spec.ingress).toMatchObject([{ ports: [{ port: 9090, protocol: 'TCP' }] }]);
  });

  test('is scraped in its tier', () => {
    const chart = newChart();
    const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'work' }] });
    tiers.add('work', new Worker(chart, 'mailer', { ...WORKER, metricsPort: 9090 }));
    tiers.allowScraping(SCRAPER);
    expect(only(Testing.synth(chart), 'NetworkPolicy', 'app-mailer').spec.ingress).toMatchObject([
      { ports: [{ port: 9090, protocol: 'TCP' }] },
    ]);
  });

  test('is counted in what the app asks of the cluster', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    new ClusterProfile({ nodes: 3 }).assignTo(app);
    new Worker(chart, 'mailer', { ...WORKER, replicas: 4 });
    expect(workloadsOf(viewOf(chart))).toMatchObject([
      { kind: 'Deployment', replicas: 4, most: 4, surge: 1, stopping: 3 },
    ]);
    expect(Inventory.of(app).workloads).toMatchObject([{ kind: 'Deployment', name: 'app-mailer', replicas: 4 }]);
  });
});

describe('a worker is refused', () => {
  test.each([
    ['without a word on liveness', { liveness: undefined }, 'liveness: props/required'],
    [
      'with liveness by a port that nobody listens on',
      { liveness: Probe.tcpSocket() },
      'liveness: workload/portless-liveness',
    ],
    [
      'with a start by a port that nobody listens on',
      { startup: Probe.httpGet('/') },
      'startup: workload/portless-liveness',
    ],
    [
      'with a check of the readiness that it has not',
      { metricsPort: 9090, liveness: Probe.sameAsReadiness() },
      'liveness: workload/portless-liveness',
    ],
    ['with a port of root', { metricsPort: 80 }, 'metricsPort: workload/privileged-port'],
    ['with the port of a service', { port: 8080 }, 'port: props/unknown'],
    ['with readiness, for which no Service asks', { readiness: Probe.exec(['ready']) }, 'readiness: props/unknown'],
    [
      'with a number beside an autoscaler',
      { replicas: 3, autoscaling: Autoscaling.onCpu({ min: 2, max: 8, target: 80 }) },
      'replicas: scaling/two-owners',
    ],
  ])('%s', (_, props, finding) => {
    expect(problemsWith(props)).toEqual([`[app/mailer] ${finding}`]);
  });
});

test('a block is little more than its props and its plan', () => {
  const source = readFileSync(resolve(__dirname, '../../src/blocks/worker.ts'), 'utf8');
  const code = source
    .replace(/\/\*\*.*?\*\//gs, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^import |^\/\//.test(line));
  expect(code.length).toBeLessThanOrEqual(50);
});

test('a worker without a port admits nobody: a rule without ports would open all', () => {
  expect(
    problemsOf((chart) => {
      new Worker(chart, 'mailer', WORKER).allowFrom(new WebService(chart, 'web', WEB));
    }),
  ).toEqual(['[app/mailer] allowFrom: reference/missing-port']);
});
