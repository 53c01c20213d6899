import type { IConstruct } from 'constructs';
import { ConfigMapRef } from '../config/config-map-ref';
import { readSecretName, refuseOtherNamespace } from '../config/references';
import { SecretRef } from '../config/secret-ref';
import { VersionedConfigMap } from '../config/versioned-config-map';
import { VersionedSecret } from '../config/versioned-secret';
import type { SeveralPods } from '../controllers/controller';
import type { ISecretRef, IVolumeSource } from '../interop/references';
import { AppModel } from '../kernel/facts/app-model';
import type { Problems } from '../kernel/findings/problems';
import { warn } from '../kernel/findings/warnings';
import { needSecret } from '../kernel/model/required-secrets';
import type {} from '../kernel/model/secret-sources';
import { dnsLabel, dnsSubdomain } from '../kernel/schema/syntax';
import { isFrom, isVersionTag, parseImage } from '../kubernetes/image';
import { emptiesImageFiles } from '../kubernetes/image-files';
import { type ContainerSettings, movingTag, type PodWide, refuseRegistry } from '../pod/container';
import { type EmptyDir, readEmptyDir, reserveDisk } from '../pod/empty-dirs';
import type { PodSettings } from '../pod/pod-settings';
import { readVolume, Volume } from '../pod/volume';
import {
  configMapSource,
  fromStorage,
  hardenSecret,
  type MountOptions,
  type MountRequest,
  type MountSettings,
  readMount,
  scratchSource,
  refuseHidden,
  secretSource,
  type VolumeSettings,
  volumeSource,
} from '../pod/volumes';
import { stateClaimMount, stateEmptyDirs } from '../pod/workload-facts';

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
const RESTRICTED_VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** Beta and enabled from 1.35 on, where many nodes still have a containerd that cannot mount images. */
const IMAGE_VOLUME_MINOR = 36;

const VOLUME_NAME = dnsLabel();

/** A directory of the main container that another container reads. */
export interface SharedDirectory {
  readonly directory: string;
  /** Limit of the volume, if the main container has none there. */
  readonly bytes: number;
  /** Name of the reading container. */
  readonly reader: string;
  readonly problems: Problems;
  /** Prop with the directory. */
  readonly prop: string;
}

interface AddedVolume {
  readonly name: string;
  /** The default of the mount. */
  readonly readOnly: boolean;
  readonly isImage: boolean;
}

/** Mounts volumes into the pods of one workload. */
export class Mounting {
  /** The pod volumes of other libraries' volumes: a volume that is mounted twice is still one. */
  private readonly added = new Map<object, AddedVolume>();
  private readonly emptyDirs: EmptyDir[] = [];
  /** What waits for the other mounts: first for sidecars of the workload, then for those of the chart and the app. */
  private readonly waiting: Record<'own' | 'ordered', Array<() => void>> = { own: [], ordered: [] };

  /** `severalPods` says whether claims must support several pods, and what would reduce them to one. */
  public constructor(
    private readonly owner: IConstruct,
    private readonly pod: PodSettings,
    private readonly podWide: PodWide,
    private readonly severalPods: () => SeveralPods | undefined,
    private readonly problems: Problems,
  ) {}

  /** `prop` is the prop with the volume. */
  public mount(
    path: string,
    storage: Volume | IVolumeSource,
    options: MountOptions = {},
    prop = 'mount.storage',
  ): void {
    const request = this.readRequest(path, options, 'mount');
    if (storage instanceof Volume) {
      this.mountStorage(
        storage,
        request,
        () => readVolume(storage, request.path, this.podWide, this.problems, prop),
        prop,
      );
      return;
    }
    const given = volumeSource.read(storage, (value, expected) =>
      this.problems.refuse('mount.storage', value, expected, {
        rule: 'props/value',
        fix: 'Pass the construct; use mountSecret(...) for a Secret of cdk8s-plus',
      }),
    );
    if (given === undefined) return;
    refuseOtherNamespace(this.owner, given, this.problems, 'mount.storage');
    if (given instanceof VersionedConfigMap) {
      this.mountConfigMap(given, request);
    } else if (given instanceof VersionedSecret || given instanceof SecretRef) {
      this.mountSecretRef(given, request, 'mount.storage', 'mount');
    } else if (given instanceof ConfigMapRef) {
      this.mountConfigMapRef(given, request);
    } else {
      this.mountStorage(given, request, () => this.readStorage(given));
    }
  }

  /** `prop` is the prop with the Secret. */
  public mountSecret(path: string, secret: ISecretRef, options: MountOptions, prop = 'mountSecret.secret'): void {
    const request = this.readRequest(path, options, 'mountSecret');
    this.mountSecretRef(secret, request, prop, 'mountSecret');
  }

