import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { emitLater } from '../kernel/emit/emission';
import type { Labels } from '../kernel/emit/labels';
import type { Problems } from '../kernel/findings/problems';
import type { Reader } from '../kernel/schema/reader';
import type { PodWide } from '../pod/container';
import type { PodSettings } from '../pod/pod-settings';

/** A workload while it is put together, as its controller and its parts see it. `P`: the props of the block. */
export interface Site<P = unknown> {
  readonly owner: Construct;
  readonly name: string;
  readonly read: Reader<P>;
  readonly problems: Problems;
  /** Of all objects. */
  readonly labels: Labels;
  readonly podWide: PodWide;
  /** The main container is there when the controller is read, and all others with it. */
  readonly pod: PodSettings;
}

/** What an object of a workload is. */
export interface PartHead {
  readonly apiVersion: string;
  readonly kind: string;
  /** That of the workload, unless there is another. */
  readonly name?: string;
  /** Of this object alone; those that the caller has chosen win. */
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
