import { kept, scenario, type Stage } from './scenario';
import { earlierRelease } from '../rig/block';
import type { Members } from '../rig/members';
import type { Resolution } from '../rig/name-server';

const SILENCE = 'waiting: the claim is empty, and store-1 does not answer, store-2 does not answer';
const HOLDERS = /the claim is empty, and store-1 .* data set .*, store-2 .* data set /;

/** A primary loses its claim while something hinders it to ask. It waits, then and when nothing hinders it any more. */
async function waits(
  stage: Stage,
  hinder: (members: Members) => unknown,
  release: (members: Members) => unknown,
): Promise<void> {
  const { members, keys } = await stage.linked();
  await hinder(members);
  await members.primary.lose();
  await members.primary.untilSays(SILENCE);
  await release(members);
  await members.primary.untilSays(HOLDERS);
  expect(await kept(members.replicas, keys)).toEqual([100, 100]);
}

describe('the primary lost its claim', () => {
  scenario('where silence counts as an empty claim, all members lose all keys, and the rig sees it', async (stage) => {
    const { members, keys } = await stage.linked(earlierRelease());
    members.primary.resolution = 'servfail';
    await members.primary.lose();
    await members.untilReady([members.primary]);
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([0, 0, 0]);
  });

  const resolutions: Resolution[] = ['servfail', 'nxdomain', 'silent', { lateMillis: 1500 }];
  for (const resolution of resolutions) {
    scenario(`while it resolves no names: ${JSON.stringify(resolution)}`, (stage) =>
      waits(
        stage,
        ({ primary }) => {
          primary.resolution = resolution;
        },
        ({ primary }) => {
          primary.resolution = 'works';
        },
      ),
    );
  }

  scenario('while the replicas are frozen', (stage) =>
    waits(
      stage,
      ({ replicas }) => replicas.forEach((replica) => replica.freeze()),
      ({ replicas }) => replicas.forEach((replica) => replica.thaw()),
    ),
  );

  scenario('while the answers of the replicas take longer than it waits', (stage) =>
    waits(
      stage,
      (members) => Promise.all(members.replicas.map((replica) => members.slow(replica, 2500))),
      (members) => members.replicas.forEach((replica) => members.quick(replica)),
    ),
  );

  scenario('and the network policy of its new pod is not in force yet', (stage) =>
    waits(
      stage,
      ({ primary }) => primary.isolate(),
      ({ primary }) => primary.join(),
    ),
  );
});

describe('a name server that swallows packets', () => {
  scenario('delays a replica without a primary by less than its liveness allows', async (stage) => {
    const { members, keys } = await stage.linked();
    const [, replica] = members.all;
    replica.resolution = 'silent';
    await members.primary.stop();
    let slowest = 0;
    for (const end = Date.now() + 15_000; Date.now() < end;) {
      const { code, seconds } = await replica.script('alive.sh');
      expect(code).toBe(0);
      slowest = Math.max(slowest, seconds);
    }
    process.stdout.write(
      `\nliveness of a replica whose name server swallows packets: ${slowest.toFixed(1)} s at most\n`,
    );
    expect(slowest).toBeLessThan(3);
    expect(replica.killed).toEqual([]);
    expect(await kept([replica], keys)).toEqual([100]);
  });
});
