import type { IConstruct } from 'constructs';

// A synthesis is one synchronous call: nothing of another app happens meanwhile.
let validated: IConstruct | undefined;

/**
 * Runs a step of a synthesis after the validation of the whole app: its blocks need not check themselves once more for
 * each of their objects.
 */
export function afterValidation<T>(root: IConstruct, step: () => T): T {
  const before = validated;
  validated = root;
  try {
    return step();
  } finally {
    validated = before;
  }
}

export function isValidated(construct: IConstruct): boolean {
  return validated !== undefined && construct.node.root === validated;
}
