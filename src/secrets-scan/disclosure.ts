import { suspiciousWord, suspicionOf } from './credentials';
import { hasPartOfFormat } from './formats';
import { isPlaceholder } from './values';

/*
 * What messages may print. A finding can require more certainty, but a log cannot be taken back.
 */

/** A user and a password before a host: `me:hunter2@registry.example.com/app`. An image digest is none. */
const USER_INFO = /(?:^|[\s"'=/,([])[^\s:/@"']{0,100}:([^\s/@]{1,200})@(?!sha(?:256|512):)[\w.[-]/;
const DIGEST = /sha(?:256|512):[0-9a-f]{64,128}/g;
/** Characters that no credential of a known format contains, although some formats require them around it. */
const BETWEEN_PARTS = /[\s"'`,;:@/(){}<>|=&?]+/;
/** Separators of words: one part of a credential discloses enough of it. */
const BETWEEN_WORDS = /[\s"'`,;:@/.(){}<>|=&?_-]+/;
const BORDER = /[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])/g;
/** A short commit hash is no credential. */
const SHORT_HASH = /^[0-9a-f]{1,12}$/;

/** Whether a text may be or contain a credential, so that no message quotes it. */
export function mayBeSecret(text: string): boolean {
  return (
    holdsSecret(text) ||
    text.split(BETWEEN_PARTS).some((part) => hasPartOfFormat(part, text)) ||
    text.replace(DIGEST, '').split(BETWEEN_WORDS).some(isRandom)
  );
}

/** The same with certainty only: for texts with names of ours, which contain hashes. */
export function holdsSecret(text: string): boolean {
  const password = USER_INFO.exec(text)?.[1];
  return (
    (password !== undefined && !isPlaceholder(password)) ||
    suspicionOf('', text) !== undefined ||
    suspiciousWord(text.split(/\s+/)) !== undefined
  );
}

/** Whether a word is unlikely as a name: letters and digits alternate often, or it is long and has both. */
function isRandom(word: string): boolean {
  if (word.length < 8 || SHORT_HASH.test(word)) return false;
  const borders = word.match(BORDER)?.length ?? 0;
  const hasBothCases = /[a-z]/.test(word) && /[A-Z]/.test(word);
  return (
    borders >= 3 ||
    (borders >= 2 && hasBothCases) ||
    (borders > 0 && word.length >= 20) ||
    (word.length >= 40 && new Set(word).size > 8)
  );
}
