/** A store of the External Secrets Operator: a `SecretStore` of the app, or a `SecretStoreRef`. */
export interface ISecretStoreRef {
  /** `SecretStore` or `ClusterSecretStore`. */
  readonly kind: string;
  /** Name of the store. */
  readonly name: string;
}

/**
 * A store of the External Secrets Operator by name.
 *
 * ```ts
 * new VersionedSecret(chart, 'payment-key', {
 *   version: 'v3',
 *   from: SecretSource.externalSecret({
 *     store: SecretStoreRef.existing('vault'),
 *     keys: { key: { key: 'shop/payment', property: 'key', version: '3' } },
 *   }),
 * });
 * ```
 */
export class SecretStoreRef implements ISecretStoreRef {
  /**
   * A SecretStore that this app writes with the objects of others, in the namespace of its user. An app without it is
   * an error.
   */
  public static named(name: string): SecretStoreRef {
    return new SecretStoreRef('SecretStore', name, false);
  }

  /** A SecretStore that exists in the namespace of its user, and that this app does not write. */
  public static existing(name: string): SecretStoreRef {
    return new SecretStoreRef('SecretStore', name, true);
  }

  /**
   * A ClusterSecretStore. The `ClusterProfile` must list it in `secretStores`, unless the app writes it.
   */
  public static clusterWide(name: string): SecretStoreRef {
    return new SecretStoreRef('ClusterSecretStore', name, false);
  }

  private constructor(
    /** `SecretStore` or `ClusterSecretStore`. */ public readonly kind: string,
    /** Name of the store. */ public readonly name: string,
    /** @internal */ public readonly _isStated: boolean,
  ) {}
}
