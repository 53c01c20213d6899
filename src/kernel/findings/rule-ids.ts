import type { CATALOGUE } from '../../catalogue/catalogue';
import type { Rule } from '../../catalogue/rule';

/** Id of a rule in the catalogue. A call with an unknown id does not compile. */
export type RuleId = keyof typeof CATALOGUE;

/** Loaded on first use: most apps break no rule. */
function catalogue(): Readonly<Record<string, Rule>> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('../../catalogue/catalogue') as { readonly CATALOGUE: Readonly<Record<RuleId, Rule>> }).CATALOGUE;
}

/** The catalogue entry of a rule. */
export function ruleOf(id: RuleId): Rule {
  return catalogue()[id];
}

/** The catalogue entry of a rule, or nothing for the id of a custom rule. */
export function knownRule(id: string): Rule | undefined {
  return Object.hasOwn(catalogue(), id) ? catalogue()[id] : undefined;
}

/** The ids of all rules of the library. */
export function knownIds(): string[] {
  return Object.keys(catalogue());
}
