import type { Area, Box, ClusterPart, Link } from './diagram-data';

export const BOX_WIDTH = 268;
export const LINE = 16;
const PADDING = 10;
const ROW_GAP = 22;
const COLUMN_GAP = 84;
const AREA_PADDING = 18;
const AREA_TITLE = 28;
const AREA_GAP = 20;
/** The height of a connection that passes through a column. */
const LANE = 10;
/** The most boxes above each other before the next ones go beside them. */
const MOST_ROWS = 10;

/** A cluster as rectangles, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly areas: readonly PlacedArea[];
  readonly boxes: ReadonlyMap<string, PlacedBox>;
  /** For a connection across columns, the heights at which it passes through those between. */
  readonly lanes: ReadonlyMap<Link, readonly Lane[]>;
}

/** A free place in a column, as wide as a box. */
export interface Lane {
  readonly x: number;
  readonly y: number;
}

export interface PlacedArea {
  readonly area: Area;
  readonly y: number;
  readonly height: number;
}

export interface PlacedBox {
  readonly box: Box;
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** What is in a column of an area: a box, or a connection that passes. */
interface Cell {
  readonly id: string;
  readonly box?: Box;
  readonly link?: Link;
}

/** The texts of a box below its name. */
export type Lines = (box: Box) => readonly string[];

/**
 * Clients are left of their servers, in columns; each namespace is a band across all columns. Inside a band, a box is
 * beside its clients. A connection never passes behind a box.
 */
export function layOut({ areas, links }: ClusterPart, linesOf: Lines): Layout {
  const ranks = rankAll(
    areas.flatMap(({ boxes }) => boxes.map(({ id }) => id)),
    links,
  );
  const rankOf = (id: string): number => ranks.get(id) ?? 0;
  const columns = Math.max(0, ...ranks.values()) + 1;
  const grids = areas.map((area) => inColumns(area, columns, rankOf, links));
  // a long column takes the place of several
  const widths = Array.from({ length: columns }, (_, rank) =>
    Math.max(1, ...grids.map((grid) => Math.ceil(grid[rank].filter(({ box }) => box).length / MOST_ROWS))),
  );
  const starts = widths.map((_, rank) => widths.slice(0, rank).reduce((sum, width) => sum + width, 0));
  const all = widths.reduce((sum, width) => sum + width, 0);

  const boxes = new Map<string, PlacedBox>();
  const lanes = new Map<Link, Lane[]>();
  const placed: PlacedArea[] = [];
  let y = 0;
  for (const [index, area] of areas.entries()) {
    const top = y + AREA_TITLE + AREA_PADDING;
    let bottom = top;
    for (const [rank, column] of grids[index].entries()) {
      const rows = Math.ceil(column.length / widths[rank]);
      let next = top;
      for (const [position, { box, link }] of column.entries()) {
        if (position % rows === 0) next = top;
        const x = AREA_PADDING + (starts[rank] + Math.floor(position / rows)) * (BOX_WIDTH + COLUMN_GAP);
        const lines = box ? linesOf(box) : [];
        const height = box ? 2 * PADDING + (1 + lines.length) * LINE : LANE;
        if (box) boxes.set(box.id, { box, lines, x, y: next, height });
        if (link) lanes.set(link, [...(lanes.get(link) ?? []), { x, y: next + LANE / 2 }]);
        bottom = Math.max(bottom, next + height);
        next += height + (box ? ROW_GAP : LANE);
      }
    }
    const height = bottom + AREA_PADDING - y;
    placed.push({ area, y, height });
    y += height + AREA_GAP;
  }
  const width = 2 * AREA_PADDING + all * BOX_WIDTH + (all - 1) * COLUMN_GAP;
  return { width, height: Math.max(0, y - AREA_GAP), areas: placed, boxes, lanes };
}

/** For each box, the length of the longest way to it. A link that closes a circle does not count. */
function rankAll(ids: readonly string[], links: readonly Link[]): Map<string, number> {
  const targets = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { from, to } of links) targets.get(from)?.push(to);
  // deepest first: a box comes after all that it leads to
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const backward = new Set<string>();
  for (const root of ids) {
    if (state.has(root)) continue;
    const stack: Array<{ readonly id: string; next: number }> = [{ id: root, next: 0 }];
    state.set(root, 'open');
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const target = targets.get(top.id)?.[top.next++];
      if (target === undefined) {
        state.set(top.id, 'done');
        order.push(top.id);
        stack.pop();
      } else if (state.get(target) === 'open') {
        backward.add(`${top.id}\n${target}`);
      } else if (!state.has(target)) {
        state.set(target, 'open');
        stack.push({ id: target, next: 0 });
      }
    }
  }
  const ranks = new Map<string, number>(ids.map((id) => [id, 0]));
  for (const id of order.reverse()) {
    for (const target of targets.get(id) ?? []) {
      if (backward.has(`${id}\n${target}`)) continue;
      ranks.set(target, Math.max(ranks.get(target) ?? 0, (ranks.get(id) ?? 0) + 1));
    }
  }
  return ranks;
}

/** The cells of an area by column, each beside the middle of what leads to it from the column before. */
function inColumns(
  { boxes }: Area,
  columns: number,
  rankOf: (id: string) => number,
  links: readonly Link[],
): readonly Cell[][] {
  const grid: Cell[][] = Array.from({ length: columns }, () => []);
  const sources = new Map<string, string[]>();
  const lead = (from: string, to: string): void => void sources.set(to, [...(sources.get(to) ?? []), from]);
  for (const box of boxes) grid[rankOf(box.id)].push({ id: box.id, box });
  const here = new Set(boxes.map(({ id }) => id));
  for (const link of links) {
    if (!here.has(link.to)) continue;
    let before = link.from;
    for (let rank = rankOf(link.from) + 1; rank < rankOf(link.to); rank++) {
      const id = `${link.from}\n${link.to}\n${link.ports}\n${rank}`;
      grid[rank].push({ id, link });
      lead(before, id);
      before = id;
    }
    lead(before, link.to);
  }
  const position = new Map<string, number>();
  for (const column of grid) {
    const middle = new Map<string, number>();
    for (const [index, { id }] of column.entries()) {
      const known = (sources.get(id) ?? []).flatMap((source) => position.get(source) ?? []);
      middle.set(id, known.length === 0 ? index : known.reduce((sum, each) => sum + each, 0) / known.length);
    }
    column.sort((a, b) => (middle.get(a.id) ?? 0) - (middle.get(b.id) ?? 0));
    for (const [index, { id }] of column.entries()) position.set(id, index);
  }
  return grid;
}
