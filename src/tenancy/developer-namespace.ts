import type { Duration } from 'cdk8s';
import { Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { EXPIRES_LABEL, hours, TTL_ANNOTATION, ttlText } from './expiry';
import { Quota } from './quota';
import { readTenant, type TenantSettings } from './read-tenant';
import { reading, TeamNamespace } from './team-namespace';
import type { TeamNamespaceProps } from './team-namespace-props';
import { AccessGrant } from '../access/access-grant';
import { AccessRole } from '../access/access-role';
import { Subject } from '../access/subject';
import { stateSandbox } from '../admission/sandbox';
import type { Problems } from '../kernel/findings/problems';
import { boolean, instance, listOf, text, that } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';
import { Cpu } from '../kubernetes/cpu';

/** Props of `DeveloperNamespace`. */
export interface DeveloperNamespaceProps extends TeamNamespaceProps {
  /**
   * Contact, and the user who gets `edit`, as the API server sees it, such as `jane@example.com` (CH02-14, CH02-15).
   */
  readonly owner: string;

  /**
   * Lifetime from creation in whole hours: 1 hour to 365 days. `NamespaceReaper` then deletes the namespace. To keep it
   * longer, raise the annotation `ttl`.
   *
   * @default Duration.days(14): without an expiry, nobody cleans up (CH02-09, CH02-21)
   */
  readonly ttl?: Duration;

  /**
   * A fixed expiry instead of `ttl`: `2026-12-31`, which is its first second in UTC, or `2026-12-31T18:00:00Z`.
   *
   * @default - `ttl` applies
   */
  readonly expires?: string;

  /**
   * The current time for `expires`, which must be later: a time such as `2026-12-31T18:00:00Z`.
   *
   * @default - not checked: the same app must produce the same YAML tomorrow
   */
  readonly now?: string;

  /**
   * Subjects that get `edit` in the namespace.
   *
   * @default - the user `owner`
   */
  readonly editors?: Subject[];

  /**
   * Whether the editors may read the whole cluster, without Secrets, to see which workloads share it (CH02-18,
   * CH02-19). They must not have other roles (CH02-17).
   *
   * This right outlives the namespace: a ClusterRoleBinding has no namespace, and a `NamespaceReaper` deletes only
   * namespaces. With a group of all developers, one `AccessGrant` of `AccessRole.view()` has the same effect, without
   * clean-up.
   *
   * @default false
   */
  readonly clusterView?: boolean;

  /**
   * The quota of all pods of the namespace together.
   *
   * @default - 10 CPU and 100 GiB memory, requests and limits alike (CH02-20), and 100 GiB of volumes
   */
  readonly quota?: Quota;
}

const DEFAULT_TTL_HOURS = 14 * 24;

/**
 * A temporary namespace for a developer on a shared cluster (chapter 2 of the book). It is like a tenant namespace,
 * with a quota of 10 CPU and 100 GiB, `edit` for its owner, and an expiry.
 *
 * `edit` reads all Secrets of the namespace, uses every ServiceAccount and changes network policies: nothing privileged
 * may run here. Any binding that gives a ServiceAccount of the namespace rights elsewhere is an error.
 *
 * A `NamespaceReaper` on the cluster deletes it after its expiry.
 *
 * ```ts
 * new DeveloperNamespace(chart, 'search-spike', {
 *   name: 'search-spike',
 *   owner: 'jane@example.com',
 *   team: 'search',
 *   purpose: 'Tries another tokenizer',
 *   ttl: Duration.days(5),
 * });
 * ```
 */
export class DeveloperNamespace extends TeamNamespace {
  /** The rights of the editors in the namespace. */
  public readonly edit: AccessGrant;
  /** The right to read the whole cluster, which outlives the namespace; none without `clusterView`. */
  public readonly view?: AccessGrant;

  public constructor(scope: Construct, id: string, props: DeveloperNamespaceProps) {
    const readProps = reading(props, readOfDeveloper);
    super(scope, id, readProps);
    const { ttl, editors, clusterView } = this._settingsBy(readProps);
    this.namespace.metadata.addLabel(EXPIRES_LABEL, 'true');
    if (ttl !== undefined) this.namespace.metadata.addAnnotation(TTL_ANNOTATION, ttlText(ttl));
    this.edit = this.grant('edit', AccessRole.edit(`${this.name} is for the experiments of its owner`), ...editors);
    if (clusterView) {
      this.view = new AccessGrant(this, 'view', {
        name: `${this.name}-view`,
        role: AccessRole.view(),
        subjects: editors,
        clusterWide: 'lets developers see which workloads share the cluster',
      });
    }
    stateSandbox({ owner: this, name: this.name, editors: this.edit._subjects });
  }
}

interface OfDeveloper extends TenantSettings {
  /** In hours; none with a fixed expiry. */
  readonly ttl?: number;
  readonly editors: Subject[];
  readonly clusterView: boolean;
}

function readOfDeveloper(owner: Construct, read: Reader<DeveloperNamespaceProps>, problems: Problems): OfDeveloper {
  const tenant = readTenant(owner, read, problems, DEFAULT_QUOTA);
  const ttl = read.optional('ttl', hours, DEFAULT_TTL_HOURS, { practice: 'CH02-21' });
  read.conflict('ttl', 'expires', { fix: 'Keep one', practice: 'CH02-21' });
  refusePast(read);
  return {
    ...tenant,
    ttl: read.has('expires') ? undefined : ttl,
    editors: readEditors(read),
    clusterView: read.optional('clusterView', boolean, false, { practice: 'CH02-18' }),
  };
}

function readEditors(read: Reader<DeveloperNamespaceProps>): Subject[] {
  const hint = { fix: 'Name a subject, or remove the prop to use the owner only', practice: 'CH02-15' };
  const given = read.optional(
    'editors',
    listOf(instance(Subject, "a Subject, e.g. Subject.user('jane@example.com')")),
    undefined,
    hint,
  );
  const raw = read.raw('editors');
  if (Array.isArray(raw) && raw.length === 0) {
    read.refuse('editors', raw, 'at least one', { rule: 'props/empty-list', ...hint });
  }
  if (given !== undefined && given.length > 0) return given;
  // an owner that is no text is reported as such, not as a user
  return [Subject.user(text.read(read.raw('owner'), () => undefined) ?? 'invalid')];
}

const AMOUNT = { cpu: Cpu.units(10), memory: Size.gibibytes(100) };
const DEFAULT_QUOTA = Quota.of({ ...AMOUNT, cpuLimit: AMOUNT.cpu, storage: Size.gibibytes(100) });

const time = that<string>(
  "a time such as '2026-12-31T18:00:00Z'",
  (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
);

function refusePast(read: Reader<DeveloperNamespaceProps>): void {
  const now = read.optional('now', time, undefined, { fix: 'Write the present time in UTC, or remove the prop' });
  const expires = read.raw('expires');
  if (now === undefined || typeof expires !== 'string') return;
  if (Date.parse(expires) <= Date.parse(now)) {
    read.refuse('expires', expires, `a time after 'now' (${now})`, {
      rule: 'namespace/expired',
      fix: 'Set a later time, or remove the namespace',
    });
  }
}
