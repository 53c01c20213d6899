import type { Size } from 'cdk8s';
import type { ContainerSettings } from './container';
import { type Quality, readAmounts, type WholeSettings } from './resources';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { Reader } from '../kernel/schema/reader';
import type { ICpu } from '../kubernetes/cpu';
import { podSize } from '../kubernetes/pod-size';
import { bytesQuantity, cpuQuantity } from '../kubernetes/quantity';

/** CPU and memory of a pod as a whole. */
export interface PodResourcesOptions {
  /** CPU request of all containers together; at least 1 milli-core, and the sum of their own requests. */
  readonly cpu: ICpu;

  /** Memory request of all containers together; at least 4 MiB, and the sum of their own requests. */
  readonly memory: Size;

  /**
   * CPU above which the containers together are throttled; at least `cpu`.
   *
   * @default - 4 times `cpu`, as for `Resources.of`
   */
  readonly cpuLimit?: ICpu;

  /**
   * Memory above which a container is killed; at least 4 MiB, and `memory`.
   *
   * @default - the same as `memory`: overcommitted memory gets pods killed (CH01-17)
   */
  readonly memoryLimit?: Size;
}

/**
 * CPU and memory of a pod as a whole, which its containers share: a sidecar can use what the main container leaves.
 * Needs Kubernetes 1.34.
 *
 * ```ts
 * new WebService(chart, 'shop', {
 *   image: 'ghcr.io/acme/shop:1.4.2',
 *   port: 8080,
 *   readiness: Probe.httpGet('/readyz'),
 *   sidecars: [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' }],
 *   podResources: PodResources.of({ cpu: Cpu.millis(500), memory: Size.mebibytes(512) }),
 * });
 * new ClusterProfile({ version: '1.34' }).assignTo(chart);
 * ```
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/
 */
export class PodResources {
  /** Uses the given requests, with memory limit = request and CPU limit = 4 x request. */
  public static of(options: PodResourcesOptions): PodResources {
    return new PodResources(options);
  }

  private constructor(/** @internal */ public readonly _options: unknown) {}
}

export function readPodResources(
  given: PodResources,
  quality: Quality,
  problems: Problems,
  prop: string,
): WholeSettings {
  const read = new Reader<PodResourcesOptions>(problems, given._options, `${prop}.`);
  const settings = readAmounts(read, false, quality, problems, prop);
  read.refuseUnknown();
  return settings;
}

/** Refuses what the API server refuses: containers that request more than their pod, or one with a higher limit. */
export function refuseBeyondPod(
  containers: readonly ContainerSettings[],
  whole: WholeSettings,
  problems: Problems,
): void {
  const { requests } = podSize(containers);
  for (const [resource, quantity] of [
    ['cpu', cpuQuantity],
    ['memory', bytesQuantity],
  ] as const) {
    const { request, limit } = whole[resource];
    const refuse = (prop: string, got: string, expected: string): void =>
      problems.refuse(`podResources.${prop}`, new Verbatim(got), expected, {
        rule: 'workload/pod-resources',
        fix: 'Raise it, or omit the resources of containers: they share those of the pod',
      });
    if (requests[resource] > request) {
      refuse(
        resource,
        quantity(request),
        `at least the ${quantity(requests[resource])} that the containers request together`,
      );
    }
    const most = Math.max(0, ...containers.map(({ resources }) => resources[resource]?.limit ?? 0));
    if (limit !== undefined && most > limit) {
      refuse(`${resource}Limit`, quantity(limit), `at least the ${resource} limit of ${quantity(most)} of a container`);
    }
  }
}
