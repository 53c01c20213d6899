import { type App, Chart, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import {
  ConfigMapRef,
  EnvSource,
  Inventory,
  Redis,
  SecretRef,
  Sidecar,
  Tls,
  HttpRouting,
  IngressController,
  VersionedConfigMap,
  VersionedSecret,
  Volume,
  WebService,
} from '../../src';
import { type Manifest, newChart, only, problemsOf, problemsOfApp, synth, untyped, WEB } from '../support';

function podOf(use: (web: WebService, chart: Chart) => void): Manifest {
  return only(
    synth((chart) => use(new WebService(chart, 'web', WEB), chart)),
    'Deployment',
  ).spec.template.spec;
}

function refused(use: (web: WebService, chart: Chart) => void): string[] {
  return problemsOf((chart) => use(new WebService(chart, 'web', WEB), chart));
}

describe('a reference of ours gives what one of cdk8s-plus gives', () => {
  const secret = (chart: Chart): kplus.ISecret => kplus.Secret.fromSecretName(chart, 'ref', 'api');
  const config = (chart: Chart): kplus.IConfigMap => kplus.ConfigMap.fromConfigMapName(chart, 'flags', 'flags');
  const { EnvValue, EnvFieldPaths, ResourceFieldPaths } = kplus;

  test.each<[string, (web: WebService, chart: Chart) => void, (web: WebService, chart: Chart) => void]>([
    [
      'a key of a Secret',
      (web) => web.addEnv('A', EnvSource.secret(SecretRef.named('api'), 'key')),
      (web, chart) => web.addEnv('A', EnvValue.fromSecretValue({ secret: secret(chart), key: 'key' })),
    ],
    [
      'an optional key of a Secret',
      (web) => web.addEnv('A', EnvSource.secret(SecretRef.named('api'), 'key', { optional: true })),
      (web, chart) =>
        web.addEnv('A', EnvValue.fromSecretValue({ secret: secret(chart), key: 'key' }, { optional: true })),
    ],
    [
      'a key of a ConfigMap',
      (web) => web.addEnv('A', EnvSource.configMap(ConfigMapRef.named('flags'), 'mode')),
      (web, chart) => web.addEnv('A', EnvValue.fromConfigMap(config(chart), 'mode')),
    ],
    [
      'a field of the pod',
      (web) => web.addEnv('A', EnvSource.field('status.podIP')),
      (web) => web.addEnv('A', EnvValue.fromFieldRef(EnvFieldPaths.POD_IP)),
    ],
    [
      'a label of the pod',
      (web) => web.addEnv('A', EnvSource.field("metadata.labels['app']")),
      (web) => web.addEnv('A', EnvValue.fromFieldRef(EnvFieldPaths.POD_LABEL, { key: 'app' })),
    ],
    [
      'a resource of the container',
      (web) => web.addEnv('A', EnvSource.resource('limits.memory', { divisor: '1Mi' })),
      (web) => web.addEnv('A', EnvValue.fromResource(ResourceFieldPaths.MEMORY_LIMIT, { divisor: '1Mi' })),
    ],
    [
      'all keys of a Secret',
      (web) => web.addEnvFrom(SecretRef.named('api')),
      (web, chart) => web.addEnvFrom(kplus.Env.fromSecret(secret(chart))),
    ],
    [
      'all keys of a ConfigMap with a prefix',
      (web) => web.addEnvFrom(ConfigMapRef.named('flags'), { prefix: 'F_' }),
      (web, chart) => web.addEnvFrom(kplus.Env.fromConfigMap(config(chart), 'F_')),
    ],
    [
      'a mounted Secret',
      (web) => web.mountSecret('/key', SecretRef.named('api')),
      (web, chart) => web.mountSecret('/key', secret(chart)),
    ],
  ])('%s', (_, ours, theirs) => {
    expect(podOf(ours)).toEqual(podOf(theirs));
  });
});

describe('a volume', () => {
  test('is an empty directory with a limit, named for its path', () => {
    const pod = podOf((web) => web.mount('/var/cache/web', Volume.emptyDir({ sizeLimit: Size.mebibytes(16) })));
    expect(pod.volumes).toContainEqual({ name: 'var-cache-web', emptyDir: { sizeLimit: '16Mi' } });
    expect(pod.containers[0].volumeMounts).toContainEqual({ name: 'var-cache-web', mountPath: '/var/cache/web' });
  });

  test('in memory says so', () => {
    expect(
      podOf((web) => web.mount('/cache', Volume.emptyDir({ sizeLimit: Size.mebibytes(16), inMemory: true }))).volumes,
    ).toContainEqual({ name: 'cache', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } });
  });

  test('on the disk reserves its size there, and in memory none', () => {
    const disk = (inMemory: boolean): string =>
      podOf((web) => web.mount('/cache', Volume.emptyDir({ sizeLimit: Size.mebibytes(16), inMemory }))).containers[0]
        .resources.limits['ephemeral-storage'];
    expect([disk(false), disk(true)]).toEqual(['272Mi', '256Mi']);
  });

  test('mounted twice is one directory; two of the same size are two', () => {
    const pod = podOf((web) => {
      const shared = Volume.emptyDir({ sizeLimit: Size.mebibytes(16) });
      web.mount('/a', shared);
      web.mount('/b', shared);
      web.mount('/c', Volume.emptyDir({ sizeLimit: Size.mebibytes(16) }));
    });
    expect(pod.containers[0].volumeMounts.slice(1)).toEqual([
      { name: 'a', mountPath: '/a' },
      { name: 'a', mountPath: '/b' },
      { name: 'c', mountPath: '/c' },
    ]);
  });

  test('is shared by the containers that are named (CH16-01, SYS-16-02)', () => {
    const pod = podOf((web) => {
      web.addSidecar(Sidecar.container({ name: 'render', image: 'ghcr.io/acme/render:2.0.1' }));
      const scratch = Volume.emptyDir({ sizeLimit: Size.mebibytes(16) });
      web.mount('/out', scratch, { readOnly: true });
      web.mount('/work', scratch, { containers: ['render'] });
    });
    expect(pod.volumes).toContainEqual({ name: 'out', emptyDir: { sizeLimit: '16Mi' } });
    expect(pod.containers[0].volumeMounts).toContainEqual({ name: 'out', mountPath: '/out', readOnly: true });
    expect(pod.initContainers[0].volumeMounts).toContainEqual({ name: 'out', mountPath: '/work' });
  });

  test('is a claim by its name', () => {
    const pod = podOf((web) => web.mount('/srv', Volume.claim('catalogue'), { readOnly: true }));
    expect(pod.volumes).toContainEqual({ name: 'catalogue', persistentVolumeClaim: { claimName: 'catalogue' } });
    expect(pod.containers[0].volumeMounts).toContainEqual({ name: 'catalogue', mountPath: '/srv', readOnly: true });
  });

  test('of a claim for one node is refused for several pods', () => {
    expect(
      refused((web, chart) => {
        new kplus.PersistentVolumeClaim(chart, 'claim', {
          metadata: { name: 'data' },
          accessModes: [kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE],
          storage: Size.gibibytes(1),
        });
        web.mount('/data', Volume.claim('data'));
      }),
    ).toEqual(['[app/web] mount.storage: workload/shared-claim']);
  });
});

