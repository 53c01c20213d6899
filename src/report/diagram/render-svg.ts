import type { ClusterPart, Link } from './diagram-data';
import { BOX_WIDTH, type Layout, layOut, LINE, type PlacedBox } from './layout';
import { escaped, linesOf, shortened } from './texts';

/** Letters of a line in a box, of a name, and of a text above a connection. */
const BOX_LETTERS = 35;
const NAME_LETTERS = 27;
const LINK_LETTERS = 11;

/** A cluster as SVG. `prefix` keeps the ids of several pictures on a page apart. */
export function renderSvg(part: ClusterPart, prefix: string): string {
  const layout = layOut(part, linesOf);
  const arrival = arrivals(part.links, layout);
  const { width, height, areas, boxes } = layout;
  const numbers = new Map([...boxes.keys()].map((id, index) => [id, `${prefix}b${index}`]));
  return [
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(`Blocks and connections on cluster ${part.name}`)}">`,
    `<defs><marker id="${prefix}arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>`,
    `<style>${part.links.map(({ from, to }) => highlight(numbers.get(from), numbers.get(to))).join('')}</style>`,
    ...areas.map(
      ({ area: { namespace }, y, height: tall }) =>
        `<g class="area${namespace === undefined ? ' outside' : ''}"><rect x="0.5" y="${y + 0.5}" width="${width - 1}" height="${tall - 1}" rx="8"/>` +
        `<text x="18" y="${y + 26}">${namespace === undefined ? 'outside of the app' : `namespace ${escaped(namespace)}`}</text></g>`,
    ),
    ...part.links.map((link) => renderLink(link, layout, arrival, numbers, prefix)),
    ...[...boxes].map(([id, placed]) => renderBox(placed, numbers.get(id) ?? '')),
    '</svg>',
  ].join('\n');
}

/** The connections of the box under the pointer stand out. */
function highlight(from: string | undefined, to: string | undefined): string {
  return [from, to].map((id) => `svg:has(#${id}:is(:hover,:focus)) .${from}-${to}{stroke-width:3;opacity:1}`).join('');
}

function renderBox({ box, lines, x, y, height }: PlacedBox, id: string): string {
  const kind = [box.kind, ...(box.isExposed ? ['exposed'] : []), ...(box.data.length > 0 ? ['keeps'] : [])].join(' ');
  const text = lines.map(
    (line, index) =>
      `<text x="${x + 12}" y="${y + 24 + (index + 1) * LINE}">${escaped(shortened(line, BOX_LETTERS))}</text>`,
  );
  return (
    `<g id="${id}" class="box ${kind}" tabindex="0"><title>${escaped([box.path ?? box.name, ...lines].join('\n'))}</title>` +
    `<rect x="${x}" y="${y}" width="${BOX_WIDTH}" height="${height}" rx="6"/>` +
    `<text class="name" x="${x + 12}" y="${y + 24}">${escaped(shortened(box.name, NAME_LETTERS))}</text>${text.join('')}</g>`
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

function renderLink(
  link: Link,
  { boxes, lanes }: Layout,
  arrival: (link: Link) => number,
  numbers: ReadonlyMap<string, string>,
  prefix: string,
): string {
  const { from, to, ports, fromOutside } = link;
  const [source, target] = [boxes.get(from), boxes.get(to)];
  if (source === undefined || target === undefined) return '';
  const start: Point = [source.x + BOX_WIDTH, source.y + source.height / 2];
  const end: Point = [target.x - 2, Math.round(arrival(link))];
  const stops = (lanes.get(link) ?? []).flatMap(({ x, y }): Point[] => [
    [x, y],
    [x + BOX_WIDTH, y],
  ]);
  const [first, ...others] = [start, ...stops, end];
  const path = others.map((point, index) =>
    index % 2 === 0 ? curve(index === 0 ? first : others[index - 1], point) : `L${point.join(' ')}`,
  );
  const title = `${source.box.name} to ${target.box.name} on ${ports}`;
  return (
    `<g class="link${fromOutside ? ' outside' : ''}"><title>${escaped(title)}</title>` +
    `<path class="${numbers.get(from)}-${numbers.get(to)}" d="M${first.join(' ')}${path.join('')}" marker-end="url(#${prefix}arrow)"/>` +
    `<text x="${end[0] - 12}" y="${end[1] - 5}">${escaped(shortened(ports, LINK_LETTERS))}</text></g>`
  );
}

type Point = readonly [number, number];

/** A curve that leaves and arrives horizontally. To the left, or inside of a column, it is a loop. */
function curve([x1, y1]: Point, [x2, y2]: Point): string {
  const pull = x2 > x1 ? Math.max(40, (x2 - x1) / 2) : 90;
  return `C${x1 + pull} ${y1} ${x2 - pull} ${y2} ${x2} ${y2}`;
}
