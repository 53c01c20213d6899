import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONTAINER_SCRIPT } from './places';
import { childOf, family } from './processes-of';

export interface ContainerSettings {
  /** Folder of the pod, as container.sh wants it. */
  readonly folder: string;
  /** Host name. */
  readonly name: string;
  /** Network namespace. */
  readonly network: string;
  readonly uid: number;
  readonly command: readonly string[];
  /** File that gets the output. */
  readonly log: string;
}

export interface Answer {
  readonly code: number | null;
  readonly output: string;
  readonly seconds: number;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A program with mounts, processes, host name and network of its own. All its processes end with the first one. */
export class Container {
  /** Undefined when it ended at once. */
  public static async start(settings: ContainerSettings): Promise<Container | undefined> {
    const output = openSync(settings.log, 'a');
    const child = spawn(
      'nsenter',
      [
        `--net=/run/netns/${settings.network}`,
        'unshare',
        '--fork',
        '--pid',
        '--kill-child',
        '--mount',
        '--uts',
        'sh',
        CONTAINER_SCRIPT,
        settings.folder,
        settings.name,
        String(settings.uid),
        ...settings.command,
      ],
      { stdio: ['ignore', output, output], env: { PATH } },
    );
    closeSync(output);
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    for (let first; child.exitCode === null && child.signalCode === null; await sleep(5)) {
      first = childOf(child.pid!);
      if (first !== undefined) return new Container(settings, child, first, ended);
    }
    return undefined;
  }

  private constructor(
    private readonly settings: ContainerSettings,
    private readonly child: ChildProcess,
    /** The first process, as it is known outside. */
    private readonly first: number,
    public readonly ended: Promise<void>,
  ) {}

  public get runs(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Runs a command in there, as a probe or `kubectl exec` does. */
  public async exec(command: readonly string[], timeoutSeconds: number): Promise<Answer> {
    const started = Date.now();
    const { uid, name } = this.settings;
    const child = spawn(
      'nsenter',
      [
        `--target=${this.first}`,
        '--mount',
        '--uts',
        '--net',
        '--pid',
        '--root',
        '--wd',
        `--setuid=${uid}`,
        `--setgid=${uid}`,
        ...command,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH, HOSTNAME: name }, detached: true },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    const killer = setTimeout(() => killGroup(child), timeoutSeconds * 1000);
    const code = await new Promise<number | null>((resolve) => {
      child.once('close', resolve);
      child.once('error', () => resolve(null));
    });
    clearTimeout(killer);
    return { code, output: output.trim(), seconds: (Date.now() - started) / 1000 };
  }

  /** Asks the first process to end, and ends it after a while. */
  public async stop(graceSeconds: number): Promise<void> {
    this.signal('SIGTERM');
    const killer = setTimeout(() => this.signal('SIGKILL'), graceSeconds * 1000);
    await this.ended;
    clearTimeout(killer);
  }

  public async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }

  /** Stops all processes. One that has the signal can make no others any more. */
  public freeze(): void {
    const seen = new Set<number>();
    const others = (): number[] => (this.runs ? family(this.first).filter((pid) => !seen.has(pid)) : []);
    for (let found = others(); found.length > 0; found = others()) {
      for (const pid of found) {
        signal(pid, 'SIGSTOP');
        seen.add(pid);
      }
    }
  }

  public thaw(): void {
    if (!this.runs) return;
    for (const pid of family(this.first)) signal(pid, 'SIGCONT');
  }

  private signal(name: NodeJS.Signals): void {
    if (this.runs) signal(this.first, name);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // it has ended
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) signal(-pid, 'SIGKILL');
}
