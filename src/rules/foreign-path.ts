import type { ForeignObject } from '../foreign/foreign-objects';
import { keyPart } from '../kernel/findings/prop-path';

/** The start of a path in an object: an item of a List is named. */
export function pathIn({ at, name }: ForeignObject): string {
  return at.kind === 'List' && at.apiGroup === 'core' ? `items${keyPart(name)}.` : '';
}
