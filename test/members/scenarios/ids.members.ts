import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kept, keptOnClaims, restorePrimary, scenario } from './scenario';
import type { Member } from '../rig/member';

const NO_ID = 'waiting: the claim holds data, and no id in /data/dataset';

/** Zeros in the middle of the append-only file, as a bad disk leaves them. */
function damage({ claim }: Member): void {
  const folder = join(claim.folder, 'appendonlydir');
  const [file] = readdirSync(folder)
    .filter((name) => name.endsWith('.incr.aof'))
    .map((name) => join(folder, name));
  const content = readFileSync(file);
  const middle = Math.floor(content.length / 2);
  writeFileSync(file, content.fill(0, middle, middle + 100));
}

describe('the id on a claim with data', () => {
  const damages: Array<[string, (member: Member) => void]> = [
    ['is empty', ({ claim }) => claim.write('dataset', '')],
    ['is cut', ({ claim }) => claim.write('dataset', claim.read('dataset')!.slice(0, 20))],
    ['is missing', ({ claim }) => claim.remove('dataset')],
  ];
  for (const [what, harm] of damages) {
    scenario(`${what}, on the primary: it waits until a person says which data set it is`, async (stage) => {
      const { members, keys } = await stage.linked();
      const [primary, replica] = members.all;
      await primary.stop();
      harm(primary);
      await primary.start();
      await primary.untilSays(NO_ID);
      await replica.untilTells('no link: store-0 holds data without an id');
      expect(await kept(members.replicas, keys)).toEqual([100, 100]);
      expect(await primary.script('identify.sh', replica.claim.read('dataset')!)).toMatchObject({ code: 0 });
      await members.linked();
      expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
    });
  }

  scenario('is empty, on a replica: it waits, and copies the data again when its claim is deleted', async (stage) => {
    const { members, keys } = await stage.linked();
    const [, replica] = members.all;
    await replica.stop();
    replica.claim.write('dataset', '');
    await replica.start();
    await replica.untilSays(NO_ID);
    expect(await keptOnClaims([replica], keys)).toEqual([100]);
    await replica.lose();
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
  });

  scenario('is empty, on all members: identified by hand, they go on', async (stage) => {
    const { members, keys } = await stage.linked();
    const id = members.primary.claim.read('dataset')!;
    await members.stop();
    for (const { claim } of members.all) claim.write('dataset', '');
    await members.start();
    for (const member of members.all) {
      await member.untilSays(NO_ID);
      expect(await member.script('identify.sh', id)).toMatchObject({ code: 0 });
    }
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
  });

  scenario('is there, and so is the rest of a write that broke off: it counts', async (stage) => {
    const { members, keys } = await stage.linked();
    await members.stop();
    for (const { claim } of members.all) {
      claim.write('dataset.new', 'ab');
      claim.write('joining.new', '');
    }
    await members.start();
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
  });
});

describe('a person', () => {
  scenario('begins a new data set while a member cannot be asked; that one keeps its own', async (stage) => {
    const { members, keys } = await stage.linked();
    const [primary, other, silent] = members.all;
    silent.freeze();
    await Promise.all([primary.lose(), other.lose()]);
    await primary.untilSays('waiting: the claim is empty, and store-2 does not answer');
    expect(await primary.script('identify.sh', 'new')).toMatchObject({ code: 0 });
    await members.untilReady([primary, other]);
    silent.thaw();
    await silent.untilTells(/^store-0 holds data set \S+, and this claim \S+: following it would delete this one$/);
    expect(await kept([silent], keys)).toEqual([100]);
    await silent.lose();
    await members.linked();
  });

  scenario('cannot tell a member what would wipe others, or itself', async (stage) => {
    const { members } = await stage.linked();
    const [primary, replica] = members.all;
    const id = replica.claim.read('dataset')!;
    expect(await primary.script('identify.sh', 'new')).toMatchObject({ code: 1 });
    await Promise.all([primary.lose(), replica.lose()]);
    await primary.untilSays(/store-2 .* data set/);
    expect(await primary.script('identify.sh', id)).toMatchObject({ code: 1 });
    expect(await primary.script('identify.sh')).toMatchObject({ code: 1 });
    expect(await replica.script('identify.sh', 'new')).toMatchObject({ code: 1 });
    expect(await primary.shows()).toBe('empty');
  });
});

describe('an append-only file', () => {
  scenario('that is damaged on a replica: its claim is deleted, and it copies the data again', async (stage) => {
    const { members, keys } = await stage.linked();
    const [, replica] = members.all;
    await replica.stop();
    damage(replica);
    await replica.start();
    await replica.untilLogs('Bad file format reading the append only file');
    await replica.lose();
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
  });

  scenario('that is damaged on the primary: a copy of a replica takes its place', async (stage) => {
    const { members, keys } = await stage.linked();
    const [primary, replica] = members.all;
    await primary.stop();
    damage(primary);
    await primary.start();
    await primary.untilLogs('Bad file format reading the append only file');
    await primary.lose();
    await primary.untilSays(/store-1 .* data set .*, store-2 .* data set/);
    await restorePrimary(members, replica);
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
  });

  scenario('whose manifest is missing does not count as no data', async (stage) => {
    const { members, keys } = await stage.linked();
    const { primary } = members;
    await primary.stop();
    const manifest = join(primary.claim.folder, 'appendonlydir', 'appendonly.aof.manifest');
    const text = readFileSync(manifest, 'utf8');
    rmSync(manifest);
    await primary.start();
    await primary.untilSays('waiting: store-0 holds append-only files without their manifest');
    expect(await primary.script('identify.sh', 'new')).toMatchObject({ code: 1 });
    expect(await kept(members.replicas, keys)).toEqual([100, 100]);
    await primary.stop();
    primary.claim.write('appendonlydir/appendonly.aof.manifest', text);
    await primary.start();
    await members.linked();
    expect(await kept(members.all, keys)).toEqual([100, 100, 100]);
  });
});
