import type { IConstruct } from 'constructs';
import { warningAt } from './verdicts';
import type { FactKind, FactMap } from '../kernel/facts/fact-map';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { Problems } from '../kernel/findings/problems';
import type { Warning } from '../kernel/findings/warnings';

/** Kinds of facts that name the construct of a finding. */
type OwnedKind = { [K in FactKind]: FactMap[K] extends { readonly owner: IConstruct } ? K : never }[FactKind];

/** A rule that reports an error at the owner of a fact. */
export function refuses<K extends OwnedKind>(
  kind: K,
  check: (fact: FactMap[K], problems: Problems, view: PassView) => void,
): LibraryRule {
  return {
    kinds: [kind],
    warns: false,
    judge: (view) => {
      const verdicts: Verdict[] = [];
      // most facts are fine and share one list of problems
      let problems = new Problems();
      for (const fact of view.all(kind)) {
        check(fact, problems, view);
        if (problems.size === 0) continue;
        const { owner } = fact;
        for (const finding of problems.findings(owner)) verdicts.push({ construct: owner, finding });
        problems = new Problems();
      }
      return verdicts;
    },
  };
}

/** A rule that reports a warning at the owner of a fact. */
export function warns<K extends OwnedKind>(
  kind: K,
  check: (fact: FactMap[K], view: PassView) => readonly Warning[],
): LibraryRule {
  return {
    kinds: [kind],
    warns: true,
    judge: (view) => {
      const verdicts: Verdict[] = [];
      for (const fact of view.all(kind)) {
        for (const warning of check(fact, view)) verdicts.push(warningAt(fact.owner, warning));
      }
      return verdicts;
    },
  };
}

/** Something in an app, from any library, and the construct that reports findings about it. */
interface Located {
  readonly at: IConstruct;
}

/** A rule that reports errors at what is in the view, from any library. */
export function refusesEach<T extends Located>(
  kinds: readonly FactKind[],
  read: (view: PassView) => readonly T[],
  check: (one: T, problems: Problems, view: PassView) => void,
): LibraryRule {
  return {
    kinds,
    warns: false,
    judge: (view) =>
      read(view).flatMap((one) => {
        const problems = new Problems();
        check(one, problems, view);
        return problems.findings(one.at).map((finding) => ({ construct: one.at, finding }));
      }),
  };
}

/** A rule that reports warnings at what is in the view, from any library. */
export function warnsEach<T extends Located>(
  kinds: readonly FactKind[],
  read: (view: PassView) => readonly T[],
  check: (one: T, view: PassView) => readonly Warning[],
): LibraryRule {
  return {
    kinds,
    warns: true,
    judge: (view) => read(view).flatMap((one) => check(one, view).map((warning) => warningAt(one.at, warning))),
  };
}
