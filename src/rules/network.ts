import type { IConstruct } from 'constructs';
import { refuses, warns } from './define';
import type { Warning } from '../kernel/findings/warnings';
import { clusterOf } from '../kernel/model/cluster-facts';
import { isClient } from '../network/clients';
import { isolationOf } from '../network/isolation';
import type {} from '../network/network-edges';

const openEgress = refuses('openEgress', ({ owner }, problems) => {
  const isolation = isolationOf(owner);
  if (isolation === undefined) return;
  problems.refuse('egress', 'open', `'declared' in ${isolation.by}`, {
    rule: 'network/open-egress',
    fix: "Remove it, and list the destinations in 'egressTo'",
  });
});

const apiServer = refuses('apiServerEgress', ({ owner, prop, needed }, problems) => {
  if (clusterOf(owner).apiServer.length > 0 || !needed()) return;
  problems.refuse(prop, [], "'apiServer' in the ClusterProfile", {
    rule: 'network/unknown-api-server',
    fix:
      "Assign a ClusterProfile to the chart, such as one with apiServer: ['10.0.0.1/32']: the addresses of " +
      "'kubectl get endpointslices kubernetes'",
  });
});

const destinations = refuses('destinations', ({ closesEgress }, problems) => {
  if (closesEgress()) return;
  problems.refuse('egressTo', 'destinations', 'destinations only with closed egress', {
    rule: 'network/egress-to-open',
    fix: "Set egress: 'declared', or remove 'egressTo': egress is open",
  });
});

const byOwner = ({ owner }: { readonly owner: IConstruct }): IConstruct[] => [owner];

const CILIUM: Warning = {
  rule: 'network/cilium-entities',
  prop: 'egressTo',
  got: 'the API server by its addresses, with the network plugin Cilium',
  expected: 'a CiliumNetworkPolicy with toEntities beside it',
  text:
    'egress to the API server: Cilium does not match it by addresses. Add a CiliumNetworkPolicy for these pods with ' +
    "egress: [{ toEntities: ['kube-apiserver'] }], or set policyCIDRMatchMode: nodes in Cilium and waive this",
};

/** On Cilium, a range matches no node, and the API server runs on a node. */
const entities = warns('apiServerEgress', ({ owner }, view) => {
  if (clusterOf(owner).networkPlugin !== 'cilium') return [];
  const [first] = view.by('apiServerEgress', byOwner, owner);
  return first.owner === owner && isClient(owner) && owner.egressClosed ? [CILIUM] : [];
});

export const RULES = [openEgress, apiServer, destinations, entities];
