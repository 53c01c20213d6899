import * as fc from 'fast-check';
import { type CronWindow, faultOf, overlapOf } from '../../src/kubernetes/cron-windows';

const window = (start: string, end: string): CronWindow => ({ start, end });

describe('a window of two schedules', () => {
  test.each([
    ['0 8 * * *', '0 20 * * *'],
    ['0 22 * * *', '0 6 * * *'],
    ['0 8 * * 1-5', '0 20 * * 1-5'],
    ['0 18 * * fri', '0 8 * * mon'],
    ['0 8,14 * * *', '0 12,18 * * *'],
    ['0 0 1 * *', '0 0 3 * *'],
    ['0 0 28 feb *', '0 0 1 mar *'],
    ['*/30 * * * *', '15/30 * * * *'],
  ])('is sound where starts and ends take turns: %s, %s', (start, end) => {
    expect(faultOf(window(start, end))).toBeUndefined();
  });

  test.each([
    ['0 8 * * *', '0 8 * * *', 'same-time', ['Sunday 08:00']],
    ['0 8 * * mon', '0 8 * * *', 'same-time', ['Monday 08:00']],
    ['0 8 * * 1-5', '0 20 * * *', 'two-ends', ['Saturday 20:00', 'Sunday 20:00']],
    ['0 8 * * 1-5', '0 20 * * 1-6', 'two-ends', ['Friday 20:00', 'Saturday 20:00']],
    ['0 8 * * *', '0 20 * * 1-5', 'two-starts', ['Saturday 08:00', 'Sunday 08:00']],
    ['* 8 * * *', '0 20 * * *', 'two-starts', ['Sunday 08:00', 'Sunday 08:01']],
    ['0 0 31 * *', '0 0 1 * *', 'two-ends', ['Feb 1 00:00', 'Mar 1 00:00']],
  ])('is at fault with %s, %s: %s', (start, end, kind, times) => {
    expect(faultOf(window(start, end))).toEqual({ kind, times });
  });

  test.each([
    [window('0 8 * * *', '0 12 * * *'), window('0 12 * * *', '0 20 * * *'), undefined],
    [window('0 8 * * *', '0 12 * * *'), window('59 11 * * *', '0 20 * * *'), 'Sunday 11:59'],
    [window('0 22 * * *', '0 6 * * *'), window('0 5 * * *', '0 7 * * *'), 'Sunday 05:00'],
    [window('0 8 * * *', '0 20 * * *'), window('0 9 * * *', '0 10 * * *'), 'Sunday 09:00'],
    [window('0 8 * * 1-5', '0 20 * * 1-5'), window('0 8 * * sat', '0 20 * * sat'), undefined],
    [window('0 8 * * *', '0 20 * * *'), window('0 0 24 dec *', '0 0 27 dec *'), 'Dec 24 08:00'],
  ])('overlaps with another one, case %#', (one, other, expected) => {
    expect(overlapOf(one, other)).toBe(expected);
    expect(overlapOf(other, one) === undefined).toBe(expected === undefined);
  });

  test('has the time of KEDA: inside if the next end comes before the next start', () => {
    const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
    const cron = (at: number): string => `${at % 60} ${Math.floor(at / 60)} * * *`;
    fc.assert(
      fc.property(fc.uniqueArray(minute, { minLength: 4, maxLength: 4 }), ([a, b, c, d]) => {
        const isIn = (start: number, end: number, at: number): boolean => {
          const next = (time: number): number => (time - at - 1 + 2 * 24 * 60) % (24 * 60);
          return next(end) < next(start);
        };
        const both = Array.from({ length: 24 * 60 }, (_, at) => isIn(a, b, at) && isIn(c, d, at)).includes(true);
        expect(overlapOf(window(cron(a), cron(b)), window(cron(c), cron(d))) !== undefined).toBe(both);
        expect(faultOf(window(cron(a), cron(b)))).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });
});
