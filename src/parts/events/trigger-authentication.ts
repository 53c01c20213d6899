import type { SecretKeyRef } from '../../interop/references';

/** Identity of KEDA at a cloud. */
export interface TriggerIdentityOptions {
  /**
   * AWS only: ARN of the role that KEDA assumes. Excludes `ofWorkload`.
   *
   * @default - the role of KEDA's operator
   */
  readonly roleArn?: string;

  /**
   * Azure only: client ID of the managed identity, a UUID.
   *
   * @default - the identity of KEDA's operator
   */
  readonly clientId?: string;

  /**
   * AWS only: whether KEDA assumes the role of the scaled workload, see `WorkloadIdentity.aws`.
   *
   * @default false: the role of KEDA's operator
   */
  readonly ofWorkload?: boolean;
}

/**
 * How KEDA authenticates to what a trigger measures. Credentials stay in Secrets; the YAML names them.
 *
 * ```ts
 * ScalingTrigger.rabbitMq({
 *   queue: 'mail',
 *   length: 20,
 *   authentication: TriggerAuthentication.secrets({ host: { secret: SecretRef.named('rabbit'), key: 'uri' } }),
 * });
 * ```
 *
 * @see https://keda.sh/docs/latest/concepts/authentication/
 */
export class TriggerAuthentication {
  /**
   * Parameters of the trigger, such as `username` and `password`, from keys of Secrets in the namespace of the
   * workload.
   */
  public static secrets(parameters: { [parameter: string]: SecretKeyRef }): TriggerAuthentication {
    return new TriggerAuthentication('secrets', parameters);
  }

  /** An AWS role through the OIDC issuer of the cluster (IRSA). */
  public static aws(options: TriggerIdentityOptions = {}): TriggerAuthentication {
    return new TriggerAuthentication('aws', options);
  }

  /** Workload ID of Microsoft Entra. */
  public static azure(options: TriggerIdentityOptions = {}): TriggerAuthentication {
    return new TriggerAuthentication('azure-workload', options);
  }

  /** Workload Identity Federation for GKE, with the account of KEDA's operator. */
  public static gcp(): TriggerAuthentication {
    return new TriggerAuthentication('gcp', {});
  }

  /** An existing TriggerAuthentication of the namespace. */
  public static named(name: string): TriggerAuthentication {
    return new TriggerAuthentication('TriggerAuthentication', name);
  }

  /** An existing ClusterTriggerAuthentication. */
  public static clusterWide(name: string): TriggerAuthentication {
    return new TriggerAuthentication('ClusterTriggerAuthentication', name);
  }

  private constructor(
    /** @internal */ public readonly _kind: AuthenticationKind,
    /** @internal */ public readonly _given: unknown,
  ) {}
}

type AuthenticationKind =
  'secrets' | 'aws' | 'azure-workload' | 'gcp' | 'TriggerAuthentication' | 'ClusterTriggerAuthentication';
