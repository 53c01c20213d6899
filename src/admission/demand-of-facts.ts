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
type PodFacts = Pick<WorkloadFacts, 'containers' | 'overhead' | 'priorityClass'>;

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
function keyOf({ containers, overhead, priorityClass }: PodFacts): string {
  let key = `${overhead.cpu} ${overhead.memory} ${priorityClass}`;
  for (const {
    name,
    role,
    resources: { cpu, memory, ephemeralStorage },
  } of containers) {
    key +=
      ` ${name} ${role} ${cpu?.request} ${cpu?.limit} ${memory?.request} ${memory?.limit} ` +
      `${ephemeralStorage?.request} ${ephemeralStorage?.limit}`;
  }
  return key;
}

function toPod({ containers, overhead, priorityClass }: PodFacts): PodDemand {
  return {
    containers: startOrder(containers).map(toContainer),
    overhead: { cpu: BigInt(overhead.cpu) * MILLI, memory: BigInt(overhead.memory) * ONE },
    priorityClass,
    deadline: false,
  };
}

function toContainer({ name, role, resources }: Container): ContainerDemand {
  const amounts = (which: 'request' | 'limit'): Amounts =>
    Object.fromEntries(
      UNITS.flatMap(([wire, resource, unit]) => {
        const amount = resources[resource]?.[which];
        return amount === undefined ? [] : [[wire, BigInt(amount) * unit]];
      }),
    );
  return { name, role, requests: amounts('request'), limits: amounts('limit') };
}
