import { type App, Chart, Size } from 'cdk8s';
import { Job, Peer, Probe, Redis, SecretRef, Sidecar, StatefulService, Volume, WebService, Worker } from '../../src';
import { type Manifest, newChart, only, problemsOf, synth, untyped, warningsOf, WEB } from '../support';

const IMAGE = 'ghcr.io/acme/exporter:1.0.0';
const TAIL = Sidecar.logTail({ file: '/var/log/shop/access.log' });
const EXPORTER = Sidecar.exporter({ image: IMAGE, port: 9102 });

const podOf = (manifests: Manifest[], kind = 'Deployment', name?: string): Manifest =>
  only(manifests, kind, name).spec.template.spec as Manifest;
const webWith = (...sidecars: Sidecar[]): Manifest =>
  podOf(
    synth((chart) => {
      const web = new WebService(chart, 'web', WEB);
      for (const sidecar of sidecars) web.addSidecar(sidecar);
    }),
  );
const namesOf = ({ initContainers = [] }: Manifest): string[] =>
  (initContainers as Manifest[]).map(({ name }) => name as string);
const mountsOf = ({ volumeMounts }: Manifest): string[] =>
  (volumeMounts as Manifest[]).map(
    ({ name, mountPath, readOnly }) => `${name} ${mountPath}${readOnly === true ? ' read-only' : ''}`,
  );

describe('a log tail', () => {
  test('writes the lines of a file of the main container to its output (CH03-36, CH16-03, SYS-16-04)', () => {
    const { containers, initContainers, volumes } = webWith(TAIL);
    const [tail] = initContainers as Manifest[];
    expect(tail).toMatchObject({
      name: 'tail-access-log',
      image: 'docker.io/library/busybox:1.37.0',
      restartPolicy: 'Always',
      command: ['sh', '-c', expect.stringContaining('tail -n +1 -F "$0"'), '/var/log/shop/access.log'],
      resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '32Mi' } },
      securityContext: { readOnlyRootFilesystem: true, runAsUser: 65532 },
    });
    expect(mountsOf(tail)).toEqual(['var-log-shop /var/log/shop read-only']);
    expect(mountsOf(containers[0])).toEqual(['tmp /tmp', 'var-log-shop /var/log/shop']);
    expect(volumes).toEqual([
      { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
      { name: 'var-log-shop', emptyDir: { sizeLimit: '128Mi' } },
    ]);
  });

  test('takes the volume that the main container has there, whenever it is mounted', () => {
    const pod = podOf(
      synth((chart) => {
        const web = new WebService(chart, 'web', { ...WEB, writablePaths: ['/var/log'], replicas: 1 });
        web.addSidecar(TAIL);
        web.addSidecar(Sidecar.logTail({ file: '/srv/data/logs/Fehler é.log', image: IMAGE }));
        web.mount('/srv/data', Volume.emptyDir({ sizeLimit: Size.mebibytes(8) }), { subPath: 'shop' });
      }),
    );
    const [first, second] = pod.initContainers as Manifest[];
    expect(mountsOf(first)).toEqual(['var-log /var/log read-only']);
    expect(second.name).toBe('tail-fehler-log');
    expect(second.volumeMounts).toEqual([
      { name: 'srv-data', mountPath: '/srv/data', subPath: 'shop', readOnly: true },
    ]);
    expect((pod.volumes as Manifest[]).map(({ name }) => name as string)).toEqual(['tmp', 'var-log', 'srv-data']);
  });

  test('makes room for the file', () => {
    const disk = (sidecar: Sidecar): unknown => webWith(sidecar).containers[0].resources.requests['ephemeral-storage'];
    expect(disk(EXPORTER)).toBe('256Mi');
    expect(disk(Sidecar.logTail({ file: '/a/b', sizeLimit: Size.mebibytes(44) }))).toBe('300Mi');
  });

  test('runs beside a Job, which still ends (CH15-05)', () => {
    const manifests = synth((chart) => new Job(chart, 'run', { image: IMAGE }).addSidecar(TAIL));
    const [{ restartPolicy }] = podOf(manifests, 'Job').initContainers as Manifest[];
    expect(restartPolicy).toBe('Always');
  });
});

