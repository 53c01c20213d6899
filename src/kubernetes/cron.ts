import type { Cron } from 'cdk8s';
import { type Check, isPlain, that } from '../kernel/schema/checks';

// The syntax of the API server: https://github.com/robfig/cron/blob/v3/parser.go
const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

interface Field {
  readonly min: number;
  readonly max: number;
  /** The first name stands for `min`. */
  readonly names: readonly string[];
}

const MINUTE: Field = { min: 0, max: 59, names: [] };
const HOUR: Field = { min: 0, max: 23, names: [] };
const DAY: Field = { min: 1, max: 31, names: [] };
const MONTH: Field = {
  min: 1,
  max: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
};
const WEEKDAY: Field = { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] };
const FIELDS = [MINUTE, HOUR, DAY, MONTH, WEEKDAY];

const LONGEST_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Five fields, or one of the descriptors. Sunday is 0 and never 7. `@every` is refused: it counts from the creation of
 * the CronJob, not by the clock. Schedules that never fire are refused, such as February 30.
 */
const expression: Check<string> = that(
  `a schedule that can fire: 'minute hour day month weekday' with numbers, names, '*', ranges, lists and steps ` +
    `(Sunday is 0), or ${DESCRIPTORS.join(', ')}`,
  (value) => typeof value === 'string' && (DESCRIPTORS.includes(value) || comes(value)),
);

/** Five fields without descriptors, as KEDA reads them. */
export const fiveFields: Check<string> = that(
  "a schedule that can fire: 'minute hour day month weekday' with numbers, names, '*', ranges, lists and steps " +
    '(Sunday is 0)',
  (value) => typeof value === 'string' && comes(value),
);

/** The same, or a `Cron` of cdk8s. The check tests its shape, because two copies of cdk8s can meet in one app. */
export const schedule: Check<string, string | Cron> = {
  ...expression,
  read: (value, refuse) => expression.read(isPlain(value) ? (value.expressionString ?? value) : value, refuse),
};

/** A name of the time zone database. Abbreviations such as `CET` are refused: they have no daylight saving time. */
export const timeZone: Check<string> = that("'UTC' or a time zone such as 'Europe/Berlin'", (value) => {
  if (value === 'UTC') return true;
  if (typeof value !== 'string' || !/^[A-Z][A-Za-z]+(\/[A-Z][A-Za-z]*([_-][A-Za-z]+|[+-]\d{1,2})*)+$/.test(value)) {
    return false;
  }
  try {
    // an alias, such as Asia/Calcutta, resolves to another name; a name in the wrong case resolves to the right case
    const { timeZone: canonical } = new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions();
    return canonical === value || canonical.toLowerCase() !== value.toLowerCase();
  } catch {
    return false;
  }
});

/** Whether days of the month and of the week are both given: the schedule comes on days that fit one of them. */
export function restrictsBothDays(text: string): boolean {
  const words = text.split(/[ \t]+/);
  return words.length === FIELDS.length && !isAny(words[2]) && !isAny(words[4]);
}

/** The times of a schedule with five fields. */
export interface CronTimes {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly isDaily: boolean;
  /** Whether it comes on a day of the month that is this day of the week. */
  comesOn(day: number, weekday: number): boolean;
}

/** The times of a schedule that `fiveFields` accepts. */
export function cronTimes(text: string): CronTimes {
  const words = text.split(/[ \t]+/);
  const [minutes, hours, days, months, weekdays] = words.map((word, index) => parseField(word, FIELDS[index])!);
  const [anyDay, anyWeekday] = [isAny(words[2]), isAny(words[4])];
  return {
    minutes,
    hours,
    months,
    isDaily: anyDay && isAny(words[3]),
    comesOn: (day, weekday) =>
      anyDay || anyWeekday
        ? days.has(day) && weekdays.has(weekday)
        : // a schedule with both comes on days that fit one of them
          days.has(day) || weekdays.has(weekday),
  };
}

function comes(text: string): boolean {
  const words = text.split(/[ \t]+/);
  if (words.length !== FIELDS.length) return false;
  const sets = words.map((word, index) => parseField(word, FIELDS[index]));
  if (sets.some((set) => set === undefined)) return false;
  // the day of the month decides alone only with any weekday; otherwise one match is enough
  if (!isAny(words[4])) return true;
  const [, , days, months] = sets as Array<Set<number>>;
  return [...months].some((month) => [...days].some((day) => day <= LONGEST_MONTH[month - 1]));
}

/** Whether the field leaves the decision to the other day field. */
function isAny(word: string): boolean {
  return word.split(',').some((part) => /^[*?](\/0*1)?$/.test(part));
}

function parseField(word: string, field: Field): Set<number> | undefined {
  const found = new Set<number>();
  for (const part of word.split(',')) {
    const range = parseRange(part, field);
    if (range === undefined) return undefined;
    for (let value = range.start; value <= range.end; value += range.step) found.add(value);
  }
  return found;
}

function parseRange(part: string, field: Field): { start: number; end: number; step: number } | undefined {
  const match = /^(?:(?<any>[*?])|(?<start>\w+)(?:-(?<end>\w+))?)(?:\/(?<step>\d{1,4}))?$/.exec(part);
  if (!match?.groups) return undefined;
  const { any, start, end, step } = match.groups as Record<string, string | undefined>;
  const first = any === undefined ? valueOf(start ?? '', field) : field.min;
  // '5/15' means '5-59/15'
  const open = any !== undefined || (end === undefined && step !== undefined);
  const last = open ? field.max : valueOf(end ?? start ?? '', field);
  const width = step === undefined ? 1 : Number(step);
  const good = first >= field.min && last <= field.max && first <= last && width >= 1;
  return good ? { start: first, end: last, step: width } : undefined;
}

function valueOf(text: string, { min, names }: Field): number {
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return min + index;
  return /^\d{1,4}$/.test(text) ? Number(text) : NaN;
}
