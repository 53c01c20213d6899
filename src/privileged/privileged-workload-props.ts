import type { PrivilegedException } from './privileged-exception';
import type { ContainerBaseProps, ProbedContainerProps } from '../pod/container';
import type { PodWorkloadProps } from '../workload/workload-props';

/** Props of `PrivilegedWorkload`. */
export interface PrivilegedWorkloadProps extends PodWorkloadProps, ContainerBaseProps, ProbedContainerProps {
  /** Whom to ask: a person, an address or a channel. An annotation of the Namespace, the workload and its pods. */
  readonly owner: string;

  /** What the pods may do beyond Pod Security `restricted`, each by name and with its reason; at least one (CH10-29). */
  readonly exceptions: PrivilegedException[];

  /**
   * Number of pods of a Deployment; 1 to 10000.
   *
   * @default - one pod on each node: a DaemonSet
   */
  readonly replicas?: number;
}
