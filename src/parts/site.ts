import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { emitLater } from '../kernel/emit/emission';
import type { Labels } from '../kernel/emit/labels';
import type { Problems } from '../kernel/findings/problems';
import type { Reader } from '../kernel/schema/reader';
import type { PodWide } from '../pod/container';
import type { PodSettings } from '../pod/pod-settings';

/** A workload under construction, as its controller and parts see it. `P`: the props of the block. */
export interface Site<P = unknown> {
  readonly owner: Construct;
  readonly name: string;
  readonly read: Reader<P>;
  readonly problems: Problems;
  /** Of all objects. */
  readonly labels: Labels;
  readonly podWide: PodWide;
  /** All containers exist when the controller is read. */
  readonly pod: PodSettings;
}

/** The head of an object of a workload. */
export interface PartHead {
  readonly apiVersion: string;
  readonly kind: string;
  /** The name of the workload, unless set. */
  readonly name?: string;
  /** Of this object only; labels of the caller take precedence. */
  readonly labels?: Labels;
  readonly annotations?: Record<string, string>;
}

/** Emits an object of a workload. Its `spec` is rendered at synthesis. */
export function emitPart(
  { owner, name, labels, problems }: Site,
  id: string,
  head: PartHead,
  spec: () => object,
): ApiObject {
  const metadata = { name: head.name ?? name, labels: { ...head.labels, ...labels }, annotations: head.annotations };
  return emitLater(owner, id, { apiVersion: head.apiVersion, kind: head.kind, metadata }, problems, spec);
}
