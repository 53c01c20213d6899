import { assignsOne } from './assignments';
import { formatIn } from './formats';
import { namesSecret, toWords } from './names';
import { type Found, structureIn } from './structures';
import { isHarmless } from './values';

/** Why something may be a credential. */
export interface Suspicion {
  /** Whether its form proves it; otherwise only its name suggests it. */
  readonly certain: boolean;
  /** Its description, with an article and without the credential. */
  readonly what: string;
}

/** A word of a command line that may be a credential. */
export interface SuspiciousWord extends Suspicion {
  readonly index: number;
}

const BY_NAME: Suspicion = { certain: false, what: 'a literal with the name of a credential' };

/** Parts of names and structures of credentials: most texts have none of them. */
const HINT = /pass|pwd|secret|key|token|credential|auth|:\/\/|identified|curl|redis-cli|\s-p|@(?:tcp|udp|unix)\(/i;

/** Why a named value may be a credential: its format, its structure, or a name. */
export function suspicionOf(name: string, value: string): Suspicion | undefined {
  const proven = proofOf(name, value);
  if (proven !== undefined || !HINT.test(`${name}: ${value}`)) return proven;
  return (namesSecret(name) && !isHarmless(name, value)) || assignsOne(plain(value)) ? BY_NAME : undefined;
}

/** The same without names: what its format or structure proves. */
export function proofOf(name: string, value: string): Suspicion | undefined {
  const format = formatIn(value, name);
  if (format !== undefined) return { certain: true, what: `a credential in the format '${format}'` };
  const named = `${name}: ${value}`;
  if (!HINT.test(named)) return undefined;
  const found = structureIn(plain(value)) ?? structureIn(named);
  return found && { certain: true, what: found.what };
}

/** JSON inside JSON escapes its quotes. */
function plain(text: string): string {
  return text.includes('\\') ? text.replace(/\\(?=["'])/g, '') : text;
}

/** A flag, with its value if that is part of the word. */
const FLAG = /^--?([A-Za-z][\w.-]*)(?:=([^]*))?$/;
/** A flag and its value in a script. Without a digit, the next word may be prose. */
const FLAG_IN_SCRIPT = /(?<!\S)--([A-Za-z][\w.-]{0,99})[^\S\n]+["']?(?=[^\s\d]{0,200}\d)([\w.][^\s"';&|<>`)]{2,199})/g;
/** Flags without a value, or without a credential as value: `--no-password`, `--disable-token-auth`. */
const SWITCH = /^(?:no|skip|without|disable|enable|use|allow|require|ask|prompt|generate)_/;

/** The first word of a command line that may be a credential: `--password=...`, or the word after `--password`. */
export function suspiciousWord(words: readonly string[]): SuspiciousWord | undefined {
  const own = words.map((word) => suspicionOf('', word));
  const certain = own.findIndex((suspicion) => suspicion?.certain);
  if (certain !== -1) return { ...own[certain]!, index: certain };
  const found = structureIn(words.join(' '));
  if (found) return { certain: true, what: found.what, index: wordAt(words, found) };
  const index = words.findIndex((word, at) => own[at] !== undefined || isFlagged(word, at === 0 ? '' : words[at - 1]));
  return index === -1 ? undefined : { ...BY_NAME, index };
}

function wordAt(words: readonly string[], { at }: Found): number {
  let end = 0;
  return words.findIndex((word) => (end += word.length + 1) > at);
}

function isFlagged(word: string, before: string): boolean {
  const own = FLAG.exec(word);
  if (own?.[2] !== undefined) return isCredentialOf(own[1], own[2]) || suspicionOf('', own[2]) !== undefined;
  const flag = word.startsWith('-') ? undefined : FLAG.exec(before);
  return (
    (flag !== null && flag !== undefined && flag[2] === undefined && isCredentialOf(flag[1], word)) ||
    [...word.matchAll(FLAG_IN_SCRIPT)].some(([, name, value]) => isCredentialOf(name, value))
  );
}

function isCredentialOf(flag: string, value: string): boolean {
  return namesSecret(flag) && !SWITCH.test(toWords(flag)) && !isHarmless(flag, value);
}
