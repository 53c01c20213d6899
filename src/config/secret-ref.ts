import { toVolume } from '../interop/cdk8s-plus';
import type { ISecretRef, IVolumeSource, KplusObject } from '../interop/references';

/**
 * An existing Secret by name, in the namespace of its user.
 *
 * ```ts
 * frontend.mountSecret('/var/run/secrets/mail', SecretRef.named('mail'));
 * frontend.addEnv('API_KEY', EnvSource.secret(SecretRef.named('api'), 'key'));
 * ```
 */
export class SecretRef implements ISecretRef, IVolumeSource {
  /** The Secret with that name. */
  public static named(name: string): SecretRef {
    return new SecretRef(name);
  }

  /** `Secret`. */
  public readonly kind = 'Secret';
  /** Name of the Secret. The block that uses it checks it. */
  public readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** The volume for cdk8s-plus. */
  public asVolume(): KplusObject {
    return toVolume(`secret-${this.name}`, { secret: { secretName: this.name } });
  }
}
