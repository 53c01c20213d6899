import type { Construct } from 'constructs';
import type { LimitRangeOptions } from './limit-range';
import type { Quota } from './quota';
import { type PodSecurityLevel, readTenant, type TenantSettings } from './read-tenant';
import { TeamNamespace } from './team-namespace';
import type { AccessGrant } from '../access/access-grant';
import { AccessRole } from '../access/access-role';
import { Subject } from '../access/subject';
import type { ISecretRef } from '../interop/references';
import type { Problems } from '../kernel/findings/problems';
import { boolean, listOf, text } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';

/** Props of `TenantNamespace`. */
export interface TenantNamespaceProps {
  /**
   * Name of the namespace: a DNS label; not `default`, `openshift`, `kube-...` or `openshift-...` (CH08-34, CH08-35).
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /**
   * Whom to ask: a person, an address or a channel (CH02-14). An annotation; also the label `owner` where it can be
   * one.
   */
  readonly owner: string;

  /** The team, as a label: at most 63 letters, digits, `-`, `_` and `.` (CH08-32). */
  readonly team: string;

  /** What the namespace is for, as text for people (CH02-22). */
  readonly purpose: string;

  /**
   * When the namespace is no longer needed, as `2026-12-31` or `2026-12-31T18:00:00Z`: the annotation `expires-at`.
   * Nothing happens by itself at that time.
   *
   * @default - it stays
   */
  readonly expires?: string;

  /** What all pods of the namespace together may use (CH08-38). No default: it is what the team pays for. */
  readonly quota: Quota;

  /**
   * What single containers and claims get and may have. A quota is never without (CH08-45).
   *
   * @default - defaults for containers that state nothing; see there
   */
  readonly limitRange?: LimitRangeOptions;

  /**
   * Which pods are admitted. Privileged ones never: they need a namespace of their own (CH10-35).
   *
   * Enforced as of the oldest version of the ClusterProfile, so that an upgrade of the cluster refuses no pod that ran
   * before; warnings and audit records are as of the newest, and tell what a later one would refuse.
   *
   * @default 'restricted' (CH10-02)
   * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
   */
  readonly podSecurity?: PodSecurityLevel;

  /**
   * Whether the namespace denies all connections in both directions that no other policy allows; DNS stays open
   * (S002-22). The workloads of this library then have their declared edges only, `egress` and `egressTo` included.
   *
   * @default true
   */
  readonly defaultDeny?: boolean;

  /**
   * Groups that get `AccessRole.developer()` here, spelt as the API server sees them: `oidc:team-shop`. Others by
   * `grant`.
   *
   * @default - nobody: who has no binding has no rights (CH02-13)
   */
  readonly developers?: string[];

  /**
   * Secrets of type `kubernetes.io/dockerconfigjson` in the namespace, with which its pods pull images (CH04-28). They
   * are named by the ServiceAccount `default`, and by those of all workloads of this library in the namespace.
   *
   * @default - none
   */
  readonly pullSecrets?: ISecretRef[];

  /**
   * More labels of the namespace; not what other props say, nor `cdk8s-best-practices.dev/expires`, by which a
   * `NamespaceReaper` knows what it may delete.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };

  /**
   * More annotations of the namespace; not what other props say, nor `ttl`, which is for a `DeveloperNamespace`.
   *
   * @default - none
   */
  readonly annotations?: { [annotation: string]: string };
}

/**
 * A namespace for a team: with Pod Security, a quota, defaults for containers, closed network, rights and metadata
 * (CH08-31, SYS-12-01).
 *
 * A workload is placed in it by the namespace of its chart. What all charts place in it on the same cluster is checked
 * against quota and LimitRange with the arithmetic of the API server, when the app is synthesized.
 *
 * ```ts
 * const namespaces = new Chart(app, 'namespaces');
 * const search = new TenantNamespace(namespaces, 'search', {
 *   name: 'search',
 *   owner: 'search-oncall@example.com',
 *   team: 'search',
 *   purpose: 'The search, production',
 *   quota: Quota.of({ cpu: Cpu.units(10), memory: Size.gibibytes(20) }),
 *   developers: ['oidc:team-search'],
 * });
 * const services = new Chart(app, 'search', { namespace: search.name });
 * ```
 *
 * The namespace of its own chart does not matter: leave it out there.
 */
export class TenantNamespace extends TeamNamespace<TenantNamespaceProps, OfTeam> {
  /** The rights of `developers`; none without. */
  public readonly developers?: AccessGrant;

  public constructor(scope: Construct, id: string, props: TenantNamespaceProps) {
    super(scope, id, props, readOfTeam);
    const { developers } = this._settings;
    if (developers.length > 0) {
      this.developers = this.grant(
        'developers',
        AccessRole.developer(),
        ...developers.map((group) => Subject.group(group)),
      );
    }
  }
}

interface OfTeam extends TenantSettings {
  readonly developers: readonly string[];
}

function readOfTeam(owner: Construct, read: Reader<TenantNamespaceProps>, problems: Problems): OfTeam {
  return {
    ...readTenant(owner, read, problems),
    defaultDeny: read.optional('defaultDeny', boolean, true, { practice: 'S002-22' }),
    developers: read.optional('developers', listOf(text), [], {
      fix: "List groups, such as ['oidc:team-shop']",
      practice: 'CH04-38',
    }),
  };
}
