import { type App, Size, Testing } from 'cdk8s';
import { PersistentVolumeAccessMode, PersistentVolumeClaim, Volume } from 'cdk8s-plus-27';
import { Journal } from '../../examples/journal/chart';
import { environments } from '../../examples/journal/environments';
import {
  Cpu,
  HttpRouting,
  IngressController,
  Probe,
  Redis,
  Resources,
  StaticSite,
  Tls,
  VersionedConfigMap,
  VersionedSecret,
  WebService,
} from '../../src';
import { linesOf, type Manifest, newChart, only, problemsOf, synth, untyped, warningsOf, WEB } from '../support';

/** The manifests of the journal in an environment. */
function journal(name: keyof typeof environments): Manifest[] {
  const app = Testing.app();
  new Journal(app, environments[name]);
  return app.charts.flatMap((chart) => chart.toJson() as Manifest[]);
}

const prod = journal('prod');
const podOf = (manifest: Manifest) => manifest.spec.template.spec;

describe('the frontend of the book', () => {
  const frontend = only(prod, 'Deployment', 'frontend');

  test('is a Deployment that rolls (S02, CH01-12, CH01-13)', () => {
    expect(frontend).toMatchObject({ apiVersion: 'apps/v1', spec: { strategy: { type: 'RollingUpdate' } } });
    expect(podOf(frontend).containers[0]).toMatchObject({
      image: 'ghcr.io/example/journal-server:1.4.2',
      imagePullPolicy: 'IfNotPresent',
    });
    expect(prod.filter(({ kind }) => kind === 'ReplicaSet' || kind === 'Pod')).toEqual([]);
  });

  test('has a Service inside the cluster (S03, CH09-05, CH09-13)', () => {
    expect(only(prod, 'Service', 'frontend').spec).toEqual({
      type: 'ClusterIP',
      selector: { 'app.kubernetes.io/instance': 'frontend' },
      ports: [{ name: 'http', port: 8080, targetPort: 'http', protocol: 'TCP' }],
    });
  });

  test('reads its configuration from a ConfigMap apart from the image (S05, CH01-27, CH01-45)', () => {
    const config = prod.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('frontend-'));
    expect(config).toMatchObject({ data: { 'journal.json': '{"entriesPerPage":10}' } });
    const { name } = podOf(frontend).volumes.find(
      ({ configMap }: Manifest) => configMap?.name === config?.metadata.name,
    );
    expect(podOf(frontend).containers[0].volumeMounts).toContainEqual({
      name,
      mountPath: '/etc/journal',
      readOnly: true,
    });
  });

  test('and the database mount the same Secret (S06)', () => {
    const mounted = [frontend, only(prod, 'StatefulSet')].map(
      (workload) => podOf(workload).volumes.find(({ secret }: Manifest) => secret).secret,
    );
    expect(mounted.map(({ secretName, items }) => [secretName, items[0].key])).toEqual([
      ['redis-passwd-v1', 'passwd'],
      ['redis-passwd-v1', 'passwd'],
    ]);
  });
});

describe('the Redis of the book', () => {
  test('can be a single instance (S07)', () => {
    const redis = only(journal('dev'), 'StatefulSet', 'redis');
    expect(redis.spec).toMatchObject({
      replicas: 1,
      serviceName: 'redis-members',
      volumeClaimTemplates: [{ spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }],
    });
  });

  test('has three members that a script starts (S08)', () => {
    const redis = only(prod, 'StatefulSet', 'redis');
    expect(redis.spec).toMatchObject({
      replicas: 3,
      volumeClaimTemplates: [{ spec: { resources: { requests: { storage: '10Gi' } } } }],
    });
    expect(podOf(redis).containers[0].command).toEqual(['sh', '/opt/redis/launch.sh']);
  });

  test('has a Service for reads and one for writes (S09, S10)', () => {
    expect(only(prod, 'Service', 'redis-read').spec.selector).toEqual({ 'app.kubernetes.io/instance': 'redis' });
    expect(only(prod, 'Service', 'redis').spec.selector).toEqual({
      'app.kubernetes.io/instance': 'redis',
      'statefulset.kubernetes.io/pod-name': 'redis-0',
    });
  });

  test('takes the kind of storage by choice (CH01-48)', () => {
    const manifests = synth(
      (chart) =>
        new Redis(chart, 'redis', {
          password: { secret: new VersionedSecret(chart, 'passwd', { version: 'v1' }), key: 'passwd' },
          storage: Size.gibibytes(1),
          storageClassName: 'fast-block',
        }),
    );
    expect(only(manifests, 'StatefulSet').spec.volumeClaimTemplates[0].spec.storageClassName).toBe('fast-block');
  });
});

