import { App, Chart, Duration, Size } from 'cdk8s';
import { Cpu, Egress, type NetworkTiers, Peer, Probe, Resources, WebService } from 'cdk8s-best-practices';
import { ThreeTier } from '../../../examples/three-tier/chart';
import { shop } from '../../../examples/three-tier/main';
import { type Background, eventually } from '../../rig/processes';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { Machine } from '../rig/machine';
import { type Cell, evaluated, type Places, seen, summary, verdicts } from '../rig/matrix';
import { isReady } from '../rig/pods';
import { addressOf, listenIn, reach } from '../rig/reach';
import { barePod, manifestsOf, ownNamespace, secret } from '../rig/workbench';

const NAMESPACE = ownNamespace('three-tier');
/** The namespace that the example names. */
const MONITORING = ownNamespace('monitoring');
const ELSEWHERE = ownNamespace('three-tier-elsewhere');
const { node } = Cluster;

/** Pods of each workload: what the autoscalers of the example have as a minimum. */
const REPLICAS = { shop: 2, orders: 2, catalog: 2, redis: 3, partner: 1 };
type Workload = keyof typeof REPLICAS;
const WORKLOADS = Object.keys(REPLICAS) as Workload[];

/** The example, and beside it a workload that speaks with ranges of addresses. */
function build(): { readonly app: App; readonly tiers: NetworkTiers } {
  const app = new App();
  const { tiers } = new ThreeTier(app, {
    ...shop,
    namespace: NAMESPACE,
    images: { shop: PROBE, orders: PROBE, catalog: PROBE },
  });
  const partner = new WebService(new Chart(app, 'partner', { namespace: NAMESPACE }), 'Default', {
    image: PROBE,
    port: 8080,
    replicas: REPLICAS.partner,
    resources: Resources.of({ cpu: Cpu.millis(20), memory: Size.mebibytes(64) }),
    readiness: Probe.httpGet('/readyz', { period: Duration.seconds(1) }),
    egressTo: [Egress.cidr('0.0.0.0/0', { ports: [443], except: ['198.51.100.128/25'] })],
  });
  partner.allowFrom(Peer.cidr('203.0.113.0/24', { except: ['203.0.113.128/25'] }), { ports: [8080] });
  tiers.add('web', partner);
  return { app, tiers };
}

/** Machines outside of the cluster: the names say what the ranges of `partner` make of them. */
const MACHINES = {
  bank: '198.51.100.10',
  closed: '198.51.100.200',
  customer: '203.0.113.10',
  stranger: '203.0.113.200',
  metadata: '169.254.169.254',
};

/** What the ends of the matrix are here. */
const ENDS: Record<string, readonly string[]> = {
  ...Object.fromEntries(WORKLOADS.map((name) => [`${name}/Default`, podNames(name)])),
  'monitoring/app.kubernetes.io/name=prometheus': ['prometheus'],
  'traefik/all pods': ['traefik'],
  '203.0.113.0/24 without 203.0.113.128/25': ['customer'],
  // the library leaves the metadata services of the clouds out of each range
  '0.0.0.0/0 without 198.51.100.128/25, 169.254.0.0/16, 168.63.129.16/32, 100.100.100.200/32': [
    'bank',
    'customer',
    'stranger',
  ],
};

function podNames(workload: Workload): string[] {
  return Array.from({ length: REPLICAS[workload] }, (_, index) => `${workload}-${index}`);
}

const MEMBERS = WORKLOADS.flatMap(podNames);
/** All pods whose namespace is closed. `intruder` has the label of a tier. */
const CLOSED = [...MEMBERS, 'intruder'];
/** Pods of other namespaces; `namesake` has the labels of the orders. */
const OTHERS = ['namesake', 'prometheus', 'traefik'];

/** Each pair with an end in the namespace, on ports that are declared somewhere and one that is not. */
const CELLS: Cell[] = [...CLOSED, ...OTHERS, ...Object.keys(MACHINES)].flatMap((from) => {
  const tcp = (to: string, ports: readonly number[]): Cell[] =>
    to === from ? [] : ports.map((port) => ({ from, to, port, protocol: 'TCP' }));
  const inside = CLOSED.flatMap((to) => tcp(to, [6379, 8080, 9090, 9999]));
  if (!CLOSED.includes(from)) return inside;
  return [
    ...inside,
    ...OTHERS.flatMap((to) => tcp(to, [6379, 8080, 9090, 9999])),
    ...Object.keys(MACHINES).flatMap((to) => tcp(to, [443, 9999])),
    ...tcp('api', [6443]),
    ...tcp('dns', [53]),
    { from, to: 'dns', port: 53, protocol: 'UDP' },
  ];
});

/** Connections that `matrix()` has, with the names of the pods and machines here. */
function declaredBy(tiers: NetworkTiers): Set<string> {
  const ends = (name: string): readonly string[] => {
    if (!(name in ENDS)) throw new Error(`the matrix has '${name}', which stands for nothing here`);
    return ENDS[name];
  };
  const connections = tiers
    .matrix()
    .flatMap(({ from, to, port }) =>
      ends(from).flatMap((source) => ends(to).map((target) => `${source} -> ${target}/${port}`)),
    );
  // not in the matrix: what members of one block do with each other, and DNS for whatever has a policy
  const replication = podNames('redis').flatMap((source) =>
    podNames('redis').map((target) => `${source} -> ${target}/6379`),
  );
  const dns = MEMBERS.map((source) => `${source} -> dns/53`);
  return new Set([...connections, ...replication, ...dns]);
}

