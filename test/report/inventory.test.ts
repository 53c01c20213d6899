import { App, Size } from 'cdk8s';
import { EnvFrom, EnvValue, type ISecret, Secret } from 'cdk8s-plus-27';
import {
  Autoscaling,
  ClusterProfile,
  Cpu,
  Egress,
  HttpRouting,
  IngressController,
  Inventory,
  Peer,
  Redis,
  Resources,
  Tls,
  VersionedConfigMap,
  VersionedSecret,
  WebService,
} from '../../src';
import { newChart, WEB } from '../support';

const RESOURCES = Resources.of({ cpu: Cpu.millis(300), memory: Size.mebibytes(100) });

function shop(): App {
  const app = new App();
  const chart = newChart('shop', 'app', app);
  const password = { secret: Secret.fromSecretName(chart, 'passwd', 'redis-passwd'), key: 'passwd' };
  const redis = new Redis(chart, 'redis', { storage: Size.gibibytes(1), password });
  const web = new WebService(chart, 'web', {
    ...WEB,
    resources: RESOURCES,
    autoscaling: Autoscaling.onCpu({ min: 3, max: 9, target: 80 }),
  });
  web.connectTo(redis);
  new HttpRouting(chart, 'routing', {
    host: 'a.example.com',
    tls: Tls.secret(Secret.fromSecretName(chart, 'cert', 'shop-tls')),
    controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
    routes: [{ path: '/', backend: web }],
  });
  return app;
}

test('lists the objects with cluster, namespace, name and path', () => {
  const { objects } = Inventory.of(shop());
  expect(objects).toHaveLength(15);
  expect(objects).toContainEqual({
    cluster: 'default',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'app-web',
    path: 'app/web/Resource',
  });
});

test('lists objects that are not ours', () => {
  const app = new App();
  new Secret(newChart('shop', 'app', app), 'own', { metadata: { name: 'own' } });
  expect(Inventory.of(app).objects).toEqual([
    { cluster: 'default', kind: 'Secret', namespace: 'shop', name: 'own', path: 'app/own/Resource' },
  ]);
});

test('lists workloads with what all their pods request, the least number of an autoscaler', () => {
  expect(Inventory.of(shop()).workloads).toEqual([
    { kind: 'StatefulSet', namespace: 'shop', name: 'app-redis', replicas: 3, cpu: '750m', memory: '1680Mi' },
    { kind: 'Deployment', namespace: 'shop', name: 'app-web', replicas: 3, cpu: '900m', memory: '300Mi' },
  ]);
});

test('adds sidecars, and the largest init container where it is larger', () => {
  const requests = (main: number, sidecar: number, init: number): string => {
    const app = new App();
    const container = (name: string, cpu: number): { name: string; image: string; resources: Resources } => ({
      name,
      image: 'ghcr.io/acme/x:1.0.0',
      resources: Resources.of({ cpu: Cpu.millis(cpu), memory: Size.mebibytes(8) }),
    });
    new WebService(newChart('shop', 'app', app), 'web', {
      ...WEB,
      replicas: 1,
      resources: container('main', main).resources,
      sidecars: [container('proxy', sidecar)],
      initContainers: [container('migrate', init)],
    });
    return Inventory.of(app).workloads[0].cpu;
  };
  expect(requests(300, 50, 10)).toBe('350m');
  expect(requests(300, 50, 400)).toBe('450m');
});

test('zero replicas request nothing', () => {
  const app = new App();
  new WebService(newChart('shop', 'app', app), 'web', { ...WEB, replicas: 0 });
  expect(Inventory.of(app).workloads[0]).toMatchObject({ replicas: 0, cpu: '0', memory: '0' });
});

describe('secrets', () => {
  test('are each listed once, with type, keys and users', () => {
    expect(Inventory.of(shop()).secrets).toEqual([
      {
        cluster: 'default',
        namespace: 'shop',
        name: 'redis-passwd',
        type: 'Opaque',
        keys: ['passwd'],
        users: ['app/redis', 'app/web'],
      },
      {
        cluster: 'default',
        namespace: 'shop',
        name: 'shop-tls',
        type: 'kubernetes.io/tls',
        keys: ['tls.crt', 'tls.key'],
        users: ['app/routing'],
      },
    ]);
  });

  test('of variables are among them, but for those that may be missing', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    const secret = (name: string): ISecret => Secret.fromSecretName(chart, name, name);
    const token = new VersionedSecret(chart, 'token', { version: 'v1', type: 'acme/token', keys: ['token', 'issuer'] });
    const web = new WebService(chart, 'web', {
      ...WEB,
      env: { USER: EnvValue.fromSecretValue({ secret: secret('db'), key: 'user' }) },
      sidecars: [
        {
          name: 'proxy',
          image: 'ghcr.io/acme/proxy:1.0.0',
          env: { PASSWD: EnvValue.fromSecretValue({ secret: secret('proxy'), key: 'passwd' }) },
        },
      ],
    });
    web.addEnv('PASSWORD', EnvValue.fromSecretValue({ secret: secret('db-2'), key: 'passwd' }));
    web.addEnv('TOKEN', token.envValue('token'));
    web.addEnv('EXTRA', EnvValue.fromSecretValue({ secret: secret('extra'), key: 'key' }, { optional: true }));
    web.addEnvFrom(new EnvFrom(undefined, 'S_', secret('all')));
    const found = (name: string, keys: string[], type = 'Opaque'): object => ({
      cluster: 'default',
      namespace: 'shop',
      name,
      type,
      keys,
      users: ['app/web'],
    });
    expect(Inventory.of(app).secrets).toEqual([
      found('all', []),
      found('db', ['user']),
      found('db-2', ['passwd']),
      found('proxy', ['passwd']),
      found('token-v1', ['issuer', 'token'], 'acme/token'),
    ]);
  });

  test('have the type that one of their users names', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    const web = new WebService(chart, 'web', WEB);
    web.addEnv(
      'CERT',
      EnvValue.fromSecretValue({ secret: Secret.fromSecretName(chart, 'ref', 'cert-v1'), key: 'tls.crt' }),
    );
    web.mount('/etc/cert', new VersionedSecret(chart, 'cert', { version: 'v1', type: 'kubernetes.io/tls' }));
    expect(Inventory.of(app).secrets).toMatchObject([{ name: 'cert-v1', type: 'kubernetes.io/tls' }]);
  });

  test('of the registry are among them', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    new WebService(chart, 'web', { ...WEB, pullSecrets: [new VersionedSecret(chart, 'registry', { version: 'v2' })] });
    expect(Inventory.of(app).secrets).toEqual([
      {
        cluster: 'default',
        namespace: 'shop',
        name: 'registry-v2',
        type: 'kubernetes.io/dockerconfigjson',
        keys: ['.dockerconfigjson'],
        users: ['app/web'],
      },
    ]);
  });

  test('of two clusters are two', () => {
    const app = new App();
    for (const name of ['east', 'west']) {
      const chart = newChart('shop', name, app);
      new ClusterProfile({ name }).assignTo(chart);
      new WebService(chart, 'web', WEB).mountSecret('/etc/key', Secret.fromSecretName(chart, 'key', 'api-key'));
    }
    expect(Inventory.of(app).secrets.map(({ cluster, users }) => [cluster, users])).toEqual([
      ['east', ['east/web']],
      ['west', ['west/web']],
    ]);
  });
});

