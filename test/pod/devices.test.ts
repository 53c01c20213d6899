import { type Chart, Size } from 'cdk8s';
import * as fc from 'fast-check';
import {
  ClusterProfile,
  type ClusterProfileProps,
  Cpu,
  DeviceRequest,
  findingsOf,
  Inventory,
  Job,
  NodePool,
  Resources,
  Rollout,
  type SharedResourcesOptions,
  WebService,
  type WebServiceProps,
} from '../../src';
import { isExtended } from '../../src/kubernetes/extended-resources';
import { podDevices } from '../../src/kubernetes/pod-size';
import { linesOf, type Manifest, newChart, only, problemsOf, synth, untyped, warningsIn, WEB } from '../support';

const GPU = 'nvidia.com/gpu';
const SMALL = { cpu: Cpu.millis(250), memory: Size.mebibytes(64) };
const POOL = NodePool.reserved({
  key: GPU,
  value: 'present',
  nodeLabels: { 'cloud.google.com/gke-accelerator': 't4' },
});

const withGpus = (count: number, more: SharedResourcesOptions = {}): Resources =>
  Resources.of({ ...SMALL, ...more, extended: { [GPU]: count } });

function podOf(props: Partial<WebServiceProps>, profile?: ClusterProfileProps): Manifest {
  return only(
    synth((chart) => {
      new WebService(chart, 'web', { ...WEB, ...props });
      // a profile can come last
      if (profile) new ClusterProfile(profile).assignTo(chart);
    }),
    'Deployment',
  ).spec.template.spec as Manifest;
}

function problemsWith(props: Record<string, unknown>, profile?: ClusterProfileProps): string[] {
  return problemsOf((chart) => {
    if (profile) new ClusterProfile(profile).assignTo(chart);
    new WebService(chart, 'web', untyped({ ...WEB, ...props }));
  });
}

const extended = (given: unknown): string[] =>
  problemsWith({ resources: Resources.of(untyped({ ...SMALL, extended: given })) });

describe('extended resources', () => {
  test('are requests and limits of equal number (CH14-03, CH14-13)', () => {
    const { containers, tolerations, nodeSelector } = podOf({
      resources: Resources.of({ ...SMALL, extended: { [GPU]: 2, 'rdma.example.com/hca_shared': 1 } }),
    });
    expect(containers[0].resources).toMatchObject({
      requests: { 'cpu': '250m', 'nvidia.com/gpu': '2', 'rdma.example.com/hca_shared': '1' },
      limits: { 'nvidia.com/gpu': '2', 'rdma.example.com/hca_shared': '1' },
    });
    expect([tolerations, nodeSelector]).toEqual([undefined, undefined]);
  });

  test('keep the quality guaranteed, and the disk of mounted volumes', () => {
    const pod = podOf({ quality: 'guaranteed', resources: withGpus(1) });
    expect(pod.containers[0].resources).toEqual({
      requests: { 'cpu': '250m', 'memory': '64Mi', 'ephemeral-storage': '256Mi', [GPU]: '1' },
      limits: { 'cpu': '250m', 'memory': '64Mi', 'ephemeral-storage': '256Mi', [GPU]: '1' },
    });
  });

  test.each([0, -1, 0.5, 100_001, '1', null, NaN, true])('refuse %p as a number', (count) => {
    expect(extended({ [GPU]: count })).toEqual([`[app/web] resources.extended['${GPU}']: props/value`]);
  });

  test('say what to write for a part of a device', () => {
    const line = (count: unknown): string =>
      linesOf((chart) => {
        const resources = Resources.of(untyped({ ...SMALL, extended: { [GPU]: count } }));
        new WebService(chart, 'web', { ...WEB, resources });
      })[0];
    expect(line(0.5)).toBe(
      `[app/web] prop 'resources.extended['nvidia.com/gpu']': got 0.5, expected a whole number of devices from 1 to ` +
        '100000. Write 1: devices are not divided by request. A part of a device has a name of its own, such as ' +
        "'nvidia.com/mig-1g.5gb', and a device plugin or a DRA driver can share devices (CH14-03)",
    );
    expect(line('2')).toContain('Write 2, without quotes');
    expect(line(0)).toContain('Remove the entry');
  });

  test.each([
    'gpu',
    'cpu',
    'hugepages-2Mi',
    'kubernetes.io/gpu',
    'node.kubernetes.io/gpu',
    'notkubernetes.io/gpu',
    'requests.nvidia.com/gpu',
    'nvidia.com/',
    '/gpu',
    'nvidia.com/gpu/x',
    'NVIDIA.com/gpu',
    'nvidia.com/-gpu',
    `nvidia.com/${'a'.repeat(64)}`,
    `${'a'.repeat(245)}/gpu`,
  ])('refuse the name %s', (name) => {
    expect(extended({ [name]: 1 })).toEqual([
      expect.stringMatching(/^\[app\/web\] resources\.extended.*: props\/value$/),
    ]);
    expect(isExtended(name)).toBe(false);
  });

  test.each([`${'a'.repeat(244)}/gpu`, 'a/b', 'nvidia.com/mig-1g.5gb', 'x.example.com/A_b.c-1'])(
    'accept the name %s',
    (name) => {
      // a part of a domain has at most 63 characters in DNS, of which the API server knows nothing
      expect(isExtended(name)).toBe(true);
      expect(extended({ [name]: 1 })).toEqual([]);
    },
  );

  test('count once for init containers and the main one, and together for sidecars', () => {
    const counts = fc.nat(8);
    fc.assert(
      fc.property(
        counts,
        fc.array(counts, { maxLength: 3 }),
        fc.array(counts, { maxLength: 3 }),
        (main, sidecars, inits) => {
          const of = (role: 'main' | 'init' | 'sidecar', count: number): Parameters<typeof podDevices>[0][number] => ({
            role,
            resources: count === 0 ? {} : { extended: { [GPU]: count } },
          });
          const pod = [of('main', main), ...inits.map((n) => of('init', n)), ...sidecars.map((n) => of('sidecar', n))];
          const beside = sidecars.reduce((sum, n) => sum + n, 0);
          const expected = beside + Math.max(main, ...inits, 0);
          expect(podDevices(pod).get(GPU) ?? 0).toBe(expected);
        },
      ),
    );
  });

  test('are in the Inventory', () => {
    const chart = newChart();
    new WebService(chart, 'web', { ...WEB, replicas: 3, resources: withGpus(2) });
    const inventory = Inventory.of(chart.node.root);
    expect(inventory.workloads).toMatchObject([{ name: 'app-web', extended: { [GPU]: 6 } }]);
    expect(inventory.toText()).toContain('3 replicas, 750m CPU, 192Mi, 6 nvidia.com/gpu');
  });
});

