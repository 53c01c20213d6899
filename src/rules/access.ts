import { warns } from './define';
import { rulesOf } from '../access/built-in';
import { rightToEnterPods, rightToStartPods } from '../access/dangers';
import type {} from '../access/grants';
import { powersIn } from '../kernel/model/namespace-facts';

/** Where pods have power over more than their namespace, who starts or enters them has it, too. */
const powers = warns('grant', ({ owner: grant, role, namespace }) => {
  const found = namespace === undefined ? [] : powersIn(grant, namespace);
  if (found.length === 0) return [];
  const rules = rulesOf(role);
  const [right] = [...rules.map(rightToStartPods), ...rules.map(rightToEnterPods)].filter((each) => each !== undefined);
  if (right === undefined) return [];
  const got = `'${right.verb}' on '${right.resource}' in namespace '${namespace}'`;
  return found.map(({ owner, power }) => ({
    rule: 'access/powerful-pods',
    prop: 'role',
    got,
    expected: 'no right to start or enter pods there',
    text: `${got}, that of '${owner.node.path}': whoever has it ${power}`,
  }));
});

export const RULES = [powers];
