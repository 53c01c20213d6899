import { ApiObject, App, type Chart, Size } from 'cdk8s';
import {
  AccessMode,
  ClaimSource,
  ClusterProfile,
  ClusterRequirements,
  type ClusterStorage,
  Probe,
  Redis,
  SecretRef,
  StatefulService,
  StaticVolume,
  StorageClass,
  type StorageClassProps,
  VersionedConfigMap,
  VolumeBackend,
  VolumeClaim,
  VolumeSnapshot,
  VolumeSnapshotClass,
} from '../../src';
import { newChart, only, problemsOf, refusedBy, synth, untyped, warningsIn, warningsOf } from '../support';

const EBS = { provisioner: 'ebs.csi.aws.com' };
const CLAIM = { size: Size.gibibytes(1), accessMode: AccessMode.READ_WRITE_ONCE };
const REDIS = { password: { secret: SecretRef.named('a'), key: 'b' }, storage: Size.gibibytes(10) };

const classOf = (props: Partial<StorageClassProps> = {}): object =>
  only(
    synth((chart) => new StorageClass(chart, 'fast', { ...EBS, ...props })),
    'StorageClass',
  );
const classProblems = (props: Record<string, unknown>): string[] =>
  problemsOf((chart) => new StorageClass(chart, 'fast', untyped({ ...EBS, ...props }))).map((problem) =>
    problem.replace('[app/fast] ', ''),
  );

/** The chart of a cluster with this storage. */
function stored(storage: ClusterStorage, build: (chart: Chart) => void): (chart: Chart) => void {
  return (chart) => {
    new ClusterProfile(untyped({ storage })).assignTo(chart);
    build(chart);
  };
}

describe('a StorageClass', () => {
  test('binds late, grows and retains unless it says otherwise (CH16-08, CH16-14, CH16-20, CH16-24)', () => {
    expect(classOf()).toMatchObject({
      apiVersion: 'storage.k8s.io/v1',
      metadata: { name: 'app-fast' },
      provisioner: 'ebs.csi.aws.com',
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
    });
    expect(classOf()).not.toHaveProperty('metadata.namespace');
    expect(classOf()).not.toHaveProperty('metadata.annotations');
  });

  test('has the fields that it states (CH16-15, CH16-16, CH16-17)', () => {
    expect(
      classOf({
        name: 'nfs',
        provisioner: 'nfs.csi.k8s.io',
        parameters: { server: 'nfs.example.com', archiveOnDelete: 'true' },
        reclaim: 'Delete',
        volumeBindingMode: 'Immediate',
        allowVolumeExpansion: false,
        mountOptions: ['hard', 'nfsvers=4.1'],
        allowedTopologies: { 'topology.kubernetes.io/zone': ['a', 'b'] },
        defaultClass: true,
      }),
    ).toMatchObject({
      metadata: { name: 'nfs', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      parameters: { server: 'nfs.example.com', archiveOnDelete: 'true' },
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
      allowVolumeExpansion: false,
      mountOptions: ['hard', 'nfsvers=4.1'],
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'topology.kubernetes.io/zone', values: ['a', 'b'] }] }],
    });
  });

  test('without a provisioner does not promise to grow', () => {
    expect(classOf({ provisioner: 'kubernetes.io/no-provisioner' })).toMatchObject({ allowVolumeExpansion: false });
    expect(classProblems({ provisioner: 'kubernetes.io/no-provisioner', allowVolumeExpansion: true })).toEqual([
      'allowVolumeExpansion: props/conflict',
    ]);
    expect(classProblems({ provisioner: 'kubernetes.io/no-provisioner', reclaim: 'Delete' })).toEqual([
      'reclaim: props/conflict',
    ]);
  });

  test.each([
    [{ provisioner: undefined }, 'provisioner: props/required'],
    [{ provisioner: 'EBS!' }, 'provisioner: props/value'],
    [{ provisioner: 'kubernetes.io/aws-ebs' }, 'provisioner: props/value'],
    [{ provisioner: 'kubernetes.io/glusterfs' }, 'provisioner: props/value'],
    [{ parameters: { archiveOnDelete: true } }, "parameters['archiveOnDelete']: props/value"],
    [{ parameters: { adminPassword: 'hunter2' } }, "parameters['adminPassword']: secret/literal-password"],
    [{ reclaim: 'Recycle' }, 'reclaim: props/value'],
    [{ volumeBindingMode: 'Late' }, 'volumeBindingMode: props/value'],
    [{ mountOptions: 'hard' }, 'mountOptions: props/value'],
    [{ allowedTopologies: { zone: 'a' } }, "allowedTopologies['zone']: props/value"],
    [{ allowedTopologies: { zone: [] } }, 'allowedTopologies: props/empty-list'],
    [{ allowedTopologies: { zone: ['a', 'a'] } }, 'allowedTopologies: props/duplicate'],
    [{ storageClassName: 'a' }, 'storageClassName: props/unknown'],
  ])('refuses %j (CH16-19)', (props, problem) => {
    expect(classProblems(props)).toEqual([problem]);
  });

  test('names a Secret of a driver', () => {
    expect(classProblems({ parameters: { 'csi.storage.k8s.io/provisioner-secret-name': 'ceph-token' } })).toEqual([]);
  });
});

