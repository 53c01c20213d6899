import { type Chart, Duration, Size } from 'cdk8s';
import {
  ClusterProfile,
  Cpu,
  EndpointSyncer,
  ExternalService,
  ExternalTarget,
  NameEgress,
  Probe,
  Resources,
  WebService,
} from 'cdk8s-best-practices';
import { type Background, eventually } from '../../rig/processes';
import { Api } from '../rig/api';
import { askIn, nodeIn } from '../rig/ask';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { Machine } from '../rig/machine';
import { NODE_ADDRESS } from '../rig/node';
import { type Attempt, listenIn, reach } from '../rig/reach';
import { ownNamespace, synthesize } from '../rig/workbench';

const NAMESPACE = ownNamespace('external');
const { node } = Cluster;
const api = new Api(node);
const SMALL = Resources.of({ cpu: Cpu.millis(20), memory: Size.mebibytes(192) });

/** Machines outside of the cluster: a database, another machine of its network, and one that a syncer finds. */
const DATABASE = '198.51.100.20';
const NEIGHBOUR = '198.51.100.21';
const FOUND = '198.51.100.150';
const PORT = 3306;
const SERVICE_PORT = 13306;

/** Maintains the one address that it knows in its slice, using only its environment. */
const SYNCER = `
  const { readFileSync } = require('node:fs');
  const { request } = require('node:https');
  const { env } = process;
  const given = (file) => readFileSync('/var/run/secrets/kubernetes.io/serviceaccount/' + file, 'utf8');
  const slice = {
    apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4', ports: JSON.parse(env.ENDPOINT_PORTS),
    metadata: { name: env.ENDPOINT_SLICE_IPV4, labels: { 'kubernetes.io/service-name': env.SERVICE_NAME, 'endpointslice.kubernetes.io/managed-by': env.MANAGED_BY } },
    endpoints: [{ addresses: ['${FOUND}'], conditions: { ready: true } }],
  };
  const path = '/apis/discovery.k8s.io/v1/namespaces/' + given('namespace') + '/endpointslices/' + env.ENDPOINT_SLICE_IPV4 + '?fieldManager=syncer';
  setInterval(() => request({
    host: 'kubernetes.default.svc', path, method: 'PATCH', ca: given('ca.crt'),
    headers: { 'authorization': 'Bearer ' + given('token'), 'content-type': 'application/apply-patch+yaml' },
  }, (response) => response.on('data', (text) => console.log(response.statusCode, String(text)))).on('error', console.error).end(JSON.stringify(slice)), 500);`;

function build(chart: Chart): void {
  new ClusterProfile({ apiServer: [`${NODE_ADDRESS}/32`] }).assignTo(chart);
  const client = (id: string): WebService =>
    new WebService(chart, id, {
      image: PROBE,
      port: 8080,
      replicas: 1,
      resources: SMALL,
      readiness: Probe.httpGet('/readyz', { period: Duration.seconds(1) }),
      egress: 'declared',
    });
  const legacy = new ExternalService(chart, 'legacy', {
    target: ExternalTarget.addresses([DATABASE]),
    port: PORT,
    servicePort: SERVICE_PORT,
    portName: 'mysql',
  });
  const members = new ExternalService(chart, 'members', {
    target: ExternalTarget.addresses([DATABASE]),
    port: PORT,
    headless: true,
  });
  const alias = new ExternalService(chart, 'alias', {
    target: ExternalTarget.dnsName(`${members.name}.${NAMESPACE}.svc.corp.example`, {
      egress: NameEgress.cidrs([`${DATABASE}/32`]),
    }),
    port: PORT,
  });
  const fleet = new ExternalService(chart, 'fleet', {
    target: ExternalTarget.synced(['198.51.100.128/25']),
    port: PORT,
    servicePort: SERVICE_PORT,
  });
  const declared = client('declared');
  for (const service of [legacy, alias, fleet]) declared.connectTo(service);
  client('stranger');
  new EndpointSyncer(chart, 'fleet-sync', {
    service: fleet,
    image: PROBE,
    command: ['node', '-e', SYNCER],
    egress: 'declared',
    resources: SMALL,
  });

  legacy.connectivityCheck({ image: PROBE });
  // the machine is there, and nothing listens
  const down = new ExternalService(chart, 'down', { target: ExternalTarget.addresses([NEIGHBOUR]), port: 1521 });
  down.connectivityCheck({ image: PROBE });
}

