import { type ApiObject, JsonPatch } from 'cdk8s';
import { errorAt } from './verdicts';
import { patchedApiObjects } from '../foreign/foreign-objects';
import { describe } from '../kernel/findings/describe';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { HIDDEN } from '../kernel/findings/prop-path';
import { operationOf, patchedConstruct, patchesOf } from '../kernel/model/specs';
import { isPlain } from '../kernel/schema/checks';
import { mayBeSecret } from '../secrets-scan/disclosure';

/** JSON patches that cannot be applied. The error of cdk8s does not name the patch. */
const applicable: LibraryRule = {
  kinds: ['object'],
  warns: false,
  judge: (view) => patchedApiObjects(view).flatMap(judgeObject),
};

function judgeObject(object: ApiObject): Verdict[] {
  let json = unpatched(object);
  // an object that cannot be rendered has a finding of its own
  if (json === undefined) return [];
  for (const patch of patchesOf(object)) {
    try {
      json = JsonPatch.apply(json, patch) as unknown;
    } catch {
      return [refusalOf(object, patch, json)];
    }
  }
  return [];
}

function unpatched(object: ApiObject): unknown {
  try {
    return (Object.create(object, { patches: { value: [] } }) as ApiObject).toJson();
  } catch {
    return undefined;
  }
}

function refusalOf(object: ApiObject, patch: JsonPatch, json: unknown): Verdict {
  const { op = 'a patch', path = '' } = operationOf(patch);
  const { found, keys } = deepest(json, path);
  return errorAt(patchedConstruct(object), {
    rule: 'app/json-patch',
    prop: 'addJsonPatch',
    got: `${op} ${describe(path)}`,
    expected:
      op === 'test' ? `that value in ${object.kind} '${object.name}'` : `a path of ${object.kind} '${object.name}'`,
    fix:
      op === 'test'
        ? 'Write the value that the object has'
        : `Write a path that the object has: ${describe(found === '' ? '/' : found)} has ` +
          (keys.map(nameToShow).join(', ') || 'no fields'),
  });
}

/** A foreign key can be a credential: callers swap names and values. */
function nameToShow(key: string): string {
  return mayBeSecret(key) ? HIDDEN : key;
}

/** The longest prefix of the path that exists, and its fields. */
function deepest(json: unknown, path: string): { found: string; keys: string[] } {
  let at = json;
  let found = '';
  for (const part of path.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const next: unknown = Array.isArray(at) ? (at as unknown[])[Number(key)] : isPlain(at) ? at[key] : undefined;
    if (!Array.isArray(next) && !isPlain(next)) break;
    at = next;
    found += `/${part}`;
  }
  return { found, keys: Array.isArray(at) || isPlain(at) ? Object.keys(at) : [] };
}

export const RULES = [applicable];
