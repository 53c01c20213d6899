import { foreignPods } from './pod-sets';
import { errorAt, warningAt } from './verdicts';
import type {} from '../admission/existing-namespace';
import { type ForeignObject, foreignOf, patchedObjects, placeOf } from '../foreign/foreign-objects';
import { isOwn } from '../kernel/facts/own-objects';
import type { PassView } from '../kernel/facts/pass-view';
import { describe } from '../kernel/findings/describe';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { clusterOf } from '../kernel/model/cluster-facts';
import type {} from '../kernel/model/namespace-facts';
import { wireOf } from '../kernel/model/wire';
import { isPlain } from '../kernel/schema/checks';
import { list, part, textAt } from '../kernel/schema/manifest';
import { type PodSecurityLevel, podSecurityViolations } from '../kubernetes/pod-security';
import { hasPods, podTemplateOf } from '../kubernetes/pod-template';

const LABEL = 'pod-security.kubernetes.io/enforce';
/** How many fields a message names. */
const NAMED = 3;

interface Level {
  readonly level: PodSecurityLevel;
  readonly minor: number;
  readonly namespace: string;
}

/** Compares foreign pods, and pods that a JSON patch has changed, with the level of their namespace. */
const admission: LibraryRule = {
  kinds: ['object', 'existingNamespace'],
  warns: false,
  judge: (view) => {
    const patched = patchedObjects(view).filter(hasPods);
    const objects = [...foreignPods(view).flatMap(({ foreign }) => foreign ?? []), ...patched];
    if (objects.length === 0) return [];
    const levels = view.derive(enforcedLevels);
    return objects.flatMap((object) => {
      const level = levels.get(object.place);
      return level === undefined ? [] : violationsOf(object, level);
    });
  },
};

function violationsOf(object: ForeignObject, { level, minor, namespace }: Level): Verdict[] {
  const violations = podSecurityViolations(podTemplateOf(object.wire)?.pod, level, minor);
  if (violations.length === 0) return [];
  const named = violations
    .slice(0, NAMED)
    .map(({ path, got, expected }) => `${path} ${describe(got)} (expected ${expected})`)
    .join(', ');
  const others = violations.length > NAMED ? `, and ${violations.length - NAMED} more` : '';
  return [
    errorAt(object.at, {
      rule: 'namespace/pod-security',
      subject: object.title,
      got: `${named}${others}`,
      expected: `what the level '${level}' of namespace '${namespace}' admits`,
      fix: 'Change these fields, use a block of this library, or move the workload to a namespace of its own',
    }),
  ];
}

/** The levels that Namespaces of the app enforce, from any library. */
export function enforcedLevels(view: PassView): Map<string, Level> {
  const own = view.objects
    .filter((object) => object.kind === 'Namespace' && isOwn(object))
    .map((object) => ({ at: object, name: object.name, wire: wireOf(object) }));
  const levels = new Map<string, Level>();
  for (const { at, name, wire } of [...own, ...foreignOf(view, 'core/Namespace')]) {
    const labels = part(wire, 'metadata', 'labels');
    const level = textAt(labels, LABEL);
    if (level !== 'baseline' && level !== 'restricted') continue;
    const cluster = clusterOf(at);
    // 'latest' means the version of the cluster
    const version = /^v1\.(\d+)$/.exec(textAt(labels, `${LABEL}-version`) ?? '')?.[1] ?? cluster.version.split('.')[1];
    levels.set(placeOf(cluster.name, name), { level, minor: Number(version), namespace: name });
  }
  // those that the app states
  for (const { owner, name, use, podSecurity: level } of view.all('namespace')) {
    if (use === 'privileged' || (level !== 'baseline' && level !== 'restricted')) continue;
    const cluster = clusterOf(owner);
    const place = placeOf(cluster.name, name);
    if (!levels.has(place)) levels.set(place, { level, minor: Number(cluster.version.split('.')[1]), namespace: name });
  }
  return levels;
}

/** Files in foreign pods that never see an update. */
const subPaths: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    foreignPods(view).flatMap(({ foreign }) => (foreign === undefined ? [] : fixedSubPaths(view, foreign))),
};

function fixedSubPaths(view: PassView, object: ForeignObject): Verdict[] {
  const spec = part(podTemplateOf(object.wire)?.pod, 'spec');
  const volumes = new Map(
    list(part(spec, 'volumes')).flatMap((volume) => {
      const source = textAt(volume, 'configMap', 'name') ?? textAt(volume, 'secret', 'secretName');
      const kind = isPlain(part(volume, 'configMap')) ? 'ConfigMap' : 'Secret';
      return source === undefined ? [] : [[textAt(volume, 'name'), `${kind} '${source}'`] as const];
    }),
  );
  if (volumes.size === 0) return [];
  const frozen = view.derive(frozenNames);
  const found = ['initContainers', 'containers']
    .flatMap((field) => list(part(spec, field)))
    .flatMap((container) => list(part(container, 'volumeMounts')))
    .filter((mount) => textAt(mount, 'subPath') !== undefined)
    .flatMap((mount) => volumes.get(textAt(mount, 'name')) ?? []);
  return [...new Set(found)]
    .filter((source) => !frozen.has(source))
    .map((source) =>
      warningAt(object.at, {
        rule: 'workload/sub-path',
        got: `a file of ${source} by subPath`,
        expected: 'the directory, or a name that changes with the content',
        text: `${object.title} mounts a file of ${source} by subPath, which never sees an update: mount the directory`,
      }),
    );
}

function frozenNames(view: PassView): Set<string> {
  return new Set(view.all('frozenContent').map(({ name }) => `ConfigMap '${name}'`));
}

export const RULES = [admission, subPaths];
