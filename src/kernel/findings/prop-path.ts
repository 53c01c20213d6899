/*
 * The path of a value in the props of a block, as text while props are read: `routes[1].path`, `env['A'].name`. A
 * backslash escapes each character of a key that would end it, so the text can be parsed again.
 */

import { mayBeSecret } from '../../secrets-scan/disclosure';

/** Placeholder for a key that may be a credential. */
export const HIDDEN = '***';

const PARTS = /\[(\d+)\]|\['((?:[^\\']|\\.)*)'\]|((?:[^\\.[]|\\.)+)/gs;

/** A key of a map as the next part of a path: `['name']`. */
export function keyPart(key: string): string {
  return `['${key.replace(/[\\']/g, '\\$&')}']`;
}

/** A foreign name as one part of a path. */
export function namePart(name: string): string {
  return name.replace(/[\\.[]/g, '\\$&');
}

/** Builds the path of these names, keys and indices. */
export function pathOf(parts: readonly string[]): string {
  return parts
    .map((part, index) => {
      if (/^\d+$/.test(part)) return `[${part}]`;
      if (!/^[\w-]+$/.test(part)) return keyPart(part);
      return `${index === 0 ? '' : '.'}${part}`;
    })
    .join('');
}

/** The path as messages show it. */
export function pathText(path: string): string {
  return unescaped(path).replace(/\s+/g, ' ');
}

/** The names, keys and indices of the path. */
export function pathParts(path: string): string[] {
  return [...path.matchAll(PARTS)].map(([, index, key, name]) => index ?? unescaped(key ?? name));
}

/** The path without keys that may be credentials, such as a key swapped with its value. */
export function disclosedPath(path: string): string {
  return path.replace(PARTS, (part: string, index?: string, key?: string, name?: string) => {
    if (index !== undefined || !mayBeSecret(unescaped(key ?? name!))) return part;
    return key === undefined ? HIDDEN : keyPart(HIDDEN);
  });
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, '$1');
}
