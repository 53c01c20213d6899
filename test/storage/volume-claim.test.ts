import { ApiObject, App, type Chart, Size } from 'cdk8s';
import {
  AccessMode,
  ClaimSource,
  ClusterProfile,
  Rollout,
  StaticVolume,
  type StaticVolumeProps,
  TenantNamespace,
  VolumeBackend,
  VolumeClaim,
  type VolumeClaimProps,
  VolumeSnapshot,
  WebService,
  Worker,
  Probe,
  Quota,
  Cpu,
} from '../../src';
import { newChart, only, problemsOf, refusedBy, synth, untyped, warningsOf, WEB } from '../support';

const { READ_WRITE_ONCE, READ_WRITE_MANY } = AccessMode;
const ONCE = { size: Size.gibibytes(5), accessMode: READ_WRITE_ONCE };
const MANY = { size: Size.gibibytes(5), accessMode: READ_WRITE_MANY };
const NFS = VolumeBackend.nfs({ server: '172.17.0.2', path: '/tmp' });
const FILES: StaticVolumeProps = { backend: NFS, capacity: Size.gibibytes(5), labels: { tier: 'silver' } };

const claimOf = (props: Partial<VolumeClaimProps> = {}): object =>
  only(
    synth((chart) => new VolumeClaim(chart, 'claim', { ...ONCE, ...props })),
    'PersistentVolumeClaim',
  ).spec as object;
const claimProblems = (props: Record<string, unknown>): string[] =>
  problemsOf((chart) => new VolumeClaim(chart, 'claim', untyped({ ...ONCE, ...props }))).map((problem) =>
    problem.replace('[app/claim] ', ''),
  );
const volumeOf = (props: Partial<StaticVolumeProps> = {}): object =>
  only(
    synth((chart) => new StaticVolume(chart, 'files', { ...FILES, ...props })),
    'PersistentVolume',
  );
const volumeProblems = (props: Record<string, unknown>): string[] =>
  problemsOf((chart) => new StaticVolume(chart, 'files', untyped({ ...FILES, ...props }))).map((problem) =>
    problem.replace('[app/files] ', ''),
  );

