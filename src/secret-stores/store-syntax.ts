import { type Check, isPlain, that } from '../kernel/schema/checks';
import { dnsSubdomain } from '../kernel/schema/syntax';

/** The name of something in a store: it becomes part of a line, and of no other one. */
export const storeText: Check<string> = that(
  'non-empty text without control characters and spaces at its ends, of at most 1024 characters',
  (value) =>
    typeof value === 'string' &&
    value !== '' &&
    value.length <= 1024 &&
    value.trim() === value &&
    // eslint-disable-next-line no-control-regex
    !/[\u0000-\u001f\u007f]/.test(value),
);

/** Without user and password. */
export const httpsUrl: Check<string> = that('an https URL without user, query and fragment', (value) => {
  if (typeof value !== 'string' || !/^https:\/\/[^\s@?#]+$/.test(value)) return false;
  return URL.canParse(value);
});

/** A reference to an object of one of the kinds. */
export function namedObject<T extends { readonly kind: string; readonly name: string }>(
  expected: string,
  ...kinds: ReadonlyArray<T['kind']>
): Check<T> {
  return {
    expected,
    read(value, refuse) {
      const { kind, name } = (isPlain(value) ? value : {}) as Partial<T>;
      if (kind === undefined || !kinds.includes(kind)) return void refuse(value, expected);
      const good = dnsSubdomain.read(name, (given, wanted) => refuse(given, wanted, '.name'));
      return good === undefined ? undefined : (value as T);
    },
  };
}
