import { Size } from 'cdk8s';
import { Cpu, RedisCache, type RedisCacheProps, VersionedSecret } from 'cdk8s-best-practices';
import { containerOf, createPassword, PASSWORD } from './redis-members';
import { eventually } from '../../rig/processes';
import { ask } from '../../rig/redis-client';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { isReady, processesOf, readProcess } from '../rig/pods';
import { ownNamespace, secret, synthesize } from '../rig/workbench';

const namespace = ownNamespace('runtime-redis-cache');
const MAX_MEMORY = 32;
/** 2 x 32, 16 for clients, and 64. */
const LIMIT = 144;

beforeAll(async () => {
  await createPassword(namespace);
  await Cluster.node.apply(secret(namespace, 'redis-passwd-v2', { passwd: 'another' }));
});

function manifestsOf(id: string, props: Partial<RedisCacheProps> = {}, version = 'v1', accepted?: string): Manifest[] {
  return synthesize(namespace, (chart) => {
    const key = (each: string): RedisCacheProps['password'] => ({
      secret: new VersionedSecret(chart, `redis-passwd-${each}`, { name: 'redis-passwd', version: each }),
      key: 'passwd',
    });
    new RedisCache(chart, id, {
      ...('withoutPassword' in props ? {} : { password: key(version) }),
      ...(accepted === undefined ? {} : { alsoAccepts: key(accepted) }),
      maxMemory: Size.mebibytes(MAX_MEMORY),
      cpu: Cpu.millis(100),
      ...props,
    });
  });
}

/** Applies a cache, waits until it is rolled out and its Service leads to it, and gives the address of the Service. */
async function deploy(id: string, ...args: [Partial<RedisCacheProps>?, string?, string?]): Promise<string> {
  await Cluster.node.apply(...manifestsOf(id, ...args));
  await Cluster.node.rolledOut(namespace, `deployment/app-${id}`);
  const address = (await Cluster.node.get(namespace, `service/app-${id}`)).spec.clusterIP as string;
  // an answer of any kind: kube-proxy is a moment behind the pods
  await eventually(`the Service of ${id} leads to its pod`, async () => {
    if ((await ask(address, undefined, ['PING'])).length === 0) throw new Error('no answer');
  });
  return address;
}

async function podsOf(id: string): Promise<Manifest[]> {
  return Cluster.node.list(namespace, 'pods', `app.kubernetes.io/instance=app-${id}`);
}

/** Asks for a key all the time, until a new pod answers. Gives the time without an answer, and the keys afterwards. */
async function replaced(id: string, address: string, replace: () => Promise<unknown>): Promise<Replaced> {
  expect(await ask(address, PASSWORD, ['SET', 'key', '1'], ['DBSIZE'])).toEqual(['+OK', ':1']);
  const [{ metadata: before }] = await podsOf(id);
  const work = replace();
  let [last, size, ready] = [Date.now(), '', 0];
  const seconds = await eventually(
    'a new pod answers',
    async () => {
      for (;;) {
        const [reply] = await ask(address, PASSWORD, ['DBSIZE']);
        if (reply === ':1') {
          last = Date.now();
        } else if (reply !== undefined) {
          size = reply;
          return (Date.now() - last) / 1000;
        } else {
          throw new Error('no answer');
        }
      }
    },
    90,
  );
  await work;
  await eventually('the old pod is gone', async () => {
    const pods = await podsOf(id);
    expect(pods.map(({ metadata }) => metadata.uid)).not.toContain(before.uid);
    ready = pods.filter(isReady).length;
    expect(ready).toBe(1);
  });
  return { seconds, size, ready };
}

interface Replaced {
  readonly seconds: number;
  readonly size: string;
  readonly ready: number;
}

test('a cache whose pod is deleted answers again within seconds, and is empty', async () => {
  const address = await deploy('deleted');
  const { seconds, size } = await replaced('deleted', address, async () => {
    const [{ metadata }] = await podsOf('deleted');
    await Cluster.node.kubectl('--namespace', namespace, 'delete', 'pod', '--wait=false', metadata.name as string);
  });
  expect(size).toBe(':0');
  expect(seconds).toBeLessThan(30);
  figure(
    'A cache whose pod is deleted answers again within seconds, and is empty',
    `no answer for ${seconds.toFixed(1)} s, then 0 keys`,
  );
});

