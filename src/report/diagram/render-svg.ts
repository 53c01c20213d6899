import type { ClusterPart, Link } from './diagram-data';
import { BOX_WIDTH, type Layout, layOut, LINE, type PlacedArea, type PlacedBox } from './layout';
import { element, escaped } from './markup';
import { linesOf, shortened } from './texts';

/** Letters of a line in a box, of a name, and of a text above a connection. */
const BOX_LETTERS = 35;
const NAME_LETTERS = 27;
const LINK_LETTERS = 11;

/** A cluster as SVG. `prefix` keeps the ids of several pictures on a page apart. */
export function renderSvg(part: ClusterPart, prefix: string): string {
  const layout = layOut(part, linesOf);
  const { width, height, areas, boxes } = layout;
  const ids: Ids = {
    arrow: `${prefix}arrow`,
    boxes: new Map([...boxes.keys()].map((id, index) => [id, `${prefix}b${index}`])),
  };
  const arrival = arrivals(part.links, layout);
  const label = `Blocks and connections on cluster ${part.name}`;
  return element(
    'svg',
    { 'viewBox': `0 0 ${width} ${height}`, width, height, 'role': 'img', 'aria-label': label },
    renderArrow(ids.arrow),
    element('style', {}, ...part.links.map((link) => highlight(link, ids))),
    ...areas.map((area) => renderArea(area, width)),
    ...part.links.map((link) => renderLink(link, layout, arrival, ids)),
    ...[...boxes].map(([id, placed]) => renderBox(placed, ids.boxes.get(id) ?? '')),
  );
}

/** Ids of elements. */
interface Ids {
  readonly arrow: string;
  readonly boxes: ReadonlyMap<string, string>;
}

function renderArrow(id: string): string {
  const head = element('path', { d: 'M0 0 8 4 0 8z' });
  const size = { markerWidth: 7, markerHeight: 7, orient: 'auto' };
  return element('defs', {}, element('marker', { id, viewBox: '0 0 8 8', refX: 7, refY: 4, ...size }, head));
}

function renderArea({ area: { namespace }, y, height }: PlacedArea, width: number): string {
  const title = namespace === undefined ? 'outside of the app' : `namespace ${namespace}`;
  return element(
    'g',
    { class: namespace === undefined ? 'area outside' : 'area' },
    element('rect', { x: 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: 8 }),
    element('text', { x: 18, y: y + 26 }, escaped(title)),
  );
}

/** The connections of the box under the pointer stand out. */
function highlight(link: Link, ids: Ids): string {
  return [link.from, link.to]
    .map((id) => `svg:has(#${ids.boxes.get(id)}:is(:hover,:focus)) .${classOf(link, ids)}{stroke-width:3}`)
    .join('');
}

function classOf({ from, to }: Link, { boxes }: Ids): string {
  return `${boxes.get(from)}-${boxes.get(to)}`;
}

function renderBox({ box, lines, x, y, height }: PlacedBox, id: string): string {
  const kinds = [box.kind, ...(box.isExposed ? ['exposed'] : []), ...(box.data.length > 0 ? ['keeps'] : [])];
  return element(
    'g',
    { id, class: `box ${kinds.join(' ')}`, tabindex: 0 },
    element('title', {}, escaped([box.path ?? box.name, ...lines].join('\n'))),
    element('rect', { x, y, width: BOX_WIDTH, height, rx: 6 }),
    element('text', { class: 'name', x: x + 12, y: y + 24 }, escaped(shortened(box.name, NAME_LETTERS))),
    ...lines.map((line, index) =>
      element('text', { x: x + 12, y: y + 24 + (index + 1) * LINE }, escaped(shortened(line, BOX_LETTERS))),
    ),
  );
}

/** The height at which connections to the same ports of a box arrive. */
function arrivals(links: readonly Link[], { boxes }: Layout): (link: Link) => number {
  const ports = new Map<string, string[]>();
  for (const link of links) {
    const known = ports.get(link.to) ?? [];
    ports.set(link.to, known.includes(link.ports) ? known : [...known, link.ports]);
  }
  return ({ to, ports: own }) => {
    const [box, all] = [boxes.get(to), ports.get(to) ?? []];
    return box ? box.y + (box.height * (all.indexOf(own) + 1)) / (all.length + 1) : 0;
  };
}

function renderLink(link: Link, { boxes, lanes }: Layout, arrival: (link: Link) => number, ids: Ids): string {
  const { from, to, ports, fromOutside } = link;
  const [source, target] = [boxes.get(from), boxes.get(to)];
  if (source === undefined || target === undefined) return '';
  const [endX, endY] = [target.x - 2, Math.round(arrival(link))];
  let at: Point = [source.x + BOX_WIDTH, source.y + source.height / 2];
  let path = `M${at.join(' ')}`;
  for (const { x, y } of lanes.get(link) ?? []) {
    path += `${curve(at, [x, y])}L${x + BOX_WIDTH} ${y}`;
    at = [x + BOX_WIDTH, y];
  }
  path += curve(at, [endX, endY]);
  return element(
    'g',
    { class: fromOutside ? 'link outside' : 'link' },
    element('title', {}, escaped(`${source.box.name} to ${target.box.name} on ${ports}`)),
    element('path', { 'class': classOf(link, ids), 'd': path, 'marker-end': `url(#${ids.arrow})` }),
    element('text', { x: endX - 12, y: endY - 5 }, escaped(shortened(ports, LINK_LETTERS))),
  );
}

type Point = readonly [number, number];

/** A curve that leaves and arrives horizontally. To the left, or inside of a column, it is a loop. */
function curve([x1, y1]: Point, [x2, y2]: Point): string {
  const pull = x2 > x1 ? Math.max(40, (x2 - x1) / 2) : 90;
  return `C${x1 + pull} ${y1} ${x2 - pull} ${y2} ${x2} ${y2}`;
}
