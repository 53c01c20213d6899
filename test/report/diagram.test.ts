import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Chart } from 'cdk8s';
import { ApiObject, App, Size } from 'cdk8s';
import * as fc from 'fast-check';
import { manyBlocks, routeTo, store, web } from './diagram-apps';
import {
  Autoscaling,
  ClusterProfile,
  Cpu,
  Diagram,
  type DiagramOptions,
  Egress,
  ExternalService,
  ExternalTarget,
  NetworkTiers,
  Peer,
  PodResources,
  Probe,
  Resources,
  SynthesisError,
  Volume,
  Worker,
} from '../../src';
import type { Box, ClusterPart, Link } from '../../src/report/diagram/diagram-data';
import { BOX_WIDTH, layOut, type PlacedBox } from '../../src/report/diagram/layout';
import { newChart } from '../support';

const mermaidOf = (build: (chart: Chart) => void): string => {
  const chart = newChart();
  build(chart);
  return Diagram.of(chart.node.root).toMermaid();
};

/** The words of a page, without markup. */
const wordsOf = (app: App): string =>
  Diagram.of(app)
    .toHtml()
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

test('draws hosts, workloads by namespace, their data and connections', () => {
  expect(
    mermaidOf((chart) => {
      const data = store(chart, 'store');
      const front = web(chart, 'front', { autoscaling: Autoscaling.onCpu({ min: 2, max: 6, target: 80 }) });
      front.connectTo(data);
      front.mount('/srv/catalogue', Volume.claim('catalogue'));
      front.allowFrom(Peer.pods({ labels: { 'app.kubernetes.io/name': 'prometheus' }, namespace: 'monitoring' }));
      routeTo(chart, 'shop.example.com', front);
    }),
  ).toBe(
    [
      'flowchart LR',
      '  b0(["shop.example.com<br>host"])',
      '  b1(["prometheus<br>pods in namespace monitoring"])',
      '  subgraph n0x1["namespace shop"]',
      '    b2[("app-store<br>StatefulSet, 3 pods<br>volume data: 10Gi for each pod")]',
      '    b3[("app-front<br>Deployment, 2 to 6 pods<br>claim catalogue")]',
      '  end',
      '  b0 ==>|"/"| b3',
      '  b3 -->|"6379"| b2',
      '  b1 -->|"8080"| b3',
      '',
    ].join('\n'),
  );
});

test('draws tiers, addresses, external services and entries without a host', () => {
  const drawn = mermaidOf((chart) => {
    const front = web(chart, 'front', {
      egress: 'declared',
      egressTo: [Egress.cidr('10.0.0.0/8', { ports: [53], protocol: 'UDP' })],
    });
    const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'edge', internetFacing: true }] });
    tiers.add('edge', front);
    const database = new ExternalService(chart, 'database', {
      target: ExternalTarget.addresses(['10.40.0.10']),
      port: 5432,
    });
    front.connectTo(database);
  });
  expect(drawn).toContain('app-front<br>Deployment, 2 pods<br>tier edge');
  expect(drawn).toContain('"10.0.0.0/8<br>addresses"');
  expect(drawn).toMatch(/b\d+ -->\|"53 UDP"\| b\d+/);
  expect(drawn).toContain('"database<br>ExternalService"');
});

test('draws each cluster by itself', () => {
  const app = new App();
  for (const name of ['west', 'east']) {
    const chart = newChart('shop', name, app);
    new ClusterProfile({ name }).assignTo(chart);
    web(chart, 'web');
  }
  expect(
    Diagram.of(app)
      .toMermaid()
      .match(/cluster \w+/g),
  ).toEqual(['cluster east', 'cluster west']);
  expect(
    Diagram.of(app)
      .toHtml()
      .match(/<h2>[^<]*/g),
  ).toEqual(['<h2>Cluster east', '<h2>Cluster west']);
});

test('draws workloads of other libraries, and only the part that is asked for', () => {
  const app = new App();
  new ApiObject(newChart('shop', 'raw', app), 'deployment', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'legacy' },
  });
  const chart = newChart('other', 'app', app);
  web(chart, 'web');
  expect(Diagram.of(app).toMermaid()).toContain('b1["legacy<br>Deployment"]');
  expect(Diagram.of(chart).toMermaid()).not.toContain('legacy');
});

