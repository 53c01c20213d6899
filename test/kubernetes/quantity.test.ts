import * as fc from 'fast-check';
import { binaryText, decimalText, MILLI, ONE, parseQuantity } from '../../src/kubernetes/quantity';

describe('a quantity', () => {
  // expected from reading ParseQuantity of k8s.io/apimachinery, not from running it
  test.each([
    ['0', 0n],
    ['1', ONE],
    ['500m', 500n * MILLI],
    ['1.5', 1500n * MILLI],
    ['.5', 500n * MILLI],
    ['1.', ONE],
    ['+1', ONE],
    ['-1', -ONE],
    ['1n', 1n],
    ['1u', 1000n],
    ['1k', 1000n * ONE],
    ['1M', 1_000_000n * ONE],
    ['1G', 10n ** 9n * ONE],
    ['1T', 10n ** 12n * ONE],
    ['1P', 10n ** 15n * ONE],
    ['1E', 10n ** 18n * ONE],
    ['1Ki', 1024n * ONE],
    ['1Mi', 1_048_576n * ONE],
    ['1Gi', 2n ** 30n * ONE],
    ['1Ti', 2n ** 40n * ONE],
    ['1Pi', 2n ** 50n * ONE],
    ['1Ei', 2n ** 60n * ONE],
    ['1.5Gi', 3n * 2n ** 29n * ONE],
    ['1e3', 1000n * ONE],
    ['1E3', 1000n * ONE],
    ['1e-3', MILLI],
    ['1e+2', 100n * ONE],
    ['12e6', 12_000_000n * ONE],
    ['0.1n', 1n],
    ['-0.1n', -1n],
    ['1.0000000001', ONE + 1n],
    ['0001', ONE],
    ['0.1', 100n * MILLI],
    ['129e6', 129_000_000n * ONE],
    ['100Ei', (2n ** 63n - 1n) * ONE],
    ['m', 0n],
    ['-', 0n],
    [2, 2n * ONE],
    [0.25, 250n * MILLI],
    [1e21, 10n ** 21n * ONE],
  ])('%p is %p billionths', (text, amount) => {
    expect(parseQuantity(text)).toBe(amount);
  });

  test.each([
    '',
    ' 1',
    '1 ',
    '1K',
    '1ki',
    '1kb',
    '1MiB',
    '1e',
    '1e1.5',
    '1e1m',
    '0x10',
    '1,5',
    '1_000',
    'one',
    'NaN',
    '1.5.1',
    '--1',
    '1Mi1',
    null,
    undefined,
    {},
    [],
    true,
    NaN,
    Infinity,
  ])('%p is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  test('in any notation is the same amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (millis) => {
        const text = `${millis / 1000n}.${String(millis % 1000n).padStart(3, '0')}`;
        for (const same of [`${millis}m`, text, `${millis}e-3`, `${millis * 1000n}u`, `0${text}0`]) {
          expect(parseQuantity(same)).toBe(millis * MILLI);
        }
      }),
    );
  });

  test('is written as people write it, and read back as it was', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 62n }), (amount) => {
        expect(parseQuantity(decimalText(amount))).toBe(amount);
        expect(parseQuantity(binaryText(amount))).toBe(amount);
      }),
    );
    expect(['1', '1500m', '1n', '0'].map((text) => decimalText(parseQuantity(text) ?? -1n))).toEqual([
      '1',
      '1500m',
      '1n',
      '0',
    ]);
    expect(
      ['1Gi', '1536Mi', '1000', '1024', '0', '1500m'].map((text) => binaryText(parseQuantity(text) ?? -1n)),
    ).toEqual(['1Gi', '1536Mi', '1000', '1Ki', '0', '1500m']);
  });
});
