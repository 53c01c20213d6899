import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';

/**
 * Asks each construct once what is wrong with it; also those that are added meanwhile. Throws the error of cdk8s.
 *
 * @returns all constructs, in the order of the tree
 */
export function validate(app: IConstruct): IConstruct[] {
  const asked = new Set<IConstruct>();
  for (;;) {
    const constructs = app.node.findAll();
    const added = constructs.filter((construct) => !asked.has(construct));
    if (added.length === 0) return constructs;
    if (asked.size > 0) AppModel.of(app).look();
    const errors = added.flatMap((construct) => {
      asked.add(construct);
      return construct.node.validate().map((error) => `[${construct.node.path}] ${error}`);
    });
    if (errors.length > 0) throw new Error(`Validation failed with the following errors:\n  ${errors.join('\n  ')}`);
  }
}
