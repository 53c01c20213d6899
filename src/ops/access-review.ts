import type { IConstruct } from 'constructs';
import { ELSEWHERE, IN_CLUSTER, IN_NAMESPACE, type Right, VERBS } from './probes';
import { accessReview } from './scripts.generated';
import { mayHaveGrown, rulesOf } from '../access/built-in';
import { type Grant, recordedGrants, subjectId } from '../access/grants';
import type { RuleSettings, SubjectSettings } from '../access/rule-settings';
import { fillScript, shellWord } from '../kernel/emit/script';
import { AppModel } from '../kernel/facts/app-model';
import { clusterOf } from '../kernel/model/cluster-facts';
import { groupBy } from '../kernel/model/group-by';

/** A question to the API server, with the answer that the app expects. */
export interface AccessExpectation {
  /** Name of the target cluster. */
  readonly cluster: string;
  /** `Group`, `User` or `ServiceAccount`. */
  readonly subjectKind: string;
  /** The subject as the API server knows it: `oidc:team-shop`, `system:serviceaccount:shop:web`. */
  readonly subject: string;
  /** The namespace; none for all namespaces together, and for cluster-scoped resources. */
  readonly namespace?: string;
  /** The verb. */
  readonly verb: string;
  /** The API group, `''` for the core group. */
  readonly apiGroup: string;
  /** The plural resource name. */
  readonly resource: string;
  /** The subresource, such as `log`. */
  readonly subresource?: string;
  /** Name of the object. */
  readonly resourceName?: string;
  /** Whether it is allowed by all grants of the app together. */
  readonly allowed: boolean;
}

/** A namespace that every cluster has and that no team should reach. */
const FOREIGN = 'kube-system';

/** Instead of a namespace. */
const EVERYWHERE = '';

/** A name that no object has. */
const OTHER_NAME = 'some-other-object';

/**
 * The rights that an app's grants allow and refuse, as questions for `kubectl auth can-i` (CH17-33).
 *
 * - Each verb that a rule grants is expected to be allowed, and the other verbs on its resources to be refused.
 * - Rights that lead to further rights are always included: Secrets, shells, tokens, roles, impersonation.
 * - Some questions are about another namespace.
 * - All grants of one subject count together, as in Kubernetes. Rights from other groups, or from grants outside the
 *   app, are unknown here.
 * - Grants in a chart without a namespace are omitted. So are rights of `view` and `edit` that only some clusters have,
 *   from newer versions and operators.
 *
 * ```ts
 * writeFileSync('dist/access-review.sh', AccessReview.of(app).toScript());
 * ```
 */
export class AccessReview {
  /** Reviews a construct tree, preferably a complete app. */
  public static of(app: IConstruct): AccessReview {
    return new AccessReview(app);
  }

  /** All questions, each once, in the order of the grants. */
  public readonly expectations: AccessExpectation[];

  private constructor(app: IConstruct) {
    const inside = new Set<IConstruct>(app.node.findAll());
    const grants = recordedGrants(AppModel.of(app)).filter(
      ({ owner, clusterWide, namespace }) => inside.has(owner) && (clusterWide || namespace !== undefined),
    );
    const questions = new Map<string, AccessExpectation>();
    for (const [cluster, ofCluster] of groupBy(grants, ({ owner }) => clusterOf(owner).name)) {
      const namespaces = [...new Set(ofCluster.flatMap(({ namespace }) => namespace ?? []))].sort();
      const pairs = ofCluster.flatMap((grant) => grant.subjects.map((subject) => ({ grant, subject })));
      for (const ofSubject of groupBy(pairs, ({ subject }) => subjectId(subject)).values()) {
        const [{ subject }] = ofSubject;
        const own = ofSubject.map(({ grant }) => grant);
        const byNamespace = groupBy(own, ({ namespace }) => namespace ?? EVERYWHERE);
        for (const { namespace, right } of own.flatMap((grant) => questionsOf(grant, namespaces))) {
          const effective = [
            ...(byNamespace.get(EVERYWHERE) ?? []),
            ...(namespace === undefined ? [] : (byNamespace.get(namespace) ?? [])),
          ];
          const allowed = effective.some((grant) => allows(grant, right));
          if (!allowed && mayHaveGrown(right.apiGroup) && effective.some(({ role }) => role.builtIn !== undefined)) {
            continue;
          }
          const expectation = expectationOf(cluster, subject, namespace, right, allowed);
          questions.set(JSON.stringify(expectation), expectation);
        }
      }
    }
    this.expectations = [...questions.values()];
  }

