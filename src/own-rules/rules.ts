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

/** Something that a rule of your own has found. */
export interface Violation {
  /** Where: the construct that has to change. */
  readonly construct: IConstruct;

  /**
   * Where the value is in its props: names, keys of maps, indices of lists.
   *
   * @default - it is about the construct
   */
  readonly propPath?: string[];

  /** What was found, without credentials: it ends up in logs. */
  readonly got: string;
  /** What the rule accepts. */
  readonly expected: string;
  /** What to do: an instruction, without a full stop. */
  readonly fix: string;
}

/** A rule of your own. */
export interface IRule {
  /**
   * A prefix of your own, a slash and a name, as in `acme/team-label`. It never changes its meaning: waivers name it.
   */
  readonly id: string;

  /**
   * How much its findings weigh.
   *
   * @default Severity.ERROR
   */
  readonly severity?: Severity;

  /**
   * Where people read about it.
   *
   * @default - nowhere
   */
  readonly link?: string;

  /**
   * Judges an app. It is called in each validation, changes nothing, and gives the same for the same app. One that
   * throws is a finding itself.
   *
   * @param view the app
   */
  check(view: AppView): Violation[];
}

const ID_FIX = "Write a prefix of your own, a slash and a name: 'acme/team-label'";
const ruleIdOfOwn = matching(/^[a-z][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/, 100, "an id such as 'acme/team-label'");
const day = that<string>("a day such as '2026-12-31'", (value) => typeof value === 'string' && isDay(value));
const method = that<IRule['check']>('a method', (value) => typeof value === 'function');
const severity = oneOf<Severity>(...Object.values(Severity));

/**
 * The rules that an app is judged by: those of the library, and your own.
 *
 * ```ts
 * Rules.of(app)
 *   .severity('workload/moving-tag', Severity.ERROR)
 *   .waive('cluster/capacity', chart, { reason: 'OPS-12: nodes are on order', until: '2026-12-31' });
 * ```
 *
 * What is said here can be said before or after the blocks are made.
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
   * Adds a rule of your own.
   *
   * @param rule it judges the whole app
   */
  public add(rule: IRule): Rules {
    // an instance of a class may have all of it in its prototype
    const { id: ruleId, severity: weight, link, check } = (rule ?? {}) as Partial<IRule>;
    const read = new Reader<IRule>(this.problems, { id: ruleId, severity: weight, link, check }, 'add.');
    const settings = {
      owner: this.root,
      id: read.required('id', ruleIdOfOwn, '', { fix: ID_FIX }),
      severity: read.optional('severity', severity, Severity.ERROR, { fix: 'Use Severity.ERROR, .WARNING or .INFO' }),
      link: read.optional('link', text, '', { fix: 'Give the address of a page, or leave it out' }),
      check: (pass: PassView): OwnVerdict[] => readViolations(rule.check(AppView._of(pass)), this.root),
    };
    read.required('check', method, undefined, { fix: "Write a method 'check' that gets an AppView" });
    if (read.isSound('id', 'severity', 'link', 'check')) this.model.add('ownRule', settings);
    return this;
  }

  /**
   * Changes how much the findings of a rule weigh. An error of a rule that an app cannot do without stays one;
   * docs/rules.md tells which can be lowered. Where a warning becomes an error, nothing is written.
   *
   * @param ruleId of this library, or your own
   * @param to the severity
   */
  public severity(ruleId: string, to: Severity): Rules {
    const read = new Reader<{ ruleId: string; to: Severity }>(this.problems, { ruleId, to }, 'severity.');
    const change = {
      owner: this.root,
      rule: read.required('ruleId', text, '', { fix: 'Name the rule' }),
      severity: read.required('to', severity, Severity.ERROR, { fix: 'Use Severity.ERROR, .WARNING or .INFO' }),
    };
    if (read.isSound('ruleId', 'to')) this.model.add('severity', change);
    return this;
  }

  /**
   * Accepts what a rule finds at a construct and in what is inside of it, until a day. The findings stay in the data of
   * `Findings`, marked. Waivers that have ended, that hold for nothing, or whose rule does not exist are findings
   * themselves.
   *
   * @param ruleId of this library, or your own
   * @param construct where
   * @param waiver why, and until when
   */
  public waive(ruleId: string, construct: IConstruct, waiver: Waiver): Rules {
    const given = { ...waiver, ruleId, construct };
    const inApp = that<IConstruct>(
      'a construct of the app',
      (value) => Construct.isConstruct(value) && value.node.root === this.root,
    );
    const read = new Reader<typeof given>(this.problems, given, 'waive.');
    const fact = {
      rule: read.required('ruleId', text, '', { fix: 'Name the rule' }),
      owner: read.required('construct', inApp, this.root, {
        fix: 'Pass the block or the chart that the finding names',
      }),
      reason: read.required('reason', text, '', { fix: 'Say why, best with the number of an issue' }),
      until: read.required('until', day, '', { fix: "Write the last day, such as '2026-12-31'" }),
    };
    read.refuseUnknown();
    if (read.isSound('ruleId', 'construct', 'reason', 'until')) this.model.add('waiver', fact);
    return this;
  }

  /**
   * Sets the day that waivers are compared with; of several, the latest counts. For tests, and for builds that must
   * give the same result on each day.
   *
   * Without it, that is the day of the run, in UTC: a waiver ends although nobody changes the app.
   *
   * @param today such as `2026-11-29`
   */
  public asOf(today: string): Rules {
    const read = new Reader<{ today: string }>(this.problems, { today }, 'asOf.');
    const date = read.required('today', day, '', { fix: "Write it as '2026-12-31'" });
    if (read.isSound('today')) this.model.add('today', { date });
    return this;
  }
}

/** What the rule of somebody else gives is untrusted, too. What this throws is reported as a failure of the rule. */
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
