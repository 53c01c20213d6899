import { join } from 'node:path';
import { ApiObject, type JsonPatch } from 'cdk8s';
import type { EnvValue, IConfigMap, IStorage, Volume } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { type Content, contentBytes, contentHash, filesBelow, readContent } from './content';
import { anyText, listOf, mapOf, oneOf, text } from '../foundation/checks';
import { looksSecret } from '../foundation/credentials';
import { Verbatim } from '../foundation/describe';
import { loadKplus } from '../foundation/kplus';
import { type Labels, recommended } from '../foundation/labels';
import { namespaceOf, pathName } from '../foundation/names';
import { PerApp } from '../foundation/per-app';
import { Problems } from '../foundation/problems';
import { Reader } from '../foundation/reader';
import { configKey, dnsLabel, labelKey, labelValue } from '../foundation/syntax';
import { watchDuplicates } from '../foundation/uniqueness';

/** How pods take notice of new content. */
export type Reload = 'version' | 'watch' | 'checksum';

/** Props of `VersionedConfigMap`. */
export interface VersionedConfigMapProps {
  /**
   * Name without the version; at most 52 characters.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /**
   * Entries as text. Empty values are kept.
   *
   * @default - none
   */
  readonly data?: { [key: string]: string };

  /**
   * Entries from files: key to path. What is not valid UTF-8 becomes `binaryData`.
   *
   * @default - none
   */
  readonly files?: { [key: string]: string };

  /**
   * A folder of which all files become entries. `css/site.css` has the key `css__site.css`, and is again
   * `css/site.css` where the ConfigMap is mounted.
   *
   * @default - none
   */
  readonly folder?: string;

  /**
   * How pods take notice of new content.
   *
   * - `version`: the name carries a hash of the content and the object is immutable. New content is a new object and
   *   a rolling update; the old pods, and a rollback, keep the old content (CH01-32, CH01-33).
   * - `watch`: one name, mutable. Running pods see new files after about a minute, all at once and with no rollout;
   *   the app must watch them (CH04-10).
   * - `checksum`: one name, mutable, and an annotation of the pods that changes with the content. A rollback of the
   *   Deployment does not bring the old content back (CH04-25).
   *
   * @default 'version'
   */
  readonly reload?: Reload;

  /**
   * Keys of entries that may look like credentials.
   *
   * @default - none: an entry that looks like a credential is an error (CH01-39)
   */
  readonly allowSecretLookingData?: string[];

  /**
   * Labels beside the recommended ones.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };

  /**
   * Annotations.
   *
   * @default - none
   */
  readonly annotations?: { [name: string]: string };
}

/** The API server's limit for all values together. */
const MOST_BYTES = 1024 * 1024;
/** 63 characters of a label, less `-` and the hash. */
const LONGEST_BASE = 52;

const knownKeys = new PerApp<Map<string, VersionedConfigMap>>(() => new Map());

/**
 * Configuration that is versioned by its content.
 *
 * The data is fixed at construction, since the name of the object depends on it. Old versions are not deleted by
 * applying new YAML: keep those that a rollback may need, and exclude ConfigMaps from pruning (CH01-34).
 *
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable
 */
export class VersionedConfigMap extends Construct implements IConfigMap, IStorage {
  /** Name of the ConfigMap: with the version, unless `reload` says otherwise. */
  public readonly name: string;
  /** Name without the version. */
  public readonly baseName: string;
  /** Hash of the content. */
  public readonly contentHash: string;
  /** How pods take notice of new content. */
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
  private volume?: Volume;

  public constructor(scope: Construct, id: string, props: VersionedConfigMapProps) {
    super(scope, id);
    this.problems = new Problems(this);
    const settings = readProps(this, props, this.problems);
    this.content = settings.content;
    this._paths = settings.paths;
    this.reload = settings.reload;
    this.baseName = settings.name;
    this.contentHash = contentHash(settings.content);
    this.name = settings.reload === 'version' ? `${settings.name}-${this.contentHash}` : settings.name;
    this.apiObject = this.emit(settings);
    knownKeys.of(this).set(configId(namespaceOf(this), this.name), this);
  }

