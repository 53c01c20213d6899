import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';
import type { Finding } from '../kernel/findings/finding';
import { othersAt } from '../kernel/findings/judgement';
import { errorsOf } from '../kernel/findings/sources';

/** All constructs of an app, in the order of the tree, and what is wrong with them. */
export interface Examined {
  readonly constructs: readonly IConstruct[];
  readonly errors: readonly Finding[];
  /** The errors as cdk8s writes them. A finding of the app may be about a construct, which cdk8s does not name. */
  readonly lines: readonly string[];
}

/**
 * Asks each construct once what is wrong with it; also those that are added meanwhile, unless there is an error before.
 */
export function examine(app: IConstruct): Examined {
  const asked = new Set<IConstruct>();
  for (;;) {
    const constructs = app.node.findAll();
    const added = constructs.filter((construct) => !asked.has(construct));
    if (added.length === 0) return { constructs, errors: [], lines: [] };
    // the root begins the first pass itself
    if (asked.size > 0) AppModel.of(app).look();
    const found = added.flatMap((construct) => {
      asked.add(construct);
      return errorsOf(construct).map((error) => ({ error, line: `[${construct.node.path}] ${error.message}` }));
    });
    if (found.length > 0) {
      return { constructs, errors: found.map(({ error }) => error), lines: found.map(({ line }) => line) };
    }
  }
}

/** What is wrong in an app, what is worth a look, and what is waived. */
export function findingsOf(app: IConstruct): Finding[] {
  const { constructs, errors } = examine(app);
  return [...errors, ...othersIn(app, constructs)];
}

/** What stops nothing, as it was in the last pass: warnings, then what is waived. */
export function othersIn(app: IConstruct, constructs: readonly IConstruct[]): Finding[] {
  const view = AppModel.of(app).lastView;
  const found = constructs.flatMap((construct) => othersAt(view, construct));
  return [...found.filter(isCounted), ...found.filter((finding) => !isCounted(finding))];
}

/** Whether nobody has waived it. */
export function isCounted({ waiver }: Finding): boolean {
  return waiver === undefined;
}
