import { refuseOneWord } from './command';
import type { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import { anyText, confidential, listOf, mapOf, matching, oneOf, text } from '../kernel/schema/checks';
import { askedPath } from '../kernel/schema/http-path';
import type { Reader } from '../kernel/schema/reader';
import { portName } from '../kernel/schema/syntax';
import { portNumber, type PortSettings } from '../network/ports';
import { type Suspicion, suspicionOf, suspiciousWord } from '../secrets-scan/credentials';

/** Options of a request that the kubelet sends to a container. */
export interface HttpRequestOptions {
  /**
   * Scheme of the request. Certificates are not verified.
   *
   * @default 'HTTP'
   */
  readonly scheme?: 'HTTP' | 'HTTPS';

  /**
   * Headers of the request. A credential is an error (CH01-37): the kubelet cannot read a Secret.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string };
}

/** The choice of a port of the container. */
interface PortChoice {
  readonly port?: number;
  readonly portName?: string;
}

/** A request of the kubelet. */
export interface HttpAction {
  readonly kind: 'httpGet';
  readonly path: string;
  readonly port: string;
  readonly scheme: 'HTTP' | 'HTTPS';
  readonly headers: Record<string, string>;
}

/** Where a handler is, and what to write there. */
export interface HandlerPlace {
  readonly prop: string;
  readonly example: string;
  readonly what: string;
  readonly secretFix: string;
}

// the API server accepts fewer characters than RFC 9110
const headerName = matching(/^[-0-9A-Za-z]+$/, 256, "an HTTP header name of letters, digits and '-'");

const SCHEME = oneOf<'HTTP' | 'HTTPS'>('HTTP', 'HTTPS');
const HEADERS = confidential(mapOf(headerName, confidential(anyText)));
const WORDS = confidential(listOf(confidential(text)));

/** Reads a GET request. */
export function readHttpRequest(
  target: unknown,
  read: Reader<HttpRequestOptions & PortChoice>,
  ports: readonly PortSettings[],
  problems: Problems,
  place: HandlerPlace,
): HttpAction | undefined {
  const { prop, example } = place;
  const port = readPort(read, ports, problems, prop);
  const path = askedPath.read(target, (value, expected) =>
    problems.refuse(prop, value, expected, { rule: 'props/value', fix: `Write ${example}` }),
  );
  const scheme = read.optional('scheme', SCHEME, 'HTTP');
  const headers = read.optional('headers', HEADERS, {}, { fix: 'Map header names to values' });
  for (const [name, value] of Object.entries(headers)) {
    const suspicion = suspicionOf(name, value);
    if (suspicion) refuseSecret(suspicion, problems, place, `.headers${keyPart(name)}`);
  }
  return path === undefined || port === undefined
    ? undefined
    : { kind: 'httpGet', path, port: port.name, scheme, headers };
}

/** Reads the words of a command. */
export function readWords(command: unknown, problems: Problems, place: HandlerPlace): readonly string[] | undefined {
  const { prop, example } = place;
  const fix = `Write ${example}`;
  const words = WORDS.read(command, (value, expected, at = '') => {
    problems.refuse(`${prop}${at}`, value, expected, { rule: 'props/value', fix });
  });
  if (words?.length === 0) {
    problems.refuse(prop, command, 'at least one word', { rule: 'props/empty-list', fix });
    return undefined;
  }
  if (words) refuseOneWord(words, problems, prop);
  const suspicious = suspiciousWord(words ?? []);
  if (suspicious) refuseSecret(suspicious, problems, place, `[${suspicious.index}]`);
  return words;
}

/** Reads the port that a handler uses: the first TCP port of the container, unless it is chosen. */
export function readPort(
  read: Reader<PortChoice>,
  ports: readonly PortSettings[],
  problems: Problems,
  prop: string,
): PortSettings | undefined {
  read.conflict('port', 'portName', { fix: 'Keep one' });
  const port = read.optional('port', portNumber, undefined, {
    fix: 'Write a port that the container declares, such as 8080',
  });
  const name = read.optional('portName', portName, undefined, {
    fix: "Write the name of a port that the container declares, such as 'http'",
  });
  const found = ports.find(
    (candidate) =>
      candidate.protocol === 'TCP' &&
      (port === undefined || candidate.port === port) &&
      (name === undefined || candidate.name === name),
  );
  if (!found) {
    const known = ports.map((candidate) => `${candidate.port} '${candidate.name}'`).join(', ') || 'none';
    problems.refuse(prop, port ?? name, `one of the container's TCP ports (${known})`, {
      rule: 'reference/missing-port',
      fix: 'Name a port that the container declares',
    });
  }
  return found;
}

function refuseSecret(
  { certain, what: got }: Suspicion,
  problems: Problems,
  { prop, what, secretFix }: HandlerPlace,
  at: string,
): void {
  problems.add({
    rule: certain ? 'secret/in-probe' : 'secret/by-name',
    prop: `${prop}${at}`,
    got,
    expected: `${what} without credentials`,
    fix: secretFix,
  });
}