  /** A claim that each pod has of its own. `prop` is the prop with it. */
  public mountClaim(claim: string, request: MountRequest, prop: string): void {
    refuseHidden(request, this.problems, prop);
    this.addMount(request, claim, false, prop);
  }

  /** A volume of this pod only, such as scratch space. */
  public addOwn(path: string, volume: string, source: object, container: string, readOnly = false): void {
    this.addMount({ path, containers: [container] }, this.addVolume(volume, source), readOnly);
  }

  /** Runs a step at synthesis, when all other mounts exist. */
  public later(whose: 'own' | 'ordered', step: () => void): void {
    this.waiting[whose].push(step);
    const model = AppModel.of(this.owner);
    if (model.first(this)) model.add('preparation', { owner: this.owner, prepare: () => this.settle() });
  }

  /** Runs the steps that wait. A second call changes nothing. */
  public settle(): void {
    const { own, ordered } = this.waiting;
    for (const step of [...own.splice(0), ...ordered.splice(0)]) step();
  }

  /** Lets a container read a directory of the main one, which gets an empty one if it has none there. */
  public share({ directory, bytes, reader, problems, prop }: SharedDirectory): void {
    const [main] = this.pod.containers;
    const known = mountAround(directory, main) ?? this.addDirectory(directory, bytes, problems, prop);
    if (known === undefined) return;
    if (known.readOnly) {
      problems.refuse(prop, directory, `a directory to which container '${main.name}' can write`, {
        rule: 'props/conflict',
        fix: `Write the file elsewhere: the volume at '${known.path}' is read-only`,
      });
      return;
    }
    const { path, subPath, volume } = known;
    this.addMount({ path, subPath, containers: [reader] }, volume, true);
  }

  /** An empty directory for the main container. */
  private addDirectory(directory: string, bytes: number, problems: Problems, prop: string): MountSettings | undefined {
    if (emptiesImageFiles(directory)) {
      problems.refuse(prop, directory, 'a directory in which the image has no files that it needs', {
        rule: 'workload/mount-hides-files',
        fix: `Write the file to a directory of its own, such as '${directory}/log'`,
      });
      return undefined;
    }
    const [main] = this.pod.containers;
    const source = scratchSource(bytes);
    const volume = this.addVolume(directory.slice(1).replaceAll('/', '-'), source);
    this.addMount({ path: directory }, volume, false);
    this.reserveRoom({ name: volume, source });
    return mountAround(directory, main);
  }

  private readRequest(path: string, options: MountOptions, prop: string): MountRequest {
    return readMount(
      path,
      options,
      this.pod.containers.map(({ name }) => name),
      this.problems,
      prop,
    );
  }

  private mountConfigMap(config: VersionedConfigMap, request: MountRequest): void {
    for (const key of Object.keys(request.items ?? {})) {
      if (!config.keys.includes(key)) {
        this.problems.refuse('mount.items', key, `keys of the ConfigMap (${config.keys.join(', ')})`, {
          rule: 'reference/missing-key',
          fix: 'Name a key that the ConfigMap has',
        });
      }
    }
    if (config.reload === 'watch' && request.subPath !== undefined) {
      this.problems.refuse('mount.subPath', request.subPath, "no subPath with reload: 'watch'", {
        rule: 'workload/sub-path-watch',
        fix: "Mount the directory, or use reload: 'version': a subPath mount never sees an update",
      });
    }
    const items = request.items ?? config._items;
    this.refuseMissingPath(request.subPath, items ? Object.values(items) : config.keys, 'mount.subPath');
    this.addMount(
      request,
      this.addVolume(config.baseName, configMapSource(config.name, items), config),
      request.readOnly ?? true,
    );
  }

  /** Refuses a path that the volume does not have: the kubelet would create an empty directory. */
  private refuseMissingPath(subPath: string | undefined, files: readonly string[], prop: string): void {
    if (subPath === undefined || files.some((file) => `${file}/`.startsWith(`${subPath}/`))) return;
    this.problems.refuse(prop, subPath, `a file of the volume (${files.join(', ')}), or a directory of it`, {
      rule: 'reference/missing-key',
      fix: 'Name a file that the volume has: the container would find an empty directory',
    });
  }

  private mountNamedSecret(
    name: string,
    type: string,
    keys: readonly string[],
    request: MountRequest,
    prop: string,
    origin?: IConstruct,
  ): void {
    if (request.items) this.refuseMissingPath(request.subPath, Object.values(request.items), `${prop}.subPath`);
    needSecret({ user: this.owner, name, type, keys: [...keys, ...Object.keys(request.items ?? {})] });
    this.addMount(request, this.addVolume(name, secretSource(name, request.items), origin), true);
  }

