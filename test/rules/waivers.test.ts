import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import '@microsoft/jest-sarif';
import * as cdk8s from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import * as blocks from '../../src';
import {
  App,
  DisruptionBudget,
  type Finding,
  FindingFormat,
  Findings,
  findingsOf,
  Inventory,
  Rules,
  Severity,
  SynthesisError,
  type Waiver,
  WebService,
} from '../../src';
import { CATALOGUE } from '../../src/catalogue/catalogue';
import { PRELUDE, type Rule } from '../../src/catalogue/rule';
import { messagesOf, newChart, pinned, problemsOf, problemsOfApp, untyped, warningsIn, WEB } from '../support';

const TODAY = '2026-11-29';
const WHY: Waiver = { reason: 'OPS-12', until: '2026-12-31' };
const MOVING = { ...WEB, image: 'ghcr.io/acme/web:blue' };

/** A sample of the catalogue on its own app. */
function appOf(sample: string): App {
  const { ApiObject, Chart, Duration, JsonPatch, Size } = cdk8s;
  const names = { ...blocks, ApiObject, Chart, Construct, Duration, JsonPatch, Size, kplus };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  return new Function(...Object.keys(names), `${PRELUDE}\n${sample}\nreturn app;`)(...Object.values(names)) as App;
}

const ERRORS = Object.entries<Rule>(CATALOGUE).filter(([, { severity }]) => severity === Severity.ERROR);
const WAIVABLE = ERRORS.filter(([, { waivable }]) => waivable);
const FIXED = ERRORS.filter(([id, { waivable }]) => !waivable && id !== 'app/validation');

const counted = (findings: readonly Finding[]): string[] =>
  findings.filter(({ severity, waiver }) => severity === Severity.ERROR && !waiver).map(({ rule }) => rule);

describe('a rule that can be waived', () => {
  const written = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  afterAll(() => written.mockRestore());

  test.each(WAIVABLE)('%s: what it refuses is rendered with a waiver, and with a lower severity', (id, { bad }) => {
    const app = appOf(bad);
    Rules.of(app).asOf(TODAY).waive(id, app, WHY);
    expect(
      findingsOf(app)
        .filter(({ waiver }) => waiver)
        .map(({ rule, waiver }) => [rule, waiver]),
    ).toContainEqual([id, WHY]);
    expect(app.synthYaml()).toContain('kind:');

    const lowered = appOf(bad);
    Rules.of(lowered).severity(id, Severity.WARNING);
    expect(lowered.synthYaml()).toContain('kind:');
    expect(
      findingsOf(lowered)
        .filter(({ rule }) => rule === id)
        .map(({ severity }) => severity),
    ).toContain(Severity.WARNING);
  });

  test('is judged from facts: what a constructor refuses, it replaces, and no YAML has it', () => {
    const root = join(__dirname, '../../src');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !/^(catalogue|rules)\//.test(file),
    );
    const source = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
    expect(WAIVABLE.map(([id]) => id).filter((id) => source.includes(`'${id}'`))).toEqual([]);
  });

  test.each(FIXED)('is not %s', (id, { bad }) => {
    const app = appOf(bad);
    const before = counted(findingsOf(app));
    Rules.of(app).waive(id, app, WHY).severity(id, Severity.INFO);
    expect(new Set(counted(findingsOf(app)))).toEqual(new Set([...before, 'rules/not-waivable']));
  });
});

