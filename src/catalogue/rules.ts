import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** What holds for rules themselves: own ones, severities and waivers. */
export const RULES = rules({
  'rules/duplicate-id': {
    severity: ERROR,
    practices: [],
    title: 'An app has one rule of an id',
    reason: 'Nobody could tell which one a finding, a waiver or a severity is about.',
    fix: 'Give one of them another id, or add it once',
    bad: "for (let count = 0; count < 2; count++) Rules.of(app).add({ id: 'acme/team', check: () => [] });",
    good: "for (const name of ['a', 'b']) Rules.of(app).add({ id: `acme/${name}`, check: () => [] });",
  },
  'rules/reserved-prefix': {
    severity: ERROR,
    practices: [],
    title: 'The id of an own rule has a prefix of its own',
    reason: 'A later release of the library could have a rule of that id, and waivers would hold for it.',
    fix: "Begin the id with the name of your team or company: 'acme/team-label'",
    bad: "Rules.of(app).add({ id: 'workload/team', check: () => [] });",
    good: "Rules.of(app).add({ id: 'acme/team', check: () => [] });",
  },
  'rules/failed': {
    severity: ERROR,
    practices: [],
    title: 'A rule runs to its end',
    reason: 'A rule that throws has checked nothing, and its silence would pass for consent.',
    fix: 'Correct the rule',
    bad: "Rules.of(app).add({ id: 'acme/team', check: () => { throw new Error('no team'); } });",
    good: "Rules.of(app).add({ id: 'acme/team', check: () => [] });",
  },
  'rules/unknown-id': {
    severity: ERROR,
    practices: [],
    title: 'A waiver or a severity names a rule that exists',
    reason: 'It has no effect otherwise, and looks as if it had.',
    fix: 'Correct the id: docs/rules.md lists those of the library',
    bad: "Rules.of(app).severity('workload/moving-tags', Severity.ERROR);",
    good: "Rules.of(app).severity('workload/moving-tag', Severity.ERROR);",
  },
  'rules/not-waivable': {
    severity: ERROR,
    practices: [],
    title: 'A rule without which no sound YAML exists is neither waived nor lowered',
    reason: 'It refuses what cannot be rendered, or what the API server refuses, too.',
    fix: 'Correct what the rule finds',
    bad: "Rules.of(app).severity('props/value', Severity.WARNING);",
    good: "Rules.of(app).severity('workload/moving-tag', Severity.INFO);",
  },
  'rules/two-severities': {
    severity: ERROR,
    practices: [],
    title: 'A rule has one severity in an app',
    reason: 'Which of two counts would depend on the order of the statements.',
    fix: 'Keep one',
    bad:
      "Rules.of(app).severity('workload/moving-tag', " +
      "Severity.ERROR);\nRules.of(app).severity('workload/moving-tag', Severity.INFO);",
    good: "Rules.of(app).severity('workload/moving-tag', Severity.ERROR);",
  },
  'rules/expired-waiver': {
    severity: WARNING,
    practices: [],
    title: 'A waiver has not ended',
    reason: 'The rule counts again, and the waiver misleads those who read it.',
    fix: 'Remove the waiver, or agree on a later day',
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
    title: 'A waiver holds for a finding',
    reason: 'One that holds for none hides the next mistake.',
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
