import type { IConstruct } from 'constructs';
import { examine, othersIn } from './examine';
import { SynthesisError } from '../kernel/findings/synthesis-error';

/**
 * Validates each construct. Throws an error with the text of the cdk8s error.
 *
 * @returns all constructs, in tree order
 */
export function validate(app: IConstruct): readonly IConstruct[] {
  const { constructs, errors, lines } = examine(app);
  if (errors.length === 0) return constructs;
  throw new SynthesisError(`Validation failed with the following errors:\n  ${lines.join('\n  ')}`, [
    ...errors,
    ...othersIn(app, constructs),
  ]);
}
