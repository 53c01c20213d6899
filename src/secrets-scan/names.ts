/*
 * Interprets names of values. The last word decides: `DB_PASSWORD` is a credential, `PASSWORD_HASHER` and
 * `SECRET_STORE` are about one.
 */

/** The words of a name, in lower case and joined by `_`: `api_key` for `apiKey`, `API-KEY` and `api.key`. */
export function toWords(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}

const PASSWORD = 'passw(?:or)?ds?|passphrases?|pgpass|(?:^|_)(?:pass|pwd)';
/** Keys that are credentials, unlike keys of a map, a route or a label. */
const KEY =
  '(?:access|account|api|app|application|auth|client|consumer|cookie|crypt|crypto|decryption|deploy|enc' +
  '|encryption|fernet|gpg|hmac|jwt|license|master|pgp|private|secret|service|session|shared|signing|ssh|storage' +
  '|unseal|webhook)_?keys?';
/** Possible suffixes: `SECRET_KEY_BASE`, `PASSWORD_OLD`, `TOKEN_B64`, `PASSWORD2`. */
const ENDING = '(?:_?(?:base|base64|b64|current|new|old|plain|previous|value))?\\d*$';

const CREDENTIAL = new RegExp(`(?:${PASSWORD}|secrets?|tokens?|credentials?|(?:^|_)${KEY})${ENDING}`);
/** Language tokens: `MAX_TOKENS`, `stop_tokens`. */
const COUNTED = /(?:^|_)(?:completion|context|input|max|min|num|output|prompt|special|stop|total)_tokens?$/;
/** Keys of assignments in a document. A bare `token` there is as often a page or language token. */
const ASSIGNED = new RegExp(
  `(?:${PASSWORD}|secret|(?:access|api|auth|bearer|bot|id|refresh)_?token|(?:^|_)${KEY})${ENDING}`,
);
const SINGULAR = new RegExp(`(?:passw(?:or)?d|passphrase|pass|pwd|secret|token|credential|key)${ENDING}`);
const ABOUT_PASSWORD = new RegExp(`(?:${PASSWORD})${ENDING}`);
const ABOUT_SECRET = /secrets?$/;
/** Secrets that are values, not names of objects. */
const VALUE_SECRET = new RegExp(
  '(?:^|[a-z]*auth_?|(?:app|client|consumer|cookie|csrf|hmac|jwt|oidc|session|shared|signing|webhook)_?)secrets?$',
);
/** `existingSecret.key`: a reference of a Helm chart. */
const REFERENCE = /(?:^|_)existing_/;
const FILE_EXTENSION = /\.(?:conf|crt|env|ini|json|key|pem|properties|toml|txt|xml|ya?ml)$/i;

/** Whether the name suggests that the value is a credential. */
export function namesSecret(name: string): boolean {
  const words = toWords(name.replace(FILE_EXTENSION, ''));
  return CREDENTIAL.test(words) && !COUNTED.test(words) && !REFERENCE.test(words);
}

/** Whether the key of an assignment in a document suggests a credential. */
export function assignsSecret(key: string): boolean {
  return ASSIGNED.test(toWords(key));
}

/** Whether it names a single credential, which can be a short number. */
export function isSingular(name: string): boolean {
  return SINGULAR.test(toWords(name));
}

/** Whether it names a password, not a key or a token, which are as often in files. */
export function isPassword(name: string): boolean {
  return ABOUT_PASSWORD.test(toWords(name));
}

/** Whether the value can be the name of a Secret object: `tlsSecret`, `--image-pull-secret`. */
export function canNameObject(name: string): boolean {
  const words = toWords(name);
  return ABOUT_SECRET.test(words) && !VALUE_SECRET.test(words);
}

/** Whether the value can be a key in a Secret object: `tokenSecretKey`, as in values of Helm charts. */
export function canNameKey(name: string): boolean {
  return /[a-z]SecretKey$/.test(name);
}
