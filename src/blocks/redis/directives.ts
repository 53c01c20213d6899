import {
  accepts,
  expectation,
  parseMemory,
  parseOutputBuffers,
  parsePercent,
  splitArguments,
} from './directive-values';
import { type Directive, DIRECTIVES, LIMITS, REFUSED, REFUSED_FAMILIES, type Refusals } from './directives-data';
import {
  confUrl,
  includes,
  isNewer,
  isTooOld,
  type Line,
  lineName,
  linesName,
  newestLine,
  span,
  type Server,
} from './server-line';
import { nearest } from '../../kernel/schema/nearest';

export type { Refusals };

export interface DirectiveProblem {
  readonly directive: string;
  /** The refused name or value. */
  readonly got: string;
  readonly expected: string;
  readonly fix: string;
}

/** The minimum that the server uses for a smaller `maxmemory-clients`. */
const LEAST_CLIENT_MEMORY = 128 * 1024;
const LEFT_OPEN = 'a directive that users may set';
const NAME = /^[a-z][a-z0-9_-]*$/;
const SPARSE = { least: 'array-sparse-kmin', most: 'array-sparse-kmax' };
const BY_NAME = new Map<string, Directive[]>();
for (const directive of DIRECTIVES) {
  for (const name of directive.names) BY_NAME.set(name, [...(BY_NAME.get(name) ?? []), directive]);
}

/**
 * The problem with a directive of the caller, in the configuration file of a server line.
 *
 * - A known line takes the directives and values of its table only.
 * - Without a line, or with one that is too old, values of any line are accepted: the image may be any of them.
 * - A line newer than the table counts as the newest known line of its server, so mistakes in known directives are
 *   still found. Unknown names pass with any value: that server may have added them.
 * - Directives that the block sets, or that would break its guarantees, are refused for all lines. `refusals` are those
 *   of one block.
 */
export function checkDirective(
  line: Line | undefined,
  name: string,
  value: string,
  refusals: Refusals = [],
): DirectiveProblem | undefined {
  const reason = reasonIn(refusals, name) ?? refusal(name);
  if (reason !== undefined) return onName(name, LEFT_OPEN, `Remove it: ${reason}`);
  const newer = line !== undefined && isNewer(line);
  const read = line === undefined || isTooOld(line) ? undefined : newer ? newestLine(line.server) : line;
  const entries = BY_NAME.get(name) ?? [];
  const here = read === undefined ? entries : entries.filter(({ lines }) => includes(lines, read));
  if (here.length === 0) {
    const gained = newer && NAME.test(name) && !entries.some(({ lines }) => line.server in lines);
    if (gained) return splitArguments(value) ? undefined : onValue(name, value, 'quotes around whole words only', read);
    return entries.length === 0 ? unknown(line, read, name) : elsewhere(line, name, entries);
  }
  const heeded = here.filter((entry) => entry.value.kind !== 'ignored');
  if (heeded.length === 0) return ignored(line, name);
  const limit = LIMITS[canonical(heeded[0])];
  const expected = expectation((limit ?? heeded[heeded.length - 1]).value);
  if (!heeded.some((entry) => accepts(entry.value, value))) return onValue(name, value, expected, read);
  if (limit === undefined || accepts(limit.value, value)) return undefined;
  return { directive: name, got: value, expected, fix: limit.reason };
}

/** The problems of all directives of the caller, alone and combined. */
export function checkDirectives(
  line: Line | undefined,
  config: Readonly<Record<string, string>>,
  refusals?: Refusals,
): DirectiveProblem[] {
  const seen = new Map<string, string>();
  const problems = Object.entries(config).flatMap(([name, value]) => {
    const problem = checkDirective(line, name, value, refusals);
    if (problem !== undefined) return [problem];
    const [entry] = BY_NAME.get(name) ?? [];
    const same = entry === undefined ? name : canonical(entry);
    const earlier = seen.get(same);
    seen.set(same, name);
    if (earlier === undefined) return [];
    return [onName(name, 'one of the two names', `Remove it: '${earlier}' is the same directive`)];
  });
  return problems.length > 0 ? problems : sparseProblems(config);
}

/** Memory in bytes that a server may use in addition to its data. */
export interface BufferMemory {
  /** `repl-backlog-size`. */
  readonly backlog: number;
  /** The primary's buffer for lagging replicas, and a replica's buffer during a full synchronization. */
  readonly replicas: number;
  /** `maxmemory-clients`. */
  readonly clients: number;
}

