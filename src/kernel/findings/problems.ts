import type { IConstruct } from 'constructs';
import { describe } from './describe';
import { type Finding, type Problem, type RuleHint, toFinding } from './finding';
import { addSource } from './sources';
import { SynthesisError } from './synthesis-error';
import { Severity } from '../../catalogue/rule';

const NONE: readonly never[] = [];

/**
 * Collects everything that is wrong with one construct by itself, and reports it at synthesis. Rules judge what depends
 * on other constructs.
 *
 * Constructors never throw for bad props. They record the problem and continue with a safe substitute. The user sees
 * all mistakes of the app in one failure.
 */
export class Problems {
  private readonly found: Problem[] = [];

  public constructor(private readonly owner?: IConstruct) {
    if (owner) addSource(owner, () => this.findings());
  }

  /** Number of recorded problems. */
  public get size(): number {
    return this.found.length;
  }

  public add(problem: Problem): void {
    this.found.push(problem);
  }

  /** Records a refused value. `prop` is a path as text (see prop-path.ts). */
  public refuse(prop: string, given: unknown, expected: string, hint: RuleHint): void {
    this.add({ prop, got: describe(given), expected, ...hint });
  }

  /** Adds the problems of another list. */
  public include(other: Problems): void {
    this.found.push(...other.found);
  }

  /** All recorded problems without repetition: a prop can be read for several purposes. */
  public findings(owner = this.owner): readonly Finding[] {
    if (this.found.length === 0) return NONE;
    const path = owner?.node.path ?? '';
    return [
      ...new Map(
        this.found.map((problem) => toFinding(path, problem)).map((finding) => [finding.message, finding]),
      ).values(),
    ];
  }

  /** Guards a token: substitutes of refused values must never be rendered, even if the caller skips validation. */
  public throwIfAny(): void {
    if (this.found.length === 0) return;
    const findings = this.findings().filter(({ severity }) => severity === Severity.ERROR);
    if (findings.length === 0) return;
    throw new SynthesisError(
      findings.map(({ constructPath, message }) => `[${constructPath}] ${message}`).join('\n'),
      findings,
    );
  }
}
