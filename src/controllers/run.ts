import { eachCodeOnce, EXIT_CODES } from './exit-codes';
import type * as PerIndex from './per-index';
import type * as RestartInPlace from './restart-in-place';
import type { PerIndexSettings, RunProps, RunSettings } from './run-props';
import { boolean, integer, oneOf, seconds } from '../kernel/schema/checks';
import type { Site } from '../parts/site';
import type { RestartRules } from '../pod/container';

/** The defaults of the props. */
export const ONCE: RunSettings = {
  restartPolicy: 'Never',
  backoffLimit: 3,
  fatalExitCodes: [],
  deadlineSeconds: 3600,
  completions: 1,
  parallelism: 1,
  indexed: false,
};

/** The longest duration of a run, in seconds. */
export const YEAR = 365 * 86_400;

export function readRun(site: Site<RunProps>): RunSettings {
  const { read, problems } = site;
  const completions = read.optional('completions', integer(1, 100_000), ONCE.completions);
  const parallelism = read.optional('parallelism', integer(1, 10_000), ONCE.parallelism);
  if (parallelism > completions && read.isSound('completions')) {
    read.refuse('parallelism', parallelism, `at most completions (${completions})`, {
      rule: 'job/parallelism',
      fix: 'Raise completions or lower it: Kubernetes starts at most one pod for each missing completion',
    });
  }
  const restartPolicy = read.optional(
    'restartPolicy',
    oneOf<'Never' | 'OnFailure'>('Never', 'OnFailure'),
    ONCE.restartPolicy,
    { practice: 'CH06-21' },
  );
  const fatalExitCodes = read.optional('fatalExitCodes', EXIT_CODES, [] as number[], {
    fix: 'List exit codes other than 0',
  });
  const sortedCodes = eachCodeOnce(fatalExitCodes, problems, 'fatalExitCodes');
  if (read.has('fatalExitCodes') && restartPolicy !== 'Never') {
    read.refuse('fatalExitCodes', fatalExitCodes, "none with restartPolicy 'OnFailure'", {
      rule: 'props/conflict',
      fix: "Omit 'restartPolicy': exit codes need pods that are not restarted",
    });
  }
  const plain = {
    restartPolicy,
    fatalExitCodes: sortedCodes,
    completions,
    parallelism,
    backoffLimit: read.optional(
      'backoffLimit',
      integer(0, 1000),
      read.has('backoffLimitPerIndex') ? undefined : ONCE.backoffLimit,
      { fix: 'Write 3, the default, or another', practice: 'CH06-21' },
    ),
    deadlineSeconds: read.optional('activeDeadline', seconds(1, YEAR), ONCE.deadlineSeconds),
    indexed: read.optional('indexed', boolean, ONCE.indexed),
  };
  const perIndex = readPerIndex(site, plain);
  return { ...plain, perIndex, restartInPlace: readRestartInPlace(site, { ...plain, perIndex }) };
}

const PER_INDEX = ['backoffLimitPerIndex', 'maxFailedIndexes', 'fatalIndexExitCodes', 'successPolicy'] as const;

/** Loaded for runs with one of the props only. */
function readPerIndex(site: Site<RunProps>, run: RunSettings): PerIndexSettings | undefined {
  // each is known from here on
  if (PER_INDEX.filter((prop) => site.read.has(prop)).length === 0) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('./per-index') as typeof PerIndex).readPerIndex(site, run);
}

/** Loaded for runs with the prop only. */
function readRestartInPlace(site: Site<RunProps>, run: RunSettings): RestartRules | undefined {
  if (!site.read.has('restartInPlace')) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('./restart-in-place') as typeof RestartInPlace).readRestartInPlace(site, run);
}
