import type { CATALOGUE } from '../../catalogue/catalogue';
import type { Rule } from '../../catalogue/rule';

/** Id of a rule of the catalogue: a call that names another one does not compile. */
export type RuleId = keyof typeof CATALOGUE;

/** What the catalogue says about a rule. It is loaded on first use: most apps break no rule. */
export function ruleOf(id: RuleId): Rule {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('../../catalogue/catalogue') as { readonly CATALOGUE: Readonly<Record<RuleId, Rule>> }).CATALOGUE[id];
}

/** The same, where the id may be that of somebody else's rule. */
export function knownRule(id: string): Rule | undefined {
  return ruleOf(id as RuleId);
}
