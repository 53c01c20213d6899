import type { Box, Range, SizeRange } from './diagram-data';
import { bytesQuantity, cpuQuantity } from '../../kubernetes/quantity';

/** The texts of a box below its name. */
export function linesOf({ type, tier, data, size }: Box): string[] {
  return [
    size ? `${type}, ${podsText(size.pods)}` : type,
    ...(tier === undefined ? [] : [`tier ${tier}`]),
    ...(size ? [`CPU ${cpuText(size)}`, `memory ${memoryText(size)}`] : []),
    ...data,
  ];
}

/** Requests and limits, once where they are equal: `500m to 1500m / 2 to 6`. */
export function cpuText({ cpuRequest, cpuLimit }: SizeRange): string {
  return amountText(cpuRequest, cpuLimit, cpuQuantity);
}

export function memoryText({ memoryRequest, memoryLimit }: SizeRange): string {
  return amountText(memoryRequest, memoryLimit, bytesQuantity);
}

function amountText(request: Range, limit: Range | undefined, write: (amount: number) => string): string {
  const [requested, limited] = [rangeText(request, write), limit ? rangeText(limit, write) : 'no limit'];
  return requested === limited ? requested : `${requested} / ${limited}`;
}

export function podsText(pods: Range): string {
  return `${rangeText(pods, String)} ${pods.most === 1 ? 'pod' : 'pods'}`;
}

function rangeText({ least, most }: Range, write: (amount: number) => string): string {
  return least === most ? write(least) : `${write(least)} to ${write(most)}`;
}

/** A text that fits into a width of so many letters. */
export function shortened(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}
