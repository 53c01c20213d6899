import { canNameKey, canNameObject, isPassword, isSingular } from './names';

/** Each can be read in one way only: otherwise the time would grow exponentially. */
const PLACEHOLDERS = new RegExp(
  `^(?:${[
    '\\$\\{[^}]*(?:\\}|$)',
    '\\$\\([^)]*(?:\\)|$)',
    '\\$[A-Za-z_]\\w*',
    '\\$\\d',
    '\\{\\{[^{}]*\\}\\}',
    '%\\w+%',
    '%\\(\\w+\\)s',
    '@\\w+@',
    '<<[^<>]*>>',
    '<[^<>]*>',
    '\\*',
    '\\.{3}',
  ].join('|')})+$`,
);
const CROSSED_OUT = /^x{3,}$/i;
const KEYWORD = /^(?:true|false|yes|no|on|off|null|nil|none|undefined|~|required|optional)$/i;
/** The types of schemas: `string`, and `String!` of GraphQL. */
const TYPE = /^\[?(?:string|boolean|int|integer|number|float|id)!?\]?!?$/i;
const ABSOLUTE_PATH = /^(?:file:\/\/)?(?:\/[\w.@-]+)+\/?$/;
/** In lower case: a key in base64 has `/`, too. */
const RELATIVE_PATH = /^(?:\.{1,2}|[a-z_][a-z0-9_-]*)(?:\/[a-z0-9_.@-]+)+$/;
/** Where a credential is kept: `vault:...`, `arn:aws:...`, `op://...`, `https://.../token`. */
const REFERENCE = /^(?:[a-z][a-z0-9+.-]{0,20}:\/\/[^\s@]+|(?:arn|akv|env|file|ref|secretsmanager|ssm|vault):\S+)$/i;
const SHORT_NUMBER = /^\d{1,7}(?:\.\d{1,3})?(?:ms|s|m|h|d)?$/;
/** How people name objects: `regcred`, `shop-tls-2`. */
const OBJECT_NAME = /^[a-z]+(?:-(?:[a-z]+|v?\d{1,3}))*$/;
/** Names of objects of one word are those of objects for sure under such a name only. */
const REFERRING = /(?:existing|pull|tls|certs?)[-_]?secrets?$/i;
/** What people read: `Password`, `Your password`, `Mot de passe`. */
const LABEL = /^\p{L}[\p{L}'’ ,.:?!()-]*$/u;

/** Whether a value that has the name of a credential is none for sure. */
export function isHarmless(name: string, value: string): boolean {
  const text = value.trim();
  return (
    text === '' ||
    [PLACEHOLDERS, CROSSED_OUT, KEYWORD, TYPE, ABSOLUTE_PATH, REFERENCE].some((pattern) => pattern.test(text)) ||
    (SHORT_NUMBER.test(text) && !isSingular(name)) ||
    (RELATIVE_PATH.test(text) && !isPassword(name)) ||
    (canNameKey(name) && OBJECT_NAME.test(text)) ||
    (canNameObject(name) && OBJECT_NAME.test(text) && (text.includes('-') || REFERRING.test(name)))
  );
}

/** What stands in the place of a value, but is none. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDERS.test(text);
}

/** Whether a value in a document is a text for people, as translations are: words, the first with a capital letter. */
export function isLabel(text: string): boolean {
  return LABEL.test(text) && (/^\p{Lu}\p{Ll}/u.test(text) || /[^\u0000-\u007f]/.test(text));
}