  /** The keys of all entries, sorted. */
  public get keys(): string[] {
    return [...Object.keys(this.content.data), ...Object.keys(this.content.binaryData)].sort();
  }

  /** One entry as the value of an environment variable. */
  public envValue(key: string): EnvValue {
    if (!this.keys.includes(key)) {
      this.problems.refuse('envValue', key, `one of the keys ${this.keys.join(', ')}`, { fix: 'Name a key that the ConfigMap has', practice: 'CH04-20' });
    }
    return loadKplus().EnvValue.fromConfigMap(this, key);
  }

  /** As a volume of cdk8s-plus. */
  public asVolume(): Volume {
    const items = this._items === undefined ? undefined : Object.fromEntries(Object.entries(this._items).map(([key, path]) => [key, { path }]));
    this.volume ??= loadKplus().Volume.fromConfigMap(this, 'Volume', this, { items });
    return this.volume;
  }

  /** As cdk8s-plus names it. */
  public get resourceName(): string | undefined {
    return this.name;
  }

  /**
   * The items of a mount that gives the files of a folder their paths back; none where keys and paths are the same.
   *
   * @internal
   */
  public get _items(): Record<string, string> | undefined {
    return Object.keys(this._paths).length === 0 ? undefined : Object.fromEntries(this.keys.map((key) => [key, Object.hasOwn(this._paths, key) ? this._paths[key] : key]));
  }

  private emit(settings: Settings): ApiObject {
    const { data, binaryData } = this.content;
    watchDuplicates(this);
    return new ContentObject(this, 'Resource', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: this.name,
        labels: recommended(this, settings.name, undefined, settings.labels),
        ...(Object.keys(settings.annotations).length > 0 ? { annotations: settings.annotations } : {}),
      },
      ...(this.reload === 'version' ? { immutable: true } : {}),
      ...(Object.keys(data).length > 0 ? { data } : {}),
      ...(Object.keys(binaryData).length > 0 ? { binaryData } : {}),
    }, (problems) => this.refuseChanged(problems), this.problems);
  }

  /** A JSON patch can change the content behind the hash: two contents would then share one immutable name. */
  private refuseChanged(problems: Problems): void {
    if (this.reload !== 'version') return;
    const rendered = this.apiObject.toJson() as Partial<Content> & { metadata: { name: string } };
    const hash = contentHash({ data: rendered.data ?? {}, binaryData: rendered.binaryData ?? {} });
    if (hash !== this.contentHash || rendered.metadata.name !== this.name) {
      problems.refuse('data', `content of hash ${hash} as '${rendered.metadata.name}'`, `the content of hash ${this.contentHash} as '${this.name}'`, {
        fix: "Give the final content as props instead of patching it, or use reload: 'watch'",
        practice: 'CH01-33',
      });
    }
  }
}

/** Renders as any other object; a check of the rendered result runs only when there is a patch. */
class ContentObject extends ApiObject {
  private patched = false;

  public constructor(scope: Construct, id: string, props: ConstructorParameters<typeof ApiObject>[2], check: (problems: Problems) => void, problems: Problems) {
    super(scope, id, props);
    problems.atSynth((late) => {
      if (this.patched) check(late);
    });
  }

  public override addJsonPatch(...ops: JsonPatch[]): void {
    this.patched = true;
    super.addJsonPatch(...ops);
  }
}

interface Settings {
  readonly name: string;
  readonly reload: Reload;
  readonly content: Content;
  readonly paths: Record<string, string>;
  readonly labels: Labels;
  readonly annotations: Record<string, string>;
}

function readProps(construct: Construct, props: unknown, problems: Problems): Settings {
  const read = new Reader<VersionedConfigMapProps>(problems, props);
  const nameRule = dnsLabel(LONGEST_BASE);
  const name = read.optional('name', text, pathName(construct), { fix: 'Leave it out for the construct path' });
  if (nameRule.read(name, () => undefined) === undefined) {
    problems.refuse('name', name, nameRule.expected, { fix: "Set 'name', or choose other construct ids", practice: 'DX-12' });
  }
  const allowed = read.optional('allowSecretLookingData', listOf(configKey), [], { fix: 'List keys of entries' });
  const settings = {
    name,
    reload: read.optional('reload', oneOf<Reload>('version', 'watch', 'checksum'), 'version', { fix: "Leave it out for 'version'" }),
    ...readContents(read, problems),
    labels: read.optional('labels', mapOf(labelKey, labelValue), {}, { fix: 'Map label keys to values', practice: 'DX-13' }),
    annotations: read.optional('annotations', mapOf(labelKey, anyText), {}, { fix: 'Map annotation names to text' }),
  };
  read.refuseUnknown();
  refuseContent(settings.content, allowed, problems);
  return settings;
}

