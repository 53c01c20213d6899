import { kept, scenario } from './scenario';
import { earlierRelease } from '../rig/block';
import type { Resolution } from '../rig/name-server';

const SILENT = 'waiting: the claim is empty, and store-1 does not answer, store-2 does not answer';

const RESOLUTIONS: Resolution[] = ['servfail', 'nxdomain', 'silent', { lateMillis: 1500 }];

describe('the primary lost its claim, and cannot ask', () => {
  scenario('the rig sees what happens where silence counts as an empty claim', async (stage) => {
    const { members, keys } = await stage.linked(earlierRelease());
    members.primary.resolution = 'servfail';
    await members.primary.lose();
    await members.untilReady([members.primary]);
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([0, 0, 0]);
  });

  for (const resolution of RESOLUTIONS) {
    scenario(`names: ${JSON.stringify(resolution)}`, async (stage) => {
      const { members, keys } = await stage.linked();
      members.primary.resolution = resolution;
      await members.primary.lose();
      await members.primary.untilSays(SILENT);
      members.primary.resolution = 'works';
      await members.primary.untilSays(/store-1 \S+.* data set .*, store-2 .* data set /);
      expect(await kept(members.replicas, keys)).toEqual([100, 100]);
    });
  }
});
