import { httpsUrl, storeText } from './store-syntax';
import type { Problems } from '../kernel/findings/problems';
import type { CsiProviderName } from '../kernel/model/secret-sources';
import { boolean, matching, oneOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { awsRegion, uuid } from '../kernel/schema/syntax';

/** The service of AWS that keeps secrets. */
export type AwsSecretService = 'ParameterStore' | 'SecretsManager';

/** AWS, for the Secrets Store CSI driver. */
export interface AwsCsiOptions {
  /**
   * Region of the entries, such as `eu-central-1`.
   *
   * @default - the region of the node
   */
  readonly region?: string;

  /**
   * The service.
   *
   * @default 'SecretsManager'
   */
  readonly service?: AwsSecretService;

  /**
   * Whether the ServiceAccount of the pod has its role through EKS Pod Identity.
   *
   * @default false: through the annotation that `WorkloadIdentity.aws` writes
   */
  readonly podIdentity?: boolean;
}

/** Azure Key Vault, for the Secrets Store CSI driver. */
export interface AzureCsiOptions {
  /** Name of the Key Vault: 3 to 24 letters, digits and `-`. */
  readonly vaultName: string;

  /** Client ID of the managed identity that trusts the ServiceAccount of the pod; a UUID. */
  readonly clientId: string;

  /** Tenant ID; a UUID. */
  readonly tenantId: string;
}

/** Google Secret Manager, for the Secrets Store CSI driver. */
export interface GcpCsiOptions {
  /** ID or number of the project that has the entries. */
  readonly projectId: string;
}

/** Vault, for the Secrets Store CSI driver. */
export interface VaultCsiOptions {
  /** Address of Vault: an `https` URL. */
  readonly address: string;

  /** Role of the auth method for Kubernetes. Bind it to the ServiceAccount of the pod, and to no other. */
  readonly role: string;

  /**
   * Path of the auth method.
   *
   * @default 'kubernetes': the default of Vault
   */
  readonly authPath?: string;
}

/**
 * A store that the Secrets Store CSI driver reads with the identity of the pod.
 *
 * ```ts
 * new VersionedSecret(chart, 'payment-key', {
 *   version: 'v3',
 *   from: SecretSource.csi({
 *     provider: CsiProvider.vault({ address: 'https://vault.example.com', role: 'shop' }),
 *     keys: { key: { key: 'secret/data/shop/payment', property: 'key', version: '3' } },
 *   }),
 * });
 * ```
 */
export class CsiProvider {
  /**
   * AWS Secrets Manager or Parameter Store.
   *
   * @see https://github.com/aws/secrets-store-csi-driver-provider-aws
   */
  public static aws(options: AwsCsiOptions = {}): CsiProvider {
    return new CsiProvider('aws', options);
  }

  /**
   * Azure Key Vault, through Workload ID.
   *
   * @see https://azure.github.io/secrets-store-csi-driver-provider-azure/docs/
   */
  public static azure(options: AzureCsiOptions): CsiProvider {
    return new CsiProvider('azure', options);
  }

  /**
   * Google Secret Manager, through Workload Identity Federation for GKE.
   *
   * @see https://github.com/GoogleCloudPlatform/secrets-store-csi-driver-provider-gcp
   */
  public static gcp(options: GcpCsiOptions): CsiProvider {
    return new CsiProvider('gcp', options);
  }

  /**
   * Vault. `key` is the whole path, for KV version 2 with `data`: `secret/data/shop/payment`.
   *
   * @see https://developer.hashicorp.com/vault/docs/deploy/kubernetes/csi
   */
  public static vault(options: VaultCsiOptions): CsiProvider {
    return new CsiProvider('vault', options);
  }

  private constructor(
    /** @internal */ public readonly _kind: CsiProviderName,
    /** @internal */ public readonly _options: unknown,
  ) {}
}

export interface CsiProviderSettings {
  readonly name: CsiProviderName;
  /** The parameters of the class, without its objects. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly service: AwsSecretService;
  /** Of GCP. */
  readonly project: string;
  readonly podIdentity: boolean;
}

export const awsService = oneOf<AwsSecretService>('SecretsManager', 'ParameterStore');
const vaultName = matching(
  /^[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
  24,
  "3 to 24 letters, digits and '-', starting with a letter",
);
export const googleProject = matching(
  /^(\d+|[a-z][a-z0-9-]{4,28}[a-z0-9])$/,
  30,
  "the ID or the number of a project, such as 'shop-prod'",
);
export const AUTH_PATH = 'kubernetes';

type ProviderReader = (options: unknown, problems: Problems, prefix: string) => Omit<CsiProviderSettings, 'name'>;

const OF_OTHERS = { service: 'SecretsManager', project: '', podIdentity: false } as const;
const POD_IDENTITY = { usePodIdentity: 'true' };
export const VAULT_ADDRESS = { fix: "Write the address of Vault, such as 'https://vault.example.com:8200'" };
export const VAULT_ROLE = { fix: 'Write the role that vault write auth/kubernetes/role/NAME creates' };

const READERS: Readonly<Record<CsiProviderName, ProviderReader>> = {
  aws(options, problems, prefix) {
    const read = new Reader<AwsCsiOptions>(problems, options, prefix);
    const region = read.optional('region', awsRegion, undefined, { fix: "Write a region, such as 'eu-central-1'" });
    const service = read.optional('service', awsService, 'SecretsManager' as const);
    const podIdentity = read.optional('podIdentity', boolean, false);
    read.refuseUnknown();
    const parameters = { ...(region === undefined ? {} : { region }), ...(podIdentity ? POD_IDENTITY : {}) };
    return { ...OF_OTHERS, service, podIdentity, parameters };
  },
  azure(options, problems, prefix) {
    const read = new Reader<AzureCsiOptions>(problems, options, prefix);
    const parameters = {
      usePodIdentity: 'false',
      keyvaultName: read.required('vaultName', vaultName, 'invalid', { fix: 'Look it up with az keyvault list' }),
      clientID: read.required('clientId', uuid, 'invalid', { fix: 'Look it up with az identity show' }),
      tenantId: read.required('tenantId', uuid, 'invalid', { fix: 'Look it up with az account show' }),
    };
    read.refuseUnknown();
    return { ...OF_OTHERS, parameters };
  },
  gcp(options, problems, prefix) {
    const read = new Reader<GcpCsiOptions>(problems, options, prefix);
    const project = read.required('projectId', googleProject, 'invalid', {
      fix: 'Look it up with gcloud projects list',
    });
    read.refuseUnknown();
    return { ...OF_OTHERS, project, parameters: {} };
  },
  vault(options, problems, prefix) {
    const read = new Reader<VaultCsiOptions>(problems, options, prefix);
    const parameters = {
      vaultAddress: read.required('address', httpsUrl, 'https://invalid', VAULT_ADDRESS),
      roleName: read.required('role', storeText, 'invalid', VAULT_ROLE),
      vaultKubernetesMountPath: read.optional('authPath', storeText, AUTH_PATH),
    };
    read.refuseUnknown();
    return { ...OF_OTHERS, parameters };
  },
};

export function readCsiProvider(
  { _kind, _options }: CsiProvider,
  problems: Problems,
  prop: string,
): CsiProviderSettings {
  return { name: _kind, ...READERS[_kind](_options, problems, `${prop}.`) };
}
