import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { AccessRole } from './access-role';
import { rightToStartPods } from './dangers';
import { recordGrant, subjectId } from './grants';
import { readRole } from './read-role';
import { renderRoleRef, renderRules, renderSubjects } from './render-access';
import type { RoleSettings, SubjectSettings } from './rule-settings';
import { readSubject, Subject } from './subject';
import { emit, later } from '../kernel/emit/emission';
import { type Labels, recommended } from '../kernel/emit/labels';
import { Problems } from '../kernel/findings/problems';
import { warn } from '../kernel/findings/warnings';
import { namespaceOf } from '../kernel/model/names';
import { readName } from '../kernel/model/read-name';
import { instance, listOf, mapOf, text } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsLabel, labelKey, labelledSubdomain, labelValue } from '../kernel/schema/syntax';

/** Props of `AccessGrant`. */
export interface AccessGrantProps {
  /**
   * Name of the role and of the binding: at most 63 lower-case letters, digits, `-` and dots.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /** What the subjects may do. */
  readonly role: AccessRole;

  /** Who may; at least one. */
  readonly subjects: Subject[];

  /**
   * The namespace that the rights are for.
   *
   * @default - that of the chart
   */
  readonly namespace?: string;

  /**
   * Why the rights are for all namespaces and for what is in none; becomes an annotation. The role is a ClusterRole
   * then. Not with rights to create or change workloads, those of `AccessRole.deployer()` and `edit` among them, or to
   * enter pods: who can do that in `kube-system` is an administrator.
   *
   * @default - one namespace (CH04-34, CH17-31)
   */
  readonly clusterWide?: string;

  /**
   * Labels beside the recommended ones; none of `rbac.authorization.k8s.io/`, by which Kubernetes adds the rules of a
   * role to others, and so gives them to everybody who has those.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };
}

/**
 * A role and its binding, with rights that do what they say: no wildcards, no `bind`, `escalate` or `impersonate`, no
 * changes of roles, no tokens of other accounts, no `nodes/proxy`, no approval of certificates, and Secrets and shells
 * with a reason only.
 *
 * ```ts
 * new AccessGrant(chart, 'developers', { role: AccessRole.developer(), subjects: [Subject.group('oidc:team-shop')] });
 * ```
 *
 * Bind no other role to the same subjects where it can be avoided: Kubernetes adds up all rights (CH02-17).
 *
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 */
export class AccessGrant extends Construct {
  /** Name of the role and of the binding. */
  public readonly name: string;
  /** The RoleBinding, or ClusterRoleBinding. */
  public readonly binding: ApiObject;
  /** The Role, or ClusterRole; none for `view` and `edit`, which Kubernetes has. */
  public readonly role?: ApiObject;

  /** @internal */
  public readonly _subjects: readonly SubjectSettings[];

  public constructor(scope: Construct, id: string, props: AccessGrantProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<AccessGrantProps>(problems, props);
    this.name = readName(this, read, labelledSubdomain).name;
    const reason = read.optional('clusterWide', text, undefined, {
      fix: 'Say why the rights are for all namespaces, or leave it out',
      practice: 'CH04-34',
    });
    const clusterWide = read.has('clusterWide');
    read.conflict('namespace', 'clusterWide', { fix: 'Keep one' });
    const namespace = clusterWide
      ? undefined
      : read.optional('namespace', dnsLabel(), namespaceOf(this), {
          fix: 'Name the namespace that the rights are for',
        });
    const role = readRoleProp(read, clusterWide, problems);
    const subjects = this.readSubjects(read, namespace, problems);
    const labels = recommended(
      this,
      this.name,
      'access',
      read.optional('labels', mapOf(labelKey, labelValue), {}, { fix: 'Map label keys to values', practice: 'DX-13' }),
    );
    refuseAggregation(labels, read);
    read.refuseUnknown();

    this._subjects = subjects;
    recordGrant({ owner: this, role, subjects, namespace, clusterWide });
    if (!clusterWide && role.ownRules.some((rule) => rightToStartPods(rule) !== undefined)) {
      warn(this, {
        rule: 'access/starts-pods',
        prop: 'role',
        got: 'the right to create or change workloads',
        expected: 'no right to start pods',
        text:
          'the role creates or changes workloads: its subjects can mount every Secret of the namespace and use ' +
          'each of its ServiceAccounts',
      });
    }
    const head = {
      labels,
      annotations: descriptionOf([reason, role.description]),
      ...(clusterWide ? {} : { namespace }),
    };
    if (role.builtIn === undefined) this.role = this.emitRole(role, head, clusterWide, problems);
    this.binding = this.emitBinding(role, subjects, head, clusterWide, problems);
  }

