import { refuses, warns } from './define';
import { Severity } from '../catalogue/rule';
import type { PassView } from '../kernel/facts/pass-view';
import { Verbatim } from '../kernel/findings/describe';
import { isExpired, isKnown, isWaivable, todayOf } from '../kernel/findings/policy';
import type { Problems } from '../kernel/findings/problems';
import { knownIds } from '../kernel/findings/rule-ids';
import { nearest } from '../kernel/schema/nearest';

const ids = refuses('ownRule', ({ id }, problems, view) => {
  const [prefix] = id.split('/');
  if (knownIds().some((known) => known.startsWith(`${prefix}/`))) {
    problems.refuse('add.id', id, 'a prefix that the library does not use', {
      rule: 'rules/reserved-prefix',
      fix: `Begin it with the name of your team or company: 'acme/${id.split('/')[1]}'`,
    });
  }
  const same = view.all('ownRule').filter((rule) => rule.id === id);
  if (same.length > 1) {
    problems.refuse('add.id', new Verbatim(`'${id}' ${same.length} times`), 'one rule with this id', {
      rule: 'rules/duplicate-id',
      fix: 'Give one of them another id, or add it once',
    });
  }
});

const severities = refuses('severity', ({ rule, severity }, problems, view) => {
  refuseId(rule, 'severity', severity === Severity.ERROR, problems, view);
  const all = new Set(
    view
      .all('severity')
      .filter((change) => change.rule === rule)
      .map((change) => `'${change.severity}'`),
  );
  if (all.size > 1) {
    problems.refuse('severity', new Verbatim([...all].sort().join(' and ')), `one severity of '${rule}'`, {
      rule: 'rules/two-severities',
      fix: 'Keep one',
    });
  }
});

const waivers = refuses('waiver', ({ rule }, problems, view) => refuseId(rule, 'waive', false, problems, view));

const expired = warns('waiver', (waiver, view) =>
  !isWaivable(view, waiver.rule) || !isExpired(view, waiver)
    ? []
    : [
        {
          rule: 'rules/expired-waiver',
          prop: 'waive.until',
          got: `'${waiver.until}' for '${waiver.rule}'`,
          expected: `today (${todayOf(view)}) or a later day`,
          text: `the waiver of '${waiver.rule}' expired on ${waiver.until}. Remove it, or set a later day`,
        },
      ],
);

function refuseId(rule: string, prop: string, raises: boolean, problems: Problems, view: PassView): void {
  if (!isKnown(view, rule)) {
    const near = nearest(rule, [...knownIds(), ...view.all('ownRule').map(({ id }) => id)]);
    problems.refuse(`${prop}.ruleId`, rule, 'the id of a rule', {
      rule: 'rules/unknown-id',
      fix: near === undefined ? 'Correct it: docs/rules.md lists the rules of the library' : `Did you mean '${near}'?`,
    });
  } else if (!raises && !isWaivable(view, rule)) {
    problems.refuse(`${prop}.ruleId`, rule, 'a rule that can be waived', {
      rule: 'rules/not-waivable',
      fix: 'Correct what the rule reports: sound YAML requires it',
    });
  }
}

export const RULES = [ids, severities, waivers, expired];
