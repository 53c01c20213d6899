import { spawnSync } from 'node:child_process';
import { configOf, hostOf, Sandbox, scriptsOf, UUID } from './sandbox';

const OURS = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';
const MANIFEST = 'appendonlydir/appendonly.aof.manifest';
const BASE = 'appendonlydir/appendonly.aof.1.base.rdb';
const LOADED =
  '# Persistence\r\nloading:0\r\nasync_loading:0\r\naof_enabled:1\r\naof_rewrite_in_progress:0\r\naof_rewrite_scheduled:0\r\naof_last_bgrewrite_status:ok\r\n';
const PRIMARY = '# Replication\r\nrole:master\r\n';
const LINKED = '# Replication\r\nrole:slave\r\nmaster_link_status:up\r\nslave_read_only:1\r\n';
const UNLINKED = LINKED.replace('status:up', 'status:down');

let boxes: Sandbox[] = [];

function member(hostname: string, password?: string, replicas?: number): Sandbox {
  const box = new Sandbox(hostname, password, replicas);
  boxes.push(box);
  return box;
}

/** A member whose claim has data and, by default, the id of its data set. */
function memberWithData(hostname: string, dataset: string | null = `${OURS}\n`): Sandbox {
  const box = member(hostname)
    .holds(MANIFEST, 'file appendonly.aof.1.base.rdb seq 1 type b\n')
    .holds(BASE, 'REDIS0010');
  return dataset === null ? box : box.holds('dataset', dataset);
}

afterEach(() => {
  boxes.forEach((box) => box.remove());
  boxes = [];
});