describe('the static files and the Ingress of the book', () => {
  test('are a replicated server with a Service of its own name (S11, S12)', () => {
    expect(only(prod, 'Deployment', 'site').spec.replicas).toBe(2);
    expect(only(prod, 'Service', 'site').spec.selector).toEqual({ 'app.kubernetes.io/instance': 'site' });
  });

  test('have one path, or several below one host (S04, S13, CH01-23, CH01-24, DX-26)', () => {
    const routesOf = (manifests: Manifest[]) =>
      only(manifests, 'Ingress').spec.rules[0].http.paths.map(({ path, backend }: Manifest) => [
        path,
        backend.service.name,
      ]);
    const single = synth(
      (chart) =>
        new HttpRouting(chart, 'routing', {
          host: 'journal.example.com',
          tls: Tls.none(),
          controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
          routes: [{ path: '/api', backend: new WebService(chart, 'frontend', WEB) }],
        }),
    );
    expect(routesOf(single)).toEqual([['/api', 'app-frontend']]);
    expect(routesOf(prod)).toEqual([
      ['/api', 'frontend'],
      ['/', 'site'],
    ]);
    expect(prod.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(['frontend', 'site']),
    );
  });
});

describe('the environments of the book', () => {
  test('come from one template with parameters (S14, CH01-28, CH01-64, CH01-68, CH01-69)', () => {
    const dev = journal('dev');
    // one replica needs no budget
    const kinds = (found: Manifest[]): string[] =>
      found.map(({ kind }) => kind as string).filter((kind) => kind !== 'PodDisruptionBudget');
    expect(kinds(dev)).toEqual(kinds(prod));
    expect(only(dev, 'Deployment', 'frontend').spec.template.spec.containers[0].image).toBe(
      only(prod, 'Deployment', 'frontend').spec.template.spec.containers[0].image,
    );
    expect(
      [dev, prod].map((manifests) => [
        only(manifests, 'StatefulSet').spec.replicas,
        only(manifests, 'HorizontalPodAutoscaler').spec.minReplicas,
      ]),
    ).toEqual([
      [1, 2],
      [3, 3],
    ]);
  });

  test('have Secrets of their own, in namespaces of their own (CH01-36, CH01-38)', () => {
    const policy = only(journal('dev'), 'NetworkPolicy', 'redis');
    expect(policy.metadata.namespace).toBe('journal-dev');
    // a peer without a namespace selector is of the policy's own namespace
    expect(
      policy.spec.ingress
        .flatMap(({ from }: Manifest) => from)
        .every((peer: Manifest) => peer.namespaceSelector === undefined && peer.podSelector),
    ).toBe(true);
    const altered = Testing.app();
    new Journal(altered, { ...environments.prod, redis: { ...environments.prod.redis, passwordVersion: 'v2' } });
    expect(JSON.stringify(altered.charts.map((chart) => chart.toJson()))).toContain('"secretName":"redis-passwd-v2"');
  });
});

