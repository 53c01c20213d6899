import { kept, scenario } from './scenario';
import { synthesized } from '../rig/block';
import { PASSWORD } from '../rig/member';

const SECRET = 'redis-passwd';

describe('a wrong password', () => {
  scenario('of a replica at the first start: the primary says so, and waits', async (stage) => {
    const members = await stage.members();
    const [primary, replica] = members.all;
    replica.ownSecrets.set(SECRET, 'wrong');
    await members.start();
    await primary.untilSays('waiting: the claim is empty, and store-1 refuses the password');
    await replica.untilSays('waiting: store-0 refuses the password');
    replica.ownSecrets.clear();
    await replica.restart();
    await members.linked();
    expect(await kept(members.all, await stage.write(members, 10))).toEqual([10, 10, 10]);
  });

  scenario('of the primary at the first start: it says so, and waits', async (stage) => {
    const members = await stage.members();
    members.primary.ownSecrets.set(SECRET, 'wrong');
    await members.start();
    await members.primary.untilSays(
      'waiting: the claim is empty, and store-1 refuses the password, store-2 refuses the password',
    );
    members.primary.ownSecrets.clear();
    await members.primary.restart();
    await members.linked();
    expect(await kept(members.all, await stage.write(members, 10))).toEqual([10, 10, 10]);
  });

  scenario('of a primary that lost its claim: it waits, and the replicas keep theirs', async (stage) => {
    const { members, keys } = await stage.linked();
    members.primary.ownSecrets.set(SECRET, 'wrong');
    await members.primary.lose();
    await members.primary.untilSays(
      'waiting: the claim is empty, and store-1 refuses the password, store-2 refuses the password',
    );
    expect(await kept(members.replicas, keys)).toEqual([100, 100]);
  });

  scenario(
    'of a replica with data: its events tell it from a foreign data set, and it keeps what it holds',
    async (stage) => {
      const { members, keys } = await stage.linked();
      const [, replica] = members.all;
      replica.ownSecrets.set(SECRET, 'wrong');
      await replica.restart();
      await replica.untilTells('no link: store-0 refuses the password');
      replica.ownSecrets.clear();
      await replica.restart();
      await members.linked();
      expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
    },
  );
});

describe('a change of the password', () => {
  scenario('goes by three rollouts, in which no replica loses its primary for longer than a restart', async (stage) => {
    const next = `${PASSWORD}, next`;
    const { members, keys } = await stage.linked();
    members.secrets.set('redis-passwd-2', next);
    const steps = [
      { password: SECRET, alsoAccepts: 'redis-passwd-2' },
      { password: 'redis-passwd-2', alsoAccepts: SECRET },
      { password: 'redis-passwd-2' },
    ];
    for (const [step, passwords] of steps.entries()) {
      members.release(synthesized(passwords));
      for (const member of [...members.all].reverse()) {
        await member.restart();
        // it is ready only when it is linked: members of both releases get on with each other
        await members.linked();
      }
      // clients change while both are accepted
      if (step === 1) members.use(next);
      expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
    }
    members.use(PASSWORD);
    expect(await Promise.all(members.all.map((member) => member.ask(['PING'])))).toEqual(
      members.all.map(() => [expect.stringContaining('NOAUTH')]),
    );
    members.use(next);
  });
});
