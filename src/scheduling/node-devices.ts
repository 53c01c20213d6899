import { NodePool, type NodePoolSettings, readNodePool } from './node-pool';
import type { Problems } from '../kernel/findings/problems';
import { instance, integer } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { extendedName } from '../kubernetes/extended-resources';

/** Devices of nodes, as their device plugin advertises them. */
export interface NodeDevices {
  /** Name of the extended resource, such as `nvidia.com/gpu`: `kubectl describe node NODE` lists it as allocatable. */
  readonly resource: string;

  /** Number of devices of each node; 1 to 100000. */
  readonly perNode: number;

  /**
   * Number of nodes with them; 1 to 100000.
   *
   * @default - unknown: not checked
   */
  readonly nodes?: number;

  /**
   * The nodes with them. Pods that request the resource get the selector and the toleration of the pool (CH14-31).
   *
   * @default - unknown: the pods get neither
   */
  readonly pool?: NodePool;
}

export interface DeviceFacts {
  readonly resource: string;
  readonly perNode: number;
  readonly nodes?: number;
  readonly pool?: NodePoolSettings;
}

declare module '../kernel/model/cluster-facts' {
  interface ClusterFacts {
    /** All extended resources of the nodes, if known. */
    readonly devices?: readonly DeviceFacts[];
  }
}

const COUNT = integer(1, 100_000);

export function readNodeDevices(given: unknown, problems: Problems, prop: string): DeviceFacts {
  const read = new Reader<NodeDevices>(problems, given, `${prop}.`);
  const resource = read.required('resource', extendedName, 'invalid', {
    fix: "Name the extended resource, such as 'nvidia.com/gpu'",
    practice: 'CH14-03',
  });
  const perNode = read.required('perNode', COUNT, 100_000, { fix: 'Count the devices of one node, such as 8' });
  const nodes = read.optional('nodes', COUNT, undefined, {
    fix: 'Count the nodes that have the devices, or remove the prop',
  });
  const pool = read.optional('pool', instance(NodePool, 'a NodePool'), undefined, {
    fix: 'Use NodePool.reserved(...) or NodePool.open(...)',
    practice: 'CH14-31',
  });
  read.refuseUnknown();
  return { resource, perNode, nodes, pool: pool && readNodePool(pool, problems, `${prop}.pool`) };
}

/** Refuses a second entry of a resource without a pool: nothing tells the nodes of the two apart. */
export function refuseUnclear(devices: readonly DeviceFacts[], problems: Problems, prop: string): void {
  devices.forEach(({ resource, pool }, index) => {
    const others = devices.filter((other, at) => at !== index && other.resource === resource);
    if (pool !== undefined || others.length === 0 || resource === 'invalid') return;
    problems.refuse(`${prop}[${index}].pool`, undefined, `a pool in each entry of ${resource}`, {
      rule: 'props/required',
      fix: 'Set the pool of each entry: it tells the nodes of the entries apart',
    });
  });
}
