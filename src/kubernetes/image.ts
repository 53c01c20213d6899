import type { Check } from '../kernel/schema/checks';

// https://github.com/distribution/reference/blob/main/regexp.go, without the rule for upper-case host names
const HOST = '[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*(:\\d+)?';
const PATH_PART = '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*';
const REFERENCE = new RegExp(
  `^(?<repository>(${HOST}/)?${PATH_PART}(/${PATH_PART})*)` +
    `(:(?<tag>[\\w][\\w.-]{0,127}))?(@(?<digest>sha256:[a-f0-9]{64}))?$`,
);

// v1.0.1, 1.0.1-bfeda01f, 1.4 (https://semver.org, short forms as official images use them)
const SEMVER_TAG = /^v?\d+\.\d+(\.\d+)?([-.+_][0-9A-Za-z.+_-]+)?$/;
const COMMIT_TAG = /^([0-9A-Za-z]+[-_.])*[0-9a-f]{7,40}$/;

export interface ImageReference {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** An image with a tag other than `latest`, a digest, or both. */
export const fixedImage: Check<string> = {
  expected: "'name:tag', 'name@sha256:<64 hex digits>' or both, without the tag 'latest'",
  read(value, refuse) {
    const reference = typeof value === 'string' ? parseImage(value) : undefined;
    const fixed =
      reference && (reference.digest !== undefined || (reference.tag !== undefined && reference.tag !== 'latest'));
    return fixed ? (value as string) : void refuse(value, this.expected);
  },
};

export function parseImage(image: string): ImageReference | undefined {
  const groups = REFERENCE.exec(image)?.groups;
  return groups && { repository: groups.repository, tag: groups.tag, digest: groups.digest };
}

/**
 * Whether the tag identifies the content: a version or a commit. Other tags, such as `stable`, move in practice.
 */
export function isVersionTag(tag: string): boolean {
  return SEMVER_TAG.test(tag) || COMMIT_TAG.test(tag);
}

/**
 * Whether the image comes from one of the registries. A prefix must end with `/`: `ghcr.io/acme` would also admit
 * `ghcr.io/acme-evil`.
 */
export function isFrom(image: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => image.startsWith(prefix));
}
