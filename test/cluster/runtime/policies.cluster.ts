import { type Chart, Duration, Size } from 'cdk8s';
import {
  Cpu,
  Egress,
  HttpRouting,
  IngressController,
  Peer,
  Probe,
  Redis,
  Resources,
  StaticSite,
  Tls,
  VersionedSecret,
  WebService,
  type WebServiceProps,
} from 'cdk8s-best-practices';
import { type Background, eventually } from '../../rig/processes';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { type Cell, evaluated, seen, summary, verdicts } from '../rig/matrix';
import { type Attempt, listenIn, type Outcome, reach } from '../rig/reach';
import { barePod, ownNamespace, secret, synthesize } from '../rig/workbench';

const NAMESPACE = ownNamespace('policies');
const ELSEWHERE = ownNamespace('policies-elsewhere');
const { node } = Cluster;
const SMALL = Resources.of({ cpu: Cpu.millis(20), memory: Size.mebibytes(64) });

/**
 * Who may reach whom, from the edges that `build` declares. Columns: from. Rows: to, and a port. A server that was not
 * declared listens on 9090 of every pod. `namesake` has the labels of the frontend, in another namespace.
 */
const DECLARED = `
                frontend  redis-0  redis-1  site  worker  intruder  namesake  traefik
  frontend/8080 -         no       no       no    no      no        no        yes
  frontend/9090 -         no       no       no    no      no        no        no
  redis-0/6379  yes       -        yes      no    yes     no        no        no
  redis-0/9090  no        -        no       no    no      no        no        no
  redis-1/6379  yes       yes      -        no    yes     no        no        no
  redis-1/9090  no        no       -        no    no      no        no        no
  site/8080     no        no       no       -     no      no        no        yes
  site/9090     no        no       no       -     no      no        no        no
  worker/8080   yes       no       no       no    -       no        no        no
  worker/9090   no        no       no       no    -       no        no        no
  intruder/8080 yes       yes      yes      yes   no      -         yes       yes
  intruder/9090 yes       yes      yes      yes   no      -         yes       yes
  namesake/8080 yes       yes      yes      yes   yes     yes       -         yes
  namesake/9090 yes       yes      yes      yes   no      yes       -         yes
  traefik/8000  yes       yes      yes      yes   no      yes       yes       -
  traefik/9090  yes       yes      yes      yes   no      yes       yes       -
  dns/53/UDP    yes       yes      yes      yes   yes     yes       yes       yes
  dns/53        yes       yes      yes      yes   yes     yes       yes       yes
  dns/8181      yes       yes      yes      yes   no      yes       yes       yes
  api/6443      yes       yes      yes      yes   no      yes       yes       yes
`;

function build(chart: Chart): void {
  const service = (id: string, props: Partial<WebServiceProps> = {}): WebService =>
    new WebService(chart, id, {
      image: PROBE,
      port: 8080,
      replicas: 1,
      resources: SMALL,
      readiness: Probe.httpGet('/readyz', { period: Duration.seconds(1) }),
      ...props,
    });
  const redis = new Redis(chart, 'redis', {
    replicas: 2,
    cpu: Cpu.millis(20),
    maxMemory: Size.mebibytes(32),
    storage: Size.gibibytes(1),
    password: { secret: new VersionedSecret(chart, 'redis-passwd', { version: 'v1' }), key: 'passwd' },
  });
  const frontend = service('frontend');
  const site = new StaticSite(chart, 'site', {
    image: 'ghcr.io/example/journal-site:1.4.2',
    replicas: 1,
    resources: SMALL,
  });
  const worker = service('worker', {
    egress: 'declared',
    egressTo: [Egress.to(Peer.pods({ namespace: ELSEWHERE }), { ports: [8080] })],
  });
  frontend.connectTo(redis);
  frontend.connectTo(worker);
  worker.connectTo(redis);
  new HttpRouting(chart, 'routing', {
    host: 'policies.example.com',
    tls: Tls.none(),
    controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
    routes: [
      { path: '/api', backend: frontend },
      { path: '/', backend: site },
    ],
  });
}

/** A cell, with what the table says of it. */
interface DeclaredCell extends Cell {
  readonly declared: string;
}