/** What redis.conf means by "..." (sdssplitargs of Redis). */
function unquoted(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

/** The sandbox ends a script that waits, by a `sleep` that fails. */
const waits = (reason: string) => ({ code: 1, stdout: `waiting: ${reason}\n`, stderr: '' });
const starts = { code: 0, stdout: '', stderr: '' };
const begins = { code: 0, stdout: `a new data set begins: ${UUID}\n`, stderr: '' };

describe('the scripts of Redis', () => {
  const scripts = Object.entries(scriptsOf(3)).filter(([name]) => name.endsWith('.sh'));
  const hasDash = spawnSync('dash', ['-c', 'true']).status === 0;
  const shells = ['sh', ...(hasDash ? ['dash'] : [])];

  test.each(scripts)('%s is accepted by a POSIX shell (DX-06)', (_, text) => {
    for (const shell of shells) {
      const { status, stderr } = spawnSync(shell, ['-n'], { input: text, encoding: 'utf8' });
      expect([shell, status, stderr]).toEqual([shell, 0, '']);
    }
  });

  test('know names and number of the members from one file', () => {
    expect(scriptsOf(3)['layout.sh']).toBe('name=store\nmembers=store-members\nreplicas=3\n');
  });
});

describe('the first start of a Redis primary', () => {
  const first = () => member('store-0').shows(1, 'empty').shows(2, 'empty');

  test('takes an id for the data set once all others have said that their claims are empty (CH01-56)', () => {
    const box = first();
    expect(box.run('launch.sh')).toEqual(begins);
    expect(box.read('data/joining')).toBe(`${UUID}\n`);
    expect(box.lines('redis-server.arguments')).toEqual([
      `/${configOf('store-0', `dataset-${UUID}`).replace('run/', 'run/redis/')}`,
    ]);
  });

  test('writes the password into a file that only its owner can read, in memory (DX-32, CH01-46)', () => {
    const box = first();
    box.run('launch.sh');
    const config = configOf('store-0', `dataset-${UUID}`);
    expect(box.mode(config)).toBe('600');
    expect(box.lines(config)).toEqual([
      'include /opt/redis/redis.conf',
      'user default on ">secret" ~* &* +@all -psync -sync -replicaof -slaveof -failover',
      `user ${UUID} on ">secret" resetkeys -@all +psync +sync +replconf +ping`,
    ]);
  });

  test('starts the server with the path of that file alone: no password in arguments and environment (DX-32)', () => {
    const box = member('store-0', 'correct horse\n').shows(1, 'empty').shows(2, 'empty');
    box.run('launch.sh');
    expect(box.lines('redis-server.arguments')).toHaveLength(1);
    expect(box.read('redis-server.environment')).not.toContain('correct horse');
    expect(box.read('redis-server.environment')).toContain('HOSTNAME=store-0');
  });

  test('asks each other member, with the password in the environment and a limit of time (DX-31, DX-32)', () => {
    const box = member('store-0', 'correct horse\n').shows(1, 'empty').shows(2, 'empty');
    box.run('launch.sh');
    expect(box.lines('redis-cli.calls')).toEqual([1, 2].map((ordinal) => `-h ${hostOf(ordinal)} -p 6379 info server`));
    expect(box.lines('redis-cli.passwords')).toEqual(['correct horse', 'correct horse']);
    expect(box.lines('timeout.calls')).toEqual(['2', '2']);
  });

  test('asks nobody when it is the only member', () => {
    const box = member('store-0', undefined, 1);
    expect(box.run('launch.sh')).toEqual(begins);
    expect(box.lines('redis-cli.calls')).toEqual([]);
  });

  test('waits until the last one has answered, and shows its own claim meanwhile', () => {
    const box = member('store-0').shows(1, 'empty').shows(2, 'empty', 'later');
    expect(box.run('launch.sh')).toEqual({
      code: 0,
      stdout: `waiting: the claim is empty, and store-2 does not answer\n${begins.stdout}`,
      stderr: '',
    });
    expect(box.lines('sleep.calls')).toEqual(['1', '1']);
    expect(box.lines('announcements')).toEqual([`/run/redis/${configOf('store-0', 'empty').slice('run/'.length)}`]);
  });

  test('shows its claim by a server that holds nothing, and that tells nothing else', () => {
    const box = member('store-0', 'correct horse');
    box.run('launch.sh');
    expect(box.mode(configOf('store-0', 'empty'))).toBe('600');
    expect(box.lines(configOf('store-0', 'empty'))).toEqual([
      'port 6379',
      'bind * -::*',
      'protected-mode no',
      'dir /run/redis',
      'save ""',
      'loglevel warning',
      'user default on ">correct horse" resetkeys -@all +auth +hello +ping +info',
    ]);
  });
});

describe('a Redis primary with an empty claim', () => {
  test.each([
    ['holds data', `dataset-${OURS}`, `store-1 holds data set ${OURS}`],
    [
      'holds data that it copied since it started',
      `joining-${OURS}`,
      `store-1 holds data set ${OURS}, or a part of it`,
    ],
    ['holds data without an id', 'unidentified', 'store-1 holds data without an id'],
    ['holds broken data', 'broken', 'store-1 holds append-only files without their manifest'],
  ])('waits while a replica %s, which would be wiped', (_, state, words) => {
    const box = member('store-0').shows(1, state).shows(2, 'empty');
    expect(box.run('launch.sh')).toEqual(waits(`the claim is empty, and ${words}`));
    expect(box.read('redis-server.arguments')).toBeUndefined();
    expect(box.files('data')).toEqual([]);
  });

  test.each([
    ['is silent', '', 'does not answer'],
    [
      'has another password',
      'AUTH failed: WRONGPASS invalid username-password pair or user is disabled.\nNOAUTH Authentication required.\n',
      'refuses the password',
    ],
    ['is a server of somebody else', '# Server\r\nconfig_file:/etc/redis.conf\r\n', 'does not answer'],
    [
      'is a member of another Redis that got its address',
      '# Server\r\nconfig_file:/run/redis/cache-1.shop.svc.cluster.local/empty.conf\r\n',
      'does not answer',
    ],
    [
      'is a member of the same name in another namespace',
      '# Server\r\nconfig_file:/run/redis/store-1.test.svc.cluster.local/empty.conf\r\n',
      'does not answer',
    ],
  ])('waits while one that should be a replica %s: silence says nothing', (_, answer, words) => {
    const box = member('store-0').answer(hostOf(1), 'info server', answer).shows(2, 'empty');
    expect(box.run('launch.sh')).toEqual(waits(`the claim is empty, and store-1 ${words}`));
    expect(box.files('data')).toEqual([]);
  });

  test('names all that it waits for', () => {
    expect(member('store-0', undefined, 4).shows(2, `dataset-${OURS}`).shows(3, 'empty').run('launch.sh')).toEqual(
      waits(`the claim is empty, and store-1 does not answer, store-2 holds data set ${OURS}`),
    );
  });

  test.each([
    ['whose id stayed', (box: Sandbox) => box.holds('dataset', `${OURS}\n`)],
    [
      'whose first start was stopped before its first manifest',
      (box: Sandbox) => box.holds('joining', `${OURS}\n`).holds(BASE, 'REDIS0010'),
    ],
    ['whose id was cut', (box: Sandbox) => box.holds('dataset', OURS.slice(0, 20))],
  ])('%s asks as any other', (_, prepare) => {
    expect(prepare(member('store-0').shows(1, `dataset-${OURS}`).shows(2, 'empty')).run('launch.sh').code).toBe(1);
    const box = prepare(member('store-0').shows(1, 'empty').shows(2, 'empty'));
    expect(box.run('launch.sh')).toEqual(begins);
    expect([box.read('data/joining'), box.read('data/dataset')]).toEqual([`${UUID}\n`, undefined]);
  });

  test('begins a new data set when a person says so, and no old one', () => {
    const box = member('store-0').shows(1, `dataset-${OURS}`);
    expect(box.run('identify.sh')).toMatchObject({
      code: 1,
      stderr: 'the claim is empty: only a new data set can begin here: identify.sh new\n',
    });
    expect(box.run('identify.sh', OURS)).toMatchObject({ code: 1, stdout: '' });
    expect(box.run('identify.sh', 'new')).toEqual({
      code: 0,
      stdout: `store-0 starts as data set ${UUID}\n`,
      stderr: '',
    });
    expect(box.run('launch.sh')).toEqual(begins);
    expect(box.read('data/joining')).toBe(`${UUID}\n`);
  });

  test('that was lost again waits again: what a person said counts once', () => {
    const box = member('store-0').shows(1, `dataset-${OURS}`).shows(2, `dataset-${OURS}`);
    box.run('identify.sh', 'new');
    expect(box.run('launch.sh').code).toBe(0);
    box.delete('data/joining');
    expect(box.run('launch.sh')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('waiting: the claim is empty'),
    });
  });
});