describe('a ConfigMap by its name', () => {
  test('is mounted as it is, read-only, with items where they are given', () => {
    const pod = podOf((web) => {
      web.mount('/flags', ConfigMapRef.named('flags'));
      web.mount('/one', ConfigMapRef.named('flags'), { items: { mode: 'mode.txt' } });
    });
    expect(pod.volumes.slice(1)).toEqual([
      { name: 'flags', configMap: { name: 'flags' } },
      { name: 'volume-2', configMap: { name: 'flags', items: [{ key: 'mode', path: 'mode.txt' }] } },
    ]);
    expect(pod.containers[0].volumeMounts[1]).toEqual({ name: 'flags', mountPath: '/flags', readOnly: true });
  });
});

describe('a Secret by its name', () => {
  test('is mounted read-only with mode 0440 (CH01-44), also by mount', () => {
    const pod = podOf((web) => web.mount('/key', SecretRef.named('api'), { items: { key: 'api.key' } }));
    expect(pod.volumes[1]).toEqual({
      name: 'api',
      secret: { secretName: 'api', defaultMode: 0o440, items: [{ key: 'key', path: 'api.key' }] },
    });
    expect(pod.containers[0].volumeMounts[1].readOnly).toBe(true);
  });

  test('is a required one, by whatever way it is used', () => {
    const chart = newChart();
    const web = new WebService(chart, 'web', {
      ...WEB,
      pullSecrets: [SecretRef.named('registry')],
      env: { A: EnvSource.secret(SecretRef.named('one'), 'a') },
    });
    web.addEnvFrom(SecretRef.named('all'));
    web.mountSecret('/key', SecretRef.named('file'), { items: { key: 'key' } });
    new HttpRouting(chart, 'routing', {
      host: 'a.example.com',
      tls: Tls.secret(SecretRef.named('tls')),
      controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
      routes: [{ path: '/', backend: web }],
    });
    expect(Inventory.of(chart.node.root as App).secrets.map(({ name, keys }) => [name, keys])).toEqual([
      ['all', []],
      ['file', ['key']],
      ['one', ['a']],
      ['registry', ['.dockerconfigjson']],
      ['tls', ['tls.crt', 'tls.key']],
    ]);
  });

  test('of a block is in the namespace of that block: a client elsewhere needs one of its own', () => {
    const chart = newChart();
    const elsewhere = new Chart(chart.node.root, 'elsewhere', { namespace: 'data' });
    const redis = new Redis(elsewhere, 'redis', {
      storage: Size.gibibytes(1),
      password: { secret: SecretRef.named('passwd'), key: 'passwd' },
    });
    new WebService(chart, 'web', WEB).connectTo(redis);
    expect(problemsOfApp(chart.node.root as App)).toEqual(['[app/web] connectTo: reference/other-namespace']);
  });

  test('beside its block gives the client the password', () => {
    const pod = podOf((web, chart) =>
      web.connectTo(
        new Redis(chart, 'redis', {
          storage: Size.gibibytes(1),
          password: { secret: SecretRef.named('passwd'), key: 'passwd' },
        }),
      ),
    );
    expect(pod.containers[0].env).toContainEqual({
      name: 'REDIS_PASSWORD_FILE',
      value: '/var/run/secrets/redis/passwd',
    });
  });
});

