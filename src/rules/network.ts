import { refuses } from './define';
import { clusterOf } from '../kernel/model/cluster-facts';
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
  const { apiServer: addresses, networkPlugin } = clusterOf(owner);
  // Cilium opens it by its identity
  if (addresses.length > 0 || networkPlugin === 'cilium' || !needed()) return;
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

export const RULES = [openEgress, apiServer, destinations];
