import * as fc from 'fast-check';
import type { PortData } from './arbitrary-container';
import { anyText, duration, mapping, word } from './arbitrary-text';
import { call, type Terms } from './terms';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

const timing = fc.record(
  {
    initialDelay: duration(0, 3600),
    period: duration(1, 3600),
    timeout: duration(1, 3600),
    failureThreshold: fc.integer({ min: 1, max: 1000 }),
  },
  { requiredKeys: [] },
);
const headerName = word(`-${LETTERS}${LETTERS.toUpperCase()}0123456789`, 1, 256);
const http = fc.record(
  { scheme: fc.constantFrom('HTTP', 'HTTPS'), headers: mapping(headerName, anyText) },
  { requiredKeys: [] },
);
// without characters of patterns, which are refused
const webPath = fc.webPath({ size: 'small' }).map((text) => text.replace(/[*:$]/g, '-'));
const path = fc.oneof(webPath, fc.constantFrom('?a=b', '?a={b}*', '//', '%', 'é', 'a'.repeat(2000)));

/** Which port a probe asks: the one of that rank, by its number or its name, or none in particular. */
const choice = fc.record({ by: fc.constantFrom('default', 'port', 'portName'), rank: fc.nat(3) });
const withPort = fc.tuple(timing, choice).map(([options, $port]) => ({ ...options, $port }));

/** A check. `mark` begins paths and commands, so that two probes with different marks ask different questions. */
export function probe(mark: string): fc.Arbitrary<Terms> {
  return fc.oneof(
    { withCrossShrink: true },
    fc
      .tuple(path, withPort, http)
      .map(([to, options, more]) => call('Probe.httpGet', `/${mark}${to}`, { ...options, ...more })),
    withPort.map((options) => call('Probe.tcpSocket', options)),
    withPort.map((options) => call('Probe.portOnly', options)),
    fc
      .tuple(
        withPort,
        fc.option(
          anyText.filter((text) => text !== ''),
          { nil: undefined },
        ),
      )
      .map(([options, service]) => call('Probe.grpc', { ...options, ...(service === undefined ? {} : { service }) })),
    fc
      .tuple(
        fc.array(
          anyText.filter((text) => text !== ''),
          { maxLength: 3 },
        ),
        timing,
      )
      .map(([command, options]) => call('Probe.exec', [mark, ...command], options)),
  );
}

export const sameAsReadiness = call('Probe.sameAsReadiness');

/** The probe with one of these ports; a command where there is no port that a probe can ask. */
export function ready(given: Terms, ports: readonly PortData[]): Terms {
  const { $call: factory, args } = given as unknown as { $call: string; args: unknown[] };
  const { $port, ...options } = args[args.length - 1] as {
    $port?: { by: 'default' | 'port' | 'portName'; rank: number };
  };
  if ($port === undefined) return given;
  const tcp = ports.filter(({ protocol = 'TCP' }) => protocol === 'TCP');
  if (tcp.length === 0) return call('Probe.exec', ['check', factory]);
  const { name, port } = tcp[$port.rank % tcp.length];
  const chosen = { default: {}, port: { port }, portName: { portName: name } }[$port.by];
  return call(factory, ...args.slice(0, -1), { ...options, ...chosen });
}

/** Liveness must not ask the question of readiness again but by name. */
export function livenessBeside(readiness: Terms | undefined, liveness: Terms): Terms {
  return readiness !== undefined && question(readiness) === question(liveness) ? sameAsReadiness : liveness;
}

/** What is asked, but for ports, and path and command, which differ by their mark anyway. */
function question({ $call: factory, args }: Terms): string {
  const [first] = args as unknown[];
  if (factory === 'Probe.httpGet') return `GET ${(first as string)[1]}`;
  if (factory === 'Probe.exec') return `exec ${(first as string[]).join(' ')}`;
  return factory === 'Probe.portOnly' ? 'Probe.tcpSocket' : (factory as string);
}

/** A hook before the stop, whose duration is a share of the time that is left after the drain. */
export interface RawHook {
  readonly command: readonly string[];
  readonly beforeDrain?: boolean;
  readonly path: string;
  readonly options: Terms;
  readonly asRequest: boolean;
  readonly share: number;
}

export const rawHook: fc.Arbitrary<RawHook> = fc.record({
  command: fc.array(
    anyText.filter((text) => text !== ''),
    { maxLength: 3 },
  ),
  beforeDrain: fc.option(fc.boolean(), { nil: undefined }),
  path,
  options: fc.tuple(choice, http).map(([$port, more]) => ({ $port, ...more })),
  asRequest: fc.boolean(),
  share: fc.nat(3600),
});

/** The prop `preStop`, if there is time for a hook; a request needs a port, and excludes a drain. */
export function hookProps(hook: RawHook | undefined, ports: readonly PortData[], grace: number, drain: number): Terms {
  const left = grace - drain - 1;
  if (hook === undefined || left < 1) return {};
  // the default is 5 s
  const time = hook.share % 2 === 0 && left > 5 ? {} : { duration: call('Duration.seconds', 1 + (hook.share % left)) };
  const asked = ports.some(({ protocol = 'TCP' }) => protocol === 'TCP');
  if (!hook.asRequest || drain > 0 || !asked) {
    const { beforeDrain } = hook;
    const options = { ...time, ...(beforeDrain === undefined ? {} : { beforeDrain }) };
    return { preStop: call('PreStop.exec', ['leave', ...hook.command], options) };
  }
  return { preStop: ready(call('PreStop.httpGet', `/${hook.path}`, { ...hook.options, ...time }), ports) };
}
