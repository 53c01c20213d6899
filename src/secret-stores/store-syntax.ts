import { type Check, matching, that } from '../kernel/schema/checks';

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

export const region = matching(/^[a-z]{2,3}(-[a-z]+)+-\d{1,2}$/, 40, "a region of AWS, such as 'eu-central-1'");

/** Without user and password. */
export const httpsUrl: Check<string> = that('an https URL without user, query and fragment', (value) => {
  if (typeof value !== 'string' || !/^https:\/\/[^\s@?#]+$/.test(value)) return false;
  return URL.canParse(value);
});
