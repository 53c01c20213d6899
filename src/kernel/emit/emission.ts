import { ApiObject, Chart, type ChartProps } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { orderObjects } from './order';
import { AppModel } from '../facts/app-model';
import { Problems } from '../findings/problems';
import { recordSpec } from '../model/specs';
import { watchDuplicates } from '../model/uniqueness';
import { Reader } from '../schema/reader';
import { dnsLabel, labelMap } from '../schema/syntax';

/** The part of an object that is fixed at construction. */
export interface Head {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    /** May be empty: cdk8s then omits them. */
    readonly annotations?: Record<string, string>;
  };
  /** For a kind without a namespace: the chart's namespace is not written. Not part of the object. */
  readonly clusterScoped?: true;
}

/** A head and the parts that are known at construction. */
export interface Manifest extends Head {
  readonly [part: string]: unknown;
}

/**
 * Turns a wire-format object into a construct. All objects pass here. The result is a raw `ApiObject`, which keeps JSON
 * patches and fields newer than our types.
 */
export function emit(scope: Construct, id: string, manifest: Manifest): ApiObject {
  watchChart(scope);
  const { clusterScoped } = manifest;
  const object = new ApiObject(scope, id, clusterScoped ? { ...manifest, clusterScoped: undefined } : manifest);
  // cdk8s has no other way: without a value, it uses the namespace of the chart
  if (clusterScoped) Object.assign(object.metadata, { namespace: undefined });
  watchDuplicates(object);
  return object;
}

/**
 * Like `emit`, for a `spec` that other blocks may still extend. A token renders it at every synthesis, but never from
 * refused props. cdk8s recognizes the token by its shape. It recognizes its own `Lazy` by class, which fails with two
 * copies of cdk8s.
 */
export function emitLater(scope: Construct, id: string, head: Head, problems: Problems, spec: () => object): ApiObject {
  const object = emit(scope, id, { spec: later(problems, spec), ...head });
  recordSpec(object, spec);
  return object;
}

/**
 * Labels or annotations that are read at synthesis: a token for each key, which yields nothing for a key without a
 * value in `read`.
 */
export function laterMap(
  keys: readonly string[],
  read: () => Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, { resolve: () => read()[key] } as unknown as string]));
}

/**
 * Updates the objects of a block to the wanted ones, by construct id: adds missing ones and removes others from the
 * tree. Remaining objects keep their patches. A second call changes nothing.
 */
export function arrangeObjects(
  scope: Construct,
  present: Map<string, ApiObject>,
  wanted: readonly string[],
  make: (id: string) => ApiObject,
): void {
  for (const id of [...present.keys()].filter((known) => !wanted.includes(known))) {
    scope.node.tryRemoveChild(id);
    present.delete(id);
  }
  for (const id of wanted) if (!present.has(id)) present.set(id, make(id));
}

/** The token of `emitLater`, for kinds with parts other than a `spec`. */
export function later(problems: Problems, render: () => object): object {
  return {
    resolve: (): object => {
      problems.throwIfAny();
      return render();
    },
  };
}

const NAMESPACE = dnsLabel();

/** Checks what the chart of `construct` writes to all its objects; once for each chart. */
function watchChart(construct: IConstruct): void {
  let chart: IConstruct | undefined = construct;
  while (chart && !Chart.isChart(chart)) chart = chart.node.scope;
  if (chart === undefined) return;
  const model = AppModel.of(chart);
  if (!model.first(chart)) return;
  if (model.first(orderObjects)) model.add('arrangement', { arrange: orderObjects });
  const { namespace, labels } = chart;
  const problems = new Problems();
  const read = new Reader<ChartProps>(problems, { namespace, labels });
  read.optional('namespace', NAMESPACE, undefined, {
    fix: 'Give the chart the name of a namespace, or omit it',
    practice: 'DX-12',
  });
  read.optional(
    'labels',
    labelMap,
    {},
    { fix: 'A chart writes its labels to all its objects: map label keys to values' },
  );
  // most charts have no mistake to report
  if (problems.size > 0) new Problems(chart).include(problems);
}
