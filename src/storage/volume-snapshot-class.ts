import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { readParameters } from './parameters';
import { emit } from '../kernel/emit/emission';
import { recommended } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import { Problems } from '../kernel/findings/problems';
import { readName } from '../kernel/model/read-name';
import type { ReclaimPolicy } from '../kernel/model/storage-facts';
import { claimUnique } from '../kernel/model/uniqueness';
import { boolean, oneOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { labelledSubdomain } from '../kernel/schema/syntax';

/** Props of `VolumeSnapshotClass`. */
export interface VolumeSnapshotClassProps {
  /** CSI driver that takes the snapshots: that of the StorageClass of the volumes. */
  readonly driver: string;

  /**
   * What happens to the data of a snapshot when its VolumeSnapshot is deleted.
   *
   * @default 'Retain': a deleted namespace does not destroy its backups (CH16-23)
   */
  readonly deletionPolicy?: 'Retain' | 'Delete';

  /**
   * Parameters of the driver, each a text. Name Secrets instead of writing credentials.
   *
   * @default - none
   */
  readonly parameters?: { [name: string]: string };

  /**
   * Whether snapshots without a class get this one; at most one class of a driver.
   *
   * @default false
   */
  readonly defaultClass?: boolean;

  /**
   * Name of the VolumeSnapshotClass: at most 63 lower-case letters, digits, `-` and dots; it is also a label value. It
   * has no namespace.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;
}

const DEFAULT = 'snapshot.storage.kubernetes.io/is-default-class';

/**
 * How a driver takes snapshots. Needs the CSI snapshot controller and its CustomResourceDefinitions.
 *
 * ```ts
 * new VolumeSnapshotClass(chart, 'backup', { driver: 'ebs.csi.aws.com' });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/storage/volume-snapshot-classes/
 */
export class VolumeSnapshotClass extends Construct {
  /** Name of the VolumeSnapshotClass. */
  public readonly name: string;
  /** The VolumeSnapshotClass. */
  public readonly apiObject: ApiObject;

  public constructor(scope: Construct, id: string, props: VolumeSnapshotClassProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<VolumeSnapshotClassProps>(problems, props);
    this.name = readName(this, read, labelledSubdomain).name;
    const driver = read.required('driver', labelledSubdomain, 'invalid', {
      fix: "Name the CSI driver: 'kubectl get csidrivers' lists those of a cluster",
    });
    const deletionPolicy = read.optional('deletionPolicy', oneOf<ReclaimPolicy>('Retain', 'Delete'), 'Retain');
    const parameters = readParameters(read, problems);
    const isDefault = read.optional('defaultClass', boolean, false);
    read.refuseUnknown();
    this.apiObject = emit(this, 'Resource', {
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshotClass',
      metadata: {
        name: this.name,
        labels: recommended(this, this.name, 'storage', {}),
        annotations: isDefault ? { [DEFAULT]: 'true' } : {},
      },
      clusterScoped: true,
      driver,
      deletionPolicy,
      ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    });
    AppModel.of(this).add('snapshotClass', { owner: this, name: this.name, driver });
    if (isDefault && read.isSound('driver')) {
      claimUnique(this, `VolumeSnapshotClass with 'defaultClass' for ${driver}`, {
        rule: 'storage/two-defaults',
        fix: 'Remove it from the others: a snapshot without a class fails if its driver has two',
      });
    }
  }
}
