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

  /** Plural names of resources; subresources as `pods/log`; no `*`. */
  readonly resources: string[];

  /**
   * `get`, `list`, `watch`, `create`, `update`, `patch`, `delete` or `deletecollection`. `bind`, `escalate` and
   * `impersonate` are refused: they give any right (CH17-29).
   */
  readonly verbs: string[];

  /**
   * Names of the objects. Not allowed with `create` and `deletecollection`: their requests name no object, and the rule
   * would never apply. `list` and `watch` then apply only to requests with `--field-selector metadata.name=...`.
   *
   * @default - all objects in scope
   */
  readonly resourceNames?: string[];

  /**
   * Why the right is needed; becomes part of the annotation `kubernetes.io/description` of the role. Required for
   * rights that grant more than their name says: reading Secrets, `pods/exec`, `pods/portforward`, quotas.
   *
   * @default - none
   */
  readonly reason?: string;
}

/**
 * The rights of a subject. The library has four roles for one namespace. None of them reads a Secret, changes rights or
 * starts a shell in a pod. `plus` extends each of them.
 *
 * Kubernetes adds up all rights of a subject, and nothing removes one. Review all grants of a group together with
 * `AccessReview`.
 */
export class AccessRole {
  /** Reads pods and events of a namespace only, for a help desk (CH04-45). */
  public static helpDesk(): AccessRole {
    return new AccessRole(KIT.helpDesk);
  }

  /**
   * Reads all built-in kinds that our blocks write into a namespace, with logs and metrics, but no Secrets and no
   * roles. Like the built-in `view`, but installing an operator does not extend it. Kinds of add-ons need additional
   * rules: see `deployer`.
   */
  public static viewer(): AccessRole {
    return new AccessRole(KIT.viewer);
  }

  /**
   * Reads like `viewer`, deletes and evicts pods, and scales Deployments and StatefulSets, for on-call work.
   *
   * It does not create or change workloads: a subject with that right can mount every Secret of the namespace and use
   * every ServiceAccount. Use `deployer` for that. The built-in `edit` can do all of this, reads Secrets directly,
   * starts shells and changes network policies.
   */
  public static developer(): AccessRole {
    return new AccessRole(KIT.developer);
  }

  /**
   * Writes all built-in kinds that our blocks write for an app, for the ServiceAccount of a deployment tool (CH04-40).
   * No Secrets, no roles, no shell, and no DaemonSets: administrators deploy privileged workloads.
   *
   * Kinds of add-ons need additional rules with `plus`: `ServiceExport` (`Exposure.clusterSet()`),
   * `CiliumNetworkPolicy` and the `NetworkPolicy` of Calico (`NameEgress`), `Middleware` of Traefik (`stripPrefix`).
   *
   * It creates workloads, which gives access to all Secrets and ServiceAccounts of the namespace, and it writes network
   * policies. Use one namespace for each team, without privileged workloads (CH04-41). Never grant it cluster-wide:
   * that would make the subject an administrator.
   */
  public static deployer(): AccessRole {
    return new AccessRole(KIT.deployer);
  }

  /** Custom rules; the fewer, the better. */
  public static of(...rules: AccessRule[]): AccessRole {
    return new AccessRole([], rules);
  }

  /** The built-in ClusterRole `view`: reads everything but Secrets, including kinds that operators add. */
  public static view(): AccessRole {
    return new AccessRole([], [], 'view');
  }

  /**
   * The built-in ClusterRole `edit`. It reads and writes all Secrets, runs commands in all pods, acts as every
   * ServiceAccount, and changes network policies. The namespace must contain nothing privileged. Not available
   * cluster-wide.
   *
   * @param reason why `developer` is not enough; becomes an annotation
   */
  public static edit(reason: string): AccessRole {
    return new AccessRole([], [], 'edit', reason);
  }

  private constructor(
    /** Rules of the library. @internal */ public readonly _kit: readonly RuleSettings[],
    /** Rules of a caller. @internal */ public readonly _rules: readonly unknown[] = [],
    /** @internal */ public readonly _builtIn?: 'view' | 'edit',
    /** @internal */ public readonly _reason?: unknown,
  ) {}

  /** The role with additional rules. Not available for `view` and `edit`, which are shared objects of the cluster. */
  public plus(...rules: AccessRule[]): AccessRole {
    return new AccessRole(this._kit, [...this._rules, ...rules], this._builtIn, this._reason);
  }
}
