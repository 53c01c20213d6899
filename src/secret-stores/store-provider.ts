import { AUTH_PATH, type AwsSecretService, awsService, googleProject, VAULT_ADDRESS, VAULT_ROLE } from './csi-provider';
import { httpsUrl, region, storeText } from './store-syntax';
import { type IdentitySettings, readWorkloadIdentity, WorkloadIdentity } from '../access/workload-identity';
import type { IConfigMapRef } from '../interop/references';
import type { Problems } from '../kernel/findings/problems';
import { type Check, isPlain, matching } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { configKey, dnsSubdomain } from '../kernel/schema/syntax';

/** AWS, read with a role of the ServiceAccount of the store. */
export interface AwsStoreOptions {
  /** Region of the entries, such as `eu-central-1`. */
  readonly region: string;

  /** ARN of the IAM role. It trusts the ServiceAccount of the store, and may read the entries of this app only. */
  readonly roleArn: string;

  /**
   * The service.
   *
   * @default 'SecretsManager'
   */
  readonly service?: AwsSecretService;
}

/** Azure Key Vault, read through Workload ID. */
export interface AzureStoreOptions {
  /** Address of the Key Vault, such as `https://shop-prod.vault.azure.net`. */
  readonly vaultUrl: string;

  /** Client ID of the managed identity; a UUID. It trusts the ServiceAccount of the store. */
  readonly clientId: string;

  /** Tenant ID; a UUID. */
  readonly tenantId: string;
}

/** Google Secret Manager, read through Workload Identity Federation for GKE. */
export interface GcpStoreOptions {
  /** ID or number of the project that has the entries. */
  readonly projectId: string;

  /**
   * E-mail of the Google service account that the store acts as.
   *
   * @default - none: IAM grants rights to the ServiceAccount of the store itself
   */
  readonly serviceAccount?: string;
}

/** Vault, read with a token of the ServiceAccount of the store. */
export interface VaultStoreOptions {
  /** Address of Vault: an `https` URL. */
  readonly address: string;

  /** Role of the auth method for Kubernetes. Bind it to the ServiceAccount of the store, and to no other. */
  readonly role: string;

  /**
   * Path of the secrets engine for KV.
   *
   * @default 'secret': the path of a new Vault
   */
  readonly path?: string;

  /**
   * Version of the secrets engine.
   *
   * @default 'v2': it keeps versions, which `RemoteKey.version` names
   */
  readonly kvVersion?: 'v1' | 'v2';

  /**
   * Path of the auth method.
   *
   * @default 'kubernetes': the default of Vault
   */
  readonly authPath?: string;

  /**
   * Audience of the token. The role of Vault must name the same one.
   *
   * @default 'vault': the token is of no use elsewhere
   */
  readonly audience?: string;

  /**
   * A ConfigMap of the namespace with the certificate of the authority that signed the certificate of Vault.
   *
   * @default - the authorities that the image of the operator trusts
   */
  readonly caConfigMap?: IConfigMapRef;

  /**
   * Key of that ConfigMap.
   *
   * @default 'ca.crt'
   */
  readonly caKey?: string;
}

type Kind = 'aws' | 'azure' | 'gcp' | 'vault';

/**
 * What a `SecretStore` reads, and as whom. All providers use short-lived tokens of the ServiceAccount of the store: no
 * static credentials.
 *
 * ```ts
 * new SecretStore(chart, 'vault', {
 *   provider: StoreProvider.vault({ address: 'https://vault.example.com:8200', role: 'shop' }),
 * });
 * ```
 */
export class StoreProvider {
  /**
   * AWS Secrets Manager or Parameter Store.
   *
   * @see https://external-secrets.io/latest/provider/aws-secrets-manager/
   */
  public static aws(options: AwsStoreOptions): StoreProvider {
    return new StoreProvider('aws', options);
  }

  /**
   * Azure Key Vault.
   *
   * @see https://external-secrets.io/latest/provider/azure-key-vault/
   */
  public static azure(options: AzureStoreOptions): StoreProvider {
    return new StoreProvider('azure', options);
  }

  /**
   * Google Secret Manager.
   *
   * @see https://external-secrets.io/latest/provider/google-secrets-manager/
   */
  public static gcp(options: GcpStoreOptions): StoreProvider {
    return new StoreProvider('gcp', options);
  }

  /**
   * Vault, with its secrets engine for KV.
   *
   * @see https://external-secrets.io/latest/provider/hashicorp-vault/
   */
  public static vault(options: VaultStoreOptions): StoreProvider {
    return new StoreProvider('vault', options);
  }

  private constructor(
    /** @internal */ public readonly _kind: Kind,
    /** @internal */ public readonly _options: unknown,
  ) {}
}

