/** How pods pick up new content. */
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
   * Entries as text. Empty values are kept. Text that YAML does not keep unchanged becomes `binaryData`, with the same
   * bytes in a mount.
   *
   * @default - none
   */
  readonly data?: { [key: string]: string };

  /**
   * Entries from files: key to path. Content that is not UTF-8, or that YAML does not keep unchanged, becomes
   * `binaryData`.
   *
   * @default - none
   */
  readonly files?: { [key: string]: string };

  /**
   * A folder whose files all become entries. `css/site.css` gets the key `css__site.css`, and is mounted as
   * `css/site.css` again.
   *
   * @default - none
   */
  readonly folder?: string;

  /**
   * How pods pick up new content.
   *
   * - `version`: the name contains a hash of the content, and the object is immutable. New content is a new object and
   *   a rolling update; old pods and a rollback keep the old content (CH01-32, CH01-33).
   * - `watch`: one name, mutable. Running pods see new files after about a minute, all at once and without a rollout;
   *   the app must watch the files (CH04-10).
   * - `checksum`: one name, mutable, and a pod annotation that changes with the content. A rollback of the Deployment
   *   does not restore the old content (CH04-25).
   *
   * @default 'version'
   */
  readonly reload?: Reload;

  /**
   * Keys of entries that look like credentials but are none.
   *
   * @default - none: an entry with a credential is an error, and a name like a credential is a warning (CH01-39)
   */
  readonly allowSecretLookingData?: string[];

  /**
   * Additional labels.
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
