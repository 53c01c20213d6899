import { setTimeout as sleep } from 'node:timers/promises';
import { Duration } from 'cdk8s';
import { containerOf, createPassword, type Disruption, Members, PASSWORD, secondsSince } from './redis-members';
import { acceptLoss, changePassword, restorePrimary } from './redis-recovery';
import { eventually } from '../../rig/processes';
import { ask } from '../../rig/redis-client';
import { Cluster } from '../rig/cluster';
import { figure } from '../rig/figures';
import { isReady } from '../rig/pods';
import { ownNamespace } from '../rig/workbench';

const namespace = ownNamespace('runtime-redis');

/** Liveness restarts after 35 s at most: 3 failures in 10 s each, and 5 s until the last one counts. */
const LIVENESS_SECONDS = 45;

// several blocks at once, as each scenario is mostly waiting; a test waits for its own part
let deletions: ReturnType<typeof deletePods>;
let kills: Promise<Disruption>;
let emptied: ReturnType<typeof emptyThePrimary>;
let restored: ReturnType<typeof restorePrimary>;
let changed: ReturnType<typeof changePassword>;
let accepted: ReturnType<typeof acceptLoss>;
let loading: ReturnType<typeof loadSlowly>;
let hanging: ReturnType<typeof hang>;

beforeAll(async () => {
  await createPassword(namespace);
  deletions = background(deletePods());
  const killed = background(Members.deploy(namespace, 'killed'));
  kills = background(
    killed.then((members) =>
      members.survive('kill', members.ordinals, () =>
        Promise.all(members.ordinals.map((ordinal) => members.signal(ordinal, 'SIGKILL'))),
      ),
    ),
  );
  emptied = background(kills.then(async () => emptyThePrimary(await killed)));
  restored = background(emptied.then(async ({ keys }) => restorePrimary(await killed, keys)));
  changed = background(changePassword(namespace));
  accepted = background(changed.then(({ members }) => acceptLoss(members)));
  loading = background(loadSlowly());
  hanging = background(hang());
});

test('an acknowledged write survives kill -9 of every redis-server', async () => {
  const { acknowledged, kept, seconds } = await kills;
  expect(acknowledged).toBeGreaterThan(0);
  expect(kept).toEqual([acknowledged, acknowledged, acknowledged]);
  figure(
    'Redis keeps acknowledged writes through kill -9 of all members at once',
    `${acknowledged} acknowledged, ${acknowledged} kept by each of 3 members; ready again after ${seconds} s`,
  );
});

test('a member is not ready while it loads, and is not restarted', async () => {
  const { seconds, readyWhileLoading, restarts, keys } = await loading;
  expect(seconds).toBeGreaterThanOrEqual(LIVENESS_SECONDS);
  expect({ readyWhileLoading, restarts, keys }).toEqual({ readyWhileLoading: 0, restarts: 0, keys: LOADED_KEYS });
  figure(
    'A Redis member that loads its data is not ready, and liveness does not restart it',
    `${seconds} s of loading, ${restarts} restarts`,
  );
});

test('a wrong or missing password is refused', async () => {
  const { passwords } = await deletions;
  expect(passwords).toEqual([
    expect.stringMatching(/^-NOAUTH /),
    expect.stringMatching(/^-NOAUTH /),
    expect.stringMatching(/^-WRONGPASS /),
    '+PONG',
    expect.stringMatching(/^-NOAUTH /),
    expect.stringMatching(/^-NOAUTH /),
    expect.stringMatching(/^-WRONGPASS /),
    '+PONG',
  ]);
  figure(
    'Redis refuses a missing and a wrong password',
    'NOAUTH and WRONGPASS from primary and replica; PONG with the right one',
  );
});

test('an acknowledged write survives the deletion of each pod in turn', async () => {
  const { one } = await deletions;
  for (const { acknowledged, kept } of one) {
    expect(acknowledged).toBeGreaterThan(0);
    expect(kept).toEqual([acknowledged, acknowledged, acknowledged]);
  }
  const writes = one.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  figure(
    'Redis keeps acknowledged writes when any one pod is deleted',
    `replica, replica and primary deleted: ${writes} acknowledged, ${writes} kept by each of 3 members; ready again after ${one.map(({ seconds }) => seconds).join(', ')} s`,
  );
});

test('a replica catches up with what was written while it was away', async () => {
  const { caughtUp } = await deletions;
  expect(caughtUp).toBe(2);
  figure('A Redis replica catches up with the writes that it missed', `${caughtUp} of 2 replicas`);
});

