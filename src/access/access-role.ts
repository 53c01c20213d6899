import { KIT } from './kit';
import type { RuleSettings } from './rule-settings';

/** Verbs on resources of one API group. */
export interface AccessRule {
  /**
   * API group: `apps` for Deployments, `''` for Pods and Services (CH04-33). One group, no `*`.
   *
   * @default '': the core group
   */
  readonly apiGroup?: string;

  /** Resources in the plural, subresources as `pods/log`; no `*`. */
  readonly resources: string[];

  /**
   * `get`, `list`, `watch`, `create`, `update`, `patch`, `delete` or `deletecollection`. `bind`, `escalate` and
   * `impersonate` are refused: they give any right (CH17-29).
   */
  readonly verbs: string[];

  /**
   * Names of the objects that are meant. Not with `create` and `deletecollection`, whose requests name no object, so
   * that the rule would never apply. `list` and `watch` then apply to requests with
   * `--field-selector metadata.name=...` only.
   *
   * @default - all objects in scope
   */
  readonly resourceNames?: string[];

  /**
   * Why the right is needed. It becomes part of the annotation `kubernetes.io/description` of the role. Required for
   * rights that give more than they say: reading Secrets, `pods/exec`, `pods/portforward`, quotas.
   *
   * @default - none
   */
  readonly reason?: string;
}

/**
 * What a subject may do. The kit has four roles for one namespace; none of them reads a Secret, changes rights or
 * starts a shell in a pod. Each can be extended by `plus`.
 *
 * Kubernetes adds up all rights of a subject, and nothing takes one away: look at all grants of a group together
 * (`AccessReview`).
 *
 * ```ts
 * const onCall = AccessRole.developer().plus({
 *   resources: ['pods/exec'],
 *   verbs: ['create', 'get'],
 *   reason: 'heap dumps, until the profiler is there',
 * });
 * new AccessGrant(chart, 'on-call', { role: onCall, subjects: [Subject.group('oidc:on-call')] });
 * ```
 */
export class AccessRole {
  /** Looks at pods and events of a namespace, and no more: for a help desk (CH04-45). */
  public static helpDesk(): AccessRole {
    return new AccessRole(KIT.helpDesk);
  }

  /**
   * Reads all kinds of Kubernetes that our blocks write into a namespace, with logs and metrics, but no Secrets and no
   * roles. As the `view` of Kubernetes, but it does not grow when somebody installs an operator. Kinds of add-ons need
   * rules of their own: see `deployer`.
   */
  public static viewer(): AccessRole {
    return new AccessRole(KIT.viewer);
  }

  /**
   * Reads as `viewer`, deletes and evicts pods, and scales Deployments and StatefulSets: what is needed at night.
   *
   * It does not create or change workloads: whoever can, can mount every Secret of the namespace and use each of its
   * ServiceAccounts. That is for `deployer`. The `edit` of Kubernetes has all that, reads Secrets directly, starts
   * shells, and changes network policies.
   */
  public static developer(): AccessRole {
    return new AccessRole(KIT.developer);
  }

  /**
   * Writes all kinds of Kubernetes that our blocks write for an app, for the ServiceAccount of a deployment tool
   * (CH04-40). No Secrets, no roles, no shell, and no DaemonSets: privileged workloads are for administrators.
   *
   * Kinds of add-ons need rules of their own, by `plus`, where they are used: `ServiceExport`
   * (`Exposure.clusterSet()`), `CiliumNetworkPolicy` and the `NetworkPolicy` of Calico (`NameEgress`), `Middleware` of
   * Traefik (`stripPrefix`).
   *
   * It creates workloads, and so can use all Secrets and ServiceAccounts of the namespace, and it writes network
   * policies: a namespace for each team, with nothing privileged in it (CH04-41). Not for a whole cluster: that would
   * be an administrator.
   */
  public static deployer(): AccessRole {
    return new AccessRole(KIT.deployer);
  }

  /** Rules of your own; the fewer, the better. */
  public static of(...rules: AccessRule[]): AccessRole {
    return new AccessRole([], rules);
  }

  /** The ClusterRole `view` of Kubernetes: reads everything but Secrets, what operators add included. */
  public static view(): AccessRole {
    return new AccessRole([], [], 'view');
  }

  /**
   * The ClusterRole `edit` of Kubernetes. It reads and writes all Secrets, runs commands in all pods, acts as each
   * ServiceAccount, and changes network policies: nothing privileged may be in the namespace. Not for a whole cluster.
   *
   * @param reason why `developer` is not enough; becomes an annotation
   */
  public static edit(reason: string): AccessRole {
    return new AccessRole([], [], 'edit', reason);
  }

  private constructor(
    /** Rules of the kit. @internal */ public readonly _kit: readonly RuleSettings[],
    /** Rules of a caller. @internal */ public readonly _rules: readonly unknown[] = [],
    /** @internal */ public readonly _builtIn?: 'view' | 'edit',
    /** @internal */ public readonly _reason?: unknown,
  ) {}

  /** The same with more rules. Not for `view` and `edit`, which are one object each for the whole cluster. */
  public plus(...rules: AccessRule[]): AccessRole {
    return new AccessRole(this._kit, [...this._rules, ...rules], this._builtIn, this._reason);
  }
}
