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
// v1-abcde: a version and the start of a commit
const VERSION_AND_COMMIT_TAG = /^v?\d+-[0-9a-f]{5,40}$/;
// 2345, jenkins-2345, bfeda01f-2345: the number of a build, or a day. Of fewer digits, it is a version that moves: node:22
const BUILD_TAG = /^([0-9A-Za-z]+[-_.])*\d{4,}$/;

/** Words of tags that are put on another build again and again. */
const MOVING_WORDS = new Set([
  ...[
    'latest',
    'current',
    'newest',
    'next',
    'lts',
    'mainline',
    'rolling',
    'stable',
    'unstable',
    'oldstable',
    'testing',
  ],
  ...['main', 'master', 'trunk', 'head', 'dev', 'devel', 'develop', 'development', 'release', 'snapshot', 'edge'],
  ...[
    'nightly',
    'daily',
    'weekly',
    'canary',
    'alpha',
    'beta',
    'rc',
    'preview',
    'prod',
    'production',
    'staging',
    'test',
  ],
]);

export interface ImageReference {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** An image with a tag that nobody moves, a digest, or both. */
export const fixedImage: Check<string> = {
  expected: "'name:tag', 'name@sha256:<64 hex digits>' or both, without the tag 'latest'",
  read(value, refuse) {
    const { tag, digest } = (typeof value === 'string' ? parseImage(value) : undefined) ?? {};
    if (digest !== undefined) return value as string;
    if (tag === undefined || tag === 'latest') return void refuse(value, this.expected);
    const word = movingWord(tag);
    return word === undefined
      ? (value as string)
      : void refuse(value, `a tag of one build, without '${word}', or the digest beside it`);
  },
};

export function parseImage(image: string): ImageReference | undefined {
  const groups = REFERENCE.exec(image)?.groups;
  return groups && { repository: groups.repository, tag: groups.tag, digest: groups.digest };
}

/**
 * Whether the tag says what is inside: a version, a commit or a build. Others, such as `18`, are moved in practice.
 */
export function isVersionTag(tag: string): boolean {
  return [SEMVER_TAG, COMMIT_TAG, VERSION_AND_COMMIT_TAG, BUILD_TAG].some((pattern) => pattern.test(tag));
}

/** The word that says that a tag moves: `latest` of `latest-alpine`, none of `main-bfeda01f`. */
export function movingWord(tag: string): string | undefined {
  return isVersionTag(tag) ? undefined : tag.split(/[-_.]/).find((word) => MOVING_WORDS.has(word.toLowerCase()));
}

/**
 * Whether the image comes from one of the registries. A prefix must end with `/`: `ghcr.io/acme` would also admit
 * `ghcr.io/acme-evil`.
 */
export function isFrom(image: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => image.startsWith(prefix));
}