describe('connections', () => {
  test('are the edges as declared', () => {
    expect(Inventory.of(shop()).connections).toEqual([
      { from: 'app/redis', to: 'app/redis', ports: '6379' },
      { from: 'app/web', to: 'app/redis', ports: '6379' },
      { from: 'traefik/all pods', to: 'app/web', ports: '8080' },
    ]);
  });

  test('name peers outside of the app in words', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    const web = new WebService(chart, 'web', {
      ...WEB,
      egress: 'declared',
      egressTo: [Egress.cidr('10.20.0.0/16', { ports: [5432] }), Egress.to(Peer.cidr('10.30.0.0/16'))],
    });
    web.allowFrom(Peer.pods({ namespace: 'jobs', labels: { app: 'batch' } }));
    expect(Inventory.of(app).connections).toEqual([
      { from: 'app/web', to: '10.20.0.0/16', ports: '5432' },
      { from: 'app/web', to: '10.30.0.0/16', ports: 'all' },
      { from: 'jobs/app=batch', to: 'app/web', ports: '8080' },
    ]);
  });
});

describe('warnings', () => {
  const warnings = (image: string): unknown => {
    const app = new App();
    new WebService(newChart('shop', 'app', app), 'web', { ...WEB, image });
    return Inventory.of(app).warnings;
  };

  test('name tags that say no version (CH01-08)', () => {
    expect(warnings('ghcr.io/acme/web:blue')).toEqual([
      {
        path: 'app/web',
        message:
          "image 'ghcr.io/acme/web:blue': the tag is neither a version nor a commit. Such tags move: add the digest, or use a version tag (CH01-08)",
      },
    ]);
  });

  test.each([
    'web:1.4.2',
    'web:v1.4',
    'web:1.28.0-alpine',
    'web:3f2c1a9',
    `web:stable@sha256:${'0'.repeat(64)}`,
    `web@sha256:${'0'.repeat(64)}`,
  ])('are silent for %s', (image) => {
    expect(warnings(image)).toEqual([]);
  });
});

test('as text has a section for each list that is not empty', () => {
  const app = new App();
  const chart = newChart('shop', 'app', app);
  const web = new WebService(chart, 'web', {
    ...WEB,
    image: 'ghcr.io/acme/web:blue',
    resources: RESOURCES,
    budget: undefined,
  });
  web.addEnv(
    'MODE',
    EnvValue.fromConfigMap(
      new VersionedConfigMap(chart, 'config', { name: 'web', reload: 'watch', data: { mode: 'a' } }),
      'mode',
    ),
  );
  web.mountSecret('/etc/key', Secret.fromSecretName(chart, 'key', 'api-key'));
  web.allowFrom(Peer.cidr('10.0.0.0/8'));
  expect(Inventory.of(app).toText()).toBe(`Objects:
  ServiceAccount shop/app-web
  NetworkPolicy shop/app-web
  Deployment shop/app-web
  Service shop/app-web
  PodDisruptionBudget shop/app-web
  ConfigMap shop/web

Workloads, requesting 600m CPU and 200Mi memory in all:
  Deployment app-web: 2 replicas, 600m CPU, 200Mi

Secrets that the cluster must hold:
  shop/api-key (Opaque) with the keys of its users, for app/web

Connections:
  10.0.0.0/8 -> app/web on 8080

Warnings:
  [app/web] image 'ghcr.io/acme/web:blue': the tag is neither a version nor a commit. Such tags move: add the digest, or use a version tag (CH01-08)
`);
});

test('of an empty app is empty', () => {
  const inventory = Inventory.of(new App());
  expect([
    inventory.objects,
    inventory.workloads,
    inventory.secrets,
    inventory.connections,
    inventory.warnings,
  ]).toEqual([[], [], [], [], []]);
});
