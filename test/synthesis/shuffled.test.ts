import * as fc from 'fast-check';
import { Findings, Severity } from '../../src';
import { invalidApp } from '../cluster/acceptance/invalid-app';
import { build, type RandomApp, validApp } from '../cluster/acceptance/random-app';
import type { Order, Statement } from '../cluster/acceptance/terms';
import { newChart } from '../support';

const SEED = 42;

/** What a whole app comes to: its objects, and what is wrong with it or worth a look. */
interface Outcome {
  readonly objects: unknown;
  readonly findings: readonly string[];
}

function outcomeOf(app: RandomApp, order?: Order): Outcome {
  const chart = newChart();
  build(app, chart, order);
  const { root } = chart.node;
  const found = Findings.of(root);
  const findings = found.map((finding) => JSON.stringify(finding)).sort();
  if (found.some(({ severity }) => severity === Severity.ERROR)) return { objects: undefined, findings };
  return {
    objects: unordered((root.node.children as Array<typeof chart>).flatMap((one) => one.toJson() as unknown[])),
    findings,
  };
}

/** Lists of which the order has a meaning. */
const ORDERED = ['args', 'command', 'initContainers'];

/**
 * Objects with all other lists sorted, and with volumes that are named for what they are: their names mean nothing
 * outside of the pod.
 */
function unordered(value: unknown, key?: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => unordered(item));
    return key !== undefined && ORDERED.includes(key) ? items : items.map((item) => JSON.stringify(item)).sort();
  }
  if (typeof value !== 'object' || value === null) return value;
  const { volumes } = value as { volumes?: Array<{ name: string }> };
  const named = volumes === undefined ? value : withVolumesNamed(value, volumes);
  return Object.fromEntries(
    Object.entries(named)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, unordered(item, name)]),
  );
}

function withVolumesNamed(pod: object, volumes: ReadonlyArray<{ name: string }>): object {
  const names = new Map(volumes.map(({ name, ...source }) => [name, JSON.stringify(source)]));
  // two scratch volumes of one size are still two, and claims of each pod are elsewhere
  const nameOf = (name: string): string => (names.get(name)?.includes('emptyDir') ? name : (names.get(name) ?? name));
  return JSON.parse(JSON.stringify(pod), (key, value: unknown) => {
    if (key !== 'volumeMounts' && key !== 'volumes') return value;
    return (value as Array<{ name: string }>).map((one) => ({ ...one, name: nameOf(one.name) }));
  }) as object;
}

/**
 * Puts each statement to any place after the blocks that it needs; `keys` are numbers of any size. The items of a list
 * keep their order.
 */
function orderBy(keys: readonly number[]): Order {
  return (statements, blocks) => {
    const placed = placedBy(keys, statements, blocks);
    const inOrder = new Map<string, Statement[]>();
    for (const statement of statements) {
      if (statement.list === undefined) continue;
      inOrder.set(statement.list, [...(inOrder.get(statement.list) ?? []), statement]);
    }
    return [...placed]
      .sort((a, b) => a.after - b.after)
      .map((place) => {
        const { list } = place.statement;
        return list === undefined ? place : { ...place, statement: inOrder.get(list)!.shift()! };
      });
  };
}

function placedBy(keys: readonly number[], ...[statements, blocks]: Parameters<Order>): ReturnType<Order> {
  const key = (index: number): number => keys[index % keys.length] + index * 7919;
  return statements
    .map((statement, index) => {
      const earliest = Math.max(0, ...statement.needs.map((id) => blocks.findIndex((block) => block.id === id) + 1));
      return {
        statement,
        after: earliest + (key(2 * index) % (blocks.length - earliest + 1)),
        rank: key(2 * index + 1) % 1009,
      };
    })
    .sort((a, b) => a.rank - b.rank);
}

const keys = fc.array(fc.nat(1_000_000), { minLength: 8, maxLength: 40 });

test('valid apps give the same objects, in whatever order statements are made', () => {
  fc.assert(
    fc.property(validApp, keys, (app, places) => {
      const usual = outcomeOf(app);
      expect(usual.objects).toBeDefined();
      expect(outcomeOf(app, orderBy(places))).toEqual(usual);
    }),
    { numRuns: 150, seed: SEED },
  );
});

test('apps with a mistake give the same findings, in whatever order statements are made', () => {
  fc.assert(
    fc.property(invalidApp, keys, ({ app }, places) => {
      expect(outcomeOf(app, orderBy(places))).toEqual(outcomeOf(app));
    }),
    { numRuns: 150, seed: SEED },
  );
});
