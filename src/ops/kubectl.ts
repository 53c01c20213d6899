import { spawn } from 'node:child_process';

/** What a command has printed, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

export type Kubectl = (args: readonly string[]) => Promise<Ran>;

/** As a shell says that a command does not exist. */
export const NOT_FOUND = 127;

export function kubectlOf(context: string | undefined): Kubectl {
  const common = context === undefined ? [] : ['--context', context];
  return (args) =>
    new Promise((resolve) => {
      const child = spawn('kubectl', [...common, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      let [output, errors] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        errors += text;
      });
      child.on('error', ({ message }) => resolve({ code: NOT_FOUND, output, errors: message }));
      child.on('close', (code) => resolve({ code: code ?? 1, output, errors }));
    });
}