describe('the devices of nodes', () => {
  const devices = [{ resource: GPU, perNode: 8, nodes: 2, pool: POOL }];

  test('add selector and toleration of their pool, whenever the profile is assigned (CH14-30, CH14-31, CH14-33)', () => {
    expect(podOf({ resources: withGpus(1), nodeSelector: { disk: 'fast' } }, { devices })).toMatchObject({
      nodeSelector: { 'disk': 'fast', 'cloud.google.com/gke-accelerator': 't4' },
      tolerations: [{ key: GPU, operator: 'Equal', value: 'present', effect: 'NoSchedule' }],
    });
    const plain = podOf({}, { devices });
    expect([plain.nodeSelector, plain.tolerations]).toEqual([undefined, undefined]);
  });

  test('are reached by a Job and by an init container, too', () => {
    const manifests = synth((chart) => {
      new ClusterProfile({ devices }).assignTo(chart);
      new Job(chart, 'job', {
        image: 'ghcr.io/acme/train:1.0.0',
        initContainers: [{ name: 'warm', image: 'ghcr.io/acme/warm:1.0.0', resources: withGpus(1) }],
      });
    });
    expect(only(manifests, 'Job').spec.template.spec.tolerations).toHaveLength(1);
  });

  test('do not repeat the toleration of placeOn', () => {
    expect(podOf({ resources: withGpus(1), placeOn: POOL }, { devices }).tolerations).toHaveLength(1);
  });

  test('refuse a name that no node has, and more than one node has (CH14-07)', () => {
    const other = Resources.of({ ...SMALL, extended: { 'amd.com/gpu': 1 } });
    expect(problemsWith({ resources: other }, { devices })).toEqual([
      '[app/web] resources.extended: scheduling/missing-device',
    ]);
    expect(problemsWith({ resources: other }, { devices: [] })).toEqual([
      '[app/web] resources.extended: scheduling/missing-device',
    ]);
    expect(problemsWith({ resources: other })).toEqual([]);
    expect(problemsWith({ resources: withGpus(9) }, { devices })).toEqual([
      '[app/web] resources.extended: scheduling/pod-too-large',
    ]);
    expect(
      problemsWith(
        { resources: withGpus(5), sidecars: [{ name: 's', image: 'ghcr.io/acme/s:1.0.0', resources: withGpus(4) }] },
        { devices },
      ),
    ).toEqual(['[app/web] resources.extended: scheduling/pod-too-large']);
    expect(problemsWith({ resources: withGpus(8) }, { devices })).toEqual([]);
  });

  test('refuse a selector for other nodes', () => {
    expect(
      problemsWith(
        { resources: withGpus(1), nodeSelector: { 'cloud.google.com/gke-accelerator': 'a100' } },
        { devices },
      ),
    ).toEqual(['[app/web] nodeSelector: scheduling/contradicting-labels']);
  });

  test('in several pools want one of them (CH14-14, CH14-34)', () => {
    const pools = ['t4', 'a100'].map((value) => NodePool.reserved({ key: 'example.com/gpu', value }));
    const several = pools.map((pool, index) => ({ resource: GPU, perNode: 4 * (index + 1), pool }));
    expect(problemsWith({ resources: withGpus(1) }, { devices: several })).toEqual([
      '[app/web] resources.extended: scheduling/device-pool',
    ]);
    expect(problemsWith({ resources: withGpus(8), placeOn: pools[1] }, { devices: several })).toEqual([]);
    expect(problemsWith({ resources: withGpus(8), placeOn: pools[0] }, { devices: several })).toEqual([
      '[app/web] resources.extended: scheduling/pod-too-large',
    ]);
    expect(podOf({ resources: withGpus(1), placeOn: pools[1] }, { devices: several })).toMatchObject({
      nodeSelector: { 'example.com/gpu': 'a100' },
      tolerations: [{ key: 'example.com/gpu', value: 'a100' }],
    });
  });

  test.each([
    [[{ resource: 'gpu', perNode: 1 }], ['[app] devices[0].resource: props/value']],
    [[{ resource: GPU }], ['[app] devices[0].perNode: props/required']],
    [
      [{ resource: GPU, perNode: 0.5, nodes: 0 }],
      ['[app] devices[0].perNode: props/value', '[app] devices[0].nodes: props/value'],
    ],
    [[{ resource: GPU, perNode: 1, pool: 'gpu' }], ['[app] devices[0].pool: props/value']],
    [
      [{ resource: GPU, perNode: 1, pool: NodePool.open({ key: '', value: 'x' }) }],
      ['[app] devices[0].pool.key: props/value'],
    ],
    [
      [
        { resource: GPU, perNode: 1 },
        { resource: GPU, perNode: 2, pool: POOL },
      ],
      ['[app] devices[0].pool: props/required'],
    ],
    ['gpu', ['[app] devices: props/value']],
  ])('refuse %j', (given, expected) => {
    expect(problemsOf((chart) => new ClusterProfile(untyped({ devices: given })).assignTo(chart)).sort()).toEqual(
      [...expected].sort(),
    );
  });

  test('warn if the workloads at their maximum need more than there are (CH08-29)', () => {
    const warnings = (replicas: number, nodes?: number): string[] => {
      const chart = newChart();
      new ClusterProfile({ devices: [{ resource: GPU, perNode: 4, nodes }] }).assignTo(chart);
      new WebService(chart, 'web', { ...WEB, replicas, resources: withGpus(2) });
      return warningsIn(chart).filter((line) => line.includes('cluster/capacity') || line.includes(GPU));
    };
    expect(warnings(3, 2)).toEqual([]);
    expect(warnings(5, 2)).toHaveLength(1);
    expect(warnings(500)).toEqual([]);
  });

  test('warn if a rollout finds no device for its first pod (CH08-29)', () => {
    const got = (rollout?: Rollout): string[] => {
      const chart = newChart();
      new ClusterProfile({ devices: [{ resource: GPU, perNode: 4, nodes: 2 }] }).assignTo(chart);
      new WebService(chart, 'web', { ...WEB, replicas: 3, rollout, resources: withGpus(2) });
      new WebService(chart, 'small', { ...WEB, replicas: 1, rollout, resources: withGpus(1) });
      new Job(chart, 'training', { image: WEB.image, resources: withGpus(1) });
      return findingsOf(chart).flatMap(({ rule, got: found }) => (rule === 'cluster/capacity' ? [found] : []));
    };
    // one rollout after the other: the larger pod decides
    expect(got()).toEqual(['8 nvidia.com/gpu at most, and 2 for a rollout']);
    expect(got(Rollout.recreate())).toEqual([]);
  });

  test('warn of no rollout that stops an old pod first', () => {
    const warnings = (rollout: Rollout): string[] => {
      const chart = newChart();
      new ClusterProfile({ devices: [{ resource: GPU, perNode: 4, nodes: 2 }] }).assignTo(chart);
      new WebService(chart, 'web', { ...WEB, replicas: 4, rollout, resources: withGpus(2) });
      return warningsIn(chart).filter((line) => line.includes('cluster/capacity'));
    };
    expect(warnings(Rollout.rolling())).toHaveLength(1);
    expect(warnings(Rollout.rolling({ maxSurge: 0, maxUnavailable: 1 }))).toEqual([]);
    expect(warnings(Rollout.rolling({ maxUnavailable: '25%' }))).toEqual([]);
    expect(warnings(Rollout.rolling({ maxUnavailable: '10%' }))).toHaveLength(1);
  });
});

