import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cdk8s from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import * as blocks from '../src';
import { CATALOGUE } from '../src/catalogue/catalogue';
import { PRELUDE, type Rule } from '../src/catalogue/rule';

const RULES = Object.entries<Rule>(CATALOGUE);

/** Runs a sample after the prelude, and gives the rules that its app breaks, each once. */
function brokenBy(sample: string): Record<blocks.Severity, string[]> {
  const { ApiObject, Chart, Duration, JsonPatch, Size } = cdk8s;
  const names = { ...blocks, ApiObject, Chart, Construct, Duration, JsonPatch, Size, kplus };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const run = new Function(...Object.keys(names), `${PRELUDE}\n${sample}\nreturn app;`) as (
    ...values: unknown[]
  ) => blocks.App;
  const findings = blocks.findingsOf(run(...Object.values(names)));
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
