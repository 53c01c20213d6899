import type { Area, Box, ClusterPart, DiagramData, SizeRange } from './diagram-data';
import { renderSvg } from './render-svg';
import { cpuText, escaped, memoryText, podsText } from './texts';

/** A page that needs no network: the picture of each cluster, then tables with the same content. */
export function renderPage({ clusters }: DiagramData, title: string): string {
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
${clusters.length === 0 ? '<p>The app has no workload.</p>' : clusters.map((part, index) => renderCluster(part, `c${index}`, clusters.length > 1)).join('\n')}
</body>
</html>
`;
}

function renderCluster(part: ClusterPart, prefix: string, isNamed: boolean): string {
  const boxes = part.areas.flatMap(({ namespace, boxes: all }) => all.map((box) => ({ namespace, box })));
  const names = new Map(boxes.map(({ box }) => [box.id, box.name]));
  const exposed = boxes.filter(({ box }) => box.isExposed && box.kind !== 'host');
  const keeping = boxes.filter(({ box }) => box.data.length > 0);
  return [
    '<section>',
    isNamed ? `<h2>Cluster ${escaped(part.name)}</h2>` : '',
    `<div class="picture">${renderSvg(part, prefix)}</div>`,
    '<p class="legend">Arrows lead from clients to servers and show ports. Amounts are requests / limits of all pods, from the fewest pods to the most; one amount, if both are equal. Point at a block to see its connections.</p>',
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
  const cells = (tag: string, texts: readonly string[]): string =>
    `<tr>${texts.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('')}</tr>`;
  return `<table><caption>${caption}</caption><thead>${cells('th', head)}</thead><tbody>${rows.map((row) => cells('td', row)).join('\n')}</tbody></table>`;
}

const LIGHT =
  '--page:#fff;--text:#1c2733;--soft:#5a6b7b;--line:#c3ccd5;--area:#f4f6f8;--box:#fff;--open:#b4530a;--keep:#1d5fa8';
const DARK =
  '--page:#10161d;--text:#e4eaf0;--soft:#9fb0c0;--line:#3d4a57;--area:#18202a;--box:#202b37;--open:#f0a35c;--keep:#7db4f0';

const STYLE = `
:root{${LIGHT};color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{${DARK}}}
body{margin:24px;background:var(--page);color:var(--text);font:14px/1.45 system-ui,sans-serif}
h1{font-size:22px}h2{font-size:18px}
.picture{overflow-x:auto}
svg{font:12px system-ui,sans-serif}svg text{fill:var(--soft)}
.area rect{fill:var(--area);stroke:var(--line)}.area.outside rect{fill:none;stroke-dasharray:5 4}.area text{font-weight:600}
.box rect{fill:var(--box);stroke:var(--soft)}.box .name{fill:var(--text);font-weight:600;font-size:13px}
.box.host rect,.box.exposed rect{stroke:var(--open);stroke-width:2}.box.peer rect{stroke-dasharray:5 4}
.box.keeps rect{stroke:var(--keep);stroke-width:2}.box.keeps.exposed rect{stroke:var(--open)}
.box:focus{outline:none}.box:is(:hover,:focus) rect{stroke-width:3}
.link path{fill:none;stroke:var(--soft);stroke-width:1.4;opacity:.75}.link.outside path{stroke:var(--open)}
.link text{font-size:11px;text-anchor:end;paint-order:stroke;stroke:var(--area);stroke-width:4px;fill:var(--text)}
marker path{fill:var(--soft)}
.legend{color:var(--soft)}
table{border-collapse:collapse;margin:20px 0}caption{text-align:left;font-weight:600;padding:4px 0}
th,td{border-bottom:1px solid var(--line);padding:3px 16px 3px 0;text-align:left;vertical-align:top}th{color:var(--soft);font-weight:600}
@page{size:A4 landscape;margin:10mm}
@media print{:root{${LIGHT};color-scheme:light}body{margin:0}.picture{overflow:visible}svg{width:100%;height:auto}table,tr{break-inside:avoid}thead{display:table-header-group}}
`;
