import type { Area, Box, ClusterPart, DiagramData, SizeRange } from './diagram-data';
import { element, escaped } from './markup';
import { renderSvg } from './render-svg';
import { STYLE } from './style';
import { cpuText, memoryText, podsText } from './texts';

/** A page that needs no network: the picture of each cluster, then tables with the same content. */
export function renderPage({ clusters }: DiagramData, title: string): string {
  const sections =
    clusters.length === 0
      ? ['<p>The app has no workload.</p>']
      : clusters.map((part, index) => renderCluster(part, `c${index}`, clusters.length > 1));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${sections.join('\n')}
</body>
</html>
`;
}

const LEGEND =
  'Arrows lead from clients to servers and show ports. Amounts are requests / limits of all pods, from the fewest to ' +
  'the most pods; one amount, if both are equal. Point at a block to see its connections.';

function renderCluster(part: ClusterPart, prefix: string, isNamed: boolean): string {
  const boxes = part.areas.flatMap(({ namespace, boxes: all }) => all.map((box) => ({ namespace, box })));
  const names = new Map(boxes.map(({ box }) => [box.id, box.name]));
  const exposed = boxes.filter(({ box }) => box.isExposed && box.kind !== 'host');
  const keeping = boxes.filter(({ box }) => box.data.length > 0);
  return [
    '<section>',
    isNamed ? `<h2>Cluster ${escaped(part.name)}</h2>` : '',
    `<div class="picture">${renderSvg(part, prefix)}</div>`,
    `<p class="legend">${LEGEND}</p>`,
    table(
      'Who connects to whom',
      ['Client', 'Server', 'Ports'],
      part.links.map(({ from, to, ports }) => [names.get(from) ?? '', names.get(to) ?? '', ports]),
    ),
    table(
      'What requests from outside reach',
      ['Namespace', 'Block', 'By'],
      exposed.map(({ namespace = '', box }) => [namespace, box.name, entriesOf(box, part, names)]),
    ),
    table(
      'What holds data',
      ['Namespace', 'Block', 'Data'],
      keeping.map(({ namespace = '', box }) => [namespace, box.name, box.data.join(', ')]),
    ),
    table('Requests and limits', ['Namespace', 'Workload', 'Pods', 'CPU', 'Memory'], sizeRows(part.areas)),
    '</section>',
  ].join('\n');
}

function entriesOf(box: Box, { links }: ClusterPart, names: ReadonlyMap<string, string>): string {
  return links
    .filter(({ to, fromOutside }) => to === box.id && fromOutside)
    .map(({ from, ports }) => `${names.get(from) ?? ''} (${ports})`)
    .join(', ');
}

function sizeRows(areas: readonly Area[]): string[][] {
  const row = (namespace: string, name: string, size: SizeRange): string[] => [
    namespace,
    name,
    podsText(size.pods),
    cpuText(size),
    memoryText(size),
  ];
  const sized = areas.flatMap(({ namespace = '', boxes }) =>
    boxes.flatMap(({ name, size }) => (size ? [{ namespace, name, size }] : [])),
  );
  const rows = sized.map(({ namespace, name, size }) => row(namespace, name, size));
  return sized.length > 1 ? [...rows, row('', 'all together', sized.map(({ size }) => size).reduce(together))] : rows;
}

function together(a: SizeRange, b: SizeRange): SizeRange {
  const sum = (read: (size: SizeRange) => SizeRange['pods'] | undefined): SizeRange['pods'] | undefined => {
    const [one, other] = [read(a), read(b)];
    return one && other ? { least: one.least + other.least, most: one.most + other.most } : undefined;
  };
  const none = { least: 0, most: 0 };
  return {
    pods: sum(({ pods }) => pods) ?? none,
    cpuRequest: sum(({ cpuRequest }) => cpuRequest) ?? none,
    cpuLimit: sum(({ cpuLimit }) => cpuLimit),
    memoryRequest: sum(({ memoryRequest }) => memoryRequest) ?? none,
    memoryLimit: sum(({ memoryLimit }) => memoryLimit),
  };
}

function table(caption: string, head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  if (rows.length === 0) return '';
  const row = (tag: string, texts: readonly string[]): string =>
    element('tr', {}, ...texts.map((text) => element(tag, {}, escaped(text))));
  return element(
    'table',
    {},
    element('caption', {}, caption),
    element('thead', {}, row('th', head)),
    element('tbody', {}, ...rows.map((texts) => row('td', texts))),
  );
}