export interface StoreProviderSettings {
  /** The cloud identity of the ServiceAccount; none for Vault. */
  readonly identity?: IdentitySettings;
  /** The `provider` of a SecretStore that uses the ServiceAccount. */
  render(serviceAccount: string): object;
}

const kvVersion = matching(/^v[12]$/, 2, "'v1' or 'v2'") as Check<'v1' | 'v2'>;
const configMap: Check<IConfigMapRef> = {
  expected: 'a ConfigMap',
  read(value, refuse) {
    const { kind, name } = (isPlain(value) ? value : {}) as Partial<IConfigMapRef>;
    if (kind !== 'ConfigMap') return void refuse(value, this.expected);
    const good = dnsSubdomain.read(name, (given, expected) => refuse(given, expected, '.name'));
    return good === undefined ? undefined : (value as IConfigMapRef);
  },
};

export function readStoreProvider(
  { _kind: kind, _options: options }: StoreProvider,
  problems: Problems,
  prop: string,
): StoreProviderSettings {
  const at = `${prop}.`;
  if (kind === 'vault') return readVault(options, problems, at);
  const own = isPlain(options) ? options : {};
  const identityOf = (identity: WorkloadIdentity): IdentitySettings => readWorkloadIdentity(identity, problems, prop);
  if (kind === 'aws') {
    const read = new Reader<AwsStoreOptions>(problems, options, at);
    const place = read.required('region', region, 'invalid', { fix: "Write a region, such as 'eu-central-1'" });
    const service = read.optional('service', awsService, 'SecretsManager' as const);
    read.raw('roleArn');
    read.refuseUnknown();
    const identity = identityOf(WorkloadIdentity.aws({ roleArn: own.roleArn as string }));
    return {
      identity,
      render: (name) => ({ aws: { service, region: place, auth: { jwt: { serviceAccountRef: { name } } } } }),
    };
  }
  if (kind === 'azure') {
    const read = new Reader<AzureStoreOptions>(problems, options, at);
    const vaultUrl = read.required('vaultUrl', httpsUrl, 'https://invalid', {
      fix: 'Look it up with az keyvault show',
    });
    // the provider does not know the tenant of the cluster
    read.required('tenantId', ANYTHING, undefined, { fix: 'Look it up with az account show' });
    read.raw('clientId');
    read.refuseUnknown();
    const { clientId, tenantId } = own as unknown as AzureStoreOptions;
    const identity = identityOf(WorkloadIdentity.azure({ clientId, tenantId }));
    return {
      identity,
      render: (name) => ({
        azurekv: { vaultUrl, tenantId, authType: 'WorkloadIdentity', serviceAccountRef: { name } },
      }),
    };
  }
  const read = new Reader<GcpStoreOptions>(problems, options, at);
  const projectID = read.required('projectId', googleProject, 'invalid', {
    fix: 'Look it up with gcloud projects list',
  });
  read.raw('serviceAccount');
  read.refuseUnknown();
  const { serviceAccount } = own as unknown as GcpStoreOptions;
  return {
    identity: identityOf(WorkloadIdentity.gcp({ serviceAccount })),
    render: (name) => ({ gcpsm: { projectID, auth: { workloadIdentity: { serviceAccountRef: { name } } } } }),
  };
}

/** Read by the identity. */
const ANYTHING: Check<string> = { expected: 'a UUID', read: (value) => value as string };

function readVault(options: unknown, problems: Problems, at: string): StoreProviderSettings {
  const read = new Reader<VaultStoreOptions>(problems, options, at);
  const server = read.required('address', httpsUrl, 'https://invalid', VAULT_ADDRESS);
  const role = read.required('role', storeText, 'invalid', VAULT_ROLE);
  const path = read.optional('path', storeText, 'secret');
  const version = read.optional('kvVersion', kvVersion, 'v2' as const, { fix: "Write 'v2', the default, or 'v1'" });
  const mountPath = read.optional('authPath', storeText, AUTH_PATH);
  const audience = read.optional('audience', storeText, 'vault');
  const ca = read.optional('caConfigMap', configMap, undefined, { fix: "Use ConfigMapRef.named('vault-ca')" });
  const key = read.optional('caKey', configKey, 'ca.crt');
  if (read.has('caKey') && !read.has('caConfigMap')) {
    read.refuse('caKey', key, "a key of 'caConfigMap'", {
      rule: 'props/conflict',
      fix: "Set 'caConfigMap', or remove 'caKey'",
    });
  }
  read.refuseUnknown();
  return {
    render: (name) => ({
      vault: {
        server,
        path,
        version,
        ...(ca === undefined ? {} : { caProvider: { type: 'ConfigMap', name: ca.name, key } }),
        auth: { kubernetes: { mountPath, role, serviceAccountRef: { name, audiences: [audience] } } },
      },
    }),
  };
}
