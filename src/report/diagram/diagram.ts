import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { IConstruct } from 'constructs';
import type { DiagramData } from './diagram-data';
import { readDiagram } from './read-diagram';
import { renderMermaid } from './render-mermaid';
import { renderPage } from './render-page';
import { AppModel } from '../../kernel/facts/app-model';
import { Problems } from '../../kernel/findings/problems';
import { text } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';

/** Options of a page. */
export interface DiagramOptions {
  /**
   * Heading of the page.
   *
   * @default 'Application'
   */
  readonly title?: string;
}

/**
 * A picture of an app: who connects to whom on which port, what requests from outside reach, what holds data, tiers and
 * namespaces, and the requests and limits of the fewest and of the most pods.
 *
 * It shows blocks of this library, blocks with `OwnPods`, and the workloads of other libraries without their
 * connections. It contains no values of variables, ConfigMaps or Secrets.
 *
 * ```ts
 * Diagram.of(app).writeTo('dist/app.html', { title: 'Shop' });
 * ```
 */
export class Diagram {
  /**
   * The picture of a construct tree, preferably of a complete app.
   *
   * @param app the app, or a part of it
   */
  public static of(app: IConstruct): Diagram {
    return new Diagram(readDiagram(AppModel.of(app).look(), new Set(app.node.findAll())));
  }

  private constructor(private readonly data: DiagramData) {}

  /**
   * A page for a browser: HTML with SVG, which loads nothing, for light and dark screens and for paper.
   *
   * @param options the heading
   * @throws an Error that lists all invalid options: no construct exists to report them
   */
  public toHtml(options: DiagramOptions = {}): string {
    const problems = new Problems();
    const read = new Reader<DiagramOptions>(problems, options);
    const title = read.optional('title', text, 'Application', { fix: 'Write the name of the app' });
    read.refuseUnknown();
    problems.throwIfAny();
    return renderPage(this.data, title);
  }

  /** A flowchart for Mermaid, which GitHub and GitLab draw in Markdown. */
  public toMermaid(): string {
    return renderMermaid(this.data);
  }

  /**
   * Writes the page, and the folders on the way to it.
   *
   * @param file path of the page, such as `dist/app.html`
   * @param options the heading
   */
  public writeTo(file: string, options: DiagramOptions = {}): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, this.toHtml(options));
  }
}
