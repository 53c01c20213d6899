import { KplusQuantity } from '../interop/cdk8s-plus';
import type { IConfigMapRef, IEnvSource, ISecretRef, KplusObject } from '../interop/references';

/** Options of a variable from a key of a ConfigMap or Secret. */
export interface EnvSourceOptions {
  /**
   * Whether the pod starts without the object or the key; the variable is then missing.
   *
   * @default false: a missing key fails at the start, not for a user
   */
  readonly optional?: boolean;
}

/** Options of a variable from the resources of a container. */
export interface ResourceEnvOptions {
  /**
   * Name of the container.
   *
   * @default - the container of the variable
   */
  readonly container?: string;

  /**
   * The unit: `1m` or `1` for CPU, a unit such as `1Mi` for bytes. The number is rounded up.
   *
   * @default '1'
   */
  readonly divisor?: string;
}

/**
 * The value of an environment variable that the kubelet reads when the container starts.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/environment-variable-expose-pod-information/
 */
export class EnvSource implements IEnvSource {
  /** One key of a Secret. A mounted file is safer: process listings do not show it. */
  public static secret(secret: ISecretRef, key: string, options: EnvSourceOptions = {}): EnvSource {
    return new EnvSource({ secretKeyRef: { name: nameOf(secret), key, optional: options.optional } }, secret);
  }

  /** One key of a ConfigMap. */
  public static configMap(config: IConfigMapRef, key: string, options: EnvSourceOptions = {}): EnvSource {
    return new EnvSource({ configMapKeyRef: { name: nameOf(config), key, optional: options.optional } }, config);
  }

  /**
   * A field of the pod: `metadata.name`, `metadata.namespace`, `metadata.uid`, `metadata.labels['<key>']`,
   * `metadata.annotations['<key>']`, `spec.nodeName`, `spec.serviceAccountName`, `status.hostIP`, `status.podIP`.
   */
  public static field(path: string): EnvSource {
    return new EnvSource({ fieldRef: { fieldPath: path } });
  }

  /** A resource of a container, such as `limits.memory` or `requests.cpu`. */
  public static resource(resource: string, options: ResourceEnvOptions = {}): EnvSource {
    const divisor = options.divisor === undefined ? undefined : new KplusQuantity(options.divisor);
    return new EnvSource({ resourceFieldRef: { resource, containerName: options.container, divisor } });
  }

  /** None: the kubelet reads the value. */
  public readonly value?: KplusObject;
  /** The `EnvVarSource` of Kubernetes. The block that uses it checks it. */
  public readonly valueFrom?: KplusObject;
  /**
   * The referenced object: the source contains only its name.
   *
   * @internal
   */
  public readonly _of?: ISecretRef | IConfigMapRef;

  private constructor(valueFrom: object, of?: ISecretRef | IConfigMapRef) {
    this.valueFrom = valueFrom;
    this._of = of;
  }
}

function nameOf(reference: unknown): unknown {
  return (reference as { name?: unknown } | null | undefined)?.name;
}
