import { inspect, isDeepStrictEqual } from 'node:util';
import { Duration, Size, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import * as recorded from './recorded';
import { type Documented, givenStructs, makesReader, propsAt, used } from './structs';
import * as library from '../../src';
import { isPlain } from '../../src/kernel/schema/checks';
import { appOf, NAMES } from '../blocks/catalogue';
import { build, validApp } from '../cluster/acceptance/random-app';
import { newChart, WEB } from '../support';

jest.mock('../../src/kernel/schema/reader', () =>
  jest
    .requireActual<typeof recorded>('./recorded')
    .recordingModule(jest.requireActual('../../src/kernel/schema/reader')),
);

const SAMPLES = [
  ...NAMES.flatMap((name) => [appOf(name), appOf(name)]),
  ...fc.sample(validApp, { numRuns: 900, seed: 42 }),
];
SAMPLES.forEach((app, index) => {
  const chart = newChart(`shop-${index % 2}`, `app-${index % 2}`);
  build(app, chart);
  Testing.synth(chart);
});
library.UserCertificate.script({ user: 'jane' });
for (const id of ['a', 'b']) {
  new library.OwnPods(new Construct(newChart('shop', id), 'own') as never, { ports: [{ name: 'http', port: 8080 }] });
}
new library.ExternalService(newChart(), 'files', {
  target: library.ExternalTarget.dnsName('files.example.com', { egress: library.NameEgress.cilium() }),
  port: 443,
});

for (const id of ['a', 'b']) {
  const tiers = new library.NetworkTiers(newChart('shop', id), 'tiers', {
    tiers: [{ name: 'web', internetFacing: true }, { name: 'db' }],
  });
  tiers.allowScraping(library.Peer.pods({ labels: { app: 'prometheus' }, namespace: 'monitoring' }));
}

for (const id of ['a', 'b']) {
  const web = new library.WebService(newChart('shop', id), 'web', WEB);
  web.mount('/cache', library.Volume.emptyDir({ sizeLimit: Size.mebibytes(16) }));
}

for (const id of ['a', 'b']) {
  const chart = newChart('shop', id);
  const web = new library.WebService(chart, 'web', WEB);
  web.addSidecar(library.Sidecar.logTail({ file: '/var/log/shop/access.log' }));
  library.Sidecar.exporter({ image: WEB.image, port: 9102 }).applyTo(chart, { except: [chart] });
  web.addSidecar(library.Sidecar.exporter({ image: WEB.image, port: 9102 }));
}

for (const id of ['a', 'b']) {
  const chart = newChart('shop', id);
  new library.HttpRouting(chart, 'routing', {
    host: 'shop.example.com',
    tls: library.Tls.ofGateway(),
    authentication: library.Authentication.forwardAuth({ middleware: 'login' }),
    controller: library.GatewayController.inNamespace('traefik', {
      gateway: { name: 'edge', namespace: 'edge', httpListener: 'http', httpsListener: 'https' },
    }),
    routes: [{ path: '/', backend: new library.WebService(chart, 'web', WEB) }],
  });
  Testing.synth(chart);
}

for (const [id, provider] of Object.entries({
  aws: library.CsiProvider.aws(),
  vault: library.CsiProvider.vault({ address: 'https://vault.example.com', role: 'shop' }),
})) {
  const keys = { key: { key: 'shop', property: 'key', version: '1' } };
  const from = library.SecretSource.csi({ provider, keys });
  const chart = newChart('shop', id);
  new library.VersionedSecret(chart, 'key', { version: 'v1', from });
  new library.VersionedSecret(chart, 'sealed', {
    version: 'v1',
    from: library.SecretSource.sealed({ encryptedData: {} }),
  });
  const roleArn = 'arn:aws:iam::111122223333:role/shop';
  new library.SecretStore(chart, 'store', {
    provider: library.StoreProvider.aws({ region: 'eu-central-1', roleArn }),
  });
  new library.SecretStore(chart, 'other', { provider: library.StoreProvider.gcp({ projectId: 'shop-production' }) });
}

library.Diagram.of(newChart()).toHtml();
library.Diagram.of(newChart()).toHtml({ title: 'Shop' });

/** A prop with all the ways in which it was read. */
interface Declared extends Documented {
  readonly reads: readonly recorded.Read[];
}

const declared = new Map<string, { documented: Documented; ways: Map<string, recorded.Read> }>();
const pairs = recorded.reads.flatMap((read) =>
  propsAt(read.line, read.block, read.own)
    .filter(({ prop }) => prop === read.prop)
    .map((documented) => ({ read, documented })),
);
for (const { read, documented } of pairs) {
  const known = declared.get(titleOf(documented)) ?? { documented, ways: new Map<string, recorded.Read>() };
  known.ways.set(JSON.stringify([read.check?.expected, read.required, read.given, read.fallback]), read);
  declared.set(titleOf(documented), known);
}
const props: Declared[] = [...declared.values()].map(({ documented, ways }) => ({
  ...documented,
  reads: [...ways.values()],
}));

function titleOf({ struct, prop }: Pick<Documented, 'struct' | 'prop'>): string {
  return `${struct}.${prop}`;
}

/** What is at odds, each as `struct.prop: fault`. */
function faults(faultOf: (prop: Declared) => string | undefined): string[] {
  return props
    .flatMap((prop) => {
      const fault = faultOf(prop);
      return fault === undefined ? [] : [`${titleOf(prop)}: ${fault}`];
    })
    .sort();
}

const SCOPE = { ...library, Duration, Size };

/** `@default 'soft': why`, `@default 3 (CH01-54)`. */
function valueOf(text: string): unknown {
  const [, code = text] = /^((?:'[^']*'|\((?:[^()]|\([^()]*\))*\)|[^:' (])+)(?:: .*| \(.*)?$/.exec(text) ?? [];
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  return new Function(...Object.keys(SCOPE), `return (${code})`)(...Object.values(SCOPE)) as unknown;
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === '' ||
    (Array.isArray(value) && value.length === 0) ||
    (isPlain(value) && Object.keys(value).length === 0)
  );
}

