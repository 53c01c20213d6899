import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const SOURCE = resolve(__dirname, '../src');
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();
const read = (file: string) => readFileSync(join(SOURCE, file), 'utf8');

const rooms = new Set(files.filter((file) => !file.endsWith('.generated.ts')).map((file) => dirname(file)));
/** What is generated below a folder belongs to it. */
const roomOf = (file: string): string => (rooms.has(dirname(file)) ? dirname(file) : roomOf(dirname(file)));

/** The files that each file imports, types included. */
const imports = new Map(
  files.map((file) => [
    file,
    [...read(file).matchAll(/from '(\.[^']+)'/g)].map(([, path]) => `${join(dirname(file), path)}.ts`),
  ]),
);

/** The package and its commands: they may import everything, and install the rules. */
const ENTRIES = ['index.ts', 'cdk8s-deploy.ts', 'cdk8s-developer-namespace.ts'];

/** The folders that each folder imports. */
const real: Record<string, string[]> = {};
for (const [file, imported] of imports) {
  if (ENTRIES.includes(file)) continue;
  const room = roomOf(file);
  real[room] = [...new Set([...(real[room] ?? []), ...imported.map(roomOf)])].filter((other) => other !== room).sort();
}

/** A path of imports from a file back to itself. */
function circle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const search = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const other of graph.get(file) ?? []) {
      const found = search(other, [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const found = search(file, []);
    if (found) return found;
  }
  return undefined;
}

const architecture = readFileSync(resolve(__dirname, '../docs/architecture.md'), 'utf8');
const rows = [...architecture.matchAll(/^\| `([\w/-]+)\/` \| ([^|]*) \|/gm)].map(([, room, cell]) => ({
  room,
  imports: [...cell.matchAll(/`([\w/-]+)`/g)].map(([, name]) => name).sort(),
}));

/**
 * What breaks the law of imports: a folder imports those that come before it; rules know no blocks, and blocks know no
 * rules.
 */
function breaches(order: readonly string[], graph: Readonly<Record<string, readonly string[]>>): string[] {
  const isRule = (room: string) => /^rules(\/|$)/.test(room);
  const isBlock = (room: string) =>
    /^(blocks|cluster|controllers|workload|tenancy|traffic|report|ops|own-rules)(\/|$)/.test(room);
  return order.flatMap((room, position) =>
    (graph[room] ?? []).flatMap((other) => [
      ...(order.indexOf(other) > position ? [`${room} imports ${other}, which comes after it`] : []),
      ...(isRule(room) && isBlock(other) ? [`${room} imports ${other}: rules see facts, not blocks`] : []),
      ...(!isRule(room) && isRule(other) ? [`${room} imports ${other}: blocks state facts, rules judge them`] : []),
    ]),
  );
}

describe('the folders of src', () => {
  test('import what docs/architecture.md says, and nothing else', () => {
    expect(rows.length).toBe(new Set(rows.map(({ room }) => room)).size);
    expect(Object.fromEntries(rows.map(({ room, imports: stated }) => [room, stated]))).toEqual(real);
  });

  test('keep to the law of imports, which is the order of that table', () => {
    expect(
      breaches(
        rows.map(({ room }) => room),
        real,
      ),
    ).toEqual([]);
  });

  test.each([
    ['a folder above', { kernel: ['blocks'] }, 'kernel imports blocks, which comes after it'],
    [
      'a block, by a rule',
      { 'rules/network': ['blocks'] },
      'rules/network imports blocks: rules see facts, not blocks',
    ],
    [
      'a rule, by a block',
      { blocks: ['rules/network'] },
      'blocks imports rules/network: blocks state facts, rules judge them',
    ],
  ])('would break it with an import of %s', (_, graph, breach) => {
    expect(breaches(['kernel', 'blocks', 'rules/network'], { kernel: [], ...graph })).toContain(breach);
  });

  test('have no files that import each other, not even for types, which lint does not see', () => {
    expect(circle(imports)).toBeUndefined();
    expect(
      circle(
        new Map([
          ['a', ['b', 'c']],
          ['b', []],
          ['c', ['d']],
          ['d', ['b', 'a']],
        ]),
      ),
    ).toEqual(['a', 'c', 'd', 'a']);
  });

  test('have no constructs where they hold knowledge of Kubernetes', () => {
    const ofKubernetes = files.filter((file) => roomOf(file) === 'kubernetes');
    expect(ofKubernetes.length).toBeGreaterThan(0);
    expect(
      ofKubernetes.filter((file) => /^import (?!type).* from '(cdk8s|constructs|cdk8s-plus-\d+)';$/m.test(read(file))),
    ).toEqual([]);
  });

  test('know the types of the facts of a cluster: a folder adds its own, and nobody casts them', () => {
    expect(read('kernel/model/cluster-facts.ts')).not.toMatch(/readonly \w+\??: unknown/);
    expect(files.filter((file) => /clusterOf\([^)]*\)[\w.?]* as /.test(read(file)))).toEqual([]);
  });

  test('name no line of cdk8s-plus, neither its code nor its types', () => {
    expect(files.filter((file) => /'cdk8s-plus/.test(read(file)))).toEqual([]);
  });

  test('know cdk8s-plus in one of them: its objects become wire format there', () => {
    expect([...new Set(files.filter((file) => /\b_toKube\b/.test(read(file))).map(roomOf))]).toEqual(['interop']);
  });
});
