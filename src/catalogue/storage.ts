import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

const size = 'size: Size.gibibytes(1)';
const disk = `{ ${size}, accessMode: AccessMode.READ_WRITE_ONCE }`;
const shared = `{ ${size}, accessMode: AccessMode.READ_WRITE_MANY }`;
const nfs = "backend: VolumeBackend.nfs({ server: 'nfs.example.com', path: '/exports/shop' })";
const ebs = "provisioner: 'ebs.csi.aws.com'";
const wiki = "{ ...web, image: 'docker.io/library/postgres:17.2', replicas: 1";

/** Code with a profile that knows the classes of the cluster. */
function withClass(facts: string, code: string): string {
  return (
    `new ClusterProfile({ storage: { defaultClass: 'gp3', classes: [{ name: 'gp3'${facts} }] } })` +
    `.assignTo(chart);\n${code}`
  );
}

/** An app without a block has no rules. */
const BLOCK = "new VersionedConfigMap(chart, 'config', { data: { a: 'b' } });\n";

/** A Deployment of others with a volume. */
function deployment(strategy: string, image: string, volumes: string): string {
  return (
    `${BLOCK}new ApiObject(chart, 'raw', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'raw' }, ` +
    `spec: { ${strategy}selector: { matchLabels: { app: 'raw' } }, template: { metadata: { labels: { app: 'raw' } }, ` +
    `spec: { volumes: [{ name: 'data', ${volumes} }], containers: [{ name: 'main', image: ${image}, ` +
    "volumeMounts: [{ name: 'data', mountPath: '/data' }] }] } } } });"
  );
}

const ONCE = `const claim = new VolumeClaim(chart, 'claim', ${disk});\n`;
const OF_CLAIM = 'persistentVolumeClaim: { claimName: claim.name }';
const RECREATE = "replicas: 1, strategy: { type: 'Recreate' }, ";

/** A volume or a class of others. */
function volume(kind: string, rest: string): string {
  const apiVersion = kind === 'StorageClass' ? 'storage.k8s.io/v1' : 'v1';
  return `${BLOCK}new ApiObject(chart, 'raw', { apiVersion: '${apiVersion}', kind: '${kind}', ${rest} });`;
}

/** A PersistentVolume of others. */
function persistent(source: string, more = ''): string {
  return volume(
    'PersistentVolume',
    "metadata: { name: 'raw' }, spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteMany'], " +
      `${more}${source} }`,
  );
}

