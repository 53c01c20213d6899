import { refuses } from './define';
import type {} from '../admission/own-namespace';
import { placedIn } from '../admission/placed';
import { Verbatim } from '../kernel/findings/describe';
import { namespaceOf } from '../kernel/model/names';
import { namespaceClaim, namespaceClaims } from '../kernel/model/namespace-facts';
import { hasPods } from '../kubernetes/pod-template';
import { reachesAddresses } from '../network/usable-edges';

/** A subject that can start a pod beside the reaper can act as the reaper. */
const foreignNamespace = refuses('reaper', ({ owner, namespace }, problems) => {
  const claim = namespaceClaim(owner, namespace);
  if (claim?.use !== 'tenant') return;
  problems.refuse(
    'namespace',
    new Verbatim(`'${namespace}', the namespace of the tenant '${claim.owner.node.path}'`),
    'a namespace of its own',
    {
      rule: 'reaper/foreign-namespace',
      fix: 'Put it into a chart with a namespace that only administrators can use',
    },
  );
});

const closedEgress = refuses('reaper', ({ owner, egressTo }, problems) => {
  if (reachesAddresses(owner)) return;
  problems.refuse('egressTo', egressTo, 'the API server, since egress is closed', {
    rule: 'reaper/closed-egress',
    fix: 'Add Egress.apiServer(), and set the addresses in the ClusterProfile',
  });
});

/** Pod Security admits exceptions for every pod of the namespace. */
const sharedNamespace = refuses('privileged', ({ owner }, problems, view) => {
  const own = namespaceOf(owner);
  if (own === undefined) return;
  const hint = {
    rule: 'privileged/shared-namespace' as const,
    fix: 'Put it into a chart with its own namespace',
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
