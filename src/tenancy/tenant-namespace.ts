import type { Construct } from 'constructs';
import type { Quota } from './quota';
import { readTenant, type TenantSettings } from './read-tenant';
import { TeamNamespace } from './team-namespace';
import type { TeamNamespaceProps } from './team-namespace-props';
import type { AccessGrant } from '../access/access-grant';
import { AccessRole } from '../access/access-role';
import { Subject } from '../access/subject';
import type { Problems } from '../kernel/findings/problems';
import { boolean, listOf, text } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';

/** Props of `TenantNamespace`. */
export interface TenantNamespaceProps extends TeamNamespaceProps {
  /**
   * Whom to ask: a person, an address or a channel (CH02-14). An annotation; also the label `owner` where it can be
   * one.
   */
  readonly owner: string;

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
}

/**
 * A namespace for a team: with Pod Security, a quota, defaults for containers, closed network, rights and metadata
 * (CH08-31, SYS-12-01).
 *
 * A workload is placed in it by the namespace of its chart. What all charts place in it on the same cluster is checked
 * against quota and LimitRange with the arithmetic of the API server, when the app is synthesized.
 *
 * ```ts
 * const shop = new TenantNamespace(platform, 'shop', {
 *   name: 'shop',
 *   owner: 'shop-oncall@example.com',
 *   team: 'shop',
 *   purpose: 'The web shop, production',
 *   quota: Quota.of({ cpu: Cpu.units(10), memory: Size.gibibytes(20) }),
 *   developers: ['oidc:team-shop'],
 * });
 * const chart = new Chart(app, 'web', { namespace: shop.name });
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
