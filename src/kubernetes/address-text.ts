/** A host that a text names as an address. */
export interface TextAddress {
  readonly host: string;
  readonly port?: number;
  /** Whether it cannot be read otherwise: `redis:7` may be an image, and `name:443` in a longer text anything. */
  readonly certain: boolean;
}

const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const HOST = `${LABEL}(?:\\.${LABEL})*\\.?`;

/** The part of a URL after `//`: who is named there is no address, and may have a password. */
const AFTER_SCHEME = new RegExp(`^(?:[^\\s/?#@"'\`<>]*@)?(${HOST})(?::(\\d{1,5}))?(?![\\w.@-])`, 'i');
const BEFORE_COLON = new RegExp(`(?:^|[\\s,;=|"'\`(\\[{<>@])(${HOST})$`, 'i');
const AFTER_COLON = /^(\d{1,5})(?![\w.-])/;
const QUALIFIED = new RegExp(`(?:^|[^\\w.-])((?:${LABEL}\\.){2,}svc(?:\\.${LABEL})*)(?![\\w-])`, 'gi');
const WHOLE = new RegExp(`^(${HOST})(?::(\\d{1,5}))?/?$`, 'i');

const SCHEME_PORTS: Readonly<Record<string, number>> = { http: 80, ws: 80, https: 443, wss: 443, redis: 6379 };
/** Lower numbers are versions of images rather than ports. */
const LEAST_PORT = 80;
/** The longest name of DNS, and its colon. */
const LONGEST = 254;

/**
 * The addresses in a text: `scheme://host:port`, `host:port`, and names of Services that end in `.svc` or more. It is
 * looked for where a colon or `.svc` stands: most texts have neither.
 */
export function addressesIn(text: string): TextAddress[] {
  const found: TextAddress[] = [];
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const address = text.startsWith('//', at + 1) ? ofUrl(text, at) : ofPair(text, at);
    if (address) found.push(address);
  }
  if (text.includes('.svc')) {
    for (const [, host] of text.matchAll(QUALIFIED)) {
      if (!found.some((known) => known.host.startsWith(host))) found.push({ host, certain: true });
    }
  }
  return found;
}

function ofUrl(text: string, colon: number): TextAddress | undefined {
  const match = AFTER_SCHEME.exec(text.slice(colon + '://'.length, colon + 2 * LONGEST));
  if (match === null) return undefined;
  const [, host, port] = match;
  const scheme = /[a-z][a-z0-9+.-]*$/i.exec(text.slice(Math.max(0, colon - LONGEST), colon))?.[0].toLowerCase() ?? '';
  return { host, port: port === undefined ? SCHEME_PORTS[scheme] : Number(port), certain: true };
}

function ofPair(text: string, colon: number): TextAddress | undefined {
  const code = text.charCodeAt(colon + 1);
  if (!(code >= 0x30 && code <= 0x39)) return undefined;
  const port = AFTER_COLON.exec(text.slice(colon + 1, colon + 7))?.[1];
  const host = BEFORE_COLON.exec(text.slice(Math.max(0, colon - LONGEST), colon))?.[1];
  if (port === undefined || host === undefined) return undefined;
  return { host, port: Number(port), certain: Number(port) >= LEAST_PORT && WHOLE.test(text) };
}

/** A text that is a host, with or without a port. */
export function wholeAddress(text: string): TextAddress | undefined {
  if (text.length > LONGEST + 7) return undefined;
  const match = WHOLE.exec(text);
  if (match === null) return undefined;
  return { host: match[1], port: match[2] === undefined ? undefined : Number(match[2]), certain: true };
}

/** The Service that a host name means inside of a cluster. */
export interface ServiceName {
  readonly name: string;
  /** None where that of the client is meant. */
  readonly namespace?: string;
}

/** @see https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/ */
export function serviceNameOf(host: string): ServiceName | undefined {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.');
  const svc = labels.indexOf('svc', 2);
  // a pod of a headless Service has its own name before that of the Service
  if (svc >= 2) return { name: labels[svc - 2], namespace: labels[svc - 1] };
  if (labels.length > 2) return undefined;
  return { name: labels[0], namespace: labels[1] };
}

const NAMES_ADDRESS =
  /(?:^|[._-])(?:addr(?:ess)?|host(?:name)?|url|uri|server|servers|endpoint|endpoints|dsn|broker|brokers|upstream|backend)$/i;
/** Names of texts that say who comes, what is published, or what is no network address at all. */
const NAMES_OTHERS =
  /no_?proxy|allow|cors|origin|trust|virtual|server_?name|public|external|cookie|image|topic|queue|bucket|realm|issuer|audience|referer|csp|label|title|link/i;

/** Whether a name tells that its value is an address to connect to: `CART_SERVICE_ADDR`, `--redis-host`. */
export function namesAddress(name: string): boolean {
  return NAMES_ADDRESS.test(name) && !NAMES_OTHERS.test(name);
}

/** Whether a name tells that addresses in its value are not for the process to connect to. */
export function namesOthers(name: string): boolean {
  return NAMES_OTHERS.test(name);
}
