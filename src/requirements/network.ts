import type { IConstruct } from 'constructs';
import { type AppManifest, manifestsOf, podPath } from './manifests';
import type { Need } from './need';
import { valuesAt } from './references';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf, type DnsFacts } from '../kernel/model/cluster-facts';
import { namespaceOf } from '../kernel/model/names';
import { part, textAt, textsAt } from '../kernel/schema/manifest';
import { maySelect, selectorText } from '../kubernetes/label-selector';
import { OPERATOR_LABELS } from '../network/keda-operator';
import { allEdges } from '../network/usable-edges';

/** The label of each namespace with its name. */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** What a policy or a Service presumes of the network of its cluster. */
export function needsOfNetwork(view: PassView, object: AppManifest): Need[] {
  const { at, cluster, user, apiGroup, kind, manifest } = object;
  if (apiGroup === 'networking.k8s.io' && kind === 'NetworkPolicy') {
    return [
      { cluster, user, kind: 'NetworkPlugin', name: clusterOf(at).networkPlugin ?? 'any' },
      ...valuesAt(manifest, 'spec.egress[].to[]').flatMap((peer) => serversOf(view, object, peer)),
    ];
  }
  if (apiGroup === 'core' && kind === 'Service' && part(manifest, 'spec', 'type') === 'LoadBalancer') {
    return [{ cluster, user, kind: 'LoadBalancer', name: textAt(manifest, 'spec', 'loadBalancerClass') ?? 'any' }];
  }
  return [];
}

/** The pods that a policy lets its own pods connect to, if the app does not contain them. */
function serversOf(view: PassView, { at, cluster, user, namespace: own }: AppManifest, peer: unknown): Need[] {
  const selected = part(peer, 'namespaceSelector');
  const namespace = selected === undefined ? own : nameIn(selected);
  const labels = textsAt(peer, 'podSelector', 'matchLabels');
  // expressions mostly select any of several
  if (namespace === undefined || Object.keys(labels).length === 0 || part(peer, 'podSelector', 'matchExpressions')) {
    return [];
  }
  const canFollow = !isDns(clusterOf(at).dns, namespace, labels);
  return podsOutside(view, cluster, namespace, labels).map((need) => ({ ...need, user, canFollow }));
}

/** Without DNS, no pod reaches anything. */
function isDns({ peers }: DnsFacts, namespace: string, labels: Labels): boolean {
  return peers.some(
    (peer) =>
      peer.kind === 'pods' && peer.namespace === namespace && selectorText(peer.labels) === selectorText(labels),
  );
}

/** The name of the only namespace that a selector can match. */
function nameIn(selector: unknown): string | undefined {
  const { [NAMESPACE_NAME]: name, ...others } = textsAt(selector, 'matchLabels');
  const isOnly = Object.keys(others).length === 0 && part(selector, 'matchExpressions') === undefined;
  return isOnly ? name : undefined;
}

/** The pods of ingress and gateway controllers, and of KEDA, which blocks admit. */
export function needsOfEntrances(view: PassView, inside: ReadonlySet<IConstruct>): Need[] {
  return allEdges(view)
    .filter(({ owner, direction }) => inside.has(owner) && direction === 'ingress')
    .flatMap(({ owner, peers, fromOutside }) =>
      peers.flatMap((peer) =>
        peer.kind === 'pods' && (fromOutside || peer.labels.app === OPERATOR_LABELS.app)
          ? podsOutside(view, clusterOf(owner).name, peer.namespace ?? namespaceOf(owner), peer.labels).map((need) => ({
              ...need,
              user: owner.node.path,
            }))
          : [],
      ),
    );
}

/** None if the app contains such pods. An empty name means all pods of the namespace. */
function podsOutside(
  view: PassView,
  cluster: string,
  namespace: string | undefined,
  labels: Labels,
): Array<Omit<Need, 'user'>> {
  const isInside = view
    .derive(podLabels)
    .some(
      (pods) =>
        pods.cluster === cluster && pods.namespace === namespace && maySelect({ matchLabels: labels }, pods.labels),
    );
  return isInside ? [] : [{ cluster, kind: 'Pods', namespace, name: selectorText(labels) }];
}

type Labels = Readonly<Record<string, string>>;

interface PodLabels {
  readonly cluster: string;
  readonly namespace?: string;
  readonly labels: Labels;
}

function podLabels(view: PassView): PodLabels[] {
  return manifestsOf(view).flatMap((object) => {
    const path = podPath(object);
    if (path === undefined) return [];
    const { cluster, namespace, manifest } = object;
    return [{ cluster, namespace, labels: textsAt(manifest, ...path, 'metadata', 'labels') }];
  });
}
