import { breachesOf, filled, limitRulesOf } from '../../src/kubernetes/limit-rules';
import type { ContainerDemand } from '../../src/kubernetes/pod-demand';
import { parseQuantity } from '../../src/kubernetes/quantity';

const amounts = (given: Record<string, string>) =>
  Object.fromEntries(Object.entries(given).map(([name, text]) => [name, parseQuantity(text) ?? -1n]));
const rules = (item: object, type = 'Container') =>
  limitRulesOf({ metadata: { name: 'limits' }, spec: { limits: [{ type, ...item }] } }, []);
const container = (requests: Record<string, string>, limits: Record<string, string>): ContainerDemand => ({
  name: 'main',
  role: 'main',
  requests: amounts(requests),
  limits: amounts(limits),
});

describe('defaults of a LimitRange', () => {
  test('are completed as the API does it: maximum, default limit, default request, minimum', () => {
    const [{ default: limits, defaultRequest }] = rules({
      max: { cpu: '2', memory: '1Gi' },
      default: { memory: '512Mi' },
      min: { 'memory': '4Mi', 'ephemeral-storage': '1Gi' },
    });
    expect(limits).toEqual(amounts({ cpu: '2', memory: '512Mi' }));
    expect(defaultRequest).toEqual(amounts({ 'cpu': '2', 'memory': '512Mi', 'ephemeral-storage': '1Gi' }));
  });

  test('are for what a container does not state, after its limits became its requests', () => {
    const all = rules({ default: { cpu: '1', memory: '1Gi' }, defaultRequest: { cpu: '100m', memory: '64Mi' } });
    expect(filled(container({}, {}), all)).toMatchObject({
      container: { requests: amounts({ cpu: '100m', memory: '64Mi' }), limits: amounts({ cpu: '1', memory: '1Gi' }) },
      against: [],
    });
    expect(filled(container({}, { memory: '128Mi' }), all).container).toMatchObject({
      requests: amounts({ cpu: '100m', memory: '128Mi' }),
      limits: amounts({ cpu: '1', memory: '128Mi' }),
    });
  });

  test('are against the will of a container that has a request and no limit', () => {
    const { against } = filled(
      container({ cpu: '100m', memory: '64Mi' }, { memory: '64Mi' }),
      rules({ max: { cpu: '2' } }),
    );
    expect(against).toEqual([{ resource: 'cpu', amount: parseQuantity('2'), limitRange: 'limits' }]);
  });

  test('are not for pods and claims', () => {
    expect(rules({ max: { cpu: '2' } }, 'Pod')[0]).toMatchObject({ default: {}, defaultRequest: {} });
  });
});

describe('a LimitRange refuses, to the unit', () => {
  const breaches = (item: object, requests: Record<string, string>, limits: Record<string, string>, type?: string) =>
    rules(item, type)
      .flatMap((rule) => breachesOf(amounts(requests), amounts(limits), rule))
      .map(({ rule, of, got }) => `${rule} ${of} ${got === undefined ? 'missing' : ''}`.trim());

  test('what is below the minimum', () => {
    expect(breaches({ min: { cpu: '100m' } }, { cpu: '100m' }, { cpu: '100m' })).toEqual([]);
    expect(breaches({ min: { cpu: '100m' } }, { cpu: '99m' }, { cpu: '100m' })).toEqual(['min request']);
    expect(breaches({ min: { cpu: '100m' } }, {}, {})).toEqual(['min request missing']);
    expect(breaches({ min: { cpu: '100m' } }, { cpu: '200m' }, { cpu: '99m' })).toEqual(['min limit']);
  });

  test('what is above the maximum', () => {
    expect(breaches({ max: { memory: '1Gi' } }, { memory: '1Gi' }, { memory: '1Gi' })).toEqual([]);
    expect(breaches({ max: { memory: '1Gi' } }, { memory: '1Gi' }, { memory: '1073741825' })).toEqual(['max limit']);
    expect(breaches({ max: { memory: '1Gi' } }, { memory: '2Gi' }, { memory: '1Gi' })).toEqual(['max request']);
    expect(breaches({ max: { memory: '1Gi' } }, { memory: '1Gi' }, {})).toEqual(['max limit missing']);
  });

  test('what is too far apart', () => {
    expect(breaches({ maxLimitRequestRatio: { cpu: '4' } }, { cpu: '100m' }, { cpu: '400m' })).toEqual([]);
    expect(breaches({ maxLimitRequestRatio: { cpu: '4' } }, { cpu: '100m' }, { cpu: '401m' })).toEqual([
      'maxLimitRequestRatio ratio',
    ]);
    expect(breaches({ maxLimitRequestRatio: { cpu: '1.5' } }, { cpu: '2' }, { cpu: '3' })).toEqual([]);
    expect(breaches({ maxLimitRequestRatio: { cpu: '1.5' } }, { cpu: '2' }, { cpu: '3001m' })).toEqual([
      'maxLimitRequestRatio ratio',
    ]);
    expect(breaches({ maxLimitRequestRatio: { cpu: '4' } }, { cpu: '0' }, { cpu: '1' })).toEqual([
      'maxLimitRequestRatio request missing',
    ]);
    expect(breaches({ maxLimitRequestRatio: { cpu: '4' } }, { cpu: '1' }, {})).toEqual([
      'maxLimitRequestRatio limit missing',
    ]);
  });

  test('claims by their requests alone', () => {
    const item = { min: { storage: '1Gi' }, max: { storage: '10Gi' } };
    expect(breaches(item, { storage: '10Gi' }, {}, 'PersistentVolumeClaim')).toEqual([]);
    expect(breaches(item, { storage: '11Gi' }, {}, 'PersistentVolumeClaim')).toEqual(['max request']);
    expect(breaches(item, { storage: '1Mi' }, {}, 'PersistentVolumeClaim')).toEqual(['min request']);
    expect(breaches(item, {}, {}, 'PersistentVolumeClaim')).toEqual(['min request missing', 'max request missing']);
  });
});
