import { App, type Chart, Duration, Size } from 'cdk8s';
import {
  ClusterProfile,
  Cpu,
  Inventory,
  Job,
  NodePool,
  PriorityClass,
  type PriorityClassProps,
  Resources,
  RuntimeClass,
  type RuntimeClassProps,
  ScheduledJob,
  WebService,
  type WebServiceProps,
} from '../../src';
import { podSize } from '../../src/kubernetes/pod-size';
import { workloadsOf } from '../../src/pod/workload-facts';
import {
  type Manifest,
  newChart,
  only,
  problemsOf,
  refusedBy,
  synth,
  untyped,
  viewOf,
  warningsIn,
  WEB,
} from '../support';

const GPU = { key: 'example.com/pool', value: 'gpu' };
const podOf = (props: Partial<WebServiceProps> | ((chart: Chart) => Partial<WebServiceProps>)): Manifest =>
  only(
    synth((chart) => new WebService(chart, 'web', { ...WEB, ...(typeof props === 'function' ? props(chart) : props) })),
    'Deployment',
  ).spec.template.spec as Manifest;
const webProblems = (props: (chart: Chart) => Record<string, unknown>): string[] =>
  problemsOf((chart) => new WebService(chart, 'web', untyped({ ...WEB, ...props(chart) }))).map((problem) =>
    problem.replace('[app/web] ', ''),
  );

