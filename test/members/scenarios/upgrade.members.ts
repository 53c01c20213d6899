import { kept, scenario } from './scenario';
import { earlierRelease, synthesized } from '../rig/block';

const TODAY = synthesized({ name: 'app-upgraded' });

describe('claims of the release that started its members in order', () => {
  scenario('are taken over by a common restart', async (stage) => {
    const { members, keys } = await stage.linked(earlierRelease());
    const id = members.primary.claim.read('dataset');
    members.release(TODAY);
    await members.stop();
    await members.start();
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
    expect(new Set(members.all.map(({ claim }) => claim.read('dataset')))).toEqual(new Set([id]));
  });

  scenario('keep their data when members of both releases run for a while', async (stage) => {
    const { members, keys } = await stage.linked(earlierRelease());
    members.release(TODAY);
    const [primary, replica, last] = members.all;
    await last.restart();
    await last.untilTells(/no link/);
    await primary.restart();
    await members.untilReady([primary, last]);
    await replica.untilLogs('NOPERM');
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
    await replica.restart();
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
  });

  scenario('of a primary that is lost meanwhile do not let it wipe the others', async (stage) => {
    const { members, keys } = await stage.linked(earlierRelease());
    members.release(TODAY);
    await members.stop();
    members.primary.claim.empty();
    await members.start();
    await members.primary.untilSays(/app-upgraded-1 holds data set .*, app-upgraded-2 holds data set/);
    expect(await kept(members.replicas, keys)).toEqual([100, 100]);
  });
});