describe('an exporter', () => {
  test('has a port for scraping and a check of its own', () => {
    const manifests = synth((chart) => {
      const web = new WebService(chart, 'web', WEB);
      web.addSidecar(Sidecar.exporter({ image: IMAGE, port: 9102, env: { TARGET: 'http://localhost:8080' } }));
      web.allowFrom(Peer.pods({ namespace: 'monitoring' }), { ports: [9102] });
      web.mountSecret('/etc/exporter', SecretRef.named('login'), { containers: ['exporter'] });
    });
    expect(podOf(manifests).initContainers).toMatchObject([
      {
        name: 'exporter',
        restartPolicy: 'Always',
        env: [{ name: 'TARGET', value: 'http://localhost:8080' }],
        ports: [{ name: 'metrics', containerPort: 9102 }],
        livenessProbe: { tcpSocket: { port: 'metrics' } },
      },
    ]);
    expect(podOf(manifests).initContainers[0].readinessProbe).toBeUndefined();
    expect(only(manifests, 'NetworkPolicy').spec.ingress).toMatchObject([{ ports: [{ port: 9102 }] }]);
    expect((only(manifests, 'Service').spec.ports as Manifest[]).map(({ name }) => name as string)).toEqual(['http']);
  });
});

describe('sidecars of a chart', () => {
  const build = (early: boolean): Manifest[] => {
    const chart = newChart();
    const app = chart.node.root as App;
    const proxy = Sidecar.container({ name: 'proxy', image: IMAGE });
    const apply = (): void => {
      proxy.applyTo(app);
      TAIL.applyTo(chart);
    };
    if (early) apply();
    const web = new WebService(chart, 'web', { ...WEB, sidecars: [{ name: 'own', image: IMAGE }] });
    web.mount('/var/log/shop', Volume.emptyDir({ sizeLimit: Size.mebibytes(8) }));
    new Job(chart, 'job', { image: IMAGE });
    new Worker(new Chart(app, 'other', { namespace: 'other' }), 'mailer', { image: IMAGE, liveness: Probe.none() });
    if (!early) apply();
    web.addSidecar(EXPORTER);
    web.addSidecar(Sidecar.logTail({ file: '/var/log/other/errors.log' }));
    return app.charts.flatMap((one) => one.toJson() as Manifest[]);
  };

  test('are the same before and after the blocks, and come last (CH15-06)', () => {
    const late = build(false);
    expect(build(true)).toEqual(late);
    expect(namesOf(podOf(late, 'Deployment', 'app-web'))).toEqual([
      'own',
      'exporter',
      'tail-errors-log',
      'proxy',
      'tail-access-log',
    ]);
    expect(namesOf(podOf(late, 'Job'))).toEqual(['proxy', 'tail-access-log']);
    expect(namesOf(podOf(late, 'Deployment', 'other-mailer'))).toEqual(['proxy']);
  });

  test('leave out some workloads', () => {
    const manifests = synth((chart) => {
      const web = new WebService(chart, 'web', WEB);
      new Worker(chart, 'mailer', { image: IMAGE, liveness: Probe.none() });
      EXPORTER.applyTo(chart, { except: [web] });
    });
    expect(namesOf(podOf(manifests, 'Deployment', 'app-web'))).toEqual([]);
    expect(namesOf(podOf(manifests, 'Deployment', 'app-mailer'))).toEqual(['exporter']);
  });

  test('report a mistake once', () => {
    expect(
      problemsOf((chart) => {
        new Job(chart, 'a', { image: IMAGE });
        Sidecar.logTail({ file: 'app.log', image: 'busybox' }).applyTo(chart);
        new Job(chart, 'b', { image: IMAGE });
      }),
    ).toEqual(['[app] applyTo.file: props/value', '[app] applyTo.image: workload/image-tag']);
    expect(
      problemsOf((chart) => {
        for (const id of ['a', 'b']) new Worker(chart, id, { image: IMAGE, liveness: Probe.none(), metricsPort: 9102 });
        EXPORTER.applyTo(chart, { except: untyped<[]>(['web'] as never) });
      }),
    ).toEqual([
      '[app] applyTo.except[0]: props/value',
      // its name and its number
      ...['[app] applyTo.port: workload/duplicate-port', '[app] applyTo.port: workload/duplicate-port'],
    ]);
  });
});