describe('the claim of a Redis member', () => {
  test('is that of one process: a pod that was deleted by force may still run', () => {
    const box = memberWithData('store-0').locked();
    expect(box.run('launch.sh')).toEqual(waits('another process holds the claim'));
    expect(box.lines('announcements')).toEqual([expect.stringMatching(/\/locked\.conf$/)]);
  });

  test('is held by the server', () => {
    const box = memberWithData('store-0');
    box.run('launch.sh');
    expect(box.read('redis-server.files')).toContain('/data/lock');
  });

  test('waits while a copy is not complete', () => {
    expect(memberWithData('store-0').holds('copying', '').run('launch.sh')).toEqual(
      waits('store-0 holds a copy that is not complete'),
    );
  });

  test('that cannot be read is no empty one', () => {
    const box = memberWithData('store-0').shows(1, 'empty').shows(2, 'empty').unreadable('data/appendonlydir');
    expect(box.run('launch.sh')).toEqual(waits('the claim of store-0 cannot be read'));
    expect(box.read('data/dataset')).toBe(`${OURS}\n`);
  });

  test('is looked at again while a member waits', () => {
    const box = member('store-0')
      .holds('dataset', `${OURS}\n`)
      .holds(BASE, 'REDIS0010')
      .later(`data/${MANIFEST}`, 'file appendonly.aof.1.base.rdb seq 1 type b\n');
    expect(box.run('launch.sh')).toMatchObject({
      code: 0,
      stdout: 'waiting: store-0 holds append-only files without their manifest\n',
    });
  });
});

