import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { ISecretStoreRef } from './secret-store-ref';
import { readStoreProvider, StoreProvider } from './store-provider';
import { stateIdentity } from '../access/workload-identity';
import type { ISubject, SubjectConfiguration } from '../interop/references';
import { emit, emitLater } from '../kernel/emit/emission';
import { recommended } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import { Problems } from '../kernel/findings/problems';
import { namespaceOf } from '../kernel/model/names';
import { readName } from '../kernel/model/read-name';
import type {} from '../kernel/model/secret-sources';
import { instance } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { labelledSubdomain, labelMap } from '../kernel/schema/syntax';

/** Props of `SecretStore`. */
export interface SecretStoreProps {
  /** What the store reads, and as whom. */
  readonly provider: StoreProvider;

  /**
   * Name of the SecretStore and of its ServiceAccount, which the provider must trust: at most 63 lower-case letters,
   * digits, `-` and dots.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /**
   * Additional labels.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };
}

/**
 * A SecretStore of the External Secrets Operator, from 0.16 up: where the ExternalSecrets of a namespace come from. It
 * has a ServiceAccount of its own, without rights in the cluster, and writes no credentials. ExternalSecrets of other
 * namespaces cannot use it.
 *
 * ```ts
 * const store = new SecretStore(chart, 'vault', {
 *   provider: StoreProvider.vault({ address: 'https://vault.example.com:8200', role: 'shop' }),
 * });
 * const apiKey = new VersionedSecret(chart, 'payment-key', {
 *   version: 'v3',
 *   from: SecretSource.externalSecret({ store, keys: { key: { key: 'shop/payment', version: '3' } } }),
 * });
 * frontend.mountSecret('/var/run/secrets/payment', apiKey);
 * ```
 *
 * @see https://external-secrets.io/latest/api/secretstore/
 */
export class SecretStore extends Construct implements ISecretStoreRef, ISubject {
  /** Name of the SecretStore and of its ServiceAccount. */
  public readonly name: string;
  /** `SecretStore`. */
  public readonly kind = 'SecretStore';
  /** The SecretStore. */
  public readonly apiObject: ApiObject;
  /** @internal Whether the operator takes a version without a prefix for a stage. */
  public readonly _hasStages: boolean;
  /** The identity with which the operator reads the store. */
  public readonly serviceAccount: ApiObject;

  public constructor(scope: Construct, id: string, props: SecretStoreProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<SecretStoreProps>(problems, props);
    this.name = readName(this, read, labelledSubdomain).name;
    const provider = read.required('provider', instance(StoreProvider, 'a StoreProvider'), undefined, {
      fix: "Use StoreProvider.vault(...) with address: 'https://vault.example.com' and role: 'shop', or another one",
    });
    const settings = provider && readStoreProvider(provider, problems, 'provider');
    const labels = recommended(
      this,
      this.name,
      'secret-store',
      read.optional('labels', labelMap, {}, { fix: 'Map label keys to values', practice: 'DX-13' }),
    );
    read.refuseUnknown();
    const { identity, hasStages = false } = settings ?? {};
    this._hasStages = hasStages;
    this.serviceAccount = emit(this, 'ServiceAccount', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: this.name, labels, annotations: { ...identity?.annotations } },
      automountServiceAccountToken: false,
    });
    const metadata = { name: this.name, labels };
    const head = { apiVersion: 'external-secrets.io/v1', kind: 'SecretStore', metadata };
    this.apiObject = emitLater(this, 'Resource', head, problems, () => ({ provider: settings!.render(this.name) }));
    AppModel.of(this).add('secretStore', { owner: this, name: this.name });
    if (identity !== undefined) stateIdentity({ owner: this, identity, prop: 'provider' });
  }

  /** Its ServiceAccount, as the subject of a RoleBinding. */
  public toSubjectConfiguration(): SubjectConfiguration {
    return { kind: 'ServiceAccount', name: this.name, namespace: namespaceOf(this), apiGroup: '' };
  }
}