const manifests = synthesize(NAMESPACE, build);
const machines: Machine[] = [];
const servers: Background[] = [];
let declared: Manifest = {};
let stranger: Manifest = {};

const podOf = async (id: string): Promise<Manifest> =>
  (await node.list(NAMESPACE, 'pods', `app.kubernetes.io/instance=app-${id}`))[0];
const jobOf = (id: string): string =>
  manifests.find(({ kind, metadata }) => kind === 'Job' && metadata.name.startsWith(`app-${id}`))?.metadata
    .name as string;

beforeAll(async () => {
  for (const [name, address] of Object.entries({ database: DATABASE, neighbour: NEIGHBOUR, found: FOUND })) {
    machines.push(await Machine.start(`x-${name}`.slice(0, 10), address));
  }
  const ports: Array<[number, number]> = [
    [0, PORT],
    [0, PORT + 1],
    [1, PORT],
    [2, PORT],
  ];
  servers.push(...(await Promise.all(ports.map(async ([machine, port]) => listenIn(machines[machine], port)))));
  await node.apply(...manifests);
  await Promise.all(
    ['declared', 'stranger', 'fleet-sync'].map(async (id) => node.rolledOut(NAMESPACE, `deployment/app-${id}`)),
  );
  [declared, stranger] = await Promise.all([podOf('declared'), podOf('stranger')]);
});
afterAll(async () => {
  api.close();
  await Promise.all(servers.map(async (server) => server.stop()));
  await Promise.all(machines.map(async (machine) => machine.stop()));
});

test('a client reaches fixed addresses by the name of the Service, and a client without the edge does not (CH13-03)', async () => {
  const url = `http://app-legacy:${SERVICE_PORT}/client`;
  const told = await nodeIn(
    declared,
    'console.log(`http://${process.env.LEGACY_HOST}:${process.env.LEGACY_PORT}/client`)',
  ).then((text) => text.trim());
  expect(told).toBe(url);
  // the server sees the address of the pod
  expect(await askIn(declared, url)).toBe(declared.status.podIP);
  expect(await askIn(stranger, url)).toBe('timeout');

  const { spec } = await node.get(NAMESPACE, 'networkpolicy/app-declared');
  expect(spec.egress).toContainEqual({
    to: [{ ipBlock: { cidr: `${DATABASE}/32` } }],
    ports: [{ port: PORT, protocol: 'TCP' }],
  });
  const clusterIP = (await node.get(NAMESPACE, 'service/app-legacy')).spec.clusterIP as string;
  const attempts: Attempt[] = [
    [clusterIP, SERVICE_PORT],
    [DATABASE, PORT],
    [DATABASE, PORT + 1],
    [NEIGHBOUR, PORT],
  ].map(([address, port]) => ({ address: address as string, port: port as number, protocol: 'TCP' }));
  const [mine, theirs] = await Promise.all([reach(declared, attempts), reach(stranger, attempts)]);
  expect(mine).toEqual(['connected', 'connected', 'timeout', 'timeout']);
  expect(theirs).toEqual(['timeout', 'timeout', 'timeout', 'timeout']);
  figure(
    `A client with closed egress reaches an external service by name, Service port ${SERVICE_PORT} to endpoint port ${PORT}, and nothing else there`,
    `${mine.filter((outcome) => outcome === 'connected').length} of ${mine.length} ways open with the declared connection, ${theirs.filter((outcome) => outcome === 'connected').length} of ${theirs.length} without`,
  );
});

test('a DNS name is an alias in the DNS of the cluster, and leads out where its ranges are declared (CH13-08)', async () => {
  const cname = await nodeIn(
    declared,
    'require("node:dns").promises.resolveCname(process.argv[1]).then((names) => console.log(names.join()))',
    `app-alias.${NAMESPACE}.svc.cluster.local`,
  );
  expect(cname.trim()).toBe(`app-members.${NAMESPACE}.svc.corp.example`);
  expect(await askIn(declared, `http://app-alias:${PORT}/client`)).toBe(declared.status.podIP);
  expect(await askIn(stranger, `http://app-alias:${PORT}/client`)).toBe('timeout');
  figure(
    'An ExternalName Service is a CNAME in cluster DNS, and the client gets to the machine behind it',
    `${cname.trim()}, answered`,
  );
});

