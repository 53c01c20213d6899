import type { IConstruct } from 'constructs';
import { type ForeignObject, foreignOf, placeOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf } from '../kernel/model/cluster-facts';
import { isPlain } from '../kernel/schema/checks';
import { textsAt } from '../kernel/schema/manifest';
import { type LabelSelector, maySelect } from '../kubernetes/label-selector';
import { POD_KINDS, podTemplateOf } from '../kubernetes/pod-template';
import { allPods, type NetworkedPods, podsOf } from '../network/networked-pods';
import type {} from '../pod/workload-facts';

/** The pods of one workload, from any library. */
export interface PodSet {
  /** The construct that reports findings. */
  readonly at: IConstruct;
  readonly place: string;
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** The pods of a block. */
  readonly ours?: NetworkedPods;
  /** The object that runs the pods, if no block does. */
  readonly foreign?: ForeignObject;
}

/** The pods of all workloads of an app. */
export function podSets(view: PassView): readonly PodSet[] {
  return view.derive(readPodSets);
}

/** The pods that no block runs. */
export function foreignPods(view: PassView): readonly PodSet[] {
  return view.derive(readForeignPods);
}

/** The pods of a namespace that a selector of the API matches: all if it is empty, none without a selector. */
export function selectedPods(view: PassView, place: string, selector: unknown): readonly PodSet[] {
  if (!isPlain(selector)) return [];
  const index = view.derive(indexByLabel);
  const wanted = Object.entries(textsAt(selector, 'matchLabels')).filter(([key]) => isOfTemplate(key));
  const [first = [], ...others] =
    wanted.length === 0
      ? [index.get(place) ?? []]
      : wanted.map(([key, value]) => index.get(labelKey(place, key, value)) ?? []);
  const fewest = others.reduce((least, found) => (found.length < least.length ? found : least), first);
  return fewest.filter(({ labels }) => maySelect(selector as LabelSelector, labels, isOfTemplate));
}

/** Labels that controllers add to each pod. */
const ADDED = [
  'apps.kubernetes.io/pod-index',
  'controller-revision-hash',
  'pod-template-generation',
  'pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
];

function isOfTemplate(key: string): boolean {
  return !ADDED.includes(key);
}

function readPodSets(view: PassView): PodSet[] {
  const outside = new Set(view.all('outsidePods').map(({ owner }) => owner));
  const own = allPods(view)
    // the labels of a foreign controller are read from it
    .filter(({ owner }) => !outside.has(owner))
    .map((ours): PodSet => ({
      at: ours.owner,
      place: placeOf(clusterOf(ours.owner).name, ours.namespace),
      namespace: ours.namespace,
      labels: ours.labels(),
      ours,
    }));
  return [...own, ...foreignPods(view)];
}

function readForeignPods(view: PassView): PodSet[] {
  const handedOver = new Map(
    view.all('outsidePods').map((outside) => [outside.controller(), podsOf(outside.owner)] as const),
  );
  return foreignOf(view, ...POD_KINDS).map((foreign) => ({
    at: foreign.at,
    ours: handedOver.get(foreign.at),
    place: foreign.place,
    namespace: foreign.namespace,
    labels: textsAt(podTemplateOf(foreign.wire)?.pod, 'metadata', 'labels'),
    foreign,
  }));
}

/** All pods by namespace, and by namespace and label. */
function indexByLabel(view: PassView): Map<string, PodSet[]> {
  const index = new Map<string, PodSet[]>();
  const add = (key: string, pods: PodSet): void => {
    const known = index.get(key);
    if (known) known.push(pods);
    else index.set(key, [pods]);
  };
  for (const pods of podSets(view)) {
    add(pods.place, pods);
    for (const [key, value] of Object.entries(pods.labels)) add(labelKey(pods.place, key, value), pods);
  }
  return index;
}

function labelKey(place: string, key: string, value: string): string {
  return [place, key, value].join('\n');
}
