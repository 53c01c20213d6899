import type { ApiObject } from 'cdk8s';
import { specOf } from './specs';

/**
 * What an object becomes, of ours without labels and annotations; `undefined` where it cannot be rendered, which the
 * synthesis itself reports.
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
