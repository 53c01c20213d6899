import type { IConstruct } from 'constructs';

const WARNING = 'cdk8s-best-practices:warning';

/** Notes something that is allowed but worth a look. It is metadata of the construct, and listed by `Inventory`. */
export function warn(construct: IConstruct, message: string): void {
  const known = construct.node.metadata.some(({ type, data }) => type === WARNING && data === message);
  if (!known) construct.node.addMetadata(WARNING, message);
}

export function warningsOf(construct: IConstruct): string[] {
  return construct.node.metadata.filter(({ type }) => type === WARNING).map(({ data }) => String(data));
}
