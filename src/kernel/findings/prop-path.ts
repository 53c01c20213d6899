/*
 * Where a value is in the props of a block, as text while props are read: `routes[1].path`, `env['A'].name`. A backslash
 * stands before each character of a given key that would end it, so that the text can be taken apart again.
 */

/** A key of a map as the next part of a path: `['name']`. */
export function keyPart(key: string): string {
  return `['${key.replace(/[\\']/g, '\\$&')}']`;
}

/** A name that is given by somebody else as one part of a path. */
export function namePart(name: string): string {
  return name.replace(/[\\.[]/g, '\\$&');
}

/** The path of these names, keys and indices. */
export function pathOf(parts: readonly string[]): string {
  return parts.map((part, index) => {
    if (/^\d+$/.test(part)) return `[${part}]`;
    if (!/^[\w-]+$/.test(part)) return keyPart(part);
    return `${index === 0 ? '' : '.'}${part}`;
  }).join('');
}

/** The path as messages show it. */
export function pathText(path: string): string {
  return path.replace(/\\(.)/gs, '$1').replace(/\s+/g, ' ');
}

/** The names, keys and indices of the path. */
export function pathParts(path: string): string[] {
  return [...path.matchAll(/\[(\d+)\]|\['((?:[^\\']|\\.)*)'\]|((?:[^\\.[]|\\.)+)/gs)]
    .map(([, index, key, name]) => index ?? (key ?? name).replace(/\\(.)/gs, '$1'));
}
