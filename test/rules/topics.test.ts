import { TOPICS } from '../../src/rules/install';

test('each topic loads, its kinds are those of its rules, and each rule is in one topic', () => {
  expect(TOPICS.map(({ kinds, load }) => [...new Set(load().RULES.flatMap(({ kinds: own }) => own))].sort().join() === [...kinds].sort().join())).toEqual(TOPICS.map(() => true));
  const rules = TOPICS.flatMap(({ load }) => load().RULES);
  expect(new Set(rules).size).toBe(rules.length);
});
