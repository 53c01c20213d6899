/*
 * Code for a value, as messages show it, in the unit that reads best as a whole number.
 */

const DURATIONS: ReadonlyArray<readonly [seconds: number, unit: string]> = [
  [86_400, 'days'],
  [3600, 'hours'],
  [60, 'minutes'],
  [1, 'seconds'],
];
const SIZES: ReadonlyArray<readonly [bytes: number, unit: string, symbol: string]> = [
  [2 ** 40, 'tebibytes', 'TiB'],
  [2 ** 30, 'gibibytes', 'GiB'],
  [2 ** 20, 'mebibytes', 'MiB'],
  [2 ** 10, 'kibibytes', 'KiB'],
];

export function durationCode(seconds: number): string {
  const [size, unit] = DURATIONS.find(([each]) => seconds >= each && seconds % each === 0) ?? [1, 'seconds'];
  return `Duration.${unit}(${seconds / size})`;
}

/** Sizes of cdk8s have at least KiB. */
export function sizeCode(bytes: number): string {
  const [size, unit] = SIZES.find(([each]) => bytes >= each && bytes % each === 0) ?? [2 ** 10, 'kibibytes'];
  return `Size.${unit}(${bytes / size})`;
}

/** An amount of bytes as text: `64 MiB`. */
export function sizeText(bytes: number): string {
  const found = SIZES.find(([each]) => bytes >= each && bytes % each === 0);
  return found === undefined ? `${bytes} byte${bytes === 1 ? '' : 's'}` : `${bytes / found[0]} ${found[2]}`;
}

/** The seconds of a text such as `20s` or `5m`, as Go and Kubernetes write durations. */
export function secondsIn(text: string): number | undefined {
  const [, amount, unit] = /^(\d+)(s|m|h|d)$/.exec(text) ?? [];
  return unit === undefined
    ? undefined
    : Number(amount) * { s: 1, m: 60, h: 3600, d: 86_400 }[unit as 's' | 'm' | 'h' | 'd'];
}

/** The bytes of a text such as `64Mi`, as Kubernetes writes quantities. */
export function bytesIn(text: string): number | undefined {
  const [, amount, unit] = /^(\d+)(Ki|Mi|Gi|Ti)$/.exec(text) ?? [];
  return unit === undefined
    ? undefined
    : Number(amount) * { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 }[unit as 'Ki' | 'Mi' | 'Gi' | 'Ti'];
}
