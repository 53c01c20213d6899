import * as fc from 'fast-check';
import { schedule, timeZone } from '../../src/kubernetes/cron';

const accepts = (value: unknown): boolean => schedule.read(value, () => undefined) !== undefined;
const isZone = (value: unknown): boolean => timeZone.read(value, () => undefined) !== undefined;

describe('a schedule', () => {
  test.each([
    '* * * * *',
    '30 2 * * *',
    '*/15 * * * *',
    '0 0 1,15 * *',
    '0 9-17 * * mon-fri',
    '0 9-17/2 * * MON-FRI',
    '5/20 * * * *',
    '0 0 ? * ?',
    '0 0 29 2 *',
    '0 0 31 1-12 *',
    '0  0\t1 jan sun',
    '05 07 * * 0',
    '0 0 31 2 1',
    '0 0 31 2 */2',
    '@hourly',
    '@daily',
    '@midnight',
    '@weekly',
    '@monthly',
    '@yearly',
    '@annually',
  ])('%p is one', (value) => expect(accepts(value)).toBe(true));

  test.each([
    '',
    ' ',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '-1 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * 32 * *',
    '* * * 0 *',
    '* * * 13 *',
    '* * * * 7',
    '* * * * sunday',
    '*/0 * * * *',
    '10-5 * * * *',
    '1-2-3 * * * *',
    '*/5/2 * * * *',
    '* * * foo *',
    'jan * * * *',
    '1.5 * * * *',
    '+5 * * * *',
    ', * * * *',
    '1,,2 * * * *',
    '*-5 * * * *',
    '0 0 31 2 *',
    '0 0 30,31 feb ?',
    '0 0 31 4,6,9,11 *',
    '@every 5m',
    '@Daily',
    '@reboot',
    'TZ=UTC 0 0 * * *',
    'CRON_TZ=Europe/Berlin 0 0 * * *',
    ' 0 0 * * *',
    '0 0 * * * ',
    '0\n0 * * *',
    5,
    null,
    ['* * * * *'],
  ])('%p is none', (value) => expect(accepts(value)).toBe(false));

  const FIELDS = [
    [0, 59],
    [0, 23],
    [1, 31],
    [1, 12],
    [0, 6],
  ] as const;
  const field = ([min, max]: readonly [number, number]): fc.Arbitrary<string> =>
    fc.oneof(
      fc.constantFrom('*', '?'),
      fc.integer({ min, max }).map(String),
      fc
        .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
        .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      fc.tuple(fc.integer({ min, max }), fc.integer({ min: 1, max })).map(([start, step]) => `${start}/${step}`),
      fc.integer({ min: 1, max }).map((step) => `*/${step}`),
    );

  test('of good fields, with a free weekday only on a day that all months have', () => {
    fc.assert(
      fc.property(
        fc.tuple(
          ...FIELDS.map((range, index) =>
            fc.array(field(index === 2 ? [1, 29] : range), { minLength: 1, maxLength: 3 }),
          ),
        ),
        (fields) => {
          expect(accepts(fields.map((parts) => parts.join(',')).join(' '))).toBe(true);
        },
      ),
    );
  });

  test('with one number out of range is none', () => {
    fc.assert(
      fc.property(fc.nat(4), fc.integer({ min: 60, max: 9999 }), (index, wrong) => {
        expect(accepts(FIELDS.map((_, at) => (at === index ? wrong : '*')).join(' '))).toBe(false);
      }),
    );
  });
});

describe('a time zone', () => {
  test.each([
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'America/Argentina/Buenos_Aires',
    'Asia/Calcutta',
    'Asia/Kolkata',
    'Etc/GMT+5',
    'America/Port-au-Prince',
    'Africa/Dar_es_Salaam',
  ])('%p is one', (value) => {
    expect(isZone(value)).toBe(true);
  });

  test.each([
    '',
    'Local',
    'CET',
    'utc',
    'europe/berlin',
    'Europe/berlin',
    'Europe/Atlantis',
    '+01:00',
    'Europe',
    '../etc/passwd',
    'Europe/Berlin ',
    1,
    null,
  ])('%p is none', (value) => {
    expect(isZone(value)).toBe(false);
  });
});