test('a connectivity check completes, and fails where nothing answers (CH13-01)', async () => {
  await node.kubectl(
    '--namespace',
    NAMESPACE,
    'wait',
    `job/${jobOf('legacy')}`,
    '--for=condition=Complete',
    '--timeout=60s',
  );
  const { status } = await eventually('the check of what is down has failed', async () => {
    const job = await node.get(NAMESPACE, `job/${jobOf('down')}`);
    expect(job.status.failed).toBeGreaterThan(0);
    return job;
  });
  expect(status.succeeded).toBeUndefined();
  const log = await node.kubectl('--namespace', NAMESPACE, 'logs', `job/${jobOf('down')}`);
  expect(log.trim()).toBe('no connection to app-down:1521');
  figure(
    'A connectivity check completes where the service answers and fails where it does not',
    `complete; failed with '${log.trim()}'`,
  );
});

test('a syncer writes the endpoints that clients are let out to (CH13-12)', async () => {
  const url = `http://app-fleet:${SERVICE_PORT}/client`;
  await eventually(
    'the client gets to the endpoint',
    async () => expect(await askIn(declared, url)).toBe(declared.status.podIP),
    20,
  );
  await node.kubectl('--namespace', NAMESPACE, 'delete', 'endpointslice/app-fleet-ipv4');
  await eventually('the syncer writes the slice again', () => node.get(NAMESPACE, 'endpointslice/app-fleet-ipv4'), 20);
});

/** A question to the API server: may the syncer do that? */
interface Right {
  readonly verb: string;
  readonly resource: string;
  readonly group?: string;
  readonly name?: string;
  readonly namespace?: string;
}

async function may({ verb, resource, group = '', name, namespace = NAMESPACE }: Right): Promise<boolean> {
  const { body } = await api.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: `system:serviceaccount:${NAMESPACE}:app-fleet-sync`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${NAMESPACE}`, 'system:authenticated'],
      resourceAttributes: { namespace, verb, group, resource, name },
    },
  });
  return body.status.allowed as boolean;
}

test('a syncer may write the EndpointSlices of its Service, and nothing else (CH13-12)', async () => {
  const slices = { group: 'discovery.k8s.io', resource: 'endpointslices' };
  const own = ['update', 'patch', 'delete'];
  // an informer lists and watches what is in the namespace
  const read = ['get', 'list', 'watch'];
  const all = [...own, ...read, 'create', 'deletecollection'];
  // a request to create an object does not name it: that right cannot be narrower
  const promised: Right[] = [
    ...own.map((verb) => ({ verb, ...slices, name: 'app-fleet-ipv4' })),
    ...[...read, 'create'].map((verb) => ({ verb, ...slices })),
  ];
  const refused: Right[] = [
    ...['deletecollection', ...own].map((verb) => ({ verb, ...slices })),
    ...['app-legacy-ipv4', 'app-members-ipv4', 'app-fleet-ipv6'].flatMap((name) =>
      own.map((verb) => ({ verb, ...slices, name })),
    ),
    ...all.map((verb) => ({ verb, ...slices, namespace: 'default' })),
    ...['services', 'endpoints', 'secrets', 'configmaps', 'pods', 'serviceaccounts/token', 'pods/exec'].flatMap(
      (resource) => all.map((verb) => ({ verb, resource })),
    ),
    ...['networkpolicies', 'ingresses'].flatMap((resource) =>
      all.map((verb) => ({ verb, group: 'networking.k8s.io', resource })),
    ),
    ...['roles', 'rolebindings'].flatMap((resource) =>
      [...all, 'bind', 'escalate'].map((verb) => ({ verb, group: 'rbac.authorization.k8s.io', resource })),
    ),
  ];
  const asked = async (rights: readonly Right[]): Promise<Right[]> => {
    const answers = await Promise.all(rights.map(may));
    return rights.filter((_, index) => answers[index]);
  };
  expect(await asked(promised)).toEqual(promised);
  expect(await asked(refused)).toEqual([]);
  figure(
    'An endpoint syncer has the rights that it needs and no others, as the API server answers',
    `${promised.length} of ${promised.length} granted, ${refused.length} of ${refused.length} refused`,
  );
});
