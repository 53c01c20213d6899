import { refuses, warns } from './define';
import { rulesOf } from '../access/built-in';
import { rightToEnterPods, rightToStartPods } from '../access/dangers';
import type {} from '../access/grants';
import type {} from '../access/workload-identity';
import { clusterOf } from '../kernel/model/cluster-facts';
import { powersIn } from '../kernel/model/namespace-facts';

/** Anyone who can start or enter pods with power beyond their namespace also has that power. */
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
    text: `${got}, the namespace of '${owner.node.path}': a subject with this right ${power}`,
  }));
});

const otherCloud = refuses('identity', ({ owner, identity: { provider, endpoints }, prop }, problems) => {
  const cluster = clusterOf(owner);
  if (endpoints.length === 0 || cluster.provider === undefined || cluster.provider === provider) return;
  problems.refuse(
    prop ?? 'workloadIdentity',
    provider,
    `an identity for the provider of the ClusterProfile '${cluster.name}' (${cluster.provider})`,
    {
      rule: 'access/other-cloud',
      fix: 'Use the identity of that cloud',
    },
  );
});

export const RULES = [powers, otherCloud];
