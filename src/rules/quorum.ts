import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { refuses } from './define';
import { foreignAutoscalerOf } from '../foreign/autoscalers';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { scaled } from '../kubernetes/int-or-percent';
import type { BudgetFact } from '../parts/disruption-budget';
import { LEAST_QUORUM, type Quorum, spareMembers } from '../parts/quorum';

const isQuorum = (members: number): boolean => members >= LEAST_QUORUM && members % 2 === 1;

/** A majority of an even number is as large as that of the next odd one, which also survives one loss more. */
const members = refuses('quorum', ({ owner, members: count, isScaled }, problems, view) => {
  const foreign = foreignAutoscalerOf(view, ApiObject.of(owner));
  if (isScaled || foreign) {
    problems.refuse(
      isScaled ? 'autoscaling' : 'quorum',
      new Verbatim(foreign ? `'${foreign.object.at.node.path}' beside a quorum` : 'an autoscaler beside a quorum'),
      'a constant number of members',
      {
        rule: 'stateful/quorum',
        fix: 'Remove the autoscaler: the number of members is part of each decision. Set replicas: 3',
      },
    );
  } else if (!isQuorum(count)) {
    const odd = Math.max(LEAST_QUORUM, count + 1);
    problems.refuse('replicas', count, `an odd number of at least ${LEAST_QUORUM}`, {
      rule: 'stateful/quorum',
      fix:
        count < LEAST_QUORUM
          ? `Write replicas: ${odd}: fewer members have no majority after the loss of one`
          : `Write replicas: ${odd} or ${count - 1}: the last of ${count} members adds no loss that the others survive`,
    });
  }
});

const byOwner = ({ owner }: BudgetFact): IConstruct[] => [owner];

const budget = refuses('quorum', (quorum, problems, view) => {
  if (quorum.isScaled || !isQuorum(quorum.members)) return;
  const spare = spareMembers(quorum.members);
  const [kept] = view.by('budget', byOwner, quorum.owner);
  if (kept === undefined) {
    refuse('budget', new Verbatim('none'), quorum, problems);
  } else {
    const pods = scaled(kept.pods, quorum.members, 'up');
    const missing = kept.kind === 'maxUnavailable' ? pods : quorum.members - pods;
    if (missing > spare) refuse(`budget.${kept.kind}`, kept.pods, quorum, problems);
  }
  if (scaled(quorum.maxUnavailable, quorum.members, 'up') > spare) {
    refuse('rollout.maxUnavailable', quorum.maxUnavailable, quorum, problems);
  }
});

function refuse(prop: string, given: unknown, { members: count }: Quorum, problems: Problems): void {
  const spare = spareMembers(count);
  problems.refuse(prop, given, `at most ${spare} of ${count} members missing, so that a majority stays`, {
    rule: 'stateful/quorum-budget',
    fix: prop.startsWith('budget')
      ? 'Write DisruptionBudget.maxUnavailable(1), the default: the others can still lose members'
      : `Write maxUnavailable: ${spare}, or remove it for one at a time`,
  });
}

export const RULES = [members, budget];
