import type { KplusObject } from './references';

// cdk8s-plus calls methods of an object and never asks for its class: ours need none of its code, and serve all lines.

/** A selector of pods by labels. */
export function toLabelSelector(matchLabels: Readonly<Record<string, string>>): KplusObject {
  return { isEmpty: () => Object.keys(matchLabels).length === 0, _toKube: () => ({ matchLabels }) };
}

/** A volume with a source in wire format. */
export function toVolume(name: string, source: object): KplusObject {
  const volume = { name, asVolume: () => volume, _toKube: () => ({ name, ...source }) };
  return volume;
}

/** What cdk8s-plus reads of a container: its ports for network policies, its requests for autoscalers. */
export interface KplusContainer {
  readonly name: string;
  readonly image: string;
  readonly ports: ReadonlyArray<{ readonly name: string; readonly number: number; readonly protocol: string }>;
  readonly resources?: { readonly cpu: { readonly request: { readonly amount: string } } };
}

/** The port of a Service. */
export function toIngressBackend(name: string, port: number): KplusObject {
  return { _toKube: () => ({ service: { name, port: { number: port } } }) };
}

/** A quantity of the Kubernetes API. */
export class KplusQuantity {
  public constructor(public readonly value: string) {}
}

/** The wire format of an object of cdk8s-plus; `undefined` for what is none. */
export function fromKplus(object: unknown): Record<string, unknown> | undefined {
  const toKube = (object as { _toKube?: unknown } | null | undefined)?._toKube;
  if (typeof toKube !== 'function') return undefined;
  const wire = toWire(toKube.call(object));
  return typeof wire === 'object' && wire !== null ? (wire as Record<string, unknown>) : undefined;
}

/** The wire format of what the API classes of cdk8s-plus hold: a quantity is an object there, `{ value }`. */
export function toWire(kube: unknown): unknown {
  if (Array.isArray(kube)) return kube.map(toWire);
  if (typeof kube !== 'object' || kube === null) return kube;
  const entries = Object.entries(kube).filter(([, value]) => value !== undefined);
  const isPlain = Object.getPrototypeOf(kube) === Object.prototype;
  if (!isPlain && entries.length === 1 && entries[0][0] === 'value') return entries[0][1];
  return Object.fromEntries(entries.map(([key, value]) => [key, toWire(value)]));
}
