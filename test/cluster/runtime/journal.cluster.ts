import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpRouting, IngressController, type IRouteBackend, Tls } from 'cdk8s-best-practices';
import { Secret } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { environments } from '../../../examples/journal/environments';
import { synthesize } from '../../../examples/journal/main';
import { eventually } from '../../rig/processes';
import { Allocator } from '../rig/allocator';
import { certificateSecret, selfSigned } from '../rig/certificate';
import { Cluster, type Manifest } from '../rig/cluster';
import { askEdge, edgeAddress, type EdgeRequest } from '../rig/edge';
import { figure } from '../rig/figures';
import { STATE } from '../rig/places';
import { isReady } from '../rig/pods';
import { secret, synthesize as manifestsIn } from '../rig/workbench';

const { node } = Cluster;
const { dev } = environments;
const OUTPUT = join(STATE, 'journal');
/** Pods of each workload; the autoscaler brings the second frontend. */
const PODS = { frontend: dev.frontend.min, redis: dev.redis.replicas, site: dev.site.replicas };
/** What redis.conf, a shell or YAML could take for something else. */
const PASSWORD = ` "'\\$(id)\`#%!&*{}é: ${randomBytes(18).toString('base64')} `;

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Visitor {
  readonly host: string;
  readonly address: string;
  readonly certificate: string;
}

/** Asks Traefik for the host of the journal, and trusts the host's certificate alone. */
async function visit(
  { address, ...visitor }: Visitor,
  path: string,
  options: Partial<EdgeRequest> = {},
): Promise<Answer> {
  const { status, text } = await askEdge(address, { ...visitor, path, ...options });
  return { status, text };
}

/** A visitor, as soon as the journal answers at its host. */
async function visitorOf(host: string, certificate: string): Promise<Visitor> {
  const visitor = { host, address: await edgeAddress(), certificate };
  await eventually('Traefik serves the host with its certificate', async () => {
    const { status, text } = await visit(visitor, '/api/entries');
    if (status !== 200) throw new Error(`${status}: ${text}`);
  });
  return visitor;
}

/**
 * One path of the API leads to the site, and so do the hosts that nobody routes. By itself, Traefik ranks the rule of
 * the prefix `/api` higher, since it is longer, and ignores a default backend beside routes.
 */
function detour(path: string): Manifest[] {
  return manifestsIn(dev.namespace, (chart) => {
    const site: IRouteBackend = Object.assign(new Construct(chart, 'site'), {
      serviceName: 'site',
      routePort: 'http',
      routeTargetPort: 8080,
      allowFrom: () => undefined,
    });
    new HttpRouting(chart, 'detour', {
      host: dev.host,
      tls: Tls.secret(Secret.fromSecretName(chart, 'certificate', 'routing-tls')),
      controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
      routes: [{ path, pathType: 'Exact', backend: site }],
      defaultBackend: site,
    });
  });
}

/** The pods of the namespace of this test, when all are there and Ready. */
async function readyPods(): Promise<Manifest[]> {
  const pods = await node.list(namespace, 'pods');
  const ready = pods.filter(isReady);
  const count = (instance: string): number =>
    ready.filter(({ metadata }) => metadata.labels['app.kubernetes.io/instance'] === instance).length;
  const complete = Object.entries(PODS).every(([instance, wanted]) => count(instance) >= wanted);
  if (!complete || ready.length < pods.length) throw new Error(`${ready.length} of ${pods.length} pods are ready`);
  return pods;
}

/** That of the present test; two journals ask for more CPU than the node has. */
let namespace: string;
afterEach(() => node.removeNamespace(namespace));