test('draws pods and ReplicaSets of other libraries, but no kind with pods of another group', () => {
  const app = new App();
  const chart = newChart('shop', 'raw', app);
  new ApiObject(chart, 'pod', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'alone' } });
  new ApiObject(chart, 'set', { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'pinned' } });
  new ApiObject(chart, 'other', { apiVersion: 'acme.example/v1', kind: 'Job', metadata: { name: 'other' } });
  const picture = Diagram.of(app).toMermaid();
  expect(picture).toContain('alone<br>Pod');
  expect(picture).toContain('pinned<br>ReplicaSet');
  expect(picture).not.toContain('other');
});

test('a page lists what the picture shows, with sums of the fewest and the most pods', () => {
  const app = new App();
  const chart = newChart('shop', 'app', app);
  const data = store(chart, 'store');
  const front = web(chart, 'front', { autoscaling: Autoscaling.onCpu({ min: 2, max: 6, target: 80 }) });
  front.connectTo(data);
  routeTo(chart, 'shop.example.com', front);
  const words = wordsOf(app);
  expect(words).toContain('Client Server Ports shop.example.com app-front / app-front app-store 6379');
  expect(words).toContain('What requests from outside reach Namespace Block By shop app-front shop.example.com (/)');
  expect(words).toContain('What holds data Namespace Block Data shop app-store volume data: 10Gi for each pod');
  expect(words).toContain('shop app-front 2 to 6 pods 200m to 600m / 800m to 2400m 256Mi to 768Mi');
  expect(words).toContain('all together 5 to 9 pods 950m to 1350m / 3800m to 5400m 1936Mi to 2448Mi');
});

test('a workload whose containers share resources has those of its pods', () => {
  const app = new App();
  const chart = newChart('shop', 'app', app);
  new ClusterProfile({ version: '1.34' }).assignTo(chart);
  web(chart, 'a', {
    podResources: PodResources.of({ cpu: Cpu.millis(300), memory: Size.mebibytes(200), cpuLimit: Cpu.millis(700) }),
  });
  expect(wordsOf(app)).toContain('app-a 2 pods 600m / 1400m 400Mi');
});

test('a workload without limits has none in the sum either', () => {
  const app = new App();
  const chart = newChart('shop', 'app', app);
  web(chart, 'a');
  web(chart, 'b', { resources: Resources.none() });
  expect(wordsOf(app)).toContain('all together 4 pods 200m / no limit 256Mi / no limit');
});

test('an app without workloads has a page', () => {
  expect(wordsOf(new App())).toContain('The app has no workload.');
  expect(Diagram.of(new App()).toMermaid()).toBe('flowchart LR\n');
});

