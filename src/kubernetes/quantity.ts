import type { Check } from '../kernel/schema/checks';

const KI = 1024;
const UNITS = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'] as const;

export const MEBIBYTE = KI * KI;
export const GIBIBYTE = KI * MEBIBYTE;
export const TEBIBYTE = KI * GIBIBYTE;

/** Bytes as a Kubernetes quantity in the largest unit that keeps them whole: `1Gi`, `1536Mi`. */
export function bytesQuantity(amount: number): string {
  let unit = 0;
  let value = amount;
  while (unit < UNITS.length - 1 && value > 0 && value % KI === 0) {
    value /= KI;
    unit += 1;
  }
  return `${value}${UNITS[unit]}`;
}

/** Thousandths of a core as a Kubernetes quantity: `500m`, `2`. */
export function cpuQuantity(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

/** A `Cpu`, ours or that of any cdk8s-plus, in thousandths of a core. */
export const cpuMillis: Check<number> = {
  expected: 'a Cpu of at least 1 milli-core, e.g. Cpu.millis(500)',
  read(value, refuse) {
    const amount = (value as { amount?: unknown } | null | undefined)?.amount;
    const millis = typeof amount === 'string' ? parseCpu(amount) : NaN;
    if (Number.isSafeInteger(millis) && millis >= 1) return millis;
    return void refuse(typeof amount === 'string' ? amount : value, this.expected);
  },
};

function parseCpu(amount: string): number {
  if (/^\d+m$/.test(amount)) return Number(amount.slice(0, -1));
  // 0.1 cores are 100.00000000000001 milli-cores in binary floating point
  return /^\d+(\.\d{1,3})?$/.test(amount) ? Math.round(Number(amount) * 1000) : NaN;
}
