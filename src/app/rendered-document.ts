/** A manifest on its way to YAML. */
export interface RenderedDocument {
  readonly json: unknown;
  /** Whether no object is in it twice. YAML has anchors for such objects. */
  readonly isTree: boolean;
}

/** A manifest that is not made by us. */
export function foreignDocument(json: unknown): RenderedDocument {
  return { json, isTree: isTree(json, new Set()) };
}

function isTree(part: unknown, seen: Set<unknown>): boolean {
  if (typeof part !== 'object' || part === null) return true;
  if (seen.has(part)) return false;
  seen.add(part);
  return Object.values(part).every((inner) => isTree(inner, seen));
}