/**
 * The memory beyond `maxmemory` that the directives require, with the settings of the block for the rest.
 *
 * - Buffers of all replicas share their blocks since Redis 7.0. The hard limit of `client-output-buffer-limit replica`
 *   counts once, whatever the number of replicas. A replica of Redis 8 or Valkey 8 collects as much during a full
 *   synchronization, or the amount of `replica-full-sync-buffer-limit`.
 * - The sum of the three is enough for each member. On a primary, the backlog shares its blocks with the replica
 *   buffers. A replica has both at the end of a full synchronization.
 * - A hard limit below the backlog has no effect: Redis uses the size of the backlog instead.
 * - `maxmemory-clients` in percent refers to `maxMemory`; the server uses at least 128 KiB.
 *
 * Values that `checkDirectives` refuses count as omitted.
 */
export function memoryOf(config: Readonly<Record<string, string>>, maxMemory: number, own: BufferMemory): BufferMemory {
  const backlog = Number(memoryIn(config['repl-backlog-size']) ?? own.backlog);
  const hard = hardLimit(config['client-output-buffer-limit']) ?? own.replicas;
  const collected = Number(memoryIn(config['replica-full-sync-buffer-limit']) ?? 0);
  return {
    backlog,
    replicas: Math.max(backlog, hard, collected),
    clients: clientMemory(config['maxmemory-clients'], maxMemory) ?? own.clients,
  };
}

function memoryIn(text = ''): bigint | undefined {
  const [first] = splitArguments(text) ?? [];
  return first === undefined ? undefined : parseMemory(first);
}

function hardLimit(text = ''): number | undefined {
  const last = parseOutputBuffers(text)
    ?.filter(({ replicas, hard }) => replicas && hard > 0n)
    .pop();
  return last && Number(last.hard);
}

function clientMemory(text = '', maxMemory: number): number | undefined {
  const [first] = splitArguments(text) ?? [];
  const percent = first === undefined ? undefined : parsePercent(first);
  const bytes = percent === undefined ? Number(memoryIn(text) ?? 0) : Math.ceil((maxMemory * Number(percent)) / 100);
  return bytes === 0 ? undefined : Math.max(bytes, LEAST_CLIENT_MEMORY);
}

function refusal(name: string): string | undefined {
  if (BY_NAME.has(name)) return undefined;
  return Object.hasOwn(REFUSED, name) ? REFUSED[name] : reasonIn(REFUSED_FAMILIES, name);
}

function reasonIn(refusals: Refusals, name: string): string | undefined {
  return refusals.find(([family]) => family.test(name))?.[1];
}

function unknown(line: Line | undefined, read: Line | undefined, name: string): DirectiveProblem {
  const known = DIRECTIVES.filter(({ lines }) => read === undefined || includes(lines, read));
  const near = nearest(name, [...known.flatMap(({ names }) => names), ...Object.keys(REFUSED)].sort());
  return onName(name, ofLine(line), near === undefined ? 'Remove it' : `Did you mean '${near}'?`);
}

function elsewhere(line: Line | undefined, name: string, entries: readonly Directive[]): DirectiveProblem {
  const heeding = entries.filter(({ value }) => value.kind !== 'ignored').map(({ lines }) => lines);
  const all = (server: Server): object => {
    const found = span(heeding.flatMap((lines) => lines[server] ?? []));
    return found === undefined ? {} : { [server]: found };
  };
  return onName(name, ofLine(line), `Remove it: it is one of ${linesName({ ...all('redis'), ...all('valkey') })}`);
}

function ignored(line: Line | undefined, name: string): DirectiveProblem {
  const server = line === undefined ? 'the server' : lineName(line);
  return onName(name, `a directive with an effect in ${server}`, `Remove it: ${server} ignores it`);
}

function ofLine(line: Line | undefined): string {
  return line === undefined ? 'a directive of Redis or Valkey' : `a directive of ${lineName(line)}`;
}

function onName(name: string, expected: string, fix: string): DirectiveProblem {
  return { directive: name, got: name, expected, fix };
}

function onValue(name: string, value: string, expected: string, read: Line | undefined): DirectiveProblem {
  const where = read === undefined ? 'redis.conf of the image' : confUrl(read);
  return { directive: name, got: value, expected, fix: `Write it as in ${where}` };
}

function canonical({ names, sameAs }: Directive): string {
  return sameAs ?? names[0];
}

/**
 * Each of the two is checked against the other immediately, and a missing one has its default until its line is read.
 * The block writes directives in alphabetical order.
 */
function sparseProblems(config: Readonly<Record<string, string>>): DirectiveProblem[] {
  const least = config[SPARSE.least];
  const most = config[SPARSE.most];
  if (most !== undefined && Number(most) !== 0 && Number(most) <= 5) {
    const fix = `The server reads it before '${SPARSE.least}', which is 5 by default`;
    return [{ directive: SPARSE.most, got: most, expected: '0 or more than 5', fix }];
  }
  const bound = Number(most ?? 10);
  if (least === undefined || bound === 0 || Number(least) < bound) return [];
  const fix = `Keep it below '${SPARSE.most}'`;
  return [{ directive: SPARSE.least, got: least, expected: `less than ${bound}`, fix }];
}
