import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultsIn, programOf, ROOT } from './compiler';
import * as blocks from '../src';

interface Row {
  readonly kind: string;
  readonly blocks: readonly string[];
  readonly field: string;
  readonly write: string;
}

const GUIDE = join(ROOT, 'docs', 'porting.md');

/** Where kubernetes-types has each kind of the guide. */
const MODULES: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  PodSpec: 'core/v1',
  Container: 'core/v1',
  Service: 'core/v1',
  Ingress: 'networking/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  PodDisruptionBudget: 'policy/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  ConfigMap: 'core/v1',
  Secret: 'core/v1',
  NetworkPolicy: 'networking/v1',
};

const rows: Row[] = readFileSync(GUIDE, 'utf8')
  .split(/^## /m)
  .slice(1)
  .flatMap((section) => {
    const [kind, , names] = section.split('\n');
    return [...section.matchAll(/^\| `([\w.]+)` \| (.*) \|$/gm)].map(([, field, write]) => ({
      kind,
      blocks: [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
      field,
      write,
    }));
  });

/** The words of a cell that are code. */
const codeIn = ({ write }: Row): string[] => [...write.matchAll(/`([^`]+)`/g)].map(([, code]) => code);

/** Words that are no prop: values, and fields of Kubernetes. */
const WORDS = new Set([
  'main',
  'fsGroup',
  'valueFrom',
  'restartPolicy: Always',
  'RuntimeDefault',
  'ClusterIP',
  'ExternalName',
  'None',
  'AlwaysAllow',
  'name-version',
]);

/** Props of options of a block, by the cell. */
const OPTIONS: Readonly<Record<string, string>> = {
  annotations: 'ServiceOptions',
  sessionAffinity: 'ServiceOptions',
  trafficDistribution: 'ServiceOptions',
  dualStack: 'ServiceOptions',
  headless: 'ServiceOptions',
  sources: 'LoadBalancerOptions',
};

/** A line that compiles when a word of a cell is what it looks like. */
function lineOf(row: Row, code: string): string | undefined {
  if (WORDS.has(code)) return undefined;
  const [owner, member] = code.split('.');
  if (member !== undefined) return `void blocks.${owner}.${member};`;
  if (/^[A-Z]/.test(code)) return `void blocks.${code};`;
  if (code.endsWith('()')) return `(given: blocks.${row.blocks[0]}) => given.${code.slice(0, -2)};`;
  // 'its `x`', or 'of a `Y`'
  const option = OPTIONS[code];
  if (option !== undefined && /its|of an/.test(row.write)) return `(given: blocks.${option}) => given.${code};`;
  const named = new RegExp(`\`${code}\`[^;:]*? of an? \`(\\w+)\``).exec(row.write);
  return `(given: blocks.${named?.[1] ?? row.blocks[0]}Props) => given.${code};`;
}

const aliasOf = (module: string): string => module.replace('/', '_');

/** A line that compiles when the kind has the field. */
const fieldOf = ({ kind, field }: Row): string =>
  `(given: ${aliasOf(MODULES[kind])}.${kind}) => given.${field.split('.').join('!.')};`;

function faults(lines: readonly string[], head: string): string[] {
  const path = join(ROOT, '.porting.ts');
  const program = programOf(new Map([[path, `${head}\n${lines.join('\n')}\n`]]));
  return faultsIn(program, path)
    .filter(({ text }) => !/never used|is declared but/.test(text))
    .map(({ line, text }) => `${lines[line - 1]}: ${text}`);
}

describe('the guide to porting', () => {
  test('has rows for each kind', () => {
    expect([...new Set(rows.map(({ kind }) => kind))]).toEqual(Object.keys(MODULES));
    expect(rows.length).toBeGreaterThan(90);
  });

  test('names props, methods and values that exist', () => {
    const lines = rows.flatMap((row) => codeIn(row).flatMap((code) => lineOf(row, code) ?? []));
    expect(faults(lines, "import * as blocks from 'cdk8s-best-practices';")).toEqual([]);
    expect(lines.length).toBeGreaterThan(100);
  });

  test('names fields that the kinds have', () => {
    // two are newer than the types
    const lines = rows
      .filter(({ field }) => !/trafficDistribution|unhealthyPodEvictionPolicy/.test(field))
      .map(fieldOf);
    const modules = [...new Set(Object.values(MODULES))];
    const head = modules
      .map((module) => `import type * as ${aliasOf(module)} from 'kubernetes-types/${module}';`)
      .join(' ');
    expect(faults(lines, head)).toEqual([]);
    expect(faults(['(given: apps_v1.Deployment) => given.spec!.replica;'], head)).toHaveLength(1);
  });

  test('refuses a prop that is not there', () => {
    const row = { kind: 'Deployment', blocks: ['WebService'], field: 'spec.replicas', write: '`replica`' };
    expect(faults([lineOf(row, 'replica')!], "import * as blocks from 'cdk8s-best-practices';")).toHaveLength(1);
    expect(blocks.WebService).toBeDefined();
  });
});
