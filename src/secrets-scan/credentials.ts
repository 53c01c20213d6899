/** Words of a name that only a credential has: `DB_PASSWORD`, `apiKey`, `RABBITMQ_DEFAULT_PASS`. */
const SECRET_NAME = /(passw(or)?d|passphrase|secret|token|credential)s?\d*(?=_|$)|(api|private|access|secret)_?keys?\d*(?=_|$)|(^|_)(pass|pwd)\d*$/;
/** Names that only point to a credential, or describe one: `PASSWORD_FILE`, `token.ttl`, `PASSWORD_MIN_LENGTH`. */
const POINTER_NAME = /(^|_)(files?|path|dir|directory|url|uri|arn|name|host|port|ttl|lifetime|expiry|issuer|audience|length|type|algorithm|policy|required|enabled|disabled|stdin|prompt|header)$/;
/** A name that ends with the word for one credential: a short number can be one, too. */
const SINGULAR_NAME = /(passw(or)?d|passphrase|secret|token|credential|key|pass|pwd)\d*$/;
/** The keys of assignments in a document. `token` alone is there a page, a word of a language or a limit as often. */
const ASSIGNED_NAME = /(passw(or)?d|passphrase|secret|(api|private|access|secret)_?key|(access|auth|api|bearer|refresh)_?token)\d*$|(^|_)(pass|pwd)\d*$/;

