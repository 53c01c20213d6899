import { toVolume } from '../interop/cdk8s-plus';
import type { IConfigMapRef, IVolumeSource, KplusObject } from '../interop/references';

/**
 * An existing ConfigMap by name, in the namespace of its user. For a ConfigMap of the app, use `VersionedConfigMap`:
 * its new content rolls the pods.
 */
export class ConfigMapRef implements IConfigMapRef, IVolumeSource {
  /** The ConfigMap with that name. */
  public static named(name: string): ConfigMapRef {
    return new ConfigMapRef(name);
  }

  /** `ConfigMap`. */
  public readonly kind = 'ConfigMap';
  /** Name of the ConfigMap. The block that uses it checks it. */
  public readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** The volume for cdk8s-plus. */
  public asVolume(): KplusObject {
    return toVolume(`configmap-${this.name}`, { configMap: { name: this.name } });
  }
}