function readContents(read: Reader<VersionedConfigMapProps>, problems: Problems): { content: Content; paths: Record<string, string> } {
  const data: Record<string, string> = {};
  const binaryData: Record<string, string> = {};
  const paths: Record<string, string> = {};
  const put = (prop: string, key: string, value: { text: string } | { base64: string }): void => {
    if (Object.hasOwn(data, key) || Object.hasOwn(binaryData, key)) {
      problems.refuse(prop, key, 'a key that no other entry has', { fix: 'Rename one of the entries' });
    } else if ('text' in value) {data[key] = value.text;} else {binaryData[key] = value.base64;}
  };

  for (const [key, value] of Object.entries(read.optional('data', mapOf(configKey, anyText), {}, { fix: 'Map keys to text; write JSON.stringify(value) for a document', practice: 'DX-44' }))) {
    put('data', key, { text: value });
  }
  for (const [key, path] of Object.entries(read.optional('files', mapOf(configKey, text), {}, { fix: 'Map keys to paths of files', practice: 'DX-44' }))) {
    putFile('files', key, path, put, problems);
  }
  const folder = read.optional('folder', text, undefined, { fix: 'Give the path of a folder' });
  for (const path of folder === undefined ? [] : list(folder, problems)) {
    const key = path.replaceAll('/', '__');
    // read as a map, which also refuses the keys that no map may have
    const accepted = mapOf(configKey, text).read({ [key]: path }, (given, expected) => problems.refuse('folder', given, expected, { fix: 'Rename the file', practice: 'DX-44' }));
    if (Object.keys(accepted ?? {}).length === 0) continue;
    if (key !== path) paths[key] = path;
    putFile('folder', key, join(folder ?? '', path), put, problems);
  }
  if (!read.has('data') && !read.has('files') && !read.has('folder')) {
    read.refuse('data', undefined, "'data', 'files' or 'folder'", { fix: 'Give the content at construction: the name depends on it', practice: 'CH01-33' });
  }
  return { content: { data, binaryData }, paths };
}

function putFile(prop: string, key: string, path: string, put: (prop: string, key: string, value: { text: string } | { base64: string }) => void, problems: Problems): void {
  try {
    put(prop, key, readContent(path));
  } catch (error) {
    problems.refuse(prop, path, 'a file that can be read', { fix: `The system says ${(error as NodeJS.ErrnoException).code}: check the path; relative ones start at the working directory` });
  }
}

function list(folder: string, problems: Problems): string[] {
  try {
    return filesBelow(folder);
  } catch (error) {
    problems.refuse('folder', folder, 'a folder that can be read', { fix: `The system says ${(error as NodeJS.ErrnoException).code}: check the path; relative ones start at the working directory` });
    return [];
  }
}

function refuseContent(content: Content, allowed: readonly string[], problems: Problems): void {
  const size = contentBytes(content);
  if (size > MOST_BYTES) {
    problems.refuse('data', new Verbatim(`${size} bytes`), `at most ${MOST_BYTES} bytes in all values`, { fix: 'Put large files into the image or on a volume', practice: 'CH04-06' });
  }
  for (const [key, value] of Object.entries(content.data)) {
    if (!allowed.includes(key) && looksSecret(key, value)) {
      problems.add({
        prop: `data['${key}']`,
        got: 'content that looks like a credential',
        expected: 'configuration only',
        fix: `Put it into a Secret, or list '${key}' in 'allowSecretLookingData'`,
        practice: 'CH01-39',
      });
    }
  }
}

function configId(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

/** The ConfigMap of the app with that name, for checks of references by name. */
export function findConfigMap(construct: Construct, name: string): VersionedConfigMap | undefined {
  return knownKeys.of(construct).get(configId(namespaceOf(construct), name));
}
