/**
 * Translates RE2 patterns, the language of gitleaks rules, to JavaScript. Node 20 has no flags inside a pattern
 * (`(?i)`, `(?-i:...)`, `(?s:.)`), no `(?P<name>...)`, `[[:alnum:]]` or `\z`, and a different meaning of `.` and `\s`.
 * A pattern is therefore parsed into a tree without flags and written again.
 *
 * @see https://github.com/google/re2/wiki/Syntax
 */
export type Node =
  | { readonly kind: 'class'; readonly ranges: readonly Range[]; readonly negated: boolean }
  | { readonly kind: 'edge'; readonly sign: '^' | '$' | '\\b' | '\\B' }
  | { readonly kind: 'group'; readonly node: Node; readonly captures: boolean }
  | Repeat
  | { readonly kind: 'sequence' | 'choice'; readonly nodes: readonly Node[] };

export interface Repeat {
  readonly kind: 'repeat';
  readonly node: Node;
  readonly least: number;
  readonly most: number;
  readonly lazy: boolean;
}

/** Characters from one code to another. */
export type Range = readonly [first: number, last: number];

interface Flags {
  /** Whether letters match both cases. */
  readonly i: boolean;
  /** Whether `.` also matches the end of a line. */
  readonly s: boolean;
}

const LAST = 0xffff;
const DIGITS = rangesOf('09');
const WORDS = rangesOf('09AZ__az');
/** The spaces of RE2; JavaScript has more. */
const SPACES = rangesOf('\t\n\f\r  ');
const ESCAPED_CLASSES: Readonly<Record<string, readonly Range[]>> = { d: DIGITS, w: WORDS, s: SPACES };
const NAMED_CLASSES: Readonly<Record<string, readonly Range[]>> = {
  alnum: rangesOf('09AZaz'),
  alpha: rangesOf('AZaz'),
  digit: DIGITS,
  lower: rangesOf('az'),
  upper: rangesOf('AZ'),
  word: WORDS,
  xdigit: rangesOf('09AFaf'),
  space: rangesOf('\t\r  '),
};
const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', f: '\f', r: '\r', v: '\v', a: '\x07' };

function rangesOf(pairs: string): Range[] {
  return (pairs.match(/[^]{2}/g) ?? []).map(([first, last]) => [first.charCodeAt(0), last.charCodeAt(0)]);
}

/** Parses an RE2 pattern; throws if it cannot. */
export function parseRe2(source: string): Node {
  return new Parser(source).parse();
}

class Parser {
  private at = 0;
  private flags: Flags = { i: false, s: false };

  public constructor(private readonly source: string) {}

  public parse(): Node {
    const node = this.choice();
    if (this.at < this.source.length) throw this.error("an unexpected ')'");
    return node;
  }

  /** A flag inside a group ends with the group. */
  private choice(): Node {
    const outer = this.flags;
    const nodes = [this.sequence()];
    while (this.take('|')) nodes.push(this.sequence());
    this.flags = outer;
    return nodes.length === 1 ? nodes[0] : { kind: 'choice', nodes };
  }

  private sequence(): Node {
    const nodes: Node[] = [];
    while (this.at < this.source.length && !'|)'.includes(this.source[this.at])) {
      const node = this.atom();
      if (node) nodes.push(this.repeated(node));
    }
    return nodes.length === 1 ? nodes[0] : { kind: 'sequence', nodes };
  }

  private repeated(node: Node): Node {
    const [sign, least, comma, most] = this.match(/[*+?]|\{(\d+)(,?)(\d*)\}/y) ?? [];
    if (sign === undefined) return node;
    const lazy = this.take('?');
    const [from, to] = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] }[sign] ?? [
      Number(least),
      comma === '' ? Number(least) : Number(most || Infinity),
    ];
    return this.repeated({ kind: 'repeat', node, least: from, most: to, lazy });
  }

  /** The next part; none for flags. */
  private atom(): Node | undefined {
    if (this.take('(')) return this.group();
    if (this.take('[')) return this.brackets();
    if (this.take('.')) return { kind: 'class', ranges: this.flags.s ? [] : [[10, 10]], negated: true };
    if (this.take('^') || this.take('\\A')) return { kind: 'edge', sign: '^' };
    if (this.take('$') || this.take('\\z')) return { kind: 'edge', sign: '$' };
    if (this.take('\\b')) return { kind: 'edge', sign: '\\b' };
    if (this.take('\\B')) return { kind: 'edge', sign: '\\B' };
    const known = this.escapedClass();
    return known ? { kind: 'class', ...known } : this.classOf([single(this.character())], false);
  }

  private group(): Node | undefined {
    if (!this.take('?')) return this.closed(true);
    if (this.match(/P?<\w+>/y)) return this.closed(true);
    const [, set, unset = '', end] = this.match(/([a-z]*)(?:-([a-z]+))?([:)])/y) ?? [];
    if (set === undefined || /[^is]/.test(set + unset)) throw this.error('unknown flags');
    const outer = this.flags;
    const on = (flag: keyof Flags): boolean => !unset.includes(flag) && (set.includes(flag) || outer[flag]);
    this.flags = { i: on('i'), s: on('s') };
    if (end === ')') return undefined;
    const node = this.closed(false);
    this.flags = outer;
    return node;
  }

  private closed(captures: boolean): Node {
    const node = this.choice();
    if (!this.take(')')) throw this.error("a missing ')'");
    return { kind: 'group', node, captures };
  }

  private brackets(): Node {
    const negated = this.take('^');
    const ranges: Range[] = [];
    do ranges.push(...this.members());
    while (!this.take(']'));
    return this.classOf(ranges, negated);
  }

  private members(): readonly Range[] {
    const [, name] = this.match(/\[:(\w+):\]/y) ?? [];
    if (name !== undefined) {
      if (!Object.hasOwn(NAMED_CLASSES, name)) throw this.error('an unknown class');
      return NAMED_CLASSES[name];
    }
    const known = this.escapedClass();
    if (known) return known.negated ? complement(known.ranges) : known.ranges;
    const first = this.character();
    const last = this.match(/-(?!\])/y) ? this.character() : first;
    if (last < first) throw this.error('a range that ends before it begins');
    return [[first.charCodeAt(0), last.charCodeAt(0)]];
  }

  private escapedClass(): { ranges: readonly Range[]; negated: boolean } | undefined {
    const [, letter] = this.match(/\\([dswDSW])/y) ?? [];
    if (letter === undefined) return undefined;
    return { ranges: ESCAPED_CLASSES[letter.toLowerCase()], negated: letter < 'a' };
  }

  private character(): string {
    const [text, , short, long, letter] = this.match(/\\(x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]+)\}|([^]))|[^\\]/y) ?? [];
    if (text === undefined) throw this.error('an unexpected end');
    const code = short ?? long;
    if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
    if (letter === undefined) return text;
    if (Object.hasOwn(CONTROLS, letter)) return CONTROLS[letter];
    if (/\w/.test(letter)) throw this.error('an unknown escape');
    return letter;
  }

  private classOf(ranges: readonly Range[], negated: boolean): Node {
    return { kind: 'class', ranges: merged(this.flags.i ? ranges.flatMap(bothCases) : ranges), negated };
  }

  private take(text: string): boolean {
    const found = this.source.startsWith(text, this.at);
    if (found) this.at += text.length;
    return found;
  }

  private match(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.source);
    if (found) this.at = sticky.lastIndex;
    return found;
  }

  private error(what: string): Error {
    return new Error(`${what} at ${this.at} of ${this.source}`);
  }
}

