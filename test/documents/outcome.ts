import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a program has done. */
export interface Outcome {
  /** The YAML files below its folder, joined in the order of their names. */
  readonly yaml: string;
  /** What it has printed, and the message of its error. */
  readonly text: string;
  readonly error?: Error;
}

/** Runs a program in a folder of its own. */
export function outcomeIn(folder: string, program: () => void): Outcome {
  mkdirSync(folder, { recursive: true });
  const here = process.cwd();
  const { log, warn } = console;
  const exitCode = process.exitCode;
  const printed: string[] = [];
  const print = (...values: unknown[]): void => void printed.push(values.map(String).join(' '));
  let error: Error | undefined;
  console.log = print;
  console.warn = print;
  process.chdir(folder);
  try {
    program();
  } catch (thrown) {
    error = thrown as Error;
  } finally {
    process.chdir(here);
    Object.assign(console, { log, warn });
    process.exitCode = exitCode;
  }
  const yaml = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.k8s.yaml'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('---\n');
  return { yaml, text: [...printed, ...(error ? [error.message] : [])].join('\n'), error };
}
