import type { Construct } from 'constructs';
import type { Quota } from './quota';
import { readTenant, type TenantSettings } from './read-tenant';
import { reading, TeamNamespace } from './team-namespace';
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
   * Contact: a person, an address or a channel (CH02-14). An annotation, and also the label `owner` if it is a valid
   * label value.
   */
  readonly owner: string;

  /**
   * Expected end of the namespace, as `2026-12-31` or `2026-12-31T18:00:00Z`: the annotation `expires-at`. Nothing
   * happens automatically at that time.
   *
   * @default - it stays
   */
  readonly expires?: string;

  /** The quota of all pods of the namespace together (CH08-38). No default: it is what the team pays for. */
  readonly quota: Quota;

  /**
   * Whether the namespace denies all connections in both directions that no other policy allows; DNS stays open
   * (S002-22). Workloads of this library then have only their declared connections, including `egress` and `egressTo`.
   *
   * @default true
   */
  readonly defaultDeny?: boolean;

  /**
   * Groups that get `AccessRole.developer()` here, spelt as the API server sees them: `oidc:team-shop`. Use `grant` for
   * other roles.
   *
   * @default - none: without a binding, nobody has rights (CH02-13)
   */
  readonly developers?: string[];
}

/**
 * A namespace for a team, with Pod Security, a quota, defaults for containers, closed network, rights and metadata
 * (CH08-31, SYS-12-01).
 *
 * A workload belongs to it if its chart has this namespace. At synthesis, the workloads of all charts on the same
 * cluster are checked against quota and LimitRange, with the arithmetic of the API server.
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
 * The chart of the TenantNamespace itself needs no namespace.
 */
export class TenantNamespace extends TeamNamespace {
  /** The rights of `developers`, if any. */
  public readonly developers?: AccessGrant;

  public constructor(scope: Construct, id: string, props: TenantNamespaceProps) {
    const readProps = reading(props, readOfTeam);
    super(scope, id, readProps);
    const { developers } = this._settingsBy(readProps);
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
