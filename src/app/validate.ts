import type { IConstruct } from 'constructs';

/** Asks each construct once what is wrong with it; also those that are added meanwhile. Throws the error of cdk8s. */
export function validate(app: IConstruct): void {
  const asked = new Set<IConstruct>();
  for (let open = app.node.findAll(); open.length > 0; open = app.node.findAll().filter((construct) => !asked.has(construct))) {
    const errors = open.flatMap((construct) => {
      asked.add(construct);
      return construct.node.validate().map((error) => `[${construct.node.path}] ${error}`);
    });
    if (errors.length > 0) throw new Error(`Validation failed with the following errors:\n  ${errors.join('\n  ')}`);
  }
}
