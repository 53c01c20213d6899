import type { Format } from './format';
import { FORMATS, SHORTEST, STOPWORDS } from './formats.generated';

interface Compiled {
  readonly pattern: RegExp;
  /** The same for a credential with a suffix: `token-v1`. */
  readonly open: RegExp;
  readonly allowed: readonly RegExp[];
}

/** Compiled on first use: most apps have no text with any keyword. */
const compiled = new Map<Format, Compiled>();
let anyKeyword: RegExp | undefined;

/** The end that gitleaks requires after most credentials: a quote, a space or the end of the text. */
const END = /\(\?:(?:[^()\\]|\\.)*\$(?:[^()\\]|\\.)*\)$/;

/**
 * The id of the format of a credential in a text. `beside` is other text that may contain the keyword, such as its
 * name.
 */
export function formatIn(text: string, beside = ''): string | undefined {
  return find(text, beside, 'pattern');
}

/** Whether a text contains a possible credential of a known format, whatever follows it. */
export function hasPartOfFormat(text: string, beside: string): boolean {
  return find(text, beside, 'open') !== undefined;
}

function find(text: string, beside: string, which: 'pattern' | 'open'): string | undefined {
  if (text.length < SHORTEST) return undefined;
  const lower = `${beside} ${text}`.toLowerCase();
  anyKeyword ??= new RegExp([...new Set(FORMATS.flatMap(({ keywords }) => keywords))].map(escaped).join('|'));
  if (!anyKeyword.test(lower)) return undefined;
  return FORMATS.find(
    (format) => format.keywords.some((keyword) => lower.includes(keyword)) && isIn(text, format, which),
  )?.id;
}

function escaped(text: string): string {
  return text.replace(/[^\w]/g, '\\$&');
}

function isIn(text: string, format: Format, which: 'pattern' | 'open'): boolean {
  const { [which]: pattern, allowed } = compile(format);
  for (const match of text.matchAll(pattern)) {
    const secret = match.slice(1).find((group) => group !== undefined && group !== '') ?? match[0];
    if (
      entropyOf(secret) > (format.entropy ?? 0) &&
      !allowed.some((exception) => exception.test(secret)) &&
      !STOPWORDS.some((word) => secret.toLowerCase().includes(word))
    ) {
      return true;
    }
  }
  return false;
}

function compile(format: Format): Compiled {
  const known = compiled.get(format);
  if (known) return known;
  const made = {
    pattern: new RegExp(format.pattern, 'g'),
    open: new RegExp(format.pattern.replace(END, ''), 'g'),
    allowed: (format.allowed ?? []).map((source) => new RegExp(source)),
  };
  compiled.set(format, made);
  return made;
}

/** Shannon entropy, in bits for each character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
