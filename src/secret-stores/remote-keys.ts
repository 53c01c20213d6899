import type { RemoteKey } from './secret-source';
import { storeText } from './store-syntax';
import type { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import { mapOf, struct } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { configKey } from '../kernel/schema/syntax';

export interface RemoteKeySettings {
  /** The key of the Secret. */
  readonly name: string;
  readonly key: string;
  readonly property?: string;
  readonly version?: string;
}

export const REMOTE_KEYS = mapOf(configKey, struct<RemoteKey>('a place in the store'));
/** In place of a refused name. */
export const STAND_IN = 'invalid';
export const KEYS_FIX = { fix: "Map each key of the Secret to its place in the store, such as key 'shop/payment'" };

export function readRemoteKeys(
  given: Readonly<Record<string, unknown>>,
  problems: Problems,
  prop: string,
): RemoteKeySettings[] {
  return Object.entries(given).map(([name, place]) => {
    const read = new Reader<RemoteKey>(problems, place, `${prop}${keyPart(name)}.`);
    const remote = {
      name,
      key: read.required('key', storeText, STAND_IN, { fix: 'Write the name of the entry in the store' }),
      property: read.optional('property', storeText, read.has('property') ? STAND_IN : undefined, {
        fix: 'Write the name of a field of the entry',
      }),
      version: read.optional('version', storeText, undefined, { fix: "Write the version in quotes, such as '3'" }),
    };
    read.refuseUnknown();
    return remote;
  });
}

/** Refuses a map without entries: a Secret without keys is of no use. */
export function refuseEmpty(size: number, problems: Problems, prop: string): void {
  if (size > 0) return;
  problems.refuse(prop, undefined, 'at least one key', { rule: 'props/value', fix: 'List the keys of the Secret' });
}
