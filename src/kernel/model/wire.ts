import type { ApiObject } from 'cdk8s';
import { specOf } from './specs';

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
