import { ApiObject, App as Cdk8sApp, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { build, TREES } from './random-tree';
import { errorOf } from './support';
import { App } from '../../src';

function objects(chart: Chart, ids: string): Record<string, ApiObject> {
  return Object.fromEntries([...ids].map((id) => [id, new ApiObject(chart, id, { apiVersion: 'v1', kind: 'Thing' })]));
}

/** The message of an app with one chart `c`, of which the objects depend on each other as in `a>b b>c`. */
function messageOf(app: Cdk8sApp, edges: string): string | undefined {
  const all = objects(new Chart(app, 'c'), 'abcd');
  for (const [from, , on] of edges.split(' ')) all[from].node.addDependency(all[on]);
  return errorOf(() => app.synthYaml());
}

describe('a dependency cycle', () => {
  test('of two is told as by cdk8s', () => {
    const message = 'Dependency cycle detected: c/a => c/b => c/a';
    expect([messageOf(new App(), 'a>b b>a'), messageOf(new Cdk8sApp(), 'a>b b>a')]).toEqual([message, message]);
  });

  test('is told as it is, where cdk8s names another that does not exist', () => {
    const edges = 'a>b a>c b>d d>a';
    expect(messageOf(new App(), edges)).toBe('Dependency cycle detected: c/a => c/b => c/d => c/a');
    expect(messageOf(new Cdk8sApp(), edges)).toBe('Dependency cycle detected: c/a => c/b => c/a');
  });

  test('of an object with itself is one', () => {
    expect(messageOf(new App(), 'a>a')).toBe('Dependency cycle detected: c/a => c/a');
  });

  test('of charts is told by their paths', () => {
    const app = new App();
    const [first, second] = [new Chart(app, 'first'), new Chart(app, 'second')];
    const [a, b] = [objects(first, 'a').a, objects(second, 'b').b];
    a.addDependency(b);
    second.addDependency(first);
    expect(errorOf(() => app.synth())).toBe('Dependency cycle detected: first => second => first');
    expect(errorOf(() => app.charts)).toBe('Dependency cycle detected: first => second => first');
  });

  test('is found where a construct depends on one that it is in', () => {
    const app = new App();
    const chart = new Chart(app, 'c');
    const outer = new Construct(chart, 'outer');
    const inner = new Construct(outer, 'inner');
    for (const id of ['a', 'b']) new ApiObject(inner, id, { apiVersion: 'v1', kind: 'Thing' });
    inner.node.addDependency(outer);
    expect(errorOf(() => app.synthYaml())).toBe(
      'Dependency cycle detected: c/outer/inner/a => c/outer/inner/b => c/outer/inner/a',
    );
  });

  test('has edges that exist, whatever the tree', () => {
    fc.assert(
      fc.property(TREES, (plan) => {
        const app = new App();
        const byPath = new Map(build(app, plan).map((construct) => [construct.node.path, construct]));
        const message = errorOf(() => app.synthYaml());
        if (!message?.startsWith('Dependency cycle detected: ')) return;
        const cycle = message
          .slice('Dependency cycle detected: '.length)
          .split(' => ')
          .map((path) => byPath.get(path)!);
        expect(cycle[0]).toBe(cycle.at(-1));
        cycle.slice(1).forEach((target, index) => expect(dependsOn(cycle[index], target)).toBe(true));
      }),
      { numRuns: 300 },
    );
  });
});

/** Directly, or as objects of one chart each below the ends of a dependency. */
function dependsOn(source: Construct, target: Construct): boolean {
  const ends = (construct: Construct): Construct[] =>
    ApiObject.isApiObject(construct)
      ? construct.node.scopes.filter((scope) => inChart(scope) && Chart.of(scope) === Chart.of(construct))
      : [construct];
  return ends(source).some((from) => from.node.dependencies.some((on) => ends(target).includes(on)));
}

function inChart({ node }: Construct | { node: Construct['node'] }): boolean {
  return node.scopes.some((scope) => Chart.isChart(scope));
}
