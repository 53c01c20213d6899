import type { IConstruct } from 'constructs';
import { type Finding, linkOf } from './finding';
import { errorsAt, foundIn } from './judgement';
import { ruleOf } from './rule-ids';
import { addCheck, AppModel } from '../facts/app-model';

/** A property of what is asked for findings, by a name that all copies of the library share. */
const WATCHED = Symbol.for('cdk8s-best-practices/findings@1');

/** Reports what is found in each pass: at the construct, as the validation of cdk8s wants it. */
function watch(construct: IConstruct): void {
  if (isBlock(construct)) return;
  Object.defineProperty(construct, WATCHED, { value: true });
  watchApp(construct);
  addCheck(construct, (view) => errorsAt(view, construct).map(({ message }) => message));
}

/**
 * Lets the root see to it that each construct is asked at which a rule has found something: it is asked first in each
 * pass.
 */
export function watchApp(construct: IConstruct): void {
  const { root } = construct.node;
  if (!AppModel.of(root).first(watchApp)) return;
  addCheck(root, (view) => {
    for (const found of foundIn(view)) watch(found);
    return [];
  });
  watch(root);
}

/** Makes the validation of the construct fail with what `findings` gives. */
export function addSource(construct: IConstruct, findings: () => readonly Finding[]): void {
  AppModel.of(construct).add('source', { owner: construct, findings });
  watch(construct);
}

/** Adds what is allowed but worth a look; it is asked for after the validation. */
export function addAdvice(construct: IConstruct, findings: () => readonly Finding[]): void {
  AppModel.of(construct).add('advice', { owner: construct, findings });
  watch(construct);
}

/** Whether the construct is one of ours, which checks its props. */
export function isBlock(construct: IConstruct): boolean {
  return WATCHED in construct;
}

/** Asks a construct once what is wrong with it: validations of others count, too. */
export function errorsOf(construct: IConstruct): Finding[] {
  const messages = construct.node.validate();
  if (messages.length === 0) return [];
  const own = new Map(
    errorsAt(AppModel.of(construct).lastView, construct).map((finding) => [finding.message, finding]),
  );
  return messages.map((message) => own.get(message) ?? foreignFinding(construct, message));
}

/** What another library, or the app, has found. */
function foreignFinding(construct: IConstruct, message: string): Finding {
  const rule = 'app/validation';
  const { severity, fix } = ruleOf(rule);
  return {
    rule,
    severity,
    constructPath: construct.node.path,
    propPath: [],
    got: message,
    expected: 'what the library of the construct accepts',
    fix,
    practices: [],
    link: linkOf(rule),
    message,
  };
}
