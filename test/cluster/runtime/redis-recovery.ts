import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerOf, createPassword, Members, PASSWORD, secondsSince } from './redis-members';
import { eventually, run } from '../../rig/processes';
import { ask } from '../../rig/redis-client';
import { Cluster } from '../rig/cluster';
import { isReady } from '../rig/pods';

const GUIDE = readFileSync(join(__dirname, '../../../docs/redis.md'), 'utf8');

/** Runs the commands that docs/redis.md gives below a heading, for these members. */
async function follow(heading: string, { namespace, name }: Members): Promise<void> {
  const [, section] = GUIDE.split(`# ${heading}\n`);
  const [, indent, commands] = /^( *)```sh\n(.*?)^ *```/ms.exec(section)!;
  const script = commands.replaceAll(new RegExp(`^${indent}`, 'gm'), '').replace(/^NS=.*$/m, `NS=${namespace} NAME=${name}`);
  await run('sh', ['-euc', script], { env: { KUBECONFIG: Cluster.node.kubeconfig } });
}

/** A primary that refuses to start gets the volume of a replica. Gives how many of the keys each member has then. */
export async function restorePrimary(members: Members, keys: readonly string[]): Promise<{ kept: number[]; seconds: number }> {
  const started = Date.now();
  await follow('To keep the data', members);
  return { kept: await members.keep(keys), seconds: secondsSince(started) };
}

/** Gives up what the replicas of a lost primary hold. Gives how many keys each member has then. */
export async function acceptLoss(members: Members): Promise<string[]> {
  await members.empty(0);
  await eventually('the primary refuses', async () => {
    if (!(await members.log(0)).includes('refusing to start')) throw new Error('not yet');
  });
  await follow('To accept the loss', members);
  return Promise.all(members.ordinals.map(async (ordinal) => (await members.ask(ordinal, ['DBSIZE']))[0]));
}

/** The rollout of a new password, which stops at its first member, and what helps then. */
export async function changePassword(namespace: string): Promise<{ members: Members; stopped: boolean[]; kept: number[]; written: number; replies: string[] }> {
  const members = await Members.deploy(namespace, 'changed');
  const keys = Array.from({ length: 1000 }, (_, index) => `kept-${index}`);
  await members.ask(0, ['MSET', ...keys.flatMap((key) => [key, key])]);
  const [written] = await members.keep(keys);
  const password = `${PASSWORD}, changed`;
  await createPassword(namespace, 'v2', password);
  const { uid } = (await members.pod(2)).metadata;
  await Members.apply(namespace, 'changed', {}, 'v2');
  const stopped = await eventually('the last member has the new password, and no link', async () => {
    const pod = await members.pod(2);
    if (pod.metadata.uid === uid || containerOf(pod).started !== true) throw new Error('not replaced');
    const [info] = await ask(pod.status.podIP as string, password, ['INFO', 'replication']);
    if (!info?.includes('master_link_status:down')) throw new Error(info);
    return (await Promise.all(members.ordinals.map((ordinal) => members.pod(ordinal)))).map((each) => !isReady(each));
  });
  await follow('Changing the password', members);
  members.password = password;
  const kept = await members.keep(keys);
  const { podIP } = (await members.pod(0)).status;
  return { members, stopped, written, kept, replies: await ask(podIP as string, undefined, ['AUTH', PASSWORD], ['AUTH', password]) };
}
