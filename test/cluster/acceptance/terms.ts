import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Chart, Duration, Size } from 'cdk8s';
import { Env, EnvValue, Secret } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import * as blocks from '../../../src';

/**
 * An argument as plain data, so that fast-check can print and shrink it. Maps that have one of these keys stand for
 * what cannot be data: no name of Kubernetes has a `$`.
 *
 * - `$call`: a factory, `{ $call: 'Duration.seconds', args: [5] }`
 * - `$on`: a method of another argument, `{ $on: { $call: ... }, method: 'plus', args: [...] }`
 * - `$block`: a block of the app by its id; with `$envValue`, one key of it
 * - `$secret`: a Secret of cdk8s-plus by its name
 * - `$file`, `$folder`: files of which the bytes are given in base64
 */
export type Term = unknown;

/** The props of one block, or the options of one method. */
export type Terms = Record<string, Term>;

/** Blocks that any number of an app can be, with references among them. */
export type BaseKind = 'WebService' | 'StaticSite' | 'Redis' | 'VersionedConfigMap' | 'VersionedSecret';

/** Blocks that come as a theme: with what they need around them. */
export type ThemeKind =
  | 'AccessGrant' | 'DeveloperNamespace' | 'EndpointSyncer' | 'ExportedService' | 'ExposedService' | 'ExternalService' | 'ImportedService' | 'Job' | 'NamespaceReaper' | 'NetworkTiers'
  | 'PriorityClass' | 'PrivilegedWorkload' | 'RuntimeClass' | 'ScheduledJob' | 'TenantNamespace';

export interface BlockData {
  readonly kind: BaseKind | ThemeKind | 'HttpRouting';
  readonly id: string;
  readonly props: Terms;
  /** The chart that it is in, by its id; the main one when left out. */
  readonly chart?: string;
}

/** A chart beside the main one. Its id is its namespace, too. */
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

/** A whole app. `version` is that of the ClusterProfile, which is left out unless a prop needs one; `cluster` is the rest of it. */
export interface RandomApp {
  readonly version?: string;
  readonly cluster?: Terms;
  readonly charts?: readonly ChartData[];
  readonly blocks: readonly BlockData[];
  readonly steps: readonly StepData[];
}

export function call(factory: string, ...args: Term[]): Terms {
  return { $call: factory, args };
}

const FACTORIES: Record<string, any> = { ...blocks, Duration, Size, EnvValue, Env };

/** Turns an app into constructs below the chart, in the namespace of the chart, and into charts beside it. */
export function build(app: RandomApp, chart: Chart): void {
  const folder = mkdtempSync(join(tmpdir(), 'random-app-'));
  try {
    const scope = new Scope(chart, folder);
    const { cluster, version, charts = [] } = app;
    const own = cluster === undefined && version === undefined ? undefined : new blocks.ClusterProfile(scope.evaluate({ ...cluster, ...(version === undefined ? {} : { version }) }) as blocks.ClusterProfileProps);
    own?.assignTo(chart);
    for (const beside of charts) scope.addChart(beside, own);
    for (const block of app.blocks) scope.add(block);
    for (const step of app.steps) scope.take(step);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

class Scope {
  private readonly known = new Map<string, Construct>();
  private count = 0;
  /** Where Secrets are: they can be used in their own namespace only. */
  private home: Chart;

  private readonly charts = new Map<string | undefined, Chart>();

  public constructor(private readonly chart: Chart, private readonly folder: string) {
    this.charts.set(undefined, chart);
    this.home = chart;
  }

  public addChart({ id, cluster }: ChartData, main: blocks.ClusterProfile | undefined): void {
    const chart = new Chart(this.chart.node.root, id, { namespace: id });
    (cluster === undefined ? main : new blocks.ClusterProfile(this.evaluate(cluster) as blocks.ClusterProfileProps))?.assignTo(chart);
    this.charts.set(id, chart);
  }

  public add({ kind, id, props, chart }: BlockData): void {
    this.home = this.charts.get(chart)!;
    this.known.set(id, new FACTORIES[kind](this.home, id, this.evaluate(props)));
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
    if (Array.isArray(term)) return term.map((item) => this.evaluate(item));
    if (typeof term !== 'object' || term === null || ![Object.prototype, null].includes(Object.getPrototypeOf(term))) return term;
    const { $call, $on, method, args, $block, $envValue, $secret, $file, $folder } = term as Terms;
    if ($on !== undefined) return this.evaluate($on)[method as string](...(args as Term[]).map((arg) => this.evaluate(arg)));
    if ($call !== undefined) return this.call($call as string, args as Term[]);
    if ($envValue !== undefined) return this.blockOf($block).envValue($envValue);
    if ($block !== undefined) return this.blockOf($block);
    if ($secret !== undefined) return Secret.fromSecretName(this.home, `secret-${++this.count}`, $secret as string);
    if ($file !== undefined) return this.write(`file-${++this.count}`, $file as string);
    if ($folder !== undefined) return this.writeAll($folder as Record<string, string>);
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

  private writeAll(files: Record<string, string>): string {
    const name = `folder-${++this.count}`;
    mkdirSync(join(this.folder, name));
    for (const [path, base64] of Object.entries(files)) this.write(join(name, path), base64);
    return join(this.folder, name);
  }
}
