import type { IConstruct } from 'constructs';
import { AppModel } from '../facts/app-model';
import type { AppView } from '../facts/app-view';

const WARNING = 'cdk8s-best-practices:warning';

declare module '../facts/fact-map' {
  interface FactMap {
    readonly warning: LateWarning;
  }
}

interface LateWarning {
  readonly construct: IConstruct;
  messages(view: AppView): readonly string[];
}

const byConstruct = ({ construct }: LateWarning): IConstruct[] => [construct];

/** Notes something that is allowed but worth a look. It is metadata of the construct, and listed by `Inventory`. */
export function warn(construct: IConstruct, message: string): void {
  const known = construct.node.metadata.some(({ type, data }) => type === WARNING && data === message);
  if (!known) construct.node.addMetadata(WARNING, message);
}

/** As `warn`, for what is known only once the whole app is built: `messages` is called when somebody asks. */
export function warnLater(construct: IConstruct, messages: (view: AppView) => readonly string[]): void {
  AppModel.of(construct).add('warning', { construct, messages });
}

export function warningsOf(construct: IConstruct, view: AppView): string[] {
  const noted = construct.node.metadata.filter(({ type }) => type === WARNING).map(({ data }) => String(data));
  return [...noted, ...view.by('warning', byConstruct, construct).flatMap((late) => late.messages(view))];
}
