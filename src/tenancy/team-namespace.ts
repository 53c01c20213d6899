import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { podSecurityLabels } from './pod-security';
import type { TenantSettings } from './read-tenant';
import { renderLimitRange } from './render-limit-range';
import { quotaProp, renderQuota } from './render-quota';
import { AccessGrant } from '../access/access-grant';
import type { AccessRole } from '../access/access-role';
import type { Subject } from '../access/subject';
import { stateTenant } from '../admission/tenant';
import { emit, emitLater, type Head } from '../kernel/emit/emission';
import type { Labels } from '../kernel/emit/labels';
import { Problems } from '../kernel/findings/problems';
import { clusterOf } from '../kernel/model/cluster-facts';
import { claimNamespace } from '../kernel/model/namespace-facts';
import { needPullSecrets } from '../kernel/model/required-secrets';
import { Reader } from '../kernel/schema/reader';
import { closeNamespace } from '../network/isolation';
import { renderAllowDns, renderDefaultDeny } from '../network/render-network-policy';

/** How a block reads its props. */
type ReadProps<S = TenantSettings> = (owner: Construct, problems: Problems) => S;

/** How a block reads its props, and refuses those that it does not know. */
export function reading<P, S extends TenantSettings>(
  props: P,
  readSettings: (owner: Construct, read: Reader<P>, problems: Problems) => S,
): ReadProps<S> {
  return (owner, problems) => {
    const read = new Reader<P>(problems, props);
    const settings = readSettings(owner, read, problems);
    read.refuseUnknown();
    return settings;
  };
}

/**
 * A namespace that the platform provides, with its protection. It has no type parameter, for jsii, as `Workload`.
 *
 * @internal
 */
export abstract class TeamNamespace extends Construct {
  /** Name of the namespace, for charts with its workloads. */
  public readonly name: string;
  /** The Namespace. */
  public readonly namespace: ApiObject;
  /** The ResourceQuota. */
  public readonly resourceQuota: ApiObject;
  /** The LimitRange. */
  public readonly limitRange: ApiObject;
  /** The ServiceAccount `default`, for pods that name no other. */
  public readonly defaultServiceAccount: ApiObject;
  /** The NetworkPolicy that denies both directions; none with `defaultDeny: false`. */
  public readonly defaultDeny?: ApiObject;
  /** The NetworkPolicy that allows DNS for all pods; none with `defaultDeny: false`. */
  public readonly allowDns?: ApiObject;
  /** Settings from its props, by how it was read, which knows the type. */
  private readonly settings: ReadonlyMap<ReadProps, TenantSettings>;
  private readonly labels: Labels;

  protected constructor(scope: Construct, id: string, readProps: ReadProps) {
    super(scope, id);
    const problems = new Problems(this);
    const settings = readProps(this, problems);
    this.settings = new Map([[readProps, settings]]);
    this.name = settings.name;
    this.labels = { 'app.kubernetes.io/managed-by': 'cdk8s', 'team': settings.team };
    const { pullSecrets, podSecurity } = settings;
    claimNamespace(this, { name: this.name, use: 'tenant', pullSecrets, podSecurity });
    needPullSecrets(this, this.name, pullSecrets);

    this.namespace = this.emitNamespace(settings);
    this.resourceQuota = emitLater(this, 'ResourceQuota', this.head('v1', 'ResourceQuota', this.name), problems, () =>
      renderQuota(settings.quota),
    );
    this.limitRange = emitLater(this, 'LimitRange', this.head('v1', 'LimitRange', this.name), problems, () =>
      renderLimitRange(settings.limitRange),
    );
    this.defaultServiceAccount = emit(this, 'DefaultServiceAccount', {
      ...this.head('v1', 'ServiceAccount', 'default'),
      automountServiceAccountToken: false,
      ...(settings.pullSecrets.length > 0 ? { imagePullSecrets: settings.pullSecrets.map((name) => ({ name })) } : {}),
    });
    if (settings.defaultDeny) {
      closeNamespace(this, this.name);
      this.defaultDeny = emitLater(
        this,
        'DefaultDeny',
        this.head('networking.k8s.io/v1', 'NetworkPolicy', 'tenant-default-deny'),
        problems,
        renderDefaultDeny,
      );
      this.allowDns = emitLater(
        this,
        'AllowDns',
        this.head('networking.k8s.io/v1', 'NetworkPolicy', 'tenant-allow-dns'),
        problems,
        () => renderAllowDns(clusterOf(this).dns, this.name),
      );
    }

    const { quota, isMeasurable } = settings;
    if (isMeasurable) {
      stateTenant({ owner: this, name: this.name, quota, hasProps: true, quotaProp: (key) => quotaProp(quota, key) });
    }
  }

  /**
   * Grants rights in the namespace.
   *
   * @param id id of the grant; also the name of the role and the binding
   * @param role the rights of the subjects
   * @param subjects the subjects
   */
  public grant(id: string, role: AccessRole, ...subjects: Subject[]): AccessGrant {
    return new AccessGrant(this, id, {
      name: id,
      namespace: this.name,
      role,
      subjects,
      labels: { team: this.labels.team },
    });
  }

  /**
   * What was read of the props.
   *
   * @internal
   */
  protected _settingsBy<S extends TenantSettings>(readProps: ReadProps<S>): S {
    return this.settings.get(readProps) as S;
  }

  private emitNamespace({ podSecurity, labels, annotations }: TenantSettings): ApiObject {
    return emit(this, 'Resource', {
      apiVersion: 'v1',
      kind: 'Namespace',
      clusterScoped: true,
      metadata: {
        name: this.name,
        labels: {
          ...labels,
          ...podSecurityLabels(this, podSecurity, 'restricted'),
        },
        annotations,
      },
    });
  }

  private head(apiVersion: string, kind: string, name: string): Head {
    return { apiVersion, kind, metadata: { name, namespace: this.name, labels: this.labels } };
  }
}
