import { assignsSecret, toWords } from './names';
import { isHarmless, isLabel } from './values';

const XML_ELEMENT = /<([\w.:-]{1,100})>([^<]{3,200})<\//g;
/** `key: value` and `key=value` in the syntaxes of JSON, YAML, INI, shells, command lines and connection strings. */
const ASSIGNMENT = new RegExp(
  '(?<![\\w.-])([\\w.-]{1,100})["\']?([^\\S\\n]*)(=>|[:=](?!=))([^\\S\\n]*)' +
    '(?=(?:"([^"\\n]{3,200})|\'([^\'\\n]{3,200})|([^\\s"\'{}[\\],;&<>`)][^\\s"\'{}[\\],]{2,199})))',
  'g',
);
/** The text before the key of an assignment with spaces or a colon; in prose, the key is a plain word. */
const START_OF_ASSIGNMENT = /[\n{[,;][^\S\n]*(?:-[^\S\n]+)?(?:(?:export|set|local|readonly|declare)[^\S\n]+)?["']?$/;
const START_OF_WORD = /[\s{,;?&(|"'`]$/;
const COMMENT = /\n[^\S\n]*(?:#|\/\/|;)[^\n]*$/;
const LOOK_BEHIND = 200;
const LOOK_AHEAD = 200;
/** Characters that end an unquoted value in some syntaxes, and belong to a password in others. */
const END_OF_VALUE = /[;&<>`)]/;
/** Ends of values that belong to no password: the next assignment, a closing tag or code follows. */
const REST_OF_LINE = /[;&<>`)](?:[;&<>`)/]|[\w.-]*[=:]|$).*$/;
/** `req.body.password`, `$this->token`: code that assigns a value of the same kind. */
const MEMBER = /^[A-Za-z_$][\w$]*(?:(?:\??\.|->|::)[A-Za-z_$][\w$]*)+$/;
const KINDS = [/(?:pass(?:w(?:or)?d|phrase)?|pwd)\d*$/, /secret\d*$/, /key\d*$/, /token\d*$/];
/** `readFile(...)`, `environ["..."]`, `user => ...`. */
const CODE = /^[A-Za-z_$][\w$]*(?:(?:(?:\??\.|->|::)[A-Za-z_$][\w$]*)*(?:\((?:.*\)|\s*$)|\[["'])|[^\S\n]*=>)/;

/** Whether a part of a text assigns a value to the name of a credential. */
export function assignsOne(text: string): boolean {
  for (const [, name, value] of text.matchAll(XML_ELEMENT)) {
    if (assignsSecret(name) && !isHarmless(name, value) && !isLabel(value)) return true;
  }
  for (const match of text.matchAll(ASSIGNMENT)) if (isAssigned(text, match)) return true;
  return false;
}

function isAssigned(text: string, match: RegExpExecArray): boolean {
  const { 0: assignment, 1: key, 2: before, 3: sign, 4: after, 5: double, 6: single, 7: bare, index } = match;
  if (!assignsSecret(key)) return false;
  const value = double ?? single ?? unquotedValue(key, bare);
  if (value === undefined || isHarmless(key, value)) return false;
  if (sign !== '=' && isLabel(value)) return false;
  const start = index + assignment.length;
  if (bare !== undefined && isCode(key, bare, text.slice(start, start + LOOK_AHEAD))) return false;
  const behind = `${index > LOOK_BEHIND ? '' : '\n'}${text.slice(Math.max(0, index - LOOK_BEHIND), index)}`;
  if (COMMENT.test(behind)) return false;
  const isCompact = sign === '=' && before === '' && after === '';
  // `name:key` is a reference; YAML requires a space, and JSON quotes
  if (sign === ':' && after === '' && bare !== undefined) return false;
  return START_OF_ASSIGNMENT.test(behind) || (isCompact && START_OF_WORD.test(behind));
}

/** The value up to its end character, or including it if the rest is too short for a password: `P&ssw0rd`. */
function unquotedValue(key: string, bare: string): string | undefined {
  const [start] = bare.split(END_OF_VALUE, 1);
  if (start.length >= 3 || isHarmless(key, start)) return start;
  const whole = bare.replace(REST_OF_LINE, '');
  return whole.length >= 3 ? whole : undefined;
}

function isCode(key: string, bare: string, ahead: string): boolean {
  const [line] = ahead.split('\n', 1);
  const member = bare.replace(/[;)]+$/, '');
  return (
    CODE.test(line) ||
    (MEMBER.test(member) && KINDS.some((kind) => kind.test(toWords(key)) && kind.test(toWords(member))))
  );
}