describe('a waiver', () => {
  test('is refused where no sound YAML exists without the rule', () => {
    expect(
      problemsOf((chart) => {
        new WebService(chart, 'web', { ...WEB, port: 0 });
        Rules.of(chart).waive('props/value', chart, WHY).severity('props/value', Severity.INFO);
      }),
    ).toEqual([
      '[] severity.ruleId: rules/not-waivable',
      '[app] waive.ruleId: rules/not-waivable',
      '[app/web] port: props/value',
    ]);
  });

  const twoOf = (): { app: App; inside: WebService; outside: WebService } => {
    const app = new App();
    const [inside, outside] = ['a', 'b'].map((id) => new WebService(newChart('shop', id, app), 'web', MOVING));
    return { app, inside, outside };
  };

  test('holds for a construct and what is inside, also when it is said before', () => {
    const app = new App();
    const chart = newChart('shop', 'a', app);
    Rules.of(chart).asOf(TODAY).waive('workload/moving-tag', chart, WHY);
    new WebService(chart, 'web', MOVING);
    new WebService(newChart('shop', 'b', app), 'web', MOVING);
    expect(findingsOf(app).map(({ constructPath, waiver }) => [constructPath, waiver])).toEqual([
      ['b/web', undefined],
      ['a/web', WHY],
    ]);
  });

  test('keeps the finding out of lines that are printed, and out of the inventory', () => {
    const written = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const { app, inside } = twoOf();
    Rules.of(app).asOf(TODAY).waive('workload/moving-tag', inside, WHY);
    app.synthYaml();
    const lines = written.mock.calls.map(([line]) => String(line));
    written.mockRestore();
    expect(lines).toEqual([expect.stringMatching(/^warning workload\/moving-tag: \[b\/web\]/)]);
    expect(Inventory.of(app).warnings.map(({ path }) => path)).toEqual(['b/web']);
  });

  test('is in text, JSON and SARIF', () => {
    const { app, inside } = twoOf();
    Rules.of(app).asOf(TODAY).waive('workload/moving-tag', inside, WHY);
    const findings = Findings.of(app);
    expect(Findings.format(findings, FindingFormat.TEXT)).toMatch(
      /^warning .*\nwaived workload\/moving-tag: \[a\/web\] .* \(waived until 2026-12-31: OPS-12\)\n$/,
    );
    expect(JSON.parse(Findings.format(findings, FindingFormat.JSON))).toEqual(findings);
    const log = JSON.parse(Findings.format(findings, FindingFormat.SARIF)) as { runs: Array<{ results: unknown[] }> };
    expect(log).toBeValidSarifLog();
    expect(log.runs[0].results).toEqual([
      expect.not.objectContaining({ suppressions: expect.anything() }),
      expect.objectContaining({
        suppressions: [{ kind: 'inSource', status: 'accepted', justification: 'OPS-12 (until 2026-12-31)' }],
      }),
    ]);
  });

  test.each([
    ['2026-12-31', []],
    [
      '2027-01-01',
      [
        '[b] waive.until: rules/expired-waiver',
        '[a/web] image: workload/moving-tag',
        '[b/web] image: workload/moving-tag',
      ],
    ],
  ])('holds on its last day, not on the next: %s', (today, warnings) => {
    const { app, inside, outside } = twoOf();
    Rules.of(app)
      .asOf(today)
      .waive('workload/moving-tag', inside, WHY)
      .waive('workload/moving-tag', outside.node.scope as Construct, WHY);
    const found = warningsIn(app).filter((line) => !line.startsWith('[a/web] waive'));
    expect(today > WHY.until ? found.sort() : findingsOf(app).filter(({ waiver }) => !waiver)).toEqual(warnings.sort());
  });

  test('is compared with the day of the run unless another one is set; of two, the later one counts', () => {
    jest.useFakeTimers({ now: new Date('2027-01-01T00:00:00Z') });
    try {
      const expired = (...days: string[]): boolean => {
        const { app } = twoOf();
        const rules = Rules.of(app).waive('workload/moving-tag', app, WHY);
        for (const day of days) rules.asOf(day);
        return findingsOf(app).some(({ rule }) => rule === 'rules/expired-waiver');
      };
      expect([expired(), expired('2026-12-31'), expired('2027-01-02', '2026-12-31')]).toEqual([true, false, true]);
    } finally {
      jest.useRealTimers();
    }
  });

  test('that holds for nothing is a finding, once, and so is one of an unknown rule', () => {
    const { app, inside } = twoOf();
    Rules.of(app)
      .asOf(TODAY)
      .waive('workload/moving-tag', app, WHY)
      .waive('workload/moving-tag', inside, WHY)
      .waive('workload/moving-tags', app, WHY);
    expect(pinned(findingsOf(app).filter(({ waiver }) => !waiver))).toEqual([
      '[] waive.ruleId: rules/unknown-id',
      '[a/web] waive: rules/unused-waiver',
    ]);
  });

  test.each<[string, unknown, string]>([
    ['no reason', { until: '2026-12-31' }, 'waive.reason: props/required'],
    ['no day', { reason: 'why' }, 'waive.until: props/required'],
    ['a day that no month has', { reason: 'why', until: '2026-02-30' }, 'waive.until: props/value'],
    ['a time', { reason: 'why', until: '2026-12-31T00:00:00Z' }, 'waive.until: props/value'],
    ['an unknown prop', { ...WHY, by: 'me' }, 'waive.by: props/unknown'],
  ])('is refused with %s', (_, waiver, expected) => {
    expect(
      problemsOf((chart) =>
        Rules.of(chart).waive('workload/moving-tag', chart, untyped(waiver as Record<string, unknown>)),
      ),
    ).toEqual([`[] ${expected}`]);
  });

  test('is refused for a construct of another app, and a day of the run that is none', () => {
    expect(problemsOf((chart) => Rules.of(chart).asOf('today').waive('workload/moving-tag', newChart(), WHY))).toEqual([
      '[] asOf.today: props/value',
      '[] waive.construct: props/value',
    ]);
  });
});

describe('a severity', () => {
  test.each([
    ['our App', new App()],
    ["cdk8s' App", new cdk8s.App()],
  ])('makes an error of a warning: nothing is written under %s', (_, app) => {
    new WebService(newChart('shop', 'app', app), 'web', MOVING);
    Rules.of(app).severity('workload/moving-tag', Severity.ERROR);
    expect(problemsOfApp(app)).toEqual(['[app/web] image: workload/moving-tag']);
  });

  test.each([
    ['our App', new App()],
    ["cdk8s' App", new cdk8s.App()],
  ])('makes an error of a waiver without use, under %s', (_, app) => {
    new WebService(newChart('shop', 'app', app), 'web', WEB);
    Rules.of(app).asOf(TODAY).waive('workload/moving-tag', app, WHY).severity('rules/unused-waiver', Severity.ERROR);
    expect(messagesOf(() => app.synthYaml())).toHaveLength(1);
  });

  test('makes a warning of an error that an app can do without', () => {
    const app = new App();
    const budget = DisruptionBudget.minAvailable(2);
    new WebService(newChart('shop', 'app', app), 'web', { ...WEB, budget });
    expect(() => app.synthYaml()).toThrow(SynthesisError);
    Rules.of(app).severity('scaling/blocked-drain', Severity.WARNING);
    expect(warningsIn(app)).toEqual(['[app/web] budget.minAvailable: scaling/blocked-drain']);
  });

  test('is one of three, of a rule that exists, and one for a rule', () => {
    expect(
      problemsOf((chart) =>
        Rules.of(chart)
          .severity('workload/moving-tag', untyped('fatal'))
          .severity('workload/moving-tags', Severity.ERROR)
          .severity('workload/moving-tag', Severity.ERROR)
          .severity('workload/moving-tag', Severity.INFO),
      ),
    ).toEqual([
      '[] severity.to: props/value',
      '[] severity.ruleId: rules/unknown-id',
      '[] severity: rules/two-severities',
    ]);
  });
});
