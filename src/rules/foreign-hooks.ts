import type { ApiObject } from 'cdk8s';
import { warningAt } from './verdicts';
import { type ForeignObject, foreignOf, placeOf } from '../foreign/foreign-objects';
import { isOwn } from '../kernel/facts/own-objects';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { clusterOf } from '../kernel/model/cluster-facts';
import { entries, list, part, textAt } from '../kernel/schema/manifest';
import { landingNamespace } from '../kubernetes/cluster-scoped';
import { annotationsOfNeeds, isPreSync } from '../kubernetes/hooks';
import { podTemplateOf } from '../kubernetes/pod-template';

/** What the pods of a hook cannot start without. */
const NEEDED = ['ConfigMap', 'Secret', 'ServiceAccount'];

/** Hooks of others before the sync, which need objects of the app that come after them. */
const hooks: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    foreignOf(view, 'batch/Job', 'core/Pod').flatMap((hook) => {
      const annotations = annotationsOf(hook.wire);
      if (!isPreSync(annotations)) return [];
      return needsOf(hook).flatMap((need): Verdict[] => {
        const later = view.derive(laterObjects).has(`${hook.place}\n${need}`);
        return later ? [lateNeed(hook, need, annotations)] : [];
      });
    }),
};

function lateNeed(hook: ForeignObject, need: string, annotations: Record<string, string>): Verdict {
  const missing = Object.entries(annotationsOfNeeds(annotations))
    .map(([key, value]) => `'${key}': '${value}'`)
    .join(' and ');
  return warningAt(hook.at, {
    rule: 'job/hook-needs',
    got: `a hook before the sync that needs ${need}, which is none`,
    expected: `the same hook, one step earlier, on ${need}`,
    text: `${hook.title} is a hook before the sync and needs ${need}, which comes later. Give that ${missing}`,
  });
}

/** As `<kind> '<name>'`, each once. */
function needsOf(hook: ForeignObject): string[] {
  const spec = part(podTemplateOf(hook.wire)?.pod, 'spec');
  const containers = ['initContainers', 'containers'].flatMap((field) => list(part(spec, field)));
  const variables = containers.flatMap((container) => [
    ...list(part(container, 'envFrom')),
    ...list(part(container, 'env')).map((variable) => part(variable, 'valueFrom')),
  ]);
  const volumes = list(part(spec, 'volumes'));
  const named: Array<[string, string | undefined]> = [
    ['ServiceAccount', textAt(spec, 'serviceAccountName')],
    ...variables.flatMap((source): Array<[string, string | undefined]> => [
      ['ConfigMap', textAt(source, 'configMapRef', 'name') ?? textAt(source, 'configMapKeyRef', 'name')],
      ['Secret', textAt(source, 'secretRef', 'name') ?? textAt(source, 'secretKeyRef', 'name')],
    ]),
    ...volumes.flatMap((volume): Array<[string, string | undefined]> => [
      ['ConfigMap', textAt(volume, 'configMap', 'name')],
      ['Secret', textAt(volume, 'secret', 'secretName')],
    ]),
  ];
  return [...new Set(named.flatMap(([kind, name]) => (name === undefined ? [] : [`${kind} '${name}'`])))];
}

/** Objects of the app that are no such hook, by place, kind and name. */
function laterObjects(view: PassView): Set<string> {
  const own = view.objects
    .filter((object) => isOwn(object) && object.apiGroup === 'core' && NEEDED.includes(object.kind))
    .filter((object) => !isPreSync(annotationsOf({ metadata: object.metadata.toJson() as unknown })))
    .map((object) => keyOf(placeOfObject(object), object));
  const foreign = foreignOf(view, ...NEEDED.map((kind) => `core/${kind}`))
    .filter(({ wire }) => !isPreSync(annotationsOf(wire)))
    .map((object) => keyOf(object.place, object));
  return new Set([...own, ...foreign]);
}

function placeOfObject(object: ApiObject): string {
  return placeOf(clusterOf(object).name, landingNamespace(object));
}

function keyOf(place: string, { kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${place}\n${kind} '${name}'`;
}

function annotationsOf(manifest: unknown): Record<string, string> {
  return Object.fromEntries(
    entries(part(manifest, 'metadata', 'annotations')).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

export const RULES = [hooks];
