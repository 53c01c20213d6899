/**
 * Characters that cdk8s writes as they are, and that the reader of Kubernetes refuses or takes for something else: the
 * byte order mark (at some positions only), line ends of Unicode, control characters and halves of surrogate pairs.
 */
const UNREADABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;

/**
 * Text that YAML changes: cdk8s writes it, and Kubernetes reads it as YAML 1.1 in the variant of Go.
 *
 * - Unquoted numbers: `0o17`, `0X1F`, `1e_3`. An `_` may follow the first character anywhere.
 * - Several lines of nothing but space: `' \n'` becomes `'\n'`.
 * - Several lines of which the first that is not empty begins with a tab: the reader takes it for an indentation.
 * - What `UNREADABLE` has.
 *
 * @see https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go
 */
const LOST = new RegExp(
  [
    /^[-+]?0_*[oO][0-7_]+$/,
    /^[-+]?0_*[XB][\da-fA-F_]+$/,
    /^[-+]?0_+[xb][\da-fA-F_]+$/,
    /^[-+]_[\d_]*[xXoObB][\da-fA-F_]+$/,
    /^[-+]_[\d_.]*(?:[eE][-+\d_]+)?$/,
    /^[-+]?[\d.][\d_.]*[eE][-+\d]*_[-+\d_]*$/,
    /^\n*[ \t][ \t\n]*\n$/,
    /^(?=\n*\t)(?=[^]*\n)(?![^]*\n[ \t]+$)/,
    UNREADABLE,
  ]
    .map(({ source }) => source)
    .join('|'),
  'u',
);

/** Expected text, as messages show it. */
export const CARRIED_TEXT =
  'text that YAML keeps unchanged: no unusual number such as 0o17 or 1e_3, no control characters or Unicode line ' +
  'ends, no blank first lines and no tab at the start of a line';

/** Whether YAML keeps text of a manifest unchanged. */
export function carriedByYaml(text: string): boolean {
  return !LOST.test(text);
}

/** Whether the reader of Kubernetes refuses or changes text that YAML has as it is. */
export function isUnreadable(yaml: string): boolean {
  return UNREADABLE.test(yaml);
}

/** Text in double quotes, with escapes in place of characters that the reader of Kubernetes refuses or changes. */
export function quotedForYaml(text: string): string {
  return JSON.stringify(text).replace(
    new RegExp(UNREADABLE, 'gu'),
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Whether text can be encoded as UTF-8, which unpaired surrogates cannot. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