describe('a Redis primary with data', () => {
  test('starts without asking anybody, whatever the replicas say', () => {
    const box = memberWithData('store-0').shows(1, `dataset-${OTHER}`);
    expect(box.run('launch.sh')).toEqual(starts);
    expect(box.lines('redis-cli.calls')).toEqual([]);
    expect(box.read('data/dataset')).toBe(`${OURS}\n`);
    expect(box.lines(configOf('store-0', `dataset-${OURS}`))[2]).toContain(`user ${OURS} on `);
  });

  test('that was stopped before it was ready keeps the id that it took', () => {
    const box = memberWithData('store-0', null).holds('joining', `${OURS}\n`);
    expect(box.run('launch.sh')).toEqual(starts);
    expect(box.lines('redis-cli.calls')).toEqual([]);
    expect(box.files(configOf('store-0', '').replace('/.conf', ''))).toEqual([`dataset-${OURS}.conf`]);
  });

  test.each([
    ['no id', null],
    ['an empty id', ''],
    ['a cut id', `${OURS.slice(0, 20)}\n`],
    ['another text as its id', 'production\n'],
  ])('and %s waits for a person, and never counts as empty', (_, dataset) => {
    const box = memberWithData('store-0', dataset).shows(1, 'empty').shows(2, 'empty');
    expect(box.run('launch.sh')).toEqual(waits('the claim holds data, and no id in /data/dataset'));
    expect(box.lines('announcements')).toEqual([expect.stringMatching(/\/unidentified\.conf$/)]);
    expect(box.run('identify.sh').code).toBe(1);
    expect(box.run('identify.sh', 'production')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is a UUID'),
    });
    expect(box.run('identify.sh', OTHER)).toEqual({
      code: 0,
      stdout: `store-0 starts as data set ${OTHER}\n`,
      stderr: '',
    });
    expect(box.run('launch.sh')).toEqual(starts);
    expect(box.read('data/dataset')).toBe(`${OTHER}\n`);
  });

  test('without their manifest waits, since Redis would start empty, and nobody can say otherwise', () => {
    const box = member('store-0')
      .holds('dataset', `${OURS}\n`)
      .holds(BASE, 'REDIS0010')
      .shows(1, 'empty')
      .shows(2, 'empty');
    expect(box.run('launch.sh')).toEqual(waits('store-0 holds append-only files without their manifest'));
    expect(box.run('identify.sh', OURS)).toMatchObject({ code: 1, stdout: '' });
  });

  test('is told nothing by a person: it knows its id', () => {
    expect(memberWithData('store-0').run('identify.sh', OTHER)).toEqual({
      code: 1,
      stdout: '',
      stderr: `store-0 holds data set ${OURS}\n`,
    });
  });

  test('starts again in the same pod over its old configuration', () => {
    const box = memberWithData('store-0');
    box.run('launch.sh');
    expect(box.run('launch.sh')).toEqual(starts);
  });
});

describe('the start of a Redis replica', () => {
  test('waits for the primary, then follows it by the id of its data set (CH01-54, CH01-55, CH01-56)', () => {
    const box = member('store-1').shows(0, `dataset-${OURS}`, 'later');
    expect(box.run('launch.sh')).toEqual({ code: 0, stdout: 'waiting: store-0 does not answer\n', stderr: '' });
    expect(box.lines('announcements')).toEqual([expect.stringMatching(/\/empty\.conf$/)]);
    expect(box.files('data')).toEqual(['joining']);
    expect(box.read('data/joining')).toBe(`${OURS}\n`);
    expect(box.lines(configOf('store-1', `joining-${OURS}`))).toEqual([
      'include /opt/redis/redis.conf',
      'user default on ">secret" ~* &* +@all -psync -sync -replicaof -slaveof -failover',
      `user ${OURS} on ">secret" resetkeys -@all +psync +sync +replconf +ping`,
      `masteruser ${OURS}`,
      'masterauth "secret"',
      `replicaof ${hostOf(0)} 6379`,
    ]);
    expect(box.mode(configOf('store-1', `joining-${OURS}`))).toBe('600');
  });

  test.each([
    ['empty', 'the claim of store-0 is empty'],
    ['unidentified', 'store-0 holds data without an id'],
  ])('waits while the primary shows %s', (state, words) => {
    const box = member('store-1').shows(0, state);
    expect(box.run('launch.sh')).toEqual(waits(words));
    expect(box.files('data')).toEqual([]);
  });

  test('has a role by its ordinal, not by its last digit (CH01-56)', () => {
    const box = member('store-10', undefined, 12).shows(0, `dataset-${OURS}`);
    expect(box.run('launch.sh').code).toBe(0);
    expect(box.read(configOf('store-10', `joining-${OURS}`))).toContain(`replicaof ${hostOf(0)} 6379\n`);
  });

  test('with data asks nobody: the primary does not know the user of another data set', () => {
    const box = memberWithData('store-1').shows(0, `dataset-${OTHER}`);
    expect(box.run('launch.sh')).toEqual(starts);
    expect(box.lines('redis-cli.calls')).toEqual([]);
    expect(box.read(configOf('store-1', `dataset-${OURS}`))).toContain(`masteruser ${OURS}\n`);
    expect(box.read('data/dataset')).toBe(`${OURS}\n`);
  });

  test('that had begun to copy goes on with that data set alone', () => {
    const box = memberWithData('store-1', null).holds('joining', `${OURS}\n`).shows(0, `dataset-${OTHER}`);
    expect(box.run('launch.sh')).toEqual(starts);
    expect(box.read(configOf('store-1', `joining-${OURS}`))).toContain(`masteruser ${OURS}\n`);
    expect(box.read('data/dataset')).toBeUndefined();
  });

  test('that had begun to copy, and has no file yet, copies from whatever the primary holds', () => {
    const box = member('store-1').holds('joining', `${OURS}\n`).holds(BASE, 'REDIS0010').shows(0, `dataset-${OTHER}`);
    expect(box.run('launch.sh')).toEqual(starts);
    expect(box.read('data/joining')).toBe(`${OTHER}\n`);
  });

  test.each([[null], [''], [OURS.slice(0, 20)]])('with data and the id %j waits for a person', (dataset) => {
    const box = memberWithData('store-1', dataset).shows(0, `dataset-${OURS}`);
    expect(box.run('launch.sh')).toEqual(waits('the claim holds data, and no id in /data/dataset'));
  });

  test('cannot be told to begin a data set: that is up to the primary', () => {
    expect(member('store-1').run('identify.sh', 'new')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'store-1 copies the data set of store-0, and waits for it\n',
    });
  });
});

