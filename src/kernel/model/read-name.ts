import type { IConstruct } from 'constructs';
import { pathName } from './names';
import { type Check, text } from '../schema/checks';
import type { Reader } from '../schema/reader';

/** Reads the name of a block: the prop, or the construct path. `valid` is the syntax that Kubernetes accepts. */
export function readName(
  owner: IConstruct,
  read: Reader<{ readonly name?: string }>,
  rule: Check<string>,
): { name: string; valid: boolean } {
  const name = read.optional('name', text, pathName(owner), {
    fix: 'Write a name, or remove the prop to use the construct path',
  });
  const valid =
    rule.read(name, (given, expected) =>
      read.refuse('name', given, expected, {
        rule: 'app/object-name',
        fix: "Set 'name', or choose other construct ids",
      }),
    ) !== undefined;
  return { name, valid };
}
