import type { Manifest } from './cluster';
import { evaluate } from './cyclonus';
import { Machine } from './machine';
import { NODE_ADDRESS } from './node';
import { addressOf, type Attempt, type Outcome, type Place, reach } from './reach';

/** One question of a matrix: may `from` reach `to` on a port? */
export interface Cell {
  readonly from: string;
  /** A place, or `api`: the API server. Port 53 is that of the Service of `dns`. */
  readonly to: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

export type Places = Readonly<Record<string, Place>>;

/** What each cell says, `yes` or `no`, by a readable key. */
export type Verdicts = Readonly<Record<string, string>>;

const DNS_SERVICE = '10.0.0.10';

export function verdicts<T extends Cell>(cells: readonly T[], verdictOf: (cell: T, index: number) => string): Verdicts {
  return Object.fromEntries(
    cells.map((cell, index) => [`${cell.from} -> ${cell.to}/${cell.port}/${cell.protocol}`, verdictOf(cell, index)]),
  );
}

/** Sends packets for each cell, from all places at once. Only silence counts as denied. */
export async function seen(cells: readonly Cell[], places: Places): Promise<Verdicts> {
  const outcomes = new Map<Cell, Outcome>();
  await Promise.all(
    [...new Set(cells.map(({ from }) => from))].map(async (from) => {
      const own = cells.filter((cell) => cell.from === from);
      (
        await reach(
          places[from],
          own.map((cell) => attemptOf(cell, places)),
        )
      ).forEach((outcome, index) => outcomes.set(own[index], outcome));
    }),
  );
  const words: Record<Outcome, string> = { connected: 'yes', timeout: 'no' };
  return verdicts(cells, (cell) => words[outcomes.get(cell) ?? ''] ?? outcomes.get(cell) ?? 'none');
}

function attemptOf({ to, port, protocol }: Cell, places: Places): Attempt {
  const question = port === 53;
  if (to === 'api') return { address: NODE_ADDRESS, port, protocol };
  return { address: question ? DNS_SERVICE : addressOf(places[to]), port, protocol, question };
}

/** What Cyclonus makes of the policies that are on the cluster. */
export async function evaluated(cells: readonly Cell[], places: Places): Promise<Verdicts> {
  const end = (name: string): Manifest | string => {
    const place = places[name];
    if (name === 'api') return NODE_ADDRESS;
    return place instanceof Machine ? place.address : place;
  };
  const answers = await evaluate(
    cells.map(({ from, to, port, protocol }) => ({ from: end(from), to: end(to), port, protocol })),
  );
  return verdicts(cells, (_, index) => (answers[index] ? 'yes' : 'no'));
}

/** How many cells are allowed and denied, and in how many two judges differ. */
export function summary(one: Verdicts, other: Verdicts): string {
  const all = Object.keys(one);
  const allowed = all.filter((cell) => one[cell] === 'yes').length;
  const disagreements = all.filter((cell) => one[cell] !== other[cell]).length;
  return `${all.length} cells: ${allowed} allowed, ${all.length - allowed} denied, ${disagreements} disagreements`;
}
