import { Size } from 'cdk8s';
import {
  Autoscaling,
  HttpRouting,
  IngressController,
  Probe,
  PrivilegedException,
  PrivilegedWorkload,
  Redis,
  SecretRef,
  StaticSite,
  Tls,
  WebService,
  type WebServiceProps,
  Worker,
} from '../../src';
import { podSecurityViolations } from '../../src/kubernetes/pod-security';
import { type Manifest, only, problemsOf, synth, WEB } from '../support';

const IMAGE = 'ghcr.io/acme/cart:1.4.2';
const PROXY = { name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' };
const TRAEFIK = IngressController.inNamespace('traefik', { className: 'traefik' });
const web = (props: Partial<WebServiceProps> = {}): Manifest[] =>
  synth((chart) => new WebService(chart, 'web', { ...WEB, ...props }));
const podOf = (manifests: Manifest[]): Manifest => only(manifests, 'Deployment').spec.template.spec;

describe('the name of the Service', () => {
  test('is that of the workload unless the props give another, which clients and routes use', () => {
    const manifests = synth((chart) => {
      const cart = new WebService(chart, 'cart', { ...WEB, name: 'cart-v2', service: { name: 'cart', port: 80 } });
      new Worker(chart, 'client', { image: IMAGE, liveness: Probe.none() }).connectTo(cart);
      const routes = [{ path: '/', backend: cart }];
      new HttpRouting(chart, 'edge', { host: 'shop.example.com', tls: Tls.none(), controller: TRAEFIK, routes });
    });
    expect(only(manifests, 'Service')).toMatchObject({
      metadata: { name: 'cart' },
      spec: { selector: { 'app.kubernetes.io/instance': 'cart-v2' } },
    });
    expect(only(manifests, 'Deployment', 'app-client').spec.template.spec.containers[0].env[0]).toEqual({
      name: 'CART_HOST',
      value: 'cart',
    });
    const { paths } = only(manifests, 'Ingress').spec.rules[0].http;
    expect(paths[0].backend.service.name).toBe('cart');
    expect(
      only(
        synth((chart) => new StaticSite(chart, 'a', { image: IMAGE, service: { name: 'b' } })),
        'Service',
      ).metadata.name,
    ).toBe('b');
  });

  test('is one that no other Service of the namespace has', () => {
    expect(
      problemsOf((chart) => {
        new WebService(chart, 'a', { ...WEB, service: { name: 'cart' } });
        new WebService(chart, 'b', { ...WEB, name: 'cart' });
      }),
    ).toEqual(['[app/b/Service] app/duplicate-object']);
  });

  test.each(['Cart', '1cart', 'a.b', '', 'a'.repeat(64), 7 as never])('%j is none', (name) => {
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, service: { name } }))).toEqual([
      '[app/web] service.name: props/value',
    ]);
  });
});

describe('the name of the main container', () => {
  test('is the one that the props give, for metrics and mounts as well', () => {
    const manifests = synth((chart) => {
      const block = new WebService(chart, 'web', {
        ...WEB,
        containerName: 'server',
        sidecars: [PROXY],
        autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: 60 }),
      });
      block.addEnv('A', 'b', { containers: ['server'] });
      block.mountSecret('/var/run/secrets/mail', SecretRef.named('mail'), { containers: ['server', 'proxy'] });
    });
    const [{ name, env, volumeMounts }] = podOf(manifests).containers;
    expect([name, env, volumeMounts.length]).toEqual(['server', [{ name: 'A', value: 'b' }], 2]);
    expect(only(manifests, 'HorizontalPodAutoscaler').spec.metrics[0].containerResource.container).toBe('server');
  });

  test('is that of the process unless the props give another', () => {
    expect(podOf(web()).containers[0].name).toBe('main');
    const redis = synth((chart) => {
      const password = { secret: SecretRef.named('redis-passwd'), key: 'passwd' };
      new Redis(chart, 'redis', { storage: Size.gibibytes(10), password, containerName: 'cache' });
    });
    expect(only(redis, 'StatefulSet').spec.template.spec.containers[0].name).toBe('cache');
  });

  test('is unique in the pod', () => {
    expect(
      problemsOf((chart) => new WebService(chart, 'web', { ...WEB, containerName: 'proxy', sidecars: [PROXY] })),
    ).toEqual(['[app/web] sidecars[0].name: props/duplicate']);
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, containerName: 'a.b' }))).toEqual([
      '[app/web] containerName: props/value',
    ]);
  });
});

describe('a port below 1024', () => {
  test('is open to a process that is not root where the pods say so, and stays within Pod Security restricted', () => {
    const manifests = web({
      port: 80,
      unprivilegedPortStart: 80,
      extraPorts: [{ name: 'https', port: 443 }],
      sidecars: [{ ...PROXY, ports: [{ name: 'dns', port: 853 }] }],
    });
    const pod = podOf(manifests);
    expect(pod.securityContext.sysctls).toEqual([{ name: 'net.ipv4.ip_unprivileged_port_start', value: '80' }]);
    expect(pod.containers[0].securityContext.capabilities).toEqual({ drop: ['ALL'] });
    expect(podSecurityViolations(only(manifests, 'Deployment').spec.template, 'restricted', 30)).toEqual([]);
  });

  test('is refused below that', () => {
    expect(
      problemsOf((chart) => new WebService(chart, 'web', { ...WEB, port: 79, unprivilegedPortStart: 80 })),
    ).toEqual(['[app/web] port: workload/privileged-port']);
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, port: 80 }))).toEqual([
      '[app/web] port: workload/privileged-port',
    ]);
  });

  test('changes nothing for others', () => {
    expect(podOf(web({ unprivilegedPortStart: 1024 })).securityContext.sysctls).toBeUndefined();
    expect(podOf(web()).securityContext.sysctls).toBeUndefined();
  });

  test.each([0, 1025, '80' as never])('%j is no start of the ports', (unprivilegedPortStart) => {
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, unprivilegedPortStart }))).toEqual([
      '[app/web] unprivilegedPortStart: props/value',
    ]);
  });

  test('cannot be opened on the network of the node', () => {
    const exceptions = [PrivilegedException.hostNetwork({ reason: 'It is needed for this test' })];
    const props = { image: IMAGE, owner: 'team-infra', exceptions, unprivilegedPortStart: 80 };
    expect(problemsOf((chart) => new PrivilegedWorkload(chart, 'agent', props))).toEqual([
      '[app/agent] unprivilegedPortStart: props/conflict',
    ]);
  });
});

test('a wildcard host is written as it is, for routes and certificate alike', () => {
  const manifests = synth((chart) => {
    const routes = [{ path: '/', backend: new WebService(chart, 'web', WEB) }];
    const tls = Tls.certManager({ clusterIssuer: 'dns' });
    new HttpRouting(chart, 'edge', { host: '*.example.com', tls, controller: TRAEFIK, routes });
  });
  const { rules, tls } = only(manifests, 'Ingress').spec;
  expect([rules[0].host, tls[0].hosts]).toEqual(['*.example.com', ['*.example.com']]);
});
