import type { IConstruct } from 'constructs';

const WARNING = 'cdk8s-best-practices:warning';

const late = new WeakMap<IConstruct, Array<() => readonly string[]>>();

/** Notes something that is allowed but worth a look. It is metadata of the construct, and listed by `Inventory`. */
export function warn(construct: IConstruct, message: string): void {
  const known = construct.node.metadata.some(({ type, data }) => type === WARNING && data === message);
  if (!known) construct.node.addMetadata(WARNING, message);
}

/** As `warn`, for what is known only once the whole app is built: `messages` is called when somebody asks. */
export function warnLater(construct: IConstruct, messages: () => readonly string[]): void {
  const known = late.get(construct);
  if (known) known.push(messages);
  else late.set(construct, [messages]);
}

export function warningsOf(construct: IConstruct): string[] {
  const noted = construct.node.metadata.filter(({ type }) => type === WARNING).map(({ data }) => String(data));
  return [...noted, ...(late.get(construct) ?? []).flatMap((messages) => messages())];
}
