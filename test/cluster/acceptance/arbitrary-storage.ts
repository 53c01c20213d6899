import * as fc from 'fast-check';
import { subdomain } from './arbitrary-text';
import { type BlockData, call, type Terms } from './terms';

export const ACCESS_MODES = ['ReadWriteOnce', 'ReadWriteOncePod', 'ReadOnlyMany', 'ReadWriteMany'];

export const accessMode = fc.constantFrom(...ACCESS_MODES);

export const tier = fc.constantFrom('gold', 'silver', '0');

/** A class of a cluster that supports whatever a claim asks for. */
const knownClass = fc.record(
  {
    name: subdomain(),
    provisioner: fc.constantFrom('efs.csi.aws.com', 'example.com/nfs', 'nfs'),
    reclaim: fc.constantFrom('Retain', 'Delete'),
    expandable: fc.boolean(),
    accessModes: fc.constant(ACCESS_MODES),
  },
  { requiredKeys: ['name'] },
);

/** What is known of the storage of a cluster, without the classes that an app asks for. */
export const clusterStorage: fc.Arbitrary<Terms> = fc.record(
  {
    classes: fc.uniqueArray(knownClass, { maxLength: 2, selector: ({ name }) => name }),
    tiers: fc.dictionary(tier, subdomain(), { maxKeys: 2 }),
    defaultClass: subdomain(),
  },
  { requiredKeys: [] },
);

/** The storage of a cluster that has what the blocks ask for; nothing where nobody asks. */
export function storageFor(storage: Terms | undefined, blocks: readonly BlockData[]): Terms | undefined {
  const texts = (prop: string): string[] =>
    blocks
      .flatMap(({ props }) => [props, ...((props.claims ?? []) as Terms[])])
      .map((given) => given[prop])
      .filter((value): value is string => typeof value === 'string');
  const wanted = texts('storageTier');
  if (storage === undefined && wanted.length === 0) return undefined;
  const { classes, defaultClass, tiers } = (storage ?? {}) as {
    classes?: readonly Terms[];
    defaultClass?: string;
    tiers?: Readonly<Record<string, string>>;
  };
  const mapped = { ...Object.fromEntries(wanted.map((one) => [one, 'tiered'])), ...tiers };
  const ofApp = blocks.some(({ kind, props }) => kind === 'StorageClass' && props.defaultClass === true);
  const usual = ofApp ? undefined : (defaultClass ?? 'usual');
  const names = [...texts('storageClassName'), ...Object.values(mapped), ...(usual === undefined ? [] : [usual])];
  const stated = new Set(classes?.map(({ name }) => name));
  const others = [...new Set(names)].filter((name) => !stated.has(name)).map((name) => ({ name }));
  return {
    tiers: mapped,
    ...(usual === undefined ? {} : { defaultClass: usual }),
    ...(classes === undefined ? {} : { classes: [...classes, ...others] }),
  };
}

const path = fc.constantFrom('/', '/exports/a', '/mnt/disks/é');

/** Where a volume is, with the access modes that anything supports there. */
export const backend: fc.Arbitrary<Terms> = fc.oneof(
  fc
    .record({ server: fc.constantFrom('nfs.example.com', '172.17.0.2', 'fd00::1', 'A'), path })
    .map((options) => call('VolumeBackend.nfs', options)),
  fc
    .record({ path, node: fc.constantFrom('node-1', 'a.b', '7') })
    .map((options) => call('VolumeBackend.localDisk', options)),
  fc
    .record(
      {
        driver: fc.constantFrom('efs.csi.aws.com', 'files.example.com'),
        handle: fc.constantFrom('fs-0a1b2c3d', 'a b', '1'),
        attributes: fc.constantFrom({}, { encrypted: 'true' }),
        zones: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
      },
      { requiredKeys: ['driver', 'handle'] },
    )
    .map((options) => call('VolumeBackend.csi', options)),
);

export const parameters = fc.constantFrom<Record<string, string>>(
  {},
  { type: 'io2', iops: '4000', encrypted: 'true' },
  { 'csi.storage.k8s.io/provisioner-secret-name': 'ceph', 'a b': '' },
);
