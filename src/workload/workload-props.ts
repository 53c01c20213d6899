import type { Duration } from 'cdk8s';
import type { WorkloadIdentity } from '../access/workload-identity';
import type { ISecretRef } from '../interop/references';
import type { Egress } from '../network/egress';
import type { DisruptionBudget } from '../parts/disruption-budget';
import type { VerticalAutoscaling } from '../parts/vertical-autoscaling';
import type { InitContainerProps, SidecarProps } from '../pod/container';
import type { NodeFeatureProps } from '../pod/node-features';
import type { NodeHoldProps } from '../pod/node-hold';
import type { PlacementProps } from '../pod/placement';
import type { PodResources } from '../pod/pod-resources';

/** Common props of all workloads, including those that run to completion. */
export interface PodWorkloadProps extends PlacementProps, NodeFeatureProps, NodeHoldProps {
  /**
   * Name of the workload and of the objects around it.
   *
   * @default - the construct path joined by `-`: `journal-frontend`
   */
  readonly name?: string;

  /**
   * Name of the main container: at most 63 lower-case letters, digits and `-`.
   *
   * @default - 'main', and 'redis' for `Redis`
   */
  readonly containerName?: string;

  /**
   * Labels of every object and of the pods, in addition to the recommended ones. They can also replace those: for
   * example, `app.kubernetes.io/version` defaults to the tag of the image.
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
   * Labels of the pods only.
   *
   * @default - none
   */
  readonly podLabels?: { [label: string]: string };

  /**
   * Annotations of the pods only.
   *
   * @default - none
   */
  readonly podAnnotations?: { [name: string]: string };

  /**
   * Allowed image prefixes for all containers, each ending with `/`.
   *
   * @default - any registry
   */
  readonly registries?: string[];

  /**
   * When the kubelet pulls images.
   *
   * @default 'IfNotPresent': the tag is fixed, and a registry outage must not prevent a pod from restarting (DX-38)
   */
  readonly pullPolicy?: 'IfNotPresent' | 'Always' | 'Never';

  /**
   * Secrets of type `kubernetes.io/dockerconfigjson` for the registry. The ServiceAccount refers to them (CH04-27).
   *
   * @default - none
   */
  readonly pullSecrets?: ISecretRef[];

  /**
   * Whether the ServiceAccount token is mounted, for an app that calls the API server.
   *
   * @default - false (CH04-36); true if the block itself calls the API server
   */
  readonly serviceAccountToken?: boolean;

  /**
   * Cloud identity of the workload, instead of long-lived keys in Secrets.
   *
   * @default - none
   */
  readonly workloadIdentity?: WorkloadIdentity;

  /**
   * `guaranteed` makes the limits of all containers equal to their requests: the most predictable behaviour, but no
   * other pod can use idle CPU.
   *
   * @default 'burstable'
   */
  readonly quality?: 'burstable' | 'guaranteed';

  /**
   * CPU and memory of each pod as a whole, which its containers share. Containers that state no `resources` then have
   * neither requests nor limits of their own. Needs Kubernetes 1.34.
   *
   * @default - the sums of the containers
   */
  readonly podResources?: PodResources;

  /**
   * A VerticalPodAutoscaler, which recommends requests or sets them. The cluster must have its controllers.
   *
   * @default - none
   */
  readonly verticalAutoscaling?: VerticalAutoscaling;

  /**
   * Time between the request to stop a pod and its kill; 1 to 3600 s. Includes `drain`.
   *
   * @default - 30 s; for `Redis` and `StatefulService`, 60 s
   */
  readonly terminationGracePeriod?: Duration;

  /**
   * Containers that run beside the main one.
   *
   * @default - none
   */
  readonly sidecars?: SidecarProps[];

  /**
   * Containers that run to completion before the main one starts.
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
   * Egress of the pods: to anywhere (`open`), or only over declared connections (`declared`). DNS is always open.
   * Ingress is always limited to declared connections.
   *
   * @default - 'open'; 'declared' in a tier, and in a namespace that a `TenantNamespace` closes
   */
  readonly egress?: 'open' | 'declared';

  /**
   * Destinations outside the blocks; requires closed egress.
   *
   * @default - none
   */
  readonly egressTo?: Egress[];
}

/** Common props of all long-running workloads. */
export interface WorkloadProps extends PodWorkloadProps {
  /**
   * How many pods evictions may remove at once.
   *
   * @default DisruptionBudget.maxUnavailable(1): right for any number of replicas. One replica gets none, since that
   * budget would let it go
   */
  readonly budget?: DisruptionBudget;
}
