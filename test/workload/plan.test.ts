import { join } from 'node:path';
import { faultsIn, programOf, ROOT } from '../compiler';

const HEAD = `import { deployment } from '../../src/controllers/deployment';
import { budgetFor } from '../../src/parts/disruption-budget';
import { Replicas } from '../../src/parts/replicas';
import { plan, type WorkloadSite } from '../../src/workload/plan';
import { readPrivate } from '../../src/workload/probes';
import { Workload } from '../../src/workload/workload';
import type { WorkerProps } from '../../src';
import type { Construct } from 'constructs';
const recreate = { rollout: { kind: 'Recreate' as const } };
`;

const KIND = "kind: () => ({ component: 'worker', longestName: 63 }),";
const READ =
  'read: (site: WorkloadSite<WorkerProps>) => { const main = readPrivate(site); return { main, replicas: Replicas.read(site, main) }; },';
const CONTROLLER = 'controller: (_, { replicas }) => deployment(replicas, recreate),';
const PARTS = 'parts: (site, { replicas }) => budgetFor(site, replicas.comparable),';

const block = (superCall: string): string =>
  `class Own extends Workload { public constructor(scope: Construct, id: string, props: WorkerProps) { ${superCall} } }`;

const NOT_A_PLAN: ReadonlyArray<[what: string, code: string, why: RegExp]> = [
  ['without a kind', `plan({ ${READ} ${CONTROLLER} ${PARTS} })`, /Property 'kind' is missing/],
  [
    'without containers',
    `plan({ ${KIND} read: (site: WorkloadSite<WorkerProps>) => ({ replicas: Replicas.fixed(1, site.problems) }), ${CONTROLLER} ${PARTS} })`,
    /Property 'main' is missing/,
  ],
  ['without a controller', `plan({ ${KIND} ${READ} ${PARTS} })`, /Property 'controller' is missing/],
  ['without a step for parts', `plan({ ${KIND} ${READ} ${CONTROLLER} })`, /Property 'parts' is missing/],
  [
    'with a controller that needs what was not read',
    `plan({ ${KIND} read: (site: WorkloadSite<WorkerProps>) => ({ main: readPrivate(site) }), ${CONTROLLER} ${PARTS} })`,
    /Property 'replicas' does not exist/,
  ],
  [
    'with a part that reads a prop that the block does not have',
    `plan({ ${KIND} ${READ} ${CONTROLLER} parts: (site) => site.read.raw('service') })`,
    /'"service"' is not assignable/,
  ],
  ['of a block that calls no constructor', block(''), /must contain a 'super' call/],
  ['of a block without its plan', block('super(scope, id, props);'), /Expected 4 arguments/],
];

describe('a plan', () => {
  const path = (index: number): string => join(ROOT, `test/workload/plan-${index}.ts`);
  const good = `plan({ ${KIND} ${READ} ${CONTROLLER} ${PARTS} });\n${block(`super(scope, id, props, plan({ ${KIND} ${READ} ${CONTROLLER} ${PARTS} }));`)}`;
  const codes = [good, ...NOT_A_PLAN.map(([, code]) => code)];
  const program = programOf(
    new Map(
      codes.map((code, index) => [
        path(index),
        `${HEAD}export const use = [Workload, plan, deployment, budgetFor, Replicas, readPrivate, recreate] as const;\n${code};\n`,
      ]),
    ),
  );
  const faults = (index: number): string[] => faultsIn(program, path(index)).map(({ text }) => text);

  test('with all its steps compiles', () => {
    expect(faults(0)).toEqual([]);
  });

  test.each(NOT_A_PLAN.map(([what, , why], index) => [what, why, index + 1] as const))(
    '%s does not compile',
    (_, why, index) => {
      expect(faults(index).join('\n')).toMatch(why);
    },
  );
});
