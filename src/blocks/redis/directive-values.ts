/**
 * The accepted values of a directive, as a server line reads them at start.
 *
 * - Words are case-insensitive, including `yes` and `no`.
 * - Memory is in bytes or has a case-insensitive unit: `1k` is 1000 bytes, `1kb` 1024.
 * - Amounts without digits or beyond 64 bits are refused, although the servers read them: as 0, or truncated.
 */
export type Value =
  | { readonly kind: 'bool' | 'text' | 'ignored' | 'title' | 'oom-scores' | 'percentiles' }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'key-events'; readonly letters: string }
  | { readonly kind: 'integer' | 'memory' | 'memory-or-percent'; readonly min: bigint; readonly max: bigint }
  /** For each client class: the class, hard limit, soft limit, seconds. */
  | { readonly kind: 'output-buffers'; readonly boundedReplicas: boolean };

export interface OutputBuffer {
  readonly replicas: boolean;
  /** In bytes; 0 for no limit. */
  readonly hard: bigint;
}

const UNITS: Readonly<Record<string, bigint>> = {
  '': 1n,
  'b': 1n,
  'k': 1000n,
  'kb': 1024n,
  'm': 1000n ** 2n,
  'mb': 1024n ** 2n,
  'g': 1000n ** 3n,
  'gb': 1024n ** 3n,
};
/** The kinds that take several arguments, and split a single one again. */
const SEVERAL: ReadonlySet<Value['kind']> = new Set(['output-buffers', 'oom-scores', 'percentiles']);

const QUOTED = /"(\\.|[^"\\])*"|'(\\'|\\(?!')|[^'\\])*'/.source;
const ARGUMENTS = new RegExp(`^[ \\t]*((${QUOTED}|[^ \\t"']+)([ \\t]+|$))*$`);
const ARGUMENT = new RegExp(`${QUOTED}|[^ \\t"']+`, 'g');
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };

/**
 * The arguments on a line of redis.conf; nothing if its quotes do not match. Quotes inside a word are refused: server
 * lines read them differently.
 */
export function splitArguments(text: string): string[] | undefined {
  if (/[\r\n\0]/.test(text) || !ARGUMENTS.test(text)) return undefined;
  return [...text.matchAll(ARGUMENT)].map(([argument]) => unquoted(argument));
}

/** Whether a server with this rule starts with the value. */
export function accepts(rule: Value, text: string): boolean {
  const given = splitArguments(text);
  if (given === undefined || given.length === 0) return false;
  if (!SEVERAL.has(rule.kind)) return given.length === 1 && acceptsOne(rule, given[0]);
  const split = given.length === 1 && given[0] !== '' ? splitArguments(given[0]) : given;
  return split !== undefined && acceptsSeveral(rule, split);
}

export function expectation(rule: Value): string {
  switch (rule.kind) {
    case 'bool':
      return 'yes or no';
    case 'words':
      return anyOf(rule.words);
    case 'integer':
      return `an integer from ${rule.min} to ${rule.max}`;
    case 'memory':
      return `${memoryExpectation(rule.min)}, such as 64mb`;
    case 'memory-or-percent':
      return `${memoryExpectation(rule.min)} or a percentage, such as 64mb or 5%`;
    case 'key-events':
      return `letters of ${rule.letters}, or ""`;
    case 'oom-scores':
      return 'three integers from -2000 to 2000';
    case 'percentiles':
      return 'numbers from 0 to 100, or ""';
    case 'title':
      return 'a title with the variables {title}, {listen-addr}, {port} and the like, in double quotes';
    case 'output-buffers':
      return (
        "normal, replica or pubsub with hard limit, soft limit and seconds, such as 'replica 256mb 64mb 60'" +
        (rule.boundedReplicas ? ', with a hard limit above 0 for replicas' : '')
      );
    default:
      return 'one word, or text in double quotes';
  }
}

/** An amount of memory in bytes, as redis.conf writes it. */
export function parseMemory(text: string): bigint | undefined {
  const match = /^(\d{1,20})([a-z]*)$/i.exec(text);
  const unit = match ? (UNITS[match[2].toLowerCase()] as bigint | undefined) : undefined;
  return match && unit !== undefined ? BigInt(match[1]) * unit : undefined;
}

