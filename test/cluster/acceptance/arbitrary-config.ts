import * as fc from 'fast-check';
import { HARMLESS } from './arbitrary-container';
import { secretOrigin } from './arbitrary-secrets';
import { annotations, content as anyText, dnsLabel, labels, mapping, subdomain, word } from './arbitrary-text';
import type { Terms } from './terms';
import { carriedByYaml } from '../../../src/kernel/schema/carried-text';

/** Keys of entries. Upper-case keys can also be variables. */
const plainKey = fc.oneof(
  { withCrossShrink: true },
  word('ABCDFGH_', 1, 253),
  word(`${HARMLESS}-_.`, 1, 253).map((key) => key.replace(/^\.\.?/, 'a')),
  fc.constantFrom('---', '.a', '-', '_', 'a..b', 'true', '1', '0x1f', 'null'),
);
const secretKey = fc.constantFrom('password', 'api-key.txt');

const bytes = fc
  .oneof(
    fc.uint8Array({ maxLength: 50 }),
    anyText.map((text) => Buffer.from(text)),
  )
  .map((content) => Buffer.from(content).toString('base64'));

/** The most that all values may have together. */
const MEBIBYTE = 1024 * 1024;
const large = fc
  .constantFrom('a', 'é', '\n', 'a b\n')
  .map((text) => ({ large: text.repeat(MEBIBYTE / Buffer.byteLength(text)) }));

const data = fc.oneof({ withCrossShrink: true }, { weight: 20, arbitrary: mapping(plainKey, anyText, 5) }, large);

/** Names of files are keys, and so are paths in folders. */
const fileName = word(`${HARMLESS}-`, 1, 40);
const files = mapping(
  fileName.map((name) => `file-${name}`),
  bytes.map(($file) => ({ $file })),
);
const folder = mapping(
  fc
    .array(fileName, { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map((part, depth) => `${depth < parts.length - 1 ? 'd' : 'f'}${part}`).join('/')),
  bytes,
).map(($folder) => ({ $folder }));

const contents = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: data.map((text) => ({ data: text })) },
  fc
    .tuple(mapping(plainKey, anyText, 5), mapping(secretKey, anyText, 2))
    .map(([plain, secret]) => ({ data: { ...plain, ...secret }, allowSecretLookingData: Object.keys(secret) })),
  fc.record({ files, folder, data: mapping(plainKey, anyText, 2) }, { requiredKeys: ['files'] }),
  folder.map((given) => ({ folder: given })),
);

/** 63 characters of a label, less `-` and the hash; one is for the number that makes names unique. */
const LONGEST_NAME = 51;

export const configMapProps: fc.Arbitrary<Terms> = fc
  .tuple(
    contents,
    fc.record(
      { name: dnsLabel(LONGEST_NAME), reload: fc.constantFrom('version', 'watch', 'checksum'), labels, annotations },
      { requiredKeys: [] },
    ),
  )
  .map(([content, others]) => ({ ...others, ...content }));

/** The files of a mounted ConfigMap. */
export function pathsOf({ data: text, files: single, folder: all }: Terms): string[] {
  return [
    ...Object.keys(text ?? {}),
    ...Object.keys(single ?? {}),
    ...Object.keys((all as { $folder: object } | undefined)?.$folder ?? {}),
  ].sort();
}

/** The keys that a ConfigMap of these props has. */
export function keysOf({ data: text, files: single, folder: all }: Terms): string[] {
  const below = Object.keys((all as { $folder: object } | undefined)?.$folder ?? {});
  return [
    ...Object.keys(text ?? {}),
    ...Object.keys(single ?? {}),
    ...below.map((path) => path.replaceAll('/', '__')),
  ].sort();
}

/** Those of text that can be in a variable, of what is given in `data`. */
export function textKeysOf({ data: text }: Terms): string[] {
  return Object.entries((text ?? {}) as Record<string, string | Terms>)
    .filter(([, value]) => typeof value === 'string' && carriedByYaml(value))
    .map(([key]) => key)
    .sort();
}

const secretKeys = (minLength: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(
    word(`${HARMLESS}-_.`, 1, 253).map((key) => key.replace(/^\.\.?/, 'a')),
    { minLength, maxLength: 3 },
  );
const secretName = { name: subdomain(100), version: subdomain(100) };

export const secretProps: fc.Arbitrary<Terms> = fc.oneof(
  { withCrossShrink: true },
  fc.record(
    {
      ...secretName,
      keys: secretKeys(0),
      type: fc.constantFrom('Opaque', 'kubernetes.io/tls', 'example.com/own'),
    },
    { requiredKeys: ['version'] },
  ),
  secretKeys(1).chain((keys) =>
    fc.record(
      {
        ...secretName,
        keys: fc.constant(keys),
        from: secretOrigin(keys),
        type: fc.constantFrom('Opaque', 'example.com/own'),
      },
      { requiredKeys: ['version', 'keys', 'from'] },
    ),
  ),
);