  /**
   * A shell script that asks a cluster all questions with `kubectl auth can-i`, prints each different answer, and fails
   * if there is one. It skips APIs that the cluster does not serve. Running it requires the right to impersonate.
   *
   * @param cluster name of the cluster; omitted, all questions
   */
  public toScript(cluster?: string): string {
    return scriptOf(
      this.expectations.filter((expectation) => cluster === undefined || expectation.cluster === cluster),
    );
  }
}

interface Question {
  readonly namespace: string | undefined;
  readonly right: Right;
}

function questionsOf(grant: Grant, namespaces: readonly string[]): Question[] {
  const { namespace } = grant;
  const { rules } = grant.role;
  const promised = rulesOf(grant.role).flatMap(rightsOf);
  const others = rules.flatMap((rule) => rightsOf({ ...rule, verbs: VERBS, resourceNames: undefined }));
  const unnamed = rules
    .filter(({ resourceNames }) => resourceNames !== undefined)
    .flatMap((rule) => rightsOf({ ...rule, resourceNames: [OTHER_NAME] }));
  // one is enough to test the border, and keeps the number of questions linear
  const other = namespaces[(namespaces.indexOf(namespace ?? '') + 1) % namespaces.length] ?? FOREIGN;
  return [
    ...[...promised, ...others, ...unnamed, ...(namespace === undefined ? [] : IN_NAMESPACE)].map((right) => ({
      namespace,
      right,
    })),
    ...IN_CLUSTER.map((right) => ({ namespace: undefined, right })),
    ...[...new Set([FOREIGN, other])].flatMap((elsewhere) =>
      ELSEWHERE.map((right) => ({ namespace: elsewhere, right })),
    ),
  ];
}

function rightsOf({ apiGroup, resources, verbs, resourceNames }: RuleSettings): Right[] {
  return resources.flatMap((resource) =>
    verbs.flatMap((verb) =>
      (resourceNames ?? [undefined]).map((resourceName) => ({ apiGroup, resource, verb, resourceName })),
    ),
  );
}

function allows(grant: Grant, right: Right): boolean {
  return rulesOf(grant.role).some(
    ({ apiGroup, resources, verbs, resourceNames }) =>
      apiGroup === right.apiGroup &&
      resources.includes(right.resource) &&
      verbs.includes(right.verb) &&
      (resourceNames === undefined || (right.resourceName !== undefined && resourceNames.includes(right.resourceName))),
  );
}

function expectationOf(
  cluster: string,
  subject: SubjectSettings,
  namespace: string | undefined,
  right: Right,
  allowed: boolean,
): AccessExpectation {
  const [resource, subresource] = right.resource.split('/') as [string, string | undefined];
  return {
    cluster,
    subjectKind: subject.kind,
    subject:
      subject.kind === 'ServiceAccount' ? `system:serviceaccount:${subject.namespace}:${subject.name}` : subject.name,
    namespace,
    verb: right.verb,
    apiGroup: right.apiGroup,
    resource,
    subresource,
    resourceName: right.resourceName,
    allowed,
  };
}

/** A shell script that fails if an answer of the cluster is not the expected one. */
function scriptOf(expectations: readonly AccessExpectation[]): string {
  const questions = expectations.map((expectation) => {
    const words = argumentsOf(expectation).map(shellWord).join(' ');
    return `expects ${expectation.allowed ? 'yes' : 'no'} ${words}\n`;
  });
  return fillScript(accessReview, { total: expectations.length, questions: questions.join('') });
}

function argumentsOf({
  subjectKind,
  subject,
  namespace,
  verb,
  apiGroup,
  resource,
  subresource,
  resourceName,
}: AccessExpectation): string[] {
  const type = apiGroup === '' ? resource : `${resource}.${apiGroup}`;
  return [
    verb,
    resourceName === undefined ? type : `${type}/${resourceName}`,
    ...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
    namespace === undefined ? '--all-namespaces' : `--namespace=${namespace}`,
    // a group is impersonated with a user who has no rights
    ...(subjectKind === 'Group' ? ['--as=access-review', `--as-group=${subject}`] : [`--as=${subject}`]),
  ];
}
