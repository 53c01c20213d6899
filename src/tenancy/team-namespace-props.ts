import type { LimitRangeOptions } from './limit-range';
import type { ISecretRef } from '../interop/references';

/**
 * What pods of a namespace may do.
 *
 * - `restricted`: what pods of this library keep to.
 * - `baseline`: no host access and no privileges, but root and writable file systems: for software of others.
 */
export type PodSecurityLevel = 'restricted' | 'baseline';

/** Props of all namespaces that the platform gives away. */
export interface TeamNamespaceProps {
  /**
   * Name of the namespace: a DNS label; not `default`, `openshift`, `kube-...` or `openshift-...` (CH08-34, CH08-35).
   * Best one for each project, and not one for each person (CH02-21).
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /** The team, as a label: at most 63 letters, digits, `-`, `_` and `.` (CH08-32). */
  readonly team: string;

  /** What the namespace is for, as text for people (CH02-22). */
  readonly purpose: string;

  /**
   * What single containers and claims get and may have. A quota is never without (CH08-45).
   *
   * @default - requests of 100m CPU and 128 MiB for containers that state nothing; see there
   */
  readonly limitRange?: LimitRangeOptions;

  /**
   * Which pods are admitted. Privileged ones never: they need a namespace of their own (CH10-35).
   *
   * Enforced as of the oldest version of the ClusterProfile, so that an upgrade of the cluster refuses no pod that ran
   * before; warnings and audit records are as of the newest, and tell what a later one would refuse.
   *
   * @default 'restricted' (CH10-02)
   * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
   */
  readonly podSecurity?: PodSecurityLevel;

  /**
   * Secrets of type `kubernetes.io/dockerconfigjson` in the namespace, with which its pods pull images (CH04-28). They
   * are named by the ServiceAccount `default`, and by those of all workloads of this library in the namespace.
   *
   * @default - none
   */
  readonly pullSecrets?: ISecretRef[];

  /**
   * More labels of the namespace; not what other props say, nor `cdk8s-best-practices.dev/expires`, by which a
   * `NamespaceReaper` knows what it may delete.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };

  /**
   * More annotations of the namespace; not what other props say, nor `ttl` and `expires-at`, by which a
   * `NamespaceReaper` knows when it deletes.
   *
   * @default - none
   */
  readonly annotations?: { [annotation: string]: string };
}
