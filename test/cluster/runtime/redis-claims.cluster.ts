import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { containerOf, createPassword, Members, PASSWORD } from './redis-members';
import { follow, restorePrimary } from './redis-recovery';
import { eventually, run } from '../../rig/processes';
import { ask } from '../../rig/redis-client';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { createVolumes } from '../rig/node';
import { secret } from '../rig/workbench';

const { node } = Cluster;
const CLASS = 'redis';
const KEYS = 500;
/**
 * Scenarios at once: each is three members whose probes are commands, of which the kubelet starts about one a second.
 */
const AT_ONCE = 4;

/**
 * What a scenario shows: how many of the keys that were written before each member has after it, and what a member
 * says.
 */
interface Shown {
  readonly written: number;
  readonly after: readonly number[];
  readonly says: readonly string[];
}

const ALL = [KEYS, KEYS, KEYS];
const WITHOUT_PRIMARY = [0, KEYS, KEYS];
const holds = (ordinal: number): string => `app-r-${ordinal} holds data set`;

const running = new Map<string, Promise<unknown>>();
let free = AT_ONCE;

beforeAll(async () => {
  await createVolumes(CLASS, 70);
  for (const [name, scenario] of Object.entries(scenarios)) {
    running.set(name, inNamespace(name, scenario as (namespace: string) => Promise<unknown>));
  }
  for (const work of running.values()) work.catch(() => undefined);
});

async function inNamespace<T>(name: string, scenario: (namespace: string) => Promise<T>): Promise<T> {
  const namespace = `redis-${name.replaceAll(/([A-Z])/g, (letter) => `-${letter.toLowerCase()}`)}`;
  while (free === 0) await sleep(100);
  free -= 1;
  try {
    await node.createNamespace(namespace);
    await createPassword(namespace);
    return await scenario(namespace);
  } finally {
    free += 1;
    await node.removeNamespace(namespace);
  }
}

async function deploy(namespace: string): Promise<{ members: Members; keys: string[] }> {
  const members = await Members.deploy(namespace, 'r', { storageClassName: CLASS });
  return { members, keys: await members.write(KEYS) };
}

