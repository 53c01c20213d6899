import type { IConstruct } from 'constructs';
import { pathIn } from './foreign-path';
import { BETA_CLASS } from './volume-faults';
import { type ForeignObject, foreignOf, placeOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import { keyPart } from '../kernel/findings/prop-path';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceOf } from '../kernel/model/names';
import type {} from '../kernel/model/storage-facts';
import { list, part, textAt } from '../kernel/schema/manifest';
import type {} from '../pod/workload-facts';

/** A claim of an app, or the template of such claims. */
export interface KnownClaim {
  /** The construct that reports findings. */
  readonly at: IConstruct;
  /** Key of its namespace and cluster. */
  readonly place: string;
  /** Name of a claim; none for templates. */
  readonly name?: string;
  readonly accessModes: readonly string[];
  /** `''` for none, `undefined` for the default class. */
  readonly storageClass: string | undefined;
  /** Where the class is: a prop of a block, or a field. */
  readonly classPath: string;
  readonly modesPath: string;
  /** The object, if no block has written it. */
  readonly foreign?: ForeignObject;
  /** Whether it gets a certain volume, which exists. */
  readonly isBound: boolean;
  /** Whether pods get the device without a file system: some disks then attach to several nodes. */
  readonly isBlock?: boolean;
}

/** The claims of blocks that are objects of their own. */
function ofBlocks(view: PassView): KnownClaim[] {
  return view.all('volumeClaim').map(({ owner, name, accessMode, storageClass, classProp, volume, selector }) => ({
    at: owner,
    place: placeOf(clusterOf(owner).name, namespaceOf(owner)),
    name,
    accessModes: [accessMode],
    storageClass: storageClass(),
    classPath: classProp,
    modesPath: 'accessMode',
    isBound: volume !== undefined || selector !== undefined,
  }));
}

function ofPods(view: PassView): KnownClaim[] {
  return view.all('podTemplate').flatMap(({ owner, pod }) =>
    pod.claims.map(({ accessMode, storageClass, classProp }) => ({
      at: owner,
      place: placeOf(clusterOf(owner).name, namespaceOf(owner)),
      accessModes: [accessMode],
      storageClass,
      classPath: classProp ?? 'storageClassName',
      modesPath: classProp ?? 'storageClassName',
      isBound: false,
    })),
  );
}

function ofForeign(foreign: ForeignObject, claim: unknown, path: string, name?: string): KnownClaim {
  const { at, place } = foreign;
  const spec = part(claim, 'spec');
  // the annotation wins over the field
  const annotated = textAt(claim, 'metadata', 'annotations', BETA_CLASS);
  const stated = annotated ?? part(spec, 'storageClassName');
  const classField = annotated === undefined ? 'spec.storageClassName' : `metadata.annotations${keyPart(BETA_CLASS)}`;
  return {
    at,
    place,
    ...(name === undefined ? {} : { name }),
    accessModes: list(part(spec, 'accessModes')).filter((mode) => typeof mode === 'string'),
    storageClass: typeof stated === 'string' ? stated : undefined,
    classPath: `${pathIn(foreign)}${path}${classField}`,
    modesPath: `${pathIn(foreign)}${path}spec.accessModes`,
    foreign,
    isBound: textAt(spec, 'volumeName') !== undefined || part(spec, 'selector') !== undefined,
    isBlock: part(spec, 'volumeMode') === 'Block',
  };
}

/** Claims and their templates in what others have written. */
function ofOthers(view: PassView): KnownClaim[] {
  return [
    ...foreignOf(view, 'core/PersistentVolumeClaim').map((object) => ofForeign(object, object.wire, '', object.name)),
    ...foreignOf(view, 'apps/StatefulSet').flatMap((object) =>
      list(part(object.wire, 'spec', 'volumeClaimTemplates')).map((template, index) =>
        ofForeign(object, template, `spec.volumeClaimTemplates[${index}].`),
      ),
    ),
  ];
}

/** All claims of an app, from any library, with the templates of claims. */
export function knownClaims(view: PassView): readonly KnownClaim[] {
  return view.derive(readClaims);
}

function readClaims(view: PassView): KnownClaim[] {
  return [...ofBlocks(view), ...ofPods(view), ...ofOthers(view)];
}

/** The claim of a name in a place. */
export function claimNamed(view: PassView, place: string, name: string): KnownClaim | undefined {
  return view.derive(indexByName).get(`${place}\n${name}`);
}

function indexByName(view: PassView): ReadonlyMap<string, KnownClaim> {
  return new Map(
    knownClaims(view).flatMap((claim) =>
      claim.name === undefined ? [] : [[`${claim.place}\n${claim.name}`, claim] as const],
    ),
  );
}
