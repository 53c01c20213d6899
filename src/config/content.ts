import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { carriedByYaml } from '../kernel/schema/carried-text';

/** The content of a ConfigMap: text that YAML keeps unchanged, the rest in base64. */
export interface Content {
  readonly data: Record<string, string>;
  readonly binaryData: Record<string, string>;
}

const HASH_LENGTH = 10;

/**
 * The version of a content: the start of a SHA-256 over its sorted entries.
 *
 * Frozen: a change of this function would rename every ConfigMap of every user and restart all their pods.
 */
export function contentHash({ data, binaryData }: Content): string {
  const canonical = JSON.stringify([sortedEntries(data), sortedEntries(binaryData)]);
  return createHash('sha256').update(canonical).digest('hex').slice(0, HASH_LENGTH);
}

function sortedEntries(map: Record<string, string>): Array<[string, string]> {
  return Object.keys(map)
    .sort()
    .map((key) => [key, map[key]]);
}

/** The size that the API server limits: all values, decoded. */
export function contentBytes({ data, binaryData }: Content): number {
  const text = Object.values(data).reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  return Object.values(binaryData).reduce((sum, value) => sum + Buffer.from(value, 'base64').length, text);
}

/** The size of content and annotations in a request: JSON as Go writes it, which also escapes `<`, `>` and `&`. */
export function requestBytes({ data, binaryData }: Content, annotations: Record<string, string>): number {
  const text = [...Object.values(data), ...Object.values(annotations)].join('');
  // six bytes each; JavaScript writes one for the former and two for the latter
  return (
    Buffer.byteLength(JSON.stringify({ data, binaryData, annotations })) +
    5 * count(text, /[<>&]/g) +
    4 * count(text, /[\b\f]/g)
  );
}

function count(text: string, pattern: RegExp): number {
  let found = 0;
  while (pattern.test(text)) found++;
  return found;
}

/** Text unchanged if YAML keeps it, otherwise in base64: a mount shows the same bytes. */
export function textContent(text: string): { text: string } | { base64: string } {
  return carriedByYaml(text) ? { text } : { base64: Buffer.from(text).toString('base64') };
}

/** A file as text if it is UTF-8 that YAML keeps unchanged, otherwise in base64. */
export function readContent(path: string): { text: string } | { base64: string } {
  const bytes = readFileSync(path);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? { base64: bytes.toString('base64') } : textContent(text);
  } catch {
    return { base64: bytes.toString('base64') };
  }
}

/** The relative paths of all files below a folder, sorted by name on every file system. */
export function filesBelow(folder: string, prefix = ''): string[] {
  return readdirSync(join(folder, prefix))
    .sort()
    .flatMap((name) => {
      const path = prefix === '' ? name : `${prefix}/${name}`;
      return statSync(join(folder, path)).isDirectory() ? filesBelow(folder, path) : [path];
    });
}
