import { installRules, type RuleModule, type Topic } from '../kernel/findings/rule-book';

/* eslint-disable @typescript-eslint/no-require-imports */

/*
 * All rules of the library by topic, each loaded when an app states what it judges. The entry point of the package imports this
 * file: blocks and rules do not know each other.
 */
export const TOPICS: readonly Topic[] = [
  { kinds: ['neighbour'], load: () => require('./references') as RuleModule },
  { kinds: ['waiver', 'severity', 'ownRule'], load: () => require('./own-rules') as RuleModule },
];

installRules(TOPICS);
