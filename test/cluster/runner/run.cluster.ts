import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { figure } from '../rig/figures';
import { readProcess } from '../rig/pods';
import { eventually } from '../rig/processes';

const RUN = join(__dirname, '..', 'run');

test('a run that fails leaves nothing behind', async () => {
  const { ended, state } = await occupied('fail');
  expect(await ended).toBe(1);
  expect(remainsOf(state)).toEqual([]);
});

test.each([['SIGINT', 130], ['SIGTERM', 130], ['SIGHUP', 130]] as const)('a run that gets %s leaves nothing behind', async (signal, code) => {
  const { ended, state, child } = await occupied('wait');
  expect(remainsOf(state)).toContain('process');
  child.kill(signal);
  expect(await ended).toBe(code);
  expect(remainsOf(state)).toEqual([]);
  figure('A test run that is interrupted leaves nothing on the machine', 'no process, mount, network, cgroup or file after SIGINT, SIGTERM, SIGHUP and after a failure');
});

test('even when the run itself is killed, no process stays', async () => {
  const { ended, state, child } = await occupied('wait');
  child.kill('SIGKILL');
  await ended;
  await eventually('all processes have ended', async () => Promise.resolve(expect(remainsOf(state)).not.toContain('process')));
});

test('a run says what it lacks', async () => {
  const output = await new Promise<string>((resolve) => {
    const child = spawn('bash', [RUN], { env: { ...process.env, PATH: '/usr/bin:/bin' } });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    child.once('exit', (code) => resolve(`${code}: ${text}`));
  });
  expect(output).toBe('1: test:cluster: Go >= 1.25 builds Kubernetes, and there is no go in PATH: see https://go.dev/dl\n');
});

/** A run of which the cluster is a stand-in, when that is up. */
async function occupied(then: 'fail' | 'wait'): Promise<{ child: ReturnType<typeof spawn>; state: string; ended: Promise<number | null> }> {
  // a pattern that some test file matches: jest would end before the setup otherwise
  const child = spawn('bash', [RUN, '--globalSetup', join(__dirname, 'occupy.ts'), 'volumes'], { env: { ...process.env, OCCUPY_THEN: then }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const state = await new Promise<string>((resolve, reject) => {
    let text = '';
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const found = /^occupied (\S+)$/m.exec(text);
        if (found) resolve(found[1]);
      });
    }
    child.once('exit', () => reject(new Error(text)));
  });
  return { child, state, ended };
}

function remainsOf(state: string): string[] {
  const remains = {
    folder: existsSync(state),
    process: readdirSync('/proc').some((name) => readProcess(name, 'cmdline').includes(state)),
    cgroup: ['', ...readdirSync('/sys/fs/cgroup')].some((hierarchy) => existsSync(join('/sys/fs/cgroup', hierarchy, basename(state)))),
    mount: readProcess('self', 'mounts').includes(state),
  };
  return Object.entries(remains).flatMap(([name, remains_]) => (remains_ ? [name] : []));
}
