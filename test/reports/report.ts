import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, type Chart, Testing } from 'cdk8s';
import { App as FastApp, type Finding, findingsOf, Severity } from '../../src';
import { type Manifest, newChart, pinned, refusedBy } from '../support';

/** What somebody has reported in public, tried on the library. */
export interface Report {
  /** Tracker and number of each thread about it. */
  readonly threads: readonly string[];
  /** What went wrong there, in one line. */
  readonly what: string;
  /** What the library does, as docs/reports.md says it. */
  readonly library: string;
  /** The same situation, in a chart `app` of namespace `shop`. */
  readonly input: (chart: Chart) => void;
  readonly check: (seen: Seen) => void;
}

/** What became of an input. */
export interface Seen {
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Of all charts; none where the app is refused. */
  readonly manifests: Manifest[];
  /** The YAML of our `App`; none where the app is refused. */
  readonly yaml: string;
}

/** What is expected of the library. */
export interface Expectation {
  readonly library: string;
  readonly check: (seen: Seen) => void;
}

/** `threads`: tracker and number, several separated by commas. */
export function report(threads: string, what: string, input: Report['input'], { library, check }: Expectation): Report {
  return { threads: threads.split(', '), what, library, input, check };
}

const rulesOf = (findings: readonly Finding[]): string[] => [...new Set(findings.map(({ rule }) => rule))].sort();

const link = (rule: string): string => `[\`${rule}\`](rules.md#${rule.replace('/', '')})`;

/** The synthesis fails, by these rules and no others. */
export function refused(...rules: string[]): Expectation {
  return {
    library: `refused: ${rules.map(link).join(', ')}`,
    check: ({ errors }) => expect(rulesOf(errors)).toEqual([...rules].sort()),
  };
}

/** The app is taken, and these rules warn. */
export function warned(...rules: string[]): Expectation {
  return {
    library: `warned of: ${rules.map(link).join(', ')}`,
    check: ({ errors, warnings }) => {
      expect(rulesOf(errors)).toEqual([]);
      expect(rulesOf(warnings)).toEqual(expect.arrayContaining(rules));
    },
  };
}

/** Nobody has to do anything. `how`: what the YAML has. */
export function right(how: string, check: (seen: Seen) => void): Expectation {
  return {
    library: `right: ${how}`,
    check: (seen) => {
      expect(rulesOf(seen.errors)).toEqual([]);
      check(seen);
    },
  };
}

/** A guide says what to do, in these words. */
export function told(
  guide: string,
  words: string | RegExp,
  check: (seen: Seen) => void = () => undefined,
): Expectation {
  return {
    library: `told in [${guide}](${guide}.md)`,
    check: (seen) => {
      const text = readFileSync(join(__dirname, `../../docs/${guide}.md`), 'utf8').replace(/\s+/g, ' ');
      expect([words, typeof words === 'string' ? text.includes(words) : words.test(text)]).toEqual([words, true]);
      expect(rulesOf(seen.errors)).toEqual([]);
      check(seen);
    },
  };
}

/** Nothing is done about it, and why. The test shows that it is still so. */
export function open(why: string, check: (seen: Seen) => void): Expectation {
  return { library: `not handled: ${why}`, check };
}

/** Tries the input. */
export function tried({ input }: Report): Seen {
  const chart = newChart();
  const app = chart.node.root as App;
  const failed = refusedBy(() => {
    input(chart);
    Testing.synth(chart);
  }, chart);
  const found = findingsOf(app);
  const errors = found.filter(({ severity, waiver }) => severity === Severity.ERROR && waiver === undefined);
  const warnings = found.filter(({ severity }) => severity === Severity.WARNING);
  pinned(warnings);
  if (failed.length > 0) return { errors, warnings, manifests: [], yaml: '' };
  return {
    errors,
    warnings,
    manifests: app.charts.flatMap((one) => one.toJson() as Manifest[]),
    yaml: yamlOf(input),
  };
}

function yamlOf(input: Report['input']): string {
  const app = new FastApp();
  const chart = newChart('shop', 'app', app);
  input(chart);
  return String(app.synthYaml());
}

/** A test for each report. */
export function tryReports(reports: readonly Report[]): void {
  test.each(reports.map((one) => [`${one.threads.join(', ')}: ${one.what}`, one] as const))('%s', (_title, one) => {
    one.check(tried(one));
  });
}
