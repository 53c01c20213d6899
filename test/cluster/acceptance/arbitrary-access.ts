import * as fc from 'fast-check';
import { anyText, dnsLabel, subdomain, word } from './arbitrary-text';
import { call, type Terms } from './terms';

const person = fc
  .oneof(
    { withCrossShrink: true },
    fc.constantFrom(
      'oidc:team-shop',
      'jane@example.com',
      'System',
      'a b',
      'é',
      'a/b',
      '%',
      '**',
      '<a>',
      'a'.repeat(1000),
    ),
    word('abcXYZ019:/@.-_', 1, 60),
  )
  .filter((name) => !/^(system|kubeadm):/i.test(name));

const account = fc
  .tuple(
    subdomain().filter((name) => name !== 'default'),
    dnsLabel(),
  )
  .map(([name, namespace]) => call('Subject.serviceAccount', name, namespace));

export const subject: fc.Arbitrary<Terms> = fc.oneof(
  { withCrossShrink: true },
  person.map((name) => call('Subject.group', name)),
  person.map((name) => call('Subject.user', name)),
  account,
);

/** Each once. */
export const subjects = fc.uniqueArray(subject, {
  minLength: 1,
  maxLength: 3,
  selector: (given) => JSON.stringify(given),
});

const READ = ['get', 'list', 'watch'];
const WRITE = ['update', 'patch', 'delete'];

/** Resources of which all verbs are harmless enough to be granted, some of them with a reason. */
const RESOURCES: ReadonlyArray<readonly [group: string | undefined, resources: string[]]> = [
  [undefined, ['configmaps', 'pods', 'services', 'events', 'pods/log', 'endpoints']],
  ['', ['secrets', 'pods/exec', 'pods/portforward', 'resourcequotas']],
  ['apps', ['deployments', 'deployments/scale', 'statefulsets']],
  ['batch', ['jobs', 'cronjobs']],
  ['networking.k8s.io', ['ingresses', 'networkpolicies']],
  ['cert-manager.io', ['certificates', 'certificates/status']],
  ['metrics.k8s.io', ['pods']],
];
const CLUSTER_WIDE: typeof RESOURCES = [
  [undefined, ['nodes', 'persistentvolumes', 'namespaces']],
  ['storage.k8s.io', ['storageclasses']],
  ['rbac.authorization.k8s.io', ['clusterroles', 'roles']],
];

const objectName = fc.oneof(subdomain(), fc.constantFrom('system:a', 'a_b', 'A', '.a', 'é'));

function ruleOf(choices: typeof RESOURCES, verbs: string[]): fc.Arbitrary<Terms> {
  return fc
    .tuple(
      fc
        .constantFrom(...choices)
        .chain(([apiGroup, resources]) =>
          fc
            .subarray(resources, { minLength: 1 })
            .map((some) => ({ ...(apiGroup === undefined ? {} : { apiGroup }), resources: some })),
        ),
      fc.oneof(
        fc.subarray(verbs, { minLength: 1 }).map((some) => ({ verbs: some })),
        fc.constant({ verbs: choices === CLUSTER_WIDE ? ['get'] : ['create', 'deletecollection'] }),
      ),
      fc.option(fc.uniqueArray(objectName, { minLength: 1, maxLength: 3 }), { nil: undefined }),
      anyText.filter((text) => text !== ''),
    )
    .map(([what, { verbs: some }, resourceNames, reason]) => ({
      ...what,
      verbs: some,
      reason,
      ...(resourceNames === undefined || some.includes('create') ? {} : { resourceNames }),
    }));
}

const rules = fc.array(ruleOf(RESOURCES, [...READ, ...WRITE]), { minLength: 1, maxLength: 3 });
const clusterRules = fc.array(ruleOf(CLUSTER_WIDE, READ), { minLength: 1, maxLength: 2 });

/** Roles of the kit that create no workloads. */
const harmless = fc.constantFrom('helpDesk', 'viewer', 'developer').map((name) => call(`AccessRole.${name}`));
const kit = fc.oneof({ withCrossShrink: true }, harmless, fc.constant(call('AccessRole.deployer')));

/** A role of the kit, with rules of one's own, or one of Kubernetes. */
export const role: fc.Arbitrary<Terms> = fc.oneof(
  { withCrossShrink: true },
  kit,
  rules.map((given) => call('AccessRole.of', ...given)),
  fc.tuple(kit, rules).map(([base, more]) => ({ $on: base, method: 'plus', args: more })),
  fc.constant(call('AccessRole.view')),
  anyText.filter((text) => text !== '').map((why) => call('AccessRole.edit', why)),
);

/** A role for all namespaces. */
export const clusterRole: fc.Arbitrary<Terms> = fc.oneof(
  { withCrossShrink: true },
  fc.constant(call('AccessRole.view')),
  harmless,
  clusterRules.map((given) => call('AccessRole.of', ...given)),
);
