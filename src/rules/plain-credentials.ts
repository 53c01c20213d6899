import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { errorAt, warningAt } from './verdicts';
import { type ForeignObject, foreignObjects, foreignOf, patchedApiObjects } from '../foreign/foreign-objects';
import { isOwn } from '../kernel/facts/own-objects';
import { describe } from '../kernel/findings/describe';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { pathOf } from '../kernel/findings/prop-path';
import { operationOf, patchedConstruct, patchesOf } from '../kernel/model/specs';
import { isPlain } from '../kernel/schema/checks';
import { entries, part, textAt } from '../kernel/schema/manifest';
import { proofOf, suspiciousWord } from '../secrets-scan/credentials';
import { isHarmless } from '../secrets-scan/values';

/** The texts of the first describe fields; those of the second are encrypted. */
const UNREAD = ['apiextensions.k8s.io/CustomResourceDefinition', 'bitnami.com/SealedSecret'];
/** Base64. What is in `data` of a Secret has its own rule. */
const BINARY = 'binaryData';
const CERTIFICATE = /^-----BEGIN (?:TRUSTED )?CERTIFICATE-----/;
/** A value that SOPS has encrypted. */
const ENCRYPTED = /^ENC\[AES256_GCM,/;

/** Credentials of a known format or structure, in what others have written and in JSON patches. */
const inManifests: LibraryRule = {
  kinds: ['object'],
  warns: false,
  judge: (view) => [
    ...foreignObjects(view).flatMap(verdictsOf),
    ...patchedApiObjects(view).filter(isOwn).flatMap(verdictsOfPatches),
  ],
};

function verdictsOf(object: ForeignObject): Verdict[] {
  const { at, apiGroup, kind, name, wire } = object;
  const group = `${apiGroup}/${kind}`;
  if (UNREAD.includes(group) || !isPlain(wire)) return [];
  const path = at.kind === 'List' && at.apiGroup === 'core' ? ['items', name] : [];
  const skipped = group === 'core/Secret' ? ['data', 'stringData'] : [BINARY];
  return Object.entries(wire)
    .filter(([field]) => !skipped.includes(field))
    .flatMap(([field, value]) => search(value, field, [...path, field]))
    .map((found) => verdictAt(at, found));
}

function verdictsOfPatches(object: ApiObject): Verdict[] {
  const construct = patchedConstruct(object);
  return patchesOf(object)
    .map(operationOf)
    .flatMap(({ path = '', value }) => {
      const fields = path.split('/').slice(1);
      return search(value, fields.at(-1) ?? '', fields).map((found) => verdictAt(construct, found));
    });
}

interface FoundText {
  readonly path: readonly string[];
  readonly what: string;
}

/** What is certainly a credential in a value and below it. `name`: what it is called. */
function search(value: unknown, name: string, path: readonly string[]): FoundText[] {
  if (typeof value === 'string') {
    const proof = proofOf(name, value);
    return proof ? [{ path, what: proof.what }] : [];
  }
  if (Array.isArray(value)) return searchList(value, name, path);
  if (!isPlain(value)) return [];
  // a variable, a header or a parameter
  const own = textAt(value, 'name');
  return Object.entries(value).flatMap(([field, inner]) =>
    search(inner, field === 'value' && own !== undefined ? own : field, [...path, field]),
  );
}

/** Words may be a credential together only: `--requirepass` and the next one. */
function searchList(values: readonly unknown[], name: string, path: readonly string[]): FoundText[] {
  if (values.every((value) => typeof value === 'string')) {
    const word = suspiciousWord(values);
    return word?.certain ? [{ path: [...path, String(word.index)], what: word.what }] : [];
  }
  return values.flatMap((value, index) => search(value, name, [...path, String(index)]));
}

function verdictAt(construct: IConstruct, { path, what }: FoundText): Verdict {
  return errorAt(construct, {
    rule: 'secret/in-manifest',
    prop: pathOf(path),
    got: what,
    expected: 'a reference to a Secret',
    fix: 'Keep it in a Secret that the YAML does not contain: write a secretKeyRef, or mount the Secret as a file',
  });
}

/** Secrets whose content is in the YAML. */
const inSecrets: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    foreignOf(view, 'core/Secret').flatMap((secret) => {
      const keys = literalKeys(secret.wire);
      if (keys.length === 0) return [];
      return [
        warningAt(secret.at, {
          rule: 'secret/literal-data',
          got: `the values of ${describe(keys)}`,
          expected: 'a Secret that the YAML does not contain',
          text:
            `${secret.title}: everyone who reads the YAML reads the values of ${describe(keys)}. Create the Secret ` +
            'with kubectl, External Secrets or Sealed Secrets, and refer to it by SecretRef.named or VersionedSecret',
        }),
      ];
    }),
};

/** The entries with a value that is neither a placeholder, nor encrypted, nor public. */
function literalKeys(secret: unknown): string[] {
  const plain = entries(part(secret, 'stringData'));
  const encoded = entries(part(secret, 'data')).map(([key, value]): [string, unknown] => [
    key,
    typeof value === 'string' ? Buffer.from(value, 'base64').toString('latin1') : value,
  ]);
  const found = [...plain, ...encoded].filter(
    ([key, value]) => typeof value === 'string' && !isHarmless(key, value) && !isPublic(value),
  );
  return [...new Set(found.map(([key]) => key))];
}

function isPublic(value: string): boolean {
  return ENCRYPTED.test(value) || (CERTIFICATE.test(value) && !value.includes('PRIVATE KEY'));
}

export const RULES = [inManifests, inSecrets];