/** A percentage from 0 to 100. */
export function parsePercent(text: string): bigint | undefined {
  const match = /^(0|[1-9]\d{0,2})%$/.exec(text);
  return match && Number(match[1]) <= 100 ? BigInt(match[1]) : undefined;
}

/** The client classes in a `client-output-buffer-limit`; nothing if it is invalid. */
export function parseOutputBuffers(text: string): OutputBuffer[] | undefined {
  const given = splitArguments(text);
  const split = given?.length === 1 ? splitArguments(given[0]) : given;
  if (split === undefined || split.length === 0 || split.length % 4 !== 0) return undefined;
  const found: OutputBuffer[] = [];
  for (let at = 0; at < split.length; at += 4) {
    const [group, hard, soft, seconds] = split.slice(at, at + 4);
    const bytes = parseMemory(hard);
    if (bytes === undefined || parseMemory(soft) === undefined || !/^\d{1,9}$/.test(seconds)) return undefined;
    if (!/^(normal|replica|slave|pubsub)$/i.test(group)) return undefined;
    found.push({ replicas: /^(replica|slave)$/i.test(group), hard: bytes });
  }
  return found;
}

function acceptsOne(rule: Value, text: string): boolean {
  switch (rule.kind) {
    case 'bool':
      return /^(yes|no)$/i.test(text);
    case 'words':
      return rule.words.some((word) => word.toLowerCase() === text.toLowerCase());
    case 'integer':
      return /^(0|-?[1-9]\d{0,19})$/.test(text) && within(rule, BigInt(text));
    case 'memory':
      return within(rule, parseMemory(text));
    case 'memory-or-percent': {
      const percent = parsePercent(text);
      return percent === undefined ? within(rule, parseMemory(text)) : percent > 0n || rule.min === 0n;
    }
    case 'key-events':
      return [...text].every((letter) => rule.letters.includes(letter));
    case 'title':
      return isTitle(text);
    default:
      return true;
  }
}

function acceptsSeveral(rule: Value, given: readonly string[]): boolean {
  switch (rule.kind) {
    case 'oom-scores':
      return given.length === 3 && given.every((text) => /^-?\d{1,4}$/.test(text) && Math.abs(Number(text)) <= 2000);
    case 'percentiles':
      return (
        (given.length === 1 && given[0] === '') ||
        given.every((text) => /^(\d+\.?\d*|\.\d+)$/.test(text) && Number(text) <= 100)
      );
    case 'output-buffers': {
      const buffers = parseOutputBuffers(given.join(' '));
      return (
        buffers !== undefined &&
        !(rule.boundedReplicas && buffers.some(({ replicas, hard }) => replicas && hard === 0n))
      );
    }
    default:
      return false;
  }
}

function within({ min, max }: { readonly min: bigint; readonly max: bigint }, value: bigint | undefined): boolean {
  return value !== undefined && value >= min && value <= max;
}

/** Whether braces contain known variables, and text remains when optional ones are empty. */
function isTitle(text: string): boolean {
  const literal = text
    .replaceAll('{{', 'x')
    .replace(/\{(title|server-mode|unixsocket)\}/g, '')
    .replace(/\{(listen-addr|port|tls-port|config-file)\}/g, 'x');
  return !literal.includes('{') && literal.trim() !== '';
}

function unquoted(argument: string): string {
  if (argument.startsWith('"')) {
    return argument
      .slice(1, -1)
      .replace(/\\(x[0-9a-f]{2}|.)/gi, (_, escaped: string) =>
        escaped.length > 1 ? String.fromCharCode(parseInt(escaped.slice(1), 16)) : (ESCAPES[escaped] ?? escaped),
      );
  }
  return argument.startsWith("'") ? argument.slice(1, -1).replaceAll("\\'", "'") : argument;
}

function memoryExpectation(min: bigint): string {
  return min === 0n ? 'an amount of memory' : `an amount of memory of at least ${min} byte${min === 1n ? '' : 's'}`;
}

function anyOf(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), words[words.length - 1]].filter((part) => part !== '').join(' or ');
}
