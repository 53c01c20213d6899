import type { WorkloadDemand } from './demand';
import { ephemeralClaims } from './demand-of-manifest';
import type { Amounts, ContainerDemand, PodDemand } from '../kubernetes/pod-demand';
import { type ResourceName, startOrder } from '../kubernetes/pod-size';
import { MILLI, type Nanos, ONE } from '../kubernetes/quantity';
import type { ContainerSettings } from '../pod/container';
import type { WorkloadFacts } from '../pod/workload-facts';

const UNITS: ReadonlyArray<[name: string, resource: ResourceName, unit: Nanos]> = [
  ['cpu', 'cpu', MILLI],
  ['memory', 'memory', ONE],
  ['ephemeral-storage', 'ephemeralStorage', ONE],
];

type Container = Pick<ContainerSettings, 'name' | 'role' | 'resources'>;
type PodFacts = Pick<WorkloadFacts, 'containers' | 'overhead' | 'whole' | 'priorityClass'>;

/** The pods of workloads of this library. Equal pods share one object, so most of a fleet is checked once. */
export class Pods {
  private readonly known = new Map<string, PodDemand>();

  public of(facts: PodFacts): PodDemand {
    const key = keyOf(facts);
    const pod = this.known.get(key) ?? toPod(facts);
    this.known.set(key, pod);
    return pod;
  }
}

/** The demand of a workload of this library. */
export function demandOfFacts(facts: WorkloadFacts, pods: Pods): WorkloadDemand {
  const { construct, kind, most, surge, stopping, claims, volumes } = facts;
  const unreadable: string[] = [];
  return {
    source: construct,
    kind,
    most,
    surge,
    stopping,
    pod: pods.of(facts),
    claims: [
      ...claims.map(({ storageClass, bytes }) => ({ storageClass, storage: BigInt(bytes) * ONE, ephemeral: false })),
      ...ephemeralClaims(
        volumes.map(({ source }) => source),
        unreadable,
      ),
    ],
    unreadable,
  };
}

/** Names contain no spaces. */
function keyOf({ containers, overhead, whole, priorityClass }: PodFacts): string {
  let key = `${overhead.cpu} ${overhead.memory} ${priorityClass}`;
  for (const {
    name,
    role,
    resources: { cpu, memory, ephemeralStorage, extended, devices },
  } of containers) {
    if (extended !== undefined) key += ` ${JSON.stringify(extended)}`;
    if (devices !== undefined) key += ` ${JSON.stringify(devices)}`;
    key +=
      ` ${name} ${role} ${cpu?.request} ${cpu?.limit} ${memory?.request} ${memory?.limit} ` +
      `${ephemeralStorage?.request} ${ephemeralStorage?.limit}`;
  }
  return whole === undefined ? key : `${key} ${JSON.stringify(whole)}`;
}

function toPod({ containers, overhead, whole, priorityClass }: PodFacts): PodDemand {
  return {
    ...(whole === undefined ? {} : { whole: { requests: amounts(whole, 'request'), limits: amounts(whole, 'limit') } }),
    containers: startOrder(containers).map(toContainer),
    overhead: { cpu: BigInt(overhead.cpu) * MILLI, memory: BigInt(overhead.memory) * ONE },
    priorityClass,
    deadline: false,
  };
}

function toContainer({ name, role, resources }: Container): ContainerDemand {
  const { extended = {}, devices, shared } = resources;
  const counts = Object.fromEntries(
    Object.entries(extended).map(([resource, count]) => [resource, BigInt(count) * ONE]),
  );
  return {
    name,
    role,
    requests: { ...amounts(resources, 'request'), ...counts },
    limits: { ...amounts(resources, 'limit'), ...counts },
    ...(devices === undefined ? {} : { devices }),
    ...(shared === undefined ? {} : { shared }),
  };
}

function amounts(resources: Container['resources'], which: 'request' | 'limit'): Amounts {
  return Object.fromEntries(
    UNITS.flatMap(([wire, resource, unit]) => {
      const amount = resources[resource]?.[which];
      return amount === undefined ? [] : [[wire, BigInt(amount) * unit]];
    }),
  );
}