  private mountSecretRef(secret: ISecretRef, request: MountRequest, prop: string, at: string): void {
    const name = readSecretName(this.owner, secret, this.problems, prop);
    if (name === undefined) return;
    const versioned = secret instanceof VersionedSecret ? secret : undefined;
    if (versioned?._volume !== undefined) return this.mountCsi(versioned, versioned._volume, request, prop, at);
    this.mountNamedSecret(name, versioned?.type ?? 'Opaque', versioned?.keys ?? [], request, at, versioned);
  }

  /** The files of a driver: all of them, with the names of their keys. */
  private mountCsi(secret: VersionedSecret, volume: object, request: MountRequest, prop: string, at: string): void {
    const { items, subPath } = request;
    const isCalled = prop.startsWith(`${at}.`);
    const isWhole = (entries: ReadonlyArray<readonly [string, string]>): boolean =>
      entries.every(([key, path]) => key === path) &&
      secret.keys.every((key) => entries.some(([name]) => name === key));
    if (items !== undefined && !isWhole(Object.entries(items))) {
      this.problems.refuse(
        isCalled ? `${at}.items` : prop,
        Object.keys(items),
        'all keys of the class, each as a file with its name',
        {
          rule: 'secret/csi-items',
          fix: isCalled
            ? "Omit 'items', or declare a VersionedSecret with these keys only: the driver mounts all files of a class"
            : 'Use SecretSource.externalSecret(...) or SecretSource.sealed(...): the block renames the key',
        },
      );
    }
    this.refuseMissingPath(subPath, secret.keys, `${at}.subPath`);
    AppModel.of(this.owner).add('csiMount', { owner: this.owner, secret });
    this.addMount(request, this.addVolume(secret.name, volume, secret), true);
  }

  private mountConfigMapRef(config: ConfigMapRef, request: MountRequest): void {
    const name = dnsSubdomain.read(config.name, (given, expected) =>
      this.problems.refuse('mount.storage.name', given, expected, {
        rule: 'app/object-name',
        fix: 'Write the name of the ConfigMap',
      }),
    );
    if (request.items) this.refuseMissingPath(request.subPath, Object.values(request.items), 'mount.subPath');
    if (name !== undefined) {
      this.addMount(request, this.addVolume(name, configMapSource(name, request.items)), request.readOnly ?? true);
    }
  }

  private mountStorage(
    given: Volume | IVolumeSource,
    request: MountRequest,
    read: () => VolumeSettings | undefined,
    prop = 'mount.storage',
  ): void {
    if (request.items !== undefined) {
      this.problems.refuse('mount.items', Object.keys(request.items), 'items only for a ConfigMap or Secret', {
        rule: 'props/conflict',
        fix: "Omit 'items': this volume has no keys, or already has its items",
      });
    }
    const volume = this.added.get(given) ?? this.addStorage(given, read(), prop);
    if (volume?.isImage && request.readOnly === false) {
      this.problems.refuse('mount.readOnly', false, 'true: an image is read-only', {
        rule: 'props/conflict',
        fix: "Omit 'readOnly', or mount a Volume.emptyDir(...) to write to",
      });
    }
    if (volume) this.addMount(request, volume.name, request.readOnly ?? volume.readOnly);
  }

  private readStorage(given: IVolumeSource): VolumeSettings | undefined {
    const volume = fromStorage(given);
    if (volume === undefined) {
      this.problems.refuse('mount.storage', given, volumeSource.expected, {
        rule: 'props/value',
        fix: 'Pass a Volume',
      });
    }
    return volume;
  }

  private addStorage(
    given: Volume | IVolumeSource,
    volume: VolumeSettings | undefined,
    prop: string,
  ): AddedVolume | undefined {
    if (volume === undefined) return undefined;
    const { name, source } = volume;
    const {
      secret,
      persistentVolumeClaim: claim,
      image,
    } = source as {
      secret?: { secretName: string };
      image?: { reference: string };
      persistentVolumeClaim?: { claimName: string };
    };
    const type = Object.keys(source)[0];
    if (!RESTRICTED_VOLUMES.includes(type)) {
      this.problems.refuse('mount.storage', type, `one of ${RESTRICTED_VOLUMES.join(', ')}`, {
        rule: 'workload/volume-type',
        fix: 'Use a claim: Pod Security restricted admits no other volumes',
      });
      return undefined;
    }
    if (claim) {
      stateClaimMount({ owner: this.owner, claim: claim.claimName, pod: this.pod, severalPods: this.severalPods });
    }
    if (secret) needSecret({ user: this.owner, name: secret.secretName, type: 'Opaque', keys: [] });
    const hardened = hardenSecret(source);
    const isImage = image !== undefined;
    if (isImage) this.checkImage(image.reference, prop);
    const added = { name: this.addVolume(name, hardened.source), readOnly: hardened.readOnly ?? isImage, isImage };
    this.reserveRoom({ name: added.name, source });
    this.added.set(given, added);
    return added;
  }

