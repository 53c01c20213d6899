import type { IConstruct } from 'constructs';
import { pathName } from './names';
import { type Check, text } from '../schema/checks';
import type { Reader } from '../schema/reader';

/** The name of a block: as given, or its construct path. `valid` tells whether Kubernetes takes it. */
export function readName(
  owner: IConstruct,
  read: Reader<{ readonly name?: string }>,
  rule: Check<string>,
): { name: string; valid: boolean } {
  const name = read.optional('name', text, pathName(owner), {
    fix: 'Write a name, or remove the prop: the construct path is the name then',
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
