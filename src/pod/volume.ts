import type { Size } from 'cdk8s';
import type { PodWide } from './container';
import { memorySource, scratchSource, type VolumeSettings } from './volumes';
import type { Problems } from '../kernel/findings/problems';
import { boolean, bytes, oneOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsSubdomain } from '../kernel/schema/syntax';
import { fixedImage } from '../kubernetes/image';
import { MEBIBYTE, TEBIBYTE } from '../kubernetes/quantity';

/** Options of an empty directory. */
export interface EmptyDirOptions {
  /**
   * Size limit: 1 MiB to 1 TiB. The kubelet evicts a pod that exceeds it: without a limit, one pod can fill the disk of
   * its node.
   */
  readonly sizeLimit: Size;

  /**
   * Whether it is in memory, which counts towards the memory limit of its containers.
   *
   * @default false: on the disk of the node
   */
  readonly inMemory?: boolean;
}

/** Options of a volume from an image. */
export interface ImageVolumeOptions {
  /**
   * When the kubelet pulls the image.
   *
   * @default - as for the images of the workload: 'IfNotPresent'
   */
  readonly pullPolicy?: 'IfNotPresent' | 'Always' | 'Never';
}

/**
 * A volume of a pod. ConfigMaps and Secrets need none: mount them directly.
 *
 * ```ts
 * frontend.mount('/var/cache/shop', Volume.emptyDir({ sizeLimit: Size.mebibytes(64) }));
 * frontend.mount('/srv/catalogue', Volume.claim('catalogue'), { readOnly: true });
 * ```
 */
export class Volume {
  /** A directory that is empty at the start of the pod, and lost with it. Mounted twice, it is one directory. */
  public static emptyDir(options: EmptyDirOptions): Volume {
    return new Volume('emptyDir', options);
  }

  /** The PersistentVolumeClaim with that name in the namespace of the pod. */
  public static claim(name: string): Volume {
    return new Volume('claim', name);
  }

  /**
   * The files of an image or another OCI artifact, such as a model or a site; read-only, and no program in it can run.
   * The rules for images of containers apply: `registries`, and `pullSecrets`. Needs Kubernetes 1.36 and nodes with
   * containerd 2.1 or CRI-O 1.31: declare the version with `ClusterProfile`.
   *
   * @param reference with a tag other than `latest`, a digest, or both: `ghcr.io/acme/model:1.4.2`
   * @param options when the kubelet pulls it
   * @see https://kubernetes.io/docs/tasks/configure-pod-container/image-volumes/
   */
  public static image(reference: string, options: ImageVolumeOptions = {}): Volume {
    return new Volume('image', reference, options);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'emptyDir' | 'claim' | 'image',
    /** @internal */ public readonly _value: unknown,
    /** @internal */ public readonly _options: unknown = {},
  ) {}
}

const PULL_POLICY = oneOf('IfNotPresent', 'Always', 'Never');

/** The volume of a mount at `path`, which also names an empty directory. */
export function readVolume(
  volume: Volume,
  path: string,
  pod: Pick<PodWide, 'pullPolicy'>,
  problems: Problems,
  prop: string,
): VolumeSettings | undefined {
  const { _kind, _value } = volume;
  const pathName = path.slice(1).replaceAll('/', '-');
  if (_kind === 'image') {
    const options = new Reader<ImageVolumeOptions>(problems, volume._options, `${prop}.`);
    const pullPolicy = options.optional('pullPolicy', PULL_POLICY, pod.pullPolicy);
    options.refuseUnknown();
    const reference = fixedImage.read(_value, (given, expected) => {
      problems.refuse(`${prop}.reference`, given, expected, {
        rule: 'workload/image-tag',
        fix: 'Give the version to mount, such as ghcr.io/acme/model:1.4.2',
      });
    });
    return reference === undefined ? undefined : { name: pathName, source: { image: { reference, pullPolicy } } };
  }
  if (_kind === 'claim') {
    const claimName = dnsSubdomain.read(_value, (given, expected) => {
      problems.refuse(`${prop}.name`, given, expected, { rule: 'app/object-name', fix: 'Write the name of the claim' });
    });
    return claimName === undefined ? undefined : { name: claimName, source: { persistentVolumeClaim: { claimName } } };
  }
  const read = new Reader<EmptyDirOptions>(problems, _value, `${prop}.`);
  const size = read.required('sizeLimit', bytes(MEBIBYTE, TEBIBYTE), MEBIBYTE, {
    fix: 'Set what the app needs, such as Size.mebibytes(64)',
  });
  const inMemory = read.optional('inMemory', boolean, false);
  read.refuseUnknown();
  const source = inMemory ? memorySource(size) : scratchSource(size);
  return read.isSound('sizeLimit') ? { name: pathName, source } : undefined;
}
