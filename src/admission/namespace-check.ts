import type { IConstruct } from 'constructs';
import { titleOf } from './demand';
import { checkLimits, type LimitFinding } from './limit-check';
import { type Placed, placedIn } from './placed';
import { checkQuota, type QuotaFinding } from './quota-check';
import type { PassView } from '../kernel/facts/pass-view';
import { limitRulesOf } from '../kubernetes/limit-rules';

export interface NamespaceFindings {
  readonly quotas: readonly QuotaFinding[];
  readonly limits: readonly LimitFinding[];
  readonly tight: readonly QuotaFinding[];
  /** Quantities that the API would refuse, and their place. */
  readonly unreadable: readonly string[];
}

const NOTHING: NamespaceFindings = { quotas: [], limits: [], tight: [], unreadable: [] };

/** Each namespace is checked once in a pass. */
const checked = (): Map<Placed, NamespaceFindings> => new Map();

/**
 * Simulates the admission of everything that the app places in a namespace: ResourceQuotas and LimitRanges from any
 * library against workloads, claims and objects.
 */
export function checkNamespace(view: PassView, construct: IConstruct, namespace: string): NamespaceFindings {
  const placed = placedIn(view, construct, namespace);
  if (placed === undefined) return NOTHING;
  const known = view.derive(checked);
  const findings = known.get(placed) ?? check(placed);
  known.set(placed, findings);
  return findings;
}

function check(placed: Placed): NamespaceFindings {
  const unreadable: string[] = [];
  const rules = placed.manifestsOf('limitranges').flatMap((manifest) => limitRulesOf(manifest, unreadable));
  const quotas = placed.manifestsOf('resourcequotas').map((quota) => checkQuota(quota, placed, rules, unreadable));
  const limits = checkLimits(placed, rules, unreadable);
  return {
    quotas: quotas.flatMap(({ refused }) => refused),
    limits,
    tight: quotas.flatMap(({ tight }) => tight),
    unreadable: [
      ...new Set([
        ...unreadable,
        ...placed.workloads.flatMap((workload) =>
          workload.unreadable.map((quantity) => `${quantity} in ${titleOf(workload)}`),
        ),
      ]),
    ],
  };
}
