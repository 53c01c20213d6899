import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { defaultsLast, demandOfManifest } from '../admission/demand-of-manifest';
import { overheadOf } from '../admission/runtime-overhead';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceOf } from '../kernel/model/names';
import { wireOf } from '../kernel/model/wire';
import { countAt, list, part, textAt } from '../kernel/schema/manifest';
import { isExtended } from '../kubernetes/extended-resources';
import type { Amounts } from '../kubernetes/pod-demand';
import { podTemplateOf } from '../kubernetes/pod-template';
import { MILLI, type Nanos, ONE } from '../kubernetes/quantity';
import type { WorkloadFacts } from '../pod/workload-facts';

type Containers = WorkloadFacts['containers'];

/** The demands of a foreign block's pods on the cluster, from the manifest of their controller. */
export function factsOfManifest(
  view: PassView,
  construct: IConstruct,
  name: string,
  controller: ApiObject | undefined,
): WorkloadFacts {
  const cluster = clusterOf(construct);
  const manifest = controller && wireOf(controller);
  const demand =
    controller &&
    demandOfManifest(manifest, {
      source: controller,
      cluster: cluster.name,
      defaultsLast: defaultsLast(cluster),
      nodes: cluster.nodes,
      overheadOf: (runtimeClass) => overheadOf(view, cluster.name, runtimeClass),
    });
  const spec = part(podTemplateOf(manifest)?.pod, 'spec');
  const images = new Map(
    ['initContainers', 'containers'].flatMap((key) =>
      list(part(spec, key)).map((one) => [textAt(one, 'name'), textAt(one, 'image') ?? '']),
    ),
  );
  const { most = 0, surge = 0, stopping = 0 } = demand ?? {};
  const overhead: Amounts = demand?.pod.overhead ?? {};
  const replicas = countAt(manifest, 'spec', 'replicas') ?? most;
  return {
    construct,
    kind: controller?.kind ?? '',
    name,
    namespace: namespaceOf(construct),
    replicas,
    most,
    surge,
    stopping,
    scaledTo: (raised) => ({ replicas, most: raised, surge, stopping }),
    readFrom: controller,
    containers: (demand?.pod.containers ?? []).map(
      ({ name: container, role, requests, limits }): Containers[number] => ({
        name: container,
        role,
        image: images.get(container) ?? '',
        resources: {
          cpu: amountOf(requests, limits, 'cpu', MILLI),
          memory: amountOf(requests, limits, 'memory', ONE),
          ephemeralStorage: amountOf(requests, limits, 'ephemeral-storage', ONE),
          extended: extendedOf(limits),
        },
      }),
    ),
    whole: wholeOf(demand?.pod.whole),
    overhead: { cpu: Number((overhead.cpu ?? 0n) / MILLI), memory: Number((overhead.memory ?? 0n) / ONE) },
    claims: [],
    volumes: [],
    priorityClass: demand?.pod.priorityClass,
    token: part(spec, 'automountServiceAccountToken') !== false,
  };
}

/** The request of an extended resource is its limit. */
function extendedOf(limits: Amounts): Record<string, number> | undefined {
  const found = Object.entries(limits).filter(([name]) => isExtended(name));
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([name, amount]) => [name, Number(amount / ONE)]));
}

/** Only a pod that states both: what it omits is the sum of its containers. */
function wholeOf(whole: { readonly requests: Amounts; readonly limits: Amounts } | undefined): WorkloadFacts['whole'] {
  const { requests = {}, limits = {} } = whole ?? {};
  const [cpu, memory] = [amountOf(requests, limits, 'cpu', MILLI), amountOf(requests, limits, 'memory', ONE)];
  return cpu && memory && { cpu, memory };
}

/** Kubernetes uses a limit as the missing request. */
function amountOf(
  requests: Amounts,
  limits: Amounts,
  resource: string,
  unit: Nanos,
): { request: number; limit?: number } | undefined {
  const [request, limit] = [requests[resource] ?? limits[resource], limits[resource]].map((amount) =>
    amount === undefined ? undefined : Number(amount / unit),
  );
  return request === undefined ? undefined : { request, limit };
}