describe('what is no such reference is refused', () => {
  const config = (chart: Chart): VersionedConfigMap => new VersionedConfigMap(chart, 'config', { data: { A: '1' } });

  test.each<[string, (web: WebService, chart: Chart) => void, string]>([
    [
      'a ConfigMap as a Secret',
      (web, chart) => web.mountSecret('/key', config(chart)),
      'mountSecret.secret: props/value',
    ],
    [
      'a ConfigMap as a Secret of a variable',
      (web, chart) => web.addEnv('A', EnvSource.secret(config(chart), 'A')),
      "addEnv['A'].secretKeyRef: props/value",
    ],
    [
      'a Secret as a ConfigMap of a variable',
      (web) => web.addEnv('A', EnvSource.configMap(SecretRef.named('api'), 'A')),
      "addEnv['A'].configMapKeyRef: props/value",
    ],
    [
      'text as a Secret, which may be the credential',
      (web) => web.addEnv('A', EnvSource.secret(untyped('hunter2'), 'A')),
      "addEnv['A'].secretKeyRef.name: props/value",
    ],
    [
      'nothing as a Secret',
      (web) => web.addEnv('A', EnvSource.secret(untyped(null), 'A')),
      "addEnv['A'].secretKeyRef.name: props/value",
    ],
    [
      'a name that no Secret can have',
      (web) => web.mount('/key', SecretRef.named('A_b')),
      'mount.storage.name: app/object-name',
    ],
    [
      'a name that no ConfigMap can have',
      (web) => web.mount('/key', ConfigMapRef.named('A_b')),
      'mount.storage.name: app/object-name',
    ],
    [
      'a name that no claim can have',
      (web) => web.mount('/key', Volume.claim('A_b')),
      'mount.storage.name: app/object-name',
    ],
    [
      'an empty directory without a limit',
      (web) => web.mount('/cache', Volume.emptyDir(untyped({}))),
      'mount.storage.sizeLimit: props/required',
    ],
    [
      'an unknown option of a directory',
      (web) => web.mount('/cache', Volume.emptyDir(untyped({ sizeLimit: Size.mebibytes(1), medium: 'Memory' }))),
      'mount.storage.medium: props/unknown',
    ],
    [
      'items of a claim',
      (web) => web.mount('/data', Volume.claim('data'), { items: { a: 'a' } }),
      'mount.items: props/conflict',
    ],
    [
      'an unknown field',
      (web) => web.addEnv('A', EnvSource.field('spec.hostname')),
      "addEnv['A'].fieldRef.fieldPath: props/value",
    ],
    [
      'a divisor for another resource',
      (web) => web.addEnv('A', EnvSource.resource('limits.cpu', { divisor: '1Mi' })),
      "addEnv['A'].resourceFieldRef.divisor: props/value",
    ],
    [
      'two prefixes',
      (web, chart) => web.addEnvFrom(kplus.Env.fromConfigMap(config(chart), 'A_'), { prefix: 'B_' }),
      'addEnvFrom.prefix: props/conflict',
    ],
    [
      'a ServiceAccount as a source of variables',
      (web) => web.addEnvFrom(web.serviceAccount),
      'addEnvFrom.source: props/value',
    ],
    [
      'a source of two kinds',
      (web) =>
        web.addEnv('A', {
          valueFrom: { fieldRef: { fieldPath: 'metadata.name' }, secretKeyRef: { name: 'a', key: 'b' } },
        }),
      "addEnv['A']: props/value",
    ],
  ])('%s', (_, use, finding) => {
    expect(refused(use)).toEqual([`[app/web] ${finding}`]);
  });
});

test('a source holds what the API knows, and nothing else', () => {
  const pod = podOf((web) => web.addEnv('A', { valueFrom: { secretKeyRef: { name: 'api', key: 'key', note: 'x' } } }));
  expect(pod.containers[0].env).toEqual([{ name: 'A', valueFrom: { secretKeyRef: { name: 'api', key: 'key' } } }]);
});

test('our values are values in a container of cdk8s-plus', () => {
  const chart = newChart();
  const secret = new VersionedSecret(chart, 'api', { version: 'v1' });
  new kplus.Deployment(chart, 'theirs', {
    containers: [
      {
        image: 'ghcr.io/acme/theirs:1.0.0',
        envVariables: {
          KEY: secret.envValue('key'),
          IP: EnvSource.field('status.podIP'),
          MEMORY: EnvSource.resource('limits.memory', { divisor: '1Mi' }),
        },
      },
    ],
  });
  expect(only(Testing.synth(chart) as Manifest[], 'Deployment').spec.template.spec.containers[0].env).toEqual([
    { name: 'KEY', valueFrom: { secretKeyRef: { name: 'api-v1', key: 'key' } } },
    { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'MEMORY', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
  ]);
});
