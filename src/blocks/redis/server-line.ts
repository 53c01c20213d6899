import { parseImage } from '../../kubernetes/image';

export type Server = 'redis' | 'valkey';

type Version = `${number}.${number}`;
/** A range of lines, inclusive, or all lines from one on. */
export type Span = `${Version}+` | `${Version}-${Version}`;
/** Lines of each server; an omitted server has none. */
export type Lines = Readonly<Partial<Record<Server, Span>>>;

/** Releases with the same major and minor version, which read the same configuration. */
export interface Line {
  readonly server: Server;
  readonly major: number;
  readonly minor: number;
}

/**
 * Lines with known configuration, oldest first.
 *
 * - Redis: https://github.com/redis/redis/releases. Odd minor versions are never released.
 * - Valkey, a fork of Redis 7.2: https://github.com/valkey-io/valkey/releases
 */
export const LINES: Readonly<Record<Server, readonly Version[]>> = {
  redis: ['7.0', '7.2', '7.4', '8.0', '8.2', '8.4', '8.6', '8.8', '8.10'],
  valkey: ['7.2', '8.0', '8.1', '9.0', '9.1'],
};

const TITLES: Readonly<Record<Server, string>> = { redis: 'Redis', valkey: 'Valkey' };

// 7.2.11-bookworm, v8.1, 6-alpine; but not 2024.05.01
const VERSION_TAG = /^v?(?<major>\d{1,2})(\.(?<minor>\d{1,2}))?(?=$|[-.+_])/;

/**
 * The line of an image reference: a repository `redis` or `valkey` in any registry and folder, and a tag that starts
 * with a version. Other references give no line: digests alone, `redis-stack`, moving tags such as `7-alpine`, and
 * versions that no server ever had.
 *
 * A tag of `6` or below needs no minor version: all of that major version is too old.
 */
export function imageLine(image: string): Line | undefined {
  const reference = parseImage(image);
  const server = reference?.repository.split('/').pop();
  if (server !== 'redis' && server !== 'valkey') return undefined;
  const version = VERSION_TAG.exec(reference?.tag ?? '')?.groups;
  if (version === undefined) return undefined;
  const major = Number(version.major);
  // the first official image was of Redis 2.6
  if (major < (server === 'redis' ? 2 : 7)) return undefined;
  if (version.minor === undefined) return server === 'redis' && major < 7 ? { server, major, minor: 0 } : undefined;
  return { server, major, minor: Number(version.minor) };
}

/** The name in messages: `Redis 7.2`. */
export function lineName({ server, major, minor }: Line): string {
  return `${TITLES[server]} ${major}.${minor}`;
}

/**
 * Whether the line lacks what the block needs. `maxmemory-clients`, the folder `appendonlydir` and one replication
 * buffer for all replicas came with Redis 7.0.
 */
export function isTooOld(line: Line): boolean {
  return compare(line, lineOf(line.server, LINES[line.server][0])) < 0;
}

/** Whether the line is newer than all known ones. */
export function isNewer(line: Line): boolean {
  return compare(line, newestLine(line.server)) > 0;
}

export function newestLine(server: Server): Line {
  return lineOf(server, LINES[server][LINES[server].length - 1]);
}

export function includes(lines: Lines, line: Line): boolean {
  const lasting = lines[line.server];
  if (lasting === undefined) return false;
  const [from, until] = ends(lasting);
  return (
    compare(line, lineOf(line.server, from)) >= 0 &&
    (until === undefined || compare(line, lineOf(line.server, until)) <= 0)
  );
}

/** The names in messages: `Redis 7.0 to 7.4 and of Valkey`. */
export function linesName(lines: Lines): string {
  const named = (server: Server, lasting: Span): string => {
    const [from, until] = ends(lasting);
    if (until === from) return `${TITLES[server]} ${from}`;
    if (until !== undefined) return `${TITLES[server]} ${from} to ${until}`;
    return from === LINES[server][0] ? TITLES[server] : `${TITLES[server]} ${from} and later`;
  };
  return (['redis', 'valkey'] as const)
    .flatMap((server) => (lines[server] === undefined ? [] : [named(server, lines[server])]))
    .join(' and of ');
}

/** The span from the first of consecutive spans to the last; nothing if there is none. */
export function span(all: readonly Span[]): Span | undefined {
  if (all.length === 0) return undefined;
  const [from] = ends(all[0]);
  const [, until] = ends(all[all.length - 1]);
  return (until === undefined ? `${from}+` : `${from}-${until}`) as Span;
}

/** The commented configuration file of a line. */
export function confUrl(line: Line): string {
  const branch = `${line.major}.${line.minor}`;
  return line.server === 'redis'
    ? `https://raw.githubusercontent.com/redis/redis/${branch}/redis.conf`
    : `https://raw.githubusercontent.com/valkey-io/valkey/${branch}/valkey.conf`;
}

export function lineOf(server: Server, version: string): Line {
  const [major, minor] = version.split('.').map(Number);
  return { server, major, minor };
}

function ends(lasting: Span): [from: string, until?: string] {
  return lasting.endsWith('+') ? [lasting.slice(0, -1)] : (lasting.split('-') as [string, string]);
}

function compare(a: Line, b: Line): number {
  return a.major - b.major || a.minor - b.minor;
}
