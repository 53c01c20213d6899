import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { eventually } from '../../rig/processes';
import { figure } from '../rig/figures';
import { STATE } from '../rig/places';
import { readProcess } from '../rig/pods';

const RUN = join(__dirname, '..', 'run');

const clean: string[] = [];

test('a run that fails leaves nothing behind', async () => {
  const { ended, state } = await occupied('fail');
  expect(await ended).toBe(1);
  expect(remainsOf(state)).toEqual([]);
  clean.push('a failure');
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('a run that gets %s leaves nothing behind', async (signal) => {
  const { ended, state, child } = await occupied('wait');
  expect(remainsOf(state)).toContain('process');
  child.kill(signal);
  expect(await ended).toBe(130);
  expect(remainsOf(state)).toEqual([]);
  clean.push(signal);
});

// the kernel takes mounts and networks away with the last process that sees them
test('that is all that it may leave behind', () => {
  expect(clean).toHaveLength(4);
  figure(
    'A test run that is interrupted leaves nothing on the machine',
    `no process, cgroup or file after ${clean.join(', ')}`,
  );
});

test('even when the run itself is killed, no process stays', async () => {
  const { ended, state, child } = await occupied('wait');
  child.kill('SIGKILL');
  await ended;
  await eventually('all processes have ended', async () =>
    Promise.resolve(expect(remainsOf(state)).not.toContain('process')),
  );
  // what nobody is left to do; a cgroup is busy for a moment longer than its processes
  rmSync(state, { recursive: true });
  await eventually('the cgroups are removed', async () => Promise.resolve(cgroupsOf(state).forEach(removeTree)));
});

test('a run says what it lacks', async () => {
  const programs = mkdtempSync(join(STATE, 'programs-'));
  for (const name of ['bash', 'dirname', 'uname', 'id']) symlinkSync(join('/usr/bin', name), join(programs, name));
  const output = await new Promise<string>((resolve) => {
    const child = spawn('bash', [RUN], { env: { ...process.env, PATH: programs } });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.once('exit', (code) => resolve(`${code}: ${text}`));
  });
  expect(output).toBe(
    '1: test:cluster: Go >= 1.25 builds Kubernetes, and there is no go in PATH: see https://go.dev/dl\n',
  );
});

/** A run of which the cluster is a stand-in, when that is up. */
async function occupied(
  then: 'fail' | 'wait',
): Promise<{ child: ReturnType<typeof spawn>; state: string; ended: Promise<number | null> }> {
  // a pattern that some test file matches: jest would end before the setup otherwise
  const child = spawn('bash', [RUN, '--globalSetup', join(__dirname, 'occupy.ts'), 'volumes'], {
    env: { ...process.env, OCCUPY_THEN: then },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
    cgroup: cgroupsOf(state).length > 0,
  };
  return Object.entries(remains).flatMap(([name, remains_]) => (remains_ ? [name] : []));
}

/** Of version 1 there are several hierarchies, of version 2 one. */
function cgroupsOf(state: string): string[] {
  return ['', ...readdirSync('/sys/fs/cgroup')]
    .map((hierarchy) => join('/sys/fs/cgroup', hierarchy, basename(state)))
    .filter(existsSync);
}

/** The files of a cgroup cannot be removed, and go with their folder. */
function removeTree(cgroup: string): void {
  for (const entry of readdirSync(cgroup, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(cgroup, entry.name));
  }
  rmdirSync(cgroup);
}
