import { Duration, Size } from 'cdk8s';
import * as fc from 'fast-check';
import { Cpu, Probe } from '../src';

/** What every message looks like. */
export const MESSAGE = /^\[.+\] .+: got .+, expected .+\. .+/;

/** Values that a JavaScript caller may pass by mistake, among them good ones for other props. */
export const anyValue = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withObjectString: true,
    key: fc.string({ unit: 'binary' }),
  }),
  fc.constantFrom<unknown>(
    undefined,
    null,
    NaN,
    Infinity,
    -1,
    0,
    1,
    1.5,
    3,
    80,
    '',
    '50%',
    '/',
    'http',
    [],
    {},
    true,
    Symbol('s'),
    () => 1,
  ),
  fc.constantFrom<unknown>(
    Duration.seconds(5),
    Duration.millis(1500),
    Duration.days(5),
    Size.mebibytes(64),
    Size.kibibytes(1),
    Cpu.millis(500),
    Cpu.units(0),
    Probe.none(),
    { amount: '9'.repeat(400) },
  ),
);

/** Props of which each is left out, or anything; and now and then anything at all in place of the props. */
export function anyProps(...names: string[]): fc.Arbitrary<never> {
  const record = fc.record(Object.fromEntries(names.map((name) => [name, anyValue])), { requiredKeys: [] });
  const misspelt = fc.tuple(record, fc.string(), anyValue).map(([props, name, value]) => ({ ...props, [name]: value }));
  return fc.oneof({ weight: 4, arbitrary: record }, misspelt, anyValue) as fc.Arbitrary<never>;
}

export const junk = fc.anything({
  withNullPrototype: true,
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSparseArray: true,
  withTypedArray: true,
});

const WORDS = [
  'A',
  'name',
  'image',
  'path',
  'port',
  'ports',
  'value',
  'valueFrom',
  'secretKeyRef',
  'configMapKeyRef',
  'secret',
  'key',
  'node',
  'scope',
  'cpu',
  'memory',
  'min',
  'max',
  'target',
  'amount',
  'backend',
  'serviceName',
  'env',
  'labels',
  'namespace',
  'className',
  'podLabels',
  'issuer',
  'items',
  'containers',
  'except',
  'prefix',
  'seconds',
  'constructor',
  'toString',
  'toPeer',
  'asVolume',
  '__proto__',
];
const map = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.dictionary(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 })), value, { maxKeys: 4 });
/** Junk on its own, in lists and in maps, also with the keys that the checks look at. */
export const nested = fc.oneof(
  junk,
  map(junk),
  map(map(junk)),
  fc.array(fc.oneof(junk, map(junk), map(map(junk))), { maxLength: 3 }),
);
