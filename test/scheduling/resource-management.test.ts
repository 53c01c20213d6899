import { Size } from 'cdk8s';
import {
  Autoscaling,
  ClusterProfile,
  Cpu,
  DisruptionBudget,
  Job,
  Resources,
  WebService,
  type WebServiceProps,
} from '../../src';
import { type Manifest, only, problemsOf, synth, WEB } from '../support';

/** Chapter 8 of the book, as far as workloads go: what blocks write without being asked, and what they refuse. */
const web = (props: Partial<WebServiceProps> = {}): Manifest[] =>
  synth((chart) => new WebService(chart, 'web', { ...WEB, ...props }));
const podOf = (props: Partial<WebServiceProps> = {}, more: (web: WebService) => void = () => undefined): Manifest =>
  only(
    synth((chart) => more(new WebService(chart, 'web', { ...WEB, ...props }))),
    'Deployment',
  ).spec.template.spec as Manifest;
const problems = (props: Partial<WebServiceProps>): string[] =>
  problemsOf((chart) => new WebService(chart, 'web', { ...WEB, ...props }));
const SIDECAR = { name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' };

describe('placement', () => {
  test("is the scheduler's: replicas are kept apart softly, by their own label (CH08-01, CH08-02, CH08-03, CH08-04)", () => {
    const pod = podOf();
    expect(pod.affinity).toBeUndefined();
    expect(pod.topologySpreadConstraints).toEqual(
      ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
        topologyKey,
        maxSkew: 1,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-web' } },
        matchLabelKeys: ['pod-template-hash'],
      })),
    );
  });

  test('puts each replica on a host of its own when asked, and over zones as it can, by row B18 (S08-02)', () => {
    const spread = 'hosts';
    const [host, zone] = podOf({ replicas: 4, spread }).topologySpreadConstraints;
    const selected = { labelSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-web' } } };
    const revision = { matchLabelKeys: ['pod-template-hash'] };
    expect(host).toEqual({
      topologyKey: 'kubernetes.io/hostname',
      maxSkew: 1,
      minDomains: 4,
      whenUnsatisfiable: 'DoNotSchedule',
      nodeTaintsPolicy: 'Honor',
      ...selected,
      ...revision,
    });
    expect(zone).toEqual({
      topologyKey: 'topology.kubernetes.io/zone',
      maxSkew: 1,
      whenUnsatisfiable: 'ScheduleAnyway',
      ...selected,
      ...revision,
    });
    const most = (props: Partial<WebServiceProps>, more?: (site: WebService) => void): unknown =>
      podOf({ ...props, spread }, more).topologySpreadConstraints[0].minDomains;
    expect(most({ autoscaling: Autoscaling.onCpu({ min: 2, max: 9, target: 80 }) })).toBe(9);
    expect(most({}, (service) => service.markHasAutoscaler())).toBe(5000);
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, spread, replicas: 1 }))).toEqual([
      '[app/web] spread: scheduling/hard-spread',
    ]);
    expect(problemsOf((chart) => new Job(chart, 'job', { image: WEB.image, spread }))).toEqual([
      '[app/job] spread: scheduling/hard-spread',
    ]);
    const onNodes = (nodes: number): string[] =>
      problemsOf((chart) => {
        new ClusterProfile({ nodes }).assignTo(chart);
        new WebService(chart, 'web', { ...WEB, spread, replicas: 4 });
      });
    expect([onNodes(3), onNodes(4)]).toEqual([['[app/web] spread: scheduling/hosts'], []]);
  });

  test('is hard when asked, without a limit to the number of replicas (CH08-03)', () => {
    expect(podOf({ replicas: 4, spread: 'hard' }).topologySpreadConstraints[0]).toMatchObject({
      topologyKey: 'kubernetes.io/hostname',
      maxSkew: 1,
      whenUnsatisfiable: 'DoNotSchedule',
    });
  });
});

describe('resources', () => {
  test('are stated by each container, so that none gets what is left over (CH08-14, CH08-23)', () => {
    const pod = podOf({ sidecars: [SIDECAR], initContainers: [{ ...SIDECAR, name: 'init' }] });
    for (const { resources } of [...pod.containers, ...pod.initContainers] as Manifest[]) {
      expect(resources).toEqual({
        requests: { 'cpu': '100m', 'memory': '128Mi', 'ephemeral-storage': '256Mi' },
        limits: { 'cpu': '400m', 'memory': '128Mi', 'ephemeral-storage': '256Mi' },
      });
    }
  });

  test('leave room for bursts of CPU, and none of memory, whose overrun ends the container (CH08-18, CH08-19, CH08-20, S08-07)', () => {
    const { requests, limits } = podOf({
      resources: Resources.of({ cpu: Cpu.units(0.5), memory: Size.mebibytes(256), cpuLimit: Cpu.units(1) }),
    }).containers[0].resources;
    expect([requests.cpu, limits.cpu, requests.memory, limits.memory]).toEqual(['500m', '1', '256Mi', '256Mi']);
  });

  test('are guaranteed by all four values, in all containers (CH08-21, CH08-22, S08-08)', () => {
    const pod = podOf({
      quality: 'guaranteed',
      resources: Resources.of({ cpu: Cpu.millis(700), memory: Size.mebibytes(200) }),
      sidecars: [SIDECAR],
    });
    for (const { resources } of [...pod.containers, ...pod.initContainers] as Manifest[]) {
      expect(resources.limits).toEqual(resources.requests);
    }
    expect(problems({ quality: 'guaranteed', sidecars: [{ ...SIDECAR, resources: Resources.none() }] })).toHaveLength(
      1,
    );
  });
});

