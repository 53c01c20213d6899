import type { PolicyRule, RoleRef, Subject } from 'kubernetes-types/rbac/v1';
import type { RuleSettings, SubjectSettings } from './rule-settings';

const GROUP = 'rbac.authorization.k8s.io';

export function renderRules(rules: readonly RuleSettings[]): PolicyRule[] {
  return rules.map(({ apiGroup, resources, verbs, resourceNames }): PolicyRule => ({
    apiGroups: [apiGroup],
    resources: [...resources],
    verbs: [...verbs],
    ...(resourceNames === undefined ? {} : { resourceNames: [...resourceNames] }),
  }));
}

export function renderRoleRef(kind: 'Role' | 'ClusterRole', name: string): RoleRef {
  return { apiGroup: GROUP, kind, name };
}

export function renderSubjects(subjects: readonly SubjectSettings[]): Subject[] {
  return subjects.map((subject): Subject =>
    subject.kind === 'ServiceAccount'
      ? { kind: subject.kind, name: subject.name, namespace: subject.namespace }
      : { apiGroup: GROUP, kind: subject.kind, name: subject.name },
  );
}
