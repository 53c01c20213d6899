import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { EnvSource, type EnvSourceOptions } from './env-source';
import { toVolume } from '../interop/cdk8s-plus';
import type { ISecretRef, IVolumeSource, KplusObject } from '../interop/references';
import { AppModel } from '../kernel/facts/app-model';
import { Problems } from '../kernel/findings/problems';
import { shortName } from '../kernel/model/names';
import type {} from '../kernel/model/required-secrets';
import type { SourcedSecret } from '../kernel/model/secret-sources';
import { listOf, text } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { configKey, dnsSubdomain } from '../kernel/schema/syntax';
import type * as Sources from '../secret-stores/read-source';
import type { SecretSource } from '../secret-stores/secret-source';

/** Props of `VersionedSecret`. */
export interface VersionedSecretProps {
  /**
   * Name of the Secret without the version.
   *
   * @default - the id of the construct
   */
  readonly name?: string;

  /**
   * Version of the content: lower-case letters, digits, `-` and `.`. Change it with every change of the content: the
   * pods that use the Secret then roll.
   */
  readonly version: string;

  /**
   * Keys that the Secret must have. A user that names another key is an error.
   *
   * @default - the keys of `from`; without it, the keys that its users name
   */
  readonly keys?: string[];

  /**
   * Type of the Secret.
   *
   * @default 'Opaque'
   */
  readonly type?: string;

  /**
   * The origin of the content: a store or a ciphertext. The block then writes the object that creates the Secret.
   *
   * @default - none: you create the Secret
   */
  readonly from?: SecretSource;
}

/**
 * A reference to a Secret whose name contains a version: `redis-passwd-v2`.
 *
 * It writes no Secret, since a value in YAML is a value in version control (CH01-37). With `from`, it writes the object
 * that creates the Secret from a store or a ciphertext. Without `from`, create the Secret with your secret management,
 * preferably with `immutable: true`; `Inventory` lists it.
 *
 * ```ts
 * const apiKey = new VersionedSecret(chart, 'payment-key', { version: 'v3', keys: ['key'] });
 * frontend.mountSecret('/var/run/secrets/payment', apiKey);
 * ```
 */
export class VersionedSecret extends Construct implements ISecretRef, IVolumeSource {
  /** Name of the Secret, with the version. */
  public readonly name: string;
  /** Type of the Secret. */
  public readonly type: string;
  /** Keys that the Secret must have. */
  public readonly keys: string[];
  /** The ExternalSecret, SealedSecret or SecretProviderClass; none without `from`. */
  public readonly apiObject?: ApiObject;

  /** As cdk8s-plus names it. */
  public readonly apiVersion = 'v1';
  /** As cdk8s-plus names it. */
  public readonly apiGroup = '';
  /** As cdk8s-plus names it. */
  public readonly kind = 'Secret';
  /** As cdk8s-plus names it. */
  public readonly resourceType = 'secrets';

  /**
   * What `from` has made of it.
   *
   * @internal
   */
  public readonly _sourced?: SourcedSecret;

  private volume?: KplusObject;

  public constructor(scope: Construct, id: string, props: VersionedSecretProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<VersionedSecretProps>(problems, props);
    const base = read.optional('name', text, shortName(this), {
      fix: 'Write the name of the Secret without its version',
    });
    const version = read.required('version', dnsSubdomain, 'invalid', {
      fix: "Write the version of the content, such as 'v1'",
      practice: 'CH01-33',
    });
    this.name = `${base}-${version}`;
    this.type = read.optional('type', text, 'Opaque', { practice: 'CH04-07' });
    const keys = read.optional('keys', listOf(configKey), [], { fix: 'List the keys' });
    this._sourced = this.readFrom(read, version, keys, problems);
    this.keys = [...new Set([...keys, ...(this._sourced?.keys ?? [])])];
    this.apiObject = this._sourced?.object;
    read.refuseUnknown();
    if (this.keys.length > 0) {
      AppModel.of(this).add('declaredSecret', { owner: this, name: this.name, keys: this.keys });
    }
    if (dnsSubdomain.read(this.name, () => undefined) === undefined) {
      problems.refuse('name', this.name, dnsSubdomain.expected, {
        rule: 'app/object-name',
        fix: 'Choose another name',
      });
    }
  }

  /** One key as the value of an environment variable. A mounted file is safer: process listings do not show it. */
  public envValue(key: string, options: EnvSourceOptions = {}): EnvSource {
    return EnvSource.secret(this, key, options);
  }

  /** As a volume of cdk8s-plus. */
  public asVolume(): KplusObject {
    this.volume ??= toVolume(`secret-${this.name}`, this._volume ?? { secret: { secretName: this.name } });
    return this.volume;
  }

  /** As cdk8s-plus names it. */
  public get resourceName(): string | undefined {
    return this.name;
  }

  /**
   * The volume of the Secrets Store CSI driver, if the files come from it.
   *
   * @internal
   */
  public get _volume(): object | undefined {
    return this._sourced?.csi && sources().csiVolume(this.name);
  }

  private readFrom(
    read: Reader<VersionedSecretProps>,
    version: string,
    keys: readonly string[],
    problems: Problems,
  ): SourcedSecret | undefined {
    if (!read.has('from')) return undefined;
    const module = sources();
    const from = read.optional('from', module.secretSource, undefined, {
      fix: 'Use SecretSource.externalSecret(...), SecretSource.sealed(...) or SecretSource.csi(...)',
    });
    if (from === undefined) return undefined;
    const { name, type } = this;
    const source = module.readSource(this, from, problems, 'from');
    if (keys.length > 0 && source.keys.length > 0 && !haveSame(keys, source.keys)) {
      problems.refuse('keys', keys, `the keys of 'from' (${source.keys.join(', ')})`, {
        rule: 'reference/missing-key',
        fix: "Omit 'keys', or list the same keys in both",
      });
    }
    return module.addSource(this, { name, type }, version, source, problems);
  }
}

function haveSame(some: readonly string[], others: readonly string[]): boolean {
  return some.every((key) => others.includes(key)) && others.every((key) => some.includes(key));
}

/** Loaded for Secrets with a source only. */
function sources(): typeof Sources {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('../secret-stores/read-source') as typeof Sources;
}
