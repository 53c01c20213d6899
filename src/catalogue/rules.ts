import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** Rules for rules: custom rules, severities and waivers. */
export const RULES = rules({
  'rules/duplicate-id': {
    severity: ERROR,
    practices: [],
    title: 'Ids of rules are unique in an app',
    reason: 'A finding, a waiver or a severity could not say which rule it is about.',
    fix: 'Give one of them another id, or add it once',
    bad: "for (let count = 0; count < 2; count++) Rules.of(app).add({ id: 'acme/team', check: () => [] });",
    good: "for (const name of ['a', 'b']) Rules.of(app).add({ id: `acme/${name}`, check: () => [] });",
  },
  'rules/reserved-prefix': {
    severity: ERROR,
    practices: [],
    title: 'The id of a custom rule has a custom prefix',
    reason: 'A later release of the library could add a rule with that id, and existing waivers would cover it.',
    fix: "Begin the id with the name of your team or company: 'acme/team-label'",
    bad: "Rules.of(app).add({ id: 'workload/team', check: () => [] });",
    good: "Rules.of(app).add({ id: 'acme/team', check: () => [] });",
  },
  'rules/failed': {
    severity: ERROR,
    practices: [],
    title: 'A rule completes',
    reason: 'A rule that throws has checked nothing, and the missing findings would look like a pass.',
    fix: 'Correct the rule',
    bad: "Rules.of(app).add({ id: 'acme/team', check: () => { throw new Error('no team'); } });",
    good: "Rules.of(app).add({ id: 'acme/team', check: () => [] });",
  },
  'rules/unknown-id': {
    severity: ERROR,
    practices: [],
    title: 'A waiver or a severity names a rule that exists',
    reason: 'With an unknown id, it has no effect but looks as if it had.',
    fix: 'Correct the id: docs/rules.md lists the rules of the library',
    bad: "Rules.of(app).severity('workload/moving-tags', Severity.ERROR);",
    good: "Rules.of(app).severity('workload/moving-tag', Severity.ERROR);",
  },
  'rules/not-waivable': {
    severity: ERROR,
    practices: [],
    title: 'A rule that sound YAML requires is neither waived nor lowered',
    reason: 'It reports what cannot be rendered, or what the API server refuses as well.',
    fix: 'Correct what the rule reports',
    bad: "Rules.of(app).severity('props/value', Severity.WARNING);",
    good: "Rules.of(app).severity('workload/moving-tag', Severity.INFO);",
  },
  'rules/two-severities': {
    severity: ERROR,
    practices: [],
    title: 'A rule has one severity in an app',
    reason: 'The order of the statements would decide which one applies.',
    fix: 'Keep one',
    bad:
      "Rules.of(app).severity('workload/moving-tag', " +
      "Severity.ERROR);\nRules.of(app).severity('workload/moving-tag', Severity.INFO);",
    good: "Rules.of(app).severity('workload/moving-tag', Severity.ERROR);",
  },
  'rules/expired-waiver': {
    severity: WARNING,
    practices: [],
    title: 'A waiver has not expired',
    reason: 'The rule applies again, and the waiver misleads its readers.',
    fix: 'Remove the waiver, or set a later day',
    bad:
      "Rules.of(app).asOf('2027-01-01').waive('workload/moving-tag', chart, { reason: 'OPS-12', until: " +
      "'2026-12-31' });",
    good:
      "new WebService(chart, 'web', { ...web, image: 'ghcr.io/acme/web:blue' });\n" +
      "Rules.of(app).asOf('2026-11-01')" +
      ".waive('workload/moving-tag', chart, { reason: 'OPS-12', until: '2026-12-31' });",
  },
  'rules/unused-waiver': {
    severity: WARNING,
    practices: [],
    title: 'A waiver covers a finding',
    reason: 'A waiver without a finding would hide the next mistake.',
    fix: 'Remove the waiver',
    bad:
      "new WebService(chart, 'web', web);\nRules.of(app).asOf('2026-11-01').waive('workload/moving-tag', chart, { " +
      "reason: 'OPS-12', until: '2026-12-31' });",
    good:
      "new WebService(chart, 'web', { ...web, image: 'ghcr.io/acme/web:blue' });\n" +
      "Rules.of(app).asOf('2026-11-01')" +
      ".waive('workload/moving-tag', chart, { reason: 'OPS-12', until: '2026-12-31' });",
  },
});
