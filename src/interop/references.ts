import type { IConstruct } from 'constructs';

/**
 * What blocks take of a Secret: `SecretRef.named(...)`, a `VersionedSecret`, or a Secret of any line of cdk8s-plus.
 */
export interface ISecretRef {
  /** `Secret`. */
  readonly kind: string;
  /** Name of the Secret. */
  readonly name: string;
}

/**
 * What blocks take of a ConfigMap: `ConfigMapRef.named(...)`, a `VersionedConfigMap`, or a ConfigMap of any line of
 * cdk8s-plus.
 */
export interface IConfigMapRef {
  /** `ConfigMap`. */
  readonly kind: string;
  /** Name of the ConfigMap. */
  readonly name: string;
}

/** One key of a Secret. */
export interface SecretKeyRef {
  /** The Secret. */
  readonly secret: ISecretRef;
  /** The key. */
  readonly key: string;
}

/** The value of an environment variable: an `EnvSource`, or an `EnvValue` of any line of cdk8s-plus. */
export interface IEnvSource {
  /**
   * A literal.
   *
   * @default - none
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly value?: any;

  /**
   * An `EnvVarSource` of Kubernetes.
   *
   * @default - none
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly valueFrom?: any;
}

/** An `EnvFrom` of any line of cdk8s-plus. */
export interface IEnvFromSource {
  /** @internal */
  _toKube(): KplusObject;
}

/**
 * What can be mounted: a `Volume`, a reference to a ConfigMap or Secret, or a volume of any line of cdk8s-plus.
 */
export interface IVolumeSource {
  /** The volume as cdk8s-plus takes it. */
  asVolume(): KplusObject;
}

/** A peer of a NetworkPolicy of any line of cdk8s-plus: pods, namespaces, or a range of addresses. */
export interface INetworkPolicyPeer {
  /** The peer as cdk8s-plus takes it. */
  toNetworkPolicyPeerConfig(): KplusObject;
}

/** Whom a role can be bound to: a workload, or a subject of any line of cdk8s-plus. */
export interface ISubject extends IConstruct {
  /** The subject as a RoleBinding names it. */
  toSubjectConfiguration(): SubjectConfiguration;
}

/** A subject as a RoleBinding names it. */
export interface SubjectConfiguration {
  /**
   * Group of its API.
   *
   * @default - the core group
   */
  readonly apiGroup?: string;

  /** `ServiceAccount`, `User` or `Group`. */
  readonly kind: string;

  /** Its name. */
  readonly name: string;

  /**
   * Namespace of a ServiceAccount.
   *
   * @default - none
   */
  readonly namespace?: string;
}

/**
 * An object for cdk8s-plus, or from it. Its classes have private members, so that those of two lines are different
 * types: to fit all lines, a signature names none.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type KplusObject = any;
