import { ApiObject, App, Chart, Size } from 'cdk8s';
import { Cpu, Quota, TenantNamespace, WebService } from '../../src';
import { checkNamespace } from '../../src/admission/namespace-check';
import * as usage from '../../src/kubernetes/pod-demand';
import { newChart, viewOf, WEB } from '../support';

function build(tenants: number, workloads: number): TenantNamespace[] {
  const app = new App();
  const platform = new Chart(app, 'platform');
  return Array.from({ length: tenants }, (_, index) => {
    const tenant = new TenantNamespace(platform, `t${index}`, {
      name: `t${index}`,
      owner: 'a',
      team: 'a',
      purpose: 'p',
      quota: Quota.of({ cpu: Cpu.units(50), memory: Size.gibibytes(50) }),
    });
    const chart = newChart(tenant.name, `w${index}`, app);
    for (let workload = 0; workload < workloads; workload++) new WebService(chart, `w${workload}`, WEB);
    return tenant;
  });
}

/** How often an object is rendered, and all workloads are asked, for the sums of all tenants, asked three times. */
function work(tenants: TenantNamespace[]): { rendered: number; asked: number } {
  const rendered = jest.spyOn(ApiObject.prototype, 'toJson');
  const view = viewOf(tenants[0]);
  const asked = jest.spyOn(view, 'all');
  for (let times = 0; times < 3; times++) {
    for (const tenant of tenants) expect(checkNamespace(view, tenant, tenant.name).quotas).toEqual([]);
  }
  return {
    rendered: rendered.mock.calls.length,
    asked: asked.mock.calls.filter(([kind]) => kind === 'workload').length,
  };
}

afterEach(() => jest.restoreAllMocks());

test('the sums of a tenant let cdk8s render nothing, and ask its workloads once', () => {
  expect(work(build(1, 4))).toEqual({ rendered: 0, asked: 1 });
});

test('they do so for any number of tenants', () => {
  expect(work(build(6, 4))).toEqual({ rendered: 0, asked: 1 });
});

test('pods of one shape are measured once a namespace', () => {
  const measured = jest.spyOn(usage, 'podUsage');
  work(build(3, 5));
  expect(measured.mock.calls.length).toBe(3);
});

test('objects of other libraries are rendered once', () => {
  const [tenant] = build(1, 1);
  for (const id of ['a', 'b']) {
    new ApiObject(newChart(tenant.name, id, tenant.node.root as App), 'service', {
      apiVersion: 'v1',
      kind: 'Service',
      spec: { type: 'NodePort', ports: [{ port: 80 }] },
    });
  }
  const rendered = jest.spyOn(ApiObject.prototype, 'toJson');
  const view = viewOf(tenant);
  for (let times = 0; times < 3; times++) {
    expect(checkNamespace(view, tenant, tenant.name).quotas.map(({ key }) => key)).toEqual(['services.nodeports']);
  }
  expect(rendered.mock.calls.length).toBe(2);
});
