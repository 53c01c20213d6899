import { toVolume } from '../interop/cdk8s-plus';
import type { IConfigMapRef, IVolumeSource, KplusObject } from '../interop/references';

/**
 * A ConfigMap that exists in the cluster, by its name: in the namespace of whatever uses it. For one that the app
 * writes, use `VersionedConfigMap`: new content of it rolls the pods.
 *
 * ```ts
 * frontend.mount('/etc/flags', ConfigMapRef.named('feature-flags'));
 * frontend.addEnv('REGION', EnvSource.configMap(ConfigMapRef.named('cluster-info'), 'region'));
 * ```
 */
export class ConfigMapRef implements IConfigMapRef, IVolumeSource {
  /** The ConfigMap of that name. */
  public static named(name: string): ConfigMapRef {
    return new ConfigMapRef(name);
  }

  /** `ConfigMap`. */
  public readonly kind = 'ConfigMap';
  /** Name of the ConfigMap. Whether it is valid is checked by the block that uses it. */
  public readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** As a volume of cdk8s-plus. */
  public asVolume(): KplusObject {
    return toVolume(`configmap-${this.name}`, { configMap: { name: this.name } });
  }
}
