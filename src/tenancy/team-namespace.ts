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

/**
 * A namespace that the platform gives away, with all that guards it. `S`: what the block has read of its props.
 *
 * @internal
 */
export abstract class TeamNamespace<P, S extends TenantSettings> extends Construct {
  /** Name of the namespace: for the charts of what runs in it. */
  public readonly name: string;
  /** The Namespace. */
  public readonly namespace: ApiObject;
  /** The ResourceQuota. */
  public readonly resourceQuota: ApiObject;
  /** The LimitRange. */
  public readonly limitRange: ApiObject;
  /** The ServiceAccount `default`, of pods that name no other. */
  public readonly defaultServiceAccount: ApiObject;
  /** The NetworkPolicy that denies both directions; none with `defaultDeny: false`. */
  public readonly defaultDeny?: ApiObject;
  /** The NetworkPolicy that lets all pods ask for names; none with `defaultDeny: false`. */
  public readonly allowDns?: ApiObject;
  /**
   * What was read of the props.
   *
   * @internal
   */
  protected readonly _settings: S;

  private readonly labels: Labels;

  protected constructor(
    scope: Construct,
    id: string,
    props: P,
    readSettings: (owner: Construct, read: Reader<P>, problems: Problems) => S,
  ) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<P>(problems, props);
    const settings = readSettings(this, read, problems);
    this._settings = settings;
    read.refuseUnknown();
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
   * Gives rights in the namespace.
   *
   * @param id id of the grant; the role and the binding have it as name
   * @param role what the subjects may do
   * @param subjects who may
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
