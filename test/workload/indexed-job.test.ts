import * as fc from 'fast-check';
import { ClusterProfile, Job, type JobProps, ScheduledJob, type SuccessRule } from '../../src';
import { linesOf, type Manifest, only, problemsOf, synth, untyped } from '../support';

const IMAGE = 'ghcr.io/acme/train:1.4.2';
const PARTS = { image: IMAGE, completions: 5, parallelism: 5, indexed: true };
const NEWEST = '1.37';

const specOf = (props: Partial<JobProps>, version = NEWEST): Manifest =>
  only(
    synth((chart) => {
      new ClusterProfile({ version }).assignTo(chart);
      new Job(chart, 'train', { ...PARTS, ...props });
    }),
    'Job',
  ).spec as Manifest;

const refused = (props: Record<string, unknown>, version = NEWEST): string[] =>
  problemsOf((chart) => {
    new ClusterProfile({ version }).assignTo(chart);
    new Job(chart, 'train', untyped({ ...PARTS, ...props }));
  }).map((problem) => problem.replace('[app/train] ', ''));

describe('a limit for each index', () => {
  test('replaces that of the whole run, on every version', () => {
    const spec = specOf({ backoffLimitPerIndex: 1, maxFailedIndexes: 2, fatalIndexExitCodes: [4, 3] }, '1.30');
    expect(spec).toMatchObject({ completionMode: 'Indexed', backoffLimitPerIndex: 1, maxFailedIndexes: 2 });
    expect(spec.backoffLimit).toBeUndefined();
    expect(spec.podFailurePolicy.rules).toEqual([
      { action: 'FailIndex', onExitCodes: { containerName: 'main', operator: 'In', values: [3, 4] } },
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    ]);
  });

  test('keeps a limit of the whole run that the caller states, and fails the run first', () => {
    const spec = specOf({
      backoffLimit: 9,
      backoffLimitPerIndex: 0,
      fatalExitCodes: [2],
      fatalIndexExitCodes: [3],
      containerName: 'trainer',
    });
    expect([spec.backoffLimit, spec.backoffLimitPerIndex, spec.maxFailedIndexes]).toEqual([9, 0, undefined]);
    expect((spec.podFailurePolicy.rules as Manifest[]).map(({ action }) => action as string)).toEqual([
      'FailJob',
      'FailIndex',
      'Ignore',
    ]);
    expect(spec.podFailurePolicy.rules[1].onExitCodes.containerName).toBe('trainer');
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['without indexes', { indexed: false, backoffLimitPerIndex: 1 }, 'backoffLimitPerIndex: props/conflict'],
    [
      'of containers that restart',
      { restartPolicy: 'OnFailure', backoffLimitPerIndex: 1 },
      'backoffLimitPerIndex: props/conflict',
    ],
    ['that is negative', { backoffLimitPerIndex: -1 }, 'backoffLimitPerIndex: props/value'],
    ['of failed indexes alone', { maxFailedIndexes: 1 }, 'maxFailedIndexes: props/conflict'],
    ['of exit codes alone', { fatalIndexExitCodes: [3] }, 'fatalIndexExitCodes: props/conflict'],
    [
      'with more failed indexes than there are',
      { backoffLimitPerIndex: 1, maxFailedIndexes: 6 },
      'maxFailedIndexes: job/indexes',
    ],
    [
      'with an exit code twice',
      { backoffLimitPerIndex: 1, fatalIndexExitCodes: [3, 3] },
      'fatalIndexExitCodes[1]: props/duplicate',
    ],
    [
      'with an exit code that fails the run',
      { backoffLimitPerIndex: 1, fatalExitCodes: [2, 3], fatalIndexExitCodes: [3] },
      'fatalIndexExitCodes[0]: props/conflict',
    ],
  ])('is refused %s', (_title, props, message) => {
    expect(refused(props)).toEqual([message]);
  });
});

