import { spawnSync } from 'node:child_process';
import { Sandbox, scriptsOf, UUID } from './sandbox';

const PRIMARY = 'store-0.store-members';
const OURS = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';
const LOCAL = '127.0.0.1';
const UP = '# Replication\r\nrole:slave\r\nmaster_link_status:up\r\nslave_read_only:1\r\n';

let boxes: Sandbox[] = [];

function member(hostname: string, password?: string, replicas?: number): Sandbox {
  const box = new Sandbox(hostname, password, replicas);
  boxes.push(box);
  return box;
}

afterEach(() => {
  boxes.forEach((box) => box.remove());
  boxes = [];
});

/** What redis.conf means by "..." (sdssplitargs of Redis). */
function unquoted(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

describe('all scripts', () => {
  const scripts = Object.entries(scriptsOf(3)).filter(([name]) => name.endsWith('.sh'));
  const hasDash = spawnSync('dash', ['-c', 'true']).status === 0;
  const shells = ['sh', ...(hasDash ? ['dash'] : [])];

  test.each(scripts)('%s is accepted by a POSIX shell (DX-06)', (_, text) => {
    for (const shell of shells) {
      const { status, stderr } = spawnSync(shell, ['-n'], { input: text, encoding: 'utf8' });
      expect([shell, status, stderr]).toEqual([shell, 0, '']);
    }
  });

  test.each(scripts)('%s names sh as its interpreter and has nothing that only bash knows (DX-06)', (_, text) => {
    expect(text.split('\n')[0]).toBe('#!/bin/sh');
    expect(text).not.toMatch(/\[\[|<<<|\bfunction\b|\blocal\b|\bdeclare\b|pipefail|&>|<\(|\$'|\$\{[^}]*(\/\/|\^\^|,,)| == |\bsource\b/);
  });
});

describe('the first start of the primary', () => {
  test('gives the data set an id, and keeps it on the claim (CH01-56)', () => {
    const box = member('store-0');
    expect(box.run('launch.sh')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(box.read('data/dataset')).toBe(`${UUID}\n`);
    expect(box.files('run')).toEqual([`dataset-${UUID}.conf`]);
  });

  test('writes the password into a file that only its owner can read, in memory (DX-32, CH01-46)', () => {
    const box = member('store-0');
    box.run('launch.sh');
    expect(box.mode(`run/dataset-${UUID}.conf`)).toBe('600');
    expect(box.read(`run/dataset-${UUID}.conf`)).toBe('include /opt/redis/redis.conf\nrequirepass "secret"\nmasterauth "secret"\n');
  });

  test('starts the server with the path of that file alone: no password in arguments and environment (DX-32)', () => {
    const box = member('store-0', 'correct horse\n');
    box.run('launch.sh');
    expect(box.lines('redis-server.arguments')).toEqual([`/run/redis/dataset-${UUID}.conf`]);
    expect(box.read('redis-server.environment')).not.toContain('correct horse');
    expect(box.read('redis-server.environment')).toContain('HOSTNAME=store-0');
  });

  test('asks each replica, with the password in the environment and a limit of time (DX-31, DX-32)', () => {
    const box = member('store-0', 'correct horse\n');
    box.run('launch.sh');
    expect(box.lines('redis-cli.calls')).toEqual([1, 2].map((ordinal) => `-h store-${ordinal}.store-members -p 6379 info server`));
    expect(box.lines('redis-cli.passwords')).toEqual(['correct horse', 'correct horse']);
    expect(box.lines('timeout.calls')).toEqual(['3', '3']);
  });

  test('asks nobody when it is the only member', () => {
    const box = member('store-0', undefined, 1);
    expect(box.run('launch.sh').code).toBe(0);
    expect(box.lines('redis-cli.calls')).toEqual([]);
  });

  test('asks as many as there are (CH01-54)', () => {
    const box = member('store-0', undefined, 12);
    box.run('launch.sh');
    expect(box.lines('redis-cli.calls').map((call) => call.split(' ')[1].split('.')[0])).toEqual(Array.from({ length: 11 }, (_, index) => `store-${index + 1}`));
  });

  test.each([[1], [2]])('is refused while replica %i holds data, which would be wiped', (ordinal) => {
    const box = member('store-0').serves(`store-${ordinal}.store-members`, OURS);
    expect(box.run('launch.sh')).toEqual({
      code: 1, stdout: '', stderr: `refusing to start: the claim of the primary is empty, but store-${ordinal} holds data and would copy the emptiness\n`,
    });
    expect(box.read('redis-server.arguments')).toBeUndefined();
    expect(box.files('data')).toEqual([]);
  });

  test('goes on when a replica answers without a data set of ours', () => {
    const box = member('store-0').answer('store-1.store-members', 'info server', '# Server\r\nconfig_file:/etc/redis.conf\r\n').answer('store-2.store-members', 'info server', 'NOAUTH Authentication required.\n');
    expect(box.run('launch.sh').code).toBe(0);
  });
});

describe('a primary with data', () => {
  test('starts without asking anybody, whatever the replicas say', () => {
    const box = member('store-0').holds('dataset', `${OURS}\n`).serves('store-1.store-members', OTHER);
    expect(box.run('launch.sh')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(box.lines('redis-cli.calls')).toEqual([]);
    expect(box.read('data/dataset')).toBe(`${OURS}\n`);
    expect(box.lines('redis-server.arguments')).toEqual([`/run/redis/dataset-${OURS}.conf`]);
  });

  test('but without an id gives it one, without asking', () => {
    const box = member('store-0').holds('appendonlydir/appendonly.aof.manifest', '').serves('store-1.store-members', OTHER);
    expect(box.run('launch.sh').code).toBe(0);
    expect(box.lines('redis-cli.calls')).toEqual([]);
    expect(box.read('data/dataset')).toBe(`${UUID}\n`);
  });

  test('whose id was cut off by a crash counts as empty', () => {
    const box = member('store-0').holds('dataset', '');
    expect(box.run('launch.sh').code).toBe(0);
    expect(box.read('data/dataset')).toBe(`${UUID}\n`);
  });

  test('starts again in the same pod over its old configuration', () => {
    const box = member('store-0');
    box.run('launch.sh');
    expect(box.run('launch.sh')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(box.files('run')).toEqual([`dataset-${UUID}.conf`]);
  });
});

describe('the start of a replica', () => {
  test('waits for the primary, then keeps the id of its data set and follows it (CH01-54, CH01-55, CH01-56)', () => {
    const box = member('store-1').serves(PRIMARY, OURS, 'later');
    expect(box.run('launch.sh')).toEqual({ code: 0, stdout: `waiting for ${PRIMARY}\n`.repeat(2), stderr: '' });
    expect(box.lines('sleep.calls')).toEqual(['1', '1']);
    expect(box.read('data/dataset')).toBe(`${OURS}\n`);
    expect(box.lines('redis-server.arguments')).toEqual([`/run/redis/dataset-${OURS}.conf`]);
    expect(box.read(`run/dataset-${OURS}.conf`)).toBe(`include /opt/redis/redis.conf\nrequirepass "secret"\nmasterauth "secret"\nreplicaof ${PRIMARY} 6379\n`);
    expect(box.mode(`run/dataset-${OURS}.conf`)).toBe('600');
  });

  test('never becomes a server without the primary', () => {
    const box = member('store-1');
    expect(box.run('launch.sh').code).not.toBe(0);
    expect(box.read('redis-server.arguments')).toBeUndefined();
    expect(box.files('data')).toEqual([]);
  });

  test('has a role by its ordinal, not by its last digit (CH01-56)', () => {
    const box = member('store-10', undefined, 12).serves(PRIMARY, OURS);
    expect(box.run('launch.sh').code).toBe(0);
    expect(box.read(`run/dataset-${OURS}.conf`)).toContain(`replicaof ${PRIMARY} 6379\n`);
  });

  test('goes on with the data set of the primary', () => {
    const box = member('store-2').holds('dataset', `${OURS}\n`).serves(PRIMARY, OURS);
    expect(box.run('launch.sh')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(box.read(`run/dataset-${OURS}.conf`)).toContain(`replicaof ${PRIMARY} 6379\n`);
  });

  test('is refused when the primary serves another data set, which would replace its own', () => {
    const box = member('store-1').holds('dataset', `${OURS}\n`).serves(PRIMARY, OTHER);
    expect(box.run('launch.sh')).toEqual({
      code: 1, stdout: '', stderr: `refusing to start: ${PRIMARY} serves another data set than this claim holds, and following it would delete this one\n`,
    });
    expect(box.read('redis-server.arguments')).toBeUndefined();
    expect(box.read('data/dataset')).toBe(`${OURS}\n`);
  });

  test('with data goes on while the primary does not answer, to serve reads', () => {
    const box = member('store-1').holds('dataset', `${OURS}\n`);
    expect(box.run('launch.sh')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(box.lines('sleep.calls')).toEqual([]);
    expect(box.lines('redis-server.arguments')).toEqual([`/run/redis/dataset-${OURS}.conf`]);
    expect(box.read(`run/dataset-${OURS}.conf`)).toContain(`replicaof ${PRIMARY} 6379\n`);
  });
});

describe('the password', () => {
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
    const box = member('store-0', password);
    const expected = password.replace(/\n$/, '');
    expect(box.run('launch.sh')).toEqual({ code: 0, stdout: '', stderr: '' });
    const lines = box.lines(`run/dataset-${UUID}.conf`);
    expect(lines).toHaveLength(3);
    for (const [index, directive] of [[1, 'requirepass'], [2, 'masterauth']] as const) {
      const quoted = /^(\w+) "((?:[^"\\]|\\.)*)"$/.exec(lines[index]);
      expect([quoted?.[1], unquoted(quoted?.[2] ?? '')]).toEqual([directive, expected]);
    }
    expect(box.lines('redis-cli.passwords')).toEqual([expected, expected]);
  });

  test('is written with a backslash before quotes and backslashes', () => {
    const box = member('store-0', 'a"b\\c d');
    box.run('launch.sh');
    expect(box.lines(`run/dataset-${UUID}.conf`).slice(1)).toEqual(['requirepass "a\\"b\\\\c d"', 'masterauth "a\\"b\\\\c d"']);
  });

  test.each([['', 'nothing'], ['\n', 'an empty line'], ['\nsecret\n', 'an empty first line']])('of %j (%s) starts no server, since it would be open to all (CH01-35)', (password) => {
    const box = member('store-0', password);
    const { code, stderr } = box.run('launch.sh');
    expect(code).not.toBe(0);
    expect(stderr).toContain('password: the Secret holds none');
    expect(box.read('redis-server.arguments')).toBeUndefined();
    expect(box.run('ready.sh').code).not.toBe(0);
  });

  test('without its file starts no server (CH01-35)', () => {
    const box = member('store-0').withoutPasswordFile();
    expect(box.run('launch.sh').code).not.toBe(0);
    expect(box.read('redis-server.arguments')).toBeUndefined();
  });
});

describe('readiness', () => {
  test('of the primary is PONG, asked with the password in the environment (DX-32)', () => {
    const box = member('store-0', 'correct horse').answer(LOCAL, 'ping', 'PONG\n');
    expect(box.run('ready.sh')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(box.lines('redis-cli.calls')).toEqual(['-p 6379 ping']);
    expect(box.lines('redis-cli.passwords')).toEqual(['correct horse']);
  });

  // redis-cli exits with 0 for each of these
  test.each([
    ['LOADING Redis is loading the dataset in memory'],
    ['NOAUTH Authentication required.'],
    ['WRONGPASS invalid username-password pair or user is disabled.\nNOAUTH Authentication required.'],
    ['AUTH failed: WRONGPASS invalid username-password pair\nPONG'],
    ['MASTERDOWN Link with MASTER is down'],
    ['(error) PONG'],
    [''],
  ])('is not %j', (answer) => {
    for (const hostname of ['store-0', 'store-1']) {
      const box = member(hostname).answer(LOCAL, 'ping', `${answer}\n`).answer(LOCAL, 'info replication', UP);
      expect([hostname, box.run('ready.sh').code]).toEqual([hostname, 1]);
    }
  });

  test('is not a refused connection', () => {
    expect(member('store-0').run('ready.sh').code).toBe(1);
  });

  test('of a replica is a live link to the primary too', () => {
    const replica = (info: string) => member('store-1').answer(LOCAL, 'ping', 'PONG\n').answer(LOCAL, 'info replication', info).run('ready.sh').code;
    expect(replica(UP)).toBe(0);
    expect(replica(UP.replace('status:up', 'status:down'))).toBe(1);
    expect(replica('# Replication\r\nrole:master\r\nconnected_slaves:0\r\n')).toBe(1);
    expect(replica('')).toBe(1);
  });

  test('of the primary does not depend on the link', () => {
    const box = member('store-0').answer(LOCAL, 'ping', 'PONG\n').answer(LOCAL, 'info replication', UP.replace('status:up', 'status:down'));
    expect(box.run('ready.sh').code).toBe(0);
    expect(box.lines('redis-cli.calls')).toEqual(['-p 6379 ping']);
  });
});

describe('liveness', () => {
  test.each([
    ['PONG'],
    ['LOADING Redis is loading the dataset in memory'],
    ['NOAUTH Authentication required.'],
    ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."],
  ])('is %j: a restart would not make it better', (answer) => {
    expect(member('store-1').answer(LOCAL, 'ping', `${answer}\n`).run('alive.sh')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('is not a refused connection', () => {
    expect(member('store-0').run('alive.sh').code).toBe(1);
  });

  test.each([[''], ['Error: Connection reset by peer\n'], ['Error: Server closed the connection\n']])('is not %j', (answer) => {
    expect(member('store-0').answer(LOCAL, 'ping', answer).run('alive.sh').code).toBe(1);
  });

  test('needs no password: a wrong Secret is no reason to restart', () => {
    const box = member('store-0').withoutPasswordFile().answer(LOCAL, 'ping', 'NOAUTH Authentication required.\n');
    expect(box.run('alive.sh').code).toBe(0);
    expect(box.lines('redis-cli.passwords')).toEqual(['']);
  });
});
