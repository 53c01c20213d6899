import type { Duration } from 'cdk8s';
import { Verbatim } from '../kernel/findings/describe';
import { type Check, seconds } from '../kernel/schema/checks';
import { durationCode } from '../kernel/schema/code';

/** Marks a namespace that a reaper may delete; the cluster refuses other deletions by the reaper. */
export const EXPIRES_LABEL = 'cdk8s-best-practices.dev/expires';
/** Lifetime of the namespace from creation, in hours: `336h`. */
export const TTL_ANNOTATION = 'ttl';
/** The time after which the namespace may be deleted. */
export const EXPIRES_AT_ANNOTATION = 'expires-at';

const HOUR = 60 * 60;
const MOST_DAYS = 365;

/** A Duration of whole hours, in hours. */
export const hours: Check<number, Duration> = {
  expected: `a Duration of whole hours, 1 to ${MOST_DAYS * 24}`,
  read(value, refuse) {
    const amount = seconds(HOUR, MOST_DAYS * 24 * HOUR).read(value, (given, _, at, fix) =>
      refuse(given, this.expected, at, fix),
    );
    if (amount === undefined) return undefined;
    return amount % HOUR === 0 ? amount / HOUR : void refuse(new Verbatim(`${amount} s`), this.expected);
  },
  write: (amount) => durationCode(amount * HOUR),
};

export function ttlText(amount: number): string {
  return `${amount}h`;
}
