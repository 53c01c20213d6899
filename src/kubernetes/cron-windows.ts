import { type CronTimes, cronTimes } from './cron';

/**
 * The time between a start and an end, as the `cron` trigger of KEDA reads two schedules: a time is inside if the next
 * end comes before the next start.
 *
 * @see https://github.com/kedacore/keda/blob/main/pkg/scalers/cron_scaler.go
 */
export interface CronWindow {
  readonly start: string;
  readonly end: string;
}

/** Why the window differs from what its two schedules suggest. */
export interface WindowFault {
  readonly kind: 'same-time' | 'two-starts' | 'two-ends';
  /** The times in question, such as `Friday 20:00`. */
  readonly times: readonly string[];
}

const WEEK = 7;
/** A year with a February 29. */
const YEAR = 2028;
const DAY_MINUTES = 24 * 60;
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A day of the sample: a week, or a year if a schedule restricts days of the month or months. */
interface Day {
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly name: string;
}

interface Event {
  readonly at: number;
  readonly starts: boolean;
  readonly ends: boolean;
}

/** The first fault of a window: starts and ends must take turns. */
export function faultOf({ start, end }: CronWindow): WindowFault | undefined {
  const [starting, ending] = [cronTimes(start), cronTimes(end)];
  const days = sampleFor([starting, ending]);
  const events = eventsOf(starting, ending, days);
  const same = events.find(({ starts, ends }) => starts && ends);
  if (same) return { kind: 'same-time', times: [nameOf(same.at, days)] };
  const second = events.findIndex((event, index) => before(events, index).starts === event.starts);
  if (second === -1) return undefined;
  const [first, next] = [before(events, second), events[second]];
  return {
    kind: next.starts ? 'two-starts' : 'two-ends',
    times: [nameOf(first.at, days), nameOf(next.at, days)],
  };
}

/** A time at which both windows, without faults and in one time zone, are open. */
export function overlapOf(one: CronWindow, other: CronWindow): string | undefined {
  const times = [one, other].map(({ start, end }) => [cronTimes(start), cronTimes(end)] as const);
  const days = sampleFor(times.flat());
  const [first, second] = times.map(([starting, ending]) => eventsOf(starting, ending, days));
  // if two windows overlap, one of them is open when the other one starts
  const at =
    first.find((event) => event.starts && isOpen(second, event.at)) ??
    second.find((event) => event.starts && isOpen(first, event.at));
  return at && nameOf(at.at, days);
}

/** Whether a window is open from this minute on. */
function isOpen(events: readonly Event[], minute: number): boolean {
  return (events.find(({ at }) => at > minute) ?? events[0]).ends;
}

function before(events: readonly Event[], index: number): Event {
  return events[(index + events.length - 1) % events.length];
}

function sampleFor(times: readonly CronTimes[]): Day[] {
  return times.every(({ isDaily }) => isDaily)
    ? WEEKDAYS.map((name, weekday) => ({ month: 1, day: 1 + weekday, weekday, name })).slice(0, WEEK)
    : daysOfYear();
}

function daysOfYear(): Day[] {
  const days: Day[] = [];
  for (let date = new Date(Date.UTC(YEAR, 0, 1)); date.getUTCFullYear() === YEAR;) {
    const [month, day] = [date.getUTCMonth(), date.getUTCDate()];
    days.push({ month: month + 1, day, weekday: date.getUTCDay(), name: `${MONTHS[month]} ${day}` });
    date = new Date(date.getTime() + DAY_MINUTES * 60_000);
  }
  return days;
}

/** All starts and ends in order. */
function eventsOf(starting: CronTimes, ending: CronTimes, days: readonly Day[]): Event[] {
  const [starts, ends] = [starting, ending].map((times) => minutesOf(times, days));
  return [...new Set([...starts, ...ends])]
    .sort((a, b) => a - b)
    .map((at) => ({ at, starts: starts.has(at), ends: ends.has(at) }));
}

function minutesOf(times: CronTimes, days: readonly Day[]): Set<number> {
  const found = new Set<number>();
  const { minutes, hours, months } = times;
  for (const [index, { month, day, weekday }] of days.entries()) {
    if (!(times.isDaily || months.has(month)) || !times.comesOn(day, weekday)) continue;
    for (const hour of hours) for (const minute of minutes) found.add(index * DAY_MINUTES + hour * 60 + minute);
  }
  return found;
}

function nameOf(at: number, days: readonly Day[]): string {
  const minute = at % DAY_MINUTES;
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${days[(at - minute) / DAY_MINUTES].name} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
