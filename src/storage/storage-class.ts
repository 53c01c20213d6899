import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { readParameters } from './parameters';
import { emit } from '../kernel/emit/emission';
import { recommended } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import { Problems } from '../kernel/findings/problems';
import { readName } from '../kernel/model/read-name';
import type { ReclaimPolicy } from '../kernel/model/storage-facts';
import { boolean, listOf, mapOf, oneOf, text } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { filledLabelValue, labelKey, labelledSubdomain } from '../kernel/schema/syntax';
import { NO_PROVISIONER, OLD_PROVISIONERS, provisionerName } from '../kubernetes/volume-drivers';

/** Props of `StorageClass`. */
export interface StorageClassProps {
  /**
   * Driver that creates the volumes, such as `ebs.csi.aws.com`, or `kubernetes.io/no-provisioner` for volumes that
   * exist already.
   */
  readonly provisioner: string;

  /**
   * Parameters of the driver, each a text. Name Secrets instead of writing credentials.
   *
   * @default - none
   */
  readonly parameters?: { [name: string]: string };

  /**
   * When a volume is created. `Immediate` creates it before a pod exists: it can be in a zone without a node for the
   * pod.
   *
   * @default 'WaitForFirstConsumer': the volume is in the zone of its pod (CH16-20)
   */
  readonly volumeBindingMode?: 'WaitForFirstConsumer' | 'Immediate';

  /**
   * Whether claims of the class can grow.
   *
   * @default - true, and false for `kubernetes.io/no-provisioner`: a full volume needs no migration
   */
  readonly allowVolumeExpansion?: boolean;

  /**
   * What happens to a volume when its claim is deleted. `Delete` destroys the data with the claim.
   *
   * @default 'Retain': an administrator deletes data, not a deleted claim (CH16-08, CH16-24)
   */
  readonly reclaim?: 'Retain' | 'Delete';

  /**
   * Options of the mount of its volumes, such as `nfsvers=4.1`.
   *
   * @default - those of the driver
   */
  readonly mountOptions?: string[];

  /**
   * Where volumes may be: the values of a label of nodes, such as `topology.kubernetes.io/zone`.
   *
   * @default - anywhere
   */
  readonly allowedTopologies?: { [label: string]: string[] };

  /**
   * Whether claims without a class get this one; at most one class of a cluster.
   *
   * @default false
   */
  readonly defaultClass?: boolean;

  /**
   * Name of the StorageClass: at most 63 lower-case letters, digits, `-` and dots; it is also a label value. It has no
   * namespace.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;
}

/** The annotation of the default class. */
const DEFAULT = 'storageclass.kubernetes.io/is-default-class';

const MOUNT_OPTIONS = listOf(text);
const TOPOLOGIES = mapOf(labelKey, listOf(filledLabelValue));

/**
 * A kind of volume that a driver creates on demand. Most fields of a class are immutable: to change them, use a class
 * with another name.
 *
 * ```ts
 * const fast = new StorageClass(chart, 'fast', {
 *   provisioner: 'ebs.csi.aws.com',
 *   parameters: { type: 'io2', iops: '4000', encrypted: 'true' },
 * });
 * new VolumeClaim(chart, 'pages', {
 *   size: Size.gibibytes(5),
 *   accessMode: AccessMode.READ_WRITE_ONCE,
 *   storageClassName: fast.name,
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/storage/storage-classes/
 */
export class StorageClass extends Construct {
  /** Name of the StorageClass. */
  public readonly name: string;
  /** The StorageClass. */
  public readonly apiObject: ApiObject;

