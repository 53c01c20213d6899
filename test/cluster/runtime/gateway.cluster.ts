import { Agent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Chart, Size } from 'cdk8s';
import {
  Authentication,
  Cpu,
  GatewayController,
  HttpRouting,
  type HttpRoute,
  type HttpRoutingProps,
  IngressController,
  Probe,
  Resources,
  SecretRef,
  Tls,
  WebService,
} from 'cdk8s-best-practices';
import { eventually } from '../../rig/processes';
import { certificateSecret, type KeyPair, selfSigned } from '../rig/certificate';
import { Cluster, type Manifest } from '../rig/cluster';
import { askEdge, edgeAddress, type EdgeAnswer, type EdgeRequest } from '../rig/edge';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { Load, type LoadReport, lost, summary } from '../rig/load';
import { ownNamespace, synthesize } from '../rig/workbench';

const { node } = Cluster;
const NAMESPACE = ownNamespace('gateway');
/** Its routes are those that an Ingress also has. */
const PLAIN = 'plain.example.com';
/** Its routes are those of the Gateway API alone. With an Ingress, Traefik's own types do the same. */
const RICH = 'rich.example.com';
const RATE = 100;
/** The load ends by then; a move that lasts longer shows nothing. */
const LOAD_SECONDS = 150;
const SHARE = 30;
const SPLIT_REQUESTS = 1000;

type Controllers = Record<string, HttpRoutingProps['controller']>;

const INGRESS = { ingress: IngressController.inNamespace('traefik', { className: 'traefik' }) };
const GATEWAY = {
  gateway: GatewayController.inNamespace('traefik', { className: 'traefik', httpPort: 8000, httpsPort: 8443 }),
};

function service(chart: Chart, id: string): WebService {
  return new WebService(chart, id, {
    image: PROBE,
    port: 8080,
    replicas: 1,
    readiness: Probe.httpGet('/readyz'),
    resources: Resources.of({ cpu: Cpu.millis(50), memory: Size.mebibytes(64) }),
    env: { BEHAVIOUR: 'echo', RELEASE: id },
  });
}

/** One app: a routing for each controller, and nothing else differs. */
function app(controllers: Controllers): Manifest[] {
  return synthesize(NAMESPACE, (chart) => {
    const [web, api, old] = ['web', 'api', 'old'].map((id) => service(chart, id));
    for (const [id, controller] of Object.entries(controllers)) {
      new HttpRouting(chart, id, {
        host: PLAIN,
        tls: Tls.secret(SecretRef.named('plain')),
        controller,
        authentication: Authentication.byApp(),
        routes: [
          { path: '/', backend: web },
          { path: '/api', backend: api },
          { path: '/api/exact', pathType: 'Exact', backend: old },
          { path: '/old', backend: old, stripPrefix: true },
        ],
      });
      if (!(controller instanceof GatewayController)) continue;
      const routes: HttpRoute[] = [
        { path: '/', backend: web },
        { path: '/', backend: api, matchHeaders: { 'x-beta': 'yes' } },
        { path: '/v1', backend: api, replacePrefix: '/v2' },
        {
          path: '/headers',
          backend: web,
          requestHeaders: { set: { 'x-tenant': 'blue' }, remove: ['x-secret'] },
          responseHeaders: { set: { 'x-frame-options': 'DENY' } },
        },
        { path: '/split', backend: web, split: [{ backend: api, percent: SHARE }] },
      ];
      new HttpRouting(chart, 'rich', {
        host: RICH,
        tls: Tls.secret(SecretRef.named('rich')),
        controller,
        authentication: Authentication.byApp(),
        routes,
      });
    }
  });
}

/** What Traefik needs beside an Ingress for the routes of the Gateway API: its own types. */
function traefikTypes(): Manifest[] {
  const middleware = (name: string, spec: Manifest): Manifest => ({
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'Middleware',
    metadata: { name, namespace: NAMESPACE },
    spec,
  });
  const ingressRoute = (name: string, spec: Manifest): Manifest => ({
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'IngressRoute',
    metadata: { name, namespace: NAMESPACE },
    spec,
  });
  const to = (id: string, weight?: number): Manifest => ({ name: `app-${id}`, port: 'http', weight });
  const route = (rule: string, services: Manifest[], ...middlewares: string[]): Manifest => ({
    kind: 'Rule',
    match: [`Host(\`${RICH}\`)`, ...(rule === '' ? [] : [rule])].join(' && '),
    services,
    middlewares: middlewares.map((name) => ({ name })),
  });
  const below = (path: string): string => `(Path(\`${path}\`) || PathPrefix(\`${path}/\`))`;
  return [
    middleware('to-https', { redirectScheme: { scheme: 'https', permanent: true } }),
    middleware('replace', { replacePathRegex: { regex: '^/v1(.*)', replacement: '/v2$1' } }),
    middleware('headers', {
      headers: {
        // an empty value removes a header
        customRequestHeaders: { 'x-tenant': 'blue', 'x-secret': '' },
        customResponseHeaders: { 'x-frame-options': 'DENY' },
      },
    }),
    ingressRoute('to-https', {
      entryPoints: ['web'],
      routes: [
        {
          kind: 'Rule',
          match: `Host(\`${PLAIN}\`) || Host(\`${RICH}\`)`,
          services: [to('web')],
          middlewares: [{ name: 'to-https' }],
        },
      ],
    }),
    ingressRoute('rich', {
      entryPoints: ['websecure'],
      tls: { secretName: 'rich' },
      routes: [
        route('', [to('web')]),
        route('Header(`x-beta`, `yes`)', [to('api')]),
        route(below('/v1'), [to('api')], 'replace'),
        route(below('/headers'), [to('web')], 'headers'),
        route(below('/split'), [to('web', 100 - SHARE), to('api', SHARE)]),
      ],
    }),
  ];
}

