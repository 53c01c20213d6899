import type { ApiObject } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import { type Content, contentHash } from './content';
import { EnvSource } from './env-source';
import { type ConfigMapSettings, readConfigMap } from './read-config-map';
import type { Reload, VersionedConfigMapProps } from './versioned-config-map-props';
import { toVolume } from '../interop/cdk8s-plus';
import type { IConfigMapRef, IVolumeSource, KplusObject } from '../interop/references';
import { emit } from '../kernel/emit/emission';
import { recommended } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import { Problems } from '../kernel/findings/problems';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceOf } from '../kernel/model/names';

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly configMap: VersionedConfigMap;
    readonly frozenContent: FrozenContent;
  }
}

/** An object whose name contains the hash of its content. */
export interface FrozenContent {
  readonly owner: IConstruct;
  readonly object: ApiObject;
  readonly name: string;
  readonly hash: string;
}

/**
 * Configuration that is versioned by its content.
 *
 * The data is fixed at construction, since the name of the object depends on it. Applying new YAML does not delete old
 * versions: keep those for rollbacks, and exclude ConfigMaps from pruning (CH01-34).
 *
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable
 */
export class VersionedConfigMap extends Construct implements IConfigMapRef, IVolumeSource {
  /** Name of the ConfigMap: with the version, unless `reload` differs from its default. */
  public readonly name: string;
  /** Name without the version. */
  public readonly baseName: string;
  /** Hash of the content. */
  public readonly contentHash: string;
  /** How pods pick up new content. */
  public readonly reload: Reload;
  /** The ConfigMap. */
  public readonly apiObject: ApiObject;

  /** As cdk8s-plus names it. */
  public readonly apiVersion = 'v1';
  /** As cdk8s-plus names it. */
  public readonly apiGroup = '';
  /** As cdk8s-plus names it. */
  public readonly kind = 'ConfigMap';
  /** As cdk8s-plus names it. */
  public readonly resourceType = 'configmaps';

  /** @internal */
  public readonly _paths: Readonly<Record<string, string>>;
  private readonly content: Content;
  private readonly problems: Problems;
  private volume?: KplusObject;

  public constructor(scope: Construct, id: string, props: VersionedConfigMapProps) {
    super(scope, id);
    this.problems = new Problems(this);
    const settings = readConfigMap(this, props, this.problems);
    this.content = settings.content;
    this._paths = settings.paths;
    this.reload = settings.reload;
    this.baseName = settings.name;
    this.contentHash = contentHash(settings.content);
    this.name = settings.reload === 'version' ? `${settings.name}-${this.contentHash}` : settings.name;
    this.apiObject = this.emit(settings);
    AppModel.of(this).add('configMap', this);
  }

  /** The keys of all entries, sorted. */
  public get keys(): string[] {
    return [...Object.keys(this.content.data), ...Object.keys(this.content.binaryData)].sort();
  }

  /**
   * The keys with binary content, which no variable can have.
   *
   * @internal
   */
  public get _binaryKeys(): string[] {
    return Object.keys(this.content.binaryData).sort();
  }

  /**
   * Missing keys that were requested. They are reported here, not by each workload that uses them.
   *
   * @internal
   */
  public readonly _missingKeys = new Set<string>();

  /** One entry as the value of an environment variable. */
  public envValue(key: string): EnvSource {
    if (!this.keys.includes(key)) {
      this._missingKeys.add(key);
      this.problems.refuse('envValue', key, `one of the keys ${this.keys.join(', ')}`, {
        rule: 'reference/missing-key',
        fix: 'Name a key that the ConfigMap has',
      });
    }
    return EnvSource.configMap(this, key);
  }

  /** The volume for cdk8s-plus. */
  public asVolume(): KplusObject {
    const items = this._items && Object.entries(this._items).map(([key, path]) => ({ key, path }));
    this.volume ??= toVolume(`configmap-${this.name}`, { configMap: { name: this.name, items } });
    return this.volume;
  }

  /** As cdk8s-plus names it. */
  public get resourceName(): string | undefined {
    return this.name;
  }

  /**
   * Its entries that are text.
   *
   * @internal
   */
  public get _text(): Readonly<Record<string, string>> {
    return this.content.data;
  }

  /**
   * The items of a mount that restore the paths of a folder's files; none if keys and paths are the same.
   *
   * @internal
   */
  public get _items(): Record<string, string> | undefined {
    return Object.keys(this._paths).length === 0
      ? undefined
      : Object.fromEntries(this.keys.map((key) => [key, Object.hasOwn(this._paths, key) ? this._paths[key] : key]));
  }

  private emit(settings: ConfigMapSettings): ApiObject {
    const { data, binaryData } = this.content;
    const object = emit(this, 'Resource', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: this.name,
        labels: recommended(this, settings.name, undefined, settings.labels),
        annotations: settings.annotations,
      },
      immutable: this.reload === 'version' ? true : undefined,
      data: Object.keys(data).length > 0 ? data : undefined,
      binaryData: Object.keys(binaryData).length > 0 ? binaryData : undefined,
    });
    if (this.reload === 'version') {
      AppModel.of(this).add('frozenContent', { owner: this, object, name: this.name, hash: this.contentHash });
    }
    return object;
  }
}

function configId(beside: IConstruct, name: string): string {
  return `${namespaceOf(beside) ?? ''}/${name}`;
}

const byId = (config: VersionedConfigMap): string[] => [configId(config, config.name)];

/**
 * The ConfigMap with that name in the namespace and on the cluster of `construct`. Call it at synthesis, since blocks
 * and profiles may come later.
 */
export function findConfigMap(construct: IConstruct, name: string): VersionedConfigMap | undefined {
  const cluster = clusterOf(construct).name;
  return AppModel.of(construct)
    .by('configMap', byId, configId(construct, name))
    .find((config) => clusterOf(config).name === cluster);
}