describe('a VolumeClaim', () => {
  test('states size and access mode, and leaves the class to the cluster (CH16-09)', () => {
    expect(claimOf()).toEqual({ accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } } });
  });

  test('has the fields that it states', () => {
    const [claim] = synth((chart) => {
      new ClusterProfile({ version: '1.34' }).assignTo(chart);
      new VolumeClaim(chart, 'claim', {
        ...ONCE,
        name: 'pages',
        storageClassName: 'fast',
        volumeAttributesClassName: 'gold',
        from: ClaimSource.snapshot('before'),
        labels: { team: 'shop' },
        annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false' },
      });
    });
    expect(claim).toMatchObject({
      metadata: {
        name: 'pages',
        namespace: 'shop',
        labels: { team: 'shop' },
        annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false' },
      },
      spec: {
        storageClassName: 'fast',
        volumeAttributesClassName: 'gold',
        dataSource: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'before' },
      },
    });
    expect(claimOf({ from: ClaimSource.claim('other') })).toMatchObject({
      dataSource: { kind: 'PersistentVolumeClaim', name: 'other' },
    });
  });

  test('is mounted by a workload (CH16-07, CH16-12, SYS-16-07)', () => {
    const { spec } = only(
      synth((chart) => {
        const claim = new VolumeClaim(chart, 'pages', ONCE);
        const web = new WebService(chart, 'web', { ...WEB, replicas: 1, rollout: Rollout.recreate() });
        web.mount('/var/lib/wiki', claim);
        web.mount('/backup', claim, { readOnly: true });
      }),
      'Deployment',
    ).spec.template;
    expect(spec.volumes).toContainEqual({ name: 'app-pages', persistentVolumeClaim: { claimName: 'app-pages' } });
    expect(spec.containers[0].volumeMounts).toContainEqual({ name: 'app-pages', mountPath: '/var/lib/wiki' });
    expect(spec.containers[0].volumeMounts).toContainEqual({ name: 'app-pages', mountPath: '/backup', readOnly: true });
  });

  test('for one node is not for several pods (CH16-13)', () => {
    const mounted = (accessMode: AccessMode, replicas: number, rollout: Rollout): string[] =>
      problemsOf((chart) => {
        new WebService(chart, 'web', { ...WEB, replicas, rollout }).mount(
          '/data',
          new VolumeClaim(chart, 'claim', { ...ONCE, accessMode }),
        );
      });
    const rolling = Rollout.rolling();
    expect(mounted(READ_WRITE_ONCE, 1, Rollout.recreate())).toEqual([]);
    expect(mounted(READ_WRITE_ONCE, 1, rolling)).toEqual(['[app/web] mount.storage: workload/shared-claim']);
    expect(mounted(READ_WRITE_ONCE, 3, rolling)).toEqual(['[app/web] mount.storage: workload/shared-claim']);
    expect(mounted(READ_WRITE_MANY, 3, rolling)).toEqual([]);
    expect(mounted(AccessMode.READ_WRITE_ONCE_POD, 1, rolling)).toEqual([
      '[app/web] mount.storage: workload/shared-claim',
    ]);
  });

  test('of another namespace cannot be mounted', () => {
    const app = new App();
    const claim = new VolumeClaim(newChart('other', 'b', app), 'claim', MANY);
    new WebService(newChart('shop', 'a', app), 'web', WEB).mount('/data', claim);
    expect(refusedBy(() => app.synthYaml(), app)).toEqual(['[a/web] mount.storage: reference/other-namespace']);
  });

  test('counts in the quota of its namespace', () => {
    const problems = problemsOf((chart) => {
      new TenantNamespace(chart, 'tenant', {
        name: 'shop',
        owner: 'a@example.com',
        team: 'shop',
        purpose: 'shop',
        quota: Quota.of({ cpu: Cpu.units(1), memory: Size.gibibytes(1), storage: Size.gibibytes(4) }),
      });
      new VolumeClaim(chart, 'claim', ONCE);
    });
    expect(problems).toEqual(['[app/tenant] quota.storage: namespace/quota']);
  });

  test.each([
    [{ size: undefined }, 'size: props/required'],
    [{ size: '5Gi' }, 'size: props/value'],
    [{ accessMode: undefined }, 'accessMode: props/required'],
    [{ accessMode: 'RWX' }, 'accessMode: props/value'],
    [{ storageClassName: 'Fast' }, 'storageClassName: props/value'],
    [{ volumeAttributesClassName: 'gold' }, 'volumeAttributesClassName: cluster/version'],
    [{ selector: {} }, 'selector: props/empty-list'],
    [{ selector: { tier: 1 } }, "selector['tier']: props/value"],
    [{ volume: 'files' }, 'volume: props/value'],
    [{ from: 'snapshot' }, 'from: props/value'],
    [{ from: ClaimSource.claim('A') }, 'from.name: app/object-name'],
    [{ from: ClaimSource.claim('a'), selector: { tier: 'a' } }, 'selector: props/conflict'],
    [{ labels: { a: 1 } }, "labels['a']: props/value"],
    [{ accessModes: ['ReadWriteOnce'] }, 'accessModes: props/unknown'],
  ])('refuses %j (CH16-09)', (props, problem) => {
    expect(claimProblems(props)).toEqual([problem]);
  });

  test('is at least as large as its source (S003-89)', () => {
    const copy = (size: number): string[] =>
      problemsOf((chart) => {
        const pages = new VolumeClaim(chart, 'pages', ONCE);
        const before = new VolumeSnapshot(chart, 'before', { claimName: pages.name });
        for (const [id, from] of [
          ['clone', ClaimSource.claim(pages.name)],
          ['restored', ClaimSource.snapshot(before.name)],
          ['other', ClaimSource.snapshot('of-another-app')],
        ] as const) {
          new VolumeClaim(chart, id, { ...ONCE, size: Size.gibibytes(size), from });
        }
      });
    expect(copy(5)).toEqual([]);
    expect(copy(4)).toEqual(['[app/clone] size: storage/claim-source', '[app/restored] size: storage/claim-source']);
  });
});