test('the journal runs: its pods get ready, and it serves entries and pages over TLS', async () => {
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  ({ namespace } = dev);
  synthesize(OUTPUT, { dev });
  const pair = await selfSigned(dev.host);

  // as the README of the example tells; nobody issues certificates here, so that Secret is made by hand, too
  const files = join(OUTPUT, 'dev');
  await node.kubectl('apply', '--server-side', '-f', join(files, '00-namespace.k8s.yaml'));
  await node.apply(
    secret(dev.namespace, `redis-passwd-${dev.redis.passwordVersion}`, { passwd: PASSWORD }),
    certificateSecret(dev.namespace, 'routing-tls', pair),
  );
  const applied = Date.now();
  await node.kubectl('apply', '--server-side', '-f', files);
  const pods = await eventually('all pods of the journal are ready', readyPods, 120);
  const seconds = Math.round((Date.now() - applied) / 1000);

  // frontends that start before Redis wait for it
  expect(
    pods.flatMap(({ status }) =>
      (status.containerStatuses as Manifest[]).map(({ restartCount }) => restartCount as number),
    ),
  ).toEqual(pods.map(() => 0));

  const visitor = await visitorOf(dev.host, pair.certificate);

  const entry = `A dévelopment "entry" ${randomBytes(4).toString('hex')}`;
  const written = performance.now();
  const added = await visit(visitor, '/api/entries', { method: 'POST', body: entry });
  expect(added).toEqual({ status: 201, text: expect.stringMatching(/^\{"id":\d+\}/) as string });
  const { id } = JSON.parse(added.text) as { id: number };
  const shown = await visit(visitor, `/api/entries/${id}`);
  const millis = Math.round(performance.now() - written);
  expect({ status: shown.status, entry: JSON.parse(shown.text) as unknown }).toEqual({
    status: 200,
    entry: { id, text: entry },
  });

  const page = await visit(visitor, '/');
  expect(page).toEqual({
    status: 200,
    text: readFileSync(join(__dirname, '../../../examples/journal/site/index.html'), 'utf8'),
  });

  // a prefix matches whole parts of the path, and an exact route wins over it; the site has neither file
  const notFound: Answer = { status: 404, text: expect.stringContaining('nginx') as string };
  expect(await visit(visitor, '/apix')).toEqual(notFound);
  await node.apply(...detour('/api/entries'));
  await eventually('the exact route is served', async () =>
    expect(await visit(visitor, '/api/entries')).toEqual(notFound),
  );
  expect((await visit(visitor, `/api/entries/${id}`)).status).toBe(200);
  await eventually('the default backend is served', async () =>
    expect(await visit(visitor, '/', { headers: { host: 'nobody.example.com' } })).toEqual(page),
  );

  figure(
    'The journal of the examples runs',
    `${pods.length} pods ready ${seconds} s after kubectl apply, none restarted; an entry written and read over TLS in ${millis} ms`,
  );
}, 240_000);

test('the journal of another repository answers in a namespace of the command-line tool, which denies all else', async () => {
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const allocator = new Allocator();
  const commands = allocator.commands.replace('--size small', '--size large');
  expect(commands).toContain('--size large');
  await allocator.run(commands);
  ({ namespace } = allocator);
  const environment = { ...dev, namespace, namespaceFile: allocator.file, host: 'two-repositories.example.com' };
  synthesize(OUTPUT, { environment });
  const pair = await selfSigned(environment.host);
  await node.apply(
    secret(namespace, `redis-passwd-${dev.redis.passwordVersion}`, { passwd: PASSWORD }),
    certificateSecret(namespace, 'routing-tls', pair),
  );
  await node.kubectl('apply', '--server-side', '-f', join(OUTPUT, 'environment'));
  const pods = await eventually('all pods of the journal are ready', readyPods, 120);
  expect((await node.get(namespace, 'networkpolicy/tenant-default-deny')).spec.policyTypes).toEqual([
    'Ingress',
    'Egress',
  ]);

  const visitor = await visitorOf(environment.host, pair.certificate);
  const entry = `Of another repository ${randomBytes(4).toString('hex')}`;
  const added = await visit(visitor, '/api/entries', { method: 'POST', body: entry });
  expect(added).toEqual({ status: 201, text: expect.stringMatching(/^\{"id":\d+\}/) as string });
  const { id } = JSON.parse(added.text) as { id: number };
  const shown = await visit(visitor, `/api/entries/${id}`);
  expect({ status: shown.status, entry: JSON.parse(shown.text) as unknown }).toEqual({
    status: 200,
    entry: { id, text: entry },
  });
  expect((await visit(visitor, '/')).status).toBe(200);
  figure(
    'The journal answers in a closed namespace that the command-line tool has made',
    `${pods.length} pods ready, an entry written to Redis and read over TLS, 0 of the declared connections dead`,
  );
}, 240_000);
