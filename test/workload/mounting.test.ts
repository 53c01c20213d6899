import { App, Chart, Size } from 'cdk8s';
import {
  EmptyDirMedium,
  EnvFrom,
  EnvValue,
  PersistentVolumeAccessMode,
  PersistentVolumeClaim,
  Secret,
  Volume,
} from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import {
  Autoscaling,
  ClusterProfile,
  Cpu,
  Job,
  Redis,
  Resources,
  Rollout,
  ScheduledJob,
  StaticSite,
  VersionedConfigMap,
  VersionedSecret,
  WebService,
  type WebServiceProps,
} from '../../src';
import {
  annotationsOf,
  type Manifest,
  newChart,
  only,
  problemsOf,
  problemsOfApp,
  refusedBy,
  synth,
  untyped,
  WEB,
} from '../support';

function pods(build: (web: WebService, chart: Chart) => void, props: Partial<WebServiceProps> = {}): Manifest {
  return only(
    synth((chart) => build(new WebService(chart, 'web', { ...WEB, ...props }), chart)),
    'Deployment',
  ).spec.template;
}

function refusals(build: (web: WebService, chart: Chart) => void, props: Partial<WebServiceProps> = {}): string[] {
  return problemsOf((chart) => build(new WebService(chart, 'web', { ...WEB, ...props }), chart));
}

