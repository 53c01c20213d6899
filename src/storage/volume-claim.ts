import type { ApiObject, Size } from 'cdk8s';
import { Construct } from 'constructs';
import type { PersistentVolumeClaimSpec } from 'kubernetes-types/core/v1';
import { ClaimSource, readClaimSource, renderSource, type SourceSettings } from './claim-source';
import { StaticVolume } from './static-volume';
import { toVolume } from '../interop/cdk8s-plus';
import type { IVolumeSource, KplusObject } from '../interop/references';
import { emitLater } from '../kernel/emit/emission';
import { recommended } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import { Problems } from '../kernel/findings/problems';
import { readName } from '../kernel/model/read-name';
import type {} from '../kernel/model/storage-facts';
import { annotationMap, refuseLargeAnnotations } from '../kernel/schema/annotations';
import { bytes, instance, oneOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { labelledSubdomain, labelMap } from '../kernel/schema/syntax';
import { AccessMode } from '../kubernetes/access-mode';
import { bytesQuantity, MEBIBYTE } from '../kubernetes/quantity';
import { type ClaimClassProps, readClaimClass } from '../pod/claim-class';
import type { ClaimSettings } from '../pod/pod-settings';

/** Props of `VolumeClaim`. */
export interface VolumeClaimProps extends ClaimClassProps {
  /** Size of the volume; at least 1 MiB. A claim can grow later, if its class allows it, but never shrink. */
  readonly size: Size;

  /** The pods that can mount the volume at the same time. The drivers of disks support READ_WRITE_ONCE. */
  readonly accessMode: AccessMode;

  /**
   * The existing volume that the claim gets. The claim then has the class of the volume.
   *
   * @default - a new volume of the class, or one that `selector` selects
   */
  readonly volume?: StaticVolume;

  /**
   * Labels of existing volumes, of which the claim gets one. A driver creates no volume for such a claim, so without a
   * `storageClassName` it asks for a volume without a class.
   *
   * @default - none (CH16-10)
   */
  readonly selector?: { [label: string]: string };

  /**
   * What a new volume contains: a snapshot, or a copy of another claim.
   *
   * @default - nothing
   */
  readonly from?: ClaimSource;

  /**
   * Additional labels.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };

  /**
   * Annotations, such as `argocd.argoproj.io/sync-options: Prune=false`, which keeps a claim that the app no longer
   * contains.
   *
   * @default - none
   */
  readonly annotations?: { [annotation: string]: string };

  /**
   * Name of the PersistentVolumeClaim: at most 63 lower-case letters, digits, `-` and dots.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;
}

/**
 * A volume of its own for one or several workloads, which lives longer than their pods. For a volume for each pod, use
 * a block with claims, such as `StatefulService`.
 *
 * ```ts
 * const pages = new VolumeClaim(chart, 'pages', {
 *   size: Size.gibibytes(5),
 *   accessMode: AccessMode.READ_WRITE_ONCE,
 * });
 * const wiki = new WebService(chart, 'wiki', {
 *   image: 'ghcr.io/acme/wiki:2.1.0',
 *   port: 8080,
 *   readiness: Probe.httpGet('/readyz'),
 *   replicas: 1,
 *   rollout: Rollout.recreate(),
 * });
 * wiki.mount('/var/lib/wiki', pages);
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims
 */
export class VolumeClaim extends Construct implements IVolumeSource {
  /** Name of the PersistentVolumeClaim. */
  public readonly name: string;
  /** The PersistentVolumeClaim. */
  public readonly apiObject: ApiObject;

  public constructor(scope: Construct, id: string, props: VolumeClaimProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<VolumeClaimProps>(problems, props);
    this.name = readName(this, read, labelledSubdomain).name;
    const size = read.required('size', bytes(MEBIBYTE), MEBIBYTE, {
      fix: 'Set the size of the volume, such as Size.gibibytes(5)',
      practice: 'CH16-09',
    });
    const accessMode = read.required(
      'accessMode',
      oneOf<AccessMode>(...Object.values(AccessMode)),
      AccessMode.READ_WRITE_ONCE,
      { fix: 'Write AccessMode.READ_WRITE_ONCE for a disk', practice: 'CH16-09' },
    );
    const claim = readClaimClass(this, read, { name: this.name, bytes: size, accessMode });
    const target = readTarget(read, problems);
    const labels = recommended(
      this,
      this.name,
      'storage',
      read.optional('labels', labelMap, {}, { fix: 'Map label keys to values', practice: 'DX-13' }),
    );
    const annotations = read.optional('annotations', annotationMap, {}, { fix: 'Map annotation keys to texts' });
    refuseLargeAnnotations(annotations, problems, 'annotations');
    read.refuseUnknown();
    const storageClass = (): string | undefined => classOf(claim, target);
    const metadata = { name: this.name, labels, annotations };
    const head = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata };
    this.apiObject = emitLater(this, 'Resource', head, problems, () =>
      renderClaim({ ...target, size, accessMode, storageClass: storageClass(), attributes: claim.attributesClass }),
    );
    AppModel.of(this).add('volumeClaim', {
      owner: this,
      name: this.name,
      bytes: size,
      accessMode,
      storageClass,
      classProp: claim.classProp ?? 'storageClassName',
      selector: target.selector,
      volume: target.volume,
      source: target.source,
    });
  }

  /** The volume for pods. */
  public asVolume(): KplusObject {
    return toVolume(this.name, { persistentVolumeClaim: { claimName: this.name } });
  }
}

/** What a claim asks for besides size and class. */
interface TargetSettings {
  readonly volume?: StaticVolume;
  readonly selector?: Record<string, string>;
  readonly source?: SourceSettings;
}

function readTarget(read: Reader<VolumeClaimProps>, problems: Problems): TargetSettings {
  const volume = read.optional('volume', instance(StaticVolume, 'a StaticVolume'), undefined, {
    fix: 'Pass the StaticVolume, or use selector with its labels',
  });
  const selector = read.optional('selector', labelMap, undefined, {
    fix: "Map labels of the volume to values, such as 'tier' to 'silver'",
    practice: 'CH16-10',
  });
  if (selector !== undefined && Object.keys(selector).length === 0 && read.isSound('selector')) {
    read.refuse('selector', selector, 'at least one label', {
      rule: 'props/empty-list',
      fix: 'Name a label of the volume, or remove the prop',
    });
  }
  const from = read.optional('from', instance(ClaimSource, 'a ClaimSource'), undefined, {
    fix: "Use ClaimSource.snapshot('...') or ClaimSource.claim('...')",
  });
  const one = { fix: 'Keep one of the two: the claim gets one volume' };
  read.conflict('volume', 'selector', one);
  for (const prop of ['volume', 'selector'] as const) {
    read.conflict(prop, 'from', { fix: "Remove 'from': an existing volume has its content already" });
    read.conflict(prop, 'storageTier', { fix: "Remove 'storageTier': the volume exists already" });
  }
  read.conflict('volume', 'storageClassName', { fix: "Remove 'storageClassName': the volume has one" });
  return { volume, selector, source: from && readClaimSource(from, problems, 'from') };
}

/** The class of a claim. `''` asks for a volume without a class, and not for one of the default class. */
function classOf({ storageClass }: ClaimSettings, { volume, selector }: TargetSettings): string | undefined {
  if (volume !== undefined) return volume._storageClass;
  return storageClass ?? (selector === undefined ? undefined : '');
}

interface RenderedClaim extends TargetSettings {
  readonly size: number;
  readonly accessMode: AccessMode;
  readonly storageClass?: string;
  readonly attributes?: string;
}

function renderClaim({
  size,
  accessMode,
  storageClass,
  attributes,
  volume,
  selector,
  source,
}: RenderedClaim): PersistentVolumeClaimSpec {
  return {
    accessModes: [accessMode],
    resources: { requests: { storage: bytesQuantity(size) } },
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    // newer than kubernetes-types
    ...(attributes === undefined ? {} : { volumeAttributesClassName: attributes }),
    ...(volume === undefined ? {} : { volumeName: volume.name }),
    ...(selector === undefined ? {} : { selector: { matchLabels: selector } }),
    ...(source === undefined ? {} : { dataSource: renderSource(source) as PersistentVolumeClaimSpec['dataSource'] }),
  };
}