describe('a StaticVolume', () => {
  test('of NFS is retained, and mounted robustly (CH16-08, CH16-16, SYS-16-05)', () => {
    expect(volumeOf({ name: 'pv001', storageClassName: 'nfs' })).toMatchObject({
      apiVersion: 'v1',
      metadata: { name: 'pv001', labels: { tier: 'silver' } },
      spec: {
        capacity: { storage: '5Gi' },
        accessModes: ['ReadWriteMany'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: 'nfs',
        mountOptions: ['hard', 'nfsvers=4.1'],
        nfs: { server: '172.17.0.2', path: '/tmp' },
      },
    });
    expect(volumeOf()).not.toHaveProperty('metadata.namespace');
    expect(volumeOf({ mountOptions: ['soft'] })).toHaveProperty('spec.mountOptions', ['soft']);
  });

  test('of a local disk is for pods of its node (CH16-49)', () => {
    expect(volumeOf({ backend: VolumeBackend.localDisk({ path: '/mnt/disks/a', node: 'node-1' }) })).toMatchObject({
      spec: {
        accessModes: ['ReadWriteOnce'],
        local: { path: '/mnt/disks/a' },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-1'] }] },
            ],
          },
        },
      },
    });
  });

  test('of a CSI driver can be of a zone (CH16-19, CH16-20)', () => {
    const backend = VolumeBackend.csi({
      driver: 'ebs.csi.aws.com',
      handle: 'vol-0a1b2c3d',
      attributes: { partition: '1' },
      zones: ['eu-1a'],
    });
    expect(volumeOf({ backend })).toMatchObject({
      spec: {
        csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-0a1b2c3d', volumeAttributes: { partition: '1' } },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['eu-1a'] }] },
            ],
          },
        },
      },
    });
  });

  test.each([
    [{ backend: undefined }, 'backend: props/required'],
    [{ backend: 'nfs' }, 'backend: props/value'],
    [{ backend: VolumeBackend.nfs({ server: 'a b', path: '/a' }) }, 'backend.server: props/value'],
    [{ backend: VolumeBackend.nfs({ server: 'a', path: 'a' }) }, 'backend.path: props/value'],
    [{ backend: VolumeBackend.localDisk(untyped({ path: '/a' })) }, 'backend.node: props/required'],
    [{ backend: VolumeBackend.csi(untyped({ driver: 'a' })) }, 'backend.handle: props/required'],
    [{ capacity: undefined }, 'capacity: props/required'],
    [{ accessModes: [] }, 'accessModes: props/empty-list'],
    [{ accessModes: ['RWX'] }, 'accessModes[0]: props/value'],
    [{ accessModes: [AccessMode.READ_WRITE_ONCE_POD, READ_WRITE_ONCE] }, 'accessModes: props/conflict'],
    [{ storageClassName: 'A' }, 'storageClassName: props/value'],
    [{ mountOptions: [''] }, 'mountOptions[0]: props/value'],
    [
      {
        backend: VolumeBackend.csi({ driver: 'ebs.csi.aws.com', handle: 'a' }),
        accessModes: [READ_WRITE_MANY],
      },
      'accessModes: storage/access-mode',
    ],
    [{ persistentVolumeReclaimPolicy: 'Recycle' }, 'persistentVolumeReclaimPolicy: props/unknown'],
  ])('refuses %j', (props, problem) => {
    expect(volumeProblems(props)).toEqual([problem]);
  });
});