function single(character: string): Range {
  return [character.charCodeAt(0), character.charCodeAt(0)];
}

function bothCases(range: Range): Range[] {
  const shifted = (letters: Range, by: number): Range[] => {
    const [first, last] = [Math.max(range[0], letters[0]), Math.min(range[1], letters[1])];
    return first <= last ? [[first + by, last + by]] : [];
  };
  return [range, ...shifted([65, 90], 32), ...shifted([97, 122], -32)];
}

function merged(ranges: readonly Range[]): Range[] {
  const result: Array<[number, number]> = [];
  for (const [first, last] of [...ranges].sort((one, other) => one[0] - other[0])) {
    const before = result.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else result.push([first, last]);
  }
  return result;
}

function complement(ranges: readonly Range[]): Range[] {
  const ends = merged(ranges);
  return [...ends, [LAST + 1, LAST + 1] as Range].flatMap(([first], index): Range[] => {
    const start = index === 0 ? 0 : ends[index - 1][1] + 1;
    return start < first ? [[start, first - 1]] : [];
  });
}

/** The source of the same pattern in JavaScript, without flags. */
export function toJavaScript(node: Node): string {
  switch (node.kind) {
    case 'class':
      return classText(node.ranges, node.negated);
    case 'edge':
      return node.sign;
    case 'group':
      return `(${node.captures ? '' : '?:'}${toJavaScript(node.node)})`;
    case 'repeat':
      return `${unit(node.node)}${quantifier(node.least, node.most)}${node.lazy ? '?' : ''}`;
    case 'sequence':
      return node.nodes.map(toJavaScript).join('');
    case 'choice':
      return node.nodes.map(toJavaScript).join('|');
  }
}

/** The operand of a quantifier. */
function unit(node: Node): string {
  const text = toJavaScript(node);
  return node.kind === 'class' || node.kind === 'group' ? text : `(?:${text})`;
}

function quantifier(least: number, most: number): string {
  if (most === Infinity) return { 0: '*', 1: '+' }[least] ?? `{${least},}`;
  if (least === 0 && most === 1) return '?';
  return least === most ? `{${least}}` : `{${least},${most}}`;
}

function classText(ranges: readonly Range[], negated: boolean): string {
  if (ranges.length === 0) return negated ? '[^]' : '[]';
  const [[first, last]] = ranges;
  if (ranges.length === 1 && first === last && !negated) return characterText(first);
  const text = ranges.map(rangeText).join('');
  return `[${negated ? '^' : ''}${text}]`;
}

function rangeText([first, last]: Range): string {
  return first === last ? characterText(first) : `${characterText(first)}-${characterText(last)}`;
}

function characterText(code: number): string {
  const character = String.fromCharCode(code);
  if (/[\w ]/.test(character)) return character;
  if (code > 0x20 && code < 0x7f) return `\\${character}`;
  return code > 0xff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\x${code.toString(16).padStart(2, '0')}`;
}

/** The minimum length of a match. */
export function shortestMatch(node: Node): number {
  switch (node.kind) {
    case 'class':
      return 1;
    case 'edge':
      return 0;
    case 'group':
      return shortestMatch(node.node);
    case 'repeat':
      return node.least * shortestMatch(node.node);
    case 'sequence':
      return node.nodes.reduce((sum, part) => sum + shortestMatch(part), 0);
    case 'choice':
      return Math.min(...node.nodes.map(shortestMatch));
  }
}