const SIDECAR = { name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' };

function config(chart: Chart, data: Record<string, string> = { 'a.json': '{}', 'b.json': '[]' }): VersionedConfigMap {
  return new VersionedConfigMap(chart, 'config', { data });
}

describe('mount', () => {
  test('a ConfigMap is mounted read-only by its versioned name (CH16-04)', () => {
    let name = '';
    const { spec } = pods((web, chart) => {
      const map = config(chart);
      name = map.name;
      web.mount('/etc/web', map);
    });
    expect(name).toMatch(/^app-config-[0-9a-f]{10}$/);
    expect(spec.volumes).toContainEqual({ name: 'app-config', configMap: { name } });
    expect(spec.containers[0].volumeMounts).toContainEqual({
      name: 'app-config',
      mountPath: '/etc/web',
      readOnly: true,
    });
  });

  test('new content changes the pods, and so rolls them', () => {
    const withData = (value: string): Manifest =>
      pods((web, chart) => web.mount('/etc/web', config(chart, { a: value })));
    expect(withData('1')).not.toEqual(withData('2'));
    expect(withData('1')).toEqual(withData('1'));
  });

  test('one source at two places is one volume', () => {
    const { spec } = pods(
      (web, chart) => {
        const map = config(chart);
        web.mount('/etc/web', map);
        web.mount('/etc/proxy', map, { containers: ['proxy'] });
      },
      { sidecars: [SIDECAR] },
    );
    expect(spec.volumes.map(({ name }: Manifest) => name)).toEqual(['tmp', 'tmp-proxy', 'app-config']);
    expect(spec.containers[0].volumeMounts).toHaveLength(2);
    expect(spec.initContainers[0].volumeMounts).toContainEqual({
      name: 'app-config',
      mountPath: '/etc/proxy',
      readOnly: true,
    });
  });

  test('scratch space of cdk8s-plus is shared by all places where it is mounted, and is not that of another volume', () => {
    const { spec } = pods(
      (web, chart) => {
        const shared = Volume.fromEmptyDir(chart, 'shared', 'shared');
        web.mount('/out', shared);
        web.mount('/in', shared, { containers: ['proxy'], readOnly: true });
        web.mount('/other', Volume.fromEmptyDir(chart, 'other', 'other'));
      },
      { sidecars: [SIDECAR] },
    );
    expect(spec.volumes.slice(2)).toEqual([
      { name: 'shared', emptyDir: {} },
      { name: 'other', emptyDir: {} },
    ]);
    expect(spec.containers[0].volumeMounts.slice(1)).toEqual([
      { name: 'shared', mountPath: '/out' },
      { name: 'other', mountPath: '/other' },
    ]);
    expect(spec.initContainers[0].volumeMounts.slice(1)).toEqual([
      { name: 'shared', mountPath: '/in', readOnly: true },
    ]);
  });

  test('volumes of cdk8s-plus with one name are two', () => {
    const { spec } = pods((web, chart) => {
      for (const id of ['a', 'b']) web.mount(`/${id}`, Volume.fromEmptyDir(chart, id, 'scratch'));
    });
    expect(spec.volumes.slice(1)).toEqual([
      { name: 'scratch', emptyDir: {} },
      { name: 'volume-2', emptyDir: {} },
    ]);
  });

  test('a storage that makes its volume only once, as a PersistentVolume does, can be mounted at two places', () => {
    const { spec } = pods((web, chart) => {
      const disk = new Construct(chart, 'disk');
      const storage = Object.assign(disk, { asVolume: () => Volume.fromEmptyDir(disk, 'Volume', 'disk') });
      web.mount('/a', storage);
      web.mount('/b', storage);
    });
    expect(spec.volumes.slice(1)).toEqual([{ name: 'disk', emptyDir: {} }]);
    expect(spec.containers[0].volumeMounts).toHaveLength(3);
  });

  test('items and subPath choose', () => {
    const { spec } = pods((web, chart) =>
      web.mount('/etc/web/main.json', config(chart), { items: { 'a.json': 'main.json' }, subPath: 'main.json' }),
    );
    expect(spec.volumes[1].configMap.items).toEqual([{ key: 'a.json', path: 'main.json' }]);
    expect(spec.containers[0].volumeMounts[1]).toEqual({
      name: 'app-config',
      mountPath: '/etc/web/main.json',
      subPath: 'main.json',
      readOnly: true,
    });
  });

  test('a key that the ConfigMap has not is refused (CH04-20)', () => {
    expect(refusals((web, chart) => web.mount('/etc/web', config(chart), { items: { 'c.json': 'c' } }))).toEqual([
      '[app/web] mount.items: reference/missing-key',
    ]);
  });

  test('a subPath that the volume has not is refused: it would be an empty directory (CH04-20)', () => {
    expect(refusals((web, chart) => web.mount('/etc/a', config(chart), { subPath: 'c.json' }))).toEqual([
      '[app/web] mount.subPath: reference/missing-key',
    ]);
    expect(
      refusals((web, chart) =>
        web.mount('/etc/a', config(chart), { items: { 'a.json': 'conf/main.json' }, subPath: 'a.json' }),
      ),
    ).toEqual(['[app/web] mount.subPath: reference/missing-key']);
    expect(
      refusals((web, chart) =>
        web.mount('/etc/a', config(chart), { items: { 'a.json': 'conf/main.json' }, subPath: 'con' }),
      ),
    ).toHaveLength(1);
    expect(
      refusals((web, chart) =>
        web.mount('/etc/a', config(chart), { items: { 'a.json': 'conf/main.json' }, subPath: 'conf' }),
      ),
    ).toEqual([]);
  });

  test('a subPath of a Secret is compared with the items, where there are some (CH04-20)', () => {
    const mounted =
      (options: object) =>
      (web: WebService, chart: Chart): void =>
        web.mountSecret('/etc/a', Secret.fromSecretName(chart, 'api', 'api-key'), options);
    expect(refusals(mounted({ subPath: 'any' }))).toEqual([]);
    expect(refusals(mounted({ items: { key: 'file' }, subPath: 'file' }))).toEqual([]);
    expect(refusals(mounted({ items: { key: 'file' }, subPath: 'key' }))).toEqual([
      '[app/web] mountSecret.subPath: reference/missing-key',
    ]);
  });

  test('a watched ConfigMap is refused by subPath: the pods would never see new content (CH04-12)', () => {
    expect(
      refusals((web, chart) =>
        web.mount('/etc/web/a', new VersionedConfigMap(chart, 'config', { data: { a: '1' }, reload: 'watch' }), {
          subPath: 'a',
        }),
      ),
    ).toEqual(['[app/web] mount.subPath: workload/sub-path-watch']);
  });

  test("with reload: 'checksum' the pods carry the hash", () => {
    const template = pods((web, chart) =>
      web.mount('/etc/web', new VersionedConfigMap(chart, 'config', { data: { a: '1' }, reload: 'checksum' })),
    );
    expect(annotationsOf(template)).toEqual({ 'checksum/app-config': expect.stringMatching(/^[0-9a-f]{10}$/) });
  });

  test('a path that hides files of the image is refused unless said so', () => {
    expect(refusals((web, chart) => web.mount('/etc/nginx', config(chart)))).toEqual([
      '[app/web] mount.path: workload/mount-hides-files',
    ]);
    expect(refusals((web, chart) => web.mount('/etc/nginx', config(chart), { hidesImageFiles: true }))).toEqual([]);
  });

  test('two mounts at one path are refused', () => {
    expect(
      refusals((web, chart) => {
        web.mount('/etc/web', config(chart));
        web.mount('/etc/web', new VersionedSecret(chart, 'secret', { version: 'v1' }));
      }),
    ).toEqual(['[app/web] mount.path: workload/duplicate-mount']);
  });

  test('what is in another namespace is refused (DX-24)', () => {
    const app = new App();
    const other = config(newChart('blog', 'blog', app));
    new WebService(newChart('shop', 'app', app), 'web', WEB).mount('/etc/web', other);
    expect(refusedBy(() => app.synthYaml(), app)).toEqual(['[app/web] mount.storage: reference/other-namespace']);
  });

  describe('a claim', () => {
    const mounted =
      (...accessModes: PersistentVolumeAccessMode[]) =>
      (web: Pick<WebService, 'mount'>, chart: Chart): void => {
        const claim = new PersistentVolumeClaim(chart, 'claim', { accessModes, storage: Size.gibibytes(1) });
        web.mount('/files', Volume.fromPersistentVolumeClaim(chart, 'volume', claim));
      };
    const { READ_WRITE_ONCE, READ_WRITE_ONCE_POD, READ_WRITE_MANY } = PersistentVolumeAccessMode;
    const ONE = { replicas: 1, rollout: Rollout.recreate() };

    test('for one node is refused: replicas on other nodes could not start (CH01-10)', () => {
      expect(refusals(mounted(READ_WRITE_ONCE))).toEqual(['[app/web] mount.storage: workload/shared-claim']);
      expect(refusals(mounted(READ_WRITE_MANY))).toEqual([]);
    });

    test.each<[string, Partial<WebServiceProps>]>([
      ['two replicas', { ...ONE, replicas: 2 }],
      ['an autoscaler', { autoscaling: Autoscaling.onCpu({ min: 2, max: 3, target: 80 }), rollout: ONE.rollout }],
      ['a rollout that starts the new pod beside the old one', { replicas: 1 }],
    ])('for one pod is refused for %s', (_title, props) => {
      for (const mode of [READ_WRITE_ONCE, READ_WRITE_ONCE_POD]) expect(refusals(mounted(mode), props)).toHaveLength(1);
    });

    test('for one pod is mounted by one pod at a time', () => {
      for (const mode of [READ_WRITE_ONCE, READ_WRITE_ONCE_POD]) expect(refusals(mounted(mode), ONE)).toEqual([]);
      expect(refusals(mounted(READ_WRITE_ONCE), { ...ONE, replicas: 0 })).toEqual([]);
      const { spec } = pods(mounted(READ_WRITE_ONCE), ONE);
      expect(spec.volumes).toContainEqual({
        name: expect.any(String),
        persistentVolumeClaim: { claimName: expect.any(String), readOnly: false },
      });
    });

    test('for one pod is refused where an autoscaler of cdk8s-plus comes later', () => {
      expect(
        refusals(
          (web, chart) => {
            mounted(READ_WRITE_ONCE)(web, chart);
            web.markHasAutoscaler();
          },
          { rollout: ONE.rollout },
        ),
      ).toHaveLength(1);
    });

    test('for one pod is refused with what the block has to change', () => {
      const refused = (build: (chart: Chart) => Pick<WebService, 'mount'>): string[] =>
        problemsOf((chart) => mounted(READ_WRITE_ONCE)(build(chart), chart));
      const message = (path: string): string[] => [`[app/${path}] mount.storage: workload/shared-claim`];
      expect(
        refused((chart) => new StaticSite(chart, 'site', { image: 'ghcr.io/acme/site:1.0.0', replicas: 1 })),
      ).toEqual(message('site'));
      expect(
        refused((chart) => new Job(chart, 'job', { image: 'ghcr.io/acme/job:1.0.0', completions: 2, parallelism: 2 })),
      ).toEqual(message('job'));
      expect(refused((chart) => new Job(chart, 'job', { image: 'ghcr.io/acme/job:1.0.0' }))).toEqual([]);
      const redis =
        (replicas: number) =>
        (chart: Chart): Redis =>
          new Redis(chart, 'redis', {
            replicas,
            password: { secret: Secret.fromSecretName(chart, 'passwd', 'passwd'), key: 'passwd' },
            storage: Size.gibibytes(1),
          });
      expect(refused(redis(3))).toEqual(message('redis'));
      expect(refused(redis(1))).toEqual([]);
    });

    test('for one pod is refused for runs that can overlap', () => {
      const refused = (concurrencyPolicy?: 'Allow' | 'Replace'): string[] =>
        problemsOf((chart) =>
          mounted(READ_WRITE_ONCE)(
            new ScheduledJob(chart, 'job', {
              image: 'ghcr.io/acme/job:1.0.0',
              schedule: '30 2 * * *',
              concurrencyPolicy,
            }),
            chart,
          ),
        );
      expect([refused(), refused('Replace')]).toEqual([[], []]);
      expect(refused('Allow')).toEqual(['[app/job] mount.storage: workload/shared-claim']);
    });

    test('is compared with those of its own cluster alone', () => {
      const app = new App();
      const chartOf = (cluster: string): Chart => {
        const chart = newChart('shop', cluster, app);
        new ClusterProfile({ name: cluster }).assignTo(chart);
        return chart;
      };
      const mountNamed = (chart: Chart, mode: PersistentVolumeAccessMode, props: Partial<WebServiceProps>): void => {
        const claim = new PersistentVolumeClaim(chart, 'claim', {
          accessModes: [mode],
          storage: Size.gibibytes(1),
          metadata: { name: 'files' },
        });
        new WebService(chart, 'web', { ...WEB, ...props }).mount(
          '/data',
          Volume.fromPersistentVolumeClaim(chart, 'volume', claim),
        );
      };
      mountNamed(chartOf('eu'), READ_WRITE_MANY, {});
      mountNamed(chartOf('us'), READ_WRITE_ONCE, ONE);
      expect(problemsOfApp(app)).toEqual([]);
    });

    describe('for one pod', () => {
      const shared = (
        mode: PersistentVolumeAccessMode,
        ...blocks: Array<(chart: Chart) => Pick<WebService, 'mount'>>
      ): string[] =>
        problemsOf((chart) => {
          const claim = new PersistentVolumeClaim(chart, 'claim', { accessModes: [mode], storage: Size.gibibytes(1) });
          const volume = Volume.fromPersistentVolumeClaim(chart, 'volume', claim);
          for (const block of blocks) block(chart).mount('/data', volume);
        });
      const web =
        (id: string, props: Partial<WebServiceProps> = {}) =>
        (chart: Chart): WebService =>
          new WebService(chart, id, { ...WEB, ...ONE, ...props });
      const job =
        (id: string) =>
        (chart: Chart): Job =>
          new Job(chart, id, { image: 'ghcr.io/acme/job:1.0.0' });
      const message = (path: string): string => `[app/${path}] mount.storage: workload/shared-claim`;

      test('is refused for a second workload where one of them does not end', () => {
        expect(shared(READ_WRITE_ONCE_POD, web('one'), web('two'))).toEqual([message('two')]);
        expect(shared(READ_WRITE_ONCE_POD, job('import'), web('one'))).toEqual([message('one')]);
      });

      test('is mounted by workloads that wait for each other, or of which one has no pods', () => {
        expect(shared(READ_WRITE_ONCE_POD, job('import'), job('export'))).toEqual([]);
        expect(shared(READ_WRITE_ONCE_POD, web('one'), web('two', { replicas: 0 }))).toEqual([]);
      });

      test('of one node can be shared on that', () => {
        expect(shared(READ_WRITE_ONCE, web('one'), web('two'))).toEqual([]);
      });
    });
  });

  describe('scratch space of cdk8s-plus with a limit', () => {
    const scratch =
      (mebibytes: number, options: object = {}) =>
      (web: WebService, chart: Chart): void =>
        web.mount(
          '/var/cache/web',
          Volume.fromEmptyDir(chart, `v${mebibytes}`, 'cache', { sizeLimit: Size.mebibytes(mebibytes), ...options }),
          { containers: web.containers.map(({ name }) => name) },
        );
    const inMemory = { medium: EmptyDirMedium.MEMORY };
    const sized = (options: object): Partial<WebServiceProps> => ({
      resources: Resources.of({ cpu: Cpu.millis(100), memory: Size.mebibytes(128), ...options }),
    });
    const SIDECARS = { sidecars: [SIDECAR] };

    test('adds to the disk of the main container, once', () => {
      const disk = (build: (web: WebService, chart: Chart) => void): unknown[] => {
        const { spec } = pods(build, SIDECARS);
        return [...spec.containers, ...spec.initContainers].map(({ resources }: Manifest) => [
          resources.requests['ephemeral-storage'],
          resources.limits['ephemeral-storage'],
        ]);
      };
      expect(disk(scratch(1024))).toEqual([
        ['1280Mi', '1280Mi'],
        ['256Mi', '256Mi'],
      ]);
      expect(disk(scratch(64, inMemory))).toEqual([
        ['256Mi', '256Mi'],
        ['256Mi', '256Mi'],
      ]);
    });

    test('is refused where a stated disk has no room for it', () => {
      expect(refusals(scratch(256), sized({ ephemeralStorage: Size.mebibytes(300) }))).toEqual([
        '[app/web] resources.ephemeralStorage: workload/ephemeral-storage',
      ]);
      expect(refusals(scratch(256), sized({ ephemeralStorage: Size.mebibytes(320) }))).toEqual([]);
      expect(refusals(scratch(256), { ...sized({ ephemeralStorage: Size.mebibytes(200) }), ...SIDECARS })).toEqual([]);
      expect(refusals(scratch(256), { resources: Resources.none() })).toEqual([]);
    });

    test('is refused in memory where its containers may not use as much', () => {
      expect(refusals(scratch(200, inMemory))).toEqual(['[app/web] mount.storage: workload/memory-volume']);
      expect(refusals(scratch(200, inMemory), SIDECARS)).toEqual([]);
      expect(refusals(scratch(128, inMemory))).toEqual([]);
      expect(refusals(scratch(200, inMemory), { resources: Resources.none() })).toEqual([]);
    });
  });

  test('what makes no volume is refused', () => {
    expect(
      refusals((web, chart) =>
        web.mount('/data', Object.assign(new Construct(chart, 'junk'), { asVolume: () => undefined }) as never),
      ),
    ).toEqual(['[app/web] mount.storage: props/value']);
  });

  test('a volume that Pod Security restricted does not admit is refused (DX-18)', () => {
    expect(
      refusals((web, chart) => web.mount('/data', Volume.fromHostPath(chart, 'host', 'host', { path: '/data' }))),
    ).toEqual(['[app/web] mount.storage: workload/volume-type']);
  });
});

describe('secrets', () => {
  test('are files of mode 0440, read-only (CH01-44)', () => {
    const { spec } = pods((web, chart) =>
      web.mountSecret('/etc/web/secret', Secret.fromSecretName(chart, 'api', 'api-key')),
    );
    expect(spec.volumes).toContainEqual({ name: 'api-key', secret: { secretName: 'api-key', defaultMode: 0o440 } });
    expect(spec.containers[0].volumeMounts).toContainEqual({
      name: 'api-key',
      mountPath: '/etc/web/secret',
      readOnly: true,
    });
  });

  test('a new version of a secret changes the pods', () => {
    const volumes = (version: string): unknown =>
      pods((web, chart) => web.mount('/etc/web/secret', new VersionedSecret(chart, 'api-key', { version }))).spec
        .volumes[1];
    expect(volumes('v1')).toEqual({ name: 'api-key-v1', secret: { secretName: 'api-key-v1', defaultMode: 0o440 } });
    expect(volumes('v2')).toEqual({ name: 'api-key-v2', secret: { secretName: 'api-key-v2', defaultMode: 0o440 } });
  });

  test('a volume of cdk8s-plus is hardened in the same way (CH01-44)', () => {
    const { spec } = pods((web, chart) =>
      web.mount('/etc/web/secret', Volume.fromSecret(chart, 'volume', Secret.fromSecretName(chart, 'api', 'api-key'))),
    );
    expect(spec.volumes[1].secret).toEqual({ secretName: 'api-key', defaultMode: 0o440 });
    expect(spec.containers[0].volumeMounts[1].readOnly).toBe(true);
  });
});

describe('environment', () => {
  test('has literals and references, in the order of their declaration', () => {
    const { spec } = pods(
      (web, chart) => {
        web.addEnv('B', '2');
        web.addEnv('C', EnvValue.fromSecretValue({ secret: Secret.fromSecretName(chart, 's', 'api'), key: 'key' }));
      },
      { env: { A: '' } },
    );
    expect(spec.containers[0].env).toEqual([
      { name: 'A', value: '' },
      { name: 'B', value: '2' },
      { name: 'C', valueFrom: { secretKeyRef: { name: 'api', key: 'key' } } },
    ]);
  });

  test('a literal credential is refused, and not quoted', () => {
    expect(refusals((web) => web.addEnv('DB_URL', 'postgres://shop:hunter2@db'))).toEqual([
      "[app/web] addEnv['DB_URL']: secret/in-env",
    ]);
  });

  test('a key that our ConfigMap has not is refused: the pod would not start (CH04-20)', () => {
    expect(refusals((web, chart) => web.addEnv('MODE', EnvValue.fromConfigMap(config(chart), 'mode')))).toEqual([
      "[app/web] env['MODE']: reference/missing-key",
    ]);
  });

  describe("with reload: 'checksum'", () => {
    const checked = (chart: Chart): VersionedConfigMap =>
      new VersionedConfigMap(chart, 'config', { data: { A: '1' }, reload: 'checksum' });
    test.each<[string, (web: WebService, chart: Chart) => void]>([
      ['a variable', (web, chart) => web.addEnv('A', checked(chart).envValue('A'))],
      ['a variable of cdk8s-plus', (web, chart) => web.addEnv('A', EnvValue.fromConfigMap(checked(chart), 'A'))],
      ['all variables', (web, chart) => web.addEnvFrom(checked(chart))],
      ['all variables by cdk8s-plus', (web, chart) => web.addEnvFrom(new EnvFrom(checked(chart)))],
      [
        'a volume of cdk8s-plus',
        (web, chart) => web.mount('/etc/web', Volume.fromConfigMap(chart, 'volume', checked(chart))),
      ],
    ])('%s changes the pods (CH04-25)', (_, read) => {
      expect(annotationsOf(pods(read))).toEqual({
        'checksum/app-config': expect.stringMatching(/^[0-9a-f]{10}$/),
      });
    });

    test('a variable of the props, and of a sidecar, changes the pods (CH04-25)', () => {
      const annotations = (build: (env: Record<string, EnvValue>) => Partial<WebServiceProps>): unknown =>
        annotationsOf(
          only(
            synth((chart) => {
              new WebService(chart, 'web', { ...WEB, ...build({ A: checked(chart).envValue('A') }) });
            }),
            'Deployment',
          ).spec.template as Manifest,
        );
      const checksum = { 'checksum/app-config': expect.stringMatching(/^[0-9a-f]{10}$/) };
      expect(annotations((env) => ({ env }))).toEqual(checksum);
      expect(annotations((env) => ({ sidecars: [{ ...SIDECAR, env }] }))).toEqual(checksum);
    });
  });

  describe('of a chart without a namespace, which is applied to that of the pods', () => {
    const built = (reload: 'checksum' | 'watch', read: (web: WebService, given: VersionedConfigMap) => void): App => {
      const app = new App();
      const given = new VersionedConfigMap(new Chart(app, 'd'), 'config', { data: { A: '1' }, reload });
      read(new WebService(newChart('ns', 'app', app), 'web', WEB), given);
      return app;
    };
    const annotations = (read: (web: WebService, given: VersionedConfigMap) => void): unknown =>
      annotationsOf(
        only(
          built('checksum', read).charts.flatMap((chart) => chart.toJson() as Manifest[]),
          'Deployment',
        ).spec.template as Manifest,
      );

    test.each<[string, (web: WebService, given: VersionedConfigMap) => void]>([
      ['files', (web, given) => web.mount('/etc/web', given)],
      ['a variable', (web, given) => web.addEnv('A', given.envValue('A'))],
      ['all variables', (web, given) => web.addEnvFrom(given)],
      ['all variables by cdk8s-plus', (web, given) => web.addEnvFrom(new EnvFrom(given))],
    ])('%s: they change the pods (CH04-25)', (_, read) => {
      expect(annotations(read)).toEqual({ 'checksum/d-config': expect.stringMatching(/^[0-9a-f]{10}$/) });
    });

    test('a watched ConfigMap is refused for variables (CH04-23)', () => {
      expect(problemsOfApp(built('watch', (web, given) => web.addEnvFrom(given)))).toEqual([
        expect.stringContaining('[app/web] addEnvFrom.source: config/watched-variable'),
      ]);
    });
  });

  test('a watched ConfigMap is refused: a running process never sees the new value (CH04-23)', () => {
    const watched = (chart: Chart): VersionedConfigMap =>
      new VersionedConfigMap(chart, 'config', { data: { A: '1' }, reload: 'watch' });
    const message = (prop: string): string[] => [`[app/web] ${prop}: config/watched-variable`];
    expect(refusals((web, chart) => web.addEnv('A', watched(chart).envValue('A')))).toEqual(message("env['A']"));
    expect(refusals((web, chart) => web.addEnvFrom(watched(chart)))).toEqual(message('addEnvFrom.source'));
    expect(refusals((web, chart) => web.mount('/etc/web', watched(chart)))).toEqual([]);
  });

  describe('of another namespace', () => {
    const refused = (prop: string): string => `[shop/web] ${prop}: reference/other-namespace`;
    test.each<[string, (web: WebService, data: Chart) => void, string]>([
      ['an entry', (web, data) => web.addEnv('A', config(data, { A: '1' }).envValue('A')), refused("env['A']")],
      ['a ConfigMap', (web, data) => web.addEnvFrom(config(data, { A: '1' })), refused('addEnvFrom.source')],
      [
        'a ConfigMap by cdk8s-plus',
        (web, data) => web.addEnvFrom(new EnvFrom(config(data, { A: '1' }))),
        refused('addEnvFrom.source'),
      ],
      [
        'a key of a Secret',
        (web, data) => web.addEnv('A', new VersionedSecret(data, 'key', { version: 'v1' }).envValue('A')),
        refused("env['A']"),
      ],
      [
        'a Secret',
        (web, data) => web.addEnvFrom(new EnvFrom(undefined, '', Secret.fromSecretName(data, 'key', 'key'))),
        refused('addEnvFrom.source'),
      ],
    ])('%s is refused (DX-24)', (_, read, message) => {
      const app = new App();
      const data = newChart('data', 'data', app);
      const shop = newChart('shop', 'shop', app);
      read(new WebService(shop, 'web', WEB), data);
      expect(problemsOfApp(app)).toEqual([message]);
    });
  });

  describe('of another cluster', () => {
    const refused = (prop: string): string => `[west/web] ${prop}: reference/other-cluster`;
    test.each<[string, (web: WebService, source: VersionedConfigMap) => void, string[]]>([
      ['mounted', (web, source) => web.mount('/etc/web', source), [refused('mount.storage')]],
      ['as a variable', (web, source) => web.addEnv('A', source.envValue('A')), [refused("env['A']")]],
    ])('a ConfigMap is refused %s (DX-26)', (_, read, messages) => {
      const app = new App();
      const [east, west] = ['east', 'west'].map((name) => newChart('shop', name, app));
      read(new WebService(west, 'web', WEB), config(east, { A: '1' }));
      for (const chart of [east, west]) new ClusterProfile({ name: chart.node.id }).assignTo(chart);
      expect(problemsOfApp(app)).toEqual(messages);
    });

    test('a Secret that is named outside of all charts is not: each cluster has its own', () => {
      const app = new App();
      const key = Secret.fromSecretName(app, 'key', 'key');
      for (const name of ['east', 'west']) {
        const chart = newChart('shop', name, app);
        new ClusterProfile({ name }).assignTo(chart);
        new WebService(chart, 'web', WEB).mountSecret('/etc/key', key);
      }
      expect(problemsOfApp(app)).toEqual([]);
    });
  });

  test('a whole ConfigMap becomes variables, with a prefix', () => {
    const { spec } = pods((web, chart) => web.addEnvFrom(config(chart, { MODE: 'a' }), { prefix: 'WEB_' }));
    expect(spec.containers[0].envFrom).toEqual([
      { prefix: 'WEB_', configMapRef: { name: expect.stringMatching(/^app-config-/) } },
    ]);
  });

  test('keys that make no variable are refused: old kubelets leave them out silently (CH04-21)', () => {
    expect(refusals((web, chart) => web.addEnvFrom(config(chart, { 'a.json': '1' })))).toEqual([
      '[app/web] addEnvFrom.source: workload/env-from-key',
    ]);
  });

  test('an EnvFrom of cdk8s-plus is taken as it is', () => {
    const { spec } = pods((web, chart) =>
      web.addEnvFrom(new EnvFrom(undefined, 'S_', Secret.fromSecretName(chart, 's', 'api'))),
    );
    expect(spec.containers[0].envFrom).toEqual([{ prefix: 'S_', secretRef: { name: 'api' } }]);
  });

  test('an argument may use what is declared, also by a later call', () => {
    expect(
      refusals(
        (web, chart) => {
          web.addEnv('LATE', '1');
          web.addEnvFrom(config(chart, { MODE: 'a' }));
        },
        { args: ['--late=$(LATE)', '--mode=$(MODE)', '--price=$$(NOT)'] },
      ),
    ).toEqual([]);
    expect(refusals(() => undefined, { args: ['$(LATE)'] })).toEqual(['[app/web] args: workload/undeclared-variable']);
  });
});

test.each([
  [
    'mount(undefined)',
    (web: WebService) => web.mount(...untyped<[never, never]>([])),
    ['[app/web] mount.path: props/value', '[app/web] mount.storage: props/value'],
  ],
  [
    'addEnv(3, {})',
    (web: WebService) => web.addEnv(3 as never, {}),
    ['[app/web] addEnv: props/value', '[app/web] addEnv: props/value'],
  ],
])('%s gives all its messages and no TypeError', (_, call, messages) => {
  expect(
    refusals((web) => {
      call(web);
    }),
  ).toEqual(messages);
});

describe('a mount inside a read-only volume, whose directory the runtime cannot create', () => {
  test('is refused, in any order', () => {
    expect(
      problemsOf((chart) => {
        const web = new WebService(chart, 'web', { ...WEB, writablePaths: ['/var/spool/tickets'] });
        web.mount('/var/spool', config(chart));
      }),
    ).toEqual(['[app/web] mount.path: workload/nested-mount']);
    expect(
      problemsOf((chart) => {
        const web = new WebService(chart, 'web', WEB);
        web.mount('/srv/conf', config(chart));
        web.mountSecret('/srv/conf/tls', new VersionedSecret(chart, 'tls', { version: 'v1' }));
      }),
    ).toEqual(['[app/web] mount.path: workload/nested-mount']);
  });

  test('is fine inside a writable one, and beside it', () => {
    expect(
      problemsOf((chart) => {
        const web = new WebService(chart, 'web', { ...WEB, writablePaths: ['/var/spool', '/srv/configuration'] });
        web.mount('/var/spool/config', config(chart));
        web.mountSecret('/srv/config', new VersionedSecret(chart, 'tls', { version: 'v1' }));
      }),
    ).toEqual([]);
  });
});
