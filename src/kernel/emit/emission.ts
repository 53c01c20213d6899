import { ApiObject, Chart, type ChartProps } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { AppModel } from '../facts/app-model';
import { Problems } from '../findings/problems';
import { recordSpec } from '../model/specs';
import { watchDuplicates } from '../model/uniqueness';
import { mapOf } from '../schema/checks';
import { Reader } from '../schema/reader';
import { dnsLabel, labelKey, labelValue } from '../schema/syntax';

/** What is fixed when an object is constructed. */
export interface Head {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    /** May be empty: cdk8s then leaves them out. */
    readonly annotations?: Record<string, string>;
  };
  /** For a kind that has no namespace: that of the chart is not written. No part of the object. */
  readonly clusterScoped?: true;
}

/** A head and the parts that are known at once. */
export interface Manifest extends Head {
  readonly [part: string]: unknown;
}

/**
 * The one place where a wire-format object becomes a construct: a raw `ApiObject`, so that JSON patches and fields
 * newer than our types survive.
 */
export function emit(scope: Construct, id: string, manifest: Manifest): ApiObject {
  watchChart(scope);
  const { clusterScoped } = manifest;
  const object = new ApiObject(scope, id, clusterScoped ? { ...manifest, clusterScoped: undefined } : manifest);
  // cdk8s has no other way: where none is given, it takes the namespace of the chart
  if (clusterScoped) Object.assign(object.metadata, { namespace: undefined });
  watchDuplicates(object);
  return object;
}

/**
 * As `emit`, for a `spec` that other blocks may still add to. It is rendered at every synthesis, by a token that cdk8s
 * recognizes by its shape (its `Lazy` is recognized by class, which fails when two copies of cdk8s meet), and never
 * from refused props.
 */
export function emitLater(scope: Construct, id: string, head: Head, problems: Problems, spec: () => object): ApiObject {
  const object = emit(scope, id, { spec: later(problems, spec), ...head });
  recordSpec(object, spec);
  return object;
}

/**
 * Labels or annotations that are read at synthesis: for each key a token, and at the end none where `read` has no
 * value.
 */
export function laterMap(
  keys: readonly string[],
  read: () => Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, { resolve: () => read()[key] } as unknown as string]));
}

/** The token that `emitLater` uses, for kinds that have other parts than a `spec`. */
export function later(problems: Problems, render: () => object): object {
  return {
    resolve: (): object => {
      problems.throwIfAny();
      return render();
    },
  };
}

/** Makes sure that what the chart of `construct` writes to all its objects is checked; once for a chart. */
function watchChart(construct: IConstruct): void {
  let chart: IConstruct | undefined = construct;
  while (chart && !Chart.isChart(chart)) chart = chart.node.scope;
  if (chart === undefined || !AppModel.of(chart).first(chart)) return;
  const { namespace, labels } = chart;
  const read = new Reader<ChartProps>(new Problems(chart), { namespace, labels });
  read.optional('namespace', dnsLabel(), undefined, {
    fix: 'Give the chart the name of a namespace, or leave it out',
    practice: 'DX-12',
  });
  read.optional(
    'labels',
    mapOf(labelKey, labelValue),
    {},
    { fix: 'A chart writes its labels to all its objects: map label keys to values' },
  );
}