describe('a disruption budget', () => {
  test('is there for each service, follows its size, and selects its pods (CH08-24, CH08-26, CH08-30, CH08-53)', () => {
    expect(only(web(), 'PodDisruptionBudget').spec).toEqual({
      maxUnavailable: 1,
      selector: { matchLabels: { 'app.kubernetes.io/instance': 'app-web' } },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    });
  });

  test('is a number or a share, of one kind (CH08-25, S08-09, S08-10)', () => {
    const { spec: least } = only(web({ replicas: 6, budget: DisruptionBudget.minAvailable(5) }), 'PodDisruptionBudget');
    const { spec: most } = only(web({ budget: DisruptionBudget.maxUnavailable('20%') }), 'PodDisruptionBudget');
    expect([least.minAvailable, least.maxUnavailable, most.maxUnavailable, most.minAvailable]).toEqual([
      5,
      undefined,
      '20%',
      undefined,
    ]);
  });

  test('that rounds up to all pods would block each drained node (CH08-27, CH08-28)', () => {
    const message = (): string => '[app/web] budget.minAvailable: scaling/blocked-drain';
    expect(problems({ replicas: 3, budget: DisruptionBudget.minAvailable('80%') })).toEqual([message()]);
    expect(problems({ replicas: 3, budget: DisruptionBudget.minAvailable(3) })).toEqual([message()]);
    expect(problems({ replicas: 7, budget: DisruptionBudget.minAvailable('50%') })).toEqual([]);
  });
});

describe('scaling', () => {
  const SCALED = { autoscaling: Autoscaling.onCpu({ min: 3, max: 10, target: 80 }) };

  test('is by a controller, behind a Service, with a fixed number where the load is steady (CH08-54, CH08-55, CH08-64, S08-16)', () => {
    const manifests = web({
      replicas: 5,
      resources: Resources.of({ cpu: Cpu.millis(100), memory: Size.mebibytes(64) }),
    });
    expect(manifests.map(({ kind }) => kind).sort()).toEqual([
      'Deployment',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
    ]);
    expect(only(manifests, 'Deployment').spec.replicas).toBe(5);
  });

  test('by load has both bounds, and is the one owner of the number (CH08-56, CH08-57, CH08-58, CH08-61, S08-17)', () => {
    const manifests = web(SCALED);
    expect(only(manifests, 'HorizontalPodAutoscaler')).toMatchObject({
      apiVersion: 'autoscaling/v2',
      spec: {
        minReplicas: 3,
        maxReplicas: 10,
        metrics: [{ resource: { name: 'cpu', target: { averageUtilization: 80 } } }],
      },
    });
    expect(only(manifests, 'Deployment').spec.replicas).toBeUndefined();
  });

  test('looks at CPU, memory or both, relative to requests that must be there (CH08-59, CH08-60)', () => {
    const both = only(
      web({ autoscaling: Autoscaling.on({ min: 2, max: 4, cpu: 80, memory: 90 }) }),
      'HorizontalPodAutoscaler',
    ).spec.metrics as Manifest[];
    expect(both.map(({ resource }) => resource.name)).toEqual(['memory', 'cpu']);
    expect(problems({ ...SCALED, resources: Resources.none() })).toHaveLength(1);
  });

  test('goes up at once and down slowly, written out (CH08-63)', () => {
    const { scaleUp, scaleDown } = only(web(SCALED), 'HorizontalPodAutoscaler').spec.behavior as Record<
      string,
      Manifest
    >;
    expect([scaleUp.stabilizationWindowSeconds, scaleDown.stabilizationWindowSeconds]).toEqual([0, 300]);
  });
});

test('images are pulled if not present, and labels tell the app apart (CH08-71, CH08-72)', () => {
  const { metadata, spec } = only(web({ labels: { env: 'prod' } }), 'Deployment').spec.template as Manifest;
  expect(spec.containers[0].imagePullPolicy).toBe('IfNotPresent');
  expect(metadata.labels).toMatchObject({ 'env': 'prod', 'app': 'app-web', 'app.kubernetes.io/name': 'app-web' });
});