test('an acknowledged write survives the deletion of all pods at once', async () => {
  const { acknowledged, kept, seconds } = (await deletions).all;
  expect(acknowledged).toBeGreaterThan(0);
  expect(kept).toEqual([acknowledged, acknowledged, acknowledged]);
  figure(
    'Redis keeps acknowledged writes when all pods are deleted at once',
    `${acknowledged} acknowledged, ${acknowledged} kept by each of 3 members; all ready again after ${seconds} s`,
  );
});

test('a primary with an emptied volume waits, and its replicas keep the data', async () => {
  const { log, written, kept } = await emptied;
  expect(log).toMatch(
    /^waiting: the claim is empty, and app-killed-1 holds data set [0-9a-f-]{36}, app-killed-2 holds data set [0-9a-f-]{36}$/,
  );
  expect(kept).toEqual([written, written]);
  figure(
    'A Redis primary that lost its volume waits and does not wipe its replicas',
    `${written} keys before, ${kept.join(' and ')} on the replicas after ${LIVENESS_SECONDS} s`,
  );
});

test('a replica without its primary is not ready, and is not restarted', async () => {
  const { links, ready, restarts, unreadyAfter } = await emptied;
  expect({ links, ready, restarts }).toEqual({ links: ['down', 'down'], ready: [false, false], restarts: [0, 0] });
  figure(
    'A Redis replica without its primary is not ready, and liveness does not restart it',
    `not ready after ${unreadyAfter} s; 0 restarts within ${LIVENESS_SECONDS} s`,
  );
});

test('a primary that lost its volume is restored from a replica, by the commands of the guide', async () => {
  const { keys } = await emptied;
  const { kept, seconds } = await restored;
  expect(kept).toEqual([keys.length, keys.length, keys.length]);
  figure(
    'The commands of docs/redis.md bring the data back to a primary that lost its volume',
    `${kept.join(', ')} of ${keys.length} keys on the 3 members, ${seconds} s`,
  );
});

test('a new password takes hold in three steps, one member after the other, and no acknowledged write is lost', async () => {
  const { acknowledged, kept, most, replies } = await changed;
  expect(replies).toEqual([expect.stringMatching(/^-WRONGPASS /), '+OK']);
  expect(kept).toEqual(acknowledged.map((count) => [count, count, count]));
  expect(Math.min(...acknowledged)).toBeGreaterThan(0);
  expect(most).toBe(1);
  figure(
    'The password of a Redis changes in the three steps of docs/redis.md, one member after the other',
    `${acknowledged.join(', ')} writes acknowledged with the old, old and new password meanwhile, all kept by each of 3 members; the old password is refused afterwards`,
  );
});

test('the loss of all data is accepted by the commands of the guide', async () => {
  expect(await accepted).toEqual([':0', ':0', ':0']);
  figure(
    'The commands of docs/redis.md start an empty Redis where the loss of the primary is accepted',
    '0 keys on each of 3 members, all ready',
  );
});

test('a member that hangs is restarted', async () => {
  const { unreadyAfter, seconds, restarts } = await hanging;
  expect(restarts).toBe(1);
  figure(
    'A Redis member that hangs is taken out of service, and restarted',
    `not ready after ${unreadyAfter} s, ready again after ${seconds} s, ${restarts} restart`,
  );
});

async function deletePods(): Promise<{ passwords: string[]; one: Disruption[]; caughtUp: number; all: Disruption }> {
  const members = await Members.deploy(namespace, 'deleted');
  const passwords = (
    await Promise.all(
      [0, 1].map(async (ordinal) => {
        const { podIP } = (await members.pod(ordinal)).status;
        const ping = async (password?: string): Promise<string[]> => ask(podIP as string, password, ['PING']);
        const [refused] = await ask(podIP as string, undefined, ['SET', 'stolen', '1']);
        const [wrong] = await ask(podIP as string, undefined, ['AUTH', `${PASSWORD}x`]);
        return [...(await ping()), refused, wrong, ...(await ping(PASSWORD))];
      }),
    )
  ).flat();
  const one: Disruption[] = [];
  let caughtUp = 0;
  for (const target of [2, 1, 0]) {
    one.push(
      await members.survive(`delete-${target}`, [target], async () => {
        await members.delete(target);
        if (target !== 0) await writeWithoutReplica(members, `missed-${target}`);
      }),
    );
    caughtUp += await members.count(target, [`missed-${target}`]);
  }
  const all = await members.survive('delete-all', members.ordinals, () => members.delete(...members.ordinals));
  return { passwords, one, caughtUp, all };
}

/** Writes a key while the primary has one replica only. */
async function writeWithoutReplica(members: Members, key: string): Promise<void> {
  await eventually(
    'the primary has one replica',
    async () => {
      const [before, answer, after] = await members.ask(
        0,
        ['INFO', 'replication'],
        ['SET', key, key],
        ['INFO', 'replication'],
      );
      expect([before, after]).toEqual([
        expect.stringContaining('connected_slaves:1\r\n'),
        expect.stringContaining('connected_slaves:1\r\n'),
      ]);
      expect(answer).toBe('+OK');
    },
    20,
  );
}

