import * as fc from 'fast-check';
import { id } from './arbitrary-blocks';
import { accessMode, backend, parameters, tier } from './arbitrary-storage';
import { annotations, labels, size, subdomain } from './arbitrary-text';
import { type BlockData, call, type Terms } from './terms';
import { ending, type Theme } from './theme';
import { plainJob } from './theme-runs';

const MEBIBYTE = 1024;
/** Ids and names of the five blocks end with two letters, the last of which no other theme has. */
const name = subdomain(61, 61);
const mountOptions = fc.constantFrom([], ['hard', 'nfsvers=4.1'], ['ro']);

/** A job that mounts a claim. */
function reading(claim: string): Pick<ReturnType<Theme>, 'blocks' | 'steps'> {
  const job = `reader${claim}`;
  return { blocks: [plainJob(job)], steps: [{ on: job, method: 'mount', args: ['/mnt/claim', { $block: claim }] }] };
}

const claimProps = fc.record(
  {
    size: size(MEBIBYTE),
    accessMode,
    class: fc.oneof(
      fc.constant({}),
      subdomain().map((storageClassName) => ({ storageClassName })),
      tier.map((storageTier) => ({ storageTier })),
    ),
    volumeAttributesClassName: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, subdomain()),
    target: fc.oneof(
      fc.constant({}),
      fc.constantFrom({ selector: { tier: 'silver' } }, { selector: { 'example.com/a': '' } }),
      subdomain().map((source) => ({ from: call('ClaimSource.claim', source) })),
      subdomain().map((source) => ({ from: call('ClaimSource.snapshot', source) })),
    ),
    labels,
    annotations,
    name,
  },
  { requiredKeys: ['size', 'accessMode', 'class', 'target'] },
);

/** Props of a claim: one that selects a volume is not of a tier. */
function propsOf({ class: own, target, ...others }: Terms): Terms {
  const { storageTier, ...byName } = own as Terms;
  const { selector } = target as Terms;
  return {
    ...others,
    ...(target as Terms),
    ...byName,
    ...(selector === undefined && storageTier !== undefined ? { storageTier } : {}),
  };
}

const claim: fc.Arbitrary<Theme> = fc.record({ id, props: claimProps }).map(({ id: start, props }) => () => {
  const block = ending({ kind: 'VolumeClaim', id: start, props: propsOf(props) }, 'cz');
  const { blocks, steps } = reading(block.id);
  return { blocks: [block, ...blocks], steps };
});

/** A volume, with a claim that names it, or that selects it. */
const volume: fc.Arbitrary<Theme> = fc
  .record({
    id,
    props: fc.record(
      {
        backend,
        capacity: size(MEBIBYTE),
        accessModes: fc.constantFrom(['ReadWriteMany'], ['ReadWriteMany', 'ReadWriteOnce', 'ReadOnlyMany']),
        storageClassName: subdomain(),
        mountOptions,
        labels: fc.constant({ 'example.com/volume': 'v' }),
        name,
      },
      { requiredKeys: ['backend', 'capacity', 'accessModes'] },
    ),
    selects: fc.boolean(),
  })
  .map(({ id: start, props, selects }) => () => {
    const block = ending({ kind: 'StaticVolume', id: start, props }, 'vz');
    const own = { size: props.capacity, accessMode: 'ReadWriteMany' };
    const byLabel = selects && props.labels !== undefined;
    const ofVolume: BlockData = {
      kind: 'VolumeClaim',
      id: 'claimvz',
      props: byLabel
        ? {
            ...own,
            selector: props.labels,
            ...(props.storageClassName === undefined ? {} : { storageClassName: props.storageClassName }),
          }
        : { ...own, volume: { $block: block.id } },
    };
    const { blocks, steps } = reading(ofVolume.id);
    return { blocks: [block, ofVolume, ...blocks], steps };
  });

/** A class, with a claim that names it. */
const storageClass: fc.Arbitrary<Theme> = fc
  .record({
    id,
    props: fc.record(
      {
        provisioner: fc.constantFrom('ebs.csi.aws.com', 'nfs.csi.k8s.io', 'cluster.local/nfs-client-provisioner'),
        parameters,
        volumeBindingMode: fc.constantFrom('WaitForFirstConsumer', 'Immediate'),
        allowVolumeExpansion: fc.boolean(),
        reclaim: fc.constantFrom('Retain', 'Delete'),
        mountOptions,
        allowedTopologies: fc.constantFrom(
          {},
          { 'topology.kubernetes.io/zone': ['a', 'b'], 'kubernetes.io/arch': ['arm64'] },
        ),
        defaultClass: fc.boolean(),
        name,
      },
      { requiredKeys: ['provisioner'] },
    ),
    isStatic: fc.boolean(),
  })
  .map(({ id: start, props, isStatic }) => () => {
    const { allowVolumeExpansion, reclaim, ...others } = props;
    const block = ending(
      {
        kind: 'StorageClass',
        id: start,
        props: isStatic
          ? { ...others, provisioner: 'kubernetes.io/no-provisioner' }
          : { allowVolumeExpansion, reclaim, ...others },
      },
      'sz',
    );
    const ofClass: BlockData = {
      kind: 'VolumeClaim',
      id: 'claimsz',
      props: {
        size: call('Size.gibibytes', 1),
        accessMode: 'ReadWriteOnce',
        storageClassName: { $block: block.id, $path: ['name'] },
      },
    };
    const { blocks, steps } = reading(ofClass.id);
    return { blocks: [block, ofClass, ...blocks], steps };
  });

const snapshot: fc.Arbitrary<Theme> = fc
  .record({
    id,
    props: fc.record({ claimName: subdomain(), snapshotClassName: subdomain(), name }, { requiredKeys: ['claimName'] }),
  })
  .map(({ id: start, props }) => () => ({ blocks: [ending({ kind: 'VolumeSnapshot', id: start, props }, 'wz')] }));

const snapshotClass: fc.Arbitrary<Theme> = fc
  .record({
    id,
    props: fc.record(
      {
        driver: fc.constantFrom('ebs.csi.aws.com', 'a'),
        deletionPolicy: fc.constantFrom('Retain', 'Delete'),
        parameters,
        defaultClass: fc.boolean(),
        name,
      },
      { requiredKeys: ['driver'] },
    ),
  })
  .map(({ id: start, props }) => () => ({ blocks: [ending({ kind: 'VolumeSnapshotClass', id: start, props }, 'yz')] }));

export const storageThemes = {
  StaticVolume: volume,
  StorageClass: storageClass,
  VolumeClaim: claim,
  VolumeSnapshot: snapshot,
  VolumeSnapshotClass: snapshotClass,
};