/** The manifests, with small requests: the node has 2 CPUs for all tests. */
function small(manifests: readonly Manifest[]): Manifest[] {
  const container = (given: Manifest): Manifest => ({
    ...given,
    resources: { ...given.resources, requests: { ...given.resources.requests, cpu: '20m' } },
  });
  const pods = ({ spec, ...rest }: Manifest): Manifest => ({
    ...rest,
    spec: { ...spec, containers: (spec.containers as Manifest[]).map(container) },
  });
  return manifests
    .filter(({ kind }) => kind !== 'HorizontalPodAutoscaler')
    .map((manifest) => {
      if (!['Deployment', 'StatefulSet'].includes(manifest.kind as string)) return manifest;
      const replicas = REPLICAS[manifest.metadata.name as Workload];
      return { ...manifest, spec: { ...manifest.spec, replicas, template: pods(manifest.spec.template as Manifest) } };
    });
}

const { app, tiers } = build();
const manifests = small(manifestsOf(app));
const machines: Machine[] = [];
const listeners: Background[] = [];
let places: Places = {};

async function findPlaces(): Promise<Places> {
  const one = async (namespace: string, selector: string): Promise<Manifest> =>
    (await node.list(namespace, 'pods', selector))[0];
  const own = await node.list(NAMESPACE, 'pods');
  const members = WORKLOADS.flatMap((name) => {
    const pods = own.filter(({ metadata }) => metadata.labels['app.kubernetes.io/instance'] === name);
    expect(pods).toHaveLength(REPLICAS[name]);
    return pods.map((pod, index): [string, Manifest] => [podNames(name)[index], pod]);
  });
  return {
    ...Object.fromEntries(members),
    ...Object.fromEntries(
      machines.map((machine) => [
        Object.entries(MACHINES).find(([, address]) => address === machine.address)?.[0],
        machine,
      ]),
    ),
    intruder: await node.get(NAMESPACE, 'pod/intruder'),
    namesake: await node.get(ELSEWHERE, 'pod/namesake'),
    prometheus: await node.get(MONITORING, 'pod/prometheus'),
    traefik: await one('traefik', 'app.kubernetes.io/name=traefik'),
    dns: await one('kube-system', 'k8s-app=kube-dns'),
  };
}

beforeAll(async () => {
  const { labels } = manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'orders')?.spec
    .template.metadata as Manifest;
  await node.apply(secret(NAMESPACE, 'redis-passwd-v1', { passwd: 'a password of a test' }), ...manifests);
  await node.apply(
    barePod('intruder', NAMESPACE, { app: 'intruder', tier: 'api' }),
    barePod('namesake', ELSEWHERE, labels as Record<string, string>),
    barePod('prometheus', MONITORING, { 'app.kubernetes.io/name': 'prometheus' }),
  );
  for (const [name, address] of Object.entries(MACHINES)) machines.push(await Machine.start(`t-${name}`, address));
  // readiness is the kubelet's word: its probes reach pods of a closed namespace
  await Promise.all([
    ...WORKLOADS.map(async (name) =>
      node.rolledOut(NAMESPACE, `${name === 'redis' ? 'statefulset' : 'deployment'}/${name}`),
    ),
    ...[
      ['intruder', NAMESPACE],
      ['namesake', ELSEWHERE],
      ['prometheus', MONITORING],
    ].map(async ([name, namespace]) =>
      node.kubectl('--namespace', namespace, 'wait', `pod/${name}`, '--for=condition=Ready', '--timeout=120s'),
    ),
  ]);
  places = await findPlaces();
  const servers = MEMBERS.filter((name) => !name.startsWith('redis')).map((name): [string, number] => [name, 9090]);
  listeners.push(
    ...(await Promise.all(
      [...servers, ...Object.keys(MACHINES).map((name): [string, number] => [name, 443])].map(async ([name, port]) =>
        listenIn(places[name], port),
      ),
    )),
  );
});
afterAll(async () => {
  await Promise.all(listeners.map(async (listener) => listener.stop()));
  await Promise.all(machines.map(async (machine) => machine.stop()));
});

test('packets between the tiers use the declared connections, and no others (S09-11, CH09-46)', async () => {
  const declared = declaredBy(tiers);
  const [packets, cyclonus] = await Promise.all([seen(CELLS, places), evaluated(CELLS, places)]);
  expect(packets).toEqual(
    verdicts(CELLS, ({ from, to, port }) => (declared.has(`${from} -> ${to}/${port}`) ? 'yes' : 'no')),
  );
  expect(cyclonus).toEqual(packets);
  const ready = (await node.list(NAMESPACE, 'pods')).filter(isReady).length;
  expect(ready).toBe(CLOSED.length);
  figure(
    'Between tiers, packets pass over declared connections only: each pair of pods and machines tried on each port, and judged by Cyclonus',
    summary(packets, cyclonus),
  );
  figure("The kubelet's probes reach pods of a closed namespace", `${ready} of ${CLOSED.length} pods Ready`);
});

test('whoever deletes the policy of a workload closes it, and opens nothing (CH09-48)', async () => {
  const attempt = { address: addressOf(places['redis-0']), port: 6379, protocol: 'TCP' as const };
  const becomes = async (outcome: string): Promise<void> =>
    eventually(
      `${outcome} from the orders`,
      async () => expect(await reach(places['orders-0'], [attempt])).toEqual([outcome]),
      10,
    );

  await becomes('connected');
  await node.kubectl('--namespace', NAMESPACE, 'delete', 'networkpolicy/redis');
  await becomes('timeout');
  const others = ['shop-0', 'intruder', 'namesake', 'prometheus', 'bank'];
  expect(await Promise.all(others.map(async (name) => reach(places[name], [attempt])))).toEqual(
    others.map(() => ['timeout']),
  );
  await node.apply(...manifests.filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'redis'));
  await becomes('connected');
});
