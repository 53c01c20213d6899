import { Size } from 'cdk8s';
import { Cpu, Resources, WebService, type WebServiceProps } from '../../src';
import { type Manifest, only, problemsOf, synth, WEB } from '../support';

function containers(props: Partial<WebServiceProps> = {}): Manifest[] {
  const { spec } = only(
    synth((chart) => new WebService(chart, 'web', { ...WEB, ...props })),
    'Deployment',
  ).spec.template;
  return [...(spec.initContainers ?? []), ...spec.containers] as Manifest[];
}

describe('resources of containers', () => {
  const extra = {
    sidecars: [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' }],
    initContainers: [{ name: 'migrate', image: 'ghcr.io/acme/migrate:1.0.0' }],
  };

  test('are stated by each, requests and limits, without being told (CH08-14, CH08-18, CH08-19, CH08-23)', () => {
    for (const { resources } of containers(extra)) {
      expect(resources).toEqual({
        requests: { 'cpu': '100m', 'memory': '128Mi', 'ephemeral-storage': '256Mi' },
        limits: { 'cpu': '400m', 'memory': '128Mi', 'ephemeral-storage': '256Mi' },
      });
    }
  });

  test('may burst: a limit above its request, and not below (S08-07, CH08-20)', () => {
    const half = { cpu: Cpu.millis(500), memory: Size.mebibytes(128) };
    expect(containers({ resources: Resources.of({ ...half, cpuLimit: Cpu.units(1) }) })[0].resources).toMatchObject({
      requests: { cpu: '500m' },
      limits: { cpu: '1' },
    });
    expect(
      problemsOf(
        (chart) =>
          new WebService(chart, 'web', { ...WEB, resources: Resources.of({ ...half, cpuLimit: Cpu.millis(499) }) }),
      ),
    ).toEqual(['[app/web] resources.cpuLimit: workload/limit-below-request']);
  });

  test('are guaranteed by one word, in every container of the pod (S08-08, CH08-21, CH08-22)', () => {
    const found = containers({
      ...extra,
      quality: 'guaranteed',
      resources: Resources.of({ cpu: Cpu.millis(700), memory: Size.mebibytes(200) }),
    });
    expect(found).toHaveLength(3);
    for (const {
      resources: { requests, limits },
    } of found) {
      expect(limits).toEqual(requests);
    }
    expect(found[2].resources.limits).toMatchObject({ cpu: '700m', memory: '200Mi' });
  });
});
