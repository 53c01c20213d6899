import { canNameKey, canNameObject, isPassword, isSingular } from './names';

/** Each alternative is unambiguous: otherwise the time would grow exponentially. */
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
/** Types of schemas: `string`, and `String!` of GraphQL. */
const TYPE = /^\[?(?:string|boolean|int|integer|number|float|id)!?\]?!?$/i;
const ABSOLUTE_PATH = /^(?:file:\/\/)?(?:\/[\w.@-]+)+\/?$/;
/** In lower case: a base64 key also contains `/`. */
const RELATIVE_PATH = /^(?:\.{1,2}|[a-z_][a-z0-9_-]*)(?:\/[a-z0-9_.@-]+)+$/;
/** The location of a credential: `vault:...`, `arn:aws:...`, `op://...`, `https://.../token`. */
const REFERENCE = /^(?:[a-z][a-z0-9+.-]{0,20}:\/\/[^\s@]+|(?:arn|akv|env|file|ref|secretsmanager|ssm|vault):\S+)$/i;
const SHORT_NUMBER = /^\d{1,7}(?:\.\d{1,3})?(?:ms|s|m|h|d)?$/;
/** Typical names of objects: `regcred`, `shop-tls-2`. */
const OBJECT_NAME = /^[a-z]+(?:-(?:[a-z]+|v?\d{1,3}))*$/;
/** Names of objects with a certificate for a host: `app.example.com-tls`. */
const CERTIFICATE_NAME = /^[a-z0-9][a-z0-9.-]{0,200}-(?:certs?|tls)$/;
/** Names of objects that hold several credentials; under the key `secret` too: `aws-creds`. */
const HOLDER_NAME = /^[a-z]+(?:-[a-z]+)*-(?:certs|creds|credentials|secrets)$/;
/** Typical names of the entries of a Secret: `token`, `clientSecret`, `postgres-password`. */
const ENTRY_NAME = /^[A-Za-z]+(?:[-_.][A-Za-z]+)*$/;
/** Only under such a key is a single word certainly the name of an object. */
const REFERRING = /(?:existing|pull|tls|certs?)[-_]?secrets?$/i;
/** Text for people: `Password`, `Your password`, `Mot de passe`. */
const LABEL = /^\p{L}[\p{L}'’ ,.:?!()-]*$/u;

/** Whether a value with the name of a credential is certainly none. */
export function isHarmless(name: string, value: string): boolean {
  const text = value.trim();
  return (
    text === '' ||
    [PLACEHOLDERS, CROSSED_OUT, KEYWORD, TYPE, ABSOLUTE_PATH, REFERENCE].some((pattern) => pattern.test(text)) ||
    (SHORT_NUMBER.test(text) && !isSingular(name)) ||
    (RELATIVE_PATH.test(text) && !isPassword(name)) ||
    (canNameKey(name) && ENTRY_NAME.test(text)) ||
    (/^secrets?$/i.test(name) && HOLDER_NAME.test(text)) ||
    (canNameObject(name) && CERTIFICATE_NAME.test(text)) ||
    (canNameObject(name) && OBJECT_NAME.test(text) && (text.includes('-') || REFERRING.test(name)))
  );
}

/** Whether a text is a placeholder instead of a value. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDERS.test(text);
}

/** Whether a value in a document is text for people, such as a translation: words, the first with a capital letter. */
export function isLabel(text: string): boolean {
  return LABEL.test(text) && (/^\p{Lu}\p{Ll}/u.test(text) || /[^\u0000-\u007f]/.test(text));
}
