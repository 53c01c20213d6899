import { ApiObject, App as Cdk8sApp, type App, Chart, Size } from 'cdk8s';
import { PersistentVolumeAccessMode, PersistentVolumeClaim, Volume } from 'cdk8s-plus-27';
import { Construct, Node } from 'constructs';
import { App as OurApp, VersionedConfigMap, WebService } from '../../src';
import { ConstructTree } from '../../src/synth/construct-tree';
import { DependencyGraph } from '../../src/synth/dependency-graph';
import { objectsInOrder } from '../../src/synth/output-order';
import { relateCharts } from '../../src/synth/relate-charts';
import { topology } from '../../src/synth/topology';
import { WEB } from '../support';

// Counted, not timed: what grows with the square of the app shows on any machine.

type Counts = Record<string, number>;

/** What constructs are asked while an app is written. */
function countNodeAccess(action: () => void): Counts {
  const counts: Counts = {};
  const originals = ['children', 'dependencies', 'scopes', 'path', 'root', 'validate'].map(
    (name): [string, PropertyDescriptor] => [name, Object.getOwnPropertyDescriptor(Node.prototype, name)!],
  );
  for (const [name, original] of originals) {
    const counted = (member: unknown): any =>
      function (this: Node): unknown {
        counts[name] = (counts[name] ?? 0) + 1;
        return (member as () => unknown).call(this);
      };
    Object.defineProperty(Node.prototype, name, {
      configurable: true,
      ...(original.value ? { value: counted(original.value) } : { get: counted(Reflect.get(original, 'get')) }),
    });
  }
  try {
    action();
  } finally {
    for (const [name, original] of originals) Object.defineProperty(Node.prototype, name, original);
  }
  return counts;
}

/** Charts of three objects each, of which the second depends on the third. Counts validations and renderings. */
function addCharts(app: App, charts: number, counts: Counts): void {
  for (let number = 0; number < charts; number++) {
    const part = new Construct(new Chart(app, `chart-${number}`), 'part');
    const objects = ['a', 'b', 'c'].map((id) => {
      const object = new ApiObject(part, id, {
        apiVersion: 'v1',
        kind: 'Thing',
        spec: {
          resolve: () => {
            counts.rendered += 1;
            return { number };
          },
        },
      });
      object.node.addValidation({
        validate: () => {
          counts.validated += 1;
          return [];
        },
      });
      return object;
    });
    objects[1].addDependency(objects[2]);
  }
}

function countsOf(type: new () => App, charts: number): Counts {
  const counts = { validated: 0, rendered: 0 };
  const app = new type();
  addCharts(app, charts, counts);
  const asked = countNodeAccess(() => app.synthYaml());
  return { ...counts, ...asked };
}

test('each construct is validated and rendered once, whatever the number of charts', () => {
  expect(countsOf(OurApp, 100)).toMatchObject({ validated: 300, rendered: 300, validate: 501 });
  expect(countsOf(OurApp, 1000)).toMatchObject({ validated: 3000, rendered: 3000, validate: 5001 });
});

test('constructs are asked in proportion to their number: 100 and 1000 charts', () => {
  const [few, many] = [countsOf(OurApp, 100), countsOf(OurApp, 1000)];
  for (const name of Object.keys(few)) expect([name, many[name] <= 10 * few[name]]).toEqual([name, true]);
});

test('the count shows what cdk8s does: it validates all constructs for each chart', () => {
  expect(countsOf(Cdk8sApp, 20).validated).toBe(21 * 60);
});

test('blocks are asked in proportion to their number, also those that look at others: 20 and 200 charts', () => {
  const [few, many] = [20, 200].map((charts) => {
    const app = new OurApp();
    return countNodeAccess(() => {
      for (let number = 0; number < charts; number++) {
        const chart = new Chart(app, `service-${number}`, { namespace: 'shop' });
        const web = new WebService(chart, 'web', WEB);
        web.mount('/etc/web', new VersionedConfigMap(chart, 'config', { data: { number: String(number) } }));
        const claim = new PersistentVolumeClaim(chart, 'claim', {
          accessModes: [PersistentVolumeAccessMode.READ_ONLY_MANY],
          storage: Size.gibibytes(1),
        });
        web.mount('/data', Volume.fromPersistentVolumeClaim(chart, 'volume', claim));
      }
      app.synthYaml();
    });
  });
  for (const name of Object.keys(few)) expect([name, many[name] <= 10 * few[name]]).toEqual([name, true]);
});

/** A chain of charts, each with objects that all depend on those of the chart before. */
function chain(app: App, charts: number, objects: number): void {
  let before: Chart | undefined;
  for (let number = 0; number < charts; number++) {
    const chart = new Chart(app, `chart-${String(number).padStart(3, '0')}`);
    for (let object = 0; object < objects; object++) {
      new ApiObject(chart, `o-${object}`, { apiVersion: 'v1', kind: 'Thing' });
    }
    if (before) chart.addDependency(before);
    before = chart;
  }
}

/** How many edges are looked at until the charts and their objects are in order. */
function edgesLookedAt(charts: number, objects: number): number {
  const app = new OurApp();
  chain(app, charts, objects);
  const tree = new ConstructTree(app.node.findAll());
  relateCharts(tree);
  const graph = new DependencyGraph(tree, { expand: true });
  let edges = 0;
  topology(graph.vertices, () => {
    edges += 1;
    return true;
  });
  return edges;
}

test('edges are looked at twice at most, where cdk8s follows each path through a chain of charts', () => {
  // for each object one to it and one from it; for each chart one to the chart before and three between joints
  for (const [charts, objects] of [
    [20, 50],
    [40, 100],
    [200, 50],
  ]) {
    expect(edgesLookedAt(charts, objects)).toBeLessThanOrEqual(2 * (2 * charts * objects + 4 * charts));
  }
});

test('20 chained charts of 50 objects come out in order', () => {
  const app = new OurApp();
  chain(app, 20, 50);
  expect(app.synthYaml().split('---\n')).toHaveLength(1000);
  expect(app.charts.map(({ node }) => node.id).slice(0, 3)).toEqual(['chart-000', 'chart-001', 'chart-002']);
});

test('a chain can be longer than the call stack', () => {
  const app = new OurApp();
  const chart = new Chart(app, 'chart');
  const objects = Array.from(
    { length: 20000 },
    (_, number) =>
      new ApiObject(chart, `o-${number}`, { apiVersion: 'v1', kind: 'Thing', metadata: { name: `o-${number}` } }),
  );
  objects.slice(1).forEach((object, index) => objects[index].addDependency(object));
  const [{ objects: ordered }] = objectsInOrder(
    new DependencyGraph(new ConstructTree(app.node.findAll()), { expand: true }),
  );
  expect([ordered[0].name, ordered.at(-1)?.name]).toEqual(['o-19999', 'o-0']);
});
