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
import { instance, listOf, text } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsLabel, labelledSubdomain, labelMap } from '../kernel/schema/syntax';

/** Props of `AccessGrant`. */
export interface AccessGrantProps {
  /**
   * Name of the role and of the binding: at most 63 lower-case letters, digits, `-` and dots.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /** The rights of the subjects. */
  readonly role: AccessRole;

  /** The subjects; at least one. */
  readonly subjects: Subject[];

  /**
   * Namespace of the rights.
   *
   * @default - the namespace of the chart
   */
  readonly namespace?: string;

  /**
   * Why the rights cover all namespaces and cluster-scoped resources; becomes an annotation. The role is then a
   * ClusterRole. Not allowed with rights to create or change workloads, as in `AccessRole.deployer()` and `edit`, or to
   * enter pods: in `kube-system`, these make the subject an administrator.
   *
   * @default - one namespace (CH04-34, CH17-31)
   */
  readonly clusterWide?: string;

  /**
   * Additional labels. Labels of `rbac.authorization.k8s.io/` are refused: Kubernetes would aggregate the rules into
   * other roles and give them to everyone who holds those.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };
}

/**
 * A role and its binding, without hidden rights: no wildcards, no `bind`, `escalate` or `impersonate`, no changes of
 * roles, no tokens of other accounts, no `nodes/proxy`, no approval of certificates. Secrets and shells need a reason.
 *
 * ```ts
 * new AccessGrant(chart, 'developers', { role: AccessRole.developer(), subjects: [Subject.group('oidc:team-shop')] });
 * ```
 *
 * Avoid several roles for the same subjects: Kubernetes adds up all rights (CH02-17).
 *
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 */
export class AccessGrant extends Construct {
  /** Name of the role and of the binding. */
  public readonly name: string;
  /** The RoleBinding or ClusterRoleBinding. */
  public readonly binding: ApiObject;
  /** The Role or ClusterRole; none for the built-in `view` and `edit`. */
  public readonly role?: ApiObject;

  /** @internal */
  public readonly _subjects: readonly SubjectSettings[];

  public constructor(scope: Construct, id: string, props: AccessGrantProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<AccessGrantProps>(problems, props);
    this.name = readName(this, read, labelledSubdomain).name;
    const reason = read.optional('clusterWide', text, undefined, {
      fix: 'State why the rights cover all namespaces, or remove the prop',
      practice: 'CH04-34',
    });
    const clusterWide = read.has('clusterWide');
    read.conflict('namespace', 'clusterWide', { fix: 'Keep one' });
    const namespace = clusterWide
      ? undefined
      : read.optional('namespace', dnsLabel(), namespaceOf(this), {
          fix: 'Name the namespace of the rights',
        });
    const role = readRoleProp(read, clusterWide, problems);
    const subjects = this.readSubjects(read, namespace, problems);
    const labels = recommended(
      this,
      this.name,
      'access',
      read.optional('labels', labelMap, {}, { fix: 'Map label keys to values', practice: 'DX-13' }),
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
          'every ServiceAccount in it. Grant it only to subjects that may, or use a role that only reads',
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
 * Labels of the chart count as well.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
function refuseAggregation(labels: Labels, read: Reader<AccessGrantProps>): void {
  for (const key of Object.keys(labels).filter((label) => label.startsWith('rbac.authorization.k8s.io/'))) {
    read.refuse('labels', key, "labels that do not begin with 'rbac.authorization.k8s.io/'", {
      rule: 'access/aggregated-role',
      fix: 'Remove it: everyone who holds the aggregated role would get the rights',
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
 * The reasons as readable text.
 *
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/#description
 */
function descriptionOf(reasons: ReadonlyArray<string | undefined>): Record<string, string> {
  const stated = reasons.filter((reason) => reason !== undefined);
  return stated.length === 0 ? {} : { 'kubernetes.io/description': stated.join('; ') };
}
