import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { warningAt } from './verdicts';
import { foreignOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceClaims } from '../kernel/model/namespace-facts';
import { nearest } from '../kernel/schema/nearest';
import type { IConnectionClient } from '../network/connection';
import { statedEdges } from '../network/edges';
import { allPods, type NetworkedPods } from '../network/networked-pods';
import { workloadsOf } from '../pod/workload-facts';

/** Namespaces that every cluster has; no platform assigns them to a team. */
const OF_KUBERNETES = /^(default|kube-.*)$/;
/** The number of clients that a message names; it counts the others. */
const NAMED = 3;

/**
 * The app does not say whether a namespace denies egress, and the connections of its workloads fail if it does. The
 * policies of workloads with closed egress work in both kinds of namespace. Reported once for each namespace.
 */
const unstated: LibraryRule = {
  kinds: ['edge', 'openEgress'],
  warns: true,
  judge: (view) => {
    const places = new Map<string, NetworkedPods[]>();
    for (const pods of allPods(view)) {
      const { owner, namespace } = pods;
      if (namespace === undefined || OF_KUBERNETES.test(namespace)) continue;
      const place = placeOf(owner, namespace);
      if (view.derive(madeNamespaces).has(place) || namespaceClaims(owner, namespace).length > 0) continue;
      const known = places.get(place);
      if (known) known.push(pods);
      else places.set(place, [pods]);
    }
    return [...places.values()].flatMap((pods) => judge(view, pods));
  },
};

function judge(view: PassView, pods: readonly NetworkedPods[]): Verdict[] {
  const clients = pods
    .map(({ owner }) => owner)
    .filter((owner) => view.derive(goOut).has(owner) && !(owner as unknown as IConnectionClient).egressClosed);
  if (clients.length === 0) return [];
  const [{ namespace = '' }] = pods;
  const paths = clients.slice(0, NAMED).map(({ node: { path } }) => path);
  if (clients.length > NAMED) paths.push(`${clients.length - NAMED} more`);
  const made = nearest(namespace, namesOfNamespaces(view, clients[0]));
  const guess = made === undefined ? '' : `Did you mean '${made}', which the app creates? If not, add`;
  const got = `'${namespace}', which the app does not describe, with connections of ${paths.join(', ')}`;
  return [
    warningAt(Chart.of(clients[0]), {
      rule: 'network/unstated-namespace',
      prop: 'namespace',
      got,
      expected: 'a namespace of which the app knows whether it denies egress',
      text:
        `namespace ${got}: they fail if a policy there denies egress. ${guess || 'Add'} one ` +
        'ExistingNamespace: with defaultDeny: true if such a policy exists, with false if none does, or with ' +
        "file: 'namespace.yaml', the manifests of the platform",
    }),
  ];
}

function placeOf(construct: IConstruct, namespace: string): string {
  return `${clusterOf(construct).name}\n${namespace}`;
}

/** The namespaces that the app creates, with any library. */
function madeNamespaces(view: PassView): ReadonlySet<string> {
  const own = view.objects.filter(({ kind, apiGroup }) => kind === 'Namespace' && apiGroup === 'core');
  const foreign = foreignOf(view, 'core/Namespace').map(({ at, name }) => placeOf(at, name));
  return new Set([...own.map((object) => placeOf(object, object.name)), ...foreign]);
}

function namesOfNamespaces(view: PassView, client: IConstruct): string[] {
  return [...view.derive(madeNamespaces)]
    .map((place) => place.split('\n'))
    .flatMap(([cluster, name]) => (cluster === clusterOf(client).name ? [name] : []));
}

/** A single pod does not connect to itself over the network. */
function severalPods(view: PassView): ReadonlySet<IConstruct> {
  return new Set(workloadsOf(view).flatMap(({ most, construct }) => (most > 1 ? construct : [])));
}

/** Blocks with an outgoing connection, or with open egress by request. */
function goOut(view: PassView): ReadonlySet<IConstruct | undefined> {
  const clients = statedEdges(view)
    .filter(({ owner, block }) => owner !== block || view.derive(severalPods).has(owner))
    .map(({ direction, owner, block }) => (direction === 'egress' ? owner : block));
  return new Set([...clients, ...view.all('openEgress').map(({ owner }) => owner)]);
}

export const RULES = [unstated];
