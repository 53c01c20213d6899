import type { ApiObject } from 'cdk8s';
import { isOwn } from '../kernel/facts/own-objects';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf } from '../kernel/model/cluster-facts';
import { groupBy } from '../kernel/model/group-by';
import { isPatched } from '../kernel/model/specs';
import { wireOf } from '../kernel/model/wire';
import { list, part, textAt } from '../kernel/schema/manifest';
import { isNamespaced, landingNamespace } from '../kubernetes/cluster-scoped';

/** An object that no block of this library has written: an `ApiObject`, or an item of a `List` in one. */
export class ForeignObject {
  private rendered?: { readonly wire: unknown };

  public constructor(
    /** The construct that contains it and reports findings. */
    public readonly at: ApiObject,
    /** `core` for objects of the core group. */
    public readonly apiGroup: string,
    public readonly kind: string,
    public readonly name: string,
    /** Its namespace; `undefined` if the kind has none, or if nothing states it. */
    public readonly namespace: string | undefined,
    private readonly render: () => unknown,
  ) {}

  /** The rendered object, rendered once; `undefined` if it cannot be rendered. */
  public get wire(): unknown {
    this.rendered ??= { wire: this.render() };
    return this.rendered.wire;
  }

  public get cluster(): string {
    return clusterOf(this.at).name;
  }

  /** How messages name it. */
  public get title(): string {
    return `${this.kind} '${this.name}' ('${this.at.node.path}')`;
  }

  /** A key for a namespace of a cluster. */
  public get place(): string {
    return placeOf(this.cluster, this.namespace);
  }
}

export function placeOf(cluster: string, namespace: string | undefined): string {
  return `${cluster}\n${namespace ?? ''}`;
}

/** All foreign objects, including those inside a List. */
export function foreignObjects(view: PassView): readonly ForeignObject[] {
  return view.derive(readForeign);
}

/** Whether an app has foreign objects. Most have none, and load no rules about them. */
export function hasForeign(view: PassView): boolean {
  return foreignObjects(view).length > 0;
}

/** Whether an app has an object whose fields no block has checked. */
export function hasUnchecked(view: PassView): boolean {
  return hasForeign(view) || patchedObjects(view).length > 0;
}

/** The foreign objects of kinds, each written as `<group>/<kind>`. */
export function foreignOf(view: PassView, ...kinds: readonly string[]): readonly ForeignObject[] {
  const byKind = view.derive(indexByKind);
  return byKind.size === 0 ? [] : kinds.flatMap((kind) => byKind.get(kind) ?? []);
}

/** Our objects that a JSON patch may have changed: only the rendered object shows their content. */
export function patchedObjects(view: PassView): readonly ForeignObject[] {
  return view.derive(readPatched);
}

function indexByKind(view: PassView): ReadonlyMap<string, readonly ForeignObject[]> {
  return groupBy(foreignObjects(view), ({ apiGroup, kind }) => `${apiGroup}/${kind}`);
}

function readForeign({ foreignObjects: objects }: PassView): ForeignObject[] {
  return objects.flatMap(expanded);
}

function readPatched(view: PassView): ForeignObject[] {
  return patchedApiObjects(view).filter(isOwn).map(whole);
}

/** All objects with a JSON patch, from any library. */
export function patchedApiObjects(view: PassView): readonly ApiObject[] {
  return view.derive(readPatchedApiObjects);
}

export function hasPatches(view: PassView): boolean {
  return patchedApiObjects(view).length > 0;
}

function readPatchedApiObjects({ objects }: PassView): ApiObject[] {
  return objects.filter(isPatched);
}

function whole(object: ApiObject): ForeignObject {
  return new ForeignObject(object, object.apiGroup, object.kind, object.name, landingNamespace(object), () =>
    wireOf(object),
  );
}

/** The items of a List. The API server gets them one by one, not the List. */
function expanded(object: ApiObject): ForeignObject[] {
  if (object.kind !== 'List' || object.apiGroup !== 'core') return [whole(object)];
  return list(part(wireOf(object), 'items')).flatMap((item) => {
    const [apiVersion, kind, name] = [['apiVersion'], ['kind'], ['metadata', 'name']].map((path) =>
      textAt(item, ...path),
    );
    if (apiVersion === undefined || kind === undefined || name === undefined) return [];
    const apiGroup = apiVersion.includes('/') ? apiVersion.split('/')[0] : 'core';
    const namespace = isNamespaced(apiGroup, kind)
      ? (textAt(item, 'metadata', 'namespace') ?? object.metadata.namespace)
      : undefined;
    return [new ForeignObject(object, apiGroup, kind, name, namespace, () => item)];
  });
}
