import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Background, run } from '../../rig/processes';
import { createNodeNetwork } from '../rig/node';
import { CGROUP, STATE } from '../rig/places';

/**
 * Stands in for the start of a cluster: leaves all kinds of things behind, then fails, or waits for ever. To be found
 * again, its process has the name of the state folder as argument.
 */
export default async function occupy(): Promise<void> {
  await createNodeNetwork();
  const mounted = join(STATE, 'mounted');
  mkdirSync(mounted);
  await run('mount', ['-t', 'tmpfs', 'tmpfs', mounted]);
  Background.start(join(STATE, 'sleeper.log'), '/bin/sh', ['-c', 'sleep 600; :', STATE]);
  // of version 1 there are several hierarchies, of version 2 one
  const [root] = ['', ...readdirSync('/sys/fs/cgroup')]
    .map((name) => join('/sys/fs/cgroup', name, CGROUP))
    .filter(existsSync);
  const cgroup = join(root, 'pods', 'pod');
  mkdirSync(cgroup, { recursive: true });
  writeFileSync(join(cgroup, 'cgroup.procs'), String(process.pid));
  process.stdout.write(`occupied ${STATE}\n`);
  if (process.env.OCCUPY_THEN === 'fail') throw new Error('the cluster does not start');
  await new Promise(() => setInterval(() => undefined, 60_000));
}