describe('the other systems of the book', () => {
  test('an image is named by version and commit, or by a digest beside them (S15, CH01-07)', () => {
    const digest = `sha256:${'0a'.repeat(32)}`;
    for (const image of [
      'ghcr.io/acme/journal-server:v1.0.1-bfeda01f',
      `ghcr.io/acme/journal-server:v1.0.1-bfeda01f@${digest}`,
      `ghcr.io/acme/journal-server@${digest}`,
    ]) {
      expect(
        only(
          synth((chart) => new WebService(chart, 'web', { ...WEB, image })),
          'Deployment',
        ).spec.template.spec.containers[0].image,
      ).toBe(image);
    }
  });

  test('nginx reads a file of configuration and a Secret (S33)', () => {
    const manifests = synth((chart) => {
      const site = new StaticSite(chart, 'site', { image: 'ghcr.io/acme/site:1.4.2' });
      site.mountSecret('/var/run/secrets/api', new VersionedSecret(chart, 'api-key', { version: 'v1' }));
    });
    const [container] = only(manifests, 'Deployment').spec.template.spec.containers;
    expect(container.volumeMounts.map(({ mountPath }: Manifest) => mountPath)).toEqual([
      '/tmp',
      '/etc/nginx-site',
      '/var/run/secrets/api',
    ]);
  });

  test('a device is configured by one JSON file, of whose password a warning says to keep it apart (S34)', () => {
    const device = (fields: object) => (chart: ReturnType<typeof newChart>) =>
      new VersionedConfigMap(chart, 'device', {
        data: { config: JSON.stringify({ iotDevice: { name: 'remoteValve', port: 51826, ...fields } }, null, 2) },
      });
    expect(only(synth(device({})), 'ConfigMap').data.config).toContain('"name": "remoteValve"');
    expect(warningsOf(device({ password: '031-45-154' }))).toEqual(["[app/device] data['config']: secret/by-name"]);
  });

  test('a load generator gets the address in its arguments (S36)', () => {
    const manifests = synth(
      (chart) =>
        new WebService(chart, 'load', {
          ...WEB,
          args: ['--url', '$(WEB_UI_URL)'],
          env: { WEB_UI_URL: 'http://web:8080' },
        }),
    );
    expect(only(manifests, 'Deployment').spec.template.spec.containers[0].args).toEqual(['--url', '$(WEB_UI_URL)']);
  });

  test('a Secret has its type and a valid name (S38, CH04-07)', () => {
    expect(
      new VersionedSecret(newChart(), 'registry-key', { version: 'v1', type: 'kubernetes.io/dockerconfigjson' }),
    ).toMatchObject({ name: 'registry-key-v1', type: 'kubernetes.io/dockerconfigjson' });
    expect(problemsOf((chart) => new VersionedSecret(chart, 'key', { name: 'registryKey', version: 'v1' }))).toEqual([
      '[app/key] name: app/object-name',
    ]);
  });

  test('credentials of a registry are on the ServiceAccount (S39)', () => {
    const manifests = synth(
      (chart) =>
        new WebService(chart, 'web', {
          ...WEB,
          pullSecrets: [new VersionedSecret(chart, 'registry-key', { version: 'v1' })],
        }),
    );
    expect(only(manifests, 'ServiceAccount').imagePullSecrets).toEqual([{ name: 'registry-key-v1' }]);
    expect(only(manifests, 'Deployment').spec.template.spec).not.toHaveProperty('imagePullSecrets');
  });
});

