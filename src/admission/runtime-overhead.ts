import type { ApiObject } from 'cdk8s';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf } from '../kernel/model/cluster-facts';
import { wireIn } from '../kernel/model/wire';
import { part } from '../kernel/schema/manifest';
import { resourceOf } from '../kubernetes/resource-name';

/** The overhead that a RuntimeClass of the app adds to each pod, in wire format; nothing for a class from elsewhere. */
export function overheadOf(view: PassView, cluster: string, runtimeClass: string): unknown {
  const object = view.derive(runtimeClasses).get(`${cluster}\n${runtimeClass}`);
  return object && part(wireIn(view, object), 'overhead', 'podFixed');
}

function runtimeClasses(view: PassView): ReadonlyMap<string, ApiObject> {
  return new Map(
    view.objects
      .filter((object) => resourceOf(object) === 'runtimeclasses.node.k8s.io')
      .map((object) => [`${clusterOf(object).name}\n${object.name}`, object]),
  );
}
