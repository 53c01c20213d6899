import { type Chart, Duration, Size } from 'cdk8s';
import {
  Cpu,
  ExposedService,
  Exposure,
  LoadBalancerProvider,
  Probe,
  Resources,
  WebService,
} from 'cdk8s-best-practices';
import { eventually } from '../../rig/processes';
import { askFrom } from '../rig/ask';
import { Cluster, type Manifest } from '../rig/cluster';
import { BRIDGE_ADDRESS } from '../rig/containerd';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { Machine } from '../rig/machine';
import { NODE_ADDRESS } from '../rig/node';
import { ownNamespace, synthesize } from '../rig/workbench';

const NAMESPACE = ownNamespace('exposure');
const { node } = Cluster;

/** The network of the clients, and machines in it and beside it. */
const SOURCES = ['203.0.113.0/25'];
const CLIENT = '203.0.113.20';
const STRANGER = '203.0.113.220';
/**
 * Of a load balancer, which nobody makes here: its packets come to the node, as they would from one that passes them
 * on.
 */
const BALANCER = '192.0.2.50';

function build(chart: Chart): void {
  const service = (id: string): WebService =>
    new WebService(chart, id, {
      image: PROBE,
      port: 8080,
      replicas: 1,
      resources: Resources.of({ cpu: Cpu.millis(20), memory: Size.mebibytes(64) }),
      readiness: Probe.httpGet('/readyz', { period: Duration.seconds(1) }),
      extraPorts: [{ name: 'admin', port: 9090 }],
    });
  const [web, hidden] = [service('web'), service('hidden')];
  new ExposedService(chart, 'port', { backend: web, exposure: Exposure.nodePort({ sources: SOURCES }) });
  new ExposedService(chart, 'balancer', {
    backend: web,
    exposure: Exposure.internalLoadBalancer({
      sources: SOURCES,
      provider: LoadBalancerProvider.other({ loadBalancerClass: 'example.com/by-hand' }),
    }),
    ports: [{ name: 'http', port: 80 }],
  });
  // the same client, with a policy that hides it
  new ExposedService(chart, 'anywhere', {
    backend: hidden,
    exposure: Exposure.nodePort({
      sources: SOURCES,
      externalTrafficPolicy: 'Cluster',
      nodeRanges: [`${BRIDGE_ADDRESS}/32`],
    }),
  });
}

let client: Machine;
let stranger: Machine;

const service = async (id: string): Promise<Manifest> => node.get(NAMESPACE, `service/app-${id}`);
const nodePortOf = async (id: string): Promise<string> =>
  `http://${NODE_ADDRESS}:${(await service(id)).spec.ports[0].nodePort}/client`;

beforeAll(async () => {
  [client, stranger] = [await Machine.start('e-client', CLIENT), await Machine.start('e-stranger', STRANGER)];
  await node.apply(...synthesize(NAMESPACE, build));
  await Promise.all(['web', 'hidden'].map(async (id) => node.rolledOut(NAMESPACE, `deployment/app-${id}`)));
});
afterAll(async () => Promise.all([client, stranger].map(async (machine) => machine.stop())));

test('a declared client reaches a node port and is seen by the pod, and another is refused by the policy (CH13-19, CH13-23)', async () => {
  const url = await nodePortOf('port');
  await eventually('the node port is open', async () => expect(await askFrom(client, url)).toBe(CLIENT), 20);
  expect(await askFrom(stranger, url)).toBe('timeout');
  // it is the policy that refuses: without it, the stranger gets there
  await node.apply({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'opened', namespace: NAMESPACE },
    spec: {
      podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-web' } },
      ingress: [{ from: [{ ipBlock: { cidr: `${STRANGER}/32` } }] }],
    },
  });
  await eventually('the stranger is let in', async () => expect(await askFrom(stranger, url)).toBe(STRANGER), 10);
  await node.kubectl('--namespace', NAMESPACE, 'delete', 'networkpolicy/opened');
  await eventually('the stranger is refused', async () => expect(await askFrom(stranger, url)).toBe('timeout'), 10);
  figure(
    'A node port admits the declared clients, and the pod sees their addresses',
    `${CLIENT} of ${SOURCES[0]} answered and seen as ${CLIENT}, ${STRANGER} refused by the policy`,
  );
});

test('a load balancer that keeps the address of the client leads to the pod, for declared clients alone (CH13-15, CH13-23)', async () => {
  const { spec } = await service('balancer');
  expect(spec).toMatchObject({
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    loadBalancerSourceRanges: SOURCES,
  });
  await node.kubectl(
    '--namespace',
    NAMESPACE,
    'patch',
    'service/app-balancer',
    '--subresource=status',
    '--type=merge',
    `--patch=${JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: BALANCER }] } } })}`,
  );
  const url = `http://${BALANCER}:80/client`;
  await eventually('the load balancer is open', async () => expect(await askFrom(client, url)).toBe(CLIENT), 20);
  expect(await askFrom(stranger, url)).toBe('timeout');
  const health = await askFrom(client, `http://${NODE_ADDRESS}:${spec.healthCheckNodePort}/`);
  expect(JSON.parse(health)).toMatchObject({ localEndpoints: 1 });
  figure(
    'A load balancer forwards the declared clients to the pod, which sees their addresses',
    `${CLIENT} answered and seen as ${CLIENT}, ${STRANGER} refused`,
  );
});

test("with 'Cluster' a declared client gets in, and the pod sees the node (CH13-23)", async () => {
  const url = await nodePortOf('anywhere');
  // policies are enforced here before the address is replaced, as by some network plugins: they see the client still
  await eventually('the node port is open', async () => expect(await askFrom(client, url)).toBe(BRIDGE_ADDRESS), 20);
  figure(
    "With externalTrafficPolicy: 'Cluster' a declared client also gets in, under the address of the node",
    `${CLIENT} answered, seen as ${BRIDGE_ADDRESS}`,
  );
});
