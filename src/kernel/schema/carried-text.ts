/**
 * Characters that cdk8s writes as they are, and that the reader of Kubernetes refuses or takes for something else: the
 * byte order mark (at some positions only), line ends of Unicode, control characters and halves of surrogate pairs.
 */
const UNREADABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;

/**
 * Text that comes out of the YAML as something else. cdk8s writes it, and the reader of Kubernetes keeps to YAML 1.1
 * in the way of Go.
 *
 * - Numbers that are written without quotes: `0o17`, `0X1F`, `1e_3`. An `_` may be anywhere after the first character.
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

/** What a message expects in place of other text. */
export const CARRIED_TEXT =
  'text that YAML carries: no unusual number such as 0o17 or 1e_3, no control characters or line ends of Unicode, no ' +
  'lines that begin with a tab or are blank at the start';

/** Whether text in a manifest arrives in the cluster as it is. */
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

/** Whether text can be written as UTF-8: halves of surrogate pairs cannot. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
