import {
  ApiObject,
  ApiObjectMetadataDefinition,
  ImplicitTokenResolver,
  type IResolver,
  JsonPatch,
  LazyResolver,
  NumberStringUnionResolver,
} from 'cdk8s';
import { foreignDocument, type RenderedDocument } from './rendered-document';
import { settleMap, type SettleOptions, Unsettled } from './settle';
import { mayBeIndex, SettledMap, toJson } from './settled-map';

type Json = Record<string, unknown>;

/** Private members of cdk8s. If they differ, cdk8s renders the object itself. */
interface ObjectInternals {
  readonly props?: Json;
  readonly patches?: JsonPatch[];
}
interface MetadataInternals {
  readonly _additionalAttributes?: Json;
  readonly annotations?: Json;
  readonly finalizers?: unknown[];
  readonly ownerReferences?: unknown[];
  readonly labels?: Json;
}

// captured at load: later replacements, for all objects or one, are respected
const OBJECT_TO_JSON = Object.getOwnPropertyDescriptor(ApiObject.prototype, 'toJson')?.value as unknown;
const METADATA_TO_JSON = Object.getOwnPropertyDescriptor(ApiObjectMetadataDefinition.prototype, 'toJson')
  ?.value as unknown;

const BUILT_IN = [LazyResolver, ImplicitTokenResolver, NumberStringUnionResolver];

/** Whether an app uses only the resolvers of cdk8s. */
function hasBuiltInResolversOnly(resolvers: readonly IResolver[]): boolean {
  return resolvers.length === BUILT_IN.length && BUILT_IN.every((type, index) => resolvers[index].constructor === type);
}

/** Returns a function with the results of `ApiObject.toJson()`, mostly faster. It is valid for one synthesis. */
export function objectRenderer(resolvers: readonly IResolver[]): (object: ApiObject) => RenderedDocument {
  const sortKeys = !process.env.CDK8S_DISABLE_SORT;
  const builtIn = hasBuiltInResolversOnly(resolvers);
  return (object) =>
    (builtIn && isKnown(object) ? render(object, sortKeys) : undefined) ?? foreignDocument(object.toJson());
}

function isKnown(object: ApiObject): boolean {
  const { props, patches } = object as unknown as ObjectInternals;
  const { _additionalAttributes, annotations, finalizers, ownerReferences, labels } =
    object.metadata as unknown as MetadataInternals;
  return (
    (object.toJson as unknown) === OBJECT_TO_JSON &&
    (object.metadata.toJson as unknown) === METADATA_TO_JSON &&
    isMap(props) &&
    isMap(_additionalAttributes) &&
    isMap(annotations) &&
    isMap(labels) &&
    Array.isArray(patches) &&
    Array.isArray(finalizers) &&
    Array.isArray(ownerReferences)
  );
}

function isMap(member: Json | undefined): boolean {
  return member?.constructor === Object;
}

/** Nothing for unusual values: cdk8s then renders the object, or reports the mistake. */
function render(object: ApiObject, sortKeys: boolean): RenderedDocument | undefined {
  const { props, patches } = object as unknown as Required<ObjectInternals>;
  try {
    const metadata = renderMetadata(object);
    const parts = Object.keys(props).filter((key) => key !== 'metadata');
    const content = headFirst(
      settleMap(
        parts,
        parts.map((key) => props[key]),
        { sortKeys, dropEmpty: false },
      ) as SettledMap,
      metadata,
    );
    return patches.length === 0 && !content.keys.some(mayBeIndex)
      ? { content, isTree: true }
      : patched(content, patches);
  } catch (error) {
    if (error instanceof Unsettled) return undefined;
    throw new Error(
      `Failed serializing construct at path '${object.node.path}' with name '${object.name}': ${error as Error}`,
    );
  }
}

/** Metadata that cdk8s sets itself and that overrides attributes with these names. */
const OWN_METADATA = ['name', 'namespace', 'annotations', 'finalizers', 'ownerReferences', 'labels'];

function renderMetadata({ metadata }: ApiObject): SettledMap | undefined {
  const own = metadata as unknown as Json;
  const { _additionalAttributes: attributes } = metadata as unknown as Required<MetadataInternals>;
  const added = Object.keys(attributes);
  const keys =
    added.length === 0 ? [...OWN_METADATA] : [...added, ...OWN_METADATA.filter((key) => !added.includes(key))];
  return settleMap(
    keys,
    keys.map((key) => (OWN_METADATA.includes(key) ? own : attributes)[key]),
    METADATA_OPTIONS,
  );
}

const METADATA_OPTIONS: SettleOptions = { sortKeys: true, dropEmpty: true };

const HEAD = ['apiVersion', 'kind', 'metadata'];

function headFirst(parts: SettledMap, metadata: unknown): SettledMap {
  const keys: string[] = [];
  const values: unknown[] = [];
  for (const key of HEAD) {
    const value = key === 'metadata' ? metadata : parts.get(key);
    if (value === undefined) continue;
    keys.push(key);
    values.push(value);
  }
  for (let index = 0; index < parts.keys.length; index++) {
    if (HEAD.includes(parts.keys[index])) continue;
    keys.push(parts.keys[index]);
    values.push(parts.values[index]);
  }
  return new SettledMap(keys, values);
}

/** As an object: a patch can remove the first key and add it back as the last. */
function patched(content: SettledMap, patches: readonly JsonPatch[]): RenderedDocument {
  const json = JsonPatch.apply(toJson(content), ...patches) as Json;
  const head = HEAD.filter((key) => key in json);
  return { content: { ...Object.fromEntries(head.map((key) => [key, json[key]])), ...json }, isTree: true };
}
