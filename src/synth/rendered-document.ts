import { SettledMap, toJson } from './settled-map';

/** A manifest on its way to YAML. */
export interface RenderedDocument {
  /** Plain JSON, or a `SettledMap`. */
  readonly content: unknown;
  /** Whether no object is in it twice. YAML has anchors for such objects. */
  readonly isTree: boolean;
}

/** As plain JSON. What others made stays the same object, as it may be in there twice. */
export function jsonOf({ content }: RenderedDocument): unknown {
  return content instanceof SettledMap ? toJson(content) : content;
}

/** A manifest that is not made by us. */
export function foreignDocument(json: unknown): RenderedDocument {
  return { content: json, isTree: isTree(json, new Set()) };
}

function isTree(part: unknown, seen: Set<unknown>): boolean {
  if (typeof part !== 'object' || part === null) return true;
  if (seen.has(part)) return false;
  seen.add(part);
  return Object.values(part).every((inner) => isTree(inner, seen));
}
