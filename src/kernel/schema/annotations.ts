import { anyText, type Check, mapOf } from './checks';
import { askedPath, HEALTH_CHECK_PATH } from './http-path';
import { labelKey } from './syntax';
import { Verbatim } from '../findings/describe';
import type { Problems } from '../findings/problems';
import { keyPart } from '../findings/prop-path';

/** Limit of the API server for all keys and values of one object together. */
const MOST_BYTES = 256 * 1024;

const texts = mapOf(labelKey, anyText);

export const annotationMap: Check<Record<string, string>> = {
  ...texts,
  read(value, refuse) {
    const accepted = texts.read(value, refuse);
    for (const [name, path] of Object.entries(accepted ?? {})) {
      if (!HEALTH_CHECK_PATH.test(name)) continue;
      askedPath.read(path, (given, expected) => refuse(given, expected, keyPart(name), "Write '/healthz'"));
    }
    return accepted;
  },
};

/** Call it with all annotations of an object, including those of the block. */
export function refuseLargeAnnotations(
  annotations: Readonly<Record<string, string>>,
  problems: Problems,
  prop: string,
): void {
  const size = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  if (size > MOST_BYTES) {
    problems.refuse(
      prop,
      new Verbatim(`${size} bytes`),
      `at most ${MOST_BYTES} bytes in all keys and values of the object`,
      { rule: 'app/large-annotations', fix: 'Put large data into a ConfigMap' },
    );
  }
}
