import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { textOf } from './random-text';
import { suspicionOf } from '../../src/secrets-scan/credentials';
import { formatIn } from '../../src/secrets-scan/formats';
import { FORMATS, SHORTEST, VERSION } from '../../src/secrets-scan/formats.generated';

interface Samples {
  readonly source: string;
  readonly samples: Readonly<Record<string, { readonly positives: string[]; readonly negatives: string[] }>>;
}

/** In parts, so that no whole credential is in the repository. */
const { source, samples } = JSON.parse(readFileSync(join(__dirname, 'gitleaks-samples.json'), 'utf8')) as Samples;
const whole = (sample: string): string => sample.replaceAll('\u00b7', '');

describe('the formats of credentials', () => {
  const text = readFileSync(join(__dirname, '../../src/secrets-scan/formats.generated.ts'), 'utf8');

  test('come from a version of gitleaks, whose licence is with them', () => {
    expect(text).toContain(`github.com/zricethezav/gitleaks/v8 ${VERSION}`);
    expect(text).toMatch(/MIT License[^]*Copyright \(c\) 2019 Zachary Rice[^]*WITHOUT WARRANTY OF ANY KIND/);
    expect(source).toBe(`github.com/zricethezav/gitleaks/v8 ${VERSION}`);
  });

  test('have patterns that JavaScript reads, and keywords in lower case', () => {
    expect(FORMATS.length).toBeGreaterThan(100);
    for (const { pattern, keywords, allowed = [] } of FORMATS) {
      for (const each of [pattern, ...allowed]) expect(() => new RegExp(each)).not.toThrow();
      expect(keywords.length).toBeGreaterThan(0);
      expect(keywords.join()).toBe(keywords.join().toLowerCase());
    }
  });

  test.each(FORMATS.map(({ id }) => id))('%s finds what gitleaks finds, and not what it lets pass', (id) => {
    expect(samples[id].positives.length).toBeGreaterThan(0);
    expect(samples[id].positives.map(whole).filter((sample) => formatIn(sample) === undefined)).toEqual([]);
    expect(samples[id].negatives.map(whole).filter((sample) => formatIn(sample) === id)).toEqual([]);
  });

  test.each(FORMATS.map((format) => [format.id, format] as const))(
    'C1: %s is found in any text of its pattern (CH01-37)',
    (_id, { pattern, keywords, entropy = 0, allowed = [] }) => {
      const matching = new RegExp(pattern);
      const isTypical = (secret: string): boolean => {
        // not at its borders, not below the entropy that gitleaks asks for, and none of its exceptions
        const found = matching.exec(` ${secret} `);
        const credential = found?.slice(1).find(Boolean) ?? found?.[0] ?? '';
        return entropyOf(credential) > entropy && !allowed.some((exception) => new RegExp(exception).test(credential));
      };
      fc.assert(
        fc.property(textOf(pattern).filter(isTypical), fc.constantFrom('', '"', '\n'), (secret, quote) => {
          expect(suspicionOf(`MY_${keywords[0]}`, `${quote} ${secret} ${quote}`)).toEqual({
            certain: true,
            what: expect.stringMatching(/^a (credential in the format|private key)/),
          });
        }),
        { numRuns: 30 },
      );
    },
  );

  test.each([
    ['a commit of Git', 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678'],
    ['a digest', `sha256:${'0347ea563c58fbd7'.repeat(4)}`],
    ['an example of AWS', 'AKIAIOSFODNN7EXAMPLE'],
    ['a UUID', '6f9619ff-8b86-d011-b42d-00cf4fc964ff'],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ'],
    ['too few letters', `ghp_${'a'.repeat(36)}`],
  ])('have nothing of %s', (_title, value) => {
    expect(formatIn(value)).toBeUndefined();
    expect(formatIn(value, 'SOURCEGRAPH_COMMIT')).toBeUndefined();
  });

  test('may have their keyword in the name of the value', () => {
    const airtable = `pat${'a1B2c3D4e5F6g7'}.${'0123456789abcdef'.repeat(4)}`;
    expect([formatIn(airtable), formatIn(airtable, 'AIRTABLE')]).toEqual([
      undefined,
      'airtable-personnal-access-token',
    ]);
  });

  test.each(FORMATS.map(({ id, pattern, keywords }) => [id, pattern, keywords] as const))(
    '%s is searched for in linear time',
    (_id, pattern, keywords) => {
      const [sample] = fc.sample(textOf(pattern), { numRuns: 1, seed: 1 });
      const attacks = [
        ...keywords.map((keyword) => keyword.repeat(100_000 / keyword.length)),
        `${sample.slice(0, -1)}!`.repeat(100_000 / (sample.length + 1)),
        sample.slice(0, SHORTEST) + sample.slice(-1).repeat(100_000),
        sample.slice(0, SHORTEST) + 'a1-_.'.repeat(20_000),
      ];
      const start = Date.now();
      for (const attack of attacks) new RegExp(pattern, 'g').test(attack);
      expect(Date.now() - start).toBeLessThan(5_000);
    },
  );
});

function entropyOf(text: string): number {
  const counts = [...new Set(text)].map((character) => text.split(character).length - 1);
  return counts.reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
