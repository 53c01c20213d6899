import type { Construct } from 'constructs';
import { describe } from './describe';
import { addCheck } from '../facts/app-model';
import type { AppView } from '../facts/app-view';

/** What to do about a refused value. */
export interface Hint {
  /** An instruction, without a full stop. */
  readonly fix: string;
  /** The id of the practice that the rule comes from, as listed in docs/practices.md. */
  readonly practice?: string;
}

export interface Problem extends Hint {
  readonly prop: string;
  /** The refused value as text. A value that may be secret is described, never quoted. */
  readonly got: string;
  readonly expected: string;
}

/**
 * Everything that is wrong with one construct, reported together when the app is synthesized.
 *
 * Constructors never throw for bad props: they note the problem, go on with a safe stand-in, and the user sees all
 * mistakes of the whole app in one failure.
 */
export class Problems {
  private readonly found: Problem[] = [];
  private readonly lateChecks: Array<(problems: Problems, view: AppView) => void> = [];

  public constructor(private readonly owner?: Construct) {
    if (owner) addCheck(owner, (view) => this.messages(view));
  }

  public add(problem: Problem): void {
    this.found.push(problem);
  }

  /** Notes a refused value. */
  public refuse(prop: string, given: unknown, expected: string, hint: Hint): void {
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
  public messages(view?: AppView): string[] {
    if (this.found.length + this.lateChecks.length === 0) return [];
    const late = new Problems();
    if (view) for (const check of this.lateChecks) check(late, view);
    if (this.found.length + late.found.length === 0) return [];
    // one prop can be read for several purposes
    return [...new Set([...this.found, ...late.found].map(toMessage))];
  }

  /** Guards a token: stand-ins for refused values must not be rendered, not even by a caller who skips validation. */
  public throwIfAny(): void {
    if (this.found.length === 0) return;
    const messages = this.messages();
    throw new Error(messages.map((message) => `[${this.owner?.node.path ?? ''}] ${message}`).join('\n'));
  }
}

function toMessage({ prop, got, expected, fix, practice }: Problem): string {
  return `prop '${prop.replace(/\s+/g, ' ')}': got ${got}, expected ${expected}. ${fix}${practice ? ` (${practice})` : ''}`;
}
