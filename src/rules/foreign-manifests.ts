import type { ApiObject } from 'cdk8s';
import { type Known, refuseFaults, wantsCheck } from './manifest-faults';
import { Severity } from '../catalogue/rule';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { Problems } from '../kernel/findings/problems';
import { clusterOf, isAtLeast } from '../kernel/model/cluster-facts';
import { isWatched } from '../kernel/model/uniqueness';
import { wireOf } from '../kernel/model/wire';
import { list, part, textAt } from '../kernel/schema/manifest';
import { landingNamespace } from '../kubernetes/cluster-scoped';

/** The first minor version that takes a sleep of no second. */
const SLEEP_OF_ZERO = 33;

/**
 * Checks of objects that no block wrote: raw ones, those of other libraries, of Helm and Include,
 * and those in a List. Kinds without a check are not rendered, and an app of blocks alone is only looked through.
 */
function findingsOfOthers(view: PassView): Verdict[] {
  return view.objects.flatMap((object) => (isWatched(object) ? [] : verdictsOf(object, view)));
}

function verdictsOf(object: ApiObject, view: PassView): Verdict[] {
  if (!wantsCheck(object.apiVersion, object.kind)) return [];
  const problems = new Problems();
  const known: Known = {
    isHeadless: (name) => view.derive(headless).get(serviceKey(object, name)),
    takesSleepOfZero: () => isAtLeast(clusterOf(object), SLEEP_OF_ZERO),
  };
  const manifest = wireOf(object);
  if (object.kind.endsWith('List')) {
    list(part(manifest, 'items')).forEach((item, index) => refuseFaults(item, `items[${index}].`, known, problems));
  } else {
    refuseFaults(manifest, '', known, problems);
  }
  return problems.findings(object).map((finding) => ({ construct: object, finding }));
}

function serviceKey(construct: ApiObject, name: string): string {
  return `${clusterOf(construct).name}\n${landingNamespace(construct) ?? ''}\n${name}`;
}

/** Whether each Service of the app has no address of its own. */
function headless(view: PassView): ReadonlyMap<string, boolean> {
  return new Map(
    view.objects
      .filter(({ kind, apiGroup }) => kind === 'Service' && apiGroup === 'core')
      .map((service) => [serviceKey(service, service.name), textAt(wireOf(service), 'spec', 'clusterIP') === 'None']),
  );
}

const rule = (severity: Severity): LibraryRule => ({
  kinds: ['object'],
  warns: severity === Severity.WARNING,
  judge: (view) => view.derive(findingsOfOthers).filter(({ finding }) => finding.severity === severity),
});

export const RULES = [rule(Severity.ERROR), rule(Severity.WARNING)];