function cellsOf(matrix: string): DeclaredCell[] {
  const [sources, ...rows] = matrix
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return rows.flatMap(([target, ...values]) => {
    const [to, port, protocol = 'TCP'] = target.split('/');
    const row = sources.map((from, index) => ({
      from,
      to,
      port: Number(port),
      protocol: protocol as Cell['protocol'],
      declared: values[index],
    }));
    // what a pod sends to itself does not pass a policy
    return row.filter(({ declared }) => declared !== '-');
  });
}

const CELLS = cellsOf(DECLARED);

async function podsByName(): Promise<Record<string, Manifest>> {
  const one = async (namespace: string, selector: string): Promise<Manifest> =>
    (await node.list(namespace, 'pods', selector))[0];
  const block = async (id: string): Promise<Manifest> => one(NAMESPACE, `app.kubernetes.io/instance=app-${id}`);
  return {
    'frontend': await block('frontend'),
    'redis-0': await node.get(NAMESPACE, 'pod/app-redis-0'),
    'redis-1': await node.get(NAMESPACE, 'pod/app-redis-1'),
    'site': await block('site'),
    'worker': await block('worker'),
    'intruder': await node.get(NAMESPACE, 'pod/intruder'),
    'namesake': await node.get(ELSEWHERE, 'pod/namesake'),
    'traefik': await one('traefik', 'app.kubernetes.io/name=traefik'),
    'dns': await one('kube-system', 'k8s-app=kube-dns'),
  };
}

let pods: Record<string, Manifest> = {};
const listeners: Background[] = [];

beforeAll(async () => {
  const manifests = synthesize(NAMESPACE, build);
  const { labels } = manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'app-frontend')
    ?.spec.template.metadata as Manifest;
  await node.apply(
    secret(NAMESPACE, 'redis-passwd-v1', { passwd: 'a password of a test' }),
    ...manifests,
    barePod('intruder', NAMESPACE, { app: 'intruder' }),
    barePod('namesake', ELSEWHERE, labels),
  );
  // readiness is the kubelet's word: its probes reach pods whose policies are closed
  await Promise.all([
    ...['deployment/app-frontend', 'deployment/app-site', 'deployment/app-worker', 'statefulset/app-redis'].map(
      async (name) => node.rolledOut(NAMESPACE, name),
    ),
    ...[
      ['intruder', NAMESPACE],
      ['namesake', ELSEWHERE],
    ].map(async ([name, namespace]) =>
      node.kubectl('--namespace', namespace, 'wait', `pod/${name}`, '--for=condition=Ready', '--timeout=120s'),
    ),
  ]);
  pods = await podsByName();
  const listening = [...new Set(CELLS.filter(({ port }) => port === 9090).map(({ to }) => to))];
  listeners.push(...(await Promise.all(listening.map(async (name) => listenIn(pods[name], 9090)))));
});
afterAll(async () => Promise.all(listeners.map(async (listener) => listener.stop())));

test('pods reach each other exactly over the declared connections, and two judges agree on it', async () => {
  const [packets, cyclonus] = await Promise.all([seen(CELLS, pods), evaluated(CELLS, pods)]);
  expect(packets).toEqual(verdicts(CELLS, ({ declared }) => declared));
  expect(cyclonus).toEqual(packets);
  figure(
    'Pods reach each other over declared connections only: each pair and port tried with packets, and judged by Cyclonus 0.5.6',
    summary(packets, cyclonus),
  );
});

test('a policy that changes is in force at once', async () => {
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'opened', namespace: NAMESPACE },
  };
  const spec = {
    podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-frontend' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'intruder' } } }] }],
  };
  const attempt: Attempt = { address: pods.frontend.status.podIP as string, port: 8080, protocol: 'TCP' };
  const becomes = async (outcome: Outcome): Promise<void> =>
    eventually(
      `${outcome} from the intruder`,
      async () => expect(await reach(pods.intruder, [attempt])).toEqual([outcome]),
      10,
    );

  await becomes('timeout');
  await node.apply({ ...policy, spec });
  await becomes('connected');
  await node.kubectl('--namespace', NAMESPACE, 'delete', 'networkpolicy/opened');
  await becomes('timeout');
});