  public constructor(scope: Construct, id: string, props: StorageClassProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<StorageClassProps>(problems, props);
    this.name = readName(this, read, labelledSubdomain).name;
    const provisioner = readProvisioner(read);
    const isStatic = provisioner === NO_PROVISIONER;
    const parameters = readParameters(read, problems);
    const volumeBindingMode = read.optional(
      'volumeBindingMode',
      oneOf('WaitForFirstConsumer', 'Immediate'),
      'WaitForFirstConsumer',
    );
    const allowVolumeExpansion = read.optional('allowVolumeExpansion', boolean, !isStatic);
    const reclaim = read.optional('reclaim', oneOf<ReclaimPolicy>('Retain', 'Delete'), 'Retain', {
      fix: "Write 'Retain', the default, or 'Delete' if the data is worth nothing without its claim",
    });
    const mountOptions = read.optional('mountOptions', MOUNT_OPTIONS, [], {
      fix: "List options of mount, such as ['hard', 'nfsvers=4.1']",
      practice: 'CH16-16',
    });
    const topologies = read.optional(
      'allowedTopologies',
      TOPOLOGIES,
      {},
      {
        fix: "Map labels of nodes to values, such as 'topology.kubernetes.io/zone': ['eu-1a']",
      },
    );
    refuseTopologies(read, topologies);
    const isDefault = read.optional('defaultClass', boolean, false);
    read.refuseUnknown();
    if (isStatic && (allowVolumeExpansion || reclaim === 'Delete') && read.isSound('provisioner')) {
      const prop = allowVolumeExpansion ? 'allowVolumeExpansion' : 'reclaim';
      read.refuse(prop, read.raw(prop), 'no such promise: nobody creates, enlarges or deletes these volumes', {
        rule: 'props/conflict',
        fix: 'Remove it, or name the CSI driver of the volumes',
      });
    }
    this.apiObject = emit(this, 'Resource', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name: this.name,
        labels: recommended(this, this.name, 'storage', {}),
        annotations: isDefault ? { [DEFAULT]: 'true' } : {},
      },
      clusterScoped: true,
      provisioner,
      ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
      reclaimPolicy: reclaim,
      volumeBindingMode,
      allowVolumeExpansion,
      ...(mountOptions.length === 0 ? {} : { mountOptions }),
      ...(Object.keys(topologies).length === 0 ? {} : { allowedTopologies: [renderTopology(topologies)] }),
    });
    AppModel.of(this).add('storageClass', {
      owner: this,
      name: this.name,
      provisioner,
      reclaim,
      expandable: allowVolumeExpansion,
      isDefault,
      immediate: volumeBindingMode === 'Immediate',
    });
  }
}

function readProvisioner(read: Reader<StorageClassProps>): string {
  const hint = { fix: "Name the CSI driver: 'kubectl get csidrivers' lists those of a cluster", practice: 'CH16-19' };
  const provisioner = read.required('provisioner', provisionerName, 'invalid', hint);
  if (Object.hasOwn(OLD_PROVISIONERS, provisioner)) {
    const driver = OLD_PROVISIONERS[provisioner];
    read.refuse('provisioner', provisioner, 'the name of a CSI driver: Kubernetes has no drivers of its own any more', {
      rule: 'props/value',
      fix: driver === undefined ? hint.fix : `Write '${driver}'`,
      practice: 'CH16-19',
    });
  }
  return provisioner;
}

/** The API server refuses a label without values, and a value that is there twice. */
function refuseTopologies(
  read: Reader<StorageClassProps>,
  topologies: Readonly<Record<string, readonly string[]>>,
): void {
  if (!read.isSound('allowedTopologies')) return;
  for (const [label, values] of Object.entries(topologies)) {
    if (values.length > 0 && new Set(values).size === values.length) continue;
    read.refuse('allowedTopologies', values, `each value of ${label} once, and at least one`, {
      rule: values.length === 0 ? 'props/empty-list' : 'props/duplicate',
      fix: values.length === 0 ? 'Name a value, or remove the label' : 'Remove one of the two',
    });
  }
}

function renderTopology(labels: Readonly<Record<string, readonly string[]>>): object {
  return { matchLabelExpressions: Object.entries(labels).map(([key, values]) => ({ key, values })) };
}
