import type { Size } from 'cdk8s';
import { memorySource, scratchSource, type VolumeSettings } from './volumes';
import type { Problems } from '../kernel/findings/problems';
import { boolean, bytes } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsSubdomain } from '../kernel/schema/syntax';
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

  private constructor(
    /** @internal */ public readonly _kind: 'emptyDir' | 'claim',
    /** @internal */ public readonly _value: unknown,
  ) {}
}

/** The volume of a mount at `path`, which also names an empty directory. */
export function readVolume(volume: Volume, path: string, problems: Problems, prop: string): VolumeSettings | undefined {
  const { _kind, _value } = volume;
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
  return read.isSound('sizeLimit') ? { name: path.slice(1).replaceAll('/', '-'), source } : undefined;
}
