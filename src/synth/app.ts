import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App as Cdk8sApp, type ApiObject, type AppProps, Chart } from 'cdk8s';
import { ConstructTree } from './construct-tree';
import { DependencyGraph } from './dependency-graph';
import { isCounted, othersIn } from './examine';
import { allOf, type ChartObjects, outputFiles, outputFolders, type Rendering } from './output-files';
import { chartsInOrder, objectsInOrder } from './output-order';
import { relateCharts } from './relate-charts';
import { objectRenderer } from './render-object';
import { foreignDocument } from './rendered-document';
import { validate } from './validate';
import { YamlWriter } from './write-yaml';
import { lineOf } from '../kernel/findings/finding';

// kept from the start: who replaces it later, for all charts or one, is obeyed
const CHART_TO_JSON = Object.getOwnPropertyDescriptor(Chart.prototype, 'toJson')?.value as unknown;

/**
 * The `App` of cdk8s, with a synthesis that takes time in proportion to the number of constructs and dependencies.
 *
 * - It takes the same options and environment variables, and writes the same files with the same bytes.
 * - Validation and resolution of dependencies run once for the app; cdk8s runs them once more for each chart.
 * - When something is wrong, nothing is written: cdk8s makes the output folder before it validates, and writes charts
 *   before it renders the next one.
 * - A dependency cycle is reported as it is.
 * - Warnings are printed to stderr, each once.
 *
 * ```ts
 * const app = new App({ outdir: 'dist' });
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * new StaticSite(chart, 'site', { image: 'ghcr.io/acme/site:1.4.2' });
 * app.synth();
 * ```
 *
 * @see https://cdk8s.io/docs/latest/basics/app/
 */
export class App extends Cdk8sApp {
  private readonly recordsConstructs: boolean;
  private readonly printedWarnings = new Set<string>();
  private isRelated = false;

  /**
   * @param props options of cdk8s
   */
  public constructor(props: AppProps = {}) {
    super(props);
    this.recordsConstructs = props.recordConstructMetadata ?? process.env.CDK8S_RECORD_CONSTRUCT_METADATA === 'true';
  }

  /** All charts, each after those that it depends on. */
  public get charts(): Chart[] {
    return chartsInOrder(new DependencyGraph(new ConstructTree(this.node.findAll()), { expand: this.isRelated }));
  }

  /** Writes all manifests to the output folder. */
  public synth(): void {
    const tree = this.validated();
    const numbered = this.relate(tree);
    const charts = this.chartsWithObjects(tree);
    const layout = { type: this.yamlOutputType, extension: this.outputFileExtension, numbered };
    const yaml = new YamlWriter();
    const files = this.render(tree, (rendering) =>
      Array.from(outputFiles(charts, layout, rendering), ({ path, documents }) => ({
        path,
        text: yaml.write(documents),
      })),
    );

    mkdirSync(this.outdir, { recursive: true });
    for (const folder of outputFolders(charts, layout)) mkdirSync(join(this.outdir, folder), { recursive: true });
    for (const { path, text } of files) writeFileSync(join(this.outdir, path), text);
    if (this.recordsConstructs) writeFileSync(join(this.outdir, 'construct-metadata.json'), constructMetadata(charts));
  }

  /**
   * All manifests as one text.
   *
   * @returns YAML documents
   */
  public synthYaml(): string {
    // first, as in cdk8s: a dependency on what is in no chart is reported before all else
    this.relate(new ConstructTree(this.node.findAll()));
    const tree = this.validated();
    this.relate(tree);
    const charts = this.chartsWithObjects(tree);
    return this.render(tree, (rendering) => new YamlWriter().write(allOf(charts, rendering)));
  }

  /** All constructs, once none of them has an error. What is worth a look is printed. */
  private validated(): ConstructTree {
    const constructs = validate(this);
    for (const line of othersIn(this, constructs).filter(isCounted).map(lineOf)) {
      if (!this.printedWarnings.has(line)) process.stderr.write(line);
      this.printedWarnings.add(line);
    }
    return new ConstructTree(constructs);
  }

  private relate(tree: ConstructTree): boolean {
    const related = relateCharts(tree);
    this.isRelated = true;
    return related;
  }

  private chartsWithObjects(tree: ConstructTree): ChartObjects[] {
    const charts = objectsInOrder(new DependencyGraph(tree, { expand: true }));
    if (definerOf(this, 'charts') === App.prototype) return charts;
    const known = new Map(charts.map((each) => [each.chart, each]));
    return this.charts.map((chart) => known.get(chart) ?? { chart, objects: [] });
  }

  /** Runs a step that renders objects: they were ordered before, and none can be added any more. */
  private render<T>(tree: ConstructTree, step: (rendering: Rendering) => T): T {
    const object = objectRenderer(this.resolvers);
    const result = step({
      object,
      chart: ({ chart, objects }) =>
        (chart.toJson as unknown) === CHART_TO_JSON
          ? objects.map(object)
          : Object.values(chart.toJson() as unknown[]).map(foreignDocument),
    });
    const added = tree.missing(this.node.findAll());
    if (added.length === 0) return result;
    throw new Error(
      'Added while objects were rendered, by a Lazy value or a resolver: ' +
        `${added.map(({ node }) => node.path).join(', ')}. Add them before the synthesis`,
    );
  }
}

/** The class, or object, whose property an object has. */
function definerOf(object: object, property: string): object {
  return Object.hasOwn(object, property) ? object : definerOf(Object.getPrototypeOf(object) as object, property);
}

/** Which construct made which object, for the validation plugins of the cdk8s CLI. */
function constructMetadata(charts: readonly ChartObjects[]): string {
  const resources: Record<string, { path: string }> = {};
  for (const { name, node } of charts.flatMap(({ objects }): readonly ApiObject[] => objects)) {
    resources[name] = { path: node.path };
  }
  return JSON.stringify({ version: '1.0.0', resources });
}
