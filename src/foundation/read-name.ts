import type { IConstruct } from 'constructs';
import { type Check, text } from './checks';
import { pathName } from './names';
import type { Reader } from './reader';

/** The name of a block: as given, or its construct path. `valid` tells whether Kubernetes takes it. */
export function readName(owner: IConstruct, read: Reader<{ readonly name?: string }>, rule: Check<string>): { name: string; valid: boolean } {
  const name = read.optional('name', text, pathName(owner), { fix: 'Leave it out for the construct path' });
  const valid = rule.read(name, () => undefined) !== undefined;
  if (!valid) read.refuse('name', name, rule.expected, { fix: "Set 'name', or choose other construct ids", practice: 'DX-12' });
  return { name, valid };
}
