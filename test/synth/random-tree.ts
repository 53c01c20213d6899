import { ApiObject, type App, Chart, JsonPatch, Lazy } from 'cdk8s';
import { Construct, DependencyGroup } from 'constructs';
import * as fc from 'fast-check';
import { isUnreadable } from '../../src/kernel/schema/carried-text';

/** An app as plain data, which fast-check can print and shrink. */
export interface Plan {
  readonly nodes: readonly NodePlan[];
  /** Pairs of numbers of nodes: the first depends on the second. Beyond the last node they begin anew. */
  readonly dependencies: ReadonlyArray<readonly [number, number]>;
}

interface NodePlan {
  readonly type: 'chart' | 'construct' | 'object';
  readonly id: string;
  /** Number of the scope: 0 is the app, others are the nodes before it. */
  readonly scope: number;
  readonly content: Content;
  readonly problem: boolean;
}

interface Content {
  readonly spec: unknown;
  readonly metadata: object;
  readonly patch: boolean;
}

/** Looks like the unions of generated classes. */
class Union {
  public constructor(public readonly value: unknown) {}
}

/** Text, with much of what has a meaning in YAML. */
export const TEXT = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        ' ',
        '  ',
        '\n',
        '\n\n',
        '\t',
        '\r',
        'a',
        'b:',
        ': ',
        ':',
        '# ',
        '#',
        '- ',
        '-',
        '? ',
        '"',
        "'",
        '\\',
        '%',
        '---',
        '...',
        '&a',
        '*a',
        '!x',
        '|',
        '>',
        '{',
        '}',
        '[',
        ']',
        ',',
        '`',
        '@',
        '<<',
        '=',
        '~',
        '$',
        '/',
        '_',
        '.',
        '+',
        'yes',
        'no',
        'on',
        'null',
        'true',
        '0',
        '1',
        'e3',
        '.5',
        '0x1f',
        '0o7',
        '1_000',
        '12:30',
        '2001-01-01',
        '.inf',
        '.nan',
        'é',
        '😀',
        '\u0000',
      ),
      { maxLength: 7 },
    )
    .map((parts) => parts.join('')),
  // what ours writes with an escape, and cdk8s as it is, has a test of its own: carried-text.test.ts
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => (isUnreadable(text) ? '?' : text)),
  fc.string({ maxLength: 90 }),
  fc.lorem({ maxCount: 12 }),
);

const MAKE = 'make something of';

/** Values of manifests, as descriptions: `token` and the like become what they name when the tree is built. */
const { value: VALUE } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    TEXT,
    fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(TEXT, fc.nat({ max: 120 }).map(String), fc.constantFrom('a', 'b', 'name', 'value')),
      tie('value'),
      { maxKeys: 5 },
    ),
    fc.record({ [MAKE]: fc.constantFrom('lazy', 'token', 'union', 'twice'), of: tie('value') }),
  ),
}));

function make(description: unknown): unknown {
  if (Array.isArray(description)) return description.map(make);
  if (typeof description !== 'object' || description === null) return description;
  const { [MAKE]: what, of } = description as Record<string, unknown>;
  switch (what) {
    case 'lazy':
      return Lazy.any({ produce: () => make(of) });
    case 'token':
      return { resolve: () => make(of) };
    case 'union':
      return new Union(of);
    case 'twice': {
      const shared = make(of);
      return [shared, shared];
    }
    default:
      return Object.fromEntries(Object.entries(description).map(([key, value]) => [key, make(value)]));
  }
}

const CONTENT: fc.Arbitrary<Content> = fc.record({
  spec: VALUE,
  metadata: fc.record(
    {
      name: fc.constantFrom('web', 'db', undefined),
      namespace: fc.constantFrom('shop', undefined),
      labels: fc.dictionary(TEXT, VALUE, { maxKeys: 2 }),
      annotations: fc.dictionary(TEXT, TEXT, { maxKeys: 2 }),
      finalizers: fc.constantFrom([], ['a.b/c'], undefined),
      extra: VALUE,
    },
    { requiredKeys: [] },
  ),
  patch: fc.boolean(),
});

const PLAIN_CONTENT: fc.Arbitrary<Content> = fc.constant({ spec: { replicas: 1 }, metadata: {}, patch: false });

const NODE: (content: fc.Arbitrary<Content>, problem: fc.Arbitrary<boolean>) => fc.Arbitrary<NodePlan> = (
  content,
  problem,
) =>
  fc.record({
    type: fc.constantFrom('chart', 'construct', 'construct', 'object', 'object', 'object'),
    id: fc.constantFrom('a', 'b', 'web', 'Default', 'Resource', '0', '2', '10', 'x_y', 'Web App'),
    scope: fc.nat({ max: 20 }),
    content,
    problem,
  });

function planOf(
  content: fc.Arbitrary<Content>,
  size: fc.ArrayConstraints,
  dependencies: fc.ArrayConstraints,
  problem: fc.Arbitrary<boolean> = fc.constant(false),
): fc.Arbitrary<Plan> {
  return fc.record({
    nodes: fc.array(NODE(content, problem), size),
    dependencies: fc.array(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 30 })), dependencies),
  });
}

/** Few objects with all kinds of values. */
export const VALUES = planOf(
  CONTENT,
  { minLength: 2, maxLength: 6 },
  { maxLength: 2 },
  fc.integer({ min: 0, max: 39 }).map((dice) => dice === 0),
);
/** Simple objects with many dependencies. cdk8s takes exponential time: not too many. */
export const TREES = planOf(PLAIN_CONTENT, { minLength: 3, maxLength: 14 }, { minLength: 1, maxLength: 6 });

/** Builds a plan in an app. Gives the constructs, the app first. */
export function build(app: App, { nodes, dependencies }: Plan): Construct[] {
  const constructs: Construct[] = [app];
  for (const plan of nodes) {
    const scope = constructs[plan.scope % constructs.length];
    if (scope.node.tryFindChild(plan.id)) continue;
    const inChart = scope.node.scopes.some((outer) => Chart.isChart(outer));
    const construct = newConstruct(scope, plan, inChart);
    if (plan.problem) construct.node.addValidation({ validate: () => [`${plan.id} is wrong`] });
    constructs.push(construct);
  }
  dependencies.forEach(([from, on], index) => {
    const [source, target] = [constructs[from % constructs.length], constructs[on % constructs.length]];
    // cdk8s has no place for these: it overflows the stack, or loses the construct
    if (source === target) return;
    source.node.addDependency(index % 3 === 2 ? new DependencyGroup(target) : target);
  });
  return constructs;
}

function newConstruct(scope: Construct, { type, id, content }: NodePlan, inChart: boolean): Construct {
  if (type === 'chart' || (type === 'object' && !inChart)) return new Chart(scope, id, { labels: { part: id } });
  if (type === 'construct') return new Construct(scope, id);
  const object = new ApiObject(scope, id, {
    kind: 'Thing',
    apiVersion: 'v1',
    metadata: make(content.metadata) as object,
    spec: make(content.spec),
    after: null,
  });
  if (content.patch) {
    object.addJsonPatch(
      JsonPatch.add('/data', { 'patched': [null, 'x'], '-': {} }),
      JsonPatch.remove('/kind'),
      JsonPatch.add('/kind', 'Patched'),
    );
  }
  return object;
}
