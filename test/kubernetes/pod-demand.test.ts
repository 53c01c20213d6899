import * as fc from 'fast-check';
import type { ContainerDemand, PodDemand } from '../../src/kubernetes/pod-demand';
import { missing, podUsage } from '../../src/kubernetes/pod-demand';
import { MILLI, ONE } from '../../src/kubernetes/quantity';
import { inScope } from '../../src/kubernetes/quota-scopes';

const RESOURCES = ['cpu', 'memory', 'ephemeral-storage', 'nvidia.com/gpu', 'hugepages-2Mi'] as const;

const amounts = fc.dictionary(fc.constantFrom(...RESOURCES), fc.bigInt({ min: 0n, max: 10n ** 12n }), {
  noNullPrototype: true,
});
const ofRole = (...roles: Array<ContainerDemand['role']>) =>
  fc.record({ name: fc.constantFrom('a', 'b'), role: fc.constantFrom(...roles), requests: amounts, limits: amounts });
const pods: fc.Arbitrary<PodDemand> = fc.record({
  containers: fc
    .tuple(
      fc.array(ofRole('init', 'sidecar'), { maxLength: 6 }),
      fc.array(ofRole('main'), { minLength: 1, maxLength: 3 }),
    )
    .map(([before, main]) => [...before, ...main]),
  overhead: amounts,
  deadline: fc.boolean(),
});

/**
 * What runs at once, moment by moment: before each init container starts, the sidecars so far and that container; at
 * the end all sidecars and all main containers.
 */
function largestMoment({ containers }: PodDemand, which: 'requests' | 'limits', resource: string): bigint {
  const of = (some: readonly ContainerDemand[]) =>
    some.reduce((sum, container) => sum + (container[which][resource] ?? 0n), 0n);
  const moments = containers.map((container, index) => [
    ...containers.slice(0, index).filter(({ role }) => role === 'sidecar'),
    container,
  ]);
  const end = containers.filter(({ role }) => role !== 'init');
  return [...moments.filter((moment) => moment.every(({ role }) => role !== 'main')), end]
    .map(of)
    .reduce((a, b) => (a > b ? a : b));
}

test('a pod takes of a quota what its containers need at once at most, and its overhead (CH08-42)', () => {
  fc.assert(
    fc.property(pods, (pod) => {
      const usage = podUsage(pod);
      for (const resource of RESOURCES) {
        const overhead = pod.overhead[resource] ?? 0n;
        expect(usage[`requests.${resource}`] ?? 0n).toBe(largestMoment(pod, 'requests', resource) + overhead);
        const limit = largestMoment(pod, 'limits', resource);
        const counted = ['cpu', 'memory', 'ephemeral-storage'].includes(resource) && limit > 0n;
        expect(usage[`limits.${resource}`] ?? 0n).toBe(counted ? limit + overhead : 0n);
      }
      expect(usage.pods).toBe(ONE);
    }),
  );
});

test('the order of init containers and sidecars matters', () => {
  const one = (role: ContainerDemand['role'], cpu: bigint): ContainerDemand => ({
    name: role,
    role,
    requests: { cpu },
    limits: {},
  });
  const main = one('main', 100n * MILLI);
  const [sidecar, init] = [one('sidecar', 200n * MILLI), one('init', 300n * MILLI)];
  const cpu = (...containers: ContainerDemand[]) => podUsage({ containers, overhead: {}, deadline: false }).cpu;
  expect(cpu(init, sidecar, main)).toBe(300n * MILLI);
  expect(cpu(sidecar, init, main)).toBe(500n * MILLI);
});

test('amounts of the pod as a whole replace the sums of its containers', () => {
  const container: ContainerDemand = {
    name: 'main',
    role: 'main',
    requests: { 'cpu': ONE, 'ephemeral-storage': ONE },
    limits: {},
  };
  const pod: PodDemand = {
    containers: [container],
    overhead: {},
    deadline: false,
    whole: { requests: { 'cpu': 2n * ONE, 'ephemeral-storage': 5n * ONE }, limits: { memory: ONE } },
  };
  expect(podUsage(pod)).toMatchObject({
    'requests.cpu': 2n * ONE,
    'requests.ephemeral-storage': ONE,
    'limits.memory': ONE,
  });
  expect(missing(pod, 'limits.cpu')).toEqual([]);
});

test('a quota of CPU or memory makes each container state it, others do not', () => {
  const container = (
    name: string,
    role: ContainerDemand['role'],
    limits: ContainerDemand['limits'],
  ): ContainerDemand => ({ name, role, requests: { cpu: ONE }, limits });
  const pod: PodDemand = {
    containers: [container('init', 'init', {}), container('main', 'main', { cpu: ONE })],
    overhead: {},
    deadline: false,
  };
  expect(missing(pod, 'requests.cpu')).toEqual([]);
  expect(missing(pod, 'limits.cpu')).toEqual(['init']);
  expect(missing(pod, 'memory')).toEqual(['init', 'main']);
  expect(missing(pod, 'requests.ephemeral-storage')).toEqual([]);
});

describe('a quota with scopes counts', () => {
  const plain: PodDemand = {
    containers: [{ name: 'main', role: 'main', requests: {}, limits: {} }],
    overhead: {},
    deadline: false,
  };
  const important: PodDemand = {
    ...plain,
    priorityClass: 'important',
    deadline: true,
    containers: [{ name: 'main', role: 'main', requests: { cpu: ONE }, limits: {} }],
  };
  const scoped = (scope: string) => [plain, important].map((pod) => inScope({ spec: { scopes: [scope] } }, pod));
  const selected = (operator: string, values?: string[]) =>
    [plain, important].map((pod) =>
      inScope(
        { spec: { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator, values }] } } },
        pod,
      ),
    );

  test('pods by quality and deadline', () => {
    expect(scoped('BestEffort')).toEqual([true, false]);
    expect(scoped('NotBestEffort')).toEqual([false, true]);
    expect(scoped('Terminating')).toEqual([false, true]);
    expect(scoped('NotTerminating')).toEqual([true, false]);
    expect(scoped('CrossNamespacePodAffinity')).toEqual([false, false]);
  });

  test('pods by priority class', () => {
    expect(scoped('PriorityClass')).toEqual([false, true]);
    expect(selected('In', ['important'])).toEqual([false, true]);
    expect(selected('NotIn', ['important'])).toEqual([true, false]);
    expect(selected('Exists')).toEqual([false, true]);
    expect(selected('DoesNotExist')).toEqual([true, false]);
  });
});
