import { App, Chart, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import { mayReach, type Place } from './reachability';
import { Job, NetworkTiers, type TierConnection, WebService } from '../../../src';
import { type Manifest, WEB } from '../../support';

const RUNS = { numRuns: 150, seed: 42 };
const NAMESPACES = ['shop', 'data'];
/** Ports that a workload may declare, and one that none does. */
const PORTS: Array<{ port: number; protocol: 'TCP' | 'UDP' }> = [
  { port: 8080, protocol: 'TCP' },
  { port: 9090, protocol: 'TCP' },
  { port: 9090, protocol: 'UDP' },
  { port: 7777, protocol: 'TCP' },
];

interface Plan {
  readonly tiers: ReadonlyArray<{ readonly allowWithin: boolean }>;
  readonly workloads: ReadonlyArray<{
    readonly tier: number;
    readonly namespace: number;
    readonly extra: boolean;
    readonly late: boolean;
  }>;
  /** `method`: who declares the edge, and on which ports. */
  readonly edges: ReadonlyArray<{
    readonly from: number;
    readonly to: number;
    readonly method: 'connectTo' | 'allowFrom' | 'port';
  }>;
}

/** Tiers with a workload in each, at least; any edges. */
const plan: fc.Arbitrary<Plan> = fc
  .record({
    tiers: fc.array(fc.record({ allowWithin: fc.boolean() }), { minLength: 1, maxLength: 4 }),
    spare: fc.array(fc.record({ tier: fc.nat(3), namespace: fc.nat(1), extra: fc.boolean(), late: fc.boolean() }), {
      minLength: 4,
      maxLength: 7,
    }),
    edges: fc.array(
      fc.record({
        from: fc.nat(6),
        to: fc.nat(6),
        method: fc.constantFrom('connectTo' as const, 'allowFrom' as const, 'port' as const),
      }),
      { maxLength: 10 },
    ),
  })
  .map(({ tiers, spare, edges }) => {
    const workloads = spare.map((workload, index) => ({
      ...workload,
      tier: index < tiers.length ? index : workload.tier % tiers.length,
    }));
    const inside = edges
      .map(({ from, to, method }) => ({ from: from % workloads.length, to: to % workloads.length, method }))
      .filter(({ from, to }) => from !== to);
    // variables of a connection are there once
    return {
      tiers,
      workloads,
      edges: inside.filter(
        (edge, index) =>
          inside.findIndex(({ from, to, method }) => from === edge.from && to === edge.to && method === edge.method) ===
          index,
      ),
    };
  });

const inOrder = ({ tiers, workloads }: Plan, { from, to }: { from: number; to: number }): boolean => {
  const step = workloads[to].tier - workloads[from].tier;
  return step === 1 || (step === 0 && tiers[workloads[to].tier].allowWithin);
};

interface Built {
  readonly app: App;
  readonly tiers: NetworkTiers;
  readonly blocks: WebService[];
}

function build({ tiers, workloads, edges }: Plan): Built {
  const app = new App();
  const charts = NAMESPACES.map((namespace) => new Chart(app, namespace, { namespace }));
  const block = new NetworkTiers(charts[0], 'tiers', {
    tiers: tiers.map(({ allowWithin }, index) => ({ name: `tier-${index}`, allowWithin })),
  });
  const blocks = workloads.map(
    ({ namespace, extra }, index) =>
      new WebService(charts[namespace], `w${index}`, {
        ...WEB,
        extraPorts: extra
          ? [
              { name: 'metrics', port: 9090 },
              { name: 'events', port: 9090, protocol: 'UDP' as const, servicePort: 9091 },
            ]
          : [],
      }),
  );
  const add = (late: boolean): void =>
    workloads.forEach((workload, index) => {
      if (workload.late === late) block.add(`tier-${workload.tier}`, blocks[index]);
    });
  add(false);
  for (const { from, to, method } of edges) {
    if (method === 'connectTo') blocks[from].connectTo(blocks[to]);
    else blocks[to].allowFrom(blocks[from], method === 'port' ? { ports: [8080] } : {});
  }
  add(true);
  return { app, tiers: block, blocks };
}

/** What is declared, port by port, from nothing but the plan. */
function declared({ workloads, edges }: Plan): Set<string> {
  return new Set(
    edges.flatMap(({ from, to, method }) =>
      PORTS.filter(({ port }) => port === 8080 || (port === 9090 && workloads[to].extra && method === 'allowFrom')).map(
        ({ port, protocol }) => `${from} -> ${to}/${port}/${protocol}`,
      ),
    ),
  );
}

function policiesOf(app: App): Manifest[] {
  return app.charts.flatMap((chart) => Testing.synth(chart) as Manifest[]);
}

/** Each pair of workloads and an intruder in each namespace, and each port, that the policies let through. */
function allowed(manifests: Manifest[], count: number): Set<string> {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
  const pods = Array.from({ length: count }, (_, index): Place => {
    const { metadata, spec } = manifests.find(
      ({ kind, metadata: { name } }) => kind === 'Deployment' && name.endsWith(`-w${index}`),
    )!;
    return {
      address: `10.1.0.${index + 1}`,
      pod: { namespace: metadata.namespace, labels: spec.template.metadata.labels },
    };
  });
  const intruders = NAMESPACES.map((namespace, index): Place => ({
    address: `10.2.0.${index + 1}`,
    pod: { namespace, labels: { app: 'intruder', tier: 'tier-0' } },
  }));
  const outside: Place = { address: '203.0.113.7' };
  const places = [...pods, ...intruders, outside];
  const found = new Set<string>();
  places.forEach((from, f) =>
    places.forEach((to, t) =>
      PORTS.forEach(({ port, protocol }) => {
        if (f !== t && (f < count || t < count) && mayReach(policies, from, to, port, protocol)) {
          found.add(`${f} -> ${t}/${port}/${protocol}`);
        }
      }),
    ),
  );
  return found;
}

/** The matrix of the block, in the same words. */
function stated(connections: readonly TierConnection[], blocks: readonly WebService[]): Set<string> {
  const place = (path: string): number => blocks.findIndex(({ node }) => node.path === path);
  return new Set(
    connections.map(({ from, to, port, protocol }) => `${place(from)} -> ${place(to)}/${port}/${protocol}`),
  );
}

describe('for any tiers, workloads and edges', () => {
  test('pods reach each other exactly where that is declared, cell by cell (CH09-46)', () => {
    fc.assert(
      fc.property(plan, (given) => {
        const good = { ...given, edges: given.edges.filter((edge) => inOrder(given, edge)) };
        const { app, tiers, blocks } = build(good);
        const expected = [...declared(good)].sort();
        expect([...allowed(policiesOf(app), good.workloads.length)].sort()).toEqual(expected);
        expect([...stated(tiers.matrix(), blocks)].sort()).toEqual(expected);
      }),
      RUNS,
    );
  });

  test('an edge against the order is refused, with the paths of both ends, and no other (CH09-46)', () => {
    fc.assert(
      fc.property(plan, (given) => {
        const { app, blocks } = build(given);
        const wrong = given.edges.filter((edge) => !inOrder(given, edge));
        let message = '';
        try {
          policiesOf(app);
        } catch (error) {
          ({ message } = error as Error);
        }
        const pairs = (lines: string[]): string[] => [...new Set(lines)].sort();
        const refused = message.split('\n').flatMap((line) => {
          const found = /got '([^']+)' \(tier '[^']+'\) -> '([^']+)'/.exec(line);
          return found ? [`${found[1]} -> ${found[2]}`] : [];
        });
        expect(pairs(refused)).toEqual(
          pairs(wrong.map(({ from, to }) => `${blocks[from].node.path} -> ${blocks[to].node.path}`)),
        );
        expect(message === '').toBe(wrong.length === 0);
      }),
      RUNS,
    );
  });
});

