import type { KplusObject } from './references';

// cdk8s-plus calls methods of an object and never checks its class: our objects need none of its code, and fit all
// lines.

/** A pod selector by label. */
export function toLabelSelector(matchLabels: Readonly<Record<string, string>>): KplusObject {
  return { isEmpty: () => Object.keys(matchLabels).length === 0, _toKube: () => ({ matchLabels }) };
}

/** A volume with a source in wire format. */
export function toVolume(name: string, source: object): KplusObject {
  const volume = { name, asVolume: () => volume, _toKube: () => ({ name, ...source }) };
  return volume;
}

/** The parts of a container that cdk8s-plus reads: ports for network policies, requests for autoscalers. */
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

/** The wire format of a cdk8s-plus object; `undefined` for other values. */
export function fromKplus(object: unknown): Record<string, unknown> | undefined {
  const toKube = (object as { _toKube?: unknown } | null | undefined)?._toKube;
  if (typeof toKube !== 'function') return undefined;
  const wire = toWire(toKube.call(object));
  return typeof wire === 'object' && wire !== null ? (wire as Record<string, unknown>) : undefined;
}

/** The wire format of a cdk8s-plus API class: it represents a quantity as an object, `{ value }`. */
export function toWire(kube: unknown): unknown {
  if (Array.isArray(kube)) return kube.map(toWire);
  if (typeof kube !== 'object' || kube === null) return kube;
  const entries = Object.entries(kube).filter(([, value]) => value !== undefined);
  const isPlain = Object.getPrototypeOf(kube) === Object.prototype;
  if (!isPlain && entries.length === 1 && entries[0][0] === 'value') return entries[0][1];
  return Object.fromEntries(entries.map(([key, value]) => [key, toWire(value)]));
}