test('a rollout of a cache takes seconds, and empties it', async () => {
  const address = await deploy('rolled');
  const { seconds, size } = await replaced('rolled', address, () => deploy('rolled', { config: { hz: '20' } }));
  expect(size).toBe(':0');
  expect(seconds).toBeLessThan(30);
  figure('A rollout of a cache takes seconds, and empties it', `no answer for ${seconds.toFixed(1)} s, then 0 keys`);
});

test('a full cache drops keys, takes each write, and is not killed', async () => {
  const address = await deploy('full');
  const [pod] = await podsOf('full');
  expect(pod.spec.containers[0].resources.limits.memory).toBe(`${LIMIT}Mi`);
  let [written, refused] = [0, 0];
  for (const size of [100, 1000]) {
    const batch = Math.ceil(200_000 / (size + 90));
    const bytes = 2 * MAX_MEMORY * 1024 * 1024;
    for (let first = 0; first * (size + 90) < bytes; first += batch) {
      const commands = Array.from({ length: batch }, (_, index) => [
        'SET',
        `${size}-${first + index}`,
        'x'.repeat(size),
      ]);
      const replies = await ask(address, PASSWORD, ...commands);
      refused += batch - replies.filter((reply) => reply === '+OK').length;
      written += batch;
    }
  }
  const [info] = await ask(address, PASSWORD, ['INFO', 'stats']);
  const evicted = Number(/^evicted_keys:(\d+)/m.exec(info)?.[1]);
  const [after] = await podsOf('full');
  const server = processesOf(after).find((pid) => readProcess(pid, 'comm') === 'redis-server\n')!;
  const peak = Math.ceil(Number(/^VmHWM:\s+(\d+) kB$/m.exec(readProcess(server, 'status'))?.[1]) / 1024);
  expect({ refused, restarts: containerOf(after).restartCount, ready: isReady(after) }).toEqual({
    refused: 0,
    restarts: 0,
    ready: true,
  });
  expect(evicted).toBeGreaterThan(0);
  expect(peak).toBeLessThan(LIMIT);
  figure(
    'A full cache drops keys, takes each write, and stays below its memory limit',
    `${written} writes, ${evicted} keys dropped, at most ${peak} MiB of ${LIMIT} MiB, 0 restarts`,
  );
});

test('a cache refuses a missing and a wrong password, and one without a password takes none', async () => {
  const [address, open] = await Promise.all([
    deploy('locked'),
    deploy('open', { withoutPassword: 'nothing in it is secret' }),
  ]);
  expect([
    ...(await ask(address, undefined, ['PING'])),
    ...(await ask(address, undefined, ['AUTH', 'wrong'])),
    ...(await ask(address, PASSWORD, ['PING'], ['BGSAVE'])),
    ...(await ask(open, undefined, ['PING'], ['CONFIG', 'SET', 'maxmemory', '0'])),
  ]).toEqual([
    expect.stringMatching(/^-NOAUTH /),
    expect.stringMatching(/^-WRONGPASS /),
    '+PONG',
    expect.stringMatching(/^-NOPERM /),
    '+PONG',
    expect.stringMatching(/^-NOPERM /),
  ]);
  figure(
    'A cache refuses a missing and a wrong password, and clients cannot fork it or change its limits',
    'NOAUTH, WRONGPASS and NOPERM',
  );
});

test('the password of a cache changes in the three steps of docs/cache.md', async () => {
  const address = await deploy('changed');
  const accepted: boolean[][] = [];
  for (const [version, other] of [['v1', 'v2'], ['v2', 'v1'], ['v2']]) {
    await deploy('changed', {}, version, other);
    await eventually('the new pod answers', async () => {
      const replies = await Promise.all([PASSWORD, 'another'].map((each) => ask(address, each, ['PING'])));
      expect(replies.every(([reply]) => reply !== undefined)).toBe(true);
      accepted.push(replies.map(([reply]) => reply === '+PONG'));
    });
  }
  expect(accepted).toEqual([
    [true, true],
    [true, true],
    [false, true],
  ]);
  figure('The password of a cache changes in the three steps of docs/cache.md', 'old and new, old and new, new only');
});
