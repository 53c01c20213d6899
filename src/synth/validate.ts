import type { IConstruct } from 'constructs';
import { examine, othersIn } from './examine';
import { SynthesisError } from '../kernel/findings/synthesis-error';

/**
 * Asks each construct what is wrong with it. Throws an error with the text of that of cdk8s.
 *
 * @returns all constructs, in the order of the tree
 */
export function validate(app: IConstruct): readonly IConstruct[] {
  const { constructs, errors, lines } = examine(app);
  if (errors.length === 0) return constructs;
  throw new SynthesisError(`Validation failed with the following errors:\n  ${lines.join('\n  ')}`, [
    ...errors,
    ...othersIn(app, constructs),
  ]);
}
