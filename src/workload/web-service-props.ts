import type { Duration } from 'cdk8s';
import type { Rollout } from './rollout';
import type { WorkloadProps } from './workload-props';
import type { NamedPort } from '../network/ports';
import type { ServiceOptions } from '../parts/service';
import type { ContainerBaseProps } from '../pod/container';
import type { Probe } from '../pod/probe';
import type { Autoscaling } from '../scaling/autoscaling';

/** Props of `WebService`. */
export interface WebServiceProps extends WorkloadProps, ContainerBaseProps {
  /** Port that the process listens on; 1 to 65535. From 1024 up, since it does not run as root. */
  readonly port: number;

  /**
   * Name of the port, for what it speaks.
   *
   * @default 'http'
   */
  readonly portName?: string;

  /**
   * Ports beside the main one.
   *
   * @default - none
   */
  readonly extraPorts?: NamedPort[];

  /**
   * Whether a pod may get traffic (CH05-17). Required: without it, requests are sent to pods that still start.
   * `Probe.portOnly()` is the choice for a server without a health path.
   */
  readonly readiness: Probe;

  /**
   * Whether the process must be restarted (CH05-21). Never a check of its dependencies.
   *
   * @default - the port accepts a connection; none with `readiness: Probe.portOnly()`, which checks the same
   */
  readonly liveness?: Probe;

  /**
   * Whether the process has started; the other probes wait for it.
   *
   * @default - with `startupTimeout`: the check of liveness, or that of readiness; otherwise none
   */
  readonly startup?: Probe;

  /**
   * Time that the process may take to start, for slow starters; 5 to 3600 s.
   *
   * @default - none: it is restarted when liveness fails three times
   */
  readonly startupTimeout?: Duration;

  /**
   * Time for which a stopping pod goes on serving, until every proxy has taken it out of its endpoints (CH05-18); 0 to
   * 3600 s, shorter than `terminationGracePeriod`. The pause is the kubelet's own: the image needs no shell.
   *
   * @default Duration.seconds(5)
   */
  readonly drain?: Duration;

  /**
   * Number of pods; 0 to 10000. Excludes `autoscaling`, which then owns the number.
   *
   * @default 2: one crash or one drained node takes nothing away from the users (CH01-11)
   */
  readonly replicas?: number;

  /**
   * Lets the load decide on the number of pods.
   *
   * @default - none: `replicas` decides
   */
  readonly autoscaling?: Autoscaling;

  /**
   * How new pods replace old ones.
   *
   * @default Rollout.rolling(): one pod more than wanted, none less (CH05-16)
   */
  readonly rollout?: Rollout;

  /**
   * Time for which a new pod must be ready before it counts; 0 to 3600 s.
   *
   * @default Duration.seconds(5): a pod that crashes on its first requests does not count
   */
  readonly minReady?: Duration;

  /**
   * Time without progress after which a rollout counts as failed; 1 to 86400 s, longer than a start may take by its probes, and
   * `minReady`.
   *
   * @default Duration.minutes(10), or 5 minutes more than these two where that is longer
   */
  readonly progressDeadline?: Duration;

  /**
   * Old versions that a rollback can return to; 0 to 100. Keep their ConfigMaps as long.
   *
   * @default 10
   */
  readonly revisionHistory?: number;

  /**
   * Options of the Service.
   *
   * @default - a ClusterIP with the ports of the container
   */
  readonly service?: ServiceOptions;
}
