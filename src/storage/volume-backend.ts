import type { Problems } from '../kernel/findings/problems';
import type { StaticVolumeFact } from '../kernel/model/storage-facts';
import { anyText, listOf, mapOf, matching, text } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { absolutePath, filledLabelValue, labelledSubdomain } from '../kernel/schema/syntax';
import { AccessMode } from '../kubernetes/access-mode';

/** Options of `VolumeBackend.nfs`. */
export interface NfsOptions {
  /** Host name or address of the server. */
  readonly server: string;
  /** The exported directory: an absolute path. */
  readonly path: string;
}

/** Options of `VolumeBackend.localDisk`. */
export interface LocalDiskOptions {
  /** Directory of the node where the disk is mounted: an absolute path. */
  readonly path: string;
  /** Name of the node, its label `kubernetes.io/hostname`. Pods with the volume run there. */
  readonly node: string;
}

/** Options of `VolumeBackend.csi`. */
export interface CsiVolumeOptions {
  /** Name of the driver, such as `efs.csi.aws.com`: at most 63 lower-case letters, digits, `-` and dots. */
  readonly driver: string;

  /** What the driver calls the volume, such as `fs-0a1b2c3d`. */
  readonly handle: string;

  /**
   * Attributes for the driver.
   *
   * @default - none
   */
  readonly attributes?: { [name: string]: string };

  /**
   * Zones that can mount the volume: the values of the label `topology.kubernetes.io/zone`. Pods with the volume run
   * there (CH16-20).
   *
   * @default - all
   */
  readonly zones?: string[];
}

/**
 * Where the data of a `StaticVolume` is.
 *
 * ```ts
 * new StaticVolume(chart, 'pictures', {
 *   backend: VolumeBackend.csi({ driver: 'efs.csi.aws.com', handle: 'fs-0a1b2c3d' }),
 *   capacity: Size.gibibytes(500),
 *   accessModes: [AccessMode.READ_WRITE_MANY],
 * });
 * ```
 */
export class VolumeBackend {
  /** A directory of an NFS server: nodes mount it without a driver. */
  public static nfs(options: NfsOptions): VolumeBackend {
    return new VolumeBackend('nfs', options);
  }

  /** A disk of one node. If the node is lost, so is the data: use it for stores that replicate. */
  public static localDisk(options: LocalDiskOptions): VolumeBackend {
    return new VolumeBackend('localDisk', options);
  }

  /** A volume that a CSI driver knows already. */
  public static csi(options: CsiVolumeOptions): VolumeBackend {
    return new VolumeBackend('csi', options);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'nfs' | 'localDisk' | 'csi',
    /** @internal */ public readonly _options: unknown,
  ) {}
}

/** What a backend says of a volume. */
export interface BackendSettings {
  /** The source in wire format. */
  readonly source: object;
  readonly accessModes: readonly AccessMode[];
  readonly mountOptions: readonly string[];
  readonly driver?: string;
  readonly place?: StaticVolumeFact['place'];
}

/** A request waits for a server that is away, and loses no write. Each node uses the same version (CH16-16). */
const NFS_OPTIONS = ['hard', 'nfsvers=4.1'];

const SERVER = matching(/^[A-Za-z0-9:[\]]([-A-Za-z0-9.:[\]]*[A-Za-z0-9\]])?$/, 253, 'a host name or an address');
const ZONES = listOf(filledLabelValue);
const ATTRIBUTES = mapOf(text, anyText);

export function readBackend({ _kind, _options }: VolumeBackend, problems: Problems, prop: string): BackendSettings {
  if (_kind === 'nfs') return readNfs(_options, problems, prop);
  return _kind === 'localDisk' ? readLocalDisk(_options, problems, prop) : readCsi(_options, problems, prop);
}

function readNfs(options: unknown, problems: Problems, prop: string): BackendSettings {
  const read = new Reader<NfsOptions>(problems, options, `${prop}.`);
  const server = read.required('server', SERVER, 'invalid', {
    fix: "Write the name of the server, such as 'nfs.example.com'",
  });
  const path = read.required('path', absolutePath, '/invalid', { fix: "Write what it exports, such as '/exports/a'" });
  read.refuseUnknown();
  return { source: { nfs: { server, path } }, accessModes: [AccessMode.READ_WRITE_MANY], mountOptions: NFS_OPTIONS };
}

function readLocalDisk(options: unknown, problems: Problems, prop: string): BackendSettings {
  const read = new Reader<LocalDiskOptions>(problems, options, `${prop}.`);
  const path = read.required('path', absolutePath, '/invalid', {
    fix: "Write where the disk is mounted on the node, such as '/mnt/disks/ssd0'",
  });
  const node = read.required('node', filledLabelValue, 'invalid', {
    fix: "Write the name of the node: 'kubectl get nodes' lists them",
    practice: 'CH16-49',
  });
  read.refuseUnknown();
  return {
    source: { local: { path } },
    accessModes: [AccessMode.READ_WRITE_ONCE],
    mountOptions: [],
    place: { topology: 'node', values: [node] },
  };
}

function readCsi(options: unknown, problems: Problems, prop: string): BackendSettings {
  const read = new Reader<CsiVolumeOptions>(problems, options, `${prop}.`);
  const driver = read.required('driver', labelledSubdomain, 'invalid', {
    fix: "Name the CSI driver: 'kubectl get csidrivers' lists those of a cluster",
    practice: 'CH16-19',
  });
  const volumeHandle = read.required('handle', text, 'invalid', { fix: 'Write the id of the volume' });
  const attributes = read.optional('attributes', ATTRIBUTES, {}, { fix: "Map names to texts: 'true' for a switch" });
  const zones = read.optional('zones', ZONES, [], { fix: "List zones, such as ['eu-1a']", practice: 'CH16-20' });
  read.refuseUnknown();
  const volumeAttributes = Object.keys(attributes).length === 0 ? {} : { volumeAttributes: attributes };
  return {
    source: { csi: { driver, volumeHandle, ...volumeAttributes } },
    accessModes: [AccessMode.READ_WRITE_ONCE],
    mountOptions: [],
    driver,
    ...(zones.length === 0 ? {} : { place: { topology: 'zone', values: zones } }),
  };
}