describe('configuration and Secrets of the book', () => {
  test('are variables or files, all keys or single ones (CH01-30, CH01-31, CH04-03, CH04-04, CH04-19)', () => {
    const manifests = synth((chart) => {
      const config = new VersionedConfigMap(chart, 'config', {
        name: 'config',
        data: { 'SIZE': '10', 'site.json': '{}' },
      });
      const flags = new VersionedConfigMap(chart, 'flags', { name: 'flags', data: { NEW_CART: 'true' } });
      const web = new WebService(chart, 'web', WEB);
      web.mount('/etc/web', config);
      web.addEnv('PAGE_SIZE', config.envValue('SIZE'));
      web.addEnvFrom(flags);
    });
    const [container] = only(manifests, 'Deployment').spec.template.spec.containers;
    const nameOf = (base: string) =>
      manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith(`${base}-`))?.metadata
        .name as string;
    expect(container.volumeMounts.map(({ mountPath }: Manifest) => mountPath)).toContain('/etc/web');
    expect(container.env).toEqual([
      { name: 'PAGE_SIZE', valueFrom: { configMapKeyRef: { name: nameOf('config'), key: 'SIZE' } } },
    ]);
    expect(container.envFrom).toEqual([{ configMapRef: { name: nameOf('flags') } }]);
  });

  test('roll the pods when they change, variables too (CH04-23, CH04-24)', () => {
    const template = (size: string) =>
      JSON.stringify(
        only(
          synth((chart) => {
            new WebService(chart, 'web', WEB).addEnvFrom(
              new VersionedConfigMap(chart, 'config', { data: { SIZE: size } }),
            );
          }),
          'Deployment',
        ).spec.template,
      );
    expect(template('10')).toBe(template('10'));
    expect(template('10')).not.toBe(template('20'));
  });

  test('are kept apart: a credential is no configuration (CH04-02, DX-42)', () => {
    const build = (chart: ReturnType<typeof newChart>): unknown =>
      new VersionedConfigMap(chart, 'config', { data: { DB_URL: 'postgres://shop:hunter2@db' } });
    expect(problemsOf(build)).toEqual(["[app/config] data['DB_URL']: secret/in-config-map"]);
    expect(linesOf(build).join()).not.toContain('hunter2');
  });

  test('leave values of Secrets to others, and mount them where they are needed only (CH04-05, CH04-08, CH04-29)', () => {
    const manifests = synth((chart) => {
      const web = new WebService(chart, 'web', {
        ...WEB,
        sidecars: [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' }],
      });
      web.mountSecret('/var/run/secrets/api', new VersionedSecret(chart, 'api-key', { version: 'v1' }));
    });
    const { containers, initContainers } = only(manifests, 'Deployment').spec.template.spec;
    const mounts = [...containers, ...initContainers].map(({ name, volumeMounts }: Manifest) => [
      name,
      volumeMounts.some(({ mountPath }: Manifest) => mountPath === '/var/run/secrets/api'),
    ]);
    expect(manifests.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(mounts).toEqual([
      ['main', true],
      ['proxy', false],
    ]);
  });

  test('are in the namespace of the pods, with the keys that are used (CH04-13, DX-43)', () => {
    const messages = problemsOf((chart) => {
      const elsewhere = new VersionedConfigMap(newChart('other', 'other', chart.node.root as App), 'config', {
        data: { a: '1' },
      });
      const web = new WebService(chart, 'web', WEB);
      web.mount('/etc/web', elsewhere);
      web.addEnv('B', new VersionedConfigMap(chart, 'config', { data: { a: '1' } }).envValue('b'));
    });
    expect(messages).toEqual([
      '[app/web] mount.storage: reference/other-namespace',
      '[app/config] envValue: reference/missing-key',
    ]);
  });

  test('a volume of one node is not shared by replicas (DX-41)', () => {
    const messages = problemsOf((chart) => {
      const claim = new PersistentVolumeClaim(chart, 'claim', {
        accessModes: [PersistentVolumeAccessMode.READ_WRITE_ONCE],
        storage: Size.gibibytes(1),
      });
      new WebService(chart, 'web', WEB).mount('/data', Volume.fromPersistentVolumeClaim(chart, 'disk', claim));
    });
    expect(messages).toEqual(['[app/web] mount.storage: workload/shared-claim']);
  });
});

describe('all objects', () => {
  const workloads = prod.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');

  test('of a workload have the label of their layer, on the pods too (CH01-14, DX-45)', () => {
    const component = 'app.kubernetes.io/component';
    const own = prod.filter(({ kind }) => kind !== 'Namespace' && kind !== 'ConfigMap');
    expect(own.filter(({ metadata }) => metadata.labels[component] === undefined)).toEqual([]);
    expect(
      workloads.filter(({ metadata, spec }) => spec.template.metadata.labels[component] !== metadata.labels[component]),
    ).toEqual([]);
  });

  test('select pods by one label, which the template has and no version changes (DX-10, DX-17)', () => {
    for (const { metadata, spec } of workloads) {
      expect(spec.selector).toEqual({ matchLabels: { 'app.kubernetes.io/instance': metadata.name } });
      expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    }
  });

  test('state the version as text, also where it looks like a number (CH01-70, DX-34)', () => {
    const web = only(
      synth((chart) => new WebService(chart, 'web', { ...WEB, image: 'ghcr.io/acme/web:1.10' })),
      'Deployment',
    );
    expect(web.metadata.labels['app.kubernetes.io/version']).toBe('1.10');
  });

  test('are complete, plain and of versions that are served (CH01-01, CH01-02, DX-09)', () => {
    expect([...new Set(prod.map(({ apiVersion }) => apiVersion))].sort()).toEqual([
      'apps/v1',
      'autoscaling/v2',
      'networking.k8s.io/v1',
      'policy/v1',
      'v1',
    ]);
    expect(prod.filter(({ metadata }) => typeof metadata.name !== 'string')).toEqual([]);
  });

  test('have no field that is misspelt, nor a word in the wrong case (DX-08, DX-14)', () => {
    const web = (props: Record<string, unknown>) =>
      problemsOf((chart) => new WebService(chart, 'web', untyped({ ...WEB, ...props })));
    expect(web({ resource: Resources.of({ cpu: Cpu.millis(1), memory: Size.mebibytes(8) }) })).toEqual([
      '[app/web] resource: props/unknown',
    ]);
    expect(web({ pullPolicy: 'ifNotPresent' })).toEqual(['[app/web] pullPolicy: props/value']);
    expect(web({ readiness: Probe.httpGet('/readyz', untyped({ perod: 5 })) })).toEqual([
      '[app/web] readiness.perod: props/unknown',
    ]);
  });

  test('need an image with a tag (DX-30)', () => {
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, image: 'ghcr.io/acme/web' }))).toEqual([
      '[app/web] image: workload/image-tag',
    ]);
  });
});
