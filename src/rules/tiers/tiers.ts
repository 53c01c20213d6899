import { checkCoverage } from './coverage';
import { refuseMeetingRanges } from './meeting-ranges';
import { checkOrder } from './order';
import { Verbatim } from '../../kernel/findings/describe';
import { clusterOf } from '../../kernel/model/cluster-facts';
import { namespaceOf } from '../../kernel/model/names';
import { isolationOf } from '../../network/isolation';
import { memberOf, membersOf, statedMembers } from '../../network/tiers/members';
import { refuses } from '../define';

const empty = refuses('tiers', ({ owner, tiers }, problems) => {
  const stated = statedMembers(owner);
  tiers.forEach(({ name }, index) => {
    if (!stated.some(({ tier }) => tier.name === name)) {
      problems.refuse(`tiers[${index}]`, name, 'a tier with at least one workload', {
        rule: 'tiers/empty-tier',
        fix: `Add one with add('${name}', ...), or remove the tier`,
      });
    }
  });
});

const scraped = refuses('scraping', ({ owner, portName }, problems) => {
  if (!membersOf(owner).some(({ pods }) => pods.ports().some(({ name }) => name === portName))) {
    problems.refuse('allowScraping.portName', portName, 'the name of a port of at least one workload of the tiers', {
      rule: 'tiers/scraped-port',
      fix: "Declare it in extraPorts: a NamedPort such as one with name: 'metrics', port: 9090",
    });
  }
});

const members = refuses('tiers', ({ owner: tiers }, problems) => {
  for (const member of statedMembers(tiers)) {
    const { owner, ownLabels } = member.pods;
    const counting = memberOf(owner);
    if (counting && counting !== member) {
      problems.refuse(
        'add.workload',
        owner.node.path,
        `a workload in no other tier (it is in '${counting.tier.name}' of '${counting.around.node.path}')`,
        {
          rule: 'tiers/two-tiers',
          fix: 'Add it to one tier only',
        },
      );
      continue;
    }
    for (const [label, value] of Object.entries(isolationOf(owner)?.labels ?? {})) {
      if (!(label in ownLabels) || ownLabels[label] === value) continue;
      problems.refuse(
        'add.workload',
        `${label}=${ownLabels[label]}`,
        `pods of '${owner.node.path}' with the label ${label}=${value}, or without that label`,
        {
          rule: 'tiers/label',
          fix: "Remove the label from 'labels' or 'podLabels'",
        },
      );
    }
  }
});

/** Policies select pods of one cluster, the cluster of `default-deny-all`, and refer to other namespaces by name. */
const places = refuses('tiers', ({ owner: tiers }, problems) => {
  const { name: cluster } = clusterOf(tiers);
  const all = membersOf(tiers);
  const named = namespaceOf(tiers) !== undefined || all.some(({ pods }) => pods.namespace !== undefined);
  for (const {
    pods: { owner, namespace },
  } of all) {
    if (namespace === undefined && named) {
      problems.refuse(
        'add.workload',
        owner.node.path,
        'a chart with a namespace, like the tiers or their other workloads',
        {
          rule: 'tiers/namespace',
          fix: 'Give the chart a namespace',
        },
      );
    }
    if (clusterOf(owner).name !== cluster) {
      problems.refuse(
        'add.workload',
        new Verbatim(`'${owner.node.path}' on cluster '${clusterOf(owner).name}'`),
        `a workload on the cluster of the tiers, '${cluster}'`,
        {
          rule: 'reference/other-cluster',
          fix: 'Create a NetworkTiers for each cluster, in a chart with its ClusterProfile',
        },
      );
    }
  }
});

const order = refuses('tiers', ({ owner, tiers }, problems, view) =>
  checkOrder(view, owner, tiers, membersOf(owner), problems),
);

const ranges = refuses('tiers', ({ owner }, problems) => refuseMeetingRanges(membersOf(owner), problems));

const coverage = refuses('tiers', ({ owner, tiers }, problems, view) =>
  checkCoverage(view, membersOf(owner), tiers, problems),
);

export const RULES = [empty, scraped, members, places, order, ranges, coverage];
