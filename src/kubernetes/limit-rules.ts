import {
  type Amounts,
  type ContainerDemand,
  limitSums,
  type PodDemand,
  toStoredAmounts,
  type WholeDemand,
} from './pod-demand';
import { ceilDivide, larger, MILLI, type Nanos, ONE } from './quantity';
import { list, part, textAt } from '../kernel/schema/manifest';

/** One item of a LimitRange, completed as the API completes it. */
export interface LimitRules {
  readonly limitRange: string;
  readonly type: string;
  readonly min: Amounts;
  readonly max: Amounts;
  readonly default: Amounts;
  readonly defaultRequest: Amounts;
  readonly ratio: Amounts;
}

/** A violation of a rule. */
export interface Breach {
  readonly rules: LimitRules;
  readonly rule: 'min' | 'max' | 'maxLimitRequestRatio';
  readonly resource: string;
  /** The compared value: `limit`, `request`, or the ratio of both. */
  readonly of: 'limit' | 'request' | 'ratio';
  /** Missing if the rule requires a value that is not set. */
  readonly got?: Nanos;
  readonly bound: Nanos;
}

export interface Injection {
  readonly resource: string;
  readonly amount: Nanos;
  readonly limitRange: string;
}

/**
 * The rules of a LimitRange. For containers, the API completes a new LimitRange: a maximum becomes the default limit,
 * the default limit becomes the default request, and a minimum becomes the default request if neither exists.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/v1/defaults.go
 */
export function limitRulesOf(manifest: unknown, unreadable: string[]): LimitRules[] {
  return list(part(manifest, 'spec', 'limits')).map((item) => {
    const amounts = (name: string): Amounts => toStoredAmounts(part(item, name), unreadable);
    const type = textAt(item, 'type') ?? '';
    const [min, max] = [amounts('min'), amounts('max')];
    const limits = type === 'Container' ? { ...max, ...amounts('default') } : {};
    return {
      limitRange: textAt(manifest, 'metadata', 'name') ?? '',
      type,
      min,
      max,
      default: limits,
      defaultRequest: type === 'Container' ? { ...min, ...limits, ...amounts('defaultRequest') } : {},
      ratio: amounts('maxLimitRequestRatio'),
    };
  });
}

/**
 * A container after admission. The API uses a limit as the missing request, then the LimitRange adds what is still
 * missing. `against` are limits that a container gets although it has a request and no limit.
 */
export function filled(
  container: ContainerDemand,
  rules: readonly LimitRules[],
): { container: ContainerDemand; against: Injection[] } {
  const against: Injection[] = [];
  const requests: Record<string, Nanos> = { ...container.limits, ...container.requests };
  const limits: Record<string, Nanos> = { ...container.limits };
  for (const { type, limitRange, default: given, defaultRequest } of rules) {
    if (type !== 'Container') continue;
    for (const [resource, amount] of Object.entries(given)) {
      if (resource in limits) continue;
      if (resource in container.requests) against.push({ resource, amount, limitRange });
      limits[resource] = amount;
    }
    for (const [resource, amount] of Object.entries(defaultRequest)) {
      if (!(resource in requests)) requests[resource] = amount;
    }
  }
  return { container: { ...container, requests, limits }, against };
}

/** Like `filled`, for all containers of a pod, including init containers, and for the pod as a whole. */
export function filledPod(
  pod: PodDemand,
  rules: readonly LimitRules[],
): { pod: PodDemand; against: Array<Injection & { container: string }> } {
  const all = pod.containers.map((container) => filled(container, rules));
  const containers = all.map(({ container }) => container);
  const { whole } = pod;
  return {
    pod: {
      ...pod,
      containers,
      ...(whole ? { whole: filledWhole(whole, whole.defaultsLast ? containers : pod.containers) } : {}),
    },
    against: all.flatMap(({ container: { name }, against }) =>
      against.map((injection) => ({ ...injection, container: name })),
    ),
  };
}

/**
 * A limit of the pod becomes its request if no container has one at that time. A version below 1.37 does this before a
 * LimitRange applies. From 1.37 on, a request of the pod without a limit gets the sum of the limits of its containers,
 * or itself if it is larger, where all of them have one.
 */
function filledWhole({ requests, limits, ...rest }: WholeDemand, containers: readonly ContainerDemand[]): WholeDemand {
  const stated = (resource: string): boolean =>
    containers.some((container) => resource in container.requests || resource in container.limits);
  const requested = {
    ...Object.fromEntries(Object.entries(limits).filter(([resource]) => !stated(resource))),
    ...requests,
  };
  return { ...rest, requests: requested, limits: rest.defaultsLast ? limitedBy(requests, limits, containers) : limits };
}

function limitedBy(requests: Amounts, limits: Amounts, containers: readonly ContainerDemand[]): Amounts {
  const sums = limitSums(containers);
  const missing = Object.entries(requests).filter(
    ([resource]) => !(resource in limits) && containers.every((container) => resource in container.limits),
  );
  return {
    ...limits,
    ...Object.fromEntries(missing.map(([resource, request]) => [resource, larger(request, sums[resource])])),
  };
}

/** Violations that admission refuses. Limits of a claim are not checked, since claims have none. */
export function breachesOf(requests: Amounts, limits: Amounts, rules: LimitRules): Breach[] {
  const isClaim = rules.type === 'PersistentVolumeClaim';
  const breach = (rule: Breach['rule'], resource: string, of: Breach['of'], bound: Nanos, got?: Nanos): Breach => ({
    rules,
    rule,
    resource,
    of,
    bound,
    got,
  });
  const tooSmall = Object.entries(rules.min).flatMap(([resource, bound]) => {
    const [request, limit] = [requests[resource] as Nanos | undefined, limits[resource] as Nanos | undefined];
    if (request === undefined || inMillis(request) < inMillis(bound)) {
      return [breach('min', resource, 'request', bound, request)];
    }
    return limit !== undefined && inMillis(limit) < inMillis(bound)
      ? [breach('min', resource, 'limit', bound, limit)]
      : [];
  });
  const tooLarge = Object.entries(rules.max).flatMap(([resource, bound]) => {
    const [request, limit] = [requests[resource] as Nanos | undefined, limits[resource] as Nanos | undefined];
    if (!isClaim && (limit === undefined || inMillis(limit) > inMillis(bound))) {
      return [breach('max', resource, 'limit', bound, limit)];
    }
    if (isClaim && request === undefined) return [breach('max', resource, 'request', bound)];
    return request !== undefined && inMillis(request) > inMillis(bound)
      ? [breach('max', resource, 'request', bound, request)]
      : [];
  });
  const tooFarApart = Object.entries(rules.ratio).flatMap(([resource, bound]) => {
    const [request, limit] = [inMillis(requests[resource] ?? 0n), inMillis(limits[resource] ?? 0n)];
    if (request === 0n || limit === 0n) {
      return [breach('maxLimitRequestRatio', resource, request === 0n ? 'request' : 'limit', bound)];
    }
    return limit * 1000n > request * inMillis(bound)
      ? [breach('maxLimitRequestRatio', resource, 'ratio', bound, (limit * ONE) / request)]
      : [];
  });
  return [...tooSmall, ...tooLarge, ...tooFarApart];
}

/** The API compares thousandths, rounded up. */
function inMillis(amount: Nanos): bigint {
  return ceilDivide(amount, MILLI);
}
