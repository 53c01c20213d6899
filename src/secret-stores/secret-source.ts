import type { CsiProvider } from './csi-provider';
import type { ISecretStoreRef } from './secret-store-ref';

/** Where a store keeps the value of one key. */
export interface RemoteKey {
  /**
   * Name of the entry in the store: the path of Vault, the name or ARN of AWS Secrets Manager, the name in Parameter
   * Store, Google Secret Manager or Azure Key Vault.
   */
  readonly key: string;

  /**
   * Field of the entry, if it has several: the key of Vault, or a field of a JSON document.
   *
   * @default - the whole entry
   */
  readonly property?: string;

  /**
   * Version of the entry in the store: a number in Vault, Google Secret Manager and Parameter Store, an identifier in
   * AWS Secrets Manager (for External Secrets, `uuid/` and the identifier) and Azure Key Vault.
   *
   * @default - the latest one
   */
  readonly version?: string;
}

/** A Secret that the External Secrets Operator creates. */
export interface ExternalSecretOptions {
  /** The store: a `SecretStore` of the app, or a `SecretStoreRef`. */
  readonly store: ISecretStoreRef;

  /** The keys of the Secret, each with its place in the store. */
  readonly keys: { [key: string]: RemoteKey };
}

/** What a ciphertext of kubeseal is bound to. */
export type SealedScope = 'strict' | 'namespace-wide' | 'cluster-wide';

/** A Secret that the controller of Sealed Secrets decrypts. */
export interface SealedSecretOptions {
  /**
   * The keys of the Secret, each with the ciphertext that kubeseal printed:
   * `kubeseal --raw --namespace shop --name payment-key-v3 --from-file=key.txt`.
   */
  readonly encryptedData: { [key: string]: string };

  /**
   * What the ciphertext is bound to: the `--scope` of kubeseal.
   *
   * @default 'strict': the name, with its version, and the namespace. The controller decrypts it nowhere else
   */
  readonly scope?: SealedScope;
}

/** Files that the Secrets Store CSI driver mounts. */
export interface CsiSecretOptions {
  /** The store that the driver reads. */
  readonly provider: CsiProvider;

  /** The files, each with its place in the store. */
  readonly keys: { [key: string]: RemoteKey };

  /**
   * Whether the driver also creates a Secret. Variables need it. The Secret exists only while a pod mounts the files.
   *
   * @default false: the values stay out of the API
   */
  readonly syncAsSecret?: boolean;
}

type Kind = 'csi' | 'externalSecret' | 'sealed';

/**
 * The origin of a `VersionedSecret` whose content is not in the YAML: a store, or a ciphertext.
 *
 * ```ts
 * const apiKey = new VersionedSecret(chart, 'payment-key', {
 *   version: 'v3',
 *   from: SecretSource.externalSecret({
 *     store: SecretStoreRef.existing('vault'),
 *     keys: { key: { key: 'shop/payment', property: 'key', version: '3' } },
 *   }),
 * });
 * frontend.mountSecret('/var/run/secrets/payment', apiKey);
 * ```
 */
export class SecretSource {
  /**
   * An ExternalSecret: the External Secrets Operator, from 0.16 up, copies the keys from a store into an immutable
   * Secret, once.
   *
   * @see https://external-secrets.io/latest/api/externalsecret/
   */
  public static externalSecret(options: ExternalSecretOptions): SecretSource {
    return new SecretSource('externalSecret', options);
  }

  /**
   * A SealedSecret: its controller decrypts the ciphertext of the YAML into an immutable Secret.
   *
   * @see https://github.com/bitnami-labs/sealed-secrets
   */
  public static sealed(options: SealedSecretOptions): SecretSource {
    return new SecretSource('sealed', options);
  }

  /**
   * A SecretProviderClass: the Secrets Store CSI driver reads the store when a pod starts, and mounts the values as
   * files. No Secret exists, unless `syncAsSecret` is set.
   *
   * @see https://secrets-store-csi-driver.sigs.k8s.io
   */
  public static csi(options: CsiSecretOptions): SecretSource {
    return new SecretSource('csi', options);
  }

  private constructor(
    /** @internal */ public readonly _kind: Kind,
    /** @internal */ public readonly _options: unknown,
  ) {}
}
