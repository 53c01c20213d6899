import { ApiObject, type Chart, Size } from 'cdk8s';
import {
  AccessMode,
  ExistingNamespace,
  Job,
  Probe,
  Rollout,
  VersionedConfigMap,
  VolumeClaim,
  type WebServiceProps,
  WebService,
  Worker,
} from '../../src';
import { isDatabaseImage, runsServer } from '../../src/kubernetes/database-images';
import { type Manifest, newChart, problemsOf, warningsIn, WEB } from '../support';

/** What a chart with objects of others is warned of. */
function warnings(...build: Array<(chart: Chart) => void>): string[] {
  const chart = newChart();
  new VersionedConfigMap(chart, 'config', { data: { a: 'b' } });
  for (const one of build) one(chart);
  return warningsIn(chart).filter((warning) => /storage\/|object\/|shared/.test(warning));
}

function problems(...build: Array<(chart: Chart) => void>): string[] {
  return problemsOf((chart) => {
    new VersionedConfigMap(chart, 'config', { data: { a: 'b' } });
    for (const one of build) one(chart);
  });
}

const raw =
  (manifest: Manifest, inList = false) =>
  (chart: Chart): void => {
    new ApiObject(
      chart,
      'raw',
      (inList ? { apiVersion: 'v1', kind: 'List', metadata: { name: 'raw' }, items: [manifest] } : manifest) as never,
    );
  };

const pods = (kind: string, spec: Manifest, pod: Manifest): Manifest => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'raw' },
  spec: {
    selector: { matchLabels: { app: 'raw' } },
    ...spec,
    template: {
      metadata: { labels: { app: 'raw' } },
      spec: { containers: [{ name: 'main', image: 'docker.io/acme/app:1.4.2' }], ...pod },
    },
  },
});

/** Pods of others that mount a volume at /data. */
const mounting = (kind: string, spec: Manifest, volume: Manifest, image = 'docker.io/acme/app:1.4.2'): Manifest =>
  pods(kind, spec, {
    volumes: [{ name: 'data', ...volume }],
    containers: [{ name: 'main', image, volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
  });

const persistent = (spec: Manifest): Manifest => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'raw' },
  spec,
});

const OF_CLAIM = { persistentVolumeClaim: { claimName: 'app-claim' } };
const claimOf =
  (accessMode: AccessMode) =>
  (chart: Chart): void => {
    new VolumeClaim(chart, 'claim', { size: Size.gibibytes(1), accessMode });
  };
const RECREATE = { replicas: 1, strategy: { type: 'Recreate' } };

describe('volumes of others', () => {
  test.each([
    [{ awsElasticBlockStore: { volumeID: 'a' } }, 'spec.awsElasticBlockStore: object/old-volume-type'],
    [{ flexVolume: { driver: 'a/b' } }, 'spec.flexVolume: object/old-volume-type'],
    [{ persistentVolumeReclaimPolicy: 'Recycle' }, 'spec.persistentVolumeReclaimPolicy: object/recycle'],
    [{ hostPath: { path: '/a' } }, 'spec.hostPath.path: object/host-path'],
  ])('with %j are warned of (CH16-08, CH16-19, S000-81, SYS-16-10)', (spec, found) => {
    expect(warnings(raw(persistent(spec)))).toEqual([`[app/raw] ${found}`]);
    expect(warnings(raw(persistent(spec), true))).toEqual([`[app/raw] items['raw'].${found}`]);
  });

  test('of types that are gone are refused (CH16-19)', () => {
    expect(problems(raw(persistent({ glusterfs: { path: 'a' } })))).toEqual([
      '[app/raw] spec.glusterfs: object/removed-volume-type',
    ]);
    expect(problems(raw(pods('Deployment', {}, { volumes: [{ name: 'a', gitRepo: { repository: 'a' } }] })))).toEqual([
      '[app/raw] spec.template.spec.volumes[0].gitRepo: object/removed-volume-type',
    ]);
  });

  test('have a class in a field (CH16-35)', () => {
    const annotations = { 'volume.beta.kubernetes.io/storage-class': 'fast' };
    const claim = { metadata: { name: 'data', annotations }, spec: {} };
    const path = "metadata.annotations['volume.beta.kubernetes.io/storage-class']: object/class-annotation";
    expect(warnings(raw({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claim }))).toEqual([`[app/raw] ${path}`]);
    expect(warnings(raw(pods('StatefulSet', { volumeClaimTemplates: [claim] }, {})))).toEqual([
      `[app/raw] spec.volumeClaimTemplates[0].${path}`,
    ]);
  });

  test('are directories of the node for agents only (CH16-02, CH16-06, SYS-16-01, SYS-16-03)', () => {
    const volumes = [{ name: 'a', hostPath: { path: '/home/webcontent' } }];
    expect(warnings(raw(pods('Deployment', { replicas: 3 }, { volumes })))).toEqual([
      '[app/raw] spec.template.spec.volumes[0].hostPath.path: object/host-path',
    ]);
    expect(warnings(raw(pods('DaemonSet', {}, { volumes })))).toEqual([]);
    // one finding where Pod Security refuses them anyway
    const restricted = (chart: Chart): void => {
      new ExistingNamespace(chart, 'ns', { name: 'shop', defaultDeny: true, podSecurity: 'baseline' });
    };
    expect(problems(restricted, raw(pods('Deployment', {}, { volumes })))).toEqual([
      '[app/raw] namespace/pod-security',
    ]);
  });

  test.each([
    ['kubernetes.io/aws-ebs', ['[app/raw] provisioner: object/old-volume-type'], []],
    ['kubernetes.io/scaleio', [], ['[app/raw] provisioner: object/removed-volume-type']],
    ['ebs.csi.aws.com', [], []],
  ])('of a class with the provisioner %s', (provisioner, warned, refused) => {
    const manifest = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'raw' }, provisioner };
    expect([warnings(raw(manifest)), problems(raw(manifest))]).toEqual([warned, refused]);
  });

  test('have classes whose parameters are texts (CH16-15, SYS-16-08)', () => {
    const manifest = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'nfs' },
      provisioner: 'cluster.local/nfs-client-provisioner',
      parameters: { archiveOnDelete: true },
    };
    expect(problems(raw(manifest))).toEqual(["[app/raw] parameters['archiveOnDelete']: object/text"]);
  });
});