/** Rules for volumes, their classes and claims. */
export const STORAGE = rules({
  'object/class-annotation': {
    severity: WARNING,
    practices: ['CH16-35'],
    title: 'A field names the StorageClass of a claim, no beta annotation',
    reason: 'The annotation is deprecated, and wins over the field: readers and tools see another class.',
    fix: "Move the value to 'storageClassName'",
    bad: volume(
      'PersistentVolumeClaim',
      "metadata: { name: 'raw', annotations: { 'volume.beta.kubernetes.io/storage-class': 'fast' } }, spec: { " +
        "accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }",
    ),
    good: volume(
      'PersistentVolumeClaim',
      "metadata: { name: 'raw' }, spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: { " +
        "requests: { storage: '1Gi' } } }",
    ),
  },
  'object/host-path': {
    severity: WARNING,
    practices: ['CH16-02', 'CH16-06'],
    title: 'Only agents of nodes mount directories of the node',
    reason: 'A pod that moves to another node finds other files there, and may read what belongs to the node.',
    fix: 'Mount a claim, or run an agent of nodes as a DaemonSet',
    bad: deployment(RECREATE, 'image', "hostPath: { path: '/home/webcontent' }"),
    good: deployment(RECREATE, 'image', "persistentVolumeClaim: { claimName: 'webcontent' }"),
  },
  'object/old-volume-type': {
    severity: WARNING,
    practices: ['CH16-19', 'S000-81'],
    title: 'CSI drivers provide the volumes',
    reason: 'Kubernetes has handed its own drivers over to CSI, and FlexVolume is deprecated.',
    fix: 'Write a volume with csi, or a StorageClass of the CSI driver',
    bad: persistent("awsElasticBlockStore: { volumeID: 'vol-0a1b2c3d' }"),
    good: persistent("csi: { driver: 'efs.csi.aws.com', volumeHandle: 'fs-0a1b2c3d' }"),
  },
  'object/recycle': {
    severity: WARNING,
    practices: ['CH16-08'],
    title: 'No volume has the reclaim policy Recycle',
    reason: 'It is deprecated, and deletes all files of a released volume, without a way back.',
    fix: "Write 'Retain', or let a driver create the volumes",
    bad: persistent("nfs: { server: 'nfs', path: '/tmp' }", "persistentVolumeReclaimPolicy: 'Recycle', "),
    good: persistent("nfs: { server: 'nfs', path: '/tmp' }", "persistentVolumeReclaimPolicy: 'Retain', "),
  },
  'object/removed-volume-type': {
    severity: ERROR,
    waivable: true,
    practices: ['CH16-19'],
    title: 'Kubernetes can mount the volume',
    reason: 'The type of the volume was removed from the kubelet: its pods never start.',
    fix: 'Use a CSI driver',
    bad: persistent("rbd: { image: 'a', monitors: ['10.0.0.1:6789'] }"),
    good: persistent("csi: { driver: 'rbd.csi.ceph.com', volumeHandle: 'a' }"),
  },
  'storage/access-mode': {
    severity: ERROR,
    waivable: true,
    practices: ['S002-46'],
    title: 'The driver of a class supports the access mode',
    reason: 'A disk is mounted on one node. The claim stays pending, or the pods on a second node do.',
    fix: 'Use a class of a file system, such as NFS, or a mode for one node',
    bad: withClass(`, ${ebs}`, `new VolumeClaim(chart, 'claim', ${shared});`),
    good: withClass(", provisioner: 'efs.csi.aws.com'", `new VolumeClaim(chart, 'claim', ${shared});`),
  },
  'storage/claim-source': {
    severity: ERROR,
    waivable: true,
    practices: ['S003-89'],
    title: 'A claim has at least the size of its source',
    reason: 'The driver refuses to restore or clone into a smaller volume: the claim stays pending.',
    fix: "Raise 'size'",
    bad:
      "const pages = new VolumeClaim(chart, 'pages', { size: Size.gibibytes(2), accessMode: " +
      "AccessMode.READ_WRITE_ONCE });\nnew VolumeClaim(chart, 'copy', { size: Size.gibibytes(1), accessMode: " +
      'AccessMode.READ_WRITE_ONCE, from: ClaimSource.claim(pages.name) });',
    good:
      "const pages = new VolumeClaim(chart, 'pages', { size: Size.gibibytes(2), accessMode: " +
      "AccessMode.READ_WRITE_ONCE });\nnew VolumeClaim(chart, 'copy', { size: Size.gibibytes(2), accessMode: " +
      'AccessMode.READ_WRITE_ONCE, from: ClaimSource.claim(pages.name) });',
  },
  'storage/database-rolls': {
    severity: ERROR,
    waivable: true,
    practices: ['CH16-25'],
    title: 'A database runs one pod on a claim',
    reason: 'Two servers on one volume damage the files of each other, also during a rollout.',
    fix: 'Run one pod without overlap, or use a block with a claim for each pod',
    bad:
      `const claim = new VolumeClaim(chart, 'claim', ${shared});\nnew WebService(chart, 'db', ${wiki} })` +
      ".mount('/var/lib/postgresql', claim);",
    good:
      `const claim = new VolumeClaim(chart, 'claim', ${shared});\nnew WebService(chart, 'db', ${wiki}, rollout: ` +
      "Rollout.recreate() }).mount('/var/lib/postgresql', claim);",
  },
  'storage/database-without-claim': {
    severity: WARNING,
    practices: ['S002-45'],
    title: 'A database has a claim',
    reason: 'Without one, its data is lost with the pod: on each rollout, eviction and failure of a node.',
    fix: 'Mount a claim, use a block with a claim for each pod, or a managed database',
    bad: `new WebService(chart, 'db', ${wiki} });`,
    good:
      `const claim = new VolumeClaim(chart, 'claim', ${disk});\nnew WebService(chart, 'db', ${wiki}, rollout: ` +
      "Rollout.recreate() }).mount('/var/lib/postgresql', claim);",
  },
  'storage/immediate-binding': {
    severity: WARNING,
    practices: ['CH16-20'],
    title: 'A disk is created in the zone of its pod',
    reason: 'With Immediate, the zone of the disk is chosen before that of the pod, which then may not fit there.',
    fix: "Write volumeBindingMode: 'WaitForFirstConsumer'",
    bad:
      "new ClusterProfile({ zones: 3 }).assignTo(chart);\nnew StorageClass(chart, 'disk', { " +
      `${ebs}, volumeBindingMode: 'Immediate' });`,
    good: `new ClusterProfile({ zones: 3 }).assignTo(chart);\nnew StorageClass(chart, 'disk', { ${ebs} });`,
  },
  'storage/not-expandable': {
    severity: WARNING,
    practices: ['CH16-14'],
    title: 'The volumes of a store can grow',
    reason: 'A full volume that cannot grow needs a migration, while writes fail.',
    fix: "Name a class with 'allowVolumeExpansion'",
    bad: withClass(
      ', expandable: false',
      "new Redis(chart, 'redis', { password, storage: Size.gibibytes(10), replicas: 1 });",
    ),
    good: withClass(
      ', expandable: true',
      "new Redis(chart, 'redis', { password, storage: Size.gibibytes(10), replicas: 1 });",
    ),
  },
  'storage/reclaim-delete': {
    severity: WARNING,
    practices: ['CH16-08', 'CH16-24'],
    title: 'Volumes of a store are retained',
    reason: 'With the reclaim policy Delete, the data goes with the claim, and with its namespace.',
    fix: 'Name a class with the reclaim policy Retain',
    bad: withClass(
      ", reclaim: 'Delete'",
      "new Redis(chart, 'redis', { password, storage: Size.gibibytes(10), replicas: 1 });",
    ),
    good: withClass(
      ", reclaim: 'Retain'",
      "new Redis(chart, 'redis', { password, storage: Size.gibibytes(10), replicas: 1 });",
    ),
  },
  'storage/rolling-claim': {
    severity: WARNING,
    practices: ['CH16-13'],
    title: 'A Deployment with a claim for one node stops its pod before it starts the next',
    reason: 'On another node, the new pod waits for the claim of the old one, which waits for the new one.',
    fix: "Set strategy.type: 'Recreate'",
    bad: ONCE + deployment('replicas: 1, ', 'image', OF_CLAIM),
    good: ONCE + deployment(RECREATE, 'image', OF_CLAIM),
  },
  'storage/snapshot-driver': {
    severity: ERROR,
    waivable: true,
    practices: ['CH16-23'],
    title: 'The driver of a claim takes its snapshots',
    reason: 'A snapshot with the class of another driver never becomes ready.',
    fix: 'Name a VolumeSnapshotClass of the driver',
    bad:
      `${withClass(`, ${ebs}`, `const claim = new VolumeClaim(chart, 'claim', ${disk});`)}\nconst snapshots = new ` +
      "VolumeSnapshotClass(chart, 'snapshots', { driver: 'rbd.csi.ceph.com' });\nnew VolumeSnapshot(chart, 'copy', " +
      '{ claimName: claim.name, snapshotClassName: snapshots.name });',
    good:
      `${withClass(`, ${ebs}`, `const claim = new VolumeClaim(chart, 'claim', ${disk});`)}\nconst snapshots = new ` +
      "VolumeSnapshotClass(chart, 'snapshots', { driver: 'ebs.csi.aws.com' });\nnew VolumeSnapshot(chart, 'copy', " +
      '{ claimName: claim.name, snapshotClassName: snapshots.name });',
  },
  'storage/two-defaults': {
    severity: ERROR,
    practices: ['CH16-17'],
    title: 'A cluster has one default class',
    reason: 'With several, the newest one wins: which one depends on the order of installation.',
    fix: 'Make one class the default',
    bad: `for (const id of ['a', 'b']) new StorageClass(chart, id, { ${ebs}, defaultClass: true });`,
    good: `for (const id of ['a', 'b']) new StorageClass(chart, id, { ${ebs}, defaultClass: id === 'a' });`,
  },
  'storage/two-writers': {
    severity: WARNING,
    practices: ['S000-29'],
    title: 'One workload writes a claim',
    reason: 'Two programs overwrite the files of each other. A claim for one node also ties their pods to that node.',
    fix: 'Let one write, and mount the claim with readOnly: true elsewhere, or use a claim for each',
    bad:
      `const claim = new VolumeClaim(chart, 'claim', ${shared});\nfor (const id of ['a', 'b']) new ` +
      "WebService(chart, id, web).mount('/data', claim);",
    good:
      `const claim = new VolumeClaim(chart, 'claim', ${shared});\nfor (const id of ['a', 'b']) new ` +
      "WebService(chart, id, web).mount('/data', claim, { readOnly: id === 'b' });",
  },
  'storage/unknown-class': {
    severity: ERROR,
    waivable: true,
    practices: ['CH16-10'],
    title: 'A claim has a class that the cluster has',
    reason: 'A claim with a class that nobody has stays pending, and so do its pods.',
    fix: "Name a class of the app or of 'storage.classes' of the ClusterProfile",
    bad: withClass('', `new VolumeClaim(chart, 'claim', { ...${disk}, storageClassName: 'gp2' });`),
    good: withClass('', `new VolumeClaim(chart, 'claim', { ...${disk}, storageClassName: 'gp3' });`),
  },
  'storage/unknown-tier': {
    severity: ERROR,
    practices: ['CH16-48'],
    title: 'The profile of the cluster maps a storage tier to a class',
    reason: 'A tier is a name of the app: without a class, there is nothing to write.',
    fix: "Add the tier to 'storage.tiers' of the ClusterProfile",
    bad: `new VolumeClaim(chart, 'claim', { ...${disk}, storageTier: 'gold' });`,
    good:
      "new ClusterProfile({ storage: { tiers: { gold: 'io2' } } }).assignTo(chart);\n" +
      `new VolumeClaim(chart, 'claim', { ...${disk}, storageTier: 'gold' });`,
  },
  'storage/unmatched-selector': {
    severity: WARNING,
    practices: ['CH16-11'],
    title: 'The selector of a claim matches a volume of the app',
    reason: 'No driver creates a volume for a claim with a selector: it waits until somebody creates one.',
    fix: "Compare 'selector' with 'labels' of the StaticVolume",
    bad:
      `new StaticVolume(chart, 'files', { ${nfs}, capacity: Size.gibibytes(1), labels: { tier: 'silver' } });\n` +
      `new VolumeClaim(chart, 'claim', { ...${shared}, selector: { tier: 'silvr' } });`,
    good:
      `new StaticVolume(chart, 'files', { ${nfs}, capacity: Size.gibibytes(1), labels: { tier: 'silver' } });\n` +
      `new VolumeClaim(chart, 'claim', { ...${shared}, selector: { tier: 'silver' } });`,
  },
  'storage/volume-mismatch': {
    severity: ERROR,
    waivable: true,
    practices: ['CH16-11'],
    title: 'A claim agrees with the volume that it selects',
    reason: 'Size, access mode and class must fit: otherwise the claim stays pending beside a free volume.',
    fix: 'Change the claim or the volume',
    bad:
      `new StaticVolume(chart, 'files', { ${nfs}, capacity: Size.mebibytes(500), labels: { tier: 'silver' } });\n` +
      `new VolumeClaim(chart, 'claim', { ...${shared}, selector: { tier: 'silver' } });`,
    good:
      `new StaticVolume(chart, 'files', { ${nfs}, capacity: Size.gibibytes(1), labels: { tier: 'silver' } });\n` +
      `new VolumeClaim(chart, 'claim', { ...${shared}, selector: { tier: 'silver' } });`,
  },
  'storage/volume-place': {
    severity: ERROR,
    waivable: true,
    practices: ['CH16-20', 'CH16-49'],
    title: 'Pods spread no wider than their volume',
    reason: 'A volume of one node or zone keeps all of its pods there, and the spread keeps them apart.',
    fix: "Write spread: 'soft', or use a volume that all of the pods can mount",
    bad:
      "const volume = new StaticVolume(chart, 'files', { backend: VolumeBackend.localDisk({ path: '/mnt/a', node: " +
      "'node-1' }), capacity: Size.gibibytes(1), accessModes: [AccessMode.READ_WRITE_MANY] });\nconst claim = new " +
      `VolumeClaim(chart, 'claim', { ...${shared}, volume });\nnew WebService(chart, 'web', { ...web, spread: ` +
      "'hosts' }).mount('/data', claim);",
    good:
      `const volume = new StaticVolume(chart, 'files', { ${nfs}, capacity: Size.gibibytes(1) });\nconst claim = new ` +
      `VolumeClaim(chart, 'claim', { ...${shared}, volume });\nnew WebService(chart, 'web', { ...web, spread: ` +
      "'hosts' }).mount('/data', claim);",
  },
  'storage/volume-taken': {
    severity: ERROR,
    waivable: true,
    practices: ['CH16-11'],
    title: 'Each claim gets a volume of its own',
    reason: 'A volume is bound to one claim. The other one stays pending.',
    fix: 'Mount one claim in several workloads, or declare another StaticVolume',
    bad:
      `const volume = new StaticVolume(chart, 'files', { ${nfs}, capacity: Size.gibibytes(1) });\nfor (const id of ` +
      `['a', 'b']) new VolumeClaim(chart, id, { ...${shared}, volume });`,
    good:
      `const volume = new StaticVolume(chart, 'files', { ${nfs}, capacity: Size.gibibytes(1) });\nnew ` +
      `VolumeClaim(chart, 'a', { ...${shared}, volume });`,
  },
});