/** What a name or a value has when one of the patterns finds something: most have nothing of it. */
const HINT = /pass|pwd|secret|key|token|credential|authorization|:_auth|:\/\/|AKIA|gh[pousr]_|xox/i;
/** Formats that nothing but a credential has: PEM keys, AWS, GitHub and Slack tokens. */
const SECRET_FORMAT = /-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\bxox[abprs]-[A-Za-z0-9-]{10}/;
/** The password of a URL; the user may be left out. Bounded, as are the patterns below: large files are searched. */
const URL_PASSWORD = /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,100}:([^\s/@?#]{1,200})@/gi;
const AUTHORIZATION = /\bauthorization["']?(?:[^\S\n]*[:=]|[^\S\n]+(?=["']))[^\S\n]*["']?(?:basic|bearer|token)[^\S\n]+([^\s"',;]{3,200})/gi;
/** A registry with its credential in an `.npmrc`. */
const NPM_REGISTRY = /^[^\S\n]*\/\/[^\s=]{1,200}:_(?:auth|authToken|password)[^\S\n]*=[^\S\n]*([^\s"']{3,200})/gm;
const XML_ELEMENT = /<([\w.:-]{1,100})>([^<]{3,200})<\//g;
/** `key: value` and `key=value` in the syntaxes of JSON, YAML, INI, shells, command lines and connection strings. */
const ASSIGNMENT = /(?<![\w.-])([\w.-]{1,100})["']?([^\S\n]*)(=>|[:=](?!=))([^\S\n]*)(?=(?:"([^"\n]{3,200})|'([^'\n]{3,200})|([^\s"'{}[\],;&<>`)][^\s"'{}[\],]{2,199})))/g;
/** What stands before the key of an assignment with spaces, or of one with a colon; in prose it is a word. */
const START_OF_ASSIGNMENT = /[\n{[,;][^\S\n]*(?:-[^\S\n]+)?(?:(?:export|set|local|readonly|declare)[^\S\n]+)?["']?$/;
const START_OF_WORD = /[\s{,;?&(|"'`]$/;
const COMMENT = /\n[^\S\n]*(?:#|\/\/|;)[^\n]*$/;
const LOOK_BEHIND = 200;
const LOOK_AHEAD = 200;
/** What ends an unquoted value in some syntaxes, and is part of a password in others. */
const END_OF_VALUE = /[;&<>`)]/;
/** Ends of values that are none of a password: what follows is the next assignment, a closing tag or code. */
const REST_OF_LINE = /[;&<>`)](?:[;&<>`)/]|[\w.-]*[=:]|$).*$/;

/** A flag, with its value where that is part of the word. */
const FLAG = /^--?([A-Za-z][\w.-]*)(?:=([^]*))?$/;
/** A flag and its value in a script. Without a digit, the word after the flag may be one of a text. */
const FLAG_IN_SCRIPT = /(?<!\S)--([A-Za-z][\w.-]{0,99})[^\S\n]+["']?(?=[^\s\d]{0,200}\d)([\w.][^\s"';&|<>`)]{2,199})/g;
/** Flags whose value can be a credential: not `--token-endpoint`, and not `--stop-tokens`, which are words. */
const CREDENTIAL_FLAG = /(passw(or)?ds?|passphrases?|secrets?|token|credentials?|keys?|pass|pwd|authorization)\d*$/;
/** Flags that have no value, or none that is a credential: `--no-password`, `--disable-token-auth`. */
const SWITCH = /^_?(no|skip|without|disable|enable|use|allow|require|ask|prompt|generate)_/;
/** Flags that name a Secret of the cluster, unless they are of those that have the credential itself. */
const SECRET_FLAG = /(?<!(client|consumer|app|session|shared|cookie|jwt|hmac|oauth|oidc|signing|webhook)_)secrets?$/;
/** How people name objects: `regcred`, `shop-tls-2`. */
const OBJECT_NAME = /^[a-z]+(?:-(?:[a-z]+|v?\d{1,3}))*$/;
const PASSWORD_FLAG = /(passw(or)?d|passphrase|pass|pwd)\d*$/;
/** In lower case: a key in base64 has `/`, too. */
const RELATIVE_PATH = /^(?:\.{1,2}|[a-z_][a-z0-9_-]*)(?:\/[a-z0-9_.@-]+)+$/;

/** Each can be read in one way only: otherwise the time would grow exponentially. */
const PLACEHOLDERS = /^(?:\$\{[^}]*(?:\}|$)|\$\([^)]*(?:\)|$)|\$[A-Za-z_]\w*|\$\d|\{\{[^{}]*\}\}|%\w+%|%\(\w+\)s|@\w+@|<[^<>]*>|\*|\.{3})+$/;
const ABSOLUTE_PATH = /^(?:file:\/\/)?(?:\/[\w.@-]+)+\/?$/;
const KEYWORD = /^(?:true|false|yes|no|on|off|null|nil|none|undefined|string|boolean|integer|number|required|optional)$/i;
const SHORT_NUMBER = /^\d{1,7}(?:\.\d{1,3})?(?:ms|s|m|h|d)?$/;
/** `req.body.password`, `$this->token`: what code assigns to a name of the same kind. */
const MEMBER = /^[A-Za-z_$][\w$]*(?:(?:\??\.|->|::)[A-Za-z_$][\w$]*)+$/;
const KINDS = [/(pass(w(or)?d|phrase)?|pwd)\d*$/, /secret\d*$/, /key\d*$/, /token\d*$/];
/** `readFile(...)`, `user => ...`. */
const CALL = /^[A-Za-z_$][\w$]*(?:(?:(?:\??\.|->|::)[A-Za-z_$][\w$]*)*\((?:.*\)|\s*$)|[^\S\n]*=>)/;

/** Whether a named value looks like a credential: by its name, by a known format, or by a part that assigns one. */
export function looksSecret(name: string, value: string): boolean {
  if (!HINT.test(`${name}: ${value}`)) return false;
  return (namesSecret(name) && !isHarmless(value) && !isMeasure(name, value)) || holdsSecret(value) || authorizes(`${name}: ${value}`);
}

/** Whether the name alone says that the value is a credential. */
export function namesSecret(name: string): boolean {
  const withoutExtension = name.replace(/\.[a-z]+$/i, '');
  return SECRET_NAME.test(toWords(name)) && ![name, withoutExtension].some((part) => POINTER_NAME.test(toWords(part)));
}

/** The index of the first word of a command line that looks like a credential: `--password=...`, or what follows `--password`; else -1. */
export function secretWord(words: readonly string[]): number {
  return words.findIndex((word, index) => {
    const own = FLAG.exec(word);
    if (own?.[2] !== undefined) return flagSecret(own[1], own[2]);
    const before = word.startsWith('-') || index === 0 ? undefined : FLAG.exec(words[index - 1]);
    const flag = before?.[2] === undefined ? before?.[1] : undefined;
    return flagSecret(flag ?? '', word) || some(word, FLAG_IN_SCRIPT, (match) => flagSecret(match[1], match[2]));
  });
}

function flagSecret(flag: string, value: string): boolean {
  return looksSecret(isHarmlessFlag(flag, value) ? '' : flag, value);
}

function isHarmlessFlag(flag: string, value: string): boolean {
  const name = toWords(flag);
  return !CREDENTIAL_FLAG.test(name)
    || SWITCH.test(name)
    || (SECRET_FLAG.test(name) && OBJECT_NAME.test(value))
    || (!PASSWORD_FLAG.test(name) && RELATIVE_PATH.test(value));
}

/** Whether a text has a credential in it, whatever its name is. */
function holdsSecret(text: string): boolean {
  // JSON inside of JSON
  const plain = text.replace(/\\(?=["'])/g, '');
  return SECRET_FORMAT.test(plain)
    || some(plain, URL_PASSWORD, ([, password]) => !isPlaceholder(password))
    || some(plain, NPM_REGISTRY, ([, credential]) => !isPlaceholder(credential))
    || some(plain, XML_ELEMENT, ([, name, value]) => ASSIGNED_NAME.test(toWords(name)) && !isHarmless(value))
    || some(plain, ASSIGNMENT, (match) => assignsSecret(plain, match));
}

function some(text: string, pattern: RegExp, accepts: (match: RegExpExecArray) => boolean): boolean {
  for (const match of text.matchAll(pattern)) if (accepts(match)) return true;
  return false;
}

function assignsSecret(text: string, { 0: assignment, 1: key, 2: before, 3: sign, 4: after, 5: double, 6: single, 7: bare, index }: RegExpExecArray): boolean {
  if (!ASSIGNED_NAME.test(toWords(key))) return false;
  const value = double ?? single ?? unquotedValue(bare);
  if (value === undefined || isHarmless(value) || (key.startsWith('-') && isHarmlessFlag(key, value))) return false;
  if (bare !== undefined && isCode(key, bare, text.slice(index + assignment.length, index + assignment.length + LOOK_AHEAD))) return false;
  const behind = `${index > LOOK_BEHIND ? '' : '\n'}${text.slice(Math.max(0, index - LOOK_BEHIND), index)}`;
  if (COMMENT.test(behind)) return false;
  const isCompact = sign === '=' && before === '' && after === '';
  return START_OF_ASSIGNMENT.test(behind) || (isCompact && START_OF_WORD.test(behind));
}

/** The value up to what ends it; with that where the rest would be too short for a password: `P&ssw0rd`. */
function unquotedValue(bare: string): string | undefined {
  const [start] = bare.split(END_OF_VALUE, 1);
  if (start.length >= 3 || isHarmless(start)) return start;
  const whole = bare.replace(REST_OF_LINE, '');
  return whole.length >= 3 ? whole : undefined;
}

function isCode(key: string, bare: string, ahead: string): boolean {
  const [line] = ahead.split('\n', 1);
  const member = bare.replace(/[;)]+$/, '');
  return CALL.test(line) || (MEMBER.test(member) && KINDS.some((kind) => kind.test(toWords(key)) && kind.test(toWords(member))));
}

function authorizes(text: string): boolean {
  return some(text, AUTHORIZATION, ([, credential]) => !isPlaceholder(credential));
}

/** What stands in the place of a credential, but is none. */
function isHarmless(value: string): boolean {
  const text = value.trim();
  return text === '' || isPlaceholder(text) || ABSOLUTE_PATH.test(text) || KEYWORD.test(text);
}

function isPlaceholder(text: string): boolean {
  return PLACEHOLDERS.test(text);
}

/** `MAX_TOKENS: '4096'`. */
function isMeasure(name: string, value: string): boolean {
  return SHORT_NUMBER.test(value) && !SINGULAR_NAME.test(toWords(name));
}

/** The words of a name, in lower case and joined by `_`: `api_key` for `apiKey`, `API-KEY` and `api.key`. */
function toWords(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z])([A-Z][a-z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').toLowerCase();
}
