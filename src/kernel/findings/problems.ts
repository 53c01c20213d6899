import type { IConstruct } from 'constructs';
import { describe } from './describe';
import { type Finding, type Problem, type RuleHint, toFinding } from './finding';
import { addSource } from './sources';
import { SynthesisError } from './synthesis-error';
import type { AppView } from '../facts/app-view';

/**
 * Everything that is wrong with one construct, reported together when the app is synthesized.
 *
 * Constructors never throw for bad props: they note the problem, go on with a safe stand-in, and the user sees all
 * mistakes of the whole app in one failure.
 */
export class Problems {
  private readonly found: Problem[] = [];
  private readonly lateChecks: Array<(problems: Problems, view: AppView) => void> = [];

  public constructor(private readonly owner?: IConstruct) {
    if (owner) addSource(owner, (view) => this.findings(view));
  }

  /** How much was found by now, late checks apart. */
  public get size(): number {
    return this.found.length;
  }

  public add(problem: Problem): void {
    this.found.push(problem);
  }

  /** Notes a refused value. `prop` is a path as text (see prop-path.ts). */
  public refuse(prop: string, given: unknown, expected: string, hint: RuleHint): void {
    this.add({ prop, got: describe(given), expected, ...hint });
  }

  /** Adds all that another list has found. */
  public include(other: Problems): void {
    this.found.push(...other.found);
  }

  /** Adds a check of what is known only once the whole app is built. It runs at every validation: keep it cheap. */
  public atSynth(check: (problems: Problems, view: AppView) => void): void {
    this.lateChecks.push(check);
  }

  /** All that is wrong; without a view, what was known before the synthesis. */
  public findings(view?: AppView): Finding[] {
    if (this.found.length + this.lateChecks.length === 0) return [];
    const late = new Problems();
    if (view) for (const check of this.lateChecks) check(late, view);
    late.found.unshift(...this.found);
    return this.owner ? late.at(this.owner) : late.listed('');
  }

  /** All that is noted, as findings at a construct. */
  public at(construct: IConstruct): Finding[] {
    return this.found.length === 0 ? [] : this.listed(construct.node.path);
  }

  /** Each once: one prop can be read for several purposes. */
  private listed(path: string): Finding[] {
    return [...new Map(this.found.map((problem) => toFinding(path, problem)).map((finding) => [finding.message, finding])).values()];
  }

  /** Guards a token: stand-ins for refused values must not be rendered, not even by a caller who skips validation. */
  public throwIfAny(): void {
    if (this.found.length === 0) return;
    const findings = this.findings();
    throw new SynthesisError(findings.map(({ constructPath, message }) => `[${constructPath}] ${message}`).join('\n'), findings);
  }
}
