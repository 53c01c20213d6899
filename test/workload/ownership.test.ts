import { ApiObject, App, JsonPatch, Size, Testing } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import {
  Autoscaling,
  IngressController,
  HttpRouting,
  Peer,
  Resources,
  Cpu,
  Rollout,
  Tls,
  WebService,
  type WebServiceProps,
} from '../../src';
import { type Manifest, newChart, only, WEB } from '../support';

/** The props with everything below frozen, so that a write throws. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

function fullProps(): WebServiceProps {
  return {
    ...WEB,
    labels: { tier: 'front' },
    annotations: { owner: 'web' },
    podLabels: { a: 'b' },
    podAnnotations: { c: 'd' },
    env: { MODE: 'fast' },
    args: ['--mode', '$(MODE)'],
    command: ['server'],
    writablePaths: ['/var/cache/web'],
    extraPorts: [{ name: 'metrics', port: 9090 }],
    sidecars: [
      {
        name: 'proxy',
        image: 'ghcr.io/acme/proxy:1.0.0',
        env: { LEVEL: 'info' },
        ports: [{ name: 'admin', port: 9901 }],
      },
    ],
    initContainers: [{ name: 'migrate', image: 'ghcr.io/acme/migrate:1.0.0', args: ['up'] }],
    tolerations: [{ key: 'dedicated', value: 'web', effect: 'NoSchedule' }],
    nodeSelector: { disk: 'ssd' },
    service: { annotations: { note: 'x' }, port: 80 },
    resources: Resources.of({ cpu: Cpu.millis(200), memory: Size.mebibytes(64) }),
    rollout: Rollout.rolling({ maxSurge: 2 }),
    autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: 80 }),
    registries: ['ghcr.io/acme/'],
  };
}

function build(props: WebServiceProps): { web: WebService; synth: () => Manifest[] } {
  const chart = newChart();
  const web = new WebService(chart, 'web', props);
  web.addEnv('ADDED', '1');
  web.allowFrom(Peer.cidr('10.0.0.0/8'));
  return { web, synth: () => Testing.synth(chart) as Manifest[] };
}

test('props are never written to', () => {
  expect(build(deepFreeze(fullProps())).synth()).toEqual(build(fullProps()).synth());
});

test('what the caller does to the props later has no effect', () => {
  const props = fullProps() as Record<string, any>;
  const { synth } = build(props as WebServiceProps);
  const before = synth();
  props.labels.tier = 'back';
  props.env.MODE = 'slow';
  props.args.push('--more');
  props.command[0] = 'other';
  props.extraPorts[0].port = 1;
  props.extraPorts.push({ name: 'more', port: 2 });
  props.sidecars[0].name = 'x';
  props.sidecars[0].env.LEVEL = 'debug';
  props.tolerations[0].key = 'x';
  props.nodeSelector.disk = 'hdd';
  props.service.annotations.note = 'y';
  props.service.port = 81;
  props.writablePaths.length = 0;
  expect(synth()).toEqual(before);
});

test('one props object makes two blocks that share nothing', () => {
  const chart = newChart();
  const props = deepFreeze(fullProps());
  const [one] = ['one', 'two'].map((id) => new WebService(chart, id, props));
  one.addEnv('ONLY', '1');
  const found = Testing.synth(chart) as Manifest[];
  const names = (workload: string): string[] =>
    only(found, 'Deployment', workload).spec.template.spec.containers[0].env.map(({ name }: Manifest) => name);
  expect(names('app-one')).toEqual(['MODE', 'ONLY']);
  expect(names('app-two')).toEqual(['MODE']);
});

test('synthesizing again gives the same', () => {
  const { synth } = build(fullProps());
  expect(synth()).toEqual(synth());
});

test('what is added between two syntheses is in the second', () => {
  const { web, synth } = build(WEB);
  const names = (): string[] =>
    only(synth(), 'Deployment').spec.template.spec.containers[0].env.map(({ name }: Manifest) => name);
  expect(names()).toEqual(['ADDED']);
  web.addEnv('LATER', '1');
  expect(names()).toEqual(['ADDED', 'LATER']);
});

test('the order of keys in the props changes nothing', () => {
  const reversed = (props: WebServiceProps): WebServiceProps =>
    Object.fromEntries(Object.entries(props).reverse()) as unknown as WebServiceProps;
  expect(build(reversed(fullProps())).synth()).toEqual(build(fullProps()).synth());
});

describe('every object is a public ApiObject that takes a JSON patch', () => {
  const objects: Array<[string, (web: WebService) => ApiObject | undefined]> = [
    ['Deployment', (web) => web.deployment],
    ['Service', (web) => web.service],
    ['ServiceAccount', (web) => web.serviceAccount.apiObject],
    ['NetworkPolicy', (web) => web.networkPolicy],
    ['PodDisruptionBudget', (web) => web.disruptionBudget],
    ['HorizontalPodAutoscaler', (web) => web.autoscaler],
  ];

  test.each(objects)('%s', (kind, of) => {
    const { web, synth } = build(fullProps());
    of(web)?.addJsonPatch(
      JsonPatch.add('/metadata/annotations', { patched: 'yes' }),
      JsonPatch.add('/future', { field: 1 }),
    );
    expect(only(synth(), kind)).toMatchObject({ metadata: { annotations: { patched: 'yes' } }, future: { field: 1 } });
    expect(only(synth(), kind).future).toEqual({ field: 1 });
  });

  test('a patch of what is rendered late survives, through YAML too', () => {
    const app = new App();
    const web = new WebService(newChart('shop', 'app', app), 'web', WEB);
    web.deployment.addJsonPatch(
      JsonPatch.replace('/spec/template/spec/containers/0/lifecycle/preStop/sleep/seconds', 15),
    );
    web.addEnv('LATER', '1');
    const container = only(
      parseAllDocuments(app.synthYaml()).map((document) => document.toJS() as Manifest),
      'Deployment',
    ).spec.template.spec.containers[0];
    expect(container.lifecycle.preStop).toEqual({ sleep: { seconds: 15 } });
    expect(container.env).toEqual([{ name: 'LATER', value: '1' }]);
  });

  test('the main one is found by ApiObject.of', () => {
    const chart = newChart();
    const web = new WebService(chart, 'web', WEB);
    const routing = new HttpRouting(chart, 'routing', {
      host: 'a.example.com',
      tls: Tls.none(),
      controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
      routes: [{ path: '/', backend: web }],
    });
    expect(ApiObject.of(web)).toBe(web.deployment);
    expect(ApiObject.of(routing)).toBe(routing.ingress);
  });
});
