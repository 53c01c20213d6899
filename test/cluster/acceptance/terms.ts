import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ApiObject, type App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import { Env, EnvValue, Secret } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import * as blocks from '../../../src';
import type { BlockName } from '../../blocks/names';
import { runSample } from '../../samples';

/**
 * An argument as plain data, so that fast-check can print and shrink it. Maps that have one of these keys stand for
 * what cannot be data: no name of Kubernetes has a `$`.
 *
 * - `$call`: a factory, `{ $call: 'Duration.seconds', args: [5] }`
 * - `$on`: a method of another argument, `{ $on: { $call: ... }, method: 'plus', args: [...] }`
 * - `$block`: a block of the app by its id; with `$envValue`, one key of it; with `$path`, one of its members
 * - `$text`: texts and other arguments, joined
 * - `$secret`: a Secret of cdk8s-plus by its name
 * - `$file`, `$folder`: files of which the bytes are given in base64
 */
export type Term = unknown;

/** A value that is no data, as it is. */
export class Raw {
  public constructor(public readonly value: unknown) {}

  public toJSON(): string {
    return 'a value';
  }
}

/** The props of one block, or the options of one method. */
export type Terms = Record<string, Term>;

/** Blocks that any number of an app can be, with references among them. */
export type BaseKind = 'WebService' | 'StaticSite' | 'Redis' | 'RedisCache' | 'VersionedConfigMap' | 'VersionedSecret';

/** Blocks that come as a theme: with what they need around them. */
export type ThemeKind = Exclude<BlockName, BaseKind | 'HttpRouting' | 'DnsForwarding' | 'ExistingNamespace'>;

export interface BlockData {
  readonly kind: BlockName;
  readonly id: string;
  readonly props: Terms;
  /** The chart that it is in, by its id; the main one when left out. */
  readonly chart?: string;
}

/** A second chart. Its id is also its namespace. */
export interface ChartData {
  readonly id: string;
  /** Props of the ClusterProfile, where it is meant for another cluster. */
  readonly cluster?: Terms;
}

/** A method that is called on a block when all blocks are there. */
export interface StepData {
  readonly on: string;
  readonly method: string;
  readonly args: readonly Term[];
}

/** An object that no block writes, on its own or inside a List. */
export interface OtherData {
  readonly manifest: Terms;
  readonly inList?: boolean;
}

/** Steps of a JSON patch on a member of a block. */
export interface PatchData {
  readonly on: string;
  readonly member: string;
  readonly steps: readonly Terms[];
}

/**
 * A whole app. `version` is that of the ClusterProfile, which is left out unless a prop needs one; `cluster` is the
 * rest of it.
 */
export interface RandomApp {
  readonly version?: string;
  readonly cluster?: Terms;
  readonly charts?: readonly ChartData[];
  readonly blocks: readonly BlockData[];
  readonly steps: readonly StepData[];
  /** What stands beside the blocks, made last. */
  readonly others?: readonly OtherData[];
  readonly patches?: readonly PatchData[];
  /** A sample of the catalogue of rules, in a chart of its own. */
  readonly sample?: string;
}

export function call(factory: string, ...args: Term[]): Terms {
  return { $call: factory, args };
}

const FACTORIES: Record<string, any> = { ...blocks, Duration, Size, EnvValue, Env };

/** Something that is said of an app besides constructors of charts and blocks. */
export interface Statement {
  /** Ids of the blocks that must be there. */
  readonly needs: readonly string[];
  /** The list to which it adds, if the order of its items has a meaning. */
  readonly list?: string;
  run(): void;
}

/** When each statement is made: after how many of the blocks, and in which order among those of the same place. */
export type Order = (
  statements: readonly Statement[],
  blocks: readonly BlockData[],
) => ReadonlyArray<{ readonly after: number; readonly statement: Statement }>;

/** Profiles first, and steps when all blocks are there. */
const USUAL: Order = (statements, { length }) =>
  statements.map((statement) => ({ statement, after: statement.needs.length === 0 ? 0 : length }));

