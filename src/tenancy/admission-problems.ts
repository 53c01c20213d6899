import type { IConstruct } from 'constructs';
import type { QuotaSettings } from './quota';
import type { TenantSettings } from './read-tenant';
import { quotaProp } from './render-quota';
import type { LimitFinding } from '../admission/limit-check';
import { checkNamespace } from '../admission/namespace-check';
import type { QuotaFinding } from '../admission/quota-check';
import { AppModel } from '../kernel/facts/app-model';
import type { AppView } from '../kernel/facts/app-view';
import type { Problems } from '../kernel/findings/problems';
import { namePart, pathText } from '../kernel/findings/prop-path';
import type { Warning } from '../kernel/findings/warnings';
import { clusterOf } from '../kernel/model/cluster-facts';
import { bytesQuantity, cpuQuantity } from '../kubernetes/quantity';

interface Tenant {
  readonly owner: IConstruct;
  readonly name: string;
  readonly quota: QuotaSettings;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly tenant: Tenant;
  }
}

export function recordTenant(tenant: Tenant): void {
  AppModel.of(tenant.owner).add('tenant', tenant);
}

const RULE_PROPS: Readonly<Record<LimitFinding['rule'], string>> = { default: 'defaultLimit', min: 'min', max: 'max', maxLimitRequestRatio: 'maxRatio' };
const CLAIM_PROPS: Readonly<Partial<typeof RULE_PROPS>> = { min: 'minClaim', max: 'maxClaim' };

/** Reports what the API server would refuse of what is placed in the namespace. */
export function refuseByAdmission(view: AppView, owner: IConstruct, settings: TenantSettings, problems: Problems): void {
  const { quotas, limits, unreadable } = checkNamespace(view, owner, settings.name);
  for (const { got, expected, fix, ...finding } of quotas) problems.add({ rule: 'namespace/quota', prop: propOf(finding, settings), got, expected, fix });
  for (const { limitRange, type, rule, got, expected, fix } of limits) {
    const prop = (type === 'PersistentVolumeClaim' ? CLAIM_PROPS[rule] : undefined) ?? RULE_PROPS[rule];
    problems.add({ rule: 'namespace/limit-range', prop: limitRange === settings.name ? `limitRange.${prop}` : `LimitRange ${namePart(limitRange)}`, got, expected, fix });
  }
  for (const quantity of unreadable) problems.add({ rule: 'namespace/unreadable-quantity', prop: 'quota', got: quantity, expected: 'a quantity that the API can read', fix: "Write such as '500m', '1.5' or '2Gi'" });
}

export function warningsOfTenant(view: AppView, owner: IConstruct, settings: TenantSettings): Warning[] {
  const tight = checkNamespace(view, owner, settings.name).tight.map((finding): Warning => {
    const [prop, got] = [propOf(finding, settings), `${finding.got} for a time`];
    return { rule: 'namespace/tight-quota', prop, got, expected: finding.expected, text: `${pathText(prop)}: ${got}, expected ${finding.expected}. ${finding.fix}` };
  });
  return [...tight, ...warningsOfCluster(view, owner)];
}

/** Quotas may promise more than there is, since few teams use all; but who relies on them should know. Said once a cluster. */
function warningsOfCluster(view: AppView, owner: IConstruct): Warning[] {
  const { name, nodes, allocatable } = clusterOf(owner);
  const sharing = view.all('tenant').filter((tenant) => clusterOf(tenant.owner).name === name);
  if (nodes === undefined || allocatable === undefined || sharing[0]?.owner !== owner) return [];
  const sum = (amount: (quota: QuotaSettings) => number): number => sharing.reduce((total, { quota }) => total + amount(quota), 0);
  const totals: ReadonlyArray<[what: string, promised: number, there: number, text: (amount: number) => string]> = [
    ['cpu', sum(({ cpu }) => cpu), nodes * allocatable.cpu, cpuQuantity],
    ['memory', sum(({ memory }) => memory), nodes * allocatable.memory, bytesQuantity],
    ['pods', sum(({ pods }) => pods), nodes * allocatable.pods, String],
  ];
  return totals.filter(([, promised, there]) => promised > there).map(([what, promised, there, text]) => ({
    rule: 'namespace/overcommitted-cluster',
    prop: `quota.${what}`,
    got: `${text(promised)} in ${sharing.length} namespaces`,
    expected: `at most the ${text(there)} of ${nodes} nodes`,
    text: `quota.${what}: the quotas of ${sharing.length} namespaces add up to ${text(promised)}, and the ClusterProfile '${name}' tells ${text(there)} on ${nodes} nodes. `
      + 'Lower quotas or add nodes before all teams use what they have',
  }));
}

function propOf({ quota, key }: Pick<QuotaFinding, 'quota' | 'key'>, settings: TenantSettings): string {
  const prop = quota === settings.name ? quotaProp(settings.quota, key) : undefined;
  return prop === undefined ? `ResourceQuota ${namePart(quota)}` : `quota.${prop}`;
}
