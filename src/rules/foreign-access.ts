import { warningAt } from './verdicts';
import { type ForeignObject, foreignOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule } from '../kernel/findings/library-rule';
import { list, part, textAt } from '../kernel/schema/manifest';

const RBAC = 'rbac.authorization.k8s.io';

/** Foreign bindings to `cluster-admin`, or to a foreign role with all rights. */
const administrators: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    foreignOf(view, `${RBAC}/ClusterRoleBinding`, `${RBAC}/RoleBinding`).flatMap((binding) => {
      const role = textAt(binding.wire, 'roleRef', 'name') ?? '';
      if (role !== 'cluster-admin' && !mayDoAll(view, binding, role)) return [];
      const subjects = list(part(binding.wire, 'subjects')).map((subject) => `'${textAt(subject, 'name') ?? ''}'`);
      return [
        warningAt(binding.at, {
          rule: 'access/administrator',
          got: `a binding to '${role}'`,
          expected: 'a role with the rights that are needed',
          text:
            `${binding.title} gives '${role}' to ${subjects.join(', ') || 'nobody'}: all rights` +
            `${binding.kind === 'RoleBinding' ? ` in namespace '${binding.namespace ?? ''}'` : ''}. Bind a role with ` +
            'the rights that are needed, or use an AccessGrant',
        }),
      ];
    }),
};

function mayDoAll(view: PassView, binding: ForeignObject, role: string): boolean {
  const kind = textAt(binding.wire, 'roleRef', 'kind');
  return foreignOf(view, `${RBAC}/${kind}`).some(
    (object) =>
      object.name === role &&
      object.cluster === binding.cluster &&
      (kind === 'ClusterRole' || object.namespace === binding.namespace) &&
      list(part(object.wire, 'rules')).some((rule) =>
        ['apiGroups', 'resources', 'verbs'].every((field) => list(part(rule, field)).includes('*')),
      ),
  );
}

export const RULES = [administrators];
