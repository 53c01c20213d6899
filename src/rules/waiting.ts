import type { IConstruct } from 'constructs';
import { refuses, warns } from './define';
import { errorAt } from './verdicts';
import type { PassView } from '../kernel/facts/pass-view';
import { Verbatim } from '../kernel/findings/describe';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import type { Warning } from '../kernel/findings/warnings';
import { hasInjectedProxy, ISTIO_NATIVE } from '../network/injected-proxy';
import type {} from '../parts/event-scaling';
import type { WaitFact } from '../pod/wait';
import { templateOf, workloadsOf } from '../pod/workload-facts';

const PROP = 'connectTo.wait';

/** Pods that wait for each other never start. Reports each circle at the client that was declared first. */
const circles: LibraryRule = {
  kinds: ['wait'],
  warns: false,
  judge: (view) => {
    const reported = new Set<IConstruct>();
    return view.all('wait').flatMap(({ owner, target }): Verdict[] => {
      if (reported.has(owner)) return [];
      const back = pathTo(view, target, owner);
      if (back === undefined) return [];
      for (const block of back) reported.add(block);
      return [
        errorAt(owner, {
          rule: 'network/wait-circle',
          prop: PROP,
          got: [owner, ...back].map(({ node }) => `'${node.path}'`).join(' -> '),
          expected: 'clients that do not wait for each other',
          fix: "Remove 'wait' from one of these connections: no pod of them would start, after an outage of all",
        }),
      ];
    });
  },
};

const byOwner = ({ owner }: WaitFact): IConstruct[] => [owner];

/** The shortest way from a block to another, along waits: without the first, with the last. */
function pathTo(view: PassView, from: IConstruct, to: IConstruct): IConstruct[] | undefined {
  const ways = new Map<IConstruct, IConstruct[]>([[from, [from]]]);
  for (const [block, way] of ways) {
    if (block === to) return way;
    for (const { target } of view.by('wait', byOwner, block)) {
      if (!ways.has(target)) ways.set(target, [...way, target]);
    }
  }
  return undefined;
}

/** New pods of the client wait until the target has a pod. */
const forNone = warns('wait', ({ target }, view): Warning[] => {
  const none = view.derive(blocksWithoutPods).get(target);
  if (none === undefined) return [];
  return [
    {
      rule: 'network/wait-for-none',
      prop: PROP,
      got: `'${target.node.path}', of which there can be no pod (${none})`,
      expected: 'a target that always has a pod',
      text:
        `${PROP}: '${target.node.path}' can have no pod (${none}), and each new pod of this workload then waits ` +
        "until it has one. Give it a pod at all times, or remove 'wait'",
    },
  ];
});

/** The blocks that can have no pod, and the prop that says so. */
function blocksWithoutPods(view: PassView): ReadonlyMap<IConstruct, string> {
  const found = new Map<IConstruct, string>();
  for (const { construct, replicas } of workloadsOf(view)) if (replicas === 0) found.set(construct, 'replicas: 0');
  for (const { owner, scaling } of view.all('eventScaling')) {
    // what holds requests starts a pod for them
    if (scaling.requestsAtZero !== undefined) found.delete(owner);
    else if (scaling.min === 0) found.set(owner, 'min: 0');
    else if (scaling.zeroWhenIdle) found.set(owner, 'zeroWhenIdle: true');
  }
  return found;
}

/** The Job controller counts failures of init containers, in new pods and in restarted containers alike. */
const inRun = refuses('wait', ({ owner, waitsItself }, problems, view) => {
  const kind = templateOf(view, owner)?.kind;
  if (waitsItself || (kind !== 'Job' && kind !== 'CronJob')) return;
  problems.refuse(PROP, new Verbatim('a program that asks once'), 'a program that waits itself', {
    rule: 'network/wait-in-run',
    fix:
      'Use a program that ends when the target answers, and say waitsItself: true: each failure of another one ' +
      'counts as one of the run',
  });
});

const BEFORE_PROXY: Warning = {
  rule: 'network/wait-before-proxy',
  prop: PROP,
  got: 'a mesh proxy that starts after the init containers',
  expected: 'a native sidecar, or no proxy',
  text:
    `${PROP}: the mesh leads the traffic of the pod through its proxy, which starts after the init containers unless ` +
    "it is a native sidecar: the pod waits forever. Request one with podAnnotations: { '" +
    `${ISTIO_NATIVE}': 'true' }, or remove 'wait'`,
};

const beforeProxy = warns('wait', ({ owner }, view) => {
  const pod = templateOf(view, owner)?.pod;
  return pod && hasInjectedProxy(pod.labels()) && pod.annotations[ISTIO_NATIVE] !== 'true' ? [BEFORE_PROXY] : [];
});

export const RULES = [circles, forNone, inRun, beforeProxy];
