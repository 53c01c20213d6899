import { kept, keptOnClaims, restorePrimary, scenario, type Stage } from './scenario';

/** The primary starts with files of an older copy of its claim: `newer` were written after it. */
async function withOlderCopy(stage: Stage, files?: readonly string[]) {
  const { members, keys } = await stage.linked();
  await members.primary.stop();
  const copy = members.primary.claim.snapshot();
  await members.primary.start();
  await members.linked();
  const newer = await stage.write(members, 50);
  await members.primary.stop();
  members.primary.claim.restore(copy, files);
  await members.primary.start();
  return { members, keys, newer };
}

describe('a claim is lost', () => {
  scenario('that of the primary: it waits, and a copy of a replica brings all back', async (stage) => {
    const { members, keys } = await stage.linked();
    await members.primary.lose();
    await members.primary.untilSays(/the claim is empty, and store-1 .* data set .*, store-2 .* data set /);
    expect(await kept(members.replicas, keys)).toEqual([100, 100]);
    await restorePrimary(members, members.all[2]);
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
  });

  scenario('that of the primary, whose loss is accepted: the claims of the replicas are deleted', async (stage) => {
    const { members, keys } = await stage.linked();
    await members.primary.lose();
    await members.primary.untilSays(/store-1 .* data set/);
    await members.stop();
    for (const { claim } of members.replicas) claim.empty();
    await members.start();
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([0, 0, 0]);
    expect(await kept(members.all, await stage.write(members, 10))).toEqual([10, 10, 10]);
  });

  scenario('that of a replica: it copies the data again', async (stage) => {
    const { members, keys } = await stage.linked();
    const [, replica] = members.all;
    await replica.lose();
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
    expect(replica.claim.read('dataset')).toBe(members.primary.claim.read('dataset'));
  });

  scenario('those of both replicas at once: they copy the data again', async (stage) => {
    const { members, keys } = await stage.linked();
    await Promise.all(members.replicas.map((replica) => replica.lose()));
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
  });

  scenario('all but that of one replica: the others wait for it, and it brings all back', async (stage) => {
    const { members, keys } = await stage.linked();
    const [primary, other, holder] = members.all;
    await Promise.all([primary.lose(), other.lose()]);
    await primary.untilSays(/the claim is empty, and store-2 .* data set /);
    await other.untilSays('waiting: the claim of store-0 is empty');
    expect(await kept([holder], keys)).toEqual([100]);
    await restorePrimary(members, holder);
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
  });

  scenario('all of them: they begin a new data set by themselves', async (stage) => {
    const { members } = await stage.linked();
    const before = members.primary.claim.read('dataset');
    await members.stop();
    for (const { claim } of members.all) claim.empty();
    await members.start();
    await members.linked();
    expect(members.primary.claim.read('dataset')).not.toBe(before);
  });

  scenario(
    'that of the primary, and it is replaced by an older copy: the replicas follow it, and lose what is newer',
    async (stage) => {
      const { members, keys, newer } = await withOlderCopy(stage);
      await members.linked();
      expect([await kept(members.all, keys), await kept(members.all, newer)]).toEqual([
        [100, 100, 100],
        [0, 0, 0],
      ]);
    },
  );

  scenario(
    'that of the primary, and it gets an older copy without the id: the replicas keep what is newer',
    async (stage) => {
      const { members, keys, newer } = await withOlderCopy(stage, ['appendonlydir']);
      await members.primary.untilSays('waiting: the claim holds data, and no id in /data/dataset');
      await members.primary.script('identify.sh', 'new');
      await members.untilReady([members.primary]);
      expect(await kept([members.primary], keys)).toEqual([100]);
      await members.stop();
      expect(await keptOnClaims(members.replicas, newer)).toEqual([50, 50]);
    },
  );
});
