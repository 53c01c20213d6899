import type { ApiObject } from 'cdk8s';
import { specOf } from './specs';
import type { PassView } from '../facts/pass-view';

/**
 * The rendered object, for objects of ours without labels and annotations. `undefined` if it cannot be rendered, which
 * the synthesis itself reports.
 */
export function wireOf(object: ApiObject): unknown {
  try {
    const spec = specOf(object);
    return spec
      ? { apiVersion: object.apiVersion, kind: object.kind, metadata: { name: object.name }, spec }
      : object.toJson();
  } catch {
    return undefined;
  }
}

/** The same, rendered once a pass. */
export function wireIn(view: PassView, object: ApiObject): unknown {
  const known = view.derive(wires);
  if (!known.has(object)) known.set(object, wireOf(object));
  return known.get(object);
}

function wires(): Map<ApiObject, unknown> {
  return new Map();
}
