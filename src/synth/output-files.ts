import { join } from 'node:path';
import { type ApiObject, type Chart, Names, YamlOutputType } from 'cdk8s';
import { jsonOf, type RenderedDocument } from './rendered-document';

/** A chart with its objects in order. */
export interface ChartObjects {
  readonly chart: Chart;
  readonly objects: readonly ApiObject[];
}

/** How charts and objects become documents. */
export interface Rendering {
  readonly chart: (chart: ChartObjects) => readonly RenderedDocument[];
  readonly object: (object: ApiObject) => RenderedDocument;
}

export interface Layout {
  readonly type: YamlOutputType;
  readonly extension: string;
  /** Whether chart file names start with a number, the order in which to apply them. */
  readonly numbered: boolean;
}

export interface OutputFile {
  /** Relative to the output folder. */
  readonly path: string;
  /** Generated while they are read, so a large app never is in memory as a whole. */
  readonly documents: Iterable<RenderedDocument>;
}

/** The folders of an app below the output folder, which cdk8s also creates for charts without objects. */
export function outputFolders(charts: readonly ChartObjects[], layout: Layout): string[] {
  return layout.type === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE
    ? charts.map(({ chart }, index) => chartName(chart, index, layout))
    : [];
}

/** The files of an app, with the file names of cdk8s. */
export function* outputFiles(charts: readonly ChartObjects[], layout: Layout, render: Rendering): Iterable<OutputFile> {
  const { type, extension } = layout;
  switch (type) {
    case YamlOutputType.FILE_PER_APP:
      if (charts.length > 0) yield { path: `app${extension}`, documents: allOf(charts, render) };
      return;
    case YamlOutputType.FILE_PER_CHART:
      for (const [index, each] of charts.entries()) {
        yield { path: `${chartName(each.chart, index, layout)}${extension}`, documents: render.chart(each) };
      }
      return;
    case YamlOutputType.FILE_PER_RESOURCE:
      for (const document of allOf(charts, render)) {
        if (document.content !== undefined) {
          yield { path: `${objectName(jsonOf(document) as Named)}${extension}`, documents: [document] };
        }
      }
      return;
    case YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE:
      for (const [index, { chart, objects }] of charts.entries()) {
        const folder = chartName(chart, index, layout);
        for (const object of objects) {
          yield { path: join(folder, `${objectName(object)}${extension}`), documents: [render.object(object)] };
        }
      }
  }
}

/** All documents of an app, chart by chart. */
export function* allOf(charts: readonly ChartObjects[], render: Rendering): Iterable<RenderedDocument> {
  for (const each of charts) yield* render.chart(each);
}

/** The parts of an object's file name, in a construct and in its document. */
interface Named {
  readonly kind: string;
  readonly metadata: { readonly name?: string };
}

function objectName({ kind, metadata }: Named): string {
  return `${kind}.${metadata.name}`.replace(/[^0-9a-zA-Z-_.]/g, '');
}

function chartName(chart: Chart, index: number, { numbered }: Layout): string {
  return `${numbered ? `${index.toString().padStart(4, '0')}-` : ''}${Names.toDnsLabel(chart)}`;
}