describe('the password of Redis', () => {
  test.each([
    ['is taken as it is', 'secret\n'],
    ['needs no end of line', 'secret'],
    ['may have spaces, also around it', ' correct  horse '],
    ['may have quotes', 'a"b\'c`d'],
    ['may have backslashes, also at its end', 'a\\b\\\\n\\'],
    ['may have what a shell or printf would expand', '$HOME $(id) %s %d * ? ~ ! # & ; |'],
    ['may have letters of other alphabets', 'pässwörd-密码'],
    ['may look like an option', '-n'],
  ])('%s', (_, password) => {
    const box = member('store-1', password).shows(0, `dataset-${OURS}`);
    const expected = password.replace(/\n$/, '');
    expect(box.run('launch.sh')).toEqual(starts);
    const quoted = box
      .lines(configOf('store-1', `joining-${OURS}`))
      .map((line) => /"((?:[^"\\]|\\.)*)"/.exec(line)?.[1])
      .filter((text) => text !== undefined);
    expect(quoted.map((text) => unquoted(text))).toEqual([`>${expected}`, `>${expected}`, expected]);
    expect(box.lines('redis-cli.passwords')).toEqual([expected]);
  });

  test('is written with a backslash before quotes and backslashes', () => {
    const box = member('store-0', 'a"b\\c d', 1);
    box.run('launch.sh');
    expect(box.lines(configOf('store-0', `dataset-${UUID}`))[1]).toBe(
      'user default on ">a\\"b\\\\c d" ~* &* +@all -psync -sync -replicaof -slaveof -failover',
    );
  });

  test('has another one beside it while it changes, which is accepted, and never used', () => {
    const box = member('store-1', 'new').withOtherPassword('old').shows(0, `dataset-${OURS}`);
    expect(box.run('launch.sh')).toEqual(starts);
    const lines = box.lines(configOf('store-1', `joining-${OURS}`));
    expect(lines.slice(1, 3)).toEqual([
      expect.stringContaining(' on ">new" ">old" '),
      expect.stringContaining(' on ">new" ">old" '),
    ]);
    expect(lines).toContain('masterauth "new"');
    expect(box.lines('redis-cli.passwords')).toEqual(['new']);
  });

  test.each([
    ['', 'nothing'],
    ['\n', 'an empty line'],
    ['\nsecret\n', 'an empty first line'],
  ])('of %j (%s) starts no server, since it would be open to all (CH01-35)', (password) => {
    for (const box of [member('store-0', password, 1), member('store-0', 'secret', 1).withOtherPassword(password)]) {
      const { code, stderr } = box.run('launch.sh');
      expect(code).not.toBe(0);
      expect(stderr).toContain('Secret holds none');
      expect(box.read('redis-server.arguments')).toBeUndefined();
      expect(box.run('ready.sh').code).not.toBe(0);
    }
  });

  test('without its file starts no server (CH01-35)', () => {
    const box = member('store-0', undefined, 1).withoutPasswordFile();
    expect(box.run('launch.sh').code).not.toBe(0);
    expect(box.read('redis-server.arguments')).toBeUndefined();
  });
});

