import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const SYSTEM = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
/** Programs that a suite built for itself come first. */
const PATH = [process.env.CLUSTER_PROGRAMS, ...SYSTEM].filter((folder) => folder !== undefined).join(':');

/** A program that runs until it is stopped, or until the process namespace of the tests ends. */
export class Background {
  private constructor(
    private readonly child: ChildProcess,
    private readonly log: string,
  ) {}

  /** Output goes to the file `log`. */
  public static start(log: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Background {
    mkdirSync(dirname(log), { recursive: true });
    const output = openSync(log, 'a');
    const child = spawn(command, args, {
      stdio: ['ignore', output, output],
      env: { PATH, HOME: '/root', ...env },
      detached: true,
    });
    child.unref();
    return new Background(child, log);
  }

  /** Waits until `condition` no longer throws. Fails with the end of the log, at once when the program has ended. */
  public async until<T>(what: string, condition: () => Promise<T>, seconds = 60): Promise<T> {
    return eventually(what, condition, seconds, () => {
      if (this.child.exitCode !== null) throw new Error(`ended with ${this.child.exitCode}`);
    }).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.log}:\n${readFileSync(this.log, 'utf8').slice(-3000)}`);
    });
  }

  public async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    const killer = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(killer);
  }
}

/** Repeats `condition` until it no longer throws, and gives its result; fails with its last error. */
export async function eventually<T>(
  what: string,
  condition: () => Promise<T>,
  seconds = 60,
  hopeless: () => void = () => undefined,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await condition();
    } catch (error) {
      hopeless();
      if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}. Last: ${(error as Error).message}`);
    }
    await sleep(200);
  }
}

/** Runs a program to its end and gives its standard output; an error has its standard error. */
export async function run(
  command: string,
  args: readonly string[],
  options: { input?: string; env?: NodeJS.ProcessEnv; seconds?: number } = {},
): Promise<string> {
  const running = promisify(execFile)(command, args, {
    env: { PATH, HOME: '/root', ...options.env },
    maxBuffer: 67_108_864,
    timeout: (options.seconds ?? 120) * 1000,
  });
  running.child.stdin?.on('error', () => undefined);
  running.child.stdin?.end(options.input ?? '');
  try {
    return (await running).stdout;
  } catch (error) {
    const { stderr, stdout, message } = error as { stderr?: string; stdout?: string; message: string };
    throw new Error(`${command} ${args.join(' ').slice(0, 300)}: ${stderr || stdout || message}`);
  }
}