test('names cannot write markup, and values of variables are not there', () => {
  const app = new App();
  const chart = newChart('shop', 'app', app);
  web(chart, 'front', { env: { GREETING: 'a-value-of-a-variable' } });
  web(chart, 'other', { egress: 'declared', egressTo: [Egress.cidr('<script>"')] });
  const page = Diagram.of(app).toHtml({ title: '<script>alert("a")</script>' });
  expect(page).not.toMatch(/<script|a-value-of-a-variable/);
  expect(page).toContain('<h1>&lt;script&gt;alert(&quot;a&quot;)&lt;/script&gt;</h1>');
  expect(page).not.toMatch(/https?:\/\//);
});

test('writes the page and its folders', () => {
  const folder = mkdtempSync(join(tmpdir(), 'diagram-'));
  const file = join(folder, 'a', 'b', 'app.html');
  const diagram = Diagram.of(manyBlocks());
  diagram.writeTo(file, { title: 'Shop' });
  expect(readFileSync(file, 'utf8')).toBe(diagram.toHtml({ title: 'Shop' }));
  rmSync(folder, { recursive: true });
});

test.each([
  [{ title: 7 }, /prop 'title': got 7/],
  [{ heading: 'a' }, /prop 'heading'/],
])('refuses the options %j', (options, expected) => {
  const page = (): string => Diagram.of(new App()).toHtml(options as unknown as DiagramOptions);
  expect(page).toThrow(SynthesisError);
  expect(page).toThrow(expected);
});

test('is the same each time', () => {
  expect(Diagram.of(manyBlocks()).toHtml()).toBe(Diagram.of(manyBlocks()).toHtml());
});

describe('the layout', () => {
  const graphs = fc
    .record({ count: fc.integer({ min: 1, max: 40 }), areas: fc.integer({ min: 1, max: 4 }) })
    .chain(({ count, areas }) =>
      fc.record({
        areas: fc.array(fc.nat(areas - 1), { minLength: count, maxLength: count }),
        lines: fc.array(fc.nat(6), { minLength: count, maxLength: count }),
        ends: fc.uniqueArray(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), {
          maxLength: 80,
          selector: (pair) => pair.join(),
        }),
      }),
    )
    .map(({ areas, lines, ends }): { part: ClusterPart; lines: ReadonlyMap<string, number> } => ({
      part: {
        name: 'default',
        areas: [...new Set(areas)].map((number) => ({
          namespace: `n${number}`,
          boxes: areas.flatMap((area, index) =>
            area === number
              ? [{ id: `b${index}`, kind: 'workload' as const, name: '', type: '', isExposed: false, data: [] }]
              : [],
          ),
        })),
        links: ends
          .filter(([from, to]) => from !== to)
          .map(([from, to]): Link => ({ from: `b${from}`, to: `b${to}`, ports: '80', fromOutside: false })),
      },
      lines: new Map(lines.map((count, index) => [`b${index}`, count])),
    }));

  test('keeps boxes apart, each inside its area, and connections out of boxes', () => {
    fc.assert(
      fc.property(graphs, ({ part, lines }) => {
        const { boxes, areas, lanes, width, height } = layOut(part, ({ id }) =>
          Array.from({ length: lines.get(id) ?? 0 }, () => ''),
        );
        const all = [...boxes.values()];
        expect(all).toHaveLength(lines.size);
        for (const [index, box] of all.entries()) {
          for (const other of all.slice(index + 1)) expect(areApart(box, other)).toBe(true);
          expect(box.x + BOX_WIDTH).toBeLessThanOrEqual(width);
          const around = areas.find(({ area }) => area.boxes.some(({ id }) => id === box.box.id));
          expect(box.y).toBeGreaterThanOrEqual(around?.y ?? Infinity);
          expect(box.y + box.height).toBeLessThanOrEqual((around?.y ?? 0) + (around?.height ?? 0));
        }
        for (const { x, y } of [...lanes.values()].flat()) {
          for (const box of all) {
            expect(x + BOX_WIDTH <= box.x || box.x + BOX_WIDTH <= x || y < box.y || y > box.y + box.height).toBe(true);
          }
        }
        for (const [index, { y, height: tall }] of areas.slice(0, -1).entries()) {
          expect(y + tall).toBeLessThan(areas[index + 1].y);
        }
        expect(areas.at(-1)).toMatchObject({ y: height - (areas.at(-1)?.height ?? 0) });
      }),
    );
  });

  test('puts clients left of their servers, unless they are in a circle', () => {
    const link = (from: string, to: string): Link => ({ from, to, ports: '80', fromOutside: false });
    const box = (id: string): Box => ({ id, kind: 'workload', name: id, type: '', isExposed: false, data: [] });
    const across = link('a', 'c');
    const { boxes, lanes } = layOut(
      {
        name: 'default',
        areas: [
          { namespace: 'shop', boxes: [box('a'), box('b')] },
          { namespace: 'stores', boxes: [box('c')] },
        ],
        links: [link('a', 'b'), link('b', 'c'), across, link('c', 'a')],
      },
      () => [],
    );
    const x = (id: string): number => boxes.get(id)?.x ?? NaN;
    expect(x('a')).toBeLessThan(x('b'));
    expect(x('b')).toBeLessThan(x('c'));
    // it passes the column of b, in the area of its server
    expect([...lanes]).toEqual([[across, [{ x: x('b'), y: expect.any(Number) as number }]]]);
  });
});

function areApart(a: PlacedBox, b: PlacedBox): boolean {
  return a.x + BOX_WIDTH <= b.x || b.x + BOX_WIDTH <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
}

test('the internet is one box, whatever the family of its addresses', () => {
  const chart = newChart();
  const mailer = { image: 'ghcr.io/acme/mailer:1.4.2', liveness: Probe.none(), egress: 'declared' as const };
  new Worker(chart, 'mailer', { ...mailer, egressTo: [Egress.internet()] });
  const drawn = Diagram.of(chart).toMermaid();
  expect(drawn.match(/public addresses/g)).toHaveLength(1);
  expect(drawn).toContain('"internet<br>public addresses"');
});