async function emptyThePrimary(members: Members): Promise<{
  log: string;
  keys: string[];
  written: number;
  kept: number[];
  links: string[];
  ready: boolean[];
  restarts: number[];
  unreadyAfter: number;
}> {
  const replicas = [1, 2];
  const keys = Array.from({ length: 1000 }, (_, index) => `kept-${index}`);
  await members.ask(0, ['MSET', ...keys.flatMap((key) => [key, key])]);
  const [written] = await members.keep(keys);
  // the kill before counts as a restart
  const countRestarts = async (): Promise<number[]> =>
    Promise.all(replicas.map(async (ordinal) => containerOf(await members.pod(ordinal)).restartCount as number));
  const before = await countRestarts();
  const started = Date.now();
  await members.empty(0);
  const log = await members.says(0, 'killed-1 holds data set', 'killed-2 holds data set');
  await eventually('the replicas are not ready', async () => {
    for (const ordinal of replicas) expect(isReady(await members.pod(ordinal))).toBe(false);
  });
  const unreadyAfter = secondsSince(started);
  await sleep(started + LIVENESS_SECONDS * 1000 - Date.now());
  const pods = await Promise.all(replicas.map((ordinal) => members.pod(ordinal)));
  const infos = await Promise.all(replicas.map((ordinal) => members.ask(ordinal, ['INFO', 'replication'])));
  return {
    log,
    keys,
    written,
    kept: await Promise.all(replicas.map((ordinal) => members.count(ordinal, keys))),
    links: infos.map(([info]) => /master_link_status:(\w+)/.exec(info)?.[1] ?? ''),
    ready: pods.map(isReady),
    restarts: (await countRestarts()).map((count, index) => count - before[index]),
    unreadyAfter,
  };
}

const LOADED_KEYS = 60_000;

async function loadSlowly(): Promise<{ seconds: number; readyWhileLoading: number; restarts: number; keys: number }> {
  const manifests = Members.manifests(namespace, 'loading', { replicas: 1 });
  // for tests alone, so that the block refuses it: microseconds for each key
  manifests.find(({ kind }) => kind === 'ConfigMap')!.data['redis.conf'] += 'key-load-delay 1000\n';
  await Cluster.node.apply(...manifests);
  const members = new Members(namespace, 'app-loading', 1);
  await members.rolledOut();
  await members.ask(0, ['EVAL', `for i = 1, ${LOADED_KEYS} do redis.call('set', i, i) end`, '0']);
  const { uid } = (await members.pod(0)).metadata;
  await members.delete(0);
  let [seconds, first, readyWhileLoading] = [0, 0, 0];
  await eventually(
    'the member has loaded',
    async () => {
      const pod = await members.pod(0);
      const [info = ''] = await members.ask(0, ['INFO', 'persistence']);
      expect(pod.metadata.uid).not.toBe(uid);
      if (/^loading:1/m.test(info)) {
        first ||= Date.now();
        seconds = secondsSince(first);
        if (isReady(pod)) readyWhileLoading += 1;
        if (seconds >= LIVENESS_SECONDS) await members.ask(0, ['CONFIG', 'SET', 'key-load-delay', '0']);
      }
      expect(info).toMatch(/^loading:0/m);
      expect(isReady(pod)).toBe(true);
    },
    150,
  );
  const [size] = await members.ask(0, ['DBSIZE']);
  return {
    seconds,
    readyWhileLoading,
    restarts: containerOf(await members.pod(0)).restartCount as number,
    keys: Number(size.slice(1)),
  };
}

async function hang(): Promise<{ unreadyAfter: number; seconds: number; restarts: number }> {
  const members = await Members.deploy(namespace, 'hanging', {
    replicas: 1,
    terminationGracePeriod: Duration.seconds(10),
  });
  const started = Date.now();
  await members.signal(0, 'SIGSTOP');
  await eventually('it is not ready', async () => expect(isReady(await members.pod(0))).toBe(false));
  const unreadyAfter = secondsSince(started);
  await eventually(
    'it is restarted and ready',
    async () => {
      const pod = await members.pod(0);
      expect(containerOf(pod).restartCount).toBeGreaterThan(0);
      expect(isReady(pod)).toBe(true);
    },
    120,
  );
  return {
    unreadyAfter,
    seconds: secondsSince(started),
    restarts: containerOf(await members.pod(0)).restartCount as number,
  };
}

/** Work that a later test waits for: until then its failure is nobody's. */
function background<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}
