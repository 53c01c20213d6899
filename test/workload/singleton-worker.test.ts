import { ApiObject, App, Duration, Testing, Size } from 'cdk8s';
import {
  ClusterProfile,
  Inventory,
  Peer,
  Probe,
  Redis,
  SecretRef,
  SingletonWorker,
  type SingletonWorkerProps,
  Volume,
  Worker,
} from '../../src';
import { workloadsOf } from '../../src/pod/workload-facts';
import { newChart, only, problemsOf, synth, untyped, viewOf } from '../support';

const LEDGER: SingletonWorkerProps = { image: 'ghcr.io/acme/ledger:3.0.1', liveness: Probe.none() };
const ledger = (props: Partial<SingletonWorkerProps> = {}) =>
  synth((chart) => {
    new SingletonWorker(chart, 'ledger', { ...LEDGER, ...props });
  });
const claim = (accessMode: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'books', namespace: 'shop' },
  spec: { accessModes: [accessMode], resources: { requests: { storage: '1Gi' } } },
});

describe('a singleton worker', () => {
  test('has no Service and no budget, which would block drains', () => {
    expect(ledger().map(({ kind }) => kind)).toEqual(['ServiceAccount', 'NetworkPolicy', 'StatefulSet']);
  });

  test('is a StatefulSet of one, without a Service that names its pod', () => {
    const { template, ...spec } = only(ledger(), 'StatefulSet').spec;
    expect(spec).toEqual({
      replicas: 1,
      serviceName: '',
      selector: { matchLabels: { 'app.kubernetes.io/instance': 'app-ledger' } },
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate' },
      revisionHistoryLimit: 10,
    });
    expect(template.spec).not.toHaveProperty('topologySpreadConstraints');
  });

  test('has the pod template of a worker', () => {
    const worker = only(
      synth((chart) => {
        new Worker(chart, 'ledger', { ...LEDGER, replicas: 1, terminationGracePeriod: Duration.minutes(5) });
      }),
      'Deployment',
    ).spec.template;
    expect(only(ledger({ terminationGracePeriod: Duration.minutes(5) }), 'StatefulSet').spec.template).toEqual(worker);
  });

  test('counts as one pod in what the app asks of the cluster, during a rollout as well', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    new ClusterProfile({ nodes: 1 }).assignTo(app);
    new SingletonWorker(chart, 'ledger', LEDGER);
    expect(workloadsOf(viewOf(chart))).toMatchObject([
      { kind: 'StatefulSet', replicas: 1, most: 1, surge: 0, stopping: 0 },
    ]);
    expect(Inventory.of(app).workloads).toMatchObject([{ kind: 'StatefulSet', name: 'app-ledger', replicas: 1 }]);
  });

  test.each(['ReadWriteOnce', 'ReadWriteOncePod'])('mounts a claim for one pod: %s', (mode) => {
    expect(
      problemsOf((chart) => {
        new ApiObject(chart, 'claim', claim(mode));
        new SingletonWorker(chart, 'ledger', LEDGER).mount('/books', Volume.claim('books'));
      }),
    ).toEqual([]);
  });

  test('connects to others, and opens its metrics to a scraper', () => {
    const chart = newChart();
    const redis = new Redis(chart, 'redis', {
      storage: Size.gibibytes(10),
      password: { secret: SecretRef.named('redis-passwd'), key: 'passwd' },
    });
    const own = new SingletonWorker(chart, 'ledger', {
      ...LEDGER,
      metricsPort: 9090,
      liveness: Probe.httpGet('/healthz'),
    });
    own.connectTo(redis);
    own.allowFrom(Peer.pods({ namespace: 'monitoring', labels: { app: 'prometheus' } }));
    const manifests = Testing.synth(chart);
    expect(only(manifests, 'NetworkPolicy', 'app-ledger').spec.ingress).toMatchObject([
      { ports: [{ port: 9090, protocol: 'TCP' }] },
    ]);
    expect(own.statefulSet.name).toBe('app-ledger');
  });
});

describe('a singleton worker is refused', () => {
  test.each(['replicas', 'autoscaling', 'budget', 'rollout', 'minReady'])('with %s of a Worker', (prop) => {
    expect(
      problemsOf((chart) => {
        new SingletonWorker(chart, 'ledger', untyped({ ...LEDGER, [prop]: 1 }));
      }),
    ).toEqual([`[app/ledger] ${prop}: props/unknown`]);
  });

  test('beside an autoscaler of others', () => {
    expect(
      problemsOf((chart) => {
        new SingletonWorker(chart, 'ledger', LEDGER);
        new ApiObject(chart, 'scaler', {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'scaler', namespace: 'shop' },
          spec: {
            scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'app-ledger' },
            minReplicas: 1,
            maxReplicas: 3,
          },
        });
      }),
    ).toEqual([expect.stringContaining('scaling/two-owners')]);
  });

  test('without a word on liveness, and with a name that leaves no room for the number of its pod', () => {
    expect(
      problemsOf((chart) => {
        new SingletonWorker(chart, 'ledger', untyped({ ...LEDGER, liveness: undefined, name: 'a'.repeat(53) }));
      }),
    ).toEqual(['[app/ledger] name: app/object-name', '[app/ledger] liveness: props/required']);
  });
});
