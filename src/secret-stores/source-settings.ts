import type { CsiFacts, StoreUse } from '../kernel/model/secret-sources';

/** What `from` of a VersionedSecret says. */
export interface SourceSettings {
  readonly apiVersion: string;
  readonly kind: 'ExternalSecret' | 'SealedSecret' | 'SecretProviderClass';
  readonly annotations?: Readonly<Record<string, string>>;
  readonly keys: readonly string[];
  readonly csi?: CsiFacts;
  /** The keys without a version, each with the name of its entry in the store. */
  readonly unpinned?: ReadonlyArray<{ readonly name: string; readonly key: string }>;
  readonly store?: Omit<StoreUse, 'owner'>;
  /** The `spec` of the object. */
  render(secret: SecretHead): object;
}

/** The Secret that an object creates. */
export interface SecretHead {
  readonly name: string;
  readonly type: string;
}

export const OPAQUE = 'Opaque';