/** Turns an app into constructs below the chart, in the namespace of the chart, and into charts beside it. */
export function build(app: RandomApp, chart: Chart, order: Order = USUAL): void {
  const folder = mkdtempSync(join(tmpdir(), 'random-app-'));
  try {
    const scope = new Scope(app, chart, folder);
    const statements = order(scope.statements(), app.blocks);
    const make = (after: number): void =>
      statements.filter((one) => one.after === after).forEach(({ statement }) => statement.run());
    make(0);
    app.blocks.forEach((block, index) => {
      scope.add(block);
      make(index + 1);
    });
    app.others?.forEach((other, index) => scope.addOther(other, `other-${index}`));
    app.patches?.forEach((patch) => scope.patch(patch));
    if (app.sample !== undefined) runSample(app.sample, chart.node.root as App);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

class Scope {
  private readonly known = new Map<string, Construct>();
  /** Of each Secret and file of the data, whatever is made first. */
  private readonly numbers = new Map<unknown, number>();
  /** Where Secrets are: they can be used in their own namespace only. */
  private home: Chart;

  private readonly charts = new Map<string | undefined, Chart>();

  public constructor(
    private readonly app: RandomApp,
    chart: Chart,
    private readonly folder: string,
  ) {
    this.charts.set(undefined, chart);
    this.home = chart;
    for (const { id } of app.charts ?? []) this.charts.set(id, new Chart(chart.node.root, id, { namespace: id }));
    JSON.stringify(app, (_, value: unknown) => {
      this.numbers.set(value, this.numbers.size);
      return value;
    });
  }

  public statements(): Statement[] {
    const { cluster, version, charts = [], steps } = this.app;
    const own =
      cluster === undefined && version === undefined
        ? undefined
        : this.profile({ ...cluster, ...(version === undefined ? {} : { version }) });
    const assignments = [
      { id: undefined, profile: own },
      ...charts.map((chart) => ({
        id: chart.id,
        profile: chart.cluster === undefined ? own : this.profile(chart.cluster),
      })),
    ];
    return [
      ...assignments.flatMap(({ id, profile }): Statement[] =>
        profile === undefined ? [] : [{ needs: [], run: () => profile.assignTo(this.charts.get(id)!) }],
      ),
      ...steps.map((step): Statement => ({
        needs: [step.on, ...blocksIn(step.args)],
        // containers start in the order of these calls
        list: step.method === 'addSidecar' ? step.on : undefined,
        run: () => this.take(step),
      })),
    ];
  }

  private profile(props: Terms): blocks.ClusterProfile {
    return new blocks.ClusterProfile(this.evaluate(props) as blocks.ClusterProfileProps);
  }

  public add({ kind, id, props, chart }: BlockData): void {
    this.home = this.charts.get(chart)!;
    this.known.set(id, new FACTORIES[kind](this.home, id, this.evaluate(props)));
  }

  public addOther({ manifest, inList }: OtherData, id: string): void {
    const chart = this.charts.get(undefined)!;
    const evaluated = this.evaluate(manifest);
    new ApiObject(chart, id, inList ? { apiVersion: 'v1', kind: 'List', items: [evaluated] } : evaluated);
  }

  public patch({ on, member, steps }: PatchData): void {
    this.blockOf(on)[member].addJsonPatch(
      ...steps.map(({ op, path, value }) => JsonPatch[op as 'add'](path as string, this.evaluate(value))),
    );
  }

  public take({ on, method, args }: StepData): void {
    const block = this.blockOf(on);
    this.home = Chart.of(block);
    block[method](...args.map((arg) => this.evaluate(arg)));
  }

  private blockOf(id: unknown): any {
    return this.known.get(id as string);
  }

  public evaluate(term: Term): any {
    if (term instanceof Raw) return term.value;
    if (Array.isArray(term)) return term.map((item) => this.evaluate(item));
    if (typeof term !== 'object' || term === null || ![Object.prototype, null].includes(Object.getPrototypeOf(term))) {
      return term;
    }
    const { $call, $on, method, args, $block, $envValue, $path, $text, $secret, $file, $folder } = term as Terms;
    if ($on !== undefined) {
      return this.evaluate($on)[method as string](...(args as Term[]).map((arg) => this.evaluate(arg)));
    }
    if ($call !== undefined) return this.call($call as string, args as Term[]);
    if ($envValue !== undefined) return this.blockOf($block).envValue($envValue);
    if ($text !== undefined) return (this.evaluate($text) as unknown[]).join('');
    if ($path !== undefined) return memberOf(this.blockOf($block), $path as string[]);
    if ($block !== undefined) return this.blockOf($block);
    if ($secret !== undefined) {
      return Secret.fromSecretName(this.home, `secret-${this.numbers.get(term)}`, $secret as string);
    }
    if ($file !== undefined) return this.write(`file-${this.numbers.get(term)}`, $file as string);
    if ($folder !== undefined) {
      return this.writeAll(`folder-${this.numbers.get(term)}`, $folder as Record<string, string>);
    }
    return Object.fromEntries(Object.entries(term).map(([key, value]) => [key, this.evaluate(value)]));
  }

  private call(factory: string, args: Term[]): unknown {
    const [type, method] = factory.split('.');
    return FACTORIES[type][method](...args.map((arg) => this.evaluate(arg)));
  }

  private write(name: string, base64: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, Buffer.from(base64, 'base64'));
    return path;
  }

  private writeAll(name: string, files: Record<string, string>): string {
    mkdirSync(join(this.folder, name));
    for (const [path, base64] of Object.entries(files)) this.write(join(name, path), base64);
    return join(this.folder, name);
  }
}

function memberOf(block: any, path: readonly string[]): unknown {
  return path.reduce((at, name) => at?.[name], block);
}

/** The ids of the blocks that a term names. */
function blocksIn(term: Term): string[] {
  const found: string[] = [];
  JSON.stringify(term, (key, value: unknown) => {
    if (key === '$block') found.push(value as string);
    return value;
  });
  return found;
}
