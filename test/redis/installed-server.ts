import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Line, LINES, lineOf } from '../../src/blocks/redis/server-line';

/** Another binary than the one on the path, such as one of another line: `REDIS_SERVER=~/valkey-server npx jest`. */
const PROGRAM = process.env.REDIS_SERVER ?? 'redis-server';

/** The line of the installed server; nothing when there is none, or one that the table does not know. */
export function installedLine(): Line | undefined {
  const version = spawnSync(PROGRAM, ['--version'], { encoding: 'utf8' }).stdout as string | null;
  const [, name, minor] = /(\w*) ?server v=(\d+\.\d+)/i.exec(version ?? '') ?? [];
  // 7.2 of Valkey leaves its name out
  const server = name === 'Redis' ? 'redis' : 'valkey';
  return (LINES[server] as readonly string[]).includes(minor) ? lineOf(server, minor) : undefined;
}

/**
 * What the server says of the first line that it does not take while it reads the file, and nothing if it takes all. It
 * is never started: quotes that are not closed end the file.
 */
export function refusedAtReading(lines: readonly string[]): string | undefined {
  return inFolder((folder) => {
    const end = 'timeout "';
    writeFileSync(join(folder, 'redis.conf'), [...lines, end, ''].join('\n'));
    const options = { cwd: folder, encoding: 'utf8', timeout: 20_000 } as const;
    const { stdout, stderr, status } = spawnSync(PROGRAM, ['redis.conf'], options);
    const said = `${stdout}${stderr}`;
    if (status !== 1) throw new Error(`the server ended with ${status}: ${said}`);
    return said.includes(`>>> '${end}'`) ? undefined : said;
  });
}

/** Whether the server ends at its start, by an error or a crash: at the latest when it has loaded its own modules. */
export function refusedAtStart(lines: readonly string[]): boolean {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'redis.conf'), [...lines, ...offline(folder), ''].join('\n'));
    const options = { cwd: folder, timeout: 2000, killSignal: 'SIGKILL' } as const;
    return spawnSync(PROGRAM, ['redis.conf'], options).signal !== options.killSignal;
  });
}

/** Starts the server with these lines, and gives the names of its directives. */
export async function startedWith(lines: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  writeFileSync(join(folder, 'redis.conf'), [...lines, ...offline(folder), ''].join('\n'));
  const server = spawn(PROGRAM, ['redis.conf'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  let said = '';
  const ready = new Promise<void>((resolve) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('eady to accept connections')) resolve();
      });
    }
  });
  try {
    await Promise.race([ready, ended]);
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}: ${said}`);
    const cli = ['-s', join(folder, 'socket'), '--json', 'config', 'get', '*'];
    const { stdout, stderr } = spawnSync('redis-cli', cli, { encoding: 'utf8', timeout: 10_000 });
    if (!stdout.startsWith('{')) throw new Error(`no list of directives: ${stdout}${stderr}`);
    return Object.keys(JSON.parse(stdout) as object);
  } finally {
    server.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  }
}

/** Out of reach for all but this machine. */
function offline(folder: string): string[] {
  return ['port 0', `unixsocket ${join(folder, 'socket')}`, `dir ${folder}`, 'save ""'];
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
