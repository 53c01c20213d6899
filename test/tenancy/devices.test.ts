import { ApiObject, type Chart, Size } from 'cdk8s';
import { problemsOfTenant, quota, synthTenant } from './support';
import {
  ClusterProfile,
  Cpu,
  DeviceRequest,
  PodResources,
  Quota,
  type QuotaOptions,
  Resources,
  WebService,
  type WebServiceProps,
} from '../../src';
import { only, untyped, WEB } from '../support';

const GPU = 'nvidia.com/gpu';
const SMALL = { cpu: Cpu.millis(100), memory: Size.mebibytes(128) };
const SIDECAR = { name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' };

const web = (chart: Chart, props: Partial<WebServiceProps>): WebService => {
  new ClusterProfile({ version: '1.34' }).assignTo(chart);
  return new WebService(chart, 'web', { ...WEB, replicas: 2, ...props });
};
const problems = (options: Partial<QuotaOptions>, props: Partial<WebServiceProps>): string[] =>
  problemsOfTenant({ quota: quota(options) }, (chart) => web(chart, props));

describe('a quota of devices', () => {
  test('bounds requests: the API server has no key for limits (CH08-39, CH14-03)', () => {
    const { app, messages } = synthTenant(
      { quota: quota({ extended: { [GPU]: 4, 'amd.com/gpu': 0 }, devices: { 'gpu.nvidia.com': 8 } }) },
      () => undefined,
    );
    expect(messages).toEqual([]);
    const { hard } = only(
      app.charts.flatMap((chart) => chart.toJson() as object[]),
      'ResourceQuota',
    ).spec;
    expect(hard).toMatchObject({
      'requests.nvidia.com/gpu': '4',
      'requests.amd.com/gpu': '0',
      'gpu.nvidia.com.deviceclass.resource.k8s.io/devices': '8',
    });
    expect(Object.keys(hard as object).filter((key) => key.startsWith('limits.nvidia'))).toEqual([]);
  });

  test('is compared with what the pods request, a rollout included', () => {
    const resources = Resources.of({ ...SMALL, extended: { [GPU]: 2 } });
    const sidecars = [{ ...SIDECAR, resources: Resources.of({ ...SMALL, extended: { [GPU]: 1 } }) }];
    // 2 replicas, 1 surge
    expect(problems({ extended: { [GPU]: 9 } }, { resources, sidecars })).toEqual([]);
    expect(problems({ extended: { [GPU]: 8 } }, { resources, sidecars })).toEqual([
      expect.stringContaining(`quota.extended['${GPU}']`),
    ]);
  });

  test('is compared with what claims request', () => {
    const resources = Resources.of({ ...SMALL, devices: [DeviceRequest.of('gpu.nvidia.com', { count: 2 })] });
    expect(problems({ devices: { 'gpu.nvidia.com': 6 } }, { resources })).toEqual([]);
    expect(problems({ devices: { 'gpu.nvidia.com': 5 } }, { resources })).toEqual([
      expect.stringContaining("quota.devices['gpu.nvidia.com']"),
    ]);
  });

  test('is compared with raw manifests', () => {
    const place = (chart: Chart): unknown =>
      new ApiObject(chart, 'raw', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'raw' },
        spec: {
          containers: [{ name: 'a', image: 'a:1', resources: { limits: { cpu: '1', memory: '1Gi', [GPU]: 3 } } }],
        },
      });
    const found = problemsOfTenant({ quota: quota({ extended: { [GPU]: 2 } }) }, place);
    expect(found.filter((line) => line.includes(GPU))).toHaveLength(1);
  });

  test.each([
    [{ extended: { gpu: 1 } }, 'extended'],
    [{ extended: { [GPU]: 1.5 } }, 'extended'],
    [{ devices: { A: 1 } }, 'devices'],
    [{ devices: { a: -1 } }, 'devices'],
  ])('refuses %j', (options, at) => {
    const given = Quota.of(untyped({ cpu: Cpu.units(10), memory: Size.gibibytes(20), ...options }));
    expect(problemsOfTenant({ quota: given }, () => undefined)).toEqual([expect.stringContaining(`quota.${at}`)]);
  });
});

describe('a pod with resources as a whole', () => {
  const podResources = PodResources.of({ cpu: Cpu.units(1), memory: Size.gibibytes(1) });
  const own = Resources.of(SMALL);

  test('counts with them in quotas', () => {
    const props = { podResources, resources: own, sidecars: [{ ...SIDECAR, resources: own }] };
    expect(problems({ cpu: Cpu.units(3), memory: Size.gibibytes(3) }, props)).toEqual([]);
    expect(problems({ cpu: Cpu.millis(2999), cpuLimit: Cpu.units(40), memory: Size.gibibytes(3) }, props)).toEqual([
      expect.stringContaining('quota.cpu'),
    ]);
  });

  test('loses the sharing to a LimitRange with defaults', () => {
    const found = problems({}, { podResources, sidecars: [{ ...SIDECAR, resources: own }] });
    expect(found).toHaveLength(2);
    expect(found[0]).toContain('limitRange.defaultLimit');
  });
});