/** A default in words begins with `-`; where it is always the same number or text, the words name that. */
function faultOfDefault({ optional, byDefault, reads: ways }: Declared): string | undefined {
  if (!optional) return byDefault === undefined ? undefined : 'is required, and has a default';
  if (byDefault === undefined) return 'has no @default';
  const checked = ways.filter(({ check, given, required }) => check !== undefined && !given && !required);
  const fallbacks = checked.map(({ fallback }) => fallback);
  if (byDefault.startsWith('-')) {
    const [one] = fallbacks;
    const isConstant = !isNothing(one) && fallbacks.every((other) => isDeepStrictEqual(other, one));
    return isConstant && !(Object(one) !== one && byDefault.includes(String(one)))
      ? `says '${byDefault}', is ${inspect(one)}`
      : undefined;
  }
  if (checked.length === 0) return `says ${byDefault}, and is read without a default`;
  try {
    const value = valueOf(byDefault);
    const other = checked.find(
      ({ check, fallback }) =>
        !isDeepStrictEqual(
          check!.read(value, () => undefined),
          fallback,
        ),
    );
    return other && `says ${byDefault}, is ${inspect(other.fallback)}`;
  } catch {
    return `says ${byDefault}, which is no value`;
  }
}

const UNITS: Readonly<Record<string, number>> = {
  's': 1,
  'minutes': 60,
  'hours': 3600,
  'days': 86_400,
  'KiB': 2 ** 10,
  'MiB': 2 ** 20,
  'GiB': 2 ** 30,
  'TiB': 2 ** 40,
  '': 1,
};

/** The ranges that a comment states: `0 to 3600 s`, `1 MiB to 1 TiB`, `at least 16 MiB`. */
function rangesIn(text: string): Array<[number, number]> {
  const amount = '(-?\\d[\\d ]*?)(?: (s|minutes|hours|days|KiB|MiB|GiB|TiB))?';
  const inUnit = (digits: string, unit = ''): number => Number(digits.replaceAll(' ', '')) * UNITS[unit];
  return [
    ...[...text.matchAll(new RegExp(`(?<![\\w-])${amount} to ${amount}(?![\\w])`, 'g'))].map(
      ([, from, fromUnit, to, unit]): [number, number] => [inUnit(from, fromUnit ?? unit), inUnit(to, unit)],
    ),
    ...[...text.matchAll(new RegExp(`[Aa]t least ${amount}(?![\\w])`, 'g'))].map(([, from, unit]): [number, number] => [
      inUnit(from, unit),
      Infinity,
    ]),
  ];
}

/** The range of a check, by its message. */
function rangeOf(expected: string): [number, number] | undefined {
  const [, from, to] = /(?:an integer from|a Duration of) (-?\d+) to (\d+)(?: whole seconds)?/.exec(expected) ?? [];
  if (from !== undefined) return [Number(from), Number(to)];
  const [, least, unit, most = 'Infinity', mostUnit] =
    /a Size of at least (\d+) (\w+)(?: and at most (\d+) (\w+))?/.exec(expected) ?? [];
  return least === undefined ? undefined : [Number(least) * (UNITS[unit] ?? 1), Number(most) * (UNITS[mostUnit] ?? 1)];
}

/** Ports are what everyone knows; a size of any bytes has no bound. */
const UNSTATED = ['1 65535', '0 Infinity', '1 Infinity'];

function faultOfRange({ text, structText, reads: ways }: Declared): string | undefined {
  const ranges = new Map(
    ways.flatMap(({ check }) => {
      const range = check && rangeOf(check.expected);
      return range === undefined ? [] : [[range.join(' '), range]];
    }),
  );
  const missing = [...ranges].filter(
    ([words, range]) =>
      !UNSTATED.includes(words) &&
      !rangesIn(`${text} ${structText}`).some((stated) => isDeepStrictEqual(stated, range)),
  );
  return missing.length === 0
    ? undefined
    : `takes ${missing.map(([, [from, to]]) => `${from} to ${to}`).join(', ')}, says '${text}'`;
}

test('each default is the one that its doc comment states', () => {
  expect(faults(faultOfDefault)).toEqual([]);
});

test('each range is the one that its doc comment states', () => {
  expect(faults(faultOfRange)).toEqual([]);
});

test('each documented prop is read', () => {
  const known = new Set([...used, ...props.flatMap((prop) => [titleOf(prop), `${prop.declaredIn}.${prop.prop}`])]);
  const unread = [...givenStructs().values()]
    .flat()
    .filter((prop) => !known.has(titleOf(prop)) && !known.has(`${prop.declaredIn}.${prop.prop}`));
  expect(unread.map(titleOf)).toEqual([]);
});

test('each reader was looked at', () => {
  const lines = [...new Set(recorded.reads.map(({ line }) => line))];
  expect(lines.filter((line) => !makesReader(line))).toEqual([]);
  expect(props.length).toBeGreaterThan(400);
});
