import { suspiciousWord, suspicionOf } from './credentials';
import { hasPartOfFormat } from './formats';
import { isPlaceholder } from './values';

/*
 * What may be printed. A finding can wait for more certainty; a log cannot take anything back.
 */

/** A user and a password before a host: `me:hunter2@registry.example.com/app`. A digest of an image is none. */
const USER_INFO = /(?:^|[\s"'=/,([])[^\s:/@"']{0,100}:([^\s/@]{1,200})@(?!sha(?:256|512):)[\w.[-]/;
const DIGEST = /sha(?:256|512):[0-9a-f]{64,128}/g;
/** What is in no credential of a known format, though some formats want to see what is around them. */
const BETWEEN_PARTS = /[\s"'`,;:@/(){}<>|=&?]+/;
/** What is left of a credential on one side tells enough of it. */
const BETWEEN_WORDS = /[\s"'`,;:@/.(){}<>|=&?_-]+/;
const BORDER = /[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])/g;
/** A short commit is no credential. */
const SHORT_HASH = /^[0-9a-f]{1,12}$/;

/** Whether a text may be or hold a credential, so that no message quotes it. */
export function mayBeSecret(text: string): boolean {
  return (
    holdsSecret(text) ||
    text.split(BETWEEN_PARTS).some((part) => hasPartOfFormat(part, text)) ||
    text.replace(DIGEST, '').split(BETWEEN_WORDS).some(isRandom)
  );
}

/** The same by what it is certain of: for texts that hold names of ours, which have hashes. */
export function holdsSecret(text: string): boolean {
  const password = USER_INFO.exec(text)?.[1];
  return (
    (password !== undefined && !isPlaceholder(password)) ||
    suspicionOf('', text) !== undefined ||
    suspiciousWord(text.split(/\s+/)) !== undefined
  );
}

/** Whether nobody would choose the word for a name: letters and digits change often, or it is long and has both. */
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