describe('a pool of nodes', () => {
  test('gives pods selector and toleration from one source (CH08-09, CH08-10, CH08-12)', () => {
    expect(podOf({ placeOn: NodePool.reserved(GPU) })).toMatchObject({
      nodeSelector: { 'example.com/pool': 'gpu' },
      tolerations: [{ key: 'example.com/pool', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' }],
    });
  });

  test('gives the nodes the label and the taint that the pods look for (CH08-08, S08-04)', () => {
    const pool = NodePool.reserved({ key: 'gpu', value: 'true' });
    expect([pool.nodeLabels, pool.taint]).toEqual([{ gpu: 'true' }, 'gpu=true:NoSchedule']);
    expect(pool.nodeCommands('node-7')).toEqual([
      'kubectl taint node node-7 gpu=true:NoSchedule --overwrite',
      'kubectl label node node-7 gpu=true --overwrite',
    ]);
  });

  test('that is open has a label alone (S08-03, CH08-07)', () => {
    const pool = NodePool.open({ key: 'disktype', value: 'ssd' });
    expect([pool.taint, pool.nodeCommands('a')]).toEqual([
      undefined,
      ['kubectl label node a disktype=ssd --overwrite'],
    ]);
    const { nodeSelector, tolerations } = podOf({ placeOn: pool });
    expect([nodeSelector, tolerations]).toEqual([{ disktype: 'ssd' }, undefined]);
  });

  test.each(['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const)(
    'is reserved by effect %s (CH08-11, S08-05)',
    (effect) => {
      const pool = NodePool.reserved({ ...GPU, effect });
      expect(pool.taint).toBe(`example.com/pool=gpu:${effect}`);
      expect(podOf({ placeOn: pool }).tolerations).toEqual([
        { key: 'example.com/pool', operator: 'Equal', value: 'gpu', effect },
      ]);
    },
  );

  test('with NoExecute, pods may stay for a time', () => {
    expect(
      podOf({ placeOn: NodePool.reserved({ ...GPU, effect: 'NoExecute', staysFor: Duration.minutes(5) }) })
        .tolerations[0],
    ).toMatchObject({ effect: 'NoExecute', tolerationSeconds: 300 });
    const chart = newChart();
    new WebService(chart, 'web', {
      ...WEB,
      placeOn: NodePool.reserved({ ...GPU, effect: 'NoExecute', staysFor: Duration.minutes(5) }),
    });
    expect(warningsIn(chart)).toEqual(['[app/web] placeOn.staysFor: scheduling/pool-evicts']);
  });

  test('with NoExecute, work that ends before its time there is over comes without a warning (CH08-11)', () => {
    const warned = (staysFor: Duration, activeDeadline?: Duration): string[] => {
      const chart = newChart();
      const props = {
        image: 'ghcr.io/acme/run:1.0.0',
        activeDeadline,
        placeOn: NodePool.reserved({ ...GPU, effect: 'NoExecute', staysFor }),
      };
      new Job(chart, 'once', props);
      new ScheduledJob(chart, 'nightly', { ...props, schedule: '@daily' });
      return Inventory.of(chart).warnings.map(({ path, message }) => `${path} ${message.split(',')[0]}`);
    };
    expect(warned(Duration.hours(3), Duration.hours(3))).toEqual([]);
    expect(warned(Duration.hours(1))).toEqual([]);
    expect(warned(Duration.hours(3), Duration.hours(4))).toEqual(
      ['app/once', 'app/nightly'].map((path) => `${path} placeOn: the taint is permanent`),
    );
  });

  test("whose labels are the provider's, as with the GPUs of a cloud (SYS-14-11)", () => {
    const pool = NodePool.reserved({
      key: 'nvidia.com/gpu',
      value: 'present',
      nodeLabels: { 'cloud.google.com/gke-nodepool': 'a100' },
    });
    expect(podOf({ placeOn: pool })).toMatchObject({
      nodeSelector: { 'cloud.google.com/gke-nodepool': 'a100' },
      tolerations: [{ key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' }],
    });
    expect(pool.nodeCommands('n')).toEqual([
      'kubectl taint node n nvidia.com/gpu=present:NoSchedule --overwrite',
      'kubectl label node n cloud.google.com/gke-nodepool=a100 --overwrite',
    ]);
  });

  test('joins what the caller selects and tolerates, each toleration once', () => {
    const pod = podOf({
      placeOn: NodePool.reserved(GPU),
      nodeSelector: { zone: 'a', ...{ 'example.com/pool': 'gpu' } },
      tolerations: [{ key: 'spot' }, { ...GPU, effect: 'NoSchedule' }],
    });
    expect(pod.nodeSelector).toEqual({ 'zone': 'a', 'example.com/pool': 'gpu' });
    expect(pod.tolerations.map(({ key }: Manifest) => key)).toEqual(['spot', 'example.com/pool']);
  });

  test('serves jobs as well (CH08-50)', () => {
    const manifests = synth(
      (chart) => new Job(chart, 'training', { image: 'ghcr.io/acme/training:1.0.0', placeOn: NodePool.reserved(GPU) }),
    );
    expect(only(manifests, 'Job').spec.template.spec.nodeSelector).toEqual({ 'example.com/pool': 'gpu' });
  });

  test('a command holds whatever a name has in it', () => {
    expect(NodePool.open({ key: 'a', value: 'b' }).nodeCommands("x'; rm -rf /")[0]).toBe(
      "kubectl label node 'x'\\''; rm -rf /' a=b --overwrite",
    );
  });

  test.each<[string, unknown, string]>([
    ['a label key', NodePool.reserved({ key: 'a b', value: 'x' }), 'placeOn.key: props/value'],
    ['a value', NodePool.open(untyped({ key: 'a' })), 'placeOn.value: props/required'],
    ['an effect', NodePool.reserved(untyped({ ...GPU, effect: 'NodeCondition' })), 'placeOn.effect: props/value'],
    [
      'an effect of an open pool',
      NodePool.open(untyped({ ...GPU, effect: 'NoExecute' })),
      'placeOn.effect: props/unknown',
    ],
    [
      'a time without NoExecute',
      NodePool.reserved({ ...GPU, staysFor: Duration.minutes(1) }),
      'placeOn.staysFor: props/conflict',
    ],
    ['no labels', NodePool.reserved({ ...GPU, nodeLabels: {} }), 'placeOn.nodeLabels: props/empty-list'],
    ['a key that cdk8s loses', NodePool.open({ key: 'constructor', value: 'x' }), 'placeOn.key: props/value'],
    ['a name', 'gpu', 'placeOn: props/value'],
  ])('refuses %s', (_title, placeOn, message) => {
    expect(webProblems(() => ({ placeOn }))).toEqual([message]);
  });

  test('refuses another value of its label: no node has both (CH08-12)', () => {
    expect(webProblems(() => ({ placeOn: NodePool.open(GPU), nodeSelector: { 'example.com/pool': 'cpu' } }))).toEqual([
      'nodeSelector: scheduling/contradicting-labels',
    ]);
  });

  test('a toleration of all taints is worth a look, for it holds on nodes that fail, too (CH08-13)', () => {
    const chart = newChart();
    new WebService(chart, 'web', { ...WEB, tolerations: [{ effect: 'NoExecute' }] });
    new WebService(chart, 'short', { ...WEB, tolerations: [{ effect: 'NoExecute', seconds: 60 }] });
    expect(warningsIn(chart)).toEqual(['[app/web] tolerations: scheduling/tolerates-all']);
  });
});

describe('a priority class', () => {
  const classOf = (props: Partial<PriorityClassProps> = {}): Manifest =>
    only(
      synth((chart) => new PriorityClass(chart, 'high', { value: 1000, ...props })),
      'PriorityClass',
    );

  test('belongs to no namespace, and is not the default of the cluster', () => {
    const { metadata, ...rest } = classOf();
    expect(rest).toEqual({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      value: 1000,
      globalDefault: false,
      preemptionPolicy: 'PreemptLowerPriority',
    });
    expect([metadata.name, metadata.namespace]).toEqual(['app-high', undefined]);
    expect(
      classOf({ description: 'Serves customers', preemptionPolicy: 'Never', globalDefault: true, value: -5 }),
    ).toMatchObject({ description: 'Serves customers', preemptionPolicy: 'Never', globalDefault: true, value: -5 });
  });

  test('and a sandbox may have dots in their names, as the API has it', () => {
    expect(classOf({ name: 'team.high' }).metadata).toMatchObject({
      name: 'team.high',
      labels: { 'app.kubernetes.io/name': 'team.high' },
    });
    expect(
      podOf((chart) => ({ runtimeClass: new RuntimeClass(chart, 'sandbox', { handler: 'kata', name: 'kata.v2' }) }))
        .runtimeClassName,
    ).toBe('kata.v2');
  });

  test('is named by workloads, or by its name where it is there already', () => {
    expect(
      podOf((chart) => ({ priorityClass: new PriorityClass(chart, 'high', { value: 1000, name: 'important' }) }))
        .priorityClassName,
    ).toBe('important');
    expect(podOf({ priorityClassName: 'existing' }).priorityClassName).toBe('existing');
    const chart = newChart();
    new WebService(chart, 'web', { ...WEB, priorityClass: new PriorityClass(chart, 'high', { value: 1 }) });
    expect(workloadsOf(viewOf(chart))[0].priorityClass).toBe('app-high');
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['a value of the system', { value: 1_000_000_001 }, 'value: props/value'],
    ['no value', { value: undefined }, 'value: props/required'],
    ['a name of the system', { name: 'system-mine' }, 'name: app/object-name'],
    ['a name that no label can have', { name: `team.${'a'.repeat(59)}` }, 'name: app/object-name'],
    ['a policy', { preemptionPolicy: 'Always' }, 'preemptionPolicy: props/value'],
    ['an empty description', { description: '' }, 'description: props/value'],
    ['text as a switch', { globalDefault: 'yes' }, 'globalDefault: props/value'],
    ['an unknown prop', { priority: 5 }, 'priority: props/unknown'],
  ])('refuses %s', (_title, props, message) => {
    expect(
      problemsOf((chart) => new PriorityClass(chart, 'high', untyped({ value: 1, ...props }))).map((problem) =>
        problem.replace('[app/high] ', ''),
      ),
    ).toEqual([message]);
  });

  test('refuses a second default on one cluster', () => {
    expect(
      problemsOf((chart) =>
        ['a', 'b'].forEach((id) => new PriorityClass(chart, id, { value: 1, globalDefault: true })),
      ),
    ).toEqual(['[app/b] scheduling/two-defaults']);
  });

  test('of another cluster is refused (DX-26)', () => {
    const app = new App();
    const [eu, us] = ['eu', 'us'].map((id) => {
      const chart = newChart('shop', id, app);
      new ClusterProfile({ name: id }).assignTo(chart);
      return chart;
    });
    new WebService(us, 'web', { ...WEB, priorityClass: new PriorityClass(eu, 'high', { value: 1 }) });
    expect(refusedBy(() => app.synthYaml(), app)).toEqual(['[us/web] priorityClass: reference/other-cluster']);
  });

  test('and its name exclude each other', () => {
    expect(
      webProblems((chart) => ({
        priorityClass: new PriorityClass(chart, 'high', { value: 1 }),
        priorityClassName: 'low',
      })),
    ).toEqual(['priorityClass: props/conflict']);
    expect(webProblems(() => ({ priorityClass: 'high' }))).toEqual(['priorityClass: props/value']);
  });
});

describe('a sandbox', () => {
  const SANDBOX: RuntimeClassProps = {
    handler: 'runsc',
    overhead: { cpu: Cpu.millis(250), memory: Size.mebibytes(120) },
    nodes: NodePool.reserved({ key: 'runtime', value: 'gvisor' }),
  };

  test('names handler, overhead and the nodes that have it (CH10-38, CH10-39)', () => {
    const { metadata, ...rest } = only(
      synth((chart) => new RuntimeClass(chart, 'gvisor', SANDBOX)),
      'RuntimeClass',
    );
    expect(rest).toEqual({
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      handler: 'runsc',
      overhead: { podFixed: { cpu: '250m', memory: '120Mi' } },
      scheduling: {
        nodeSelector: { runtime: 'gvisor' },
        tolerations: [{ key: 'runtime', operator: 'Equal', value: 'gvisor', effect: 'NoSchedule' }],
      },
    });
    expect(metadata.namespace).toBeUndefined();
    expect(
      only(
        synth((chart) => new RuntimeClass(chart, 'kata', { handler: 'kata' })),
        'RuntimeClass',
      ),
    ).toMatchObject({ handler: 'kata' });
  });

  test('is where pods of untrusted code run (CH10-37, S10-10)', () => {
    expect(podOf((chart) => ({ runtimeClass: new RuntimeClass(chart, 'gvisor', SANDBOX) })).runtimeClassName).toBe(
      'app-gvisor',
    );
    expect(podOf({ runtimeClassName: 'firecracker' }).runtimeClassName).toBe('firecracker');
  });

  test('its overhead counts in what a pod asks for', () => {
    const chart = newChart();
    new WebService(chart, 'web', {
      ...WEB,
      runtimeClass: new RuntimeClass(chart, 'gvisor', SANDBOX),
      resources: Resources.withoutCpuLimit({ cpu: Cpu.millis(100), memory: Size.mebibytes(128) }),
    });
    const [{ containers, overhead }] = workloadsOf(viewOf(chart));
    const { requests, limits } = podSize(containers, overhead);
    expect([requests.cpu, requests.memory, limits.cpu, limits.memory]).toEqual([
      350,
      248 * 2 ** 20,
      undefined,
      248 * 2 ** 20,
    ]);
    expect(overhead).toEqual({ cpu: 250, memory: 120 * 2 ** 20 });
    expect(Inventory.of(chart).workloads[0]).toMatchObject({ replicas: 2, cpu: '700m', memory: '496Mi' });
  });

  test('and a pool whose nodes lack it exclude each other: the API server would reject the pod', () => {
    expect(
      webProblems((chart) => ({
        runtimeClass: new RuntimeClass(chart, 'gvisor', SANDBOX),
        placeOn: NodePool.open({ key: 'runtime', value: 'kata' }),
      })),
    ).toEqual(['placeOn: scheduling/contradicting-labels']);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no handler', { handler: undefined }, 'handler: props/required'],
    ['overhead as numbers', { overhead: { cpu: 1, memory: 2 } }, 'overhead.cpu: props/value'],
    ['nodes by name', { nodes: 'gvisor' }, 'nodes: props/value'],
    ['a pool with a mistake', { nodes: NodePool.open({ key: '', value: '' }) }, 'nodes.key: props/value'],
  ])('refuses %s', (_title, props, message) => {
    expect(
      problemsOf((chart) => new RuntimeClass(chart, 'gvisor', untyped({ handler: 'runsc', ...props }))).map((problem) =>
        problem.replace('[app/gvisor] ', ''),
      ),
    ).toContainEqual(message);
  });
});
