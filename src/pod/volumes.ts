import type { IConstruct } from 'constructs';
import { fromKplus } from '../interop/cdk8s-plus';
import type { IVolumeSource } from '../interop/references';
import type { Problems } from '../kernel/findings/problems';
import { boolean, type Check, confidential, isPlain, mapOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { absolutePath, configKey, itemPath, relativePath } from '../kernel/schema/syntax';
import { clashingPath } from '../kubernetes/file-paths';
import { hidesImageFiles as hidesFiles } from '../kubernetes/image-files';
import { bytesQuantity } from '../kubernetes/quantity';

/** Options of a mount. */
export interface MountOptions {
  /**
   * The keys of a ConfigMap or Secret to mount, each with the relative path of its file.
   *
   * @default - all keys, each as a file with that name
   */
  readonly items?: { [key: string]: string };

  /**
   * One path of the volume instead of the whole. Such a mount never sees an update of its source (CH04-12).
   *
   * @default - the whole volume
   */
  readonly subPath?: string;

  /**
   * Whether the mount is read-only.
   *
   * @default - true for ConfigMaps and Secrets, otherwise false
   */
  readonly readOnly?: boolean;

  /**
   * Names of the containers that get the mount.
   *
   * @default - the main container
   */
  readonly containers?: string[];

  /**
   * Allows a path where images have files of their own, such as `/etc/nginx`, and says of one at which they may,
   * such as `/app`, that it is meant: the mount hides them all.
   *
   * @default false: the first is an error, the second a warning (DX-22)
   */
  readonly hidesImageFiles?: boolean;
}

export interface VolumeSettings {
  readonly name: string;
  /** A wire-format volume without its name. */
  readonly source: object;
  /** The origin, if known: the source contains only a name. */
  readonly origin?: IConstruct;
}

export interface MountSettings {
  readonly volume: string;
  readonly path: string;
  readonly subPath?: string;
  readonly readOnly: boolean;
  /** Whether the caller has said that it hides files of the image. */
  readonly hidesImageFiles?: boolean;
}

export interface MountRequest {
  readonly path: string;
  readonly hidesImageFiles?: boolean;
  readonly items?: Record<string, string>;
  readonly subPath?: string;
  readonly readOnly?: boolean;
  readonly containers?: string[];
}

/** Files of a mounted Secret: readable only by the pod's user and group (CH01-44). */
export const SECRET_MODE = 0o440;

export const volumeSource: Check<IVolumeSource> = confidential({
  expected:
    'a VersionedConfigMap, a VersionedSecret, a ConfigMapRef, a SecretRef, or a Volume (for a claim: ' +
    "Volume.claim('...'))",
  read(value, refuse) {
    return isPlain(value) && typeof (value as Partial<IVolumeSource>).asVolume === 'function'
      ? (value as unknown as IVolumeSource)
      : void refuse(value, this.expected);
  },
});

const ITEMS = mapOf(configKey, itemPath);

export function readMount(
  path: unknown,
  options: unknown,
  containers: readonly string[],
  problems: Problems,
  prop: string,
): MountRequest {
  const read = new Reader<MountOptions>(problems, options, `${prop}.`);
  const target =
    absolutePath.read(path, (given, expected) => {
      problems.refuse(`${prop}.path`, given, expected, {
        rule: 'props/value',
        fix: "Write the directory in the container, such as '/etc/journal'",
      });
    }) ?? '/invalid';
  const hidesImageFiles = read.optional('hidesImageFiles', boolean, false);
  const request = {
    path: target,
    hidesImageFiles,
    items: read.optional('items', ITEMS, undefined, {
      fix: 'Map keys to file names',
      practice: 'CH04-11',
    }),
    subPath: read.optional('subPath', relativePath, undefined, {
      fix: "Write the path below the root of the volume, such as 'data/uploads'",
    }),
    readOnly: read.optional('readOnly', boolean, undefined, { fix: 'Write true or false' }),
    containers: read.optional('containers', namesOf(containers), undefined, nameContainers(containers)),
  };
  read.refuseUnknown();
  const clash = clashingPath(Object.values(request.items ?? {}));
  if (clash !== undefined) {
    read.refuse('items', clash, 'paths that can be files beside each other', {
      rule: 'workload/item-path-clash',
      fix: 'Give each key its own path',
    });
  }
  refuseHidden(request, problems, prop);
  return request;
}

/** Refuses a mount that would hide files of the image, unless the caller says that it is meant. */
export function refuseHidden({ path, subPath, hidesImageFiles }: MountRequest, problems: Problems, prop: string): void {
  if (hidesImageFiles || subPath !== undefined || !hidesFiles(path)) return;
  problems.refuse(`${prop}.path`, path, 'a directory that hides no files of the image', {
    rule: 'workload/mount-hides-files',
    fix: `Mount below it, such as '${path === '/' ? '' : path}/conf.d', or set hidesImageFiles: true`,
  });
}

/** The form of such a list, for messages. */
export function nameContainers(known: readonly string[]): { readonly fix: string } {
  return { fix: `Write one or several of them: ['${known.join("', '")}']` };
}

/** A list of container names of one pod. */
export function namesOf(known: readonly string[]): Check<string[]> {
  return {
    expected: `a list of container names of the pod (${known.join(', ')})`,
    read(value, refuse) {
      const names = Array.isArray(value) ? (value as unknown[]) : [];
      const good = names.filter((name): name is string => typeof name === 'string' && known.includes(name));
      return names.length > 0 && good.length === names.length ? good : void refuse(value, this.expected);
    },
  };
}

/** A cdk8s-plus volume in wire format, without its name. */
export function fromStorage(given: IVolumeSource): VolumeSettings | undefined {
  const volume = fromKplus(given.asVolume());
  if (volume === undefined) return undefined;
  const { name, ...source } = volume;
  return { name: String(name), source };
}

/** Makes a cdk8s-plus Secret volume read-only, with files of mode 0440 unless the volume states another. */
export function hardenSecret(source: object): { source: object; readOnly?: true } {
  const { secret, configMap } = source as { secret?: object; configMap?: object };
  if (secret) return { source: { secret: { defaultMode: SECRET_MODE, ...secret } }, readOnly: true };
  return configMap ? { source, readOnly: true } : { source };
}

export function secretSource(name: string, items?: Record<string, string>): object {
  return { secret: { secretName: name, defaultMode: SECRET_MODE, ...toItems(items) } };
}

export function configMapSource(name: string, items?: Record<string, string>, optional?: boolean): object {
  return { configMap: { name, ...toItems(items), ...(optional ? { optional } : {}) } };
}

export function scratchSource(sizeBytes: number): object {
  return { emptyDir: { sizeLimit: bytesQuantity(sizeBytes) } };
}

/** Scratch space in memory; counts as memory of the container that writes to it. */
export function memorySource(sizeBytes: number): object {
  return { emptyDir: { medium: 'Memory', sizeLimit: bytesQuantity(sizeBytes) } };
}

function toItems(items: Record<string, string> | undefined): object {
  return items === undefined ? {} : { items: Object.entries(items).map(([key, path]) => ({ key, path })) };
}
