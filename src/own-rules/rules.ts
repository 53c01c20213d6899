import { Construct, type IConstruct } from 'constructs';
import { AppView } from './app-view';
import { Severity } from '../catalogue/rule';
import { AppModel } from '../kernel/facts/app-model';
import type { PassView } from '../kernel/facts/pass-view';
import type { Waiver } from '../kernel/findings/finding';
import type { OwnVerdict } from '../kernel/findings/own-rules';
import { Problems } from '../kernel/findings/problems';
import { matching, oneOf, text, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';

/** A finding of a custom rule. */
export interface Violation {
  /** The construct to change. */
  readonly construct: IConstruct;

  /**
   * Path of the value in its props: names, keys of maps, indices of lists.
   *
   * @default - the finding is about the construct
   */
  readonly propPath?: string[];

  /** The found value, without credentials: it ends up in logs. */
  readonly got: string;
  /** The accepted values. */
  readonly expected: string;
  /** The fix: an instruction, without a full stop. */
  readonly fix: string;
}

/** A custom rule. */
export interface IRule {
  /**
   * A custom prefix, a slash and a name, such as `acme/team-label`. It never changes its meaning: waivers refer to it.
   */
  readonly id: string;

  /**
   * Severity of its findings.
   *
   * @default Severity.ERROR
   */
  readonly severity?: Severity;

  /**
   * Address of its documentation.
   *
   * @default - none
   */
  readonly link?: string;

  /**
   * Judges an app. It runs in each validation, must not change anything, and must return the same for the same app. If
   * it throws, that is a finding as well.
   *
   * @param view the app
   */
  check(view: AppView): Violation[];
}

const ID_FIX = "Write a custom prefix, a slash and a name: 'acme/team-label'";
const ruleIdOfOwn = matching(/^[a-z][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/, 100, "an id such as 'acme/team-label'");
const day = that<string>("a day such as '2026-12-31'", (value) => typeof value === 'string' && isDay(value));
const method = that<IRule['check']>('a method', (value) => typeof value === 'function');
const severity = oneOf<Severity>(...Object.values(Severity));

/**
 * The rules for an app: those of the library, and custom ones.
 *
 * ```ts
 * Rules.of(app)
 *   .severity('workload/moving-tag', Severity.ERROR)
 *   .waive('cluster/capacity', chart, { reason: 'OPS-12: nodes are on order', until: '2026-12-31' });
 * ```
 *
 * The order relative to the blocks does not matter.
 *
 * @see https://github.com/cdk8s-best-practices/cdk8s-best-practices/blob/main/docs/own-rules.md
 */
export class Rules {
  /**
   * The rules of an app.
   *
   * @param app the app, or any construct in it
   */
  public static of(app: IConstruct): Rules {
    return new Rules(app.node.root);
  }

  private readonly model: AppModel;
  private readonly problems: Problems;

  private constructor(private readonly root: IConstruct) {
    this.model = AppModel.of(root);
    this.problems = new Problems(root);
  }

  /**
   * Adds a custom rule.
   *
   * @param rule the rule, for the whole app
   */
  public add(rule: IRule): Rules {
    // methods of a class instance can be in its prototype
    const { id: ruleId, severity: weight, link, check } = (rule ?? {}) as Partial<IRule>;
    const read = new Reader<IRule>(this.problems, { id: ruleId, severity: weight, link, check }, 'add.');
    const settings = {
      owner: this.root,
      id: read.required('id', ruleIdOfOwn, '', { fix: ID_FIX }),
      severity: read.optional('severity', severity, Severity.ERROR, { fix: 'Use Severity.ERROR, .WARNING or .INFO' }),
      link: read.optional('link', text, '', { fix: 'Write the address of a page, or remove the prop' }),
      check: (pass: PassView): OwnVerdict[] => readViolations(rule.check(AppView._of(pass)), this.root),
    };
    read.required('check', method, undefined, { fix: "Write a method 'check' that gets an AppView" });
    if (read.isSound('id', 'severity', 'link', 'check')) this.model.add('ownRule', settings);
    return this;
  }

  /**
   * Changes the severity of a rule's findings. Errors that sound YAML requires cannot be lowered; docs/rules.md lists
   * those that can. A warning that becomes an error stops the synthesis.
   *
   * @param ruleId id of a library or custom rule
   * @param to the severity
   */
  public severity(ruleId: string, to: Severity): Rules {
    const read = new Reader<{ ruleId: string; to: Severity }>(this.problems, { ruleId, to }, 'severity.');
    const change = {
      owner: this.root,
      rule: read.required('ruleId', text, '', { fix: 'Write the id of a rule' }),
      severity: read.required('to', severity, Severity.ERROR, { fix: 'Use Severity.ERROR, .WARNING or .INFO' }),
    };
    if (read.isSound('ruleId', 'to')) this.model.add('severity', change);
    return this;
  }

  /**
   * Accepts the findings of a rule at a construct and inside it, until a day. The findings stay in the data of
   * `Findings`, marked as waived. Waivers that have expired, that cover no finding, or whose rule does not exist are
   * findings as well.
   *
   * @param ruleId id of a library or custom rule
   * @param construct the construct
   * @param waiver the reason and the last day
   */
  public waive(ruleId: string, construct: IConstruct, waiver: Waiver): Rules {
    const given = { ...waiver, ruleId, construct };
    const inApp = that<IConstruct>(
      'a construct of the app',
      (value) => Construct.isConstruct(value) && value.node.root === this.root,
    );
    const read = new Reader<typeof given>(this.problems, given, 'waive.');
    const fact = {
      rule: read.required('ruleId', text, '', { fix: 'Write the id of a rule' }),
      owner: read.required('construct', inApp, this.root, {
        fix: 'Pass the block or the chart that the finding names',
      }),
      reason: read.required('reason', text, '', { fix: 'State the reason, preferably with the number of an issue' }),
      until: read.required('until', day, '', { fix: "Write the last day, such as '2026-12-31'" }),
    };
    read.refuseUnknown();
    if (read.isSound('ruleId', 'construct', 'reason', 'until')) this.model.add('waiver', fact);
    return this;
  }

  /**
   * Sets the current day for waivers; with several calls, the latest day applies. For tests, and for builds that must
   * give the same result every day.
   *
   * Without it, the day of the run in UTC applies: a waiver expires without a change of the app.
   *
   * @param today a day such as `2026-11-29`
   */
  public asOf(today: string): Rules {
    const read = new Reader<{ today: string }>(this.problems, { today }, 'asOf.');
    const date = read.required('today', day, '', { fix: "Write it as '2026-12-31'" });
    if (read.isSound('today')) this.model.add('today', { date });
    return this;
  }
}

/** Checks the untrusted result of a custom rule. An error that this throws is reported as a failure of the rule. */
function readViolations(given: Violation[], root: IConstruct): OwnVerdict[] {
  if (!Array.isArray(given)) throw new Error('no list of violations');
  return given.map((violation) => readViolation(violation, root));
}

function readViolation(given: Violation, root: IConstruct): OwnVerdict {
  const { construct, propPath = [], got, expected, fix } = given;
  if (!Construct.isConstruct(construct) || construct.node.root !== root) {
    throw new Error("a violation without a construct of the app as 'construct'");
  }
  const texts = [got, expected, fix, ...propPath];
  if (!texts.every((each) => typeof each === 'string')) {
    throw new Error("a violation whose 'got', 'expected', 'fix' and 'propPath' are not all text");
  }
  return { construct, propPath: [...propPath], got, expected, fix };
}

function isDay(value: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}
