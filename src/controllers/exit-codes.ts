import type { Problems } from '../kernel/findings/problems';
import { integer, listOf } from '../kernel/schema/checks';

/** Exit codes of failures. */
export const EXIT_CODES = listOf(integer(1, 255));

/** The codes in ascending order; refuses those that are there twice. */
export function eachCodeOnce(codes: readonly number[], problems: Problems, prop: string): number[] {
  codes.forEach((code, index) => {
    if (codes.indexOf(code) !== index) {
      problems.refuse(`${prop}[${index}]`, code, 'each code once', {
        rule: 'props/duplicate',
        fix: 'Remove one of them',
      });
    }
  });
  return [...codes].sort((a, b) => a - b);
}

/** Refuses codes that another prop already decides about. */
export function refuseDecided(
  codes: readonly number[],
  decided: readonly number[],
  other: string,
  problems: Problems,
  prop: string,
): void {
  codes.forEach((code, index) => {
    if (decided.includes(code)) {
      problems.refuse(`${prop}[${index}]`, code, `a code that is not in '${other}'`, {
        rule: 'props/conflict',
        fix: 'Remove it from one of the two: only one of them can decide',
      });
    }
  });
}
