import { toVolume } from '../interop/cdk8s-plus';
import type { ISecretRef, IVolumeSource, KplusObject } from '../interop/references';

/**
 * A Secret that exists in the cluster, by its name: in the namespace of whatever uses it.
 *
 * ```ts
 * frontend.mountSecret('/var/run/secrets/mail', SecretRef.named('mail'));
 * frontend.addEnv('API_KEY', EnvSource.secret(SecretRef.named('api'), 'key'));
 * ```
 */
export class SecretRef implements ISecretRef, IVolumeSource {
  /** The Secret of that name. */
  public static named(name: string): SecretRef {
    return new SecretRef(name);
  }

  /** `Secret`. */
  public readonly kind = 'Secret';
  /** Name of the Secret. Whether it is valid is checked by the block that uses it. */
  public readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** As a volume of cdk8s-plus. */
  public asVolume(): KplusObject {
    return toVolume(`secret-${this.name}`, { secret: { secretName: this.name } });
  }
}