describe('readiness of Redis', () => {
  test('of a primary is that it has loaded its data, asked with the password in the environment (DX-32)', () => {
    const box = memberWithData('store-0').runs(`dataset-${OURS}`, `${PRIMARY}${LOADED}`);
    expect(box.run('ready.sh')).toEqual(starts);
    expect(box.lines('redis-cli.calls')).toEqual(['-h 127.0.0.1 -p 6379 info server replication persistence']);
    expect(box.lines('redis-cli.passwords')).toEqual(['secret']);
  });

  // redis-cli exits with 0 for each of these
  test.each([
    ['NOAUTH Authentication required.', 'the server does not know the password that the Secret holds now'],
    ['BUSY Redis is busy running a script.', 'the server does not answer'],
    ['(error) PONG', 'the server does not answer'],
    ['', 'the server does not answer'],
  ])('is not %j', (answer, words) => {
    for (const hostname of ['store-0', 'store-1']) {
      const box = memberWithData(hostname).answer('127.0.0.1', 'info server replication persistence', `${answer}\n`);
      expect([hostname, box.run('ready.sh')]).toEqual([hostname, { code: 1, stdout: `${words}\n`, stderr: '' }]);
    }
  });

  test('is not a refused connection', () => {
    expect(memberWithData('store-0').run('ready.sh').code).toBe(1);
  });

  test.each([['empty'], ['unidentified'], ['broken']])('is not a server that only shows %s', (state) => {
    expect(member('store-0').runs(state, LOADED).run('ready.sh')).toEqual({
      code: 1,
      stdout: 'the member waits: see its log\n',
      stderr: '',
    });
  });

  test.each([
    ['loading:0', 'loading:1'],
    ['async_loading:0', 'async_loading:1'],
  ])('is not while data are loading: %s', (before, during) => {
    const box = memberWithData('store-0').runs(
      `dataset-${OURS}`,
      `${PRIMARY}${LOADED.replace(`\n${before}`, `\n${during}`)}`,
    );
    expect(box.run('ready.sh')).toEqual({ code: 1, stdout: 'the data are loading\n', stderr: '' });
  });

  test('of a replica is a live link to the primary, too', () => {
    const replica = (info: string) =>
      memberWithData('store-1').shows(0, `dataset-${OURS}`).runs(`dataset-${OURS}`, `${info}${LOADED}`).run('ready.sh');
    expect(replica(LINKED)).toEqual(starts);
    expect(replica(UNLINKED)).toEqual({ code: 1, stdout: 'no link to store-0 yet\n', stderr: '' });
  });

  // Redis says WRONGPASS to both a wrong password and a user that it does not know
  test.each([
    [
      'a foreign data set',
      (box: Sandbox) => box.shows(0, `dataset-${OTHER}`),
      `store-0 holds data set ${OTHER}, and this claim ${OURS}: following it would delete this one`,
    ],
    [
      'a wrong password',
      (box: Sandbox) =>
        box.answer(
          hostOf(0),
          'info server',
          'AUTH failed: WRONGPASS invalid username-password pair or user is disabled.\nNOAUTH Authentication required.\n',
        ),
      'no link: store-0 refuses the password',
    ],
    ['a primary without data', (box: Sandbox) => box.shows(0, 'empty'), 'no link: the claim of store-0 is empty'],
    ['a silent primary', (box: Sandbox) => box, 'no link: store-0 does not answer'],
  ])('of a replica tells %s apart', (_, prepare, words) => {
    const box = prepare(memberWithData('store-1').runs(`dataset-${OURS}`, `${UNLINKED}${LOADED}`));
    expect(box.run('ready.sh')).toEqual({ code: 1, stdout: `${words}\n`, stderr: '' });
  });

  test('of a new replica needs its first append-only file, with which its claim gets the id', () => {
    const joining = () => memberWithData('store-1', null).holds('joining', `${OURS}\n`);
    for (const [before, during] of [
      ['in_progress:0', 'in_progress:1'],
      ['scheduled:0', 'scheduled:1'],
      ['status:ok', 'status:err'],
    ]) {
      const box = joining().runs(`joining-${OURS}`, `${LINKED}${LOADED.replace(before, during)}`);
      expect(box.run('ready.sh')).toEqual({ code: 1, stdout: 'the append-only file is not complete\n', stderr: '' });
      expect([box.read('data/joining'), box.read('data/dataset')]).toEqual([`${OURS}\n`, undefined]);
    }
    const box = joining().holds('dump.rdb', 'REDIS0010').runs(`joining-${OURS}`, `${LINKED}${LOADED}`);
    expect(box.run('ready.sh')).toEqual(starts);
    expect([box.read('data/joining'), box.read('data/dataset')]).toEqual([undefined, `${OURS}\n`]);
    expect(box.files('data')).toEqual(['appendonlydir', 'dataset']);
    expect(box.lines('sync.calls')).toEqual(['/data/dataset.new', '/data']);
  });

  test('of a replica is that what it copied is in a file: a restart would find the state before', () => {
    const box = memberWithData('store-1')
      .runs(`dataset-${OURS}`, `${LINKED}${LOADED}`)
      .holds('appendonlydir/temp-appendonly.aof.incr', '');
    expect(box.run('ready.sh')).toEqual({ code: 1, stdout: 'the append-only file is not complete\n', stderr: '' });
    expect(
      memberWithData('store-1')
        .runs(`dataset-${OURS}`, `${LINKED}${LOADED.replace('in_progress:0', 'in_progress:1')}`)
        .run('ready.sh'),
    ).toEqual(starts);
  });

  test('starts without what a server left that was stopped while it wrote', () => {
    const box = memberWithData('store-1')
      .holds('appendonlydir/temp-appendonly.aof.incr', '')
      .holds('appendonlydir/temp-appendonly.aof.manifest', '');
    expect(box.run('launch.sh')).toEqual(starts);
    expect(box.files('data/appendonlydir')).toEqual(['appendonly.aof.1.base.rdb', 'appendonly.aof.manifest']);
    expect(member('store-1').holds('appendonlydir/temp-appendonly.aof.manifest', '').run('launch.sh')).toEqual(
      waits('store-1 holds append-only files without their manifest'),
    );
  });

  test.each([
    ['store-0', LINKED, LOADED, 'a client made the primary a replica: restart the member'],
    ['store-1', PRIMARY, LOADED, 'a client made the replica a primary: restart the member'],
    [
      'store-0',
      PRIMARY,
      LOADED.replace('aof_enabled:1', 'aof_enabled:0'),
      'a client turned the append-only file off: restart the member',
    ],
  ])('of %s tells what a client changed', (hostname, replication, persistence, words) => {
    expect(memberWithData(hostname).runs(`dataset-${OURS}`, `${replication}${persistence}`).run('ready.sh')).toEqual({
      code: 1,
      stdout: `${words}\n`,
      stderr: '',
    });
  });
});

describe('liveness of Redis', () => {
  test.each([
    ['PONG'],
    ['LOADING Redis is loading the dataset in memory'],
    ['NOAUTH Authentication required.'],
    ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."],
  ])('is %j: a restart would not make it better', (answer) => {
    expect(member('store-1').answer('127.0.0.1', 'ping', `${answer}\n`).run('alive.sh')).toEqual(starts);
  });

  test('is not a refused connection', () => {
    expect(member('store-0').run('alive.sh').code).toBe(1);
  });

  test.each([[''], ['Error: Connection reset by peer\n'], ['Error: Server closed the connection\n']])(
    'is not %j',
    (answer) => {
      expect(member('store-0').answer('127.0.0.1', 'ping', answer).run('alive.sh').code).toBe(1);
    },
  );

  test('needs no password: a wrong Secret is no reason to restart', () => {
    const box = member('store-0')
      .withoutPasswordFile()
      .answer('127.0.0.1', 'ping', 'NOAUTH Authentication required.\n');
    expect(box.run('alive.sh').code).toBe(0);
    expect(box.lines('redis-cli.passwords')).toEqual(['']);
  });
});
