import { rules, Severity } from './rule';

const { ERROR } = Severity;

/** Rules for members with volumes and names of their own. */
export const STATEFUL = rules({
  'stateful/partition': {
    severity: ERROR,
    practices: ['CH16-47'],
    title: 'The partition of a rollout is at most the number of members',
    reason: 'Ordinals from the partition up get the new version. A larger number is a mistake in one of the two.',
    fix: "Lower 'partition' of 'rollout', or raise 'replicas'",
    bad:
      "new StatefulService(chart, 'db', { image, port: 5432, readiness: Probe.portOnly(), replicas: 3, rollout: { " +
      'partition: 4 } });',
    good:
      "new StatefulService(chart, 'db', { image, port: 5432, readiness: Probe.portOnly(), replicas: 3, rollout: { " +
      'partition: 2 } });',
  },
  'stateful/quorum': {
    severity: ERROR,
    waivable: true,
    practices: ['CH16-37', 'S003-62'],
    title: 'Members that decide by majority are odd in number, at least three, and constant',
    reason:
      'One or two members have no majority after the loss of one. The last member of an even number adds no loss ' +
      'that the others survive. An autoscaler would change what a majority is.',
    fix: "Write replicas: 3, or another odd number, and remove 'autoscaling'",
    bad:
      "new StatefulService(chart, 'etcd', { image, port: 2379, readiness: Probe.portOnly(), quorum: true, " +
      'replicas: 4 });',
    good:
      "new StatefulService(chart, 'etcd', { image, port: 2379, readiness: Probe.portOnly(), quorum: true, " +
      'replicas: 5 });',
  },
  'stateful/quorum-budget': {
    severity: ERROR,
    waivable: true,
    practices: ['S003-62'],
    title: 'Evictions and rollouts leave a majority of the members',
    reason: 'Without a majority, the members accept no writes until one is back.',
    fix: 'Write DisruptionBudget.maxUnavailable(1), the default, and replace one member at a time',
    bad:
      "new StatefulService(chart, 'etcd', { image, port: 2379, readiness: Probe.portOnly(), quorum: true, budget: " +
      'DisruptionBudget.maxUnavailable(2) });',
    good:
      "new StatefulService(chart, 'etcd', { image, port: 2379, readiness: Probe.portOnly(), quorum: true, budget: " +
      'DisruptionBudget.maxUnavailable(1) });',
  },
});
