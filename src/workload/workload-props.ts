import type { Duration } from 'cdk8s';
import type { WorkloadIdentity } from '../access/workload-identity';
import type { ISecretRef } from '../interop/references';
import type { Egress } from '../network/egress';
import type { DisruptionBudget } from '../parts/disruption-budget';
import type { InitContainerProps, SidecarProps } from '../pod/container';
import type { PlacementProps } from '../pod/placement';

/** What all workloads have in common, those that run to an end included. */
export interface PodWorkloadProps extends PlacementProps {
  /**
   * Name of the workload and of the objects around it.
   *
   * @default - the construct path joined by `-`: `journal-frontend`
   */
  readonly name?: string;

  /**
   * Name of the main container: at most 63 lower-case letters, digits and `-`.
   *
   * @default 'main'; for `Redis`, 'redis'
   */
  readonly containerName?: string;

  /**
   * Labels on every object and on the pods, beside the recommended ones or in their place:
   * `app.kubernetes.io/version`, for example, is the tag of the image otherwise.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };

  /**
   * Annotations of the workload object.
   *
   * @default - none
   */
  readonly annotations?: { [name: string]: string };

  /**
   * Labels of the pods alone.
   *
   * @default - none
   */
  readonly podLabels?: { [label: string]: string };

  /**
   * Annotations of the pods alone.
   *
   * @default - none
   */
  readonly podAnnotations?: { [name: string]: string };

  /**
   * Image prefixes, each ending with `/`, that all containers must come from.
   *
   * @default - any registry
   */
  readonly registries?: string[];

  /**
   * When images are pulled.
   *
   * @default 'IfNotPresent': the tag is fixed, and a registry outage must not keep a pod from restarting (DX-38)
   */
  readonly pullPolicy?: 'IfNotPresent' | 'Always' | 'Never';

  /**
   * Secrets of type `kubernetes.io/dockerconfigjson` for the registry. They go to the ServiceAccount (CH04-27).
   *
   * @default - none
   */
  readonly pullSecrets?: ISecretRef[];

  /**
   * Whether the token of the ServiceAccount is mounted, for an app that talks to the API server.
   *
   * @default - false (CH04-36); true where the block itself calls the API server
   */
  readonly serviceAccountToken?: boolean;

  /**
   * What the workload is for its cloud, in place of keys in Secrets.
   *
   * @default - nobody
   */
  readonly workloadIdentity?: WorkloadIdentity;

  /**
   * `guaranteed` makes the limits of all containers equal to their requests: the most predictable behaviour, at the
   * price of idle CPU that nobody else can use.
   *
   * @default 'burstable'
   */
  readonly quality?: 'burstable' | 'guaranteed';

  /**
   * Time that a pod has from the order to stop until it is killed; 1 to 3600 s. Includes `drain`.
   *
   * @default - 30 s; for `Redis`, 60 s
   */
  readonly terminationGracePeriod?: Duration;

  /**
   * Containers that run beside the main one.
   *
   * @default - none
   */
  readonly sidecars?: SidecarProps[];

  /**
   * Containers that run to their end before the main one starts.
   *
   * @default - none
   */
  readonly initContainers?: InitContainerProps[];

  /**
   * Lowest port that a process of the pods may listen on without root; 1 to 1024. Below 1024, the pods get the sysctl
   * `net.ipv4.ip_unprivileged_port_start`, which Pod Security `restricted` allows. The capability `NET_BIND_SERVICE`
   * has no effect for a process that is not root.
   *
   * @default 1024: let the image listen on a higher port where it can
   * @see https://github.com/kubernetes/kubernetes/issues/56374
   */
  readonly unprivilegedPortStart?: number;

  /**
   * Where the pods may connect to: anywhere (`open`), or only along declared edges (`declared`). DNS is open either
   * way. Connections to the pods are closed but for declared edges in both cases.
   *
   * @default - 'open'; 'declared' in a tier, and in a namespace that a `TenantNamespace` closes
   */
  readonly egress?: 'open' | 'declared';

  /**
   * Destinations outside of the blocks; with `egress: 'declared'`.
   *
   * @default - none
   */
  readonly egressTo?: Egress[];
}

/** What all workloads that go on running have in common. */
export interface WorkloadProps extends PodWorkloadProps {
  /**
   * How many pods an eviction may take away at once.
   *
   * @default DisruptionBudget.maxUnavailable(1): right for any number of replicas
   */
  readonly budget?: DisruptionBudget;
}