describe('the default class', () => {
  const both = (chart: Chart): void => {
    for (const id of ['a', 'b']) new StorageClass(chart, id, { ...EBS, defaultClass: true });
  };

  test('is one of a cluster (CH16-17, SYS-16-09)', () => {
    expect(problemsOf(both)).toEqual(['[app/b] defaultClass: storage/two-defaults']);
    const app = new App();
    for (const name of ['east', 'west']) {
      const chart = newChart('shop', name, app);
      new ClusterProfile({ name }).assignTo(chart);
      new StorageClass(chart, 'disk', { ...EBS, name: 'disk', defaultClass: true });
    }
    expect(refusedBy(() => app.synthYaml(), app)).toEqual([]);
  });

  test('of others and of the profile counts as well', () => {
    const foreign = (chart: Chart): void => {
      new StorageClass(chart, 'a', { ...EBS, defaultClass: true });
      new ApiObject(chart, 'b', {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'b', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
        provisioner: 'ebs.csi.aws.com',
      });
    };
    expect(problemsOf(foreign)).toEqual([
      "[app/b] metadata.annotations['storageclass.kubernetes.io/is-default-class']: storage/two-defaults",
    ]);
    const stated = stored(
      { defaultClass: 'gp3' },
      (chart) => new StorageClass(chart, 'a', { ...EBS, defaultClass: true }),
    );
    expect(problemsOf(stated)).toEqual(['[app/a] defaultClass: storage/two-defaults']);
  });
});

