import { refuses } from './define';
import { assignmentOf, assignmentsOf } from '../kernel/model/cluster-facts';

/** Of several profiles, one counts. Each of the others says that there is one too many. */
const oneProfile = refuses('cluster', ({ owner, profile }, problems) => {
  const { length } = assignmentsOf(owner);
  if (length === 1 || assignmentOf(owner)?.profile === profile) return;
  problems.refuse('assignTo', `${length} profiles`, 'one for each scope', { rule: 'cluster/one-profile', fix: 'Keep one, or assign the others to what is inside of the scope' });
});

export const RULES = [oneProfile];
