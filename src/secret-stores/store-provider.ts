import { AUTH_PATH, type AwsSecretService, awsService, googleProject, VAULT_ADDRESS, VAULT_ROLE } from './csi-provider';
import { httpsUrl, namedObject, storeText } from './store-syntax';
import { type IdentitySettings, readWorkloadIdentity, WorkloadIdentity } from '../access/workload-identity';
import type { IConfigMapRef } from '../interop/references';
import type { Problems } from '../kernel/findings/problems';
import { type Check, oneOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { awsRegion, configKey } from '../kernel/schema/syntax';

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
  /** Whether it is AWS Secrets Manager, which has stages beside versions. */
  readonly hasStages?: boolean;
  /** The `provider` of a SecretStore that uses the ServiceAccount. */
  render(serviceAccount: string): object;
}

const KV_VERSION = oneOf<'v1' | 'v2'>('v1', 'v2');
const CONFIG_MAP = namedObject<IConfigMapRef>('a ConfigMap', 'ConfigMap');
/** Any value: the identity refuses a bad one. */
const READ_BY_IDENTITY: Check<string> = { expected: 'a UUID', read: (value) => value as string };

interface Given {
  readonly options: unknown;
  readonly problems: Problems;
  readonly prop: string;
}

const READERS: Readonly<Record<Kind, (given: Given) => StoreProviderSettings>> = {
  aws(given) {
    const read = new Reader<AwsStoreOptions>(given.problems, given.options, `${given.prop}.`);
    const region = read.required('region', awsRegion, 'invalid', { fix: "Write a region, such as 'eu-central-1'" });
    const service = read.optional('service', awsService, 'SecretsManager' as const);
    const roleArn = read.raw('roleArn') as string;
    read.refuseUnknown();
    return {
      identity: identityOf(given, WorkloadIdentity.aws({ roleArn })),
      hasStages: service === 'SecretsManager',
      render: (name) => ({ aws: { service, region, auth: { jwt: { serviceAccountRef: { name } } } } }),
    };
  },
  azure(given) {
    const read = new Reader<AzureStoreOptions>(given.problems, given.options, `${given.prop}.`);
    const vaultUrl = read.required('vaultUrl', httpsUrl, 'https://invalid', {
      fix: 'Look it up with az keyvault show',
    });
    // the provider does not know the tenant of the cluster
    const tenantId = read.required('tenantId', READ_BY_IDENTITY, undefined, { fix: 'Look it up with az account show' });
    const clientId = read.raw('clientId') as string;
    read.refuseUnknown();
    return {
      identity: identityOf(given, WorkloadIdentity.azure({ clientId, tenantId })),
      render: (name) => ({
        azurekv: { vaultUrl, tenantId, authType: 'WorkloadIdentity', serviceAccountRef: { name } },
      }),
    };
  },
  gcp(given) {
    const read = new Reader<GcpStoreOptions>(given.problems, given.options, `${given.prop}.`);
    const projectID = read.required('projectId', googleProject, 'invalid', {
      fix: 'Look it up with gcloud projects list',
    });
    const serviceAccount = read.raw('serviceAccount') as string | undefined;
    read.refuseUnknown();
    return {
      identity: identityOf(given, WorkloadIdentity.gcp({ serviceAccount })),
      render: (name) => ({ gcpsm: { projectID, auth: { workloadIdentity: { serviceAccountRef: { name } } } } }),
    };
  },
  vault({ options, problems, prop }) {
    const read = new Reader<VaultStoreOptions>(problems, options, `${prop}.`);
    const server = read.required('address', httpsUrl, 'https://invalid', VAULT_ADDRESS);
    const role = read.required('role', storeText, 'invalid', VAULT_ROLE);
    const path = read.optional('path', storeText, 'secret');
    const version = read.optional('kvVersion', KV_VERSION, 'v2' as const, { fix: "Write 'v2', the default, or 'v1'" });
    const mountPath = read.optional('authPath', storeText, AUTH_PATH);
    const audience = read.optional('audience', storeText, 'vault');
    const ca = read.optional('caConfigMap', CONFIG_MAP, undefined, { fix: "Use ConfigMapRef.named('vault-ca')" });
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
  },
};

export function readStoreProvider(
  { _kind, _options: options }: StoreProvider,
  problems: Problems,
  prop: string,
): StoreProviderSettings {
  return READERS[_kind]({ options, problems, prop });
}

function identityOf({ problems, prop }: Given, identity: WorkloadIdentity): IdentitySettings {
  return readWorkloadIdentity(identity, problems, prop);
}
