import type { Construct, IConstruct } from 'constructs';
import type { AllowOptions } from './connection';
import type { IPeer, PeerSettings } from './peer';
import type { PortSettings } from './ports';
import { identity, type Labels } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import type { Facts } from '../kernel/facts/fact-map';

/** The pods of one workload, for surrounding blocks. */
export interface NetworkedPods {
  readonly owner: Construct;
  readonly name: string;
  readonly namespace?: string;
  /** Of all containers. */
  ports(): readonly PortSettings[];
  /** Of the pods. */
  readonly ownLabels: Labels;
  /** The labels of the pods, including those of surrounding blocks. */
  labels(): Labels;
  /** Called when a block around the workload has changed its labels; none where they are read at synthesis. */
  readonly relabel?: () => void;
  /** Opens the pods for a peer. */
  allow(peer: IPeer, options: AllowOptions): void;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly pods: NetworkedPods;
  }
}

const byOwner = ({ owner }: NetworkedPods): IConstruct[] => [owner];

export function recordPods(pods: NetworkedPods): void {
  AppModel.of(pods.owner).add('pods', pods);
}

/** The pods of a block, if it is a workload of this library. */
export function podsOf(block: IConstruct): NetworkedPods | undefined {
  return AppModel.of(block).by('pods', byOwner, block)[0];
}

/** The pods as a peer of policies. */
export function podPeer({ name, namespace }: NetworkedPods): PeerSettings {
  return { kind: 'pods', labels: identity(name), namespace };
}

/** The pods of all workloads of an app, in order of construction. */
export function allPods(facts: Facts): readonly NetworkedPods[] {
  return facts.all('pods');
}
