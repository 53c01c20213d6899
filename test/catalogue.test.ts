import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSample } from './samples';
import * as blocks from '../src';
import { CATALOGUE } from '../src/catalogue/catalogue';
import type { Rule } from '../src/catalogue/rule';

const RULES = Object.entries<Rule>(CATALOGUE);

/** The rules that the app of a sample breaks, each once. */
function brokenBy(sample: string): Record<blocks.Severity, string[]> {
  const findings = blocks.findingsOf(runSample(sample));
  const of = (severity: blocks.Severity): string[] => [
    ...new Set(findings.filter((finding) => finding.severity === severity).map(({ rule }) => rule)),
  ];
  return { error: of(blocks.Severity.ERROR), warning: of(blocks.Severity.WARNING), info: of(blocks.Severity.INFO) };
}

describe('the catalogue', () => {
  test.each(RULES)(
    'has a bad sample that breaks %s, and no other rule whose findings are errors',
    (id, { bad, severity }) => {
      const broken = brokenBy(bad);
      expect(broken.error).toEqual(severity === blocks.Severity.ERROR ? [id] : []);
      expect(broken[severity]).toContain(id);
    },
  );

  test.each(RULES)('has a good sample that %s lets pass, and that has no errors', (id, { good }) => {
    const { error, warning } = brokenBy(good);
    expect([error, warning.filter((rule) => rule === id)]).toEqual([[], []]);
  });

  test.each(RULES)('says what is to be known of %s, without full stops', (_id, rule) => {
    for (const text of [rule.title, rule.fix]) expect(text).toMatch(/^\S.*[^.\s]$/);
    expect(rule.reason).toMatch(/^\S.*\.$/);
  });

  test('names its practices in the table of practices', () => {
    const known = new Set(
      [...readFileSync(join(__dirname, '../docs/practices.md'), 'utf8').matchAll(/^\| ([A-Z\d-]+) \|/gm)].map(
        ([, id]) => id,
      ),
    );
    expect(RULES.flatMap(([, { practices }]) => practices).filter((id) => !known.has(id))).toEqual([]);
  });

  test('has no rule that no check names', () => {
    const root = join(__dirname, '../src');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.startsWith('catalogue'),
    );
    const source = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
    expect(RULES.map(([id]) => id).filter((id) => !source.includes(`'${id}'`))).toEqual([]);
  });
});
