import type { CATALOGUE } from '../../catalogue/catalogue';
import type { Rule } from '../../catalogue/rule';

/** Id of a rule of the catalogue: a call that names another one does not compile. */
export type RuleId = keyof typeof CATALOGUE;

/** Loaded on first use: most apps break no rule. */
function catalogue(): Readonly<Record<string, Rule>> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('../../catalogue/catalogue') as { readonly CATALOGUE: Readonly<Record<RuleId, Rule>> }).CATALOGUE;
}

/** What the catalogue says about a rule. */
export function ruleOf(id: RuleId): Rule {
  return catalogue()[id];
}

/** The same, where the id may be that of somebody else's rule. */
export function knownRule(id: string): Rule | undefined {
  return Object.hasOwn(catalogue(), id) ? catalogue()[id] : undefined;
}

/** The ids of all rules of the library. */
export function knownIds(): string[] {
  return Object.keys(catalogue());
}