describe('a claim for one node in pods of others', () => {
  test.each([
    ['Deployment', { replicas: 3 }],
    ['ReplicaSet', { replicas: 2 }],
    ['DaemonSet', {}],
  ])('is not for several of a %s (CH16-13, S000-20)', (kind, spec) => {
    const manifest = mounting(kind, spec, OF_CLAIM);
    expect(problems(claimOf(AccessMode.READ_WRITE_ONCE), raw(manifest))).toEqual(['[app/raw] workload/shared-claim']);
    expect(problems(claimOf(AccessMode.READ_WRITE_MANY), raw(manifest))).toEqual([]);
  });

  test('is not for as many as an autoscaler may start', () => {
    const scaled = (chart: Chart): void => {
      new ApiObject(chart, 'hpa', {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'raw' },
        spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'raw' }, maxReplicas: 3 },
      });
    };
    expect(
      problems(claimOf(AccessMode.READ_WRITE_ONCE), raw(mounting('Deployment', RECREATE, OF_CLAIM)), scaled),
    ).toEqual(['[app/raw] workload/shared-claim']);
  });

  test('is free before the next pod starts', () => {
    const once = claimOf(AccessMode.READ_WRITE_ONCE);
    expect(warnings(once, raw(mounting('Deployment', { replicas: 1 }, OF_CLAIM)))).toEqual([
      '[app/raw] storage/rolling-claim',
    ]);
    expect(warnings(once, raw(mounting('Deployment', RECREATE, OF_CLAIM)))).toEqual([]);
    expect(warnings(once, raw(mounting('StatefulSet', { replicas: 1 }, OF_CLAIM)))).toEqual([]);
  });

  test('is one claim, however many volumes of a pod name it', () => {
    const twice = (kind: string, spec: Manifest): Manifest =>
      pods(kind, spec, {
        volumes: ['a', 'b'].map((name) => ({ name, ...OF_CLAIM })),
        containers: [
          {
            name: 'main',
            image: 'docker.io/acme/app:1.4.2',
            volumeMounts: ['a', 'b'].map((name) => ({ name, mountPath: `/${name}` })),
          },
        ],
      });
    expect(warnings(claimOf(AccessMode.READ_WRITE_MANY), raw(twice('Deployment', RECREATE)))).toEqual([]);
    const once = claimOf(AccessMode.READ_WRITE_ONCE);
    expect(warnings(once, raw(twice('Deployment', {})))).toEqual(['[app/raw] storage/rolling-claim']);
    expect(problems(once, raw(twice('Deployment', { replicas: 2 })))).toEqual(['[app/raw] workload/shared-claim']);
  });

  test('is not written by a workload of ours as well', () => {
    const both = warnings(claimOf(AccessMode.READ_WRITE_MANY), raw(mounting('StatefulSet', {}, OF_CLAIM)), (chart) => {
      new WebService(chart, 'web', WEB).mount('/data', chart.node.findChild('claim') as VolumeClaim);
    });
    expect(both).toEqual(['[app/raw] storage/two-writers']);
  });
});

