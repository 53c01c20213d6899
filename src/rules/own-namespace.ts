import { refuses } from './define';
import { hasPods } from '../admission/demand-of-manifest';
import type {} from '../admission/own-namespace';
import { placedIn } from '../admission/placed';
import { Verbatim } from '../kernel/findings/describe';
import { namespaceOf } from '../kernel/model/names';
import { namespaceClaim, namespaceClaims } from '../kernel/model/namespace-facts';
import { reachesAddresses } from '../network/usable-edges';

/** Who can start a pod beside the reaper can act as it. */
const foreignNamespace = refuses('reaper', ({ owner, namespace }, problems) => {
  const claim = namespaceClaim(owner, namespace);
  if (claim?.use !== 'tenant') return;
  problems.refuse(
    'namespace',
    new Verbatim(`'${namespace}', which '${claim.owner.node.path}' gives to a team`),
    'a namespace of its own',
    {
      rule: 'reaper/foreign-namespace',
      fix: 'Place it in a chart with a namespace in which administrators alone have rights',
    },
  );
});

const closedEgress = refuses('reaper', ({ owner, egressTo }, problems) => {
  if (reachesAddresses(owner)) return;
  problems.refuse('egressTo', egressTo, 'the API server, where egress is closed: a run does nothing but ask it', {
    rule: 'reaper/closed-egress',
    fix: 'Add Egress.apiServer(), with the addresses in the ClusterProfile',
  });
});

/** A namespace that admits much admits it for all that is in it. */
const sharedNamespace = refuses('privileged', ({ owner }, problems, view) => {
  const own = namespaceOf(owner);
  if (own === undefined) return;
  const hint = {
    rule: 'privileged/shared-namespace' as const,
    fix: 'Give its chart a namespace of its own',
    practice: 'CH10-35',
  };
  const tenant = namespaceClaims(owner, own).find(({ use }) => use === 'tenant');
  if (tenant) {
    problems.refuse(
      'namespace',
      own,
      `a namespace of its own, not that of the tenant '${tenant.owner.node.path}'`,
      hint,
    );
  }
  const others = (placedIn(view, owner, own)?.objects ?? []).filter(
    (object) => hasPods(object) && object.node.scope !== owner,
  );
  if (others.length > 0) {
    problems.refuse(
      'namespace',
      own,
      `a namespace without other workloads (${others.map((object) => object.node.path).join(', ')})`,
      hint,
    );
  }
});

export const RULES = [foreignNamespace, closedEgress, sharedNamespace];
