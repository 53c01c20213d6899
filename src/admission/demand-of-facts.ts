import type { Amounts, ContainerDemand, WorkloadDemand } from './demand';
import { MILLI, type Nanos, ONE } from '../foundation/api-quantity';
import type { ContainerSettings } from '../pod/container';
import { type ResourceName, startOrder } from '../pod/pod-size';
import type { WorkloadFacts } from '../workload/facts';

const UNITS: ReadonlyArray<[name: string, resource: ResourceName, unit: Nanos]> = [
  ['cpu', 'cpu', MILLI],
  ['memory', 'memory', ONE],
  ['ephemeral-storage', 'ephemeralStorage', ONE],
];

/** The demand of a workload of this library. */
export function demandOfFacts(facts: WorkloadFacts): WorkloadDemand {
  const { construct, kind, name, most, surge, stopping, containers, overhead, claims, priorityClass } = facts;
  return {
    path: construct.node.path,
    kind,
    name,
    most,
    surge,
    stopping,
    pod: {
      containers: startOrder(containers).map(toContainer),
      overhead: { cpu: BigInt(overhead.cpu) * MILLI, memory: BigInt(overhead.memory) * ONE },
      priorityClass,
      deadline: false,
    },
    claims: claims.map(({ storageClass, bytes }) => ({ storageClass, storage: BigInt(bytes) * ONE })),
    unreadable: [],
  };
}

function toContainer({ name, role, resources }: Pick<ContainerSettings, 'name' | 'role' | 'resources'>): ContainerDemand {
  const amounts = (which: 'request' | 'limit'): Amounts => Object.fromEntries(UNITS.flatMap(([wire, resource, unit]) => {
    const amount = resources[resource]?.[which];
    return amount === undefined ? [] : [[wire, BigInt(amount) * unit]];
  }));
  return { name, role, requests: amounts('request'), limits: amounts('limit') };
}