describe('the classes of a cluster', () => {
  const classes = [{ name: 'gp3', provisioner: 'ebs.csi.aws.com' }, { name: 'efs' }];

  test('are those that claims may name, with those of the app (CH16-10)', () => {
    const claims = (chart: Chart): void => {
      new StorageClass(chart, 'own', { ...EBS, name: 'own' });
      for (const storageClassName of ['gp3', 'own', 'gp4']) {
        new VolumeClaim(chart, `of-${storageClassName}`, { ...CLAIM, storageClassName });
      }
      new Redis(chart, 'redis', { ...REDIS, storageClassName: 'slow' });
    };
    expect(problemsOf(stored({ classes }, claims))).toEqual([
      '[app/of-gp4] storageClassName: storage/unknown-class',
      '[app/redis] storageClassName: storage/unknown-class',
    ]);
    expect(problemsOf(stored({}, claims))).toEqual([]);
    expect(problemsOf(claims)).toEqual([]);
  });

  test('have a default for claims that name none', () => {
    const claim = (chart: Chart): VolumeClaim => new VolumeClaim(chart, 'claim', CLAIM);
    expect(problemsOf(stored({ classes }, claim))).toEqual(['[app/claim] storageClassName: storage/unknown-class']);
    expect(problemsOf(stored({ classes, defaultClass: 'gp3' }, claim))).toEqual([]);
    const own = stored({ classes }, (chart) => {
      new StorageClass(chart, 'own', { ...EBS, defaultClass: true });
      claim(chart);
    });
    expect(problemsOf(own)).toEqual([]);
  });

  test('are the ones that others may name', () => {
    const raw = (chart: Chart): void => {
      new VolumeClaim(chart, 'claim', { ...CLAIM, storageClassName: 'gp3' });
      new ApiObject(chart, 'pvc', {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'pvc' },
        spec: { storageClassName: 'gp2', accessModes: ['ReadWriteOnce'] },
      });
      new ApiObject(chart, 'set', {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'set' },
        spec: { volumeClaimTemplates: [{ spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'] } }] },
      });
    };
    expect(problemsOf(stored({ classes }, raw))).toEqual([
      '[app/pvc] spec.storageClassName: storage/unknown-class',
      '[app/set] spec.volumeClaimTemplates[0].spec.storageClassName: storage/unknown-class',
    ]);
  });

  test.each([
    [{ classes: [{ name: 'a' }, { name: 'a' }] }, 'storage.classes[1].name: props/conflict'],
    [{ classes: [{}] }, 'storage.classes[0].name: props/required'],
    [{ classes: [{ name: 'a', accessModes: ['Any'] }] }, 'storage.classes[0].accessModes[0]: props/value'],
    [{ classes: [{ name: 'a', provisioner: '-' }] }, 'storage.classes[0].provisioner: props/value'],
    [{ classes: [{ name: 'a', expandable: 1 }] }, 'storage.classes[0].expandable: props/value'],
    [{ classes: [{ name: 'a', reclaim: 'Recycle' }] }, 'storage.classes[0].reclaim: props/value'],
    [{ classes: [{ name: 'a' }], tiers: { gold: 'b' } }, "storage.tiers['gold']: storage/unknown-class"],
    [{ classes: [{ name: 'a' }], defaultClass: 'b' }, 'storage.defaultClass: storage/unknown-class'],
    [{ tiers: { gold: 'B' } }, "storage.tiers['gold']: props/value"],
    [{ tier: {} }, 'storage.tier: props/unknown'],
  ])('refuses %j', (storage, problem) => {
    expect(problemsOf(stored(untyped(storage), () => undefined))).toEqual([`[app] ${problem}`]);
  });
});

describe('a storage tier', () => {
  test('is another class on each cluster (CH16-48)', () => {
    const classOn = (gold: string): unknown =>
      only(
        synth(
          stored({ tiers: { gold } }, (chart) => {
            new VolumeClaim(chart, 'claim', { ...CLAIM, storageTier: 'gold' });
          }),
        ),
        'PersistentVolumeClaim',
      ).spec.storageClassName;
    expect([classOn('io2'), classOn('premium-rwo')]).toEqual(['io2', 'premium-rwo']);
  });

  test('can get its profile after the block, also for a Redis', () => {
    const set = only(
      synth((chart) => {
        new Redis(chart, 'redis', { ...REDIS, storageTier: 'gold' });
        new ClusterProfile({ storage: { tiers: { gold: 'io2' } } }).assignTo(chart);
      }),
      'StatefulSet',
    );
    expect(set.spec.volumeClaimTemplates[0].spec.storageClassName).toBe('io2');
  });

  test('can be that of the claims of a StatefulService', () => {
    const set = only(
      synth((chart) => {
        new StatefulService(chart, 'db', {
          image: 'ghcr.io/acme/db:1.4.2',
          port: 5432,
          readiness: Probe.portOnly(),
          claims: [{ path: '/data', size: Size.gibibytes(1), storageTier: 'gold' }],
        });
        new ClusterProfile({ storage: { tiers: { gold: 'io2' } } }).assignTo(chart);
      }),
      'StatefulSet',
    );
    expect(set.spec.volumeClaimTemplates[0].spec.storageClassName).toBe('io2');
  });

  test('that no profile has is an error, as is one beside a class', () => {
    const claim = (props: object): string[] =>
      problemsOf(
        stored({ tiers: { silver: 'gp3' }, classes: [{ name: 'gp3' }] }, (chart) => {
          new VolumeClaim(chart, 'claim', { ...CLAIM, ...props });
        }),
      );
    expect(claim({ storageTier: 'gold' })).toEqual(['[app/claim] storageTier: storage/unknown-tier']);
    expect(claim({ storageTier: 'silvr' })).toEqual(['[app/claim] storageTier: storage/unknown-tier']);
    expect(claim({ storageTier: 'Gold' })).toEqual(['[app/claim] storageTier: props/value']);
    expect(claim({ storageTier: 'silver', storageClassName: 'gp3' })).toEqual([
      '[app/claim] storageClassName: props/conflict',
    ]);
  });
});

describe('an access mode', () => {
  const many = { ...CLAIM, accessMode: AccessMode.READ_WRITE_MANY };

  test('for several nodes is refused on a disk (S002-46)', () => {
    const ofProfile = stored({ classes: [{ name: 'gp3', ...EBS }] }, (chart) => {
      new VolumeClaim(chart, 'claim', { ...many, storageClassName: 'gp3' });
    });
    expect(problemsOf(ofProfile)).toEqual(['[app/claim] accessMode: storage/access-mode']);
    const ofApp = (chart: Chart): void => {
      const disk = new StorageClass(chart, 'disk', { provisioner: 'rook-ceph.rbd.csi.ceph.com' });
      new VolumeClaim(chart, 'claim', { ...many, storageClassName: disk.name });
    };
    expect(problemsOf(ofApp)).toEqual(['[app/claim] accessMode: storage/access-mode']);
  });

  test('is one that the profile states', () => {
    const modes = (...accessModes: AccessMode[]): string[] =>
      problemsOf(
        stored({ classes: [{ name: 'a', ...EBS, accessModes }], defaultClass: 'a' }, (chart) => {
          new VolumeClaim(chart, 'claim', many);
        }),
      );
    expect(modes(AccessMode.READ_WRITE_MANY)).toEqual([]);
    expect(modes(AccessMode.READ_WRITE_ONCE)).toEqual(['[app/claim] accessMode: storage/access-mode']);
  });
});

describe('the volumes of a store', () => {
  const warnings = (facts: object): string[] =>
    warningsOf(
      stored({ classes: [{ name: 'gp3', ...facts }], defaultClass: 'gp3' }, (chart) => {
        new Redis(chart, 'redis', REDIS);
      }),
    ).filter((warning) => warning.startsWith('[app/redis]'));

  test('are retained and can grow (CH16-24)', () => {
    expect(warnings({})).toEqual([]);
    expect(warnings({ reclaim: 'Retain', expandable: true })).toEqual([]);
    expect(warnings({ reclaim: 'Delete', expandable: false })).toEqual([
      '[app/redis] storage/reclaim-delete',
      '[app/redis] storage/not-expandable',
    ]);
  });
});

test('a disk is not bound before its pod where there are several zones (CH16-20)', () => {
  const warnings = (zones: number): string[] => {
    const chart = newChart();
    new ClusterProfile({ zones }).assignTo(chart);
    new StorageClass(chart, 'disk', { ...EBS, volumeBindingMode: 'Immediate' });
    new StorageClass(chart, 'files', { provisioner: 'efs.csi.aws.com', volumeBindingMode: 'Immediate' });
    return warningsIn(chart);
  };
  expect(warnings(1)).toEqual([]);
  expect(warnings(3)).toEqual(['[app/disk] volumeBindingMode: storage/immediate-binding']);
});

describe('a snapshot', () => {
  test('names a claim and a class (CH16-23, SYS-16-11)', () => {
    const manifests = synth((chart) => {
      const backup = new VolumeSnapshotClass(chart, 'backup', { ...{ driver: 'ebs.csi.aws.com' }, defaultClass: true });
      new VolumeSnapshot(chart, 'before', { claimName: 'data-redis-0', snapshotClassName: backup.name });
      new VolumeSnapshot(chart, 'plain', { claimName: 'data-redis-0' });
    });
    expect(only(manifests, 'VolumeSnapshotClass')).toMatchObject({
      apiVersion: 'snapshot.storage.k8s.io/v1',
      metadata: { annotations: { 'snapshot.storage.kubernetes.io/is-default-class': 'true' } },
      driver: 'ebs.csi.aws.com',
      deletionPolicy: 'Retain',
    });
    expect(only(manifests, 'VolumeSnapshot', 'app-before').spec).toEqual({
      volumeSnapshotClassName: 'app-backup',
      source: { persistentVolumeClaimName: 'data-redis-0' },
    });
    expect(only(manifests, 'VolumeSnapshot', 'app-plain').spec).toEqual({
      source: { persistentVolumeClaimName: 'data-redis-0' },
    });
  });

  test.each([
    [{ driver: 'A' }, 'driver: props/value'],
    [{ deletionPolicy: 'Keep' }, 'deletionPolicy: props/value'],
    [{ parameters: { a: 1 } }, "parameters['a']: props/value"],
    [{ driver: undefined }, 'driver: props/required'],
  ])('of a class with %j is refused', (props, problem) => {
    expect(
      problemsOf((chart) => new VolumeSnapshotClass(chart, 'a', untyped({ driver: 'ebs.csi.aws.com', ...props }))),
    ).toEqual([`[app/a] ${problem}`]);
  });

  test.each([
    [{}, 'claimName: props/required'],
    [{ claimName: 'A' }, 'claimName: props/value'],
    [{ claimName: 'a', snapshotClassName: 'A' }, 'snapshotClassName: props/value'],
  ])('with %j is refused', (props, problem) => {
    expect(problemsOf((chart) => new VolumeSnapshot(chart, 'a', untyped(props)))).toEqual([`[app/a] ${problem}`]);
  });

  test('has the driver of its claim', () => {
    const withDriver = (driver: string) => (chart: Chart) => {
      const disk = new StorageClass(chart, 'disk', EBS);
      const claim = new VolumeClaim(chart, 'claim', { ...CLAIM, storageClassName: disk.name });
      const backup = new VolumeSnapshotClass(chart, 'backup', { driver });
      new VolumeSnapshot(chart, 'copy', { claimName: claim.name, snapshotClassName: backup.name });
    };
    expect(problemsOf(withDriver('ebs.csi.aws.com'))).toEqual([]);
    expect(problemsOf(withDriver('rbd.csi.ceph.com'))).toEqual([
      '[app/copy] snapshotClassName: storage/snapshot-driver',
    ]);
  });

  test('has one default class for a driver', () => {
    const defaults = (chart: Chart): void => {
      for (const driver of ['a', 'a', 'b']) {
        const id = `${driver}${chart.node.children.length}`;
        new VolumeSnapshotClass(chart, id, { driver, defaultClass: true });
      }
    };
    expect(problemsOf(defaults)).toEqual(['[app/a1] storage/two-defaults']);
  });
});

test('the requirements of an app list classes, drivers and the types of snapshots', () => {
  const chart = newChart();
  new StorageClass(chart, 'disk', EBS);
  new StorageClass(chart, 'nfs', { provisioner: 'cluster.local/nfs-client-provisioner' });
  new VolumeClaim(chart, 'claim', { ...CLAIM, storageClassName: 'fast' });
  new VolumeClaim(chart, 'plain', CLAIM);
  new VolumeSnapshot(chart, 'copy', { claimName: 'app-claim', snapshotClassName: 'backup' });
  const needs = ClusterRequirements.of(chart.node.root).requirements.map(({ kind, name }) => `${kind} ${name}`);
  expect(needs.filter((need) => !need.startsWith('Namespace') && !need.startsWith('Kubernetes'))).toEqual([
    'CSIDriver ebs.csi.aws.com',
    'Controller CSI snapshot controller',
    'CustomResourceDefinition volumesnapshots.snapshot.storage.k8s.io',
    'DefaultStorageClass default',
    'StorageClass fast',
    'VolumeSnapshotClass backup',
  ]);
});

describe('a claim on a cluster with known classes', () => {
  const known = (...build: Array<(chart: Chart) => void>): string[] =>
    problemsOf((chart) => {
      new VersionedConfigMap(chart, 'config', { data: { a: 'b' } });
      stored({ classes: [{ name: 'io2', ...EBS }] }, () => undefined)(chart);
      for (const one of build) one(chart);
    });
  const foreignClaim =
    (spec: object, metadata: object = {}) =>
    (chart: Chart) =>
      void new ApiObject(chart, 'raw', {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'raw', ...metadata },
        ...{ spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec } },
      });
  const ours = (chart: Chart): void =>
    void new VolumeClaim(chart, 'claim', { ...CLAIM, accessMode: MANY, storageClassName: 'manual' });
  const MANY = AccessMode.READ_WRITE_MANY;

  test('may have the class of a volume of the app, which need not exist (CH16-11)', () => {
    expect(known(ours)).toEqual(['[app/claim] storageClassName: storage/unknown-class']);
    const backend = VolumeBackend.nfs({ server: 'nfs.example.com', path: '/a' });
    const capacity = Size.gibibytes(1);
    expect(
      known(ours, (chart) => new StaticVolume(chart, 'files', { backend, capacity, storageClassName: 'manual' })),
    ).toEqual([]);
    const volume = (chart: Chart): void =>
      void new ApiObject(chart, 'volume', {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: 'files' },
        ...{ spec: { storageClassName: 'manual', accessModes: [MANY], capacity: { storage: '1Gi' }, nfs: {} } },
      });
    expect(known(ours, volume)).toEqual([]);
    const chart = newChart();
    volume(chart);
    ours(chart);
    const needs = ClusterRequirements.of(chart.node.root).requirements.map(({ kind }) => kind);
    expect(needs).not.toContain('StorageClass');
  });

  test('may name its class in the annotation from before the field', () => {
    const annotated = (name: string) => ({ annotations: { 'volume.beta.kubernetes.io/storage-class': name } });
    expect(known(foreignClaim({}, annotated('io2')))).toEqual([]);
    expect(known(foreignClaim({ storageClassName: 'io2' }, annotated('gp2')))).toEqual([
      "[app/raw] metadata.annotations['volume.beta.kubernetes.io/storage-class']: storage/unknown-class",
    ]);
  });

  test('may ask for a disk without a file system on several nodes', () => {
    const of = (volumeMode: string): string[] =>
      known(foreignClaim({ storageClassName: 'io2', accessModes: [MANY], volumeMode }));
    expect(of('Block')).toEqual([]);
    expect(of('Filesystem')).toEqual(['[app/raw] spec.accessModes: storage/access-mode']);
  });

  test('does not copy itself (S003-89)', () => {
    const copy = (from: string) => (chart: Chart) =>
      void new VolumeClaim(chart, 'claim', {
        ...CLAIM,
        name: 'pages',
        storageClassName: 'io2',
        from: ClaimSource.claim(from),
      });
    expect(known(copy('pages'))).toEqual(['[app/claim] from.name: storage/claim-source']);
    expect(known(copy('others'))).toEqual([]);
  });
});

test('places of volumes are values that a node can have', () => {
  const capacity = Size.gibibytes(1);
  const refused = (backend: VolumeBackend): string[] =>
    problemsOf((chart) => new StaticVolume(chart, 'disk', { backend, capacity }));
  expect(refused(VolumeBackend.localDisk({ path: '/mnt/a', node: '' }))).toEqual([
    '[app/disk] backend.node: props/value',
  ]);
  expect(refused(VolumeBackend.csi({ driver: 'ebs.csi.aws.com', handle: 'vol-1', zones: [''] }))).toHaveLength(1);
  expect(classProblems({ allowedTopologies: { 'topology.kubernetes.io/zone': [''] } })).toHaveLength(1);
});