describe('a success policy', () => {
  test('ends a run with its first index, or with some of the others', () => {
    const rules = [{ succeededIndexes: '0' }, { succeededIndexes: '1,2-4', succeededCount: 3 }, { succeededCount: 4 }];
    expect(specOf({ successPolicy: rules }, '1.31').successPolicy).toEqual({ rules });
    const cronJob = only(
      synth((chart) => {
        new ClusterProfile({ version: '1.31' }).assignTo(chart);
        new ScheduledJob(chart, 'train', { ...PARTS, schedule: '@daily', successPolicy: [{ succeededIndexes: '0' }] });
      }),
      'CronJob',
    );
    expect(cronJob.spec.jobTemplate.spec.successPolicy).toEqual({ rules: [{ succeededIndexes: '0' }] });
  });

  test('is an error on a cluster that drops it, with what to do there', () => {
    expect(
      linesOf((chart) => new Job(chart, 'train', { ...PARTS, successPolicy: [{ succeededIndexes: '0' }] })),
    ).toEqual([
      "[app/train] prop 'successPolicy': got 'successPolicy', expected a cluster of version 1.31 or newer (the " +
        "ClusterProfile says 1.30). Assign a ClusterProfile with version: '1.31' to the chart, or let all indexes " +
        'succeed',
    ]);
  });

  test.each<[string, unknown, string]>([
    ['no rule', [], 'successPolicy: job/indexes'],
    ['more than 20 rules', Array(21).fill({ succeededCount: 1 }), 'successPolicy: job/indexes'],
    ['no list', { succeededCount: 1 }, 'successPolicy: props/value'],
    ['an empty rule', [{}], 'successPolicy[0]: props/required'],
    ['no rule in the list', [null], 'successPolicy[0]: props/object'],
    ['an unknown prop', [{ succeededCount: 1, indexes: '0' }], 'successPolicy[0].indexes: props/unknown'],
    ['no text', [{ succeededIndexes: 0 }], 'successPolicy[0].succeededIndexes: props/value'],
    ['a leading zero', [{ succeededIndexes: '00' }], 'successPolicy[0].succeededIndexes: props/value'],
    ['a space', [{ succeededIndexes: '0, 1' }], 'successPolicy[0].succeededIndexes: props/value'],
    ['an index that does not exist', [{ succeededIndexes: '0-5' }], 'successPolicy[0].succeededIndexes: job/indexes'],
    ['descending indexes', [{ succeededIndexes: '2,1' }], 'successPolicy[0].succeededIndexes: job/indexes'],
    ['an index twice', [{ succeededIndexes: '0-2,2' }], 'successPolicy[0].succeededIndexes: job/indexes'],
    ['a range of one', [{ succeededIndexes: '2-2' }], 'successPolicy[0].succeededIndexes: job/indexes'],
    ['more than all', [{ succeededCount: 6 }], 'successPolicy[0].succeededCount: job/indexes'],
    [
      'more than those that count',
      [{ succeededIndexes: '0-1', succeededCount: 3 }],
      'successPolicy[0].succeededCount: job/indexes',
    ],
    ['none', [{ succeededCount: 0 }], 'successPolicy[0].succeededCount: props/value'],
  ])('is refused with %s', (_title, successPolicy, message) => {
    expect(refused({ successPolicy })).toEqual([message]);
  });

  test('is refused without indexes', () => {
    expect(refused({ indexed: undefined, successPolicy: [{ succeededCount: 1 }] })).toEqual([
      'successPolicy: props/conflict',
    ]);
  });

  test('takes the indexes that the API server takes, and no others', () => {
    const interval = fc
      .tuple(fc.nat(9), fc.option(fc.nat(9), { nil: undefined }))
      .map(([first, last]) => (last === undefined ? `${first}` : `${first}-${last}`));
    fc.assert(
      fc.property(
        fc.array(interval, { minLength: 1, maxLength: 4 }),
        fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
        fc.integer({ min: 1, max: 10 }),
        (intervals, succeededCount, completions) => {
          const rule: SuccessRule = { succeededIndexes: intervals.join(','), succeededCount };
          const problems = linesOf((chart) => {
            new ClusterProfile({ version: NEWEST }).assignTo(chart);
            new Job(chart, 'train', { ...PARTS, completions, parallelism: 1, successPolicy: [rule] });
          });
          expect(problems.length === 0).toBe(accepts(rule, completions));
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** As validateSuccessPolicyRule of pkg/apis/batch/validation of Kubernetes. */
function accepts({ succeededIndexes, succeededCount }: SuccessRule, completions: number): boolean {
  let total = 0;
  let last: number | undefined;
  for (const interval of succeededIndexes!.split(',')) {
    const [x, y] = interval.split('-').map(Number);
    if (x >= completions || (last !== undefined && last >= x)) return false;
    if (y !== undefined && (y >= completions || x >= y)) return false;
    last = y ?? x;
    total += last - x + 1;
  }
  return succeededCount === undefined || (succeededCount <= completions && succeededCount <= total);
}

describe('a restart in place', () => {
  test('needs a container that restarts in a pod that does not', () => {
    const { template } = specOf({ indexed: false, restartInPlace: { exitCodes: [75, 69] } }, '1.35');
    expect(template.spec.restartPolicy).toBe('Never');
    expect(template.spec.containers[0]).toMatchObject({
      restartPolicy: 'Never',
      restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [69, 75] } }],
    });
  });

  test('of all containers leaves the others as they are', () => {
    const { template } = specOf(
      {
        restartInPlace: { exitCodes: [75], containers: 'all' },
        initContainers: [{ name: 'fetch', image: IMAGE }],
        sidecars: [{ name: 'proxy', image: IMAGE }],
      },
      '1.36',
    );
    expect(template.spec.containers[0].restartPolicyRules[0].action).toBe('RestartAllContainers');
    expect((template.spec.initContainers as Manifest[]).map(({ restartPolicy }) => restartPolicy as string)).toEqual([
      'Always',
      undefined,
    ]);
  });

  test.each<[string, Record<string, unknown>, string, string?]>([
    ['on a cluster without it', { exitCodes: [75] }, 'restartInPlace: cluster/version', '1.34'],
    [
      'of all on a cluster without it',
      { exitCodes: [75], containers: 'all' },
      'restartInPlace: cluster/version',
      '1.35',
    ],
    ['without codes', {}, 'restartInPlace.exitCodes: props/required'],
    ['with no codes', { exitCodes: [] }, 'restartInPlace.exitCodes: props/empty-list'],
    ['with exit code 0', { exitCodes: [0] }, 'restartInPlace.exitCodes[0]: props/value'],
    ['with a code twice', { exitCodes: [75, 75] }, 'restartInPlace.exitCodes[1]: props/duplicate'],
    ['with a fatal code', { exitCodes: [2] }, 'restartInPlace.exitCodes[0]: props/conflict'],
    ['of another container', { exitCodes: [75], containers: 'proxy' }, 'restartInPlace.containers: props/value'],
  ])('is refused %s', (_title, restartInPlace, message, version = NEWEST) => {
    expect(refused({ fatalExitCodes: [2], restartInPlace }, version)).toEqual([message]);
  });

  test('is refused where every failure restarts', () => {
    expect(refused({ restartPolicy: 'OnFailure', restartInPlace: { exitCodes: [75] } })).toEqual([
      'restartInPlace: props/conflict',
    ]);
  });
});
