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
   * Entries as text. Empty values are kept. Text that YAML does not carry becomes `binaryData`, with the same bytes in
   * a mount.
   *
   * @default - none
   */
  readonly data?: { [key: string]: string };

  /**
   * Entries from files: key to path. What is not UTF-8, or not carried by YAML, becomes `binaryData`.
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
   * Keys of entries that are no credentials, whatever their content or name.
   *
   * @default - none: an entry that is a credential is an error, one by the name of a credential a warning (CH01-39)
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
