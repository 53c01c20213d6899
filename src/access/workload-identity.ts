import type { IConstruct } from 'constructs';
import type { Labels } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import type { Problems } from '../kernel/findings/problems';
import { matching } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { roleArn, uuid } from '../kernel/schema/syntax';

/** An AWS role through the OIDC issuer of the cluster (IRSA). */
export interface AwsIdentityOptions {
  /** ARN of the IAM role, such as `arn:aws:iam::111122223333:role/shop-orders`. */
  readonly roleArn: string;
}

/** A Google Cloud account. */
export interface GcpIdentityOptions {
  /**
   * E-mail of the Google service account that the workload acts as, such as `orders@shop-prod.iam.gserviceaccount.com`.
   *
   * @default - none: IAM grants rights to the Kubernetes ServiceAccount itself, as Google recommends
   */
  readonly serviceAccount?: string;
}

/** An Azure managed identity. */
export interface AzureIdentityOptions {
  /** Client ID of the managed identity, a UUID. */
  readonly clientId: string;

  /**
   * Tenant ID, a UUID.
   *
   * @default - the tenant of the cluster
   */
  readonly tenantId?: string;
}

type Kind = 'aws' | 'awsPodIdentity' | 'gcp' | 'azure';

/**
 * Cloud identity of a workload: short-lived credentials for its ServiceAccount, instead of long-lived keys in Secrets.
 * The pod gets no token for the API server.
 *
 * The cloud must trust the ServiceAccount: its name is the name of the workload, and its namespace is the namespace of
 * the chart.
 *
 * ```ts
 * new WebService(chart, 'shop', {
 *   image: 'ghcr.io/acme/shop:1.4.2',
 *   port: 8080,
 *   readiness: Probe.httpGet('/readyz'),
 *   workloadIdentity: WorkloadIdentity.aws({ roleArn: 'arn:aws:iam::111122223333:role/shop' }),
 * });
 * ```
 */
export class WorkloadIdentity {
  /**
   * An AWS role on any cluster whose OIDC issuer IAM trusts, with the annotation `eks.amazonaws.com/role-arn`. The SDK
   * calls STS: with `egress: 'declared'`, open `Egress.internet()` or the range of the VPC endpoint.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
   */
  public static aws(options: AwsIdentityOptions): WorkloadIdentity {
    return new WorkloadIdentity('aws', options);
  }

  /**
   * EKS Pod Identity. EKS associates the role with the ServiceAccount, not the YAML. Credentials come from the agent on
   * the node, `169.254.170.23` port 80, the only link-local address that is opened.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
   */
  public static awsPodIdentity(): WorkloadIdentity {
    return new WorkloadIdentity('awsPodIdentity', {});
  }

  /**
   * Workload Identity Federation for GKE. Credentials come from the GKE metadata server, at `169.254.169.254` port 80
   * with Dataplane V2, and at `169.254.169.252` port 988 without it. Both are opened.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
   */
  public static gcp(options: GcpIdentityOptions = {}): WorkloadIdentity {
    return new WorkloadIdentity('gcp', options);
  }

  /**
   * Workload ID of Microsoft Entra, with annotations of the ServiceAccount and the pod label
   * `azure.workload.identity/use`. The SDK calls `login.microsoftonline.com`: with `egress: 'declared'`, open
   * `Egress.internet()`.
   *
   * @see https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html
   */
  public static azure(options: AzureIdentityOptions): WorkloadIdentity {
    return new WorkloadIdentity('azure', options);
  }

  private constructor(
    /** @internal */ public readonly _kind: Kind,
    /** @internal */ public readonly _options: unknown,
  ) {}
}

/** An address that hands out credentials to pods. */
export interface IdentityEndpoint {
  readonly cidr: string;
  readonly port: number;
}

export interface IdentitySettings {
  readonly provider: 'aws' | 'gcp' | 'azure';
  /** Of the ServiceAccount. */
  readonly annotations: Record<string, string>;
  readonly podLabels: Labels;
  /** Link-local addresses that the pods must reach; none if the SDK calls a public address. */
  readonly endpoints: readonly IdentityEndpoint[];
}

/** No range contains addresses of both families; the agents listen on both. */
const ENDPOINTS: Readonly<Record<Kind, readonly IdentityEndpoint[]>> = {
  aws: [],
  awsPodIdentity: [
    { cidr: '169.254.170.23/32', port: 80 },
    { cidr: 'fd00:ec2::23/128', port: 80 },
  ],
  gcp: [
    { cidr: '169.254.169.254/32', port: 80 },
    { cidr: '169.254.169.252/32', port: 988 },
  ],
  azure: [],
};

// an organization with a domain has it in the project part: orders@shop.example.com.iam.gserviceaccount.com
const googleAccount = matching(
  /^[a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z][a-z0-9-]{4,28}[a-z0-9](\.[a-z0-9-]+)*\.iam\.gserviceaccount\.com$/,
  254,
  "the e-mail of a Google service account, such as 'orders@shop-prod.iam.gserviceaccount.com'",
);

export function readWorkloadIdentity(
  { _kind, _options }: WorkloadIdentity,
  problems: Problems,
  prop: string,
): IdentitySettings {
  const annotations: Record<string, string> = {};
  const annotate = (name: string, value: string | undefined): void => {
    if (value !== undefined) annotations[name] = value;
  };
  if (_kind === 'aws') {
    const read = new Reader<AwsIdentityOptions>(problems, _options, `${prop}.`);
    annotate(
      'eks.amazonaws.com/role-arn',
      read.required('roleArn', roleArn, undefined, { fix: 'Look it up with aws iam get-role' }),
    );
    read.refuseUnknown();
  } else if (_kind === 'gcp') {
    const read = new Reader<GcpIdentityOptions>(problems, _options, `${prop}.`);
    annotate(
      'iam.gke.io/gcp-service-account',
      read.optional('serviceAccount', googleAccount, undefined, {
        fix: 'Look it up with gcloud iam service-accounts list',
      }),
    );
    read.refuseUnknown();
  } else if (_kind === 'azure') {
    const read = new Reader<AzureIdentityOptions>(problems, _options, `${prop}.`);
    annotate(
      'azure.workload.identity/client-id',
      read.required('clientId', uuid, undefined, { fix: 'Look it up with az identity show' }),
    );
    annotate(
      'azure.workload.identity/tenant-id',
      read.optional('tenantId', uuid, undefined, { fix: 'Look it up with az account show' }),
    );
    read.refuseUnknown();
  }
  return {
    provider: _kind === 'awsPodIdentity' ? 'aws' : _kind,
    annotations,
    podLabels: _kind === 'azure' ? { 'azure.workload.identity/use': 'true' } : {},
    endpoints: ENDPOINTS[_kind],
  };
}

/** The cloud identity of a workload, or of a store. */
export interface IdentityFact {
  readonly owner: IConstruct;
  readonly identity: IdentitySettings;
  /** The prop that states it; `workloadIdentity` by default. */
  readonly prop?: string;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly identity: IdentityFact;
  }
}

export function stateIdentity(fact: IdentityFact): void {
  AppModel.of(fact.owner).add('identity', fact);
}
