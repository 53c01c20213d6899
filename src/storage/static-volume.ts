import type { ApiObject, Size } from 'cdk8s';
import { Construct } from 'constructs';
import type { PersistentVolumeSpec } from 'kubernetes-types/core/v1';
import { type BackendSettings, readBackend, VolumeBackend } from './volume-backend';
import { emitLater } from '../kernel/emit/emission';
import { recommended } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import { Problems } from '../kernel/findings/problems';
import { readName } from '../kernel/model/read-name';
import type {} from '../kernel/model/storage-facts';
import { bytes, instance, listOf, oneOf, text } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsSubdomain, labelledSubdomain, labelMap } from '../kernel/schema/syntax';
import { AccessMode } from '../kubernetes/access-mode';
import { bytesQuantity, MEBIBYTE } from '../kubernetes/quantity';

/** Props of `StaticVolume`. */
export interface StaticVolumeProps {
  /** Where the data is. */
  readonly backend: VolumeBackend;

  /** Size of the volume; at least 1 MiB. A claim can ask for less, and gets the whole. */
  readonly capacity: Size;

  /**
   * The access modes that it supports. A claim asks for one of them.
   *
   * @default - READ_WRITE_MANY for NFS, otherwise READ_WRITE_ONCE
   */
  readonly accessModes?: AccessMode[];

  /**
   * Class of the volume. A claim must name the same one, and the class need not exist.
   *
   * @default - none: only claims with `selector` or `volume`, or with an empty class, get the volume
   */
  readonly storageClassName?: string;

  /**
   * Options of the mount.
   *
   * @default - `hard` and `nfsvers=4.1` for NFS, otherwise those of the driver (CH16-16)
   */
  readonly mountOptions?: string[];

  /**
   * Labels for the `selector` of claims, such as `{ tier: 'silver' }`.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };

  /**
   * Name of the PersistentVolume: at most 63 lower-case letters, digits, `-` and dots; it is also a label value. It has
   * no namespace.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;
}

const ACCESS_MODES = listOf(oneOf<AccessMode>(...Object.values(AccessMode)));
const MOUNT_OPTIONS = listOf(text);

/**
 * A volume that exists already: a directory of an NFS server, a disk of a node, a volume of a CSI driver. The data
 * stays when the claim is deleted (CH16-08).
 *
 * ```ts
 * const archive = new StaticVolume(chart, 'archive', {
 *   backend: VolumeBackend.nfs({ server: 'nfs.example.com', path: '/exports/archive' }),
 *   capacity: Size.gibibytes(500),
 *   labels: { tier: 'silver' },
 * });
 * frontend.mount(
 *   '/srv/archive',
 *   new VolumeClaim(chart, 'archive-claim', {
 *     volume: archive,
 *     size: Size.gibibytes(500),
 *     accessMode: AccessMode.READ_WRITE_MANY,
 *   }),
 * );
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/
 */
export class StaticVolume extends Construct {
  /** Name of the PersistentVolume. */
  public readonly name: string;
  /** The PersistentVolume. */
  public readonly apiObject: ApiObject;

  /** @internal */
  public readonly _storageClass: string;

  public constructor(scope: Construct, id: string, props: StaticVolumeProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<StaticVolumeProps>(problems, props);
    this.name = readName(this, read, labelledSubdomain).name;
    const given = read.required('backend', instance(VolumeBackend, 'a VolumeBackend'), undefined, {
      fix: "Use VolumeBackend.nfs(...) with server: 'nfs.example.com' and path: '/exports/archive', or another one",
    });
    const backend: BackendSettings =
      given === undefined ? { source: {}, accessModes: [], mountOptions: [] } : readBackend(given, problems, 'backend');
    const capacity = read.required('capacity', bytes(MEBIBYTE), MEBIBYTE, {
      fix: 'Set the size, such as Size.gibibytes(500)',
    });
    const statedModes = read.optional('accessModes', ACCESS_MODES, undefined, {
      fix: 'List what the backend supports, such as [AccessMode.READ_WRITE_ONCE]',
    });
    const accessModes = statedModes ?? backend.accessModes;
    if (accessModes.length === 0 && given !== undefined && read.isSound('accessModes')) {
      read.refuse('accessModes', accessModes, 'at least one access mode', {
        rule: 'props/empty-list',
        fix: 'List what the backend supports, or remove the prop',
      });
    }
    if (accessModes.length > 1 && accessModes.includes(AccessMode.READ_WRITE_ONCE_POD)) {
      read.refuse('accessModes', accessModes, 'READ_WRITE_ONCE_POD alone', {
        rule: 'props/conflict',
        fix: 'Remove it, or the others: the API server refuses both together',
      });
    }
    this._storageClass = read.optional('storageClassName', dnsSubdomain, '', {
      fix: 'Write the class that its claims name, or remove the prop',
      practice: 'CH16-11',
    });
    const mountOptions = read.optional('mountOptions', MOUNT_OPTIONS, backend.mountOptions, {
      fix: "List options of mount, such as ['hard', 'nfsvers=4.1']",
      practice: 'CH16-16',
    });
    const own = read.optional('labels', labelMap, {}, { fix: 'Map label keys to values' });
    read.refuseUnknown();
    const labels = recommended(this, this.name, 'storage', own);
    const head = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: this.name, labels } };
    this.apiObject = emitLater(this, 'Resource', { ...head, clusterScoped: true }, problems, () =>
      renderVolume(backend, { capacity, accessModes, mountOptions, storageClass: this._storageClass }),
    );
    AppModel.of(this).add('staticVolume', {
      owner: this,
      name: this.name,
      bytes: capacity,
      accessModes,
      storageClass: this._storageClass,
      labels,
      driver: backend.driver,
      place: backend.place,
    });
  }
}

interface VolumeSettings {
  readonly capacity: number;
  readonly accessModes: readonly string[];
  readonly mountOptions: readonly string[];
  readonly storageClass: string;
}

const TOPOLOGY_LABELS = { node: 'kubernetes.io/hostname', zone: 'topology.kubernetes.io/zone' } as const;

function renderVolume(
  { source, place }: BackendSettings,
  { capacity, accessModes, mountOptions, storageClass }: VolumeSettings,
): PersistentVolumeSpec {
  return {
    capacity: { storage: bytesQuantity(capacity) },
    accessModes: [...accessModes],
    persistentVolumeReclaimPolicy: 'Retain',
    ...(storageClass === '' ? {} : { storageClassName: storageClass }),
    ...(mountOptions.length === 0 ? {} : { mountOptions: [...mountOptions] }),
    ...source,
    ...(place === undefined
      ? {}
      : {
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    { key: TOPOLOGY_LABELS[place.topology], operator: 'In', values: [...place.values] },
                  ],
                },
              ],
            },
          },
        }),
  };
}
