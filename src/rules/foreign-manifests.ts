import { pathIn } from './foreign-path';
import { type Known, refuseFaults, wantsCheck } from './manifest-faults';
import { enforcedLevels } from './pod-security';
import { Severity } from '../catalogue/rule';
import { type ForeignObject, foreignObjects, foreignOf, placeOf } from '../foreign/foreign-objects';
import { isOwn } from '../kernel/facts/own-objects';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { Problems } from '../kernel/findings/problems';
import { clusterOf, isAtLeast } from '../kernel/model/cluster-facts';
import { wireIn } from '../kernel/model/wire';
import { textAt } from '../kernel/schema/manifest';
import { landingNamespace } from '../kubernetes/cluster-scoped';

/** The first minor version that accepts a sleep of 0 seconds. */
const SLEEP_OF_ZERO = 33;

/** Faults of foreign manifests: fields that the API server refuses, or that do not work. */
function verdicts(view: PassView): Verdict[] {
  return foreignObjects(view).flatMap((object) =>
    wantsCheck(object.apiGroup, object.kind) ? verdictsOf(object, view) : [],
  );
}

function verdictsOf(object: ForeignObject, view: PassView): Verdict[] {
  const problems = new Problems();
  const known: Known = {
    isHeadless: (name) => view.derive(headless).get(`${object.place}\n${name}`),
    refusesHostPaths: () => view.derive(enforcedLevels).has(object.place),
    takesSleepOfZero: () => isAtLeast(clusterOf(object.at), SLEEP_OF_ZERO),
  };
  refuseFaults(object.wire, pathIn(object), known, problems);
  return problems.findings(object.at).map((finding) => ({ construct: object.at, finding }));
}

/** Whether each Service of the app is headless, by place and name. */
function headless(view: PassView): ReadonlyMap<string, boolean> {
  const isHeadless = (manifest: unknown): boolean => textAt(manifest, 'spec', 'clusterIP') === 'None';
  const own = view.objects.filter((object) => object.kind === 'Service' && object.apiGroup === 'core' && isOwn(object));
  return new Map([
    ...own.map((service): [string, boolean] => [
      `${placeOf(clusterOf(service).name, landingNamespace(service))}\n${service.name}`,
      isHeadless(wireIn(view, service)),
    ]),
    ...foreignOf(view, 'core/Service').map((service): [string, boolean] => [
      `${service.place}\n${service.name}`,
      isHeadless(service.wire),
    ]),
  ]);
}

const ofSeverity = (severity: Severity): LibraryRule => ({
  kinds: ['object'],
  warns: severity === Severity.WARNING,
  judge: (view) => view.derive(verdicts).filter(({ finding }) => finding.severity === severity),
});

export const RULES = [ofSeverity(Severity.ERROR), ofSeverity(Severity.WARNING)];
