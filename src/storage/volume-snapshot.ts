import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { emitLater } from '../kernel/emit/emission';
import { recommended } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import { Problems } from '../kernel/findings/problems';
import { readName } from '../kernel/model/read-name';
import type {} from '../kernel/model/storage-facts';
import { Reader } from '../kernel/schema/reader';
import { dnsSubdomain, labelledSubdomain } from '../kernel/schema/syntax';

/** Props of `VolumeSnapshot`. */
export interface VolumeSnapshotProps {
  /** Name of the PersistentVolumeClaim in the namespace, such as `name` of a `VolumeClaim`, or `data-redis-0`. */
  readonly claimName: string;

  /**
   * VolumeSnapshotClass; its driver must be that of the claim.
   *
   * @default - the default class of the driver
   */
  readonly snapshotClassName?: string;

  /**
   * Name of the VolumeSnapshot: at most 63 lower-case letters, digits, `-` and dots; it is also a label value.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;
}

/**
 * A copy of a volume at one time, such as the start of a release. It is consistent only if the application has written
 * what it holds in memory. Needs the CSI snapshot controller and its CustomResourceDefinitions.
 *
 * ```ts
 * new VolumeSnapshot(chart, 'pages-before-upgrade', { claimName: 'pages', snapshotClassName: 'backup' });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/storage/volume-snapshots/
 */
export class VolumeSnapshot extends Construct {
  /** Name of the VolumeSnapshot. */
  public readonly name: string;
  /** The VolumeSnapshot. */
  public readonly apiObject: ApiObject;

  public constructor(scope: Construct, id: string, props: VolumeSnapshotProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<VolumeSnapshotProps>(problems, props);
    this.name = readName(this, read, labelledSubdomain).name;
    const claim = read.required('claimName', dnsSubdomain, 'invalid', {
      fix: "Write the name of the claim: 'kubectl get pvc' lists them",
      practice: 'CH16-23',
    });
    const snapshotClass = read.optional('snapshotClassName', dnsSubdomain, undefined, {
      fix: "Write a name that 'kubectl get volumesnapshotclasses' shows",
    });
    read.refuseUnknown();
    const metadata = { name: this.name, labels: recommended(this, this.name, 'storage', {}) };
    const head = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshot', metadata };
    this.apiObject = emitLater(this, 'Resource', head, problems, () => ({
      ...(snapshotClass === undefined ? {} : { volumeSnapshotClassName: snapshotClass }),
      source: { persistentVolumeClaimName: claim },
    }));
    AppModel.of(this).add('volumeSnapshot', { owner: this, name: this.name, claim, snapshotClass });
  }
}
