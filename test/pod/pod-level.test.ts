import { type Chart, Size } from 'cdk8s';
import * as fc from 'fast-check';
import {
  ClusterProfile,
  Cpu,
  Inventory,
  Job,
  PodResources,
  type ResizeOptions,
  Resources,
  type RunProps,
  type SidecarProps,
  StaticSite,
  WebService,
  type WebServiceProps,
} from '../../src';
import { podSize } from '../../src/kubernetes/pod-size';
import { linesOf, type Manifest, newChart, only, problemsOf, synth, untyped, WEB } from '../support';

const SIDECAR: SidecarProps = { name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' };
const SMALL = { cpu: Cpu.millis(250), memory: Size.mebibytes(64) };
const WHOLE = PodResources.of({ cpu: Cpu.millis(500), memory: Size.mebibytes(512) });

function onVersion(version: string, build: (chart: Chart) => unknown): (chart: Chart) => void {
  return (chart) => {
    build(chart);
    new ClusterProfile({ version }).assignTo(chart);
  };
}

const web =
  (props: Partial<WebServiceProps> | Record<string, unknown>) =>
  (chart: Chart): WebService =>
    new WebService(chart, 'web', untyped({ ...WEB, ...props }));
const podOf = (props: Partial<WebServiceProps>): Manifest =>
  only(synth(onVersion('1.34', web(props))), 'Deployment').spec.template.spec as Manifest;
const problemsWith = (props: Record<string, unknown>, version = '1.34'): string[] =>
  problemsOf(onVersion(version, web(props)));

describe('resources of a pod as a whole', () => {
  test('are shared by containers that state none', () => {
    const pod = podOf({
      podResources: WHOLE,
      sidecars: [SIDECAR, { ...SIDECAR, name: 'own', resources: Resources.of(SMALL) }],
    });
    expect(pod.resources).toEqual({
      requests: { cpu: '500m', memory: '512Mi' },
      limits: { cpu: '2', memory: '512Mi' },
    });
    const disk = { 'ephemeral-storage': '256Mi' };
    expect([...pod.containers, ...pod.initContainers].map(({ resources }: Manifest) => resources)).toEqual([
      { requests: disk, limits: disk },
      { requests: disk, limits: disk },
      { requests: { cpu: '250m', memory: '64Mi', ...disk }, limits: { cpu: '1', memory: '64Mi', ...disk } },
    ]);
  });

  test('are shared by a container that says so, with devices and disk of its own', () => {
    const pod = podOf({
      podResources: WHOLE,
      resources: Resources.shared({ ephemeralStorage: Size.gibibytes(1), extended: { 'example.com/gpu': 1 } }),
    });
    const own = { 'ephemeral-storage': '1Gi', 'example.com/gpu': '1' };
    expect(pod.containers[0].resources).toEqual({ requests: own, limits: own });
  });

  test('are shared by a static site', () => {
    const pod = only(
      synth(
        onVersion(
          '1.34',
          (chart) => new StaticSite(chart, 'site', { image: 'ghcr.io/acme/site:1.0.0', podResources: WHOLE }),
        ),
      ),
      'Deployment',
    ).spec.template.spec;
    expect(pod.containers[0].resources.requests).toEqual({ 'ephemeral-storage': '256Mi' });
  });

  test('have limits equal to requests for quality guaranteed', () => {
    expect(podOf({ quality: 'guaranteed', podResources: WHOLE }).resources).toEqual({
      requests: { cpu: '500m', memory: '512Mi' },
      limits: { cpu: '500m', memory: '512Mi' },
    });
    expect(
      problemsWith({
        quality: 'guaranteed',
        podResources: PodResources.of({ cpu: Cpu.units(1), cpuLimit: Cpu.units(2), memory: Size.gibibytes(1) }),
      }),
    ).toEqual(['[app/web] podResources: workload/guaranteed-resources']);
  });

  test.each(['1.30', '1.33'])('are an error on %s', (version) => {
    expect(problemsWith({ podResources: WHOLE }, version)).toEqual(['[app/web] podResources: cluster/version']);
    expect(linesOf(onVersion(version, web({ podResources: WHOLE })))[0]).toContain(
      ", or set 'resources' of each container",
    );
  });

  test('cover the requests of the containers, and the limit of each', () => {
    const resources = (cpu: number, cpuLimit: number, memory: number, memoryLimit: number): Resources =>
      Resources.of({
        cpu: Cpu.millis(cpu),
        cpuLimit: Cpu.millis(cpuLimit),
        memory: Size.mebibytes(memory),
        memoryLimit: Size.mebibytes(memoryLimit),
      });
    const problems = (cpu: number, cpuLimit: number, memory: number, memoryLimit: number): string[] =>
      problemsWith({ podResources: WHOLE, resources: resources(cpu, cpuLimit, memory, memoryLimit) });
    expect(problems(500, 2000, 512, 512)).toEqual([]);
    expect(problems(501, 2000, 512, 512)).toEqual(['[app/web] podResources.cpu: workload/pod-resources']);
    expect(problems(1, 2001, 512, 512)).toEqual(['[app/web] podResources.cpuLimit: workload/pod-resources']);
    expect(problems(1, 1, 513, 513)).toEqual([
      '[app/web] podResources.memory: workload/pod-resources',
      '[app/web] podResources.memoryLimit: workload/pod-resources',
    ]);
    // the sum of two
    expect(
      problemsWith({
        podResources: WHOLE,
        resources: resources(300, 300, 4, 4),
        sidecars: [{ ...SIDECAR, resources: resources(201, 201, 4, 4) }],
      }),
    ).toEqual(['[app/web] podResources.cpu: workload/pod-resources']);
  });

  test('are wanted by a container that shares them', () => {
    expect(problemsWith({ resources: Resources.shared() })).toEqual(['[app/web] resources: workload/pod-resources']);
  });

  test.each([
    ['500m', 'podResources: props/value'],
    [PodResources.of(untyped({})), 'podResources.cpu: props/required'],
    [
      PodResources.of(untyped({ ...SMALL, cpuLimit: Cpu.millis(1) })),
      'podResources.cpuLimit: workload/limit-below-request',
    ],
    [PodResources.of(untyped({ ...SMALL, ephemeralStorage: 1 })), 'podResources.ephemeralStorage: props/unknown'],
  ])('refuse what is none: %#', (podResources, expected) => {
    expect(problemsWith({ podResources })).toContain(`[app/web] ${expected}`);
  });

  test('are the size of the pod, whatever its containers are', () => {
    const amount = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(amount, amount, amount, amount, (own, request, limit, overhead) => {
        const whole = { cpu: { request, limit }, memory: { request, limit } };
        const size = podSize(
          [
            {
              role: 'main',
              resources: { cpu: { request: own }, memory: { request: own }, ephemeralStorage: { request: own } },
            },
          ],
          { cpu: overhead, memory: overhead },
          whole,
        );
        expect(size.requests).toEqual({ cpu: request + overhead, memory: request + overhead, ephemeralStorage: own });
      }),
    );
  });

  test('are in the Inventory', () => {
    const chart = newChart();
    web({ podResources: WHOLE, replicas: 2 })(chart);
    expect(Inventory.of(chart.node.root).workloads).toMatchObject([{ cpu: '1', memory: '1Gi' }]);
  });
});

