import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPassword, Members, PASSWORD, secondsSince } from './redis-members';
import { run } from '../../rig/processes';
import { ask, Writer } from '../../rig/redis-client';
import { Cluster } from '../rig/cluster';

const GUIDE = readFileSync(join(__dirname, '../../../docs/redis.md'), 'utf8');

/**
 * Runs the commands that docs/redis.md gives below a heading, for these members. `change` puts another member in the
 * place of the guide's.
 */
export async function follow(
  heading: string,
  { namespace, name }: Members,
  change = (commands: string): string => commands,
): Promise<void> {
  const [, section] = GUIDE.split(`# ${heading}\n`);
  const [, indent, commands] = /^( *)```sh\n(.*?)^ *```/ms.exec(section)!;
  const script = change(commands.replaceAll(new RegExp(`^${indent}`, 'gm'), '')).replace(
    /NS=\S+ NAME=\S+/,
    `NS=${namespace} NAME=${name}`,
  );
  await run('sh', ['-uc', script], { env: { KUBECONFIG: Cluster.node.kubeconfig }, seconds: 240 });
}

/** A primary that waits gets the volume of a replica. Gives how many of the keys each member has then. */
export async function restorePrimary(
  members: Members,
  keys: readonly string[],
  from = 1,
): Promise<{ kept: number[]; seconds: number }> {
  const started = Date.now();
  await follow('To keep the data', members, (commands) => commands.replace('data-$NAME-1', `data-$NAME-${from}`));
  return { kept: await members.keep(keys), seconds: secondsSince(started) };
}

/** Gives up what the replicas of a lost primary hold. Gives how many keys each member has then. */
export async function acceptLoss(members: Members): Promise<string[]> {
  await members.empty(0);
  await members.says(0, 'waiting: the claim is empty');
  await follow('To accept the loss', members);
  return Promise.all(members.ordinals.map(async (ordinal) => (await members.ask(ordinal, ['DBSIZE']))[0]));
}

/** The three steps of a new password, while somebody writes with the old one, and then with the new one. */
export async function changePassword(
  namespace: string,
): Promise<{ members: Members; acknowledged: number[]; kept: number[][]; replies: string[]; most: number }> {
  const members = await Members.deploy(namespace, 'changed');
  const changed = `${PASSWORD}, changed`;
  await createPassword(namespace, 'v2', changed);
  const steps = [{ version: 'v1', accepted: 'v2' }, { version: 'v2', accepted: 'v1' }, { version: 'v2' }];
  const writers = [PASSWORD, PASSWORD, changed];
  const [acknowledged, kept]: [number[], number[][]] = [[], []];
  let most = 0;
  for (const [step, { version, accepted }] of steps.entries()) {
    const writer = Writer.start(await members.writeAddress(), writers[step], `step-${step}`);
    await writer.underWay();
    const away = watchAway(members);
    await Members.apply(namespace, 'changed', {}, version, accepted);
    await members.rolledOut();
    most = Math.max(most, await away.stop());
    const keys = await writer.stop();
    if (step > 0) members.password = changed;
    acknowledged.push(keys.length);
    kept.push(await members.keep(keys));
  }
  const { podIP } = (await members.pod(0)).status;
  return {
    members,
    acknowledged,
    kept,
    most,
    replies: await ask(podIP as string, undefined, ['AUTH', PASSWORD], ['AUTH', changed]),
  };
}

/** Counts how many members were away at once at most. */
function watchAway(members: Members): { stop: () => Promise<number> } {
  let [stopped, most] = [false, 0];
  const work = (async () => {
    while (!stopped) {
      const away = await Promise.all(
        members.ordinals.map(async (ordinal) => {
          try {
            return (await members.pod(ordinal)).status.containerStatuses?.[0].state.running === undefined;
          } catch {
            return true;
          }
        }),
      );
      most = Math.max(most, away.filter(Boolean).length);
      await sleep(300);
    }
    return most;
  })();
  return {
    stop: () => {
      stopped = true;
      return work;
    },
  };
}
