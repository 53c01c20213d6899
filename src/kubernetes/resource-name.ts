import type { ApiObject } from 'cdk8s';

/** The API name of an object's resource: `services`, `ingresses.networking.k8s.io`. */
export function resourceOf({ kind, apiGroup }: Pick<ApiObject, 'kind' | 'apiGroup'>): string {
  const plural = pluralOf(kind.toLowerCase());
  return apiGroup === 'core' ? plural : `${plural}.${apiGroup}`;
}

function pluralOf(kind: string): string {
  if (kind === 'endpoints') return kind;
  if (/[^aeiou]y$/.test(kind)) return `${kind.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(kind) ? `${kind}es` : `${kind}s`;
}