  private readSubjects(
    read: Reader<AccessGrantProps>,
    namespace: string | undefined,
    problems: Problems,
  ): SubjectSettings[] {
    const hint = { fix: "Write [Subject.group('oidc:team-shop')]", practice: 'CH04-38' };
    const given = read.required(
      'subjects',
      listOf(instance(Subject, "a Subject, e.g. Subject.group('oidc:team-shop')")),
      [],
      hint,
    );
    const raw = read.raw('subjects');
    if (Array.isArray(raw) && raw.length === 0) {
      read.refuse('subjects', raw, 'at least one', { rule: 'props/empty-list', ...hint });
    }
    const seen = new Set<string>();
    return given.flatMap((subject, index) => {
      const prop = `subjects[${index}]`;
      const settings = readSubject(this, subject, namespace, problems, prop);
      if (settings === undefined) return [];
      if (seen.has(subjectId(settings))) {
        problems.refuse(prop, settings.name, 'each subject once', {
          rule: 'props/duplicate',
          fix: 'Remove one of them',
        });
      }
      seen.add(subjectId(settings));
      return settings;
    });
  }

  private emitRole(role: RoleSettings, metadata: HeadParts, clusterWide: boolean, problems: Problems): ApiObject {
    return emit(this, 'Role', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: clusterWide ? 'ClusterRole' : 'Role',
      ...(clusterWide ? { clusterScoped: true } : {}),
      metadata: { name: this.name, ...metadata },
      rules: later(problems, () => renderRules(role.rules)),
    });
  }

  private emitBinding(
    role: RoleSettings,
    subjects: SubjectSettings[],
    metadata: HeadParts,
    clusterWide: boolean,
    problems: Problems,
  ): ApiObject {
    const kind = role.builtIn !== undefined || clusterWide ? 'ClusterRole' : 'Role';
    return emit(this, 'Resource', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: clusterWide ? 'ClusterRoleBinding' : 'RoleBinding',
      ...(clusterWide ? { clusterScoped: true } : {}),
      metadata: { name: this.name, ...metadata },
      roleRef: renderRoleRef(kind, role.builtIn ?? this.name),
      subjects: later(problems, () => renderSubjects(subjects)),
    });
  }
}

/**
 * Those of the chart count, too.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
function refuseAggregation(labels: Labels, read: Reader<AccessGrantProps>): void {
  for (const key of Object.keys(labels).filter((label) => label.startsWith('rbac.authorization.k8s.io/'))) {
    read.refuse('labels', key, "labels that do not begin with 'rbac.authorization.k8s.io/'", {
      rule: 'access/aggregated-role',
      fix: 'Remove it: everybody with the role that it adds to would have the rights',
    });
  }
}

interface HeadParts {
  readonly labels: Labels;
  readonly annotations: Record<string, string>;
  readonly namespace?: string;
}

const NO_ROLE: RoleSettings = { rules: [], ownRules: [], description: undefined };

function readRoleProp(read: Reader<AccessGrantProps>, clusterWide: boolean, problems: Problems): RoleSettings {
  const role = read.required('role', instance(AccessRole, 'an AccessRole, e.g. AccessRole.developer()'), undefined, {
    fix: 'Use a factory of AccessRole',
    practice: 'CH04-35',
  });
  return role === undefined ? NO_ROLE : readRole(role, clusterWide, problems, 'role');
}

/**
 * The reasons, as text for people.
 *
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/#description
 */
function descriptionOf(reasons: ReadonlyArray<string | undefined>): Record<string, string> {
  const stated = reasons.filter((reason) => reason !== undefined);
  return stated.length === 0 ? {} : { 'kubernetes.io/description': stated.join('; ') };
}
