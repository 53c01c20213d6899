import type { IConstruct } from 'constructs';
import { refuses, warns } from './define';
import { otherBindingsOf } from './other-bindings';
import { grantsOf, grantsOfAccountsIn } from '../access/grants';
import type {} from '../admission/existing-namespace';
import type { LimitFinding } from '../admission/limit-check';
import { checkNamespace } from '../admission/namespace-check';
import type { QuotaFinding } from '../admission/quota-check';
import { isSandbox } from '../admission/sandbox';
import type { Tenant } from '../admission/tenant';
import { Verbatim } from '../kernel/findings/describe';
import { namePart, pathText } from '../kernel/findings/prop-path';
import type { Warning } from '../kernel/findings/warnings';
import { clusterOf } from '../kernel/model/cluster-facts';
import { bytesQuantity, cpuQuantity } from '../kubernetes/quantity';

const RULE_PROPS: Readonly<Record<LimitFinding['rule'], string>> = {
  default: 'defaultLimit',
  min: 'min',
  max: 'max',
  maxLimitRequestRatio: 'maxRatio',
};
const CLAIM_PROPS: Readonly<Partial<typeof RULE_PROPS>> = { min: 'minClaim', max: 'maxClaim' };

/** Refuses what the API server would refuse in the namespace. */
const admission = refuses('tenant', (tenant, problems, view) => {
  const { quotas, limits, unreadable } = checkNamespace(view, tenant.owner, tenant.name);
  for (const { got, expected, fix, ...finding } of quotas) {
    problems.add({ rule: 'namespace/quota', prop: propOf(finding, tenant), got, expected, fix });
  }
  for (const { limitRange, type, rule, got, expected, fix } of limits) {
    const prop = (type === 'PersistentVolumeClaim' ? CLAIM_PROPS[rule] : undefined) ?? RULE_PROPS[rule];
    problems.add({
      rule: 'namespace/limit-range',
      prop: tenant.hasProps && limitRange === tenant.name ? `limitRange.${prop}` : `LimitRange ${namePart(limitRange)}`,
      got,
      expected,
      fix,
    });
  }
  for (const quantity of unreadable) {
    problems.add({
      rule: 'namespace/unreadable-quantity',
      prop: 'quota',
      got: quantity,
      expected: 'a quantity that the API can read',
      fix: "Use a quantity such as '500m', '1.5' or '2Gi'",
    });
  }
});

const tight = warns('tenant', (tenant, view) =>
  checkNamespace(view, tenant.owner, tenant.name).tight.map((finding): Warning => {
    const [prop, got] = [propOf(finding, tenant), `${finding.got} temporarily`];
    return {
      rule: 'namespace/tight-quota',
      prop,
      got,
      expected: finding.expected,
      text: `${pathText(prop)}: ${got}, expected ${finding.expected}. ${finding.fix}`,
    };
  }),
);

/**
 * Quotas may promise more than the cluster has, since few teams use everything. Reported once for a cluster.
 */
const overcommitted = warns('tenant', ({ owner }, view) => {
  const { name, nodes, allocatable } = clusterOf(owner);
  const sharing = view
    .all('tenant')
    .flatMap((tenant) =>
      tenant.quota && clusterOf(tenant.owner).name === name ? { ...tenant, quota: tenant.quota } : [],
    );
  if (nodes === undefined || allocatable === undefined || sharing[0]?.owner !== owner) return [];
  const sum = (amount: (quota: NonNullable<Tenant['quota']>) => number): number =>
    sharing.reduce((total, { quota }) => total + amount(quota), 0);
  const totals: ReadonlyArray<[what: string, promised: number, there: number, text: (amount: number) => string]> = [
    ['cpu', sum(({ cpu }) => cpu), nodes * allocatable.cpu, cpuQuantity],
    ['memory', sum(({ memory }) => memory), nodes * allocatable.memory, bytesQuantity],
    ['pods', sum(({ pods }) => pods), nodes * allocatable.pods, String],
  ];
  return totals
    .filter(([, promised, there]) => promised > there)
    .map(([what, promised, there, text]): Warning => ({
      rule: 'namespace/overcommitted-cluster',
      prop: `quota.${what}`,
      got: `${text(promised)} in ${sharing.length} namespaces`,
      expected: `at most the ${text(there)} of ${nodes} nodes`,
      text:
        `quota.${what}: the quotas of ${sharing.length} namespaces add up to ${text(promised)}, and the ` +
        `ClusterProfile '${name}' says ${text(there)} on ${nodes} nodes. ` +
        'Lower quotas or add nodes before all teams use what they have',
    }));
});

function propOf({ quota, key }: Pick<QuotaFinding, 'quota' | 'key'>, { name, hasProps, quotaProp }: Tenant): string {
  const prop = hasProps && quota === name ? quotaProp(key) : undefined;
  return prop === undefined ? `ResourceQuota ${namePart(quota)}` : `quota.${prop}`;
}

/** A subject that may edit a sandbox can use every ServiceAccount of the namespace. */
const rightsElsewhere = refuses('sandbox', ({ owner: sandbox, name }, problems, view) => {
  const refuse = (
    account: string | undefined,
    clusterWide: boolean,
    namespace: string | undefined,
    owner: IConstruct,
  ): void => {
    if (!clusterWide && namespace === name) return;
    problems.refuse(
      'name',
      new Verbatim(
        `the ServiceAccount '${account}' with rights ` +
          `${clusterWide ? 'in all namespaces' : `in namespace '${namespace}'`} ('${owner.node.path}')`,
      ),
      'ServiceAccounts without rights outside the namespace',
      {
        rule: 'namespace/rights-elsewhere',
        fix: 'Move the workload to another namespace: its editors can act as the ServiceAccount',
      },
    );
  };
  for (const { owner, clusterWide, namespace, subjects } of grantsOfAccountsIn(view, sandbox, name)) {
    const account = subjects.find((subject) => subject.kind === 'ServiceAccount' && subject.namespace === name);
    refuse(account?.name, clusterWide, namespace, owner);
  }
  for (const { object, namespace, account } of otherBindingsOf(view, sandbox, name)) {
    refuse(account, object.kind === 'ClusterRoleBinding', namespace, object);
  }
});

const otherRights = warns('sandbox', ({ owner: sandbox, editors }, view) =>
  editors.flatMap((subject) =>
    grantsOf(view, sandbox, subject)
      .filter(
        ({
          owner: {
            node: { scope },
          },
        }) => scope === undefined || !isSandbox(view, scope),
      )
      .map(({ owner }): Warning => ({
        rule: 'namespace/other-rights',
        prop: 'editors',
        got: `'${subject.name}' with rights of '${owner.node.path}'`,
        expected: 'a subject without rights elsewhere',
        text: `'${subject.name}' also has rights beyond the namespace ('${owner.node.path}'). Review that grant`,
      })),
  ),
);

/** One that the app makes itself is known without, and its own block may say the opposite. */
const madeHere = refuses('existingNamespace', ({ owner, name }, problems, view) => {
  const cluster = clusterOf(owner).name;
  const made = view.objects.find(
    (object) =>
      object.kind === 'Namespace' &&
      object.apiGroup === 'core' &&
      object.name === name &&
      clusterOf(object).name === cluster,
  );
  if (made === undefined) return;
  problems.refuse(
    'name',
    new Verbatim(`'${name}', which '${made.node.path}' makes`),
    'a namespace that another app has made',
    {
      rule: 'namespace/made-here',
      fix: 'Remove the ExistingNamespace: what the app makes is known',
    },
  );
});

export const RULES = [madeHere, admission, rightsElsewhere, tight, overcommitted, otherRights];