describe('a claim of a static volume', () => {
  const withVolume =
    (volume: Partial<StaticVolumeProps>, claim: Partial<VolumeClaimProps>) =>
    (chart: Chart): void => {
      new StaticVolume(chart, 'files', { ...FILES, ...volume });
      new VolumeClaim(chart, 'claim', { ...MANY, selector: { tier: 'silver' }, ...claim });
    };

  test('selects it by class and label (CH16-10, SYS-16-06)', () => {
    const claim = only(
      synth(withVolume({ storageClassName: 'nfs' }, { storageClassName: 'nfs' })),
      'PersistentVolumeClaim',
    );
    expect(claim.spec).toMatchObject({ storageClassName: 'nfs', selector: { matchLabels: { tier: 'silver' } } });
    // else the API server would set the default class
    expect(only(synth(withVolume({}, {})), 'PersistentVolumeClaim').spec).toMatchObject({ storageClassName: '' });
  });

  test.each([
    [{}, {}, []],
    [{ storageClassName: 'nfs' }, {}, ['storageClassName']],
    [{}, { storageClassName: 'nfs' }, ['storageClassName']],
    [{ storageClassName: 'nfs' }, { storageClassName: 'nfs' }, []],
    [{ capacity: Size.gibibytes(4) }, {}, ['size']],
    [{ capacity: Size.gibibytes(6) }, {}, []],
    [{ accessModes: [READ_WRITE_ONCE] }, {}, ['accessMode']],
  ])('with %j agrees with a claim with %j (CH16-11)', (volume, claim, props) => {
    expect(problemsOf(withVolume(volume, claim))).toEqual(
      props.map((prop) => `[app/claim] ${prop}: storage/volume-mismatch`),
    );
  });

  test('is warned of where nothing matches (CH16-11)', () => {
    expect(warningsOf(withVolume({ labels: { tier: 'gold' } }, {}))).toEqual([
      '[app/claim] selector: storage/unmatched-selector',
    ]);
    expect(warningsOf((chart) => new VolumeClaim(chart, 'claim', { ...MANY, selector: { tier: 'a' } }))).toEqual([]);
  });

  test('may select a volume that no block wrote', () => {
    const beside =
      (tier: string) =>
      (chart: Chart): void => {
        withVolume({ labels: { tier: 'gold' } }, { selector: { tier: 'silver' } })(chart);
        new ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { labels: { tier } } });
      };
    expect(warningsOf(beside('silver'))).toEqual([]);
    expect(warningsOf(beside('bronze'))).toEqual(['[app/claim] selector: storage/unmatched-selector']);
  });

  test('names it', () => {
    const { spec } = only(
      synth((chart) => {
        const volume = new StaticVolume(chart, 'files', { ...FILES, storageClassName: 'nfs' });
        new VolumeClaim(chart, 'claim', { ...MANY, volume });
      }),
      'PersistentVolumeClaim',
    );
    expect(spec).toMatchObject({ volumeName: 'app-files', storageClassName: 'nfs' });
  });

  test('does not share it with another claim', () => {
    const two = (count: number, byName: boolean) => (chart: Chart) => {
      const volumes = Array.from({ length: count }, (_, index) => new StaticVolume(chart, `files-${index}`, FILES));
      const target = byName ? { volume: volumes[0] } : { selector: { tier: 'silver' } };
      for (const id of ['a', 'b']) new VolumeClaim(chart, id, { ...MANY, ...target });
    };
    expect(problemsOf(two(1, true))).toEqual(['[app/b] volume: storage/volume-taken']);
    expect(problemsOf(two(1, false))).toEqual(['[app/b] selector: storage/volume-taken']);
    expect(problemsOf(two(2, false))).toEqual([]);
  });

  test('is on the cluster of the volume', () => {
    const app = new App();
    const chartOf = (name: string): Chart => {
      const chart = newChart('shop', name, app);
      new ClusterProfile({ name }).assignTo(chart);
      return chart;
    };
    const volume = new StaticVolume(chartOf('east'), 'files', FILES);
    new VolumeClaim(chartOf('west'), 'claim', { ...MANY, volume });
    expect(refusedBy(() => app.synthYaml(), app)).toEqual(['[west/claim] volume: reference/other-cluster']);
  });

  test('keeps its pods where it is (CH16-20)', () => {
    const spread = (volume: Partial<StaticVolumeProps>, kind: 'hard' | 'hosts' | 'soft'): string[] =>
      problemsOf((chart) => {
        withVolume({ accessModes: [READ_WRITE_MANY], ...volume }, {})(chart);
        const claim = chart.node.findChild('claim') as VolumeClaim;
        new WebService(chart, 'web', { ...WEB, spread: kind }).mount('/data', claim);
      });
    const node = { backend: VolumeBackend.localDisk({ path: '/a', node: 'node-1' }) };
    const zone = (...zones: string[]): Partial<StaticVolumeProps> => ({
      backend: VolumeBackend.csi({ driver: 'files.example.com', handle: 'a', zones }),
    });
    const refused = ['[app/web] spread: storage/volume-place'];
    expect([spread(node, 'hosts'), spread(node, 'hard'), spread(zone('a'), 'hard')]).toEqual([
      refused,
      refused,
      refused,
    ]);
    expect([
      spread(node, 'soft'),
      spread({}, 'hard'),
      spread(zone('a'), 'hosts'),
      spread(zone('a', 'b'), 'hard'),
    ]).toEqual([[], [], [], []]);
  });
});

