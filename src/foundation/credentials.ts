const SECRET_NAME = /passw(or)?d|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key/i;
/** Names that only point to a credential, or describe one: `PASSWORD_FILE`, `token.ttl`. */
const POINTER_NAME = /(_|^)(file|path|dir|url|uri|name|host|port|ttl|lifetime|expiry|issuer|enabled)$/i;
/** Formats that nothing but a credential has: PEM keys, AWS, GitHub and Slack tokens, a URL with a password. */
const SECRET_VALUE = /-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\bxox[abprs]-[A-Za-z0-9-]{10}|\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:[^\s/@]+@/;
const SECRET_ASSIGNMENT = /^[^\S\n]*["']?[\w.-]*(passw(or)?d|secret|api[-_]?key|private[-_]?key|access[-_]?token)["']?[^\S\n]*[:=][^\S\n]*["']?[^\s"'{}[\],]{3}/im;

/** Whether a named value looks like a credential: by its name, by a known format, or by a line that assigns one. */
export function looksSecret(name: string, value: string): boolean {
  if (value === '') return false;
  const named = SECRET_NAME.test(name) && !POINTER_NAME.test(name.replace(/\.[a-z]+$/i, ''));
  return named || SECRET_VALUE.test(value) || SECRET_ASSIGNMENT.test(value);
}
