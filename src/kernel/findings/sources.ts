import type { IConstruct } from 'constructs';
import { type Finding, linkOf } from './finding';
import { ruleOf } from './rule-ids';
import { addCheck } from '../facts/app-model';
import type { AppView } from '../facts/app-view';

/** What is to be asked of a construct, and what it said last: a property of it, which all copies of the library share. */
interface Notes {
  readonly errors: Array<{ last: readonly Finding[] }>;
  readonly warnings: Array<(view: AppView) => readonly Finding[]>;
}

const NOTES = Symbol.for('cdk8s-best-practices/findings@1');

function notesOf(construct: IConstruct & { [NOTES]?: Notes }): Notes | undefined {
  return construct[NOTES];
}

function ownNotes(construct: IConstruct): Notes {
  const known = notesOf(construct);
  if (known) return known;
  const notes: Notes = { errors: [], warnings: [] };
  Object.defineProperty(construct, NOTES, { value: notes });
  return notes;
}

/** Makes the validation of the construct fail with what `findings` gives. */
export function addSource(construct: IConstruct, findings: (view: AppView) => readonly Finding[]): void {
  const source = { last: [] as readonly Finding[] };
  ownNotes(construct).errors.push(source);
  addCheck(construct, (view) => {
    source.last = findings(view);
    return source.last.map(({ message }) => message);
  });
}

/** Whether the construct is one of ours, which checks its props. */
export function isBlock(construct: IConstruct): boolean {
  return notesOf(construct) !== undefined;
}

/** Adds what is allowed but worth a look; it is asked for after the validation. */
export function addWarnings(construct: IConstruct, warnings: (view: AppView) => readonly Finding[]): void {
  ownNotes(construct).warnings.push(warnings);
}

/** Asks a construct once what is wrong with it: validations of others count, too. */
export function errorsOf(construct: IConstruct): Finding[] {
  const messages = construct.node.validate();
  if (messages.length === 0) return [];
  const own = new Map((notesOf(construct)?.errors ?? []).flatMap(({ last }) => last).map((finding) => [finding.message, finding]));
  return messages.map((message) => own.get(message) ?? foreignFinding(construct, message));
}

/** Asks a construct what is worth a look. */
export function warningsOf(construct: IConstruct, view: AppView): Finding[] {
  const all = (notesOf(construct)?.warnings ?? []).flatMap((warnings) => warnings(view));
  return [...new Map(all.map((finding) => [finding.message, finding])).values()];
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