describe('device requests', () => {
  const request = (chart: Chart, devices: DeviceRequest[], version = '1.34'): WebService => {
    new ClusterProfile({ version }).assignTo(chart);
    return new WebService(chart, 'web', { ...WEB, resources: Resources.of({ ...SMALL, devices }) });
  };

  test('are claims of each pod from a template, which another content names anew', () => {
    const build = (count: number): Manifest[] =>
      synth((chart) => {
        request(chart, [
          DeviceRequest.of('gpu.nvidia.com', { count, selectors: ["device.driver == 'gpu.nvidia.com'"] }),
          DeviceRequest.of('nic.example.com'),
        ]);
      });
    const manifests = build(2);
    const template = only(manifests, 'ResourceClaimTemplate');
    expect(template).toMatchObject({
      apiVersion: 'resource.k8s.io/v1',
      metadata: { namespace: 'shop' },
      spec: {
        spec: {
          devices: {
            requests: [
              {
                name: 'device-0',
                exactly: {
                  deviceClassName: 'gpu.nvidia.com',
                  allocationMode: 'ExactCount',
                  count: 2,
                  selectors: [{ cel: { expression: "device.driver == 'gpu.nvidia.com'" } }],
                },
              },
              {
                name: 'device-1',
                exactly: { deviceClassName: 'nic.example.com', allocationMode: 'ExactCount', count: 1 },
              },
            ],
          },
        },
      },
    });
    const { spec } = only(manifests, 'Deployment').spec.template;
    expect(spec.resourceClaims).toEqual([{ name: 'main', resourceClaimTemplateName: template.metadata.name }]);
    expect(spec.containers[0].resources.claims).toEqual([{ name: 'main' }]);
    expect(template.metadata.name).toMatch(/^app-web-main-[0-9a-f]{10}$/);
    expect(only(build(3), 'ResourceClaimTemplate').metadata.name).not.toBe(template.metadata.name);
  });

  test.each(['1.30', '1.33'])('are an error on %s', (version) => {
    expect(problemsOf((chart) => request(chart, [DeviceRequest.of('gpu.nvidia.com')], version))).toEqual([
      '[app/web] resources.devices: cluster/version',
    ]);
  });

  test('of a sidecar name it', () => {
    expect(
      problemsOf((chart) => {
        new WebService(chart, 'web', {
          ...WEB,
          sidecars: [
            {
              name: 'helper',
              image: 'ghcr.io/acme/h:1.0.0',
              resources: Resources.of({ ...SMALL, devices: [DeviceRequest.of('a.b')] }),
            },
          ],
        });
      }),
    ).toEqual(['[app/web] helper.resources.devices: cluster/version']);
  });

  test('refuse more than a claim can have', () => {
    const requests = (more: number): DeviceRequest[] => [
      DeviceRequest.of('a', { count: 32 }),
      ...Array.from({ length: more }, () => DeviceRequest.of('b')),
    ];
    expect(problemsOf((chart) => request(chart, requests(1)))).toEqual(['[app/web] resources.devices: props/value']);
    expect(problemsOf((chart) => request(chart, requests(0)))).toEqual([]);
  });

  test.each([
    [DeviceRequest.of('A'), 'resources.devices[0].deviceClass: props/value'],
    [DeviceRequest.of('a', untyped({ count: 0 })), 'resources.devices[0].count: props/value'],
    [DeviceRequest.of('a', untyped({ count: 33 })), 'resources.devices[0].count: props/value'],
    [DeviceRequest.of('a', untyped({ selectors: [''] })), 'resources.devices[0].selectors[0]: props/value'],
    [DeviceRequest.of('a', untyped({ selector: 'x' })), 'resources.devices[0].selector: props/unknown'],
    ['gpu', 'resources.devices[0]: props/value'],
  ])('refuse what no claim can have: %#', (given, expected) => {
    expect(problemsOf((chart) => request(chart, [given as DeviceRequest]))).toEqual([`[app/web] ${expected}`]);
  });
});
