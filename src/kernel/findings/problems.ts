import type { IConstruct } from 'constructs';
import { describe } from './describe';
import { type Finding, type Problem, type RuleHint, toFinding } from './finding';
import { addSource } from './sources';
import { SynthesisError } from './synthesis-error';
import { Severity } from '../../catalogue/rule';

const NONE: readonly never[] = [];

/**
 * Everything that is wrong with one construct by itself, reported together when the app is synthesized. What depends on
 * others is judged by rules.
 *
 * Constructors never throw for bad props: they note the problem, go on with a safe stand-in, and the user sees all
 * mistakes of the whole app in one failure.
 */
export class Problems {
  private readonly found: Problem[] = [];

  public constructor(private readonly owner?: IConstruct) {
    if (owner) addSource(owner, () => this.findings());
  }

  /** How much was found by now. */
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

  /** All that was noted by now, each once: one prop can be read for several purposes. */
  public findings(owner = this.owner): readonly Finding[] {
    if (this.found.length === 0) return NONE;
    const path = owner?.node.path ?? '';
    return [
      ...new Map(
        this.found.map((problem) => toFinding(path, problem)).map((finding) => [finding.message, finding]),
      ).values(),
    ];
  }

  /** Guards a token: stand-ins for refused values must not be rendered, not even by a caller who skips validation. */
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
