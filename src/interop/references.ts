import type { IConstruct } from 'constructs';

/**
 * A Secret as blocks accept it: `SecretRef.named(...)`, a `VersionedSecret`, or a Secret of any cdk8s-plus line.
 */
export interface ISecretRef {
  /** `Secret`. */
  readonly kind: string;
  /** Name of the Secret. */
  readonly name: string;
}

/**
 * A ConfigMap as blocks accept it: `ConfigMapRef.named(...)`, a `VersionedConfigMap`, or a ConfigMap of any cdk8s-plus
 * line.
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

/** The value of an environment variable: an `EnvSource`, or an `EnvValue` of any cdk8s-plus line. */
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

/** An `EnvFrom` of any cdk8s-plus line. */
export interface IEnvFromSource {
  /** @internal */
  _toKube(): KplusObject;
}

/**
 * A mountable volume: a `Volume`, a reference to a ConfigMap or Secret, or a volume of any cdk8s-plus line.
 */
export interface IVolumeSource {
  /** The volume in the form of cdk8s-plus. */
  asVolume(): KplusObject;
}

/** A NetworkPolicy peer of any cdk8s-plus line: pods, namespaces, or a range of addresses. */
export interface INetworkPolicyPeer {
  /** The peer in the form of cdk8s-plus. */
  toNetworkPolicyPeerConfig(): KplusObject;
}

/** The subject of a role: a workload, or a subject of any cdk8s-plus line. */
export interface ISubject extends IConstruct {
  /** The subject in the form of a RoleBinding. */
  toSubjectConfiguration(): SubjectConfiguration;
}

/** A subject in the form of a RoleBinding. */
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
 * An object for cdk8s-plus, or from it. Its classes have private members, so classes of two lines are different types.
 * A signature that fits all lines names none.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type KplusObject = any;