const scenarios = {
  async noDns(namespace: string): Promise<Shown & { readonly override: Shown }> {
    const { members, keys } = await deploy(namespace);
    const blocked = policy(namespace, 'no-dns', {
      podSelector: { matchLabels: { 'statefulset.kubernetes.io/pod-name': 'app-r-0' } },
      policyTypes: ['Egress'],
      egress: [{ ports: [{ port: 6379 }] }],
    });
    await node.apply(blocked);
    await members.empty(0);
    const says = [await members.says(0, 'app-r-1 does not answer, app-r-2 does not answer')];
    await sleep(10_000);
    const after = await members.held(keys);
    await node.remove(blocked);
    says.push(await members.says(0, holds(1), holds(2)));
    await follow('To start while a member cannot be asked', members);
    await eventually('the primary begins a new data set', async () =>
      expect(await members.ask(0, ['SET', 'new', '1'])).toEqual(['+OK']),
    );
    const told = await members.tells(2, 'following it would delete this one');
    return { written: KEYS, after, says, override: { written: KEYS, after: await members.held(keys), says: [told] } };
  },

  async frozen(namespace: string): Promise<Shown> {
    const { members, keys } = await deploy(namespace);
    await Promise.all([1, 2].map((ordinal) => members.signal(ordinal, 'SIGSTOP')));
    await members.empty(0);
    const says = [await members.says(0, 'app-r-1 does not answer, app-r-2 does not answer')];
    await sleep(5000);
    await Promise.all([1, 2].map((ordinal) => members.signal(ordinal, 'SIGCONT')));
    says.push(await members.says(0, holds(1), holds(2)));
    return { written: KEYS, after: await members.held(keys), says };
  },

  /** Redis postpones what all clients ask. */
  async slow(namespace: string): Promise<Shown> {
    const { members, keys } = await deploy(namespace);
    await members.empty(0);
    await members.says(0, holds(1), holds(2));
    await Promise.all([1, 2].map((ordinal) => members.ask(ordinal, ['CLIENT', 'PAUSE', '20000', 'ALL'])));
    const says = [await members.says(0, 'app-r-1 does not answer, app-r-2 does not answer')];
    await sleep(15_000);
    says.push(await members.says(0, holds(1), holds(2)));
    return { written: KEYS, after: await members.held(keys), says };
  },

  async wrongPassword(namespace: string): Promise<Shown> {
    const { members, keys } = await deploy(namespace);
    const wrong = `${PASSWORD}, wrong`;
    const uidOf = async (ordinal: number): Promise<string> => (await members.pod(ordinal)).metadata.uid as string;
    const before = await uidOf(2);
    await node.apply(secret(namespace, 'redis-passwd-v1', { passwd: wrong }));
    await members.delete(2);
    await eventually('a member has another password', async () => {
      expect(await uidOf(2)).not.toBe(before);
      expect(await ask((await members.pod(2)).status.podIP as string, wrong, ['PING'])).toEqual(['+PONG']);
    });
    const says = [await members.tells(2, 'refuses the password')];
    await node.apply(secret(namespace, 'redis-passwd-v1', { passwd: PASSWORD }));
    await members.empty(0);
    says.push(await members.says(0, 'app-r-2 refuses the password'));
    await sleep(5000);
    const [held = ''] = await ask((await members.pod(2)).status.podIP as string, wrong, ['EXISTS', ...keys]);
    return {
      written: KEYS,
      after: [await members.count(0, keys), await members.count(1, keys), Number(held.slice(1))],
      says,
    };
  },

  async latePolicy(namespace: string): Promise<Shown & { readonly first: number[] }> {
    const closed = policy(namespace, 'closed', { podSelector: {}, policyTypes: ['Ingress'] });
    const manifests = Members.manifests(namespace, 'r', { storageClassName: CLASS });
    const own = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
    await node.apply(closed, ...manifests.filter(({ kind }) => kind !== 'NetworkPolicy'));
    const members = new Members(namespace, 'app-r');
    const says = [await members.says(0, 'app-r-1 does not answer, app-r-2 does not answer')];
    await node.apply(...own);
    await members.rolledOut();
    const keys = await members.write(KEYS);
    const first = await members.held(keys);
    await node.remove(...own);
    await members.empty(0);
    says.push(await members.says(0, 'app-r-1 does not answer, app-r-2 does not answer'));
    await node.apply(...own);
    says.push(await members.says(0, holds(1), holds(2)));
    return { written: KEYS, first, after: await members.held(keys), says };
  },

  async replicaLost(namespace: string): Promise<Shown> {
    const { members, keys } = await deploy(namespace);
    await members.empty(1);
    await eventually('the replica is another one', async () =>
      expect(containerOf(await members.pod(1)).ready).toBe(false),
    );
    return { written: KEYS, after: await members.healed(keys), says: [] };
  },

  async bothReplicasLost(namespace: string): Promise<Shown> {
    const { members, keys } = await deploy(namespace);
    await members.empty(1, 2);
    await eventually('the replicas are other ones', async () =>
      expect(containerOf(await members.pod(1)).ready).toBe(false),
    );
    return { written: KEYS, after: await members.healed(keys), says: [] };
  },

  async allButOne(namespace: string): Promise<Shown & { readonly restored: number[] }> {
    const { members, keys } = await deploy(namespace);
    await members.empty(0, 1);
    const says = [
      await members.says(0, `the claim is empty, and ${holds(2)}`),
      await members.says(1, 'the claim of app-r-0 is empty'),
    ];
    const after = await members.held(keys);
    const { kept } = await restorePrimary(members, keys, 2);
    return { written: KEYS, after, says, restored: kept };
  },

  async olderCopy(namespace: string): Promise<Shown & { readonly newer: number[] }> {
    const { members, keys } = await deploy(namespace);
    const folder = await members.folder(0);
    const scale = async (replicas: number): Promise<void> => {
      await node.kubectl('--namespace', namespace, 'scale', 'statefulset', members.name, `--replicas=${replicas}`);
      if (replicas === 0) {
        await eventually('no member runs', async () => expect(await node.list(namespace, 'pods')).toEqual([]));
      }
    };
    await scale(0);
    await run('cp', ['-a', folder, `${folder}-copy`]);
    await scale(3);
    await members.healed(keys);
    const newer = await members.write(KEYS, 'newer');
    await scale(0);
    // with the owner of the files
    await run('sh', ['-c', 'rm -r "$0"/* && cp -a "$0-copy"/* "$0"', folder]);
    await scale(3);
    return { written: KEYS, after: await members.healed(keys), newer: await members.held(newer), says: [] };
  },

  async badRelease(namespace: string): Promise<Shown & { readonly mended: number }> {
    const { members, keys } = await deploy(namespace);
    const mended = await release(members);
    await members.rolledOut();
    return { written: KEYS, after: await members.healed(keys), says: [], mended: await mended() };
  },

  /** What the block does not write: https://github.com/kubernetes/kubernetes/issues/67250. */
  async badReleaseInOrder(namespace: string): Promise<number> {
    const members = new Members(namespace, 'app-r');
    await node.apply(...Members.manifests(namespace, 'r', { storageClassName: CLASS }).map(inOrder));
    // the primary waits for the others, which are not there before it is ready
    await members.says(0, 'app-r-1 does not answer');
    await follow('To start while a member cannot be asked', members);
    await members.rolledOut();
    const mended = await release(members, inOrder);
    await sleep(20_000);
    return mended();
  },

  async idMissing(namespace: string): Promise<Shown> {
    const { members, keys } = await deploy(namespace);
    truncateSync(join(await members.folder(0), 'dataset'), 0);
    await members.delete(0);
    const says = [await members.says(0, 'waiting: the claim holds data, and no id')];
    await follow('The id is missing', members);
    return { written: KEYS, after: await members.healed(keys), says };
  },

  async damagedFile(namespace: string): Promise<Shown & { readonly replica: number[]; readonly crashed: string[] }> {
    const { members, keys } = await deploy(namespace);
    const crashed: string[] = [];
    const damage = async (ordinal: number): Promise<void> => {
      const folder = join(await members.folder(ordinal), 'appendonlydir');
      await members.ask(0, ['MSET', ...keys.flatMap((key) => [key, key])]);
      await members.keep(keys);
      const largest = readdirSync(folder)
        .filter((name) => name.endsWith('.incr.aof'))
        .map((name) => join(folder, name))
        .pop()!;
      const content = readFileSync(largest);
      const middle = Math.floor(content.length / 2);
      content.fill(0, middle, middle + 100);
      writeFileSync(largest, content);
      await members.delete(ordinal);
      crashed.push(await members.says(ordinal, 'Bad file format'));
    };
    await damage(1);
    await follow('A replica does not follow', members, (commands) => commands.replace('ORDINAL=2', 'ORDINAL=1'));
    const replica = await members.healed(keys);
    await damage(0);
    await follow('A replica does not follow', members, (commands) => commands.replace('ORDINAL=2', 'ORDINAL=0'));
    const says = [await members.says(0, holds(1), holds(2))];
    const { kept } = await restorePrimary(members, keys);
    return { written: KEYS, after: kept, says, replica, crashed };
  },

  async upgraded(namespace: string): Promise<Shown> {
    const before = JSON.parse(
      readFileSync(join(__dirname, '../../rig/redis-started-in-order.json'), 'utf8').replaceAll(
        'the-namespace',
        namespace,
      ),
    ) as Manifest[];
    await node.apply(...before);
    const members = new Members(namespace, 'app-upgraded');
    await members.rolledOut();
    const keys = await members.write(KEYS);
    const file = join(node.folder, 'upgraded.json');
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: Members.manifests(namespace, 'upgraded', { storageClassName: CLASS }),
      }),
    );
    await follow('Upgrade from an earlier release', members, (commands) =>
      commands.replace('kubectl apply --server-side -f dist/', `kubectl apply --server-side -f ${file}`),
    );
    return { written: KEYS, after: await members.healed(keys), says: [] };
  },
};

