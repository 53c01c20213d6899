import { SettledMap, toJson } from './settled-map';

/** A rendered manifest before YAML. */
export interface RenderedDocument {
  /** Plain JSON, or a `SettledMap`. */
  readonly content: unknown;
  /** Whether no object occurs twice. YAML has anchors for such objects. */
  readonly isTree: boolean;
}

/** As plain JSON. Foreign content stays the same object, since it may occur twice. */
export function jsonOf({ content }: RenderedDocument): unknown {
  return content instanceof SettledMap ? toJson(content) : content;
}

/** A manifest from another renderer. */
export function foreignDocument(json: unknown): RenderedDocument {
  return { content: json, isTree: isTree(json, new Set()) };
}

function isTree(part: unknown, seen: Set<unknown>): boolean {
  if (typeof part !== 'object' || part === null) return true;
  if (seen.has(part)) return false;
  seen.add(part);
  return Object.values(part).every((inner) => isTree(inner, seen));
}
