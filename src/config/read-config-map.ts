import { join } from 'node:path';
import type { Construct } from 'constructs';
import { type Content, contentBytes, filesBelow, readContent, requestBytes, textContent } from './content';
import type { Reload, VersionedConfigMapProps } from './versioned-config-map-props';
import type { Labels } from '../kernel/emit/labels';
import { nameToWrite, Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import { readName } from '../kernel/model/read-name';
import { annotationMap, refuseLargeAnnotations } from '../kernel/schema/annotations';
import { confidential, content as contentText, listOf, localText, mapOf, oneOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { configKey, dnsLabel, labelMap } from '../kernel/schema/syntax';
import { clashingPath } from '../kubernetes/file-paths';
import { suspicionOf } from '../secrets-scan/credentials';

/** Limit of the API server for all values together. */
const MOST_BYTES = 1024 * 1024;
/** Limit of the API server for a request, minus the names and labels of the object. */
const MOST_REQUEST_BYTES = 3 * 1024 * 1024 - 16 * 1024;
/** 63 characters of a label, minus `-` and the hash. */
const LONGEST_BASE = 52;

export interface ConfigMapSettings {
  readonly name: string;
  readonly reload: Reload;
  readonly content: Content;
  readonly paths: Record<string, string>;
  readonly labels: Labels;
  readonly annotations: Record<string, string>;
}

const ALLOW_SECRET_LOOKING_DATA = listOf(configKey);
const RELOAD = oneOf<Reload>('version', 'watch', 'checksum');

export function readConfigMap(construct: Construct, props: unknown, problems: Problems): ConfigMapSettings {
  const read = new Reader<VersionedConfigMapProps>(problems, props);
  const { name } = readName(construct, read, dnsLabel(LONGEST_BASE));
  const allowed = read.optional('allowSecretLookingData', ALLOW_SECRET_LOOKING_DATA, [], {
    fix: 'List keys of entries',
  });
  const settings = {
    name,
    reload: read.optional('reload', RELOAD, 'version'),
    ...readContents(read, problems),
    labels: read.optional('labels', labelMap, {}, { fix: 'Map label keys to values', practice: 'DX-13' }),
    annotations: read.optional('annotations', annotationMap, {}, { fix: 'Map annotation names to text' }),
  };
  read.refuseUnknown();
  refuseContent(settings.content, allowed, problems);
  refuseLargeAnnotations(settings.annotations, problems, 'annotations');
  refuseLargeRequest(settings, problems);
  return settings;
}

const DATA = confidential(mapOf(configKey, contentText));
const FILES = mapOf(configKey, localText);

function readContents(
  read: Reader<VersionedConfigMapProps>,
  problems: Problems,
): { content: Content; paths: Record<string, string> } {
  const data: Record<string, string> = {};
  const binaryData: Record<string, string> = {};
  const paths: Record<string, string> = {};
  let size = 0;
  const put = (prop: string, key: string, value: { text: string } | { base64: string }): void => {
    if (Object.hasOwn(data, key) || Object.hasOwn(binaryData, key)) {
      problems.refuse(prop, key, 'a key that no other entry has', {
        rule: 'config/duplicate-key',
        fix: 'Rename one of the entries',
      });
    } else if ('text' in value) {
      data[key] = value.text;
      size += Buffer.byteLength(value.text);
    } else {
      binaryData[key] = value.base64;
      size += Buffer.byteLength(value.base64, 'base64');
    }
  };

  for (const [key, value] of Object.entries(
    read.optional(
      'data',
      DATA,
      {},
      { fix: 'Map keys to text; serialize a document first, such as to JSON', practice: 'DX-44' },
    ),
  )) {
    put('data', key, textContent(value));
  }
  for (const [key, path] of Object.entries(
    read.optional('files', FILES, {}, { fix: 'Map keys to paths of files', practice: 'DX-44' }),
  )) {
    putFile('files', key, path, put, problems);
  }
  const folder = read.optional('folder', localText, undefined, { fix: 'Write the path of a folder' });
  for (const path of folder === undefined ? [] : list(folder, problems)) {
    const key = path.replaceAll('/', '__');
    // read as a map, which also refuses keys that no map may have
    const accepted = mapOf(configKey, localText).read({ [key]: path }, (given, expected) =>
      problems.refuse('folder', given, expected, { rule: 'props/value', fix: 'Rename the file', practice: 'DX-44' }),
    );
    if (Object.keys(accepted ?? {}).length === 0) continue;
    if (key !== path) paths[key] = path;
    putFile('folder', key, join(folder ?? '', path), put, problems);
    // a wrong folder can have gigabytes
    if (size > MOST_BYTES) break;
  }
  const clash = clashingPath(
    [...Object.keys(data), ...Object.keys(binaryData)].map((key) => (Object.hasOwn(paths, key) ? paths[key] : key)),
  );
  if (clash !== undefined) {
    problems.refuse('folder', clash, 'paths that can exist side by side', {
      rule: 'config/path-clash',
      fix: 'Rename the file or the entry',
    });
  }
  if (!read.has('data') && !read.has('files') && !read.has('folder')) {
    read.refuse('data', undefined, "'data', 'files' or 'folder'", {
      rule: 'config/no-content',
      fix: 'Pass the content at construction: the name depends on it',
    });
  }
  return { content: { data, binaryData }, paths };
}

function putFile(
  prop: string,
  key: string,
  path: string,
  put: (prop: string, key: string, value: { text: string } | { base64: string }) => void,
  problems: Problems,
): void {
  try {
    put(prop, key, readContent(path));
  } catch (error) {
    problems.refuse(prop, path, 'a file that can be read', {
      rule: 'config/unreadable-file',
      fix:
        `The system says ${(error as NodeJS.ErrnoException).code}: check the path; a relative path starts at the ` +
        'working directory',
    });
  }
}

function list(folder: string, problems: Problems): string[] {
  try {
    return filesBelow(folder);
  } catch (error) {
    problems.refuse('folder', folder, 'a folder that can be read', {
      rule: 'config/unreadable-file',
      fix:
        `The system says ${(error as NodeJS.ErrnoException).code}: check the path; a relative path starts at the ` +
        'working directory',
    });
    return [];
  }
}

/** Refuses content whose JSON escapes exceed the request limit: such characters take up to six bytes. */
function refuseLargeRequest({ content, annotations }: ConfigMapSettings, problems: Problems): void {
  const size = contentBytes(content);
  // larger content is refused for its own size, and smaller content cannot reach the limit
  if (size > MOST_BYTES || 6 * size < MOST_REQUEST_BYTES - 2 * MOST_BYTES) return;
  const escaped = requestBytes(content, annotations);
  if (escaped > MOST_REQUEST_BYTES) {
    problems.refuse(
      'data',
      new Verbatim(`${escaped} bytes as JSON`),
      `at most ${MOST_REQUEST_BYTES}, where '<', '>', '&' and control characters take six each`,
      { rule: 'config/too-large', fix: 'Put large files into the image or onto a volume' },
    );
  }
}

function refuseContent(content: Content, allowed: readonly string[], problems: Problems): void {
  const size = contentBytes(content);
  if (size > MOST_BYTES) {
    problems.refuse('data', new Verbatim(`${size} bytes`), `at most ${MOST_BYTES} bytes in all values`, {
      rule: 'config/too-large',
      fix: 'Put large files into the image or onto a volume',
    });
  }
  for (const [key, value] of Object.entries(content.data)) {
    const suspicion = allowed.includes(key) ? undefined : suspicionOf(key, value);
    if (suspicion === undefined) continue;
    problems.add({
      rule: suspicion.certain ? 'secret/in-config-map' : 'secret/by-name',
      prop: `data${keyPart(key)}`,
      got: suspicion.what,
      expected: 'configuration only',
      fix:
        `Keep it in a Secret, and mount the Secret beside the ConfigMap. If it is no credential, list ` +
        `${nameToWrite(key)} in 'allowSecretLookingData'`,
    });
  }
}
