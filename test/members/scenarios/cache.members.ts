import { scenario, type Stage } from './scenario';
import { ask } from '../../rig/redis-client';
import { type CacheOptions, synthesizedCache } from '../rig/block';
import { type Member, PASSWORD } from '../rig/member';
import type { Members } from '../rig/members';

const SECRET = 'pages-passwd';
const MEBIBYTE = 1024 * 1024;

interface Cache {
  readonly members: Members;
  readonly cache: Member;
}

async function started(stage: Stage, options: CacheOptions = {}): Promise<Cache> {
  const members = await stage.members(synthesizedCache(options));
  await members.start();
  await members.untilReady(members.all);
  return { members, cache: members.primary };
}

const say = (line: string): unknown => process.stdout.write(`\n  ${line}\n`);

async function info(cache: Member, field: string): Promise<number> {
  const [text = ''] = await cache.ask(['INFO']);
  return Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(text)?.[1] ?? NaN);
}

/** Values of one size, from several writers at once, until this many bytes are written. Gives the highest memory. */
async function fill(cache: Member, size: number, total: number): Promise<{ refused: number; rss: number }> {
  const value = 'x'.repeat(size);
  const batch = Math.max(20, Math.ceil(200_000 / (size + 90)));
  let left = Math.ceil(total / (size + 90));
  let [refused, rss, next] = [0, 0, 0];
  const write = async (): Promise<void> => {
    while (left > 0) {
      left -= batch;
      const first = (next += batch);
      const commands = Array.from({ length: batch }, (_, index) => ['SET', `${size}-${first + index}`, value]);
      const replies = await ask(cache.podAddress!, PASSWORD, ...commands);
      refused += batch - replies.filter((reply) => reply === '+OK').length;
      rss = Math.max(rss, await info(cache, 'used_memory_rss'));
    }
  };
  await Promise.all(Array.from({ length: 4 }, write));
  return { refused, rss };
}

describe('a cache', () => {
  scenario('that is full drops keys, takes each write, and stays below its limit', async (stage) => {
    const block = { password: SECRET, maxMemory: 64 };
    const { cache } = await started(stage, block);
    const limit = synthesizedCache(block).memoryMebibytes;
    for (const size of [100, 1000]) {
      const { refused, rss } = await fill(cache, size, 2 * 64 * MEBIBYTE);
      const evicted = await info(cache, 'evicted_keys');
      say(`values of ${size} bytes: ${evicted} keys evicted, ${Math.ceil(rss / MEBIBYTE)} MiB of ${limit} MiB`);
      expect(refused).toBe(0);
      expect(evicted).toBeGreaterThan(0);
      expect(rss / MEBIBYTE).toBeLessThan(limit);
      expect(await info(cache, 'used_memory')).toBeLessThan(65 * MEBIBYTE);
    }
    expect([cache.ready, cache.killed]).toEqual([true, []]);
    expect(await cache.ask(['PING'])).toEqual(['+PONG']);
  });

  scenario('comes back empty and ready after a restart and after a crash', async (stage) => {
    const { members, cache } = await started(stage, { password: SECRET });
    for (const [what, end] of [
      ['a new pod', () => cache.restart()],
      ['a killed container', () => cache.kill()],
    ] as const) {
      expect(await cache.ask(['SET', 'key', '1'], ['DBSIZE'])).toEqual(['+OK', ':1']);
      const began = Date.now();
      await end();
      let seconds = NaN;
      for (let replies: string[] = []; replies.length === 0; replies = await cache.ask(['DBSIZE'])) {
        seconds = (Date.now() - began) / 1000;
      }
      await members.untilReady(members.all);
      expect(await cache.ask(['DBSIZE'])).toEqual([':0']);
      say(`${what}: answers after ${seconds.toFixed(1)} s, ready after ${((Date.now() - began) / 1000).toFixed(1)} s`);
    }
    expect(cache.claim.files).toEqual([]);
  });

  scenario('refuses a missing and a wrong password, and what would break its promises', async (stage) => {
    const { cache } = await started(stage, { password: SECRET });
    const address = cache.podAddress!;
    expect(await ask(address, undefined, ['PING'])).toEqual([expect.stringMatching(/^-NOAUTH /)]);
    expect(await ask(address, undefined, ['AUTH', `${PASSWORD}x`])).toEqual([expect.stringMatching(/^-WRONGPASS /)]);
    expect(await ask(address, PASSWORD, ['PING'])).toEqual(['+PONG']);
    await expectRestricted(address, PASSWORD);
  });

  scenario('without a password answers each client that reaches it, under the same restrictions', async (stage) => {
    const { cache } = await started(stage);
    expect(await ask(cache.podAddress!, undefined, ['SET', 'key', '1'], ['GET', 'key'])).toEqual(['+OK', '1']);
    await expectRestricted(cache.podAddress!, undefined);
  });

  scenario('changes its password in three steps, while clients follow at any time', async (stage) => {
    const next = `${PASSWORD}, next`;
    const { members, cache } = await started(stage, { password: SECRET });
    members.secrets.set('pages-passwd-2', next);
    const accepted = async (): Promise<boolean[]> =>
      Promise.all([PASSWORD, next].map(async (each) => (await ask(cache.podAddress!, each, ['PING']))[0] === '+PONG'));
    expect(await accepted()).toEqual([true, false]);
    for (const [passwords, expected] of [
      [{ password: SECRET, alsoAccepts: 'pages-passwd-2' }, [true, true]],
      [{ password: 'pages-passwd-2', alsoAccepts: SECRET }, [true, true]],
      [{ password: 'pages-passwd-2' }, [false, true]],
    ] as const) {
      members.release(synthesizedCache(passwords));
      await cache.restart();
      await members.untilReady(members.all);
      expect(await accepted()).toEqual(expected);
    }
    members.use(next);
  });
});

async function expectRestricted(address: string, password: string | undefined): Promise<void> {
  for (const command of [
    ['CONFIG', 'SET', 'maxmemory', '0'],
    ['BGSAVE'],
    ['SAVE'],
    ['BGREWRITEAOF'],
    ['REPLICAOF', 'other', '6379'],
    ['PSYNC', '?', '-1'],
    ['SHUTDOWN'],
    ['ACL', 'SETUSER', 'default', '+@all'],
    ['CLIENT', 'NO-EVICT', 'on'],
  ]) {
    expect([command, await ask(address, password, command)]).toEqual([command, [expect.stringMatching(/^-NOPERM /)]]);
  }
  const [maxmemory] = await ask(address, password, ['CONFIG', 'GET', 'maxmemory']);
  expect(maxmemory).not.toContain('NOPERM');
}
