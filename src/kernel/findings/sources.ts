import type { IConstruct } from 'constructs';
import { type Finding, linkOf } from './finding';
import { errorsAt, foundIn } from './judgement';
import { ruleOf } from './rule-ids';
import { addCheck, AppModel } from '../facts/app-model';
import type { PassView } from '../facts/pass-view';

/** The property that lists the sources of a construct. All copies of the library share its name. */
const WATCHED = Symbol.for('cdk8s-best-practices/findings@1');

/** Reports the findings of each pass as cdk8s validations of the construct. */
function watch(construct: IConstruct): void {
  if (isBlock(construct)) return;
  Object.defineProperty(construct, WATCHED, { value: true });
  watchApp(construct);
  addCheck(construct, errorMessages);
}

function errorMessages(view: PassView, construct: IConstruct): string[] {
  return errorsAt(view, construct).map(({ message }) => message);
}

/**
 * Makes the root watch every construct at which a rule has found something: each pass validates the root first.
 */
export function watchApp(construct: IConstruct): void {
  if (!AppModel.of(construct).first(watchApp)) return;
  const { root } = construct.node;
  addCheck(root, (view) => {
    for (const found of foundIn(view)) watch(found);
    return [];
  });
  watch(root);
}

/** Fails the validation of the construct with the results of `findings`. */
export function addSource(construct: IConstruct, findings: () => readonly Finding[]): void {
  AppModel.of(construct).add('source', { owner: construct, findings });
  watch(construct);
}

/** Adds advice; it is read after the validation. */
export function addAdvice(construct: IConstruct, findings: () => readonly Finding[]): void {
  AppModel.of(construct).add('advice', { owner: construct, findings });
  watch(construct);
}

/** Whether the construct is a block of this library, which checks its props. */
export function isBlock(construct: IConstruct): boolean {
  return WATCHED in construct;
}

/** Validates a construct once, including validations of other libraries. */
export function errorsOf(construct: IConstruct): Finding[] {
  const messages = construct.node.validate();
  if (messages.length === 0) return [];
  const own = new Map(
    errorsAt(AppModel.of(construct).lastView, construct).map((finding) => [finding.message, finding]),
  );
  return messages.map((message) => own.get(message) ?? foreignFinding(construct, message));
}

/** A finding of another library or of the app. */
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
