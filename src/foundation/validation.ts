import type { IConstruct } from 'constructs';

// A synthesis is one synchronous call: nothing of another app happens meanwhile.
let validating: { readonly root: IConstruct; readonly answers: Map<unknown, unknown> } | undefined;
let validated: IConstruct | undefined;

/** Runs a validation of a whole app, in which questions about the app are answered once. */
export function duringValidation<T>(root: IConstruct, step: () => T): T {
  const before = validating;
  validating = { root, answers: new Map() };
  try {
    return step();
  } finally {
    validating = before;
  }
}

/** The answer to a question about a whole app. Outside of `duringValidation`, it is asked each time. */
export function answerFor<T>(root: IConstruct, question: (root: IConstruct) => T): T {
  if (validating?.root !== root) return question(root);
  const { answers } = validating;
  if (!answers.has(question)) answers.set(question, question(root));
  return answers.get(question) as T;
}

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
