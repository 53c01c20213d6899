import { Api } from './api';
import type { Cluster, Manifest } from './cluster';

/** The groups that the API server adds to a subject, and the subject itself where it is a group. */
export function groupsOf(subjectKind: string, subject: string): string[] {
  const [, , namespace] = subject.split(':');
  const own =
    { Group: [subject], ServiceAccount: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] }[
      subjectKind
    ] ?? [];
  return [...own, 'system:authenticated'];
}

/**
 * What a subject may do in a namespace, beside what everybody may: `verb resource.group`, and a name where the right is
 * for one object.
 */
export async function rightsOf(
  cluster: Cluster,
  subjectKind: string,
  subject: string,
  namespace: string,
): Promise<Set<string>> {
  const groups = groupsOf(subjectKind, subject);
  const [listed, everybody] = await Promise.all([
    listRights(cluster, subjectKind === 'Group' ? 'somebody' : subject, groups, namespace),
    listRights(
      cluster,
      'nobody',
      groups.filter((group) => group.startsWith('system:')),
      namespace,
    ),
  ]);
  return new Set(listed.filter((right) => !everybody.includes(right)));
}

async function listRights(
  cluster: Cluster,
  user: string,
  groups: readonly string[],
  namespace: string,
): Promise<string[]> {
  const api = new Api(cluster, { 'impersonate-user': user, 'impersonate-group': [...groups] });
  try {
    const { body } = await api.request('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace },
    });
    return rightsOfRules(body.status.resourceRules as Manifest[]);
  } finally {
    api.close();
  }
}

/** Each right of RBAC rules as one line. */
export function rightsOfRules(rules: readonly Manifest[]): string[] {
  const lists = (rule: Manifest, name: string): string[] => (rule[name] as string[] | undefined) ?? [];
  return rules.flatMap((rule) =>
    lists(rule, 'apiGroups').flatMap((group) =>
      lists(rule, 'resources').flatMap((resource) =>
        lists(rule, 'verbs').flatMap((verb) => {
          const names = lists(rule, 'resourceNames');
          return names.length === 0
            ? [`${verb} ${resource}.${group}`]
            : names.map((name) => `${verb} ${resource}.${group} ${name}`);
        }),
      ),
    ),
  );
}
