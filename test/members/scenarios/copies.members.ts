import { kept, keptOnClaims, scenario } from './scenario';
import { eventually } from '../../rig/processes';
import { synthesized } from '../rig/block';

/**
 * Each key takes 20 ms to be written into a file: a copy of 100 keys takes 2 s, and so does the first append-only file.
 */
const SLOW = synthesized({ directives: 'rdb-key-save-delay 20000\n' });

const COPYING = 'MASTER <-> REPLICA sync started';
const WRITING = 'Background append only file rewriting started';
const WRITTEN = 'Background AOF rewrite finished successfully';

describe('a replica that copies the data for the first time', () => {
  scenario('begins again when it is killed while it copies, and has no id until then', async (stage) => {
    const { members, keys } = await stage.linked(SLOW);
    const [primary, replica] = members.all;
    await replica.lose();
    for (let round = 0; round < 3; round += 1) {
      await replica.untilLogs(COPYING);
      await replica.kill();
      expect([replica.claim.read('dataset'), replica.claim.read('joining')]).toEqual([
        undefined,
        primary.claim.read('dataset'),
      ]);
    }
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
    expect([replica.claim.read('dataset'), replica.claim.read('joining')]).toEqual([
      primary.claim.read('dataset'),
      undefined,
    ]);
  });

  scenario('begins again when it is killed while it writes what it copied, and has no id until then', async (stage) => {
    const { members, keys } = await stage.linked(SLOW);
    const [primary, replica] = members.all;
    await replica.lose();
    await replica.untilLogs(WRITING);
    await replica.untilTells('append-only file is not complete');
    await replica.kill();
    expect([replica.claim.read('dataset'), replica.claim.read('joining')]).toEqual([
      undefined,
      primary.claim.read('dataset'),
    ]);
    expect(await keptOnClaims([replica], keys)).toEqual([0]);
    await members.linked();
    expect(await keptOnClaims([replica], keys)).toEqual([100]);
  });

  scenario('copies again when it is killed before anybody has seen that all is written', async (stage) => {
    const { members, keys } = await stage.linked();
    const [, replica] = members.all;
    await replica.lose();
    await replica.untilLogs(WRITTEN);
    await replica.kill();
    expect(await keptOnClaims([replica], keys)).toEqual([100]);
    await members.linked();
    expect(await kept([replica], keys)).toEqual([100]);
  });

  scenario('while the primary loses its claim: the primary waits for a person', async (stage) => {
    const { members, keys } = await stage.linked(SLOW);
    const [primary, replica, holder] = members.all;
    await replica.lose();
    await replica.untilLogs(COPYING);
    await primary.lose();
    await primary.untilSays(/the claim is empty, and store-1 .* data set .*, store-2 .* data set /);
    expect(await kept([holder], keys)).toEqual([100]);
  });
});

describe('a replica that copies the data again, since its primary was restarted', () => {
  scenario(
    'is ready when its append-only file is complete: a write that WAIT confirms then survives its end',
    async (stage) => {
      const { members } = await stage.linked(SLOW);
      const [primary, ...replicas] = members.all;
      await primary.kill();
      await primary.untilShows('dataset-');
      await Promise.all(replicas.map((replica) => replica.untilLogs(WRITING)));
      await eventually('the replicas are ready', async () => {
        for (const replica of replicas) expect((await replica.script('ready.sh')).output).toBe('');
      });
      expect(await primary.ask(['SET', 'confirmed', 'x'], ['WAIT', '2', '3000'])).toEqual(['+OK', ':2']);
      await Promise.all(members.all.map((member) => member.stop(0)));
      expect(await keptOnClaims(replicas, ['confirmed'])).toEqual([1, 1]);
    },
  );

  scenario('holds what it held when it is killed meanwhile', async (stage) => {
    const { members, keys } = await stage.linked(SLOW);
    const [primary, replica] = members.all;
    await primary.kill();
    await replica.untilLogs(WRITING);
    await members.stop(0);
    expect(await keptOnClaims([replica], keys)).toEqual([100]);
    await members.start();
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
  });

  scenario('ends when it is asked to, long before it would be killed', async (stage) => {
    const { members, keys } = await stage.linked(SLOW);
    const [primary, replica] = members.all;
    await primary.kill();
    await replica.untilLogs(WRITING);
    const started = Date.now();
    await replica.stop();
    expect(Date.now() - started).toBeLessThan(5000);
    expect(await keptOnClaims([replica], keys)).toEqual([100]);
    await replica.start();
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
  });
});

describe('a replica that runs, and finds a primary with another data set', () => {
  scenario('does not follow it, keeps what it holds, and says why; also when it is restarted', async (stage) => {
    const { members, keys } = await stage.linked();
    const foreign = await stage.members(synthesized({ replicas: 1 }));
    await foreign.start();
    await foreign.linked();
    await foreign.stop();
    await members.primary.stop();
    members.primary.claim.restore(foreign.primary.claim.snapshot());
    await members.primary.start();
    await members.untilReady([members.primary]);
    const [, running, restarted] = members.all;
    await restarted.restart();
    const refusal = /^store-0 holds data set \S+, and this claim \S+: following it would delete this one$/;
    for (const replica of [running, restarted]) {
      await replica.untilTells(refusal);
      await replica.untilLogs('Unable to AUTH to MASTER: -WRONGPASS');
    }
    expect(await kept([running, restarted], keys)).toEqual([100, 100]);
    expect(await keptOnClaims([running, restarted], keys)).toEqual([100, 100]);
  });
});
