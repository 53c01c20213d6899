import { type Check, that } from '../kernel/schema/checks';
import { labelKey } from '../kernel/schema/syntax';

/** Drivers whose volumes are disks: one node mounts them to write. Those that also serve files are left out. */
const BLOCK_DRIVERS: ReadonlySet<string> = new Set([
  'blockvolume.csi.oraclecloud.com',
  'cinder.csi.openstack.org',
  'csi.hetzner.cloud',
  'disk.csi.azure.com',
  'diskplugin.csi.alibabacloud.com',
  'dobs.csi.digitalocean.com',
  'ebs.csi.aws.com',
  'ebs.csi.eks.amazonaws.com',
  'kubernetes.io/aws-ebs',
  'kubernetes.io/azure-disk',
  'kubernetes.io/cinder',
  'kubernetes.io/gce-pd',
  'linodebs.csi.linode.com',
  'local.csi.openebs.io',
  'pd.csi.storage.gke.io',
  'rancher.io/local-path',
  'rbd.csi.ceph.com',
  'topolvm.io',
  'vpc.block.csi.ibm.io',
  'zfs.csi.openebs.io',
]);

/** Whether volumes of a driver are disks. Rook prefixes the drivers of Ceph with its namespace. */
export function isBlockDriver(driver: string): boolean {
  return BLOCK_DRIVERS.has(driver) || driver.endsWith('.rbd.csi.ceph.com');
}

/** The provisioner of classes whose volumes exist already. */
export const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

/** Provisioners that were part of Kubernetes, with the CSI driver that took over; `undefined` if there is none. */
export const OLD_PROVISIONERS: Readonly<Record<string, string | undefined>> = {
  'kubernetes.io/aws-ebs': 'ebs.csi.aws.com',
  'kubernetes.io/azure-disk': 'disk.csi.azure.com',
  'kubernetes.io/azure-file': 'file.csi.azure.com',
  'kubernetes.io/cephfs': 'cephfs.csi.ceph.com',
  'kubernetes.io/cinder': 'cinder.csi.openstack.org',
  'kubernetes.io/flocker': undefined,
  'kubernetes.io/gce-pd': 'pd.csi.storage.gke.io',
  'kubernetes.io/glusterfs': undefined,
  'kubernetes.io/portworx-volume': 'pxd.portworx.com',
  'kubernetes.io/quobyte': 'csi.quobyte.com',
  'kubernetes.io/rbd': 'rbd.csi.ceph.com',
  'kubernetes.io/scaleio': undefined,
  'kubernetes.io/storageos': undefined,
  'kubernetes.io/vsphere-volume': 'csi.vsphere.vmware.com',
};

/** Volume types that were part of Kubernetes, by the field. */
export interface OldVolumeType {
  /** What took over. */
  readonly now: string;
  /** Whether the kubelet still mounts them, through a CSI driver or a program on the node. */
  readonly works: boolean;
}

const csi = (driver: string, works = true): OldVolumeType => ({ now: `the CSI driver ${driver}`, works });
const gone: OldVolumeType = { now: 'a CSI driver', works: false };

/** @see https://kubernetes.io/docs/concepts/storage/volumes/#volume-types */
export const OLD_VOLUME_TYPES: Readonly<Record<string, OldVolumeType>> = {
  awsElasticBlockStore: csi('ebs.csi.aws.com'),
  azureDisk: csi('disk.csi.azure.com'),
  azureFile: csi('file.csi.azure.com'),
  cephfs: csi('cephfs.csi.ceph.com', false),
  cinder: csi('cinder.csi.openstack.org'),
  flexVolume: { now: 'a CSI driver', works: true },
  flocker: gone,
  gcePersistentDisk: csi('pd.csi.storage.gke.io'),
  gitRepo: { now: 'an emptyDir that an init container fills', works: false },
  glusterfs: gone,
  photonPersistentDisk: gone,
  portworxVolume: csi('pxd.portworx.com'),
  quobyte: csi('csi.quobyte.com', false),
  rbd: csi('rbd.csi.ceph.com', false),
  scaleIO: gone,
  storageos: gone,
  vsphereVolume: csi('csi.vsphere.vmware.com'),
};

/** The name of a driver; those outside of CSI have a part after a slash. */
export const provisionerName: Check<string> = that(
  "the name of a driver: at most 63 letters, digits, '-', '_' and '.', with an optional DNS prefix and '/'",
  (value) => labelKey.read(value, () => undefined) !== undefined,
);