describe('a claim of two workloads', () => {
  const two = (accessMode: AccessMode, readOnly: boolean) => (chart: Chart) => {
    const claim = new VolumeClaim(chart, 'claim', { ...ONCE, accessMode });
    const worker = { image: WEB.image, liveness: Probe.none(), replicas: 1, rollout: Rollout.recreate() };
    new Worker(chart, 'a', worker).mount('/data', claim);
    new Worker(chart, 'b', worker).mount('/data', claim, { readOnly });
  };
  const sharing = (build: (chart: Chart) => void): string[] =>
    warningsOf(build).filter((warning) => warning.includes('storage/'));

  test('is written by one of them (S000-29)', () => {
    expect(sharing(two(READ_WRITE_MANY, true))).toEqual([]);
    expect(sharing(two(READ_WRITE_MANY, false))).toEqual(['[app/b] storage/two-writers']);
  });

  test('is written by two in directories of their own, or read by both', () => {
    const below =
      (...paths: Array<string | undefined>) =>
      (chart: Chart) => {
        const claim = new VolumeClaim(chart, 'claim', MANY);
        paths.forEach((subPath, index) => new WebService(chart, `w${index}`, WEB).mount('/data', claim, { subPath }));
      };
    expect(sharing(below('a', 'b', 'ab'))).toEqual([]);
    expect(sharing(below('a', 'a/b'))).toEqual(['[app/w1] storage/two-writers']);
    expect(sharing(below('a', 'b', undefined))).toEqual(['[app/w2] storage/two-writers']);
    const readers = (chart: Chart): void => {
      const claim = new VolumeClaim(chart, 'claim', { ...ONCE, accessMode: AccessMode.READ_ONLY_MANY });
      for (const id of ['a', 'b']) new WebService(chart, id, WEB).mount('/data', claim);
    };
    expect(sharing(readers)).toEqual([]);
  });

  test('for one node ties both to it', () => {
    expect(sharing(two(READ_WRITE_ONCE, true))).toEqual(['[app/b] storage/two-writers']);
    expect(problemsOf(two(AccessMode.READ_WRITE_ONCE_POD, true))).toEqual([
      '[app/b] mount.storage: workload/shared-claim',
    ]);
  });
});
