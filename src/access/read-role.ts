import type { AccessRole, AccessRule } from './access-role';
import { refusedRight, rightToEnterPods, rightToExplain, rightToStartPods } from './dangers';
import type { RoleSettings, RuleSettings } from './rule-settings';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { anyText, type Check, listOf, matching, oneOf, text, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { groupOf, isGroup, isMissing, isOutsideNamespaces } from '../kubernetes/api-resources';

const verb = oneOf('get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection');
const resource = matching(
  /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*(\/[a-z]+)?$/,
  253,
  "a plural resource name in lower case, such as 'pods' or 'pods/log', without '*'",
);
// the API accepts any name that is a path segment
const objectName: Check<string> = that(
  "the name of an object, without '*', '/' or '%'",
  (value) =>
    typeof value === 'string' &&
    value !== '' &&
    value !== '.' &&
    value !== '..' &&
    !/[*/%\s]/.test(value) &&
    value.length <= 253,
);

const NO_WILDCARD = { fix: 'List only what is needed', practice: 'CH17-29' };

/** `clusterWide`: whether the rights cover all namespaces. */
export function readRole(role: AccessRole, clusterWide: boolean, problems: Problems, prop: string): RoleSettings {
  const rules = role._rules.map((given, index) => readRule(given, clusterWide, problems, `${prop}.rules[${index}]`));
  const all = [...role._kit, ...rules];
  if (clusterWide) {
    refusePodsOfKubernetes(role._kit.find(rightToStartPods), problems, prop);
    rules.forEach((rule, index) => refusePodsOfKubernetes(rule, problems, `${prop}.rules[${index}]`));
  }
  if (role._builtIn !== undefined) {
    if (all.length > 0) {
      problems.refuse(`${prop}.rules`, new Verbatim(`rules beside '${role._builtIn}'`), 'a custom role', {
        rule: 'access/built-in-with-rules',
        fix: 'Write a second grant for the additional rules',
      });
    }
    if (role._builtIn === 'edit') refuseEdit(role._reason, clusterWide, problems, prop);
  } else if (all.length === 0) {
    problems.refuse(`${prop}.rules`, [], 'at least one rule', {
      rule: 'props/empty-list',
      fix: "Add an AccessRule, such as one with resources: ['pods'], verbs: ['get', 'list', 'watch']",
    });
  }
  const reasons = [
    role._builtIn === 'edit' && typeof role._reason === 'string' ? role._reason : undefined,
    ...rules.map(({ reason }) => reason),
  ];
  const stated = [...new Set(reasons)].filter((reason) => reason !== undefined);
  return {
    rules: all,
    ownRules: rules,
    builtIn: role._builtIn,
    description: stated.length > 0 ? stated.join('; ') : undefined,
  };
}

function refuseEdit(reason: unknown, clusterWide: boolean, problems: Problems, prop: string): void {
  text.read(reason, (given, expected) =>
    problems.refuse(`${prop}.reason`, given, expected, {
      rule: 'access/edit-reason',
      fix: "Say why AccessRole.developer() is not enough: 'edit' reads all Secrets",
    }),
  );
  if (clusterWide) {
    problems.refuse(prop, 'edit', 'a role that does not read the Secrets of all namespaces', {
      rule: 'access/edit-cluster-wide',
      fix: 'Bind it in single namespaces, or use AccessRole.view()',
    });
  }
}

/** Refuses rights on pods in all namespaces: namespaces of Kubernetes have ServiceAccounts with all rights. */
function refusePodsOfKubernetes(rule: RuleSettings | undefined, problems: Problems, prop: string): void {
  if (rule === undefined) return;
  for (const [found, what] of [
    [rightToStartPods(rule), 'create or change workloads'],
    [rightToEnterPods(rule), 'enter pods'],
  ] as const) {
    if (found === undefined) continue;
    problems.refuse(
      prop,
      new Verbatim(`'${found.verb}' on '${found.resource}' in all namespaces`),
      `no right to ${what}: pods in kube-system can act as administrators`,
      {
        rule: 'access/pods-of-kubernetes',
        fix: 'Grant the right in single namespaces',
      },
    );
  }
}

function readRule(given: unknown, clusterWide: boolean, problems: Problems, path: string): RuleSettings {
  const read = new Reader<AccessRule>(problems, given, `${path}.`);
  const rule: RuleSettings = {
    apiGroup: read.optional('apiGroup', anyText, '', {
      fix: "Write '' for the core group; Deployments are in 'apps'",
      practice: 'CH04-33',
    }),
    resources: read.required('resources', listOf(resource), [], NO_WILDCARD),
    verbs: read.required('verbs', listOf(verb), [], hintOfVerbs(read.raw('verbs'))),
    resourceNames: read.optional('resourceNames', listOf(objectName), undefined, {
      fix: 'Name the objects, or remove the prop for all',
    }),
    reason: read.optional('reason', text, undefined, { fix: 'State why the right is needed' }),
  };
  read.refuseUnknown();
  for (const prop of ['resources', 'verbs', 'resourceNames'] as const) refuseOddList(rule[prop], read, prop);
  refuseWrongGroup(rule, clusterWide, read);
  refuseUselessNames(rule, read);
  refuseDangers(rule, read, problems, path);
  return rule;
}

function hintOfVerbs(verbs: unknown): { fix: string; practice: string } {
  const escalating = Array.isArray(verbs)
    ? (verbs as unknown[]).find((word) => word === 'bind' || word === 'escalate' || word === 'impersonate')
    : undefined;
  return escalating === undefined
    ? NO_WILDCARD
    : { fix: `Remove it: '${String(escalating)}' lets the subject grant itself any right`, practice: 'CH17-29' };
}

/** Refuses empty lists and duplicates. An empty list of names means all objects; other empty lists mean nothing. */
function refuseOddList(list: readonly string[] | undefined, read: Reader<AccessRule>, prop: keyof AccessRule): void {
  const given = read.raw(prop);
  if (Array.isArray(given) && given.length === 0) {
    read.refuse(prop, given, 'at least one', {
      rule: 'props/empty-list',
      fix:
        prop === 'resourceNames'
          ? 'Name one, or remove the prop: the rule then covers all objects'
          : 'Name one, or remove the rule',
    });
  }
  const twice = list?.find((word, index) => list.indexOf(word) !== index);
  if (twice !== undefined) {
    read.refuse(prop, twice, 'each item once', { rule: 'props/duplicate', fix: 'Remove one of them' });
  }
}

function refuseWrongGroup(rule: RuleSettings, clusterWide: boolean, read: Reader<AccessRule>): void {
  const { apiGroup, resources } = rule;
  // no advice to request more of what is refused anyway
  const inNamespace = !clusterWide && refusedRight(rule) === undefined;
  if (!isGroup(apiGroup) || !/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$/.test(apiGroup)) {
    const fix =
      apiGroup === '*'
        ? 'Write a rule for each group'
        : apiGroup === 'v1' || apiGroup === 'core'
          ? "Write '', or remove the prop"
          : "Look it up with kubectl api-resources; Deployments are in 'apps', Ingresses in 'networking.k8s.io'";
    read.refuse(
      'apiGroup',
      apiGroup,
      "'' for the core group, 'apps', 'batch', 'autoscaling', 'policy' or a group with a dot",
      { rule: 'access/api-group', fix },
    );
    return;
  }
  for (const name of resources) {
    const [base] = name.split('/');
    if (isMissing(apiGroup, base)) {
      const home = groupOf(base);
      read.refuse('resources', name, `a resource of the API group '${apiGroup}'`, {
        rule: 'access/api-group',
        fix: home === undefined ? 'Look it up with kubectl api-resources' : `Set apiGroup: '${home}'`,
      });
    } else if (inNamespace && isOutsideNamespaces(apiGroup, base)) {
      read.refuse('resources', name, 'a namespaced resource', {
        rule: 'access/resource-scope',
        fix: "Set 'clusterWide' to the reason",
      });
    }
  }
}

function refuseUselessNames({ resourceNames, verbs, resources }: RuleSettings, read: Reader<AccessRule>): void {
  if (resourceNames === undefined) return;
  // a subresource is created below the name of its object
  const nameless = verbs.find(
    (word) => word === 'deletecollection' || (word === 'create' && resources.some((name) => !name.includes('/'))),
  );
  if (nameless !== undefined) {
    read.refuse('resourceNames', resourceNames, `no names with '${nameless}'`, {
      rule: 'access/nameless-verb',
      fix: `Give '${nameless}' a rule of its own: its requests name no object, and the rule would never apply`,
    });
  }
}

function refuseDangers(rule: RuleSettings, read: Reader<AccessRule>, problems: Problems, path: string): void {
  const refused = refusedRight(rule);
  if (refused !== undefined) {
    const { resource: name, verb: word, danger } = refused;
    problems.refuse(path, new Verbatim(`'${word}' on '${name}'`), 'rights that do not escalate', {
      rule: 'access/escalation',
      fix: `Remove it: it ${danger.why}`,
      practice: danger.practice,
    });
    return;
  }
  const explained = rightToExplain(rule);
  if (explained !== undefined && !read.has('reason')) {
    const { resource: name, verb: word, danger } = explained;
    const narrower = name === 'secrets' ? ", and name the Secrets in 'resourceNames'" : '';
    problems.refuse(`${path}.reason`, undefined, `a reason for '${word}' on '${name}'`, {
      rule: 'access/dangerous-right',
      fix: `State why: it ${danger.why}${narrower}`,
      practice: danger.practice,
    });
  }
}
