import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../src';

/*
 * Tests name the rule, the construct and the prop of a finding. What it says is in one file, which is reviewed as such:
 * `npm run update-messages` writes it from what the tests see.
 */
export const GOLDEN = join(__dirname, 'messages.golden.txt');

/** Where the workers of a run note what they have seen. */
export const SEEN = 'SEEN_MESSAGES';

export const UPDATE = 'UPDATE_MESSAGES';

let golden: ReadonlySet<string> | undefined;

/** `[path] prop: rule`; the prop as errors write it, or nothing. */
export function keyOf({ constructPath, propPath, rule, message }: Finding): string {
  const prop = /^prop '(.*?)': got /s.exec(message)?.[1] ?? propPath.join('.');
  // text and data say the same
  expect(propPath.filter((part) => !prop.includes(part.replace(/\s+/g, ' ')))).toEqual([]);
  return `[${constructPath}] ${prop === '' ? '' : `${prop}: `}${rule}`;
}

/** Fails for wording that nobody has reviewed. */
export function expectKnownWording(findings: readonly Finding[]): void {
  const lines = findings.map(lineOf);
  const folder = process.env[SEEN];
  if (folder !== undefined) {
    for (const line of lines) appendFileSync(join(folder, `${process.env.JEST_WORKER_ID}.txt`), `${line}\n`);
  }
  if (process.env[UPDATE] !== undefined) return;
  golden ??= new Set(goldenLines());
  const unknown = lines.filter((line) => !golden?.has(line));
  if (unknown.length > 0) throw new Error(`Not in ${GOLDEN} (npm run update-messages):\n${unknown.join('\n')}`);
}

export function goldenLines(): string[] {
  return existsSync(GOLDEN)
    ? readFileSync(GOLDEN, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

/** What all workers have seen, each line once, in order. */
export function seenLines(folder: string): string[] {
  const lines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'));
  return [...new Set(lines)].filter((line) => line !== '').sort();
}

/** The part of a temporary folder's name that differs in each run is left out. */
function lineOf({ rule, message }: Finding): string {
  return `${rule}  ${message.replaceAll('\n', '\\n').replaceAll(new RegExp(`${tmpdir()}/[\\w-]+`, 'g'), '<tmp>')}`;
}