interface Site {
  readonly host: string;
  readonly paths: readonly string[];
}

const SITES: readonly Site[] = [
  {
    host: PLAIN,
    paths: [
      '/',
      '/page?x=1&y=%20',
      '/api',
      '/api/cart',
      '/apis',
      '/api/exact',
      '/api/exact/',
      '/old',
      '/old/a/b?c=d',
      '/older',
    ],
  },
  {
    host: RICH,
    paths: [
      '/',
      '/page?x=1',
      '/a//b',
      '/v1',
      '/v1/',
      '/v1/cart?x=%2F',
      '/v10',
      '/headers',
      '/headers/a',
      '/.well-known/security.txt',
    ],
  },
];

/** Ways to ask for a path. A redirect keeps the method of a GET alone. */
const GETS: ReadonlyArray<Partial<EdgeRequest>> = [
  {},
  { headers: { 'x-beta': 'yes' } },
  { headers: { 'x-secret': 'of the client' } },
  { headers: { 'cookie': 'a=b', 'x-tenant': 'red' } },
];
const OTHERS: ReadonlyArray<Partial<EdgeRequest>> = [{ method: 'HEAD' }, { method: 'POST', body: 'text' }];

/** Headers that only the middlewares of Traefik add when they change a path. */
const OF_MIDDLEWARES = ['x-forwarded-prefix', 'x-replaced-path'];

let address: string;
let pairs: Record<string, KeyPair>;
const REQUESTS = SITES.flatMap(({ host, paths }) =>
  paths.flatMap((path) => [
    ...[...GETS, ...OTHERS].map((more) => ({ host, path, tls: true, ...more })),
    ...GETS.map((more) => ({ host, path, tls: false, ...more })),
  ]),
);

type Asked = Omit<EdgeRequest, 'certificate'> & { readonly tls: boolean };

async function ask({ tls, ...asked }: Asked): Promise<EdgeAnswer> {
  return askEdge(address, { ...asked, ...(tls ? { certificate: pairs[asked.host].certificate } : {}) });
}

/** What a user sees of an answer, and what the server saw of the request. */
function shown({ status, headers, text }: EdgeAnswer): Manifest {
  const { location, 'x-backend': backend, 'x-frame-options': frame } = headers;
  const seen = backend === undefined || text === '' ? text : (JSON.parse(text) as Manifest);
  if (typeof seen === 'object') for (const name of OF_MIDDLEWARES) delete seen.headers[name];
  return { status, location, frame, backend, seen };
}

async function answers(): Promise<Map<string, Manifest>> {
  const all = new Map<string, Manifest>();
  for (const request of REQUESTS) all.set(JSON.stringify(request), shown(await ask(request)));
  return all;
}

/** The hosts are served, and HTTP redirects. */
async function served(): Promise<void> {
  for (const { host } of SITES) {
    await eventually(`${host} is served`, async () => {
      expect(await ask({ host, path: '/', tls: true })).toMatchObject({ status: 200 });
      expect(await ask({ host, path: '/', tls: false })).toMatchObject({ status: 301 });
    });
  }
}

/** The share of the second backend of a split route, in percent. */
async function share(): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let others = 0;
  for (let index = 0; index < SPLIT_REQUESTS; index++) {
    const { headers } = await ask({ host: RICH, path: '/split', tls: true, agent });
    if (headers['x-backend'] === 'api') others++;
    else expect(headers['x-backend']).toBe('web');
  }
  agent.destroy();
  return (100 * others) / SPLIT_REQUESTS;
}

/** Waits until Traefik has taken each Gateway and route, and serves them. */
async function programmed(manifests: readonly Manifest[]): Promise<void> {
  const own = manifests.filter(({ apiVersion }) => (apiVersion as string).startsWith('gateway.networking.k8s.io/'));
  for (const one of own) {
    await eventually(`Traefik takes ${idOf(one)}`, async () => {
      const { status } = await node.get(NAMESPACE, idOf(one));
      const places = (one.kind === 'Gateway' ? status.listeners : status.parents) as Manifest[];
      const conditions = places.flatMap((place) => place.conditions as Manifest[]);
      expect(conditions.filter((condition) => condition.status !== 'True')).toEqual([]);
      expect(conditions.length).toBeGreaterThan(0);
    });
  }
}