/** Applies a release that fails, then a good one. Gives what counts the members that run the good one. */
async function release(
  members: Members,
  change = (manifest: Manifest): Manifest => manifest,
): Promise<() => Promise<number>> {
  const good = Members.manifests(members.namespace, 'r', { storageClassName: CLASS, config: { timeout: '600' } }).map(
    change,
  );
  const bad = structuredClone(good);
  bad.find(({ kind }) => kind === 'StatefulSet')!.spec.template.spec.containers[0].command = ['sh', '-c', 'exit 1'];
  await node.apply(...bad);
  await eventually('the release fails', async () =>
    expect(containerOf(await members.pod(2)).restartCount).toBeGreaterThan(1),
  );
  await node.apply(...good);
  const config = good.find(({ kind }) => kind === 'ConfigMap')!.metadata.name as string;
  return async () => {
    const pods = await Promise.all(members.ordinals.map((ordinal) => members.pod(ordinal)));
    return pods.filter(
      ({ spec }) =>
        JSON.stringify(spec.volumes).includes(config) && spec.containers[0].command[1] === '/opt/redis/launch.sh',
    ).length;
  };
}

function inOrder(manifest: Manifest): Manifest {
  return manifest.kind === 'StatefulSet'
    ? { ...manifest, spec: { ...manifest.spec, podManagementPolicy: 'OrderedReady' } }
    : manifest;
}

function policy(namespace: string, name: string, spec: Manifest): Manifest {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec };
}

/** Waits for a scenario, and prints what it shows. */
async function shown<K extends Exclude<keyof typeof scenarios, 'badReleaseInOrder'>>(
  name: K,
  claim: string,
): Promise<Awaited<ReturnType<(typeof scenarios)[K]>>> {
  const result = (await running.get(name)) as Awaited<ReturnType<(typeof scenarios)[K]>>;
  const { written, after, says } = result;
  figure(
    claim,
    [
      `${written} keys before, ${after.join(', ')} on the members after`,
      ...says.map((line) => `"${line.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')}"`),
    ].join('; '),
  );
  return result;
}

