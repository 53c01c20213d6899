import type { JobSpec, PodFailurePolicyRule } from 'kubernetes-types/batch/v1';
import { eachCodeOnce, EXIT_CODES, refuseDecided } from './exit-codes';
import type { PerIndexSettings, RunProps, RunSettings, SuccessRule } from './run-props';
import { AppModel } from '../kernel/facts/app-model';
import type { Problems } from '../kernel/findings/problems';
import { integer, isPlain, matching, structs } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import type { Site } from '../parts/site';

/** Kubernetes 1.30 has `successPolicy` behind a feature gate, and drops it. */
const SUCCESS_POLICY_MINOR = 31;
const MOST_RULES = 20;
const ONLY_INDEXED = 'Write indexed: true: only the pods of an indexed run have numbers';

export function readPerIndex({ owner, read, problems }: Site<RunProps>, run: RunSettings): PerIndexSettings {
  const perIndex = {
    backoffLimit: read.optional('backoffLimitPerIndex', integer(0, 1000), undefined, {
      fix: 'Write the attempts that an index may repeat',
    }),
    maxFailed: read.optional('maxFailedIndexes', integer(0, 100_000), undefined, {
      fix: 'Write the failed indexes that end the run',
    }),
    fatalExitCodes: eachCodeOnce(
      read.optional('fatalIndexExitCodes', EXIT_CODES, [] as number[], { fix: 'List exit codes other than 0' }),
      problems,
      'fatalIndexExitCodes',
    ),
    success: readSuccess(read, run, problems),
  };
  for (const prop of ['backoffLimitPerIndex', 'successPolicy'] as const) {
    if (!run.indexed && read.has(prop) && read.isSound('indexed')) {
      read.refuse(prop, read.raw(prop), 'none without indexed: true', { rule: 'props/conflict', fix: ONLY_INDEXED });
    }
  }
  if (read.has('backoffLimitPerIndex') && run.restartPolicy !== 'Never') {
    read.refuse('backoffLimitPerIndex', read.raw('backoffLimitPerIndex'), "none with restartPolicy 'OnFailure'", {
      rule: 'props/conflict',
      fix: "Omit 'restartPolicy': Kubernetes counts the failed pods of an index",
    });
  }
  for (const prop of ['maxFailedIndexes', 'fatalIndexExitCodes'] as const) {
    if (read.has(prop) && !read.has('backoffLimitPerIndex')) {
      read.refuse(prop, read.raw(prop), "none without 'backoffLimitPerIndex'", {
        rule: 'props/conflict',
        fix: 'Write backoffLimitPerIndex: 0, or how often an index may repeat: without it, no single index fails',
      });
    }
  }
  const { maxFailed } = perIndex;
  if (maxFailed !== undefined && maxFailed > run.completions && read.isSound('completions')) {
    read.refuse('maxFailedIndexes', maxFailed, `at most completions (${run.completions})`, {
      rule: 'job/indexes',
      fix: 'Lower it, or remove it: the run has no more indexes',
    });
  }
  refuseDecided(perIndex.fatalExitCodes, run.fatalExitCodes, 'fatalExitCodes', problems, 'fatalIndexExitCodes');
  if (perIndex.success.length > 0) {
    AppModel.of(owner).add('newField', {
      owner,
      prop: 'successPolicy',
      value: 'successPolicy',
      minor: SUCCESS_POLICY_MINOR,
      fallback: 'let all indexes succeed',
    });
  }
  return perIndex;
}

// the API also takes 00, +1 and the empty text
const INDEX = '(0|[1-9]\\d{0,4})';
const INDEXES = matching(
  new RegExp(`^${INDEX}(-${INDEX})?(,${INDEX}(-${INDEX})?)*$`),
  65_536,
  "indexes in ascending order, such as '0' or '0,2-4'",
);

function readSuccess(read: Reader<RunProps>, { completions }: RunSettings, problems: Problems): SuccessRule[] {
  const given = read.optional('successPolicy', structs<SuccessRule>('a rule'), [], {
    fix: "List rules, such as one with succeededIndexes: '0'",
  });
  if (read.has('successPolicy') && read.isSound('successPolicy') && (given.length === 0 || given.length > MOST_RULES)) {
    read.refuse('successPolicy', `${given.length} rules`, `1 to ${MOST_RULES} rules`, {
      rule: 'job/indexes',
      fix: given.length === 0 ? 'Remove it: without it, all indexes must succeed' : 'Combine rules',
    });
  }
  return given.map((rule, at) => readRule(rule, read.isSound('completions') ? completions : undefined, problems, at));
}

/** `completions`: unless it is refused. */
function readRule(given: unknown, completions: number | undefined, problems: Problems, at: number): SuccessRule {
  const prop = `successPolicy[${at}]`;
  const read = new Reader<SuccessRule>(problems, given, `${prop}.`);
  const succeededIndexes = read.optional('succeededIndexes', INDEXES, undefined, {
    fix: "Write numbers and ranges, such as '0' or '0,2-4'",
  });
  const succeededCount = read.optional('succeededCount', integer(1, 100_000), undefined, {
    fix: 'Write the indexes that must succeed',
  });
  read.refuseUnknown();
  if (isPlain(given) && !read.has('succeededIndexes') && !read.has('succeededCount')) {
    problems.refuse(prop, given, "'succeededIndexes', 'succeededCount' or both", {
      rule: 'props/required',
      fix: "Write succeededIndexes: '0' for a run that ends with its first index",
    });
  }
  const count = succeededIndexes === undefined ? completions : countOf(succeededIndexes, completions);
  if (typeof count === 'string') {
    read.refuse('succeededIndexes', succeededIndexes, count, {
      rule: 'job/indexes',
      fix: 'Write each index once, from the lowest up: they begin at 0',
    });
  } else if (succeededCount !== undefined && count !== undefined && succeededCount > count) {
    const most = succeededIndexes === undefined ? 'completions' : 'the number of succeededIndexes';
    read.refuse('succeededCount', succeededCount, `at most ${most} (${count})`, {
      rule: 'job/indexes',
      fix: 'Lower it: there are no more indexes',
    });
  }
  return { succeededIndexes, succeededCount };
}

/** How many indexes there are, or what is expected of them. */
function countOf(indexes: string, completions = Infinity): number | string {
  let last = -1;
  let total = 0;
  for (const interval of indexes.split(',')) {
    const [first, end = first] = interval.split('-').map(Number);
    if (first <= last || (interval.includes('-') && end <= first)) return 'ascending indexes';
    if (end >= completions) return `indexes less than completions (${completions})`;
    total += end - first + 1;
    last = end;
  }
  return total;
}

export function renderPerIndex({ backoffLimit, maxFailed, success }: PerIndexSettings): Partial<JobSpec> {
  return {
    ...(backoffLimit === undefined ? {} : { backoffLimitPerIndex: backoffLimit }),
    ...(maxFailed === undefined ? {} : { maxFailedIndexes: maxFailed }),
    ...(success.length === 0 ? {} : { successPolicy: { rules: success.map((rule) => ({ ...rule })) } }),
  };
}

/** Codes with which an index fails at once. */
export function renderIndexFailures({ fatalExitCodes }: PerIndexSettings, container: string): PodFailurePolicyRule[] {
  if (fatalExitCodes.length === 0) return [];
  return [
    {
      action: 'FailIndex',
      onExitCodes: { containerName: container, operator: 'In', values: [...fatalExitCodes] },
    },
  ];
}
