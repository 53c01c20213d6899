import type { IConstruct } from 'constructs';
import { capacityWarnings } from './capacity';
import { refuses, warns } from './define';
import type { PassView } from '../kernel/facts/pass-view';
import type { Warning } from '../kernel/findings/warnings';
import { assignmentOf, assignmentsOf, clusterOf, isAtLeast } from '../kernel/model/cluster-facts';

/** One profile applies. Each of the others reports that there are too many. */
const oneProfile = refuses('cluster', ({ owner, profile }, problems) => {
  const { length } = assignmentsOf(owner);
  if (length === 1 || assignmentOf(owner)?.profile === profile) return;
  problems.refuse('assignTo', `${length} profiles`, 'one profile for a scope', {
    rule: 'cluster/one-profile',
    fix: 'Keep one, or assign the others to constructs inside the scope',
  });
});

const version = refuses('newField', ({ owner, prop, value, minor, fallback }, problems) => {
  const cluster = clusterOf(owner);
  if (isAtLeast(cluster, minor)) return;
  problems.refuse(
    prop,
    value,
    `a cluster of version 1.${minor} or newer (the ClusterProfile says ${cluster.version})`,
    {
      rule: 'cluster/version',
      fix: `Assign a ClusterProfile with version: '1.${minor}' to the chart${fallback ? `, or ${fallback}` : ''}`,
    },
  );
});

const nodeFeature = refuses('nodeFeature', ({ owner, prop, value, feature }, problems) => {
  if (clusterOf(owner).nodeFeatures?.[feature]) return;
  problems.refuse(
    prop,
    value,
    `a cluster whose nodes can (the ClusterProfile does not state nodeFeatures.${feature})`,
    {
      rule: 'cluster/node-feature',
      fix: `State ${feature}: true in 'nodeFeatures' of the ClusterProfile if all nodes can, or remove it`,
    },
  );
});

/** Reported once for an app, wherever else the profile is assigned. */
const capacity = warns('cluster', ({ owner, facts, profile }, view) =>
  view.derive(firstScopes).get(profile) === owner ? capacityWarnings(view, facts) : [],
);

/** For each profile, the first scope in tree order that it is assigned to. */
function firstScopes(view: PassView): Map<object, IConstruct> {
  const profiles = new Map<IConstruct, object[]>();
  for (const { owner, profile } of view.all('cluster')) profiles.set(owner, [...(profiles.get(owner) ?? []), profile]);
  const first = new Map<object, IConstruct>();
  for (const scope of view.root.node.findAll()) {
    for (const profile of profiles.get(scope) ?? []) if (!first.has(profile)) first.set(profile, scope);
  }
  return first;
}

const NODE_DNS: Warning = {
  rule: 'cluster/cilium-dns',
  prop: 'dns',
  got: 'DNS at addresses of nodes, with the network plugin Cilium',
  expected: 'DNS of pods',
  text:
    'dns: policies of Cilium match no node by its addresses, so pods with closed egress have no DNS. Redirect DNS to ' +
    'the pods of the cache with a CiliumLocalRedirectPolicy, and use ClusterDns.pods(...) with the namespace ' +
    "'kube-system' and the label k8s-app=node-local-dns",
};

/** On Cilium, a range of addresses matches no node, and a cache for each node answers there. */
const ciliumDns = warns('cluster', ({ facts }): Warning[] =>
  facts.networkPlugin === 'cilium' && facts.dns.peers.some(({ kind }) => kind === 'cidr') ? [NODE_DNS] : [],
);

export const RULES = [oneProfile, version, nodeFeature, capacity, ciliumDns];
