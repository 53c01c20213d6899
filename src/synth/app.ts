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

// captured at load: later replacements, for all charts or one, are respected
const CHART_TO_JSON = Object.getOwnPropertyDescriptor(Chart.prototype, 'toJson')?.value as unknown;

/**
 * The `App` of cdk8s, with a synthesis time proportional to the number of constructs and dependencies.
 *
 * - It accepts the same options and environment variables, and writes the same files byte for byte.
 * - Validation and dependency resolution run once for the app; cdk8s repeats them for each chart.
 * - It writes nothing if the app has an error. cdk8s creates the output folder before it validates, and writes charts
 *   before it renders the next one.
 * - It reports a dependency cycle with its path.
 * - It prints warnings to stderr, each once.
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

  /** All charts, each after its dependencies. */
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
   * Returns all manifests as one text.
   *
   * @returns YAML documents
   */
  public synthYaml(): string {
    // first, as in cdk8s: a dependency on something outside charts is reported before everything else
    this.relate(new ConstructTree(this.node.findAll()));
    const tree = this.validated();
    this.relate(tree);
    const charts = this.chartsWithObjects(tree);
    return this.render(tree, (rendering) => new YamlWriter().write(allOf(charts, rendering)));
  }

  /** All constructs, once they are free of errors. Prints warnings. */
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

  /** Runs a step that renders objects. They are already ordered, and none may be added. */
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
      'Objects were added during rendering, by a Lazy value or a resolver: ' +
        `${added.map(({ node }) => node.path).join(', ')}. Add them before the synthesis`,
    );
  }
}

/** The class or object that defines a property of an object. */
function definerOf(object: object, property: string): object {
  return Object.hasOwn(object, property) ? object : definerOf(Object.getPrototypeOf(object) as object, property);
}

/** The construct of each object, for the validation plugins of the cdk8s CLI. */
function constructMetadata(charts: readonly ChartObjects[]): string {
  const resources: Record<string, { path: string }> = {};
  for (const { name, node } of charts.flatMap(({ objects }): readonly ApiObject[] => objects)) {
    resources[name] = { path: node.path };
  }
  return JSON.stringify({ version: '1.0.0', resources });
}
