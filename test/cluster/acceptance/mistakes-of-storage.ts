import * as fc from 'fast-check';
import { beside, change, type Mistake, prop, withBlocks } from './mistake';
import { call, type Term, type Terms } from './terms';

const NO_NAME = fc.constantFrom<Term>('', 'Fast', 'a_b', 'a b', '-a', 7, null, {});
const NO_LIST = fc.constantFrom<Term>('a', null, {}, 7);
const SIZES = fc.constantFrom<Term>(undefined, null, 5, '5Gi', call('Size.kibibytes', 1023));
const GIBIBYTE = call('Size.gibibytes', 1);
const many = { size: GIBIBYTE, accessMode: 'ReadWriteMany' };

const classes: Mistake[] = [
  prop(
    'StorageClass',
    'provisioner: no name, or one of old',
    'provisioner',
    fc.constantFrom<Term>(undefined, '', 'a b', 'a/b/c', 'kubernetes.io/gce-pd', 'kubernetes.io/rbd', 7),
  ),
  prop('StorageClass', 'parameters: no texts', 'parameters', fc.constantFrom<Term>({ a: true }, { a: 1 }, [], 'a')),
  prop('StorageClass', 'parameters: a credential', 'parameters', fc.constantFrom('adminPassword', 'token'), (name) => ({
    parameters: { [name as string]: 'hunter2' },
  })),
  prop('StorageClass', 'reclaim: unknown', 'reclaim', fc.constantFrom<Term>('Recycle', 'retain', '', null)),
  prop(
    'StorageClass',
    'volumeBindingMode: unknown',
    'volumeBindingMode',
    fc.constantFrom<Term>('Late', 'immediate', true),
  ),
  prop('StorageClass', 'mountOptions: no list', 'mountOptions', NO_LIST),
  prop(
    'StorageClass',
    'allowedTopologies: no values, or one twice',
    'allowedTopologies',
    fc.constantFrom<Term>({ zone: [] }, { zone: ['a', 'a'] }, { zone: 'a' }, { 'a b': ['a'] }),
  ),
  change('StorageClass', 'two defaults', 'defaultClass', (app, first) =>
    withBlocks(
      {
        ...app,
        blocks: app.blocks.map((block) =>
          block === first ? { ...block, props: { ...block.props, defaultClass: true } } : block,
        ),
      },
      { kind: 'StorageClass', id: 'second', props: { provisioner: 'ebs.csi.aws.com', defaultClass: true } },
    ),
  ),
  prop('VolumeSnapshotClass', 'driver: no name', 'driver', fc.constantFrom<Term>(undefined, 'a/b', 'A', '', null)),
  prop('VolumeSnapshotClass', 'deletionPolicy: unknown', 'deletionPolicy', fc.constantFrom<Term>('Keep', '', null)),
  prop('VolumeSnapshot', 'claimName: no name', 'claimName', NO_NAME),
  prop('VolumeSnapshot', 'snapshotClassName: no name', 'snapshotClassName', NO_NAME),
];

const volumes: Mistake[] = [
  prop('StaticVolume', 'capacity: left out or too small', 'capacity', SIZES),
  prop(
    'StaticVolume',
    'accessModes: none, unknown, or one that stands alone',
    'accessModes',
    fc.constantFrom<Term>([], ['RWX'], ['ReadWriteOncePod', 'ReadWriteOnce'], 'ReadWriteOnce'),
  ),
  prop('StaticVolume', 'backend: none', 'backend', fc.constantFrom<Term>(undefined, 'nfs', {}, null)),
  prop(
    'StaticVolume',
    'backend: no server',
    'backend.server',
    fc.constantFrom<Term>('', 'a b', 'a/b', 7),
    (server) => ({
      backend: call('VolumeBackend.nfs', { server, path: '/a' }),
    }),
  ),
  prop(
    'StaticVolume',
    'backend: no path',
    'backend.path',
    fc.constantFrom<Term>('', 'a', '/a/../b', '/a:b', 7),
    (path) => ({ backend: call('VolumeBackend.localDisk', { path, node: 'a' }) }),
  ),
  prop('StaticVolume', 'a disk for several nodes', 'accessModes', fc.constantFrom('ebs.csi.aws.com'), (driver) => ({
    backend: call('VolumeBackend.csi', { driver, handle: 'a' }),
    accessModes: ['ReadWriteMany'],
  })),
];

/** A claim that selects a volume of its own beside the app. */
const selecting =
  (volume: Terms) =>
  (app: Parameters<Mistake['make']>[0], wrong: Term): ReturnType<Mistake['make']> => ({
    ...app,
    blocks: [
      {
        kind: 'StaticVolume',
        id: 'wanted',
        props: {
          backend: call('VolumeBackend.nfs', { server: 'nfs', path: '/a' }),
          capacity: call('Size.gibibytes', 2),
          labels: { 'example.com/wanted': 'a' },
          ...volume,
        },
      },
      ...app.blocks,
      {
        kind: 'VolumeClaim',
        id: 'selecting',
        props: { ...many, selector: { 'example.com/wanted': 'a' }, ...(wrong as Terms) },
      },
    ],
  });

const claims: Mistake[] = [
  prop('VolumeClaim', 'size: left out or too small', 'size', SIZES),
  prop('VolumeClaim', 'accessMode: unknown', 'accessMode', fc.constantFrom<Term>(undefined, 'RWX', '', null, [])),
  prop('VolumeClaim', 'storageClassName: no name', 'storageClassName', NO_NAME),
  prop(
    'VolumeClaim',
    'storageTier: no tier of the cluster',
    'storageTier',
    fc.constantFrom<Term>('Gold', ''),
    (bad) => ({
      storageTier: bad,
      storageClassName: undefined,
    }),
  ),
  prop(
    'VolumeClaim',
    'selector: no labels',
    'selector',
    fc.constantFrom<Term>({}, { 'a b': 'a' }, { a: 'a b' }, [], 'a'),
    (selector) => ({ selector, from: undefined, volume: undefined, storageTier: undefined }),
  ),
  {
    mistake: 'a volume that does not fit',
    kind: 'VolumeClaim',
    at: '',
    rule: 'storage/volume-mismatch',
    value: fc.constantFrom<Term>(
      { size: call('Size.gibibytes', 3) },
      { accessMode: 'ReadWriteOnce' },
      { storageClassName: 'fast' },
    ),
    make: selecting({}),
  },
];

const persistent = (spec: Terms): Terms => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'of-others' },
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteMany'], ...spec },
});

const OLD: Mistake = beside(
  'VolumeClaim',
  'object/removed-volume-type',
  'a type that is gone',
  fc
    .constantFrom('rbd', 'cephfs', 'glusterfs', 'quobyte', 'storageos', 'flocker')
    .map((type) => () => [persistent({ [type]: {} })]),
);

export const STORAGE_MISTAKES: readonly Mistake[] = [...classes, ...volumes, ...claims, OLD];

/** Volumes of others that work, but are worth a look. */
export const STORAGE_DOUBTS: readonly Mistake[] = [
  beside(
    'VolumeClaim',
    'object/old-volume-type',
    'a type that CSI has taken over',
    fc
      .constantFrom('awsElasticBlockStore', 'azureDisk', 'gcePersistentDisk', 'flexVolume')
      .map((type) => () => [persistent({ [type]: {} })]),
  ),
];