describe('a database', () => {
  const postgres: Partial<WebServiceProps> = { image: 'docker.io/library/postgres:17.2', replicas: 1 };
  const ours = (props: Partial<WebServiceProps>, accessMode?: AccessMode) => (chart: Chart) => {
    const web = new WebService(chart, 'db', { ...WEB, ...postgres, ...props });
    if (accessMode === undefined) return;
    claimOf(accessMode)(chart);
    web.mount('/var/lib/postgresql', chart.node.findChild('claim') as VolumeClaim);
  };

  test('has a claim (S002-45)', () => {
    expect(warnings(ours({}))).toEqual(['[app/db] storage/database-without-claim']);
    expect(warnings(ours({ rollout: Rollout.recreate() }, AccessMode.READ_WRITE_ONCE))).toEqual([]);
    const mysql = 'mysql:8.4.3';
    expect(warnings(raw(mounting('Deployment', RECREATE, { emptyDir: {} }, mysql)))).toEqual([
      '[app/raw] storage/database-without-claim',
    ]);
    for (const volume of [{ nfs: { server: 'a', path: '/a' } }, OF_CLAIM]) {
      expect(warnings(raw(mounting('Deployment', RECREATE, volume, mysql)))).toEqual([]);
    }
    const templates = { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] };
    expect(warnings(raw(mounting('StatefulSet', templates, OF_CLAIM, 'mongo:8.0.3')))).toEqual([]);
  });

  test('on a disk of its node keeps its data there', () => {
    const on = (volume: Manifest): string[] => warnings(raw(mounting('DaemonSet', {}, volume, 'mysql:8.4.3')));
    expect(on({ hostPath: { path: '/mnt/data' } })).toEqual([]);
    expect(on({ configMap: { name: 'a' } })).toEqual(['[app/raw] storage/database-without-claim']);
  });

  test('runs one pod at a time on a claim (CH16-25, S52)', () => {
    const many = AccessMode.READ_WRITE_MANY;
    expect(problems(ours({}, many))).toEqual(['[app/db] rollout: storage/database-rolls']);
    expect(problems(ours({ replicas: 2 }, many))).toEqual(['[app/db] rollout: storage/database-rolls']);
    expect(problems(ours({ rollout: Rollout.recreate() }, many))).toEqual([]);
    // its own finding
    expect(problems(ours({}, AccessMode.READ_WRITE_ONCE))).toEqual(['[app/db] mount.storage: workload/shared-claim']);
    const others = (spec: Manifest): string[] => problems(raw(mounting('Deployment', spec, OF_CLAIM, 'mysql:8.4.3')));
    expect([others({}), others(RECREATE)]).toEqual([['[app/raw] storage/database-rolls'], []]);
  });

  test('is none in a run, or with the command of a client', () => {
    const image = 'docker.io/library/postgres:17.2';
    expect(
      warnings(
        (chart) => new Job(chart, 'dump', { image, command: ['pg_dump'] }),
        (chart) => new Worker(chart, 'tail', { image, command: ['pg_recvlogical'], liveness: Probe.none() }),
        (chart) => new Worker(chart, 'ask', { image, args: ['psql', '-f', '/a.sql'], liveness: Probe.none() }),
        raw(pods('Deployment', {}, { containers: [{ name: 'main', image, args: ['sleep', 'infinity'] }] })),
      ),
    ).toEqual([]);
  });

  test.each([
    ['postgres:17.2', true],
    ['docker.io/library/postgres@sha256:abc', true],
    ['docker.io/bitnami/postgresql:17', true],
    ['registry.example.com:5000/mirror/mongo:8', true],
    ['mcr.microsoft.com/mssql/server:2022', true],
    ['mysql', true],
    ['docker.io/confluentinc/cp-zookeeper:7.9.0', true],
    ['docker.io/percona/percona-server:8.4', true],
    ['docker.io/library/percona:8.0', true],
    ['docker.io/library/redis:7.2', false],
    ['ghcr.io/acme/postgres-exporter:0.15', false],
    ['ghcr.io/acme/mongo-express:1', false],
    ['docker.io/percona/percona-toolkit:3.7', false],
    ['ghcr.io/mysql/acme:1', false],
  ])('is known by its image: %s is one: %s', (image, isOne) => {
    expect(isDatabaseImage(image)).toBe(isOne);
  });

  test('runs where the command is that of a server', () => {
    expect(runsServer('mongo:8', ['mongod', '--replSet', 'rs0'])).toBe(true);
    expect(runsServer('postgres:17', ['/usr/lib/postgresql/17/bin/postgres'])).toBe(true);
    expect(runsServer('postgres:17', [])).toBe(true);
    expect(runsServer('postgres:17', ['sh', '-c', 'psql'])).toBe(false);
    expect(runsServer('postgres:17', undefined, ['-c', 'max_connections=20'])).toBe(true);
    expect(runsServer('minio:2', undefined, ['server', '/data'])).toBe(true);
    expect(runsServer('mysql:8', undefined, ['mysqld', '--skip-networking'])).toBe(true);
    expect(runsServer('mongo:8', undefined, ['mongos', '--configdb', 'a'])).toBe(false);
    expect(runsServer('postgres:17', undefined, ['/usr/bin/pg_isready'])).toBe(false);
  });
});
