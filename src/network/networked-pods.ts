import type { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { PeerSettings } from './peer';
import type { PortSettings } from './ports';
import { identity, type Labels } from '../kernel/emit/labels';
import { PerApp } from '../kernel/model/per-app';

/** The pods of one workload, for blocks around several workloads. */
export interface NetworkedPods {
  readonly owner: Construct;
  readonly name: string;
  readonly namespace?: string;
  /** Of the pods. They may be added to until the synthesis. */
  readonly labels: Labels;
  /** Of the pods. They may be added to until the synthesis. */
  readonly annotations: Record<string, string>;
  readonly policy: ApiObject;
  /** Of all containers. */
  ports(): readonly PortSettings[];
}

const perApp = new PerApp<Map<IConstruct, NetworkedPods>>(() => new Map());

export function recordPods(pods: NetworkedPods): void {
  perApp.of(pods.owner).set(pods.owner, pods);
}

/** The pods of a block, where it is a workload of this library. */
export function podsOf(block: IConstruct): NetworkedPods | undefined {
  return perApp.of(block).get(block);
}

/** The pods, as a peer of policies. */
export function podPeer({ name, namespace }: NetworkedPods): PeerSettings {
  return { kind: 'pods', labels: identity(name), namespace };
}

/** Those of all workloads of an app, in the order of their construction. */
export function allPods(app: IConstruct): NetworkedPods[] {
  return [...perApp.of(app).values()];
}

/** The number of workloads of an app. */
export function countPods(app: IConstruct): number {
  return perApp.of(app).size;
}
