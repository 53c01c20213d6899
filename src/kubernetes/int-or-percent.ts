import { type Check, that } from '../kernel/schema/checks';

/** A number of pods, or a percentage such as `25%`. */
export type IntOrPercent = number | string;

export const intOrPercent: Check<IntOrPercent> = that(
  "an integer from 0 to 10000, or a percentage from '0%' to '100%'",
  (value) =>
    typeof value === 'string'
      ? /^(100|[1-9]?\d)%$/.test(value)
      : Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 10_000,
);

/** At least one pod. */
export const somePods: Check<IntOrPercent> = that(
  "an integer from 1 to 10000, or a percentage from '1%' to '100%'",
  (value) =>
    typeof value === 'string'
      ? /^(100|[1-9]\d?)%$/.test(value)
      : Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 10_000,
);

/** The number of pods, rounded as the API rounds the field. */
export function scaled(value: IntOrPercent, total: number, round: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const share = (Number(value.slice(0, -1)) * total) / 100;
  return round === 'up' ? Math.ceil(share) : Math.floor(share);
}
