import type { ApiObject } from 'cdk8s';
import { contentsOf } from './namespace-contents';
import type { PassView } from '../../kernel/facts/pass-view';
import { Verbatim } from '../../kernel/findings/describe';
import type { Problems } from '../../kernel/findings/problems';
import { type LabelSelector, maySelect } from '../../kubernetes/label-selector';
import { isException, type Member, memberOf } from '../../network/tiers/members';
import type { TierSettings } from '../../network/tiers/read-tiers';

interface Policy {
  readonly podSelector?: LabelSelector;
  readonly ingress?: readonly unknown[];
  readonly egress?: readonly unknown[];
}

/**
 * Refuses pods of the namespaces that are in no tier, and policies that open pods of the tiers beyond the declared
 * connections.
 */
export function checkCoverage(
  view: PassView,
  members: readonly Member[],
  tiers: readonly TierSettings[],
  problems: Problems,
): void {
  const names = tiers.map(({ name }) => `'${name}'`).join(', ');
  const places = new Map(members.map((member) => [member.pods.namespace, member]));
  for (const [
    namespace,
    {
      pods: { owner },
    },
  ] of places) {
    const { workloads, foreign, policies } = contentsOf(view, owner, namespace);
    const uncovered = [
      ...workloads.filter((pods) => !memberOf(pods.owner)).map((pods) => pods.owner),
      ...foreign,
    ].filter((construct) => !isException(construct));
    for (const {
      node: { path },
    } of uncovered) {
      problems.refuse(
        'tiers',
        new Verbatim(`'${path}' in namespace '${namespace ?? ''}', in no tier`),
        `each workload of the namespace in a tier (${names})`,
        {
          rule: 'tiers/uncovered-workload',
          fix: 'Add it to a tier with add(...), or exempt it with except(...)',
        },
      );
    }
    for (const policy of policies.filter((object) => !isException(object))) {
      refuseOpening(
        policy,
        members.filter(({ pods }) => pods.namespace === namespace),
        problems,
      );
    }
  }
}

/** Policies are additive: no policy denies what another one allows. */
function refuseOpening(object: ApiObject, members: readonly Member[], problems: Problems): void {
  const { podSelector = {}, ingress = [], egress = [] } = specOf(object);
  if (ingress.length === 0 && egress.length === 0) return;
  const opened = members.find(({ pods }) => maySelect(podSelector, pods.labels()));
  if (!opened) return;
  problems.refuse(
    'tiers',
    new Verbatim(`NetworkPolicy '${object.node.path}', which opens '${opened.pods.owner.node.path}'`),
    'no policy that opens pods of the tiers beyond their declared connections',
    {
      rule: 'tiers/foreign-policy',
      fix: 'Declare the connection with connectTo(...) or allowFrom(...), or exempt the policy with except(...)',
    },
  );
}

function specOf(object: ApiObject): Policy {
  try {
    return (object.toJson() as { spec?: Policy }).spec ?? {};
  } catch {
    // reported by the member itself
    return {};
  }
}
