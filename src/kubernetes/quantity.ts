import type { ICpu } from './cpu';
import type { Check } from '../kernel/schema/checks';

/**
 * An amount in billionths, the finest unit of the API. CPU, bytes and counts share one scale, and sums are exact.
 */
export type Nanos = bigint;

/** One core, byte or object. */
export const ONE: Nanos = 1_000_000_000n;
export const MILLI: Nanos = 1_000_000n;

/** Bytes. */
export const MEBIBYTE = 2 ** 20;
export const GIBIBYTE = 2 ** 30;
export const TEBIBYTE = 2 ** 40;

// https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go
// The parser accepts more than its documentation says: '1.', '.5', 'm' and '-' are valid.
const SYNTAX = /^(?<sign>[+-]?)(?<whole>\d*)(?:\.(?<fraction>\d*))?(?<suffix>[numkMGTPE]?|[KMGTPE]i|[eE][+-]?\d+)$/;

const DECIMAL: Readonly<Record<string, number>> = {
  'n': -9,
  'u': -6,
  'm': -3,
  '': 0,
  'k': 3,
  'M': 6,
  'G': 9,
  'T': 12,
  'P': 15,
  'E': 18,
};
const BINARY: Readonly<Record<string, bigint>> = {
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  Pi: 2n ** 50n,
  Ei: 2n ** 60n,
};
/** A cap that keeps the arithmetic small. The API has none, but no quota comes near. */
const LARGEST_EXPONENT = 100;
const LARGEST_BINARY = (2n ** 63n - 1n) * ONE;

/**
 * Parses a quantity as the API does; `undefined` if the API refuses it. A manifest may have a number instead of text.
 *
 * - Rounded up to billionths, away from zero.
 * - Capped at 2^63-1 with a binary suffix.
 */
export function parseQuantity(given: unknown): Nanos | undefined {
  const text = typeof given === 'number' && Number.isFinite(given) ? String(given) : given;
  const groups = typeof text === 'string' && text !== '' ? SYNTAX.exec(text)?.groups : undefined;
  if (groups === undefined) return undefined;
  const { sign, whole, fraction = '', suffix } = groups;
  const digits = BigInt(`0${whole}${fraction}`);
  const amount =
    suffix in BINARY
      ? smaller(scale(digits * BINARY[suffix], 9 - fraction.length), LARGEST_BINARY)
      : scale(digits, 9 - fraction.length + (DECIMAL[suffix] ?? exponent(suffix)));
  return sign === '-' ? -amount : amount;
}

function exponent(suffix: string): number {
  return Math.max(-LARGEST_EXPONENT, Math.min(LARGEST_EXPONENT, Number(suffix.slice(1))));
}

function scale(digits: bigint, power: number): bigint {
  return power >= 0 ? digits * 10n ** BigInt(power) : ceilDivide(digits, 10n ** BigInt(-power));
}

/** For non-negative amounts. */
export function ceilDivide(amount: bigint, divisor: bigint): bigint {
  return (amount + divisor - 1n) / divisor;
}

/** Rounds a non-negative amount up to a multiple of `unit`. */
export function roundUp(amount: Nanos, unit: Nanos): Nanos {
  return ceilDivide(amount, unit) * unit;
}

export function smaller(a: Nanos, b: Nanos): Nanos {
  return a < b ? a : b;
}

export function larger(a: Nanos, b: Nanos): Nanos {
  return a > b ? a : b;
}

/** CPU and counts as people write them: `2`, `1500m`. */
export function decimalText(amount: Nanos): string {
  if (amount % ONE === 0n) return String(amount / ONE);
  return amount % MILLI === 0n ? `${amount / MILLI}m` : `${amount}n`;
}

/** Bytes as people write them, in the largest whole binary unit. */
export function binaryText(amount: Nanos): string {
  if (amount % ONE !== 0n || amount === 0n) return decimalText(amount);
  let whole = amount / ONE;
  let unit = '';
  for (const next of Object.keys(BINARY)) {
    if (whole % 1024n !== 0n) break;
    whole /= 1024n;
    unit = next;
  }
  return `${whole}${unit}`;
}

const BINARY_UNITS = ['', ...Object.keys(BINARY)];

/** A whole number of bytes: `1Gi`, `1536Mi`. Like `binaryText`, in plain numbers: each container has several. */
export function bytesQuantity(amount: number): string {
  let value = amount;
  let unit = 0;
  for (; unit < BINARY_UNITS.length - 1 && value > 0 && value % 1024 === 0; unit++) value /= 1024;
  return `${value}${BINARY_UNITS[unit]}`;
}

/** A whole number of thousandths, as of a core: `500m`, `2`. */
export function cpuQuantity(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

/** Of `500m`, `2` or `0.25`; NaN for other texts. */
function millisIn(amount: string): number {
  if (/^\d+m$/.test(amount)) return Number(amount.slice(0, -1));
  return /^\d+(\.\d{1,3})?$/.test(amount) ? Math.round(Number(amount) * 1000) : NaN;
}

/** A `Cpu` of this library or of any cdk8s-plus, in thousandths of a core. */
export const cpuMillis: Check<number, ICpu> = {
  expected: 'a Cpu of at least 1 milli-core, e.g. Cpu.millis(500)',
  read(value, refuse) {
    const amount = (value as { amount?: unknown } | null | undefined)?.amount;
    const millis = typeof amount === 'string' ? millisIn(amount) : NaN;
    if (Number.isSafeInteger(millis) && millis >= 1) return millis;
    return void refuse(typeof amount === 'string' ? amount : value, this.expected, '', meantCpu(value));
  },
  write: cpuCode,
};

/** Suggests a `Cpu` for `0.5` and `'500m'`, which other libraries accept. */
function meantCpu(refused: unknown): string | undefined {
  const millis =
    typeof refused === 'number' ? refused * 1000 : Number(typeof refused === 'string' && /^(\d+)m$/.exec(refused)?.[1]);
  return Number.isSafeInteger(millis) && millis >= 1 ? `Write ${cpuCode(millis)}` : undefined;
}

function cpuCode(millis: number): string {
  return millis % 1000 === 0 ? `Cpu.units(${millis / 1000})` : `Cpu.millis(${millis})`;
}
