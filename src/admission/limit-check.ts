import { titleOf } from './demand';
import { memoized } from './memoized';
import { claimsOf } from './object-counts';
import type { Placed } from './placed';
import { type Breach, breachesOf, filledPod, type LimitRules } from '../kubernetes/limit-rules';
import type { PodDemand } from '../kubernetes/pod-demand';
import { podAmounts } from '../kubernetes/pod-demand';
import { binaryText, decimalText, type Nanos } from '../kubernetes/quantity';

/** Something that a LimitRange refuses, or changes against the intent of its author. */
export interface LimitFinding {
  readonly limitRange: string;
  /** The type of the rule: `Container`, `Pod`, `PersistentVolumeClaim`. */
  readonly type: string;
  readonly rule: Breach['rule'] | 'default';
  readonly got: string;
  readonly expected: string;
  readonly fix: string;
}

/** Compares the contents of a namespace with the rules of its LimitRanges. */
export function checkLimits(placed: Placed, rules: readonly LimitRules[], unreadable: string[]): LimitFinding[] {
  const findingsOf = memoized((pod: PodDemand) => checkPod(pod, rules));
  return [
    ...placed.workloads.flatMap((workload) => findingsOf(workload.pod).map((toText) => toText(titleOf(workload)))),
    ...rules
      .filter(({ type }) => type === 'PersistentVolumeClaim')
      .flatMap((item) =>
        claimsOf(placed, unreadable).flatMap(({ what, storage }) =>
          breachesOf({ storage }, {}, item).map((breach) => toFinding(breach, what)),
        ),
      ),
  ];
}

/** The violations of a pod, as functions of the workload's name. */
function checkPod(pod: PodDemand, rules: readonly LimitRules[]): Array<(workload: string) => LimitFinding> {
  const { pod: admitted, against } = filledPod(pod, rules);
  const injected = against.map(({ container, resource, amount, limitRange }) => (workload: string): LimitFinding => ({
    limitRange,
    type: 'Container',
    rule: 'default',
    got:
      `a ${resource} limit of ${textOf(resource)(amount)} for container '${container}' of ${workload}, with ` +
      'a request and no limit',
    expected: 'no default limit, or a limit in the container',
    fix:
      resource === 'cpu'
        ? 'Use Quota.withoutCpuLimit(...) for the namespace, or give the container a CPU limit'
        : 'Give the container a limit',
  }));
  // no quota refuses such a pod, but its containers no longer share
  const capped = pod.containers
    .filter(({ shared }) => shared)
    .flatMap(({ name, limits }) =>
      rules.flatMap((item) =>
        Object.entries(item.default)
          .filter(([resource]) => (resource === 'cpu' || resource === 'memory') && !(resource in limits))
          .map(([resource, amount]) => (workload: string): LimitFinding => ({
            limitRange: item.limitRange,
            type: 'Container',
            rule: 'default',
            got:
              `a ${resource} limit of ${textOf(resource)(amount)} for container '${name}' of ${workload}, which ` +
              `shares the ${resource} of its pod`,
            expected: 'no default limit, or a limit in the container',
            fix: 'Give the container resources of its own: a namespace with such defaults has no shared ones',
          })),
      ),
    );
  const breaches = rules.flatMap((item) => {
    if (item.type === 'Pod') {
      const { requests, limits } = podAmounts(admitted);
      return breachesOf(requests, limits, item).map(
        (breach) => (workload: string) => toFinding(breach, `the pods of ${workload}`),
      );
    }
    if (item.type !== 'Container') return [];
    return admitted.containers.flatMap(({ name, requests, limits }) =>
      breachesOf(requests, limits, item).map(
        (breach) => (workload: string) => toFinding(breach, `container '${name}' of ${workload}`),
      ),
    );
  });
  return [...injected, ...capped, ...breaches];
}

function toFinding({ rules, rule, resource, of, got, bound }: Breach, what: string): LimitFinding {
  const text = of === 'ratio' ? decimalText : textOf(resource);
  const measured = of === 'ratio' ? 'ratio of limit to request' : of;
  const limitText = rule === 'maxLimitRequestRatio' ? decimalText : text;
  return {
    limitRange: rules.limitRange,
    type: rules.type,
    rule,
    got:
      got === undefined
        ? `no ${resource} ${measured} in ${what}`
        : `a ${resource} ${measured} of ${text(got)} in ${what}`,
    expected:
      `${rule === 'min' ? 'at least' : 'at most'} ` +
      `${limitText(bound)}${rule === 'maxLimitRequestRatio' ? ' times the request' : ''}`,
    fix: `Change the resources, or ${rule === 'min' ? 'lower the minimum' : 'raise the maximum'}`,
  };
}

function textOf(resource: string): (amount: Nanos) => string {
  return /memory|storage$|hugepages/.test(resource) ? binaryText : decimalText;
}
