import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, App as Cdk8sApp, type AppProps } from 'cdk8s';
import { App as OurApp } from '../../src';

/** What a synthesis leaves behind: the files by path, and the error. */
export interface Outcome {
  readonly files: Record<string, string>;
  readonly error?: string;
}

export type AppClass = new (props?: AppProps) => App;
export const BOTH: { readonly cdk8s: AppClass; readonly ours: AppClass } = { cdk8s: Cdk8sApp, ours: OurApp };

/** Builds an app and writes it into a folder of its own. */
export function synthesize(type: AppClass, build: (app: App) => void, props: AppProps = {}): Outcome {
  return outcomeIn((outdir) => {
    const app = new type({ ...props, outdir });
    build(app);
    app.synth();
  });
}

/** Runs a program with a folder to write to, which does not exist yet. */
export function outcomeIn(program: (outdir: string) => void): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'app-'));
  try {
    const error = errorOf(() => program(join(folder, 'out')));
    return { files: filesBelow(folder), error };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** cdk8s names wrong cycles, and has written something by the time of an error. */
export function comparable({ files, error }: Outcome): Outcome {
  return error === undefined
    ? { files }
    : { files: {}, error: error.replace(/^Dependency cycle detected: .*/, 'a cycle') };
}

/** The text that a function gives, or the message of its error. */
export function resultOf(produce: () => string): string {
  try {
    return produce();
  } catch (error) {
    return `error: ${(error as Error).message}`;
  }
}

export function errorOf(action: () => void): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function filesBelow(folder: string, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory()
        ? [
            [`${prefix}${entry.name}/`, ''],
            ...Object.entries(filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`)),
          ]
        : [[`${prefix}${entry.name}`, readFileSync(join(folder, entry.name), 'utf8')]],
    ),
  );
}
