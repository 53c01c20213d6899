import * as fc from 'fast-check';
import { type Node, parseRe2, type Range } from '../../projenrc/re2';

const PRINTABLE = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));
const MOST_REPEATED = 20;

/** Texts that match a pattern, but for what stands around it: put together here, so that none is in the repository. */
export function textOf(pattern: string): fc.Arbitrary<string> {
  return textOfNode(parseRe2(pattern.replaceAll('\\uffff', '\\x{ffff}')));
}

function textOfNode(node: Node): fc.Arbitrary<string> {
  switch (node.kind) {
    case 'class':
      return fc.constantFrom(...PRINTABLE.filter((character) => isIn(node.ranges, character) !== node.negated));
    case 'edge':
      return fc.constant('');
    case 'group':
      return textOfNode(node.node);
    case 'choice':
      return fc.oneof(...node.nodes.map(textOfNode));
    case 'sequence':
      return fc.tuple(...node.nodes.map(textOfNode)).map((parts) => parts.join(''));
    case 'repeat':
      return fc
        .array(textOfNode(node.node), {
          minLength: node.least,
          maxLength: Math.min(node.most, node.least + MOST_REPEATED),
          size: 'max',
        })
        .map((parts) => parts.join(''));
  }
}

function isIn(ranges: readonly Range[], character: string): boolean {
  return ranges.some(([first, last]) => character.charCodeAt(0) >= first && character.charCodeAt(0) <= last);
}
