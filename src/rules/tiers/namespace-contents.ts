import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { PassView } from '../../kernel/facts/pass-view';
import { clusterOf } from '../../kernel/model/cluster-facts';
import { closesNamespaces } from '../../network/isolation';
import { allPods, type NetworkedPods, podsOf } from '../../network/networked-pods';

/** The contents of one namespace of a cluster that matter for network policies. */
export interface NamespaceContents {
  readonly workloads: NetworkedPods[];
  /** Objects of other libraries that create pods. */
  readonly foreign: ApiObject[];
  /** Network policies except those of our workloads and those that close a namespace. */
  readonly policies: ApiObject[];
}

const POD_MAKERS = new Set([
  'CronJob',
  'DaemonSet',
  'Deployment',
  'Job',
  'Pod',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
]);

interface Contents {
  readonly byPlace: Map<string, NamespaceContents>;
  readonly namespaces: Map<string, Map<string, Record<string, string>>>;
}

function contents(view: PassView): Contents {
  const found: Contents = { byPlace: new Map(), namespaces: new Map() };
  const at = (construct: IConstruct, namespace: string | undefined): NamespaceContents => {
    const key = placeOf(construct, namespace);
    const known = found.byPlace.get(key) ?? { workloads: [], foreign: [], policies: [] };
    found.byPlace.set(key, known);
    return known;
  };
  for (const pods of allPods(view)) at(pods.owner, pods.namespace).workloads.push(pods);
  for (const object of view.objects) {
    if (object.kind === 'Namespace') {
      const cluster = clusterOf(object).name;
      const known = found.namespaces.get(cluster) ?? new Map<string, Record<string, string>>();
      const { labels = {} } = object.metadata.toJson() as { labels?: Record<string, string> };
      found.namespaces.set(cluster, known.set(object.name, labels));
    } else if (POD_MAKERS.has(object.kind) && !isOurs(object)) {
      at(object, object.metadata.namespace).foreign.push(object);
    } else if (object.kind === 'NetworkPolicy' && object.apiGroup === 'networking.k8s.io' && !isOurs(object)) {
      at(object, object.metadata.namespace).policies.push(object);
    }
  }
  return found;
}

/** The contents of a namespace on the cluster of a construct. */
export function contentsOf(view: PassView, construct: IConstruct, namespace: string | undefined): NamespaceContents {
  return (
    view.derive(contents).byPlace.get(placeOf(construct, namespace)) ?? { workloads: [], foreign: [], policies: [] }
  );
}

/** Labels of the namespaces that the app declares for the cluster of a construct, by name. */
export function labelsOfNamespaces(view: PassView, construct: IConstruct): ReadonlyMap<string, Record<string, string>> {
  return view.derive(contents).namespaces.get(clusterOf(construct).name) ?? new Map<string, Record<string, string>>();
}

function placeOf(construct: IConstruct, namespace: string | undefined): string {
  return `${clusterOf(construct).name}\n${namespace ?? ''}`;
}

/** Whether an object belongs to one of our workloads, or closes a namespace. */
function isOurs(object: ApiObject): boolean {
  return object.node.scopes.some((scope) => podsOf(scope) !== undefined || closesNamespaces(scope));
}