describe('mistakes', () => {
  test.each<[string, unknown, string[]]>([
    ['no sidecar', { name: 'proxy' }, ['addSidecar: props/value']],
    ['a file of the root', Sidecar.logTail({ file: '/app.log' }), ['addSidecar.file: props/value']],
    [
      'a directory of the image',
      Sidecar.logTail({ file: '/etc/app.log' }),
      ['addSidecar.file: workload/mount-hides-files'],
    ],
    ['no size', Sidecar.logTail({ file: '/a/b', sizeLimit: Size.kibibytes(1) }), ['addSidecar.sizeLimit: props/value']],
    ['a typo', Sidecar.logTail(untyped({ file: '/a/b', path: '/a' })), ['addSidecar.path: props/unknown']],
    ['no port', Sidecar.exporter(untyped({ image: IMAGE })), ['addSidecar.port: props/required']],
    ['a low port', Sidecar.exporter({ image: IMAGE, port: 80 }), ['addSidecar.port: workload/privileged-port']],
    [
      'the port of the block',
      Sidecar.exporter({ image: IMAGE, port: 8080 }),
      ['addSidecar.port: workload/duplicate-port'],
    ],
    ['the name of the block', Sidecar.container({ name: 'main', image: IMAGE }), ['addSidecar.name: props/duplicate']],
    [
      'a port of the Service',
      Sidecar.container({ name: 'a', image: IMAGE, ports: [{ name: 'a', port: 9000, servicePort: 9000 }] }),
      ['addSidecar.servicePort: props/conflict'],
    ],
    ['no image', Sidecar.container(untyped({ name: 'a' })), ['addSidecar.image: props/required']],
  ])('%s', (_title, sidecar, expected) => {
    expect(problemsOf((chart) => new WebService(chart, 'web', WEB).addSidecar(sidecar as Sidecar))).toEqual(
      expected.map((problem) => `[app/web] ${problem}`),
    );
  });

  test('a log file in a read-only volume', () => {
    expect(
      problemsOf((chart) => {
        const web = new WebService(chart, 'web', WEB);
        web.mount('/var/log/shop', Volume.claim('logs'), { readOnly: true });
        web.addSidecar(TAIL);
      }),
    ).toEqual(['[app/web] addSidecar.file: props/conflict']);
  });
});

describe('logs in a volume', () => {
  const warnings = (path: string, build: (web: WebService) => void = () => undefined): string[] =>
    warningsOf((chart) => build(new WebService(chart, 'web', { ...WEB, writablePaths: [path] })));

  test.each(['/var/log', '/var/log/shop', '/srv/shop/logs', '/data/log'])('at %s are worth a warning', (path) => {
    expect(warnings(path)).toEqual(['[app/web] writablePaths: workload/log-volume']);
  });

  test.each(['/var/cache', '/var/logs-of-shop', '/srv/catalog'])('may not be at %s', (path) => {
    expect(warnings(path)).toEqual([]);
  });

  test('are no cause for one where a sidecar reads them', () => {
    expect(warnings('/var/log/shop', (web) => web.addSidecar(TAIL))).toEqual([]);
  });

  test('count in claims and sidecars, and not where they are read only', () => {
    const of = (readOnly: boolean): string[] =>
      warningsOf((chart) => {
        const job = new Job(chart, 'job', { image: IMAGE, sidecars: [{ name: 'proxy', image: IMAGE }] });
        job.mount('/var/log/old', Volume.claim('logs'), { readOnly, containers: ['proxy'] });
      });
    expect(of(false)).toEqual(['[app/job] proxy.mount.path: workload/log-volume']);
    expect(of(true)).toEqual([]);
    // the commit log of a store is no log of a process
    const ofStore = (path: string): string[] =>
      warningsOf((chart) => {
        const claims = [{ path, size: Size.gibibytes(1) }];
        new StatefulService(chart, 'store', { image: IMAGE, port: 2181, readiness: Probe.portOnly(), claims });
      }).filter((warning) => warning.includes('log-volume'));
    expect(ofStore('/var/lib/zookeeper/log')).toEqual([]);
    expect(ofStore('/var/log/store')).toEqual(['[app/store] mount.path: workload/log-volume']);
    const ofRedis = warningsOf((chart) => void new Redis(chart, 'redis', REDIS));
    expect(ofRedis.filter((warning) => warning.includes('log-volume'))).toEqual([]);
  });
});

const REDIS = {
  storage: Size.gibibytes(1),
  password: { secret: SecretRef.named('redis-passwd'), key: 'passwd' },
};