/**
 * Waits until routes of the Gateway are in force. Traefik says before that they are, and may drop the Ingress first: it
 * takes the objects of each provider in at most once in 2 s.
 */
async function servedByGateway(): Promise<void> {
  await eventually('the Gateway serves a route', async () => {
    const { text } = await ask({ host: PLAIN, path: '/old', tls: true });
    const { headers } = JSON.parse(text) as Manifest;
    expect(OF_MIDDLEWARES.filter((name) => name in headers)).toEqual([]);
  });
}

/** What users get from the hosts. */
interface Seen {
  readonly answers: Map<string, Manifest>;
  /** The share of the second backend, in percent. */
  readonly split: number;
  /** The status of a redirect for another method than GET and HEAD. */
  readonly redirectOfPost: number;
}

async function look(): Promise<Seen> {
  return {
    answers: await answers(),
    split: await share(),
    redirectOfPost: (await ask({ host: PLAIN, path: '/', tls: false, method: 'POST' })).status,
  };
}

const idOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;

/** Adds the Gateway, waits until it serves, and removes the Ingress, as the guide says; under load. */
async function move(): Promise<LoadReport> {
  const site = { host: PLAIN, certificate: pairs[PLAIN].certificate };
  const load = new Load({ host: address, port: 443, site, rate: RATE, atMostSeconds: LOAD_SECONDS });
  try {
    await sleep(1000);
    const both = app({ ...INGRESS, ...GATEWAY });
    await node.apply(...both);
    await programmed(both);
    await servedByGateway();
    const kept = new Set(app(GATEWAY).map(idOf));
    await node.remove(...both.filter((one) => !kept.has(idOf(one))), ...traefikTypes());
    await sleep(3000);
    return await load.stop();
  } finally {
    await load.stop().catch(() => undefined);
  }
}

let byIngress: Seen;
let moved: LoadReport;
let byGateway: Seen;

beforeAll(async () => {
  address = await edgeAddress();
  pairs = { [PLAIN]: await selfSigned(PLAIN), [RICH]: await selfSigned(RICH) };
  await node.apply(
    certificateSecret(NAMESPACE, 'plain', pairs[PLAIN]),
    certificateSecret(NAMESPACE, 'rich', pairs[RICH]),
    ...app(INGRESS),
    ...traefikTypes(),
  );
  for (const id of ['web', 'api', 'old']) await node.rolledOut(NAMESPACE, `deployment/app-${id}`);
  await served();
  byIngress = await look();
  moved = await move();
  await expect(node.get(NAMESPACE, 'ingress/app-ingress')).rejects.toThrow(/not found/i);
  byGateway = await look();
}, 300_000);

test('a move from an Ingress to a Gateway loses no request', () => {
  figure('A move from an Ingress to a Gateway loses no request', summary(moved));
  expect({ lost: lost(moved), serverErrors: moved.serverErrors }).toEqual({ lost: 0, serverErrors: 0 });
  expect(moved.rate).toBeGreaterThanOrEqual(0.9 * RATE);
  expect(moved.seconds).toBeLessThan(LOAD_SECONDS);
});

test('the same 200 requests get the same answers from an Ingress and from a Gateway (CH01-63)', () => {
  expect(byGateway.answers).toEqual(byIngress.answers);
  const count = (wanted: number): number =>
    [...byGateway.answers.values()].filter(({ status }) => status === wanted).length;
  const [good, redirected] = [count(200), count(301)];
  expect({ good, redirected }).toEqual({ good: 120, redirected: 80 });
  expect([byIngress.redirectOfPost, byGateway.redirectOfPost]).toEqual([308, 301]);
  figure(
    'An Ingress and a Gateway of Traefik with the same routes give the same answers',
    `${good + redirected} of ${REQUESTS.length} requests: ${good} with 200 and what the server saw, ${redirected} ` +
      `with 301. Only middlewares of Ingress add ${OF_MIDDLEWARES.join(' and ')}, and answer ` +
      `${byIngress.redirectOfPost} to a POST`,
  );
});

test('a Gateway splits the requests of a route by percent, as weights of Traefik do (CH05-26)', () => {
  const shares = [byIngress.split, byGateway.split];
  for (const percent of shares) expect(Math.abs(percent - SHARE)).toBeLessThanOrEqual(3);
  figure(
    'A split is within 3 points, by an IngressRoute of Traefik and by a Gateway',
    `${shares.map((percent) => `${percent.toFixed(1)} %`).join(' and ')} of ${SPLIT_REQUESTS} requests, where ` +
      `${SHARE} % are stated`,
  );
});
