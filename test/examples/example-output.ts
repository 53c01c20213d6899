import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from '../support';

/** What an example writes. */
export interface ExampleOutput {
  /** Names and contents of its YAML files, in the order of their names. */
  readonly files: () => Array<[string, string]>;
  readonly manifests: () => Manifest[];
  /** All files in one text. */
  readonly yaml: () => string;
}

/** Synthesizes an example before the tests of a file, without its words for the console. */
export function outputOf(synthesize: (folder: string) => void): ExampleOutput {
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  beforeAll(() => synthesize(folder));
  afterAll(() => {
    printed.mockRestore();
    rmSync(folder, { recursive: true });
  });
  const files = (): Array<[string, string]> =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
  return {
    files,
    manifests: () =>
      files().flatMap(([, text]) => parseAllDocuments(text).map((document) => document.toJS() as Manifest)),
    yaml: () =>
      files()
        .map(([file, content]) => `# ${file}\n${content}`)
        .join('\n'),
  };
}
