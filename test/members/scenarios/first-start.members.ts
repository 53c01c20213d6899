import { setTimeout as sleep } from 'node:timers/promises';
import { kept, scenario, type Stage } from './scenario';
import type { Members } from '../rig/members';

const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** Starts members one after the other, which meets them in each phase of the others. */
async function startIn(members: Members, order: readonly number[], pauseMillis = 1500): Promise<void> {
  for (const ordinal of order) {
    await members.all[ordinal].start();
    await sleep(pauseMillis);
  }
}

/** They have one data set, and take writes. */
async function works(stage: Stage, members: Members): Promise<void> {
  await members.linked();
  expect(await kept(members.all, await stage.write(members, 10))).toEqual([10, 10, 10]);
  const ids = new Set(members.all.map(({ claim }) => claim.read('dataset')));
  expect([...ids]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
}

describe('the first start', () => {
  for (const order of ORDERS) {
    scenario(`in the order ${order.join(', ')}`, async (stage) => {
      const members = await stage.members();
      await startIn(members, order);
      await works(stage, members);
    });
  }

  for (const order of ORDERS) {
    scenario(`in the order ${order.join(', ')}, each killed soon`, async (stage) => {
      const members = await stage.members();
      for (const ordinal of order) {
        await members.all[ordinal].start();
        await sleep(700 + 300 * ordinal);
        await members.all[ordinal].kill();
      }
      await works(stage, members);
    });
  }

  scenario('with pods replaced in the middle', async (stage) => {
    const members = await stage.members();
    await members.start();
    for (const member of [...members.all, ...members.replicas]) {
      await sleep(600);
      await member.restart();
    }
    await works(stage, members);
  });

  scenario('while all are killed again and again', async (stage) => {
    const members = await stage.members();
    await members.start();
    for (let round = 0; round < 5; round += 1) {
      await sleep(1000 + 700 * round);
      await Promise.all(members.all.map((member) => member.kill()));
    }
    await works(stage, members);
  });

  scenario('without names for a while', async (stage) => {
    const members = await stage.members();
    for (const member of members.all) member.resolution = 'silent';
    await members.start();
    await members.primary.untilSays(
      'waiting: the claim is empty, and store-1 does not answer, store-2 does not answer',
    );
    for (const member of members.all) member.resolution = 'works';
    await works(stage, members);
  });

  scenario('before the network policy is in force', async (stage) => {
    const members = await stage.members();
    await Promise.all(members.all.map((member) => member.isolate()));
    await members.start();
    await members.primary.untilSays(
      'waiting: the claim is empty, and store-1 does not answer, store-2 does not answer',
    );
    for (const member of members.all) await member.join();
    await works(stage, members);
  });

  scenario('waits for the last member', async (stage) => {
    const members = await stage.members();
    const [primary, second, last] = members.all;
    await primary.start();
    await second.start();
    await primary.untilSays('waiting: the claim is empty, and store-2 does not answer');
    await last.start();
    await works(stage, members);
  });
});
