import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';
import type { Finding } from '../kernel/findings/finding';
import { othersAt } from '../kernel/findings/judgement';
import { errorsOf } from '../kernel/findings/sources';

/** All constructs of an app in tree order, and their errors. */
export interface Examined {
  readonly constructs: readonly IConstruct[];
  readonly errors: readonly Finding[];
  /** The errors as cdk8s writes them. A finding of the app may name a construct that cdk8s does not. */
  readonly lines: readonly string[];
}

/**
 * Validates each construct once, including constructs that are added meanwhile, unless an error occurs first.
 */
export function examine(app: IConstruct): Examined {
  let asked: readonly IConstruct[] = [];
  for (;;) {
    const constructs = app.node.findAll();
    const added = notIn(asked, constructs);
    if (added.length === 0) return { constructs, errors: [], lines: [] };
    // the root starts the first pass itself
    if (asked.length > 0) AppModel.of(app).look();
    const found: Array<{ error: Finding; line: string }> = [];
    for (const construct of added) {
      for (const error of errorsOf(construct)) {
        found.push({ error, line: `[${construct.node.path}] ${error.message}` });
      }
    }
    if (found.length > 0) {
      return { constructs, errors: found.map(({ error }) => error), lines: found.map(({ line }) => line) };
    }
    asked = constructs;
  }
}

/** The constructs that are not among the known ones. Mostly, either all or none are new. */
function notIn(known: readonly IConstruct[], constructs: readonly IConstruct[]): readonly IConstruct[] {
  if (known.length === 0) return constructs;
  if (constructs.length === known.length && constructs.every((construct, index) => construct === known[index])) {
    return [];
  }
  const all = new Set(known);
  return constructs.filter((construct) => !all.has(construct));
}

/** Errors, warnings and waived findings of an app. */
export function findingsOf(app: IConstruct): Finding[] {
  const { constructs, errors } = examine(app);
  return [...errors, ...othersIn(app, constructs)];
}

/** Findings of the last pass that stop nothing: warnings, then waived ones. */
export function othersIn(app: IConstruct, constructs: readonly IConstruct[]): Finding[] {
  const view = AppModel.of(app).lastView;
  const found = othersAt(view, constructs);
  return [...found.filter(isCounted), ...found.filter((finding) => !isCounted(finding))];
}

/** Whether the finding is not waived. */
export function isCounted({ waiver }: Finding): boolean {
  return waiver === undefined;
}