describe('a resize policy', () => {
  const resized = (resize: ResizeOptions): Resources => Resources.of({ ...SMALL, resize });

  test('says for each resource whether a resize restarts the container', () => {
    const pod = podOf({
      resources: resized({ memory: 'RestartContainer' }),
      sidecars: [{ ...SIDECAR, resources: resized({ cpu: 'RestartContainer' }) }],
    });
    expect([...pod.containers, ...pod.initContainers].map(({ resizePolicy }: Manifest) => resizePolicy)).toEqual([
      [
        { resourceName: 'cpu', restartPolicy: 'NotRequired' },
        { resourceName: 'memory', restartPolicy: 'RestartContainer' },
      ],
      [
        { resourceName: 'cpu', restartPolicy: 'RestartContainer' },
        { resourceName: 'memory', restartPolicy: 'NotRequired' },
      ],
    ]);
    expect(podOf({ resources: Resources.of(SMALL) }).containers[0]).not.toHaveProperty('resizePolicy');
  });

  test.each(['1.30', '1.32'])('is an error on %s', (version) => {
    expect(problemsWith({ resources: resized({}) }, version)).toEqual(['[app/web] resources.resize: cluster/version']);
    expect(problemsWith({ resources: resized({}) }, '1.33')).toEqual([]);
  });

  test('is not for init containers, and does not restart where nothing restarts', () => {
    expect(problemsWith({ initContainers: [{ ...SIDECAR, resources: resized({}) }] })).toContain(
      '[app/web] initContainers[0].resources.resize: props/conflict',
    );
    const job = (props: RunProps): string[] =>
      problemsOf(
        onVersion('1.34', (chart) => {
          const resources = resized({ memory: 'RestartContainer' });
          new Job(chart, 'job', { image: 'ghcr.io/acme/job:1.0.0', resources, ...props });
        }),
      );
    expect(job({})).toEqual(['[app/job] resources.resize.memory: props/conflict']);
    const init = { ...SIDECAR, resources: resized({ memory: 'RestartContainer' }) };
    expect(
      problemsOf((chart) => {
        new ClusterProfile({ version: '1.33' }).assignTo(chart);
        new Job(chart, 'job', { image: SIDECAR.image, initContainers: [init] });
      }),
    ).toEqual(['[app/job] initContainers[0].resources.resize: props/conflict']);
    expect(job({ restartPolicy: 'OnFailure' })).toEqual([]);
  });

  test.each([
    ['NotRequired', 'resources.resize: props/object'],
    [{ cpu: 'Restart' }, 'resources.resize.cpu: props/value'],
    [{ disk: 'NotRequired' }, 'resources.resize.disk: props/unknown'],
  ])('refuse %j', (resize, expected) => {
    expect(problemsWith({ resources: resized(resize as ResizeOptions) })).toContain(`[app/web] ${expected}`);
  });
});
