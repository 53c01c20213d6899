import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { toWarning } from '../kernel/findings/warnings';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceClaims } from '../kernel/model/namespace-facts';
import type { IConnectionClient } from '../network/connection';
import { statedEdges } from '../network/edges';
import { allPods, type NetworkedPods } from '../network/networked-pods';
import { workloadsOf } from '../pod/workload-facts';

/** Every cluster has them, and nobody gives them away. */
const OF_KUBERNETES = /^(default|kube-.*)$/;
/** Clients that a message names; the others are counted. */
const NAMED = 3;

/**
 * Nobody says whether a namespace denies egress, and its workloads have edges that are dead if it does. Where their
 * egress is closed anyway, the policies are right in both kinds of namespace. Said once for a namespace.
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
  const construct = Chart.of(clients[0]);
  const paths = clients.slice(0, NAMED).map(({ node: { path } }) => path);
  if (clients.length > NAMED) paths.push(`${clients.length - NAMED} more`);
  const got = `'${namespace}', which the app neither makes nor states, with connections of ${paths.join(', ')}`;
  const expected = 'a namespace of which the app knows whether it denies egress';
  return [
    {
      construct,
      finding: toWarning(construct, {
        rule: 'network/unstated-namespace',
        prop: 'namespace',
        got,
        expected,
        text:
          `namespace ${got}: where a policy there denies egress, these are dead. State it once: ` +
          'an ExistingNamespace with defaultDeny: true, or false where none does, or with ' +
          "file: 'namespace.yaml', what the platform has written",
      }),
    },
  ];
}

function placeOf(construct: IConstruct, namespace: string): string {
  return `${clusterOf(construct).name}\n${namespace}`;
}

/** The namespaces that the app makes, whoever wrote them. */
function madeNamespaces({ objects }: PassView): ReadonlySet<string> {
  return new Set(
    objects
      .filter(({ kind, apiGroup }) => kind === 'Namespace' && apiGroup === 'core')
      .map((object) => placeOf(object, object.name)),
  );
}

/** A single pod does not connect to itself over the network. */
function severalPods(view: PassView): ReadonlySet<IConstruct> {
  return new Set(workloadsOf(view).flatMap(({ most, construct }) => (most > 1 ? construct : [])));
}

/** What has an edge out, or wants all of them. */
function goOut(view: PassView): ReadonlySet<IConstruct | undefined> {
  const clients = statedEdges(view)
    .filter(({ owner, block }) => owner !== block || view.derive(severalPods).has(owner))
    .map(({ direction, owner, block }) => (direction === 'egress' ? owner : block));
  return new Set([...clients, ...view.all('openEgress').map(({ owner }) => owner)]);
}

export const RULES = [unstated];