const silent = expect.stringContaining(
  'waiting: the claim is empty, and app-r-1 does not answer, app-r-2 does not answer',
);
const both = expect.stringMatching(/the claim is empty, and app-r-1 holds data set .*, app-r-2 holds data set/);

test('a Redis primary that lost its claim, and has no DNS, does not wipe its replicas', async () => {
  const { after, says, override } = await shown('noDns', 'A Redis primary that lost its claim and has no DNS waits');
  expect([after, says]).toEqual([WITHOUT_PRIMARY, [silent, both]]);
  // the primary holds one key of its own then
  expect(override).toMatchObject({ after: WITHOUT_PRIMARY, says: [expect.stringContaining('app-r-0 holds data set')] });
});

test('a Redis primary that lost its claim while its replicas are frozen does not wipe them', async () => {
  expect(await shown('frozen', 'A Redis primary that lost its claim while its replicas are frozen waits')).toEqual({
    written: KEYS,
    after: WITHOUT_PRIMARY,
    says: [silent, both],
  });
});

test('a Redis primary that lost its claim while its replicas answer slowly does not wipe them', async () => {
  expect(
    await shown('slow', 'A Redis primary that lost its claim waits while answers take longer than its timeout'),
  ).toEqual({ written: KEYS, after: WITHOUT_PRIMARY, says: [silent, both] });
});

test('a Redis replica with another password keeps its data, and is told apart from one with another data set', async () => {
  const { after, says } = await shown('wrongPassword', 'A Redis member with another password keeps its data');
  expect([after, says]).toEqual([
    WITHOUT_PRIMARY,
    [
      'no link: app-r-0 refuses the password',
      expect.stringMatching(/the claim is empty, and app-r-1 holds data set .*, app-r-2 refuses the password/),
    ],
  ]);
});

test('a Redis starts by itself when its network policy comes late, and loses nothing when it is missing', async () => {
  const { after, says, first } = await shown(
    'latePolicy',
    'A Redis whose network policy comes after its start waits for it',
  );
  expect([first, after, says]).toEqual([ALL, WITHOUT_PRIMARY, [silent, silent, both]]);
});

test('a Redis replica that lost its claim copies the data anew', async () => {
  expect((await shown('replicaLost', 'A Redis replica that lost its claim comes back by itself')).after).toEqual(ALL);
});

test('Redis replicas that lost their claims at once copy the data anew', async () => {
  expect(
    (await shown('bothReplicasLost', 'Two Redis replicas that lost their claims at once come back by themselves'))
      .after,
  ).toEqual(ALL);
});

test('the last claim of a Redis keeps the data, and gives it back by the guide', async () => {
  const { after, says, restored } = await shown(
    'allButOne',
    'The last claim of a Redis that lost all others keeps the data',
  );
  expect([after, restored]).toEqual([[0, 0, KEYS], ALL]);
  expect(says).toEqual([
    expect.stringMatching(/waiting: the claim is empty, and app-r-2 holds data set/),
    'waiting: the claim of app-r-0 is empty',
  ]);
});

test('an older copy on the claim of a Redis primary is followed, as the guide says', async () => {
  const { after, newer } = await shown(
    'olderCopy',
    'An older copy on the claim of a Redis primary is followed: what is newer is gone',
  );
  expect([after, newer]).toEqual([ALL, [0, 0, 0]]);
});

test('a Redis is mended by the release after a broken one, with no pod deleted by hand', async () => {
  const { after, mended } = await shown('badRelease', 'A broken release of a Redis is mended by the next one');
  expect([after, mended]).toEqual([ALL, 3]);
});

test('members that started in order would stay broken', async () => {
  expect(await running.get('badReleaseInOrder')).toBe(0);
});

test('a Redis primary whose id was cut waits, and starts by the guide', async () => {
  const { after, says } = await shown(
    'idMissing',
    'A Redis primary whose id is empty waits, and is identified by the guide',
  );
  expect([after, says]).toEqual([ALL, ['waiting: the claim holds data, and no id in /data/dataset']]);
});

test('a damaged append-only file of Redis is mended by the guide, on a replica and on the primary', async () => {
  const { after, replica, crashed } = await shown(
    'damagedFile',
    'A damaged append-only file of a Redis replica, then of the primary, is mended by the guide',
  );
  expect([replica, after]).toEqual([ALL, ALL]);
  expect(crashed).toHaveLength(2);
});

test('the claims of a Redis that started its members in order are taken over by the guide', async () => {
  expect((await shown('upgraded', 'The claims of a Redis of an earlier release are taken over')).after).toEqual(ALL);
});
