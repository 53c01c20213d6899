import { missingStore } from './known-stores';
import { warningAt } from './verdicts';
import { type ForeignObject, foreignOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { list, part, textAt } from '../kernel/schema/manifest';

/** ExternalSecrets that no block has written. */
const unknownStores: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    foreignOf(view, 'external-secrets.io/ExternalSecret').flatMap((object) =>
      storesOf(object.wire).flatMap((reference) => verdictOn(view, object, reference)),
    ),
};

function storesOf(wire: unknown): unknown[] {
  const entries = [...list(part(wire, 'spec', 'data')), ...list(part(wire, 'spec', 'dataFrom'))];
  const all = [part(wire, 'spec', 'secretStoreRef'), ...entries.map((entry) => part(entry, 'sourceRef', 'storeRef'))];
  return [
    ...new Map(all.map((reference) => [`${kindOf(reference)}/${textAt(reference, 'name')}`, reference])).values(),
  ];
}

function kindOf(reference: unknown): string {
  return textAt(reference, 'kind') ?? 'SecretStore';
}

function verdictOn(view: PassView, object: ForeignObject, reference: unknown): Verdict[] {
  const { at, cluster, namespace } = object;
  const name = textAt(reference, 'name');
  const missing =
    name === undefined ? undefined : missingStore(view, { at, cluster, namespace, kind: kindOf(reference), name });
  if (missing === undefined) return [];
  const { got, expected, fix } = missing;
  return [
    warningAt(at, {
      rule: 'secret/unknown-store',
      got,
      expected,
      text: `${object.title} reads ${got}: without the store, its Secret never exists. ${fix}`,
    }),
  ];
}

export const RULES = [unknownStores];
