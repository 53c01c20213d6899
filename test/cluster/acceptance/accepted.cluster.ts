import { Chart, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import { DryRun, type Refusal } from './dry-run';
import { doubtfulApp, type InvalidApp, invalidApp } from './invalid-app';
import { build, type RandomApp, validApp } from './random-app';
import { isForNewer, isForOlder, isServed, ONLY_NEWER, recordedCharts, shown } from './recorded';
import { findingsOf } from '../../../src';
import { BUILT_IN } from '../../../src/access/built-in';
import { rightsOfRules } from '../rig/access';
import { Api } from '../rig/api';
import { Cluster, type Manifest } from '../rig/cluster';
import { ControlPlane } from '../rig/control-plane';
import { createCustomResources, type GatewayTypes } from '../rig/custom-resources';
import { figure } from '../rig/figures';
import { program } from '../rig/places';
import { BOTH, NEWEST, OLDEST } from '../rig/versions';
import { manifestsOf } from '../rig/workbench';

const APPS = Number(process.env.RANDOM_APPS ?? 2000);
const SEED = Number(process.env.RANDOM_SEED ?? Date.now() % 1_000_000_000);
const NAMESPACE = 'random';

/** Nothing is scheduled there. One has each channel of the Gateway API. */
const SERVERS: ReadonlyArray<{ cluster: Cluster; apiServer: string; port: number; gateway: GatewayTypes }> = [
  {
    cluster: Cluster.newest,
    apiServer: program('kube-apiserver'),
    port: 8443,
    gateway: { channel: 'experimental' },
  },
  {
    cluster: Cluster.oldest,
    apiServer: program('oldest/kube-apiserver'),
    port: 9443,
    gateway: { channel: 'standard', without: ONLY_NEWER },
  },
];

let planes: ControlPlane[];
let apis: Api[];
let newest: DryRun;
let oldest: DryRun;

beforeAll(async () => {
  process.stdout.write(`    random apps: seed ${SEED}; RANDOM_SEED=${SEED} repeats them\n`);
  planes = await Promise.all(
    SERVERS.map(async ({ cluster, apiServer, port }) =>
      ControlPlane.start(cluster, { apiServer, port, address: '127.0.0.1', controllers: false }),
    ),
  );
  await Promise.all(SERVERS.map(async ({ cluster, gateway }) => createCustomResources(cluster, gateway)));
  apis = SERVERS.map(({ cluster }) => new Api(cluster));
  [newest, oldest] = SERVERS.map(({ cluster }, index) => new DryRun(cluster, apis[index]));
});

afterAll(async () => {
  for (const api of apis) api.close();
  await Promise.all(planes.map(async (plane) => plane.stop()));
});

test.each([
  [NEWEST, 0],
  [OLDEST, 1],
])('an API server of Kubernetes %s runs', async (version, index) => {
  const { body } = await apis[index].request('GET', '/version');
  expect(body.gitVersion).toMatch(new RegExp(`^v${version}\\.\\d+$`));
});

test('a review of access knows what the roles view and edit grant on the newest and the oldest version', async () => {
  const counts: string[] = [];
  for (const [name, parts] of [
    ['view', ['view']],
    ['edit', ['view', 'edit']],
  ] as const) {
    // the parts of Kubernetes itself, without what operators add
    const ofServers = await Promise.all(
      apis.map(async (api) => new Set((await Promise.all(parts.map(async (part) => partOfRole(api, part)))).flat())),
    );
    const everywhere = [...ofServers[0]]
      .filter((right) => ofServers[1].has(right) && !right.endsWith('.extensions'))
      .sort();
    expect(
      [
        ...new Set(rightsOfRules(BUILT_IN[name].map(({ apiGroup, ...rule }) => ({ ...rule, apiGroups: [apiGroup] })))),
      ].sort(),
    ).toEqual(everywhere);
    counts.push(`${everywhere.length} of ${name}`);
  }
  figure(
    'A review of access knows all rights that the roles of Kubernetes grant on each supported version',
    `${counts.join(' and ')}, compared with ${BOTH}`,
  );
});

async function partOfRole(api: Api, part: string): Promise<string[]> {
  return rightsOfRules(
    (await api.request('GET', `/apis/rbac.authorization.k8s.io/v1/clusterroles/system:aggregate-to-${part}`)).body
      .rules as Manifest[],
  );
}

/** Counts the objects that go to both servers, and the time until they have answered. */
class Meter {
  private readonly before = newest.sent + oldest.sent;
  private milliseconds = 0;

  public async refusals(forNewest: readonly Manifest[], forOldest: readonly Manifest[]): Promise<Refusal[]> {
    const started = Date.now();
    const refusals = await Promise.all([newest.refusals(forNewest), oldest.refusals(forOldest)]);
    this.milliseconds += Date.now() - started;
    return refusals.flat();
  }

  public get objects(): number {
    return newest.sent + oldest.sent - this.before;
  }

  public get rate(): string {
    return `${Math.round(this.objects / (this.milliseconds / 1000))} a second`;
  }
}

test('the oldest API server takes no TLSRoute of the Gateway API', async () => {
  const [plural] = ONLY_NEWER;
  const file = program(`crds/standard/gateway.networking.k8s.io_${plural}.yaml`);
  const dryRun = ['apply', '--server-side', '--dry-run=server', '-f', file];
  await expect(Cluster.oldest.kubectl(...dryRun)).rejects.toThrow("undeclared reference to 'isIP'");
  expect(await Cluster.newest.kubectl('get', 'crd', `${plural}.gateway.networking.k8s.io`)).toContain(plural);
});

test('the API server takes every object of every example and of every unit test', async () => {
  const charts = recordedCharts(process.env.CLUSTER_MANIFESTS!).map((chart) => ({
    test: chart.test,
    objects: shown(chart).filter(isServed),
  }));
  const refused: Array<Refusal & { test: string }> = [];
  const meter = new Meter();
  for (const { test, objects: manifests } of charts) {
    const refusals = await meter.refusals(
      manifests.filter((manifest) => !isForOlder(manifest)),
      manifests.filter((manifest) => !isForNewer(manifest)),
    );
    refused.push(...refusals.map((refusal) => ({ ...refusal, test })));
  }
  const { objects, rate } = meter;
  expect(refused).toEqual([]);
  // none of the parts is missing
  expect(objects).toBeGreaterThan(20_000);
  expect(new Set(charts.map(({ test }) => test.split('/')[1])).size).toBeGreaterThan(20);
  figure(
    `Accepted by Kubernetes ${BOTH}: all that the unit tests and examples synthesize`,
    `${objects} dry runs of ${charts.length} charts, none refused, no warning, ${rate}`,
  );
}, 600_000);

/** The manifests of a random app, for a cluster of one version, but for types that only other clusters have. */
function manifestsFor(app: RandomApp, version: string | undefined): ReturnType<typeof manifestsOf> {
  const root = Testing.app();
  build({ ...app, ...(version === undefined ? {} : { version }) }, new Chart(root, 'app', { namespace: NAMESPACE }));
  return manifestsOf(root).filter(isServed);
}

test('the API server takes random valid apps', async () => {
  let apps = 0;
  const meter = new Meter();
  const accepted = fc.asyncProperty(validApp, async (app) => {
    apps++;
    const needsNewer = app.version !== undefined;
    expect(
      await meter.refusals(
        manifestsFor(app, needsNewer ? NEWEST : undefined),
        needsNewer ? [] : manifestsFor(app, undefined),
      ),
    ).toEqual([]);
  });
  await fc.assert(accepted, {
    numRuns: APPS,
    seed: SEED,
    interruptAfterTimeLimit: 900_000,
    markInterruptAsFailure: true,
  });
  const { objects, rate } = meter;
  figure(
    `Random apps that the library accepts are accepted by Kubernetes ${BOTH}`,
    `${apps} apps, ${objects} dry runs, none refused, ${rate}`,
  );
}, 1_000_000);

/** The error of `work`; empty when it has none. */
function errorOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test('the library refuses random mistakes before the API server sees them', () => {
  let refused = 0;
  fc.assert(
    fc.property(invalidApp, ({ mistake, app }: InvalidApp) => {
      expect({ mistake, error: errorOf(() => manifestsFor(app, undefined)) }).toEqual({
        mistake,
        error: expect.stringMatching(/: got .+, expected /s),
      });
      refused++;
    }),
    { numRuns: APPS, seed: SEED },
  );
  figure('Random mistakes are refused at synthesis', `${refused} of ${refused}`);
}, 600_000);

test('the library warns of random apps that the API server takes and that do not work as meant', () => {
  let warned = 0;
  fc.assert(
    fc.property(doubtfulApp, ({ mistake, rule, app }: InvalidApp) => {
      const root = Testing.app();
      build(app, new Chart(root, 'app', { namespace: NAMESPACE }));
      expect({ mistake, rules: findingsOf(root).map((finding) => finding.rule) }).toEqual({
        mistake,
        rules: expect.arrayContaining([rule]),
      });
      warned++;
    }),
    { numRuns: Math.ceil(APPS / 4), seed: SEED },
  );
  figure('Random apps that are worth a look have a warning', `${warned} of ${warned}`);
}, 600_000);