  private checkImage(reference: string, prop: string): void {
    const { registries } = this.podWide;
    if (registries.length > 0 && !isFrom(reference, registries)) {
      refuseRegistry(reference, registries, this.problems, prop);
    }
    const { tag, digest } = parseImage(reference) ?? {};
    if (tag !== undefined && digest === undefined && !isVersionTag(tag)) {
      warn(this.owner, { ...movingTag(reference), prop });
    }
    AppModel.of(this.owner).add('newField', {
      owner: this.owner,
      prop,
      value: reference,
      minor: IMAGE_VOLUME_MINOR,
      fallback: 'mount a Volume.emptyDir(...) that an init container fills from the image',
    });
  }

  private reserveRoom(volume: VolumeSettings): void {
    const dir = readEmptyDir(volume);
    if (dir === undefined) return;
    reserveDisk(this.pod.containers[0], dir);
    this.emptyDirs.push(dir);
    if (this.emptyDirs.length === 1) stateEmptyDirs({ owner: this.owner, pod: this.pod, dirs: this.emptyDirs });
  }

  /** The name of the volume with that source, added if the pod lacks it. `wish` is the preferred name. */
  private addVolume(wish: string, source: object, origin?: IConstruct): string {
    const { volumes } = this.pod;
    // two scratch volumes of one size are different volumes
    const known = 'emptyDir' in source ? undefined : sameVolume(volumes, source);
    if (known) return known.name;
    // the controller would replace a volume of that name with the claim
    const isFree = (candidate: string): boolean =>
      !this.pod.claims.some(({ name }) => name === candidate) && !volumes.some((volume) => volume.name === candidate);
    const isName = VOLUME_NAME.read(wish, () => undefined) !== undefined;
    let name = isName ? wish : 'volume';
    for (let number = 2; !isFree(name); number++) name = `volume-${number}`;
    volumes.push({ name, source, origin });
    return name;
  }

  /** The runtime creates the directory of a mount, which it cannot do in a read-only volume. */
  private refuseNested(path: string, readOnly: boolean, { name, mounts }: ContainerSettings, prop: string): boolean {
    const isIn = (inner: string, outer: string): boolean => inner.startsWith(`${outer}/`);
    const other = mounts.find((known) =>
      known.readOnly
        ? isIn(path, known.path) || (readOnly && isIn(known.path, path))
        : readOnly && isIn(known.path, path),
    );
    if (other === undefined) return true;
    const [inner, outer] = isIn(path, other.path) ? [path, other.path] : [other.path, path];
    this.problems.refuse(`${prop}.path`, path, `a path outside of the read-only volume at '${outer}'`, {
      rule: 'workload/nested-mount',
      fix: `Mount '${inner}' elsewhere in container '${name}': the runtime cannot create it in that volume`,
    });
    return false;
  }

  /** Adds the mount to the containers of the request, by default to the main one. `prop` is the prop with its path. */
  private addMount(request: MountRequest, volume: string, readOnly: boolean, prop = 'mount'): void {
    const names = request.containers ?? [this.pod.containers[0].name];
    for (const container of this.pod.containers.filter(({ name }) => names.includes(name))) {
      if (container.mounts.some(({ path }) => path === request.path)) {
        this.problems.refuse(`${prop}.path`, request.path, `a path without a mount in container '${container.name}'`, {
          rule: 'workload/duplicate-mount',
          fix: 'Choose another path, or remove one of the mounts',
        });
      } else if (this.refuseNested(request.path, readOnly, container, prop)) {
        const { path, subPath, hidesImageFiles } = request;
        container.mounts.push({ volume, path, subPath, readOnly, hidesImageFiles });
      }
    }
  }
}

/** The innermost mount that holds a directory. */
function mountAround(directory: string, { mounts }: ContainerSettings): MountSettings | undefined {
  return mounts
    .filter(({ path }) => `${directory}/`.startsWith(`${path}/`))
    .reduce<MountSettings | undefined>(
      (best, one) => (best && best.path.length > one.path.length ? best : one),
      undefined,
    );
}

function sameVolume(volumes: readonly VolumeSettings[], source: object): VolumeSettings | undefined {
  const content = JSON.stringify(source);
  return volumes.find((volume) => JSON.stringify(volume.source) === content);
}