test('a Job is in a tier as a service is', () => {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'jobs' }, { name: 'api' }] });
  const api = new WebService(chart, 'api', WEB);
  const job = new Job(chart, 'import', { image: 'ghcr.io/acme/import:1.0.0' });
  tiers.add('jobs', job);
  tiers.add('api', api);
  job.connectTo(api);
  expect(tiers.matrix()).toEqual([
    { from: 'shop/import', fromTier: 'jobs', to: 'shop/api', toTier: 'api', port: 8080, protocol: 'TCP' },
  ]);
});

test('the evaluator of these tests tells what the API tells', () => {
  const policy = (spec: Manifest): Manifest => ({ kind: 'NetworkPolicy', metadata: { namespace: 'a' }, spec });
  const pod = (name: string, namespace = 'a'): Place => ({
    address: '10.0.0.1',
    pod: { namespace, labels: { app: name } },
  });
  const web = { matchLabels: { app: 'web' } };
  expect(mayReach([], pod('x'), pod('web'), 80)).toBe(true);
  expect(mayReach([policy({ podSelector: {} })], pod('x'), pod('web'), 80)).toBe(false);
  expect(mayReach([policy({ podSelector: {} })], pod('web'), pod('x', 'b'), 80)).toBe(true);
  expect(mayReach([policy({ podSelector: web, ingress: [{}] })], pod('x'), pod('web'), 80)).toBe(true);
  expect(
    mayReach([policy({ podSelector: web, ingress: [{ from: [{ podSelector: {} }] }] })], pod('x', 'b'), pod('web'), 80),
  ).toBe(false);
  expect(
    mayReach(
      [
        policy({
          podSelector: web,
          ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/24'] } }] }],
        }),
      ],
      pod('x'),
      pod('web'),
      80,
    ),
  ).toBe(false);
  expect(
    mayReach([policy({ podSelector: web, ingress: [{ ports: [{ port: 80 }] }] })], pod('x'), pod('web'), 80, 'UDP'),
  ).toBe(false);
});
