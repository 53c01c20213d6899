import type { IConstruct } from 'constructs';
import { describe } from './describe';
import { disclosed, type Finding, toFinding } from './finding';
import type { Verdict } from './library-rule';
import { disclosedPath, pathOf, pathParts, pathText } from './prop-path';
import type { Severity } from '../../catalogue/rule';
import { mayBeSecret } from '../../secrets-scan/disclosure';
import type { PassView } from '../facts/pass-view';

declare module '../facts/fact-map' {
  interface FactMap {
    readonly ownRule: OwnRule;
  }
}

/** A custom rule. */
export interface OwnRule {
  /** The root of the app. */
  readonly owner: IConstruct;
  readonly id: string;
  readonly severity: Severity;
  readonly link: string;
  /** Untrusted: it can throw. */
  check(view: PassView): OwnVerdict[];
}

/** A finding without the parts that follow from the rule. */
export interface OwnVerdict extends Pick<Finding, 'propPath' | 'got' | 'expected' | 'fix'> {
  readonly construct: IConstruct;
}

/** Runs the custom rules. A rule that throws has checked nothing and becomes a finding. */
export function judgeOwn(view: PassView): Verdict[] {
  return view.all('ownRule').flatMap((rule): Verdict[] => {
    try {
      return rule.check(view).map((verdict) => ({ construct: verdict.construct, finding: ownFinding(rule, verdict) }));
    } catch (error) {
      return [{ construct: rule.owner, finding: failure(rule, error) }];
    }
  });
}

function ownFinding({ id, severity, link }: OwnRule, verdict: OwnVerdict): Finding {
  const { construct } = verdict;
  const path = disclosedPath(pathOf(verdict.propPath));
  const propPath = pathParts(path);
  const got = mayBeSecret(verdict.got) ? describe(verdict.got) : verdict.got;
  const expected = disclosed(verdict.expected, 'another value');
  const fix = disclosed(verdict.fix, 'See the rule');
  const where = propPath.length === 0 ? '' : `prop '${pathText(path)}': `;
  const message = `${where}got ${got}, expected ${expected}. ${fix}`;
  return {
    rule: id,
    severity,
    constructPath: construct.node.path,
    propPath,
    got,
    expected,
    fix,
    practices: [],
    link,
    message,
  };
}

function failure({ id }: OwnRule, error: unknown): Finding {
  return toFinding('', {
    rule: 'rules/failed',
    prop: '',
    subject: `rule '${id}'`,
    got: `an error: ${describe(error instanceof Error ? error.message : error)}`,
    expected: 'a list of violations',
    fix: 'Correct the rule: it has checked nothing',
  });
}
