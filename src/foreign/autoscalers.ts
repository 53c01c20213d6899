import type { ApiObject } from 'cdk8s';
import { type ForeignObject, foreignOf, placeOf } from './foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf } from '../kernel/model/cluster-facts';
import {
  HORIZONTAL,
  type HorizontalScaling,
  horizontalScaling,
  type ScalingTarget,
  VERTICAL,
  type VerticalScaling,
  verticalScaling,
} from '../kubernetes/autoscalers';
import { landingNamespace } from '../kubernetes/cluster-scoped';

/** An autoscaler that no block of this library has written. */
export interface ForeignAutoscaler {
  readonly object: ForeignObject;
  /** Its target and cluster as a key. */
  readonly key: string;
  readonly horizontal?: HorizontalScaling;
  readonly vertical?: VerticalScaling;
}

/** All foreign autoscalers by target. */
export function foreignAutoscalers(view: PassView): ReadonlyMap<string, readonly ForeignAutoscaler[]> {
  return view.derive(readAutoscalers);
}

/** The foreign autoscaler that sets the number of pods of a workload. */
export function foreignAutoscalerOf(view: PassView, workload: ApiObject): ForeignAutoscaler | undefined {
  const all = foreignAutoscalers(view);
  return all.size === 0 ? undefined : all.get(scaledKeyOf(workload))?.find(({ horizontal }) => horizontal);
}

/** The key by which an autoscaler refers to an object. */
export function scaledKeyOf(workload: ApiObject): string {
  const { apiGroup, kind, name } = workload;
  return scaledKey(placeOf(clusterOf(workload).name, landingNamespace(workload)), { apiGroup, kind, name });
}

export function scaledKey(place: string, { apiGroup, kind, name }: ScalingTarget): string {
  return [place, apiGroup, kind, name].join('\n');
}

function readAutoscalers(view: PassView): Map<string, ForeignAutoscaler[]> {
  const found = new Map<string, ForeignAutoscaler[]>();
  const add = (object: ForeignObject, read: Pick<ForeignAutoscaler, 'horizontal' | 'vertical'>): void => {
    const target = read.horizontal?.target ?? read.vertical?.target;
    if (target === undefined) return;
    const key = scaledKey(object.place, target);
    const known = found.get(key);
    if (known) known.push({ object, key, ...read });
    else found.set(key, [{ object, key, ...read }]);
  };
  for (const object of foreignOf(view, ...HORIZONTAL)) add(object, { horizontal: horizontalScaling(object.wire) });
  for (const object of foreignOf(view, VERTICAL)) add(object, { vertical: verticalScaling(object.wire) });
  return found;
}
