import { spawnSync } from 'node:child_process';
import { Sandbox } from './sandbox';
import { RedisCache, SecretRef } from '../../src';
import { only, synth } from '../support';

const PASSWORD = { secret: SecretRef.named('pages-passwd'), key: 'passwd' };
const WRONG =
  'AUTH failed: WRONGPASS invalid username-password pair or user is disabled.\nNOAUTH Authentication required.\n';

/** The files of a cache, as its ConfigMap has them. */
function filesOf(hasPassword: boolean): Record<string, string> {
  const props = hasPassword ? { password: PASSWORD } : { withoutPassword: 'nothing in it is secret' };
  return only(
    synth((chart) => new RedisCache(chart, 'cache', { name: 'pages', ...props })),
    'ConfigMap',
  ).data;
}

let boxes: Sandbox[] = [];

function cache(password?: string): Sandbox {
  const box = new Sandbox('pages-7c9f-x2v4q', password, 1, filesOf(true));
  boxes.push(box);
  return box;
}

function openCache(): Sandbox {
  const box = new Sandbox('pages-7c9f-x2v4q', undefined, 1, filesOf(false));
  boxes.push(box);
  return box;
}

afterEach(() => {
  boxes.forEach((box) => box.remove());
  boxes = [];
});

test.each(Object.entries(filesOf(true)).filter(([name]) => name.endsWith('.sh')))(
  'script %s of a cache is accepted by a POSIX shell (DX-06)',
  (_, text) => {
    const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  },
);

describe('the start of a cache', () => {
  test('writes the password into a file that only its owner can read, and starts the server with its path alone (DX-32)', () => {
    const box = cache('correct horse "battery" \\ staple\n');
    expect(box.run('launch-cache.sh')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(box.mode('run/redis.conf')).toBe('600');
    expect(box.lines('run/redis.conf')).toEqual([
      'include /opt/redis/redis.conf',
      `user default on ">correct horse \\"battery\\" \\\\ staple" ${filesOf(true).commands.trim()}`,
    ]);
    expect(box.lines('redis-server.arguments')).toEqual(['/run/redis/redis.conf']);
    expect(box.read('redis-server.environment')).not.toContain('correct horse');
  });

  test('accepts a second password', () => {
    const box = cache('old').withOtherPassword('new\n');
    box.run('launch-cache.sh');
    expect(box.lines('run/redis.conf')[1]).toMatch(/^user default on ">old" ">new" ~\* /);
  });

  test.each([[''], ['\n']])(
    'with the empty password %j starts no server, since it would be open (CH01-35)',
    (password) => {
      const box = cache(password);
      expect(box.run('launch-cache.sh')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('the Secret holds none'),
      });
      expect(box.read('redis-server.arguments')).toBeUndefined();
    },
  );

  test('without the file of the password starts no server (CH01-35)', () => {
    const box = cache().withoutPasswordFile();
    expect(box.run('launch-cache.sh').code).not.toBe(0);
    expect(box.read('redis-server.arguments')).toBeUndefined();
  });
});

describe('readiness of a cache', () => {
  test('needs an answer, with the password in the environment (DX-32)', () => {
    const box = cache('secret\n').answer('127.0.0.1', 'ping', 'PONG\n');
    expect(box.run('ready-cache.sh')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(box.lines('redis-cli.passwords')).toEqual(['secret']);
  });

  test('asks without a password where there is none', () => {
    const box = openCache().answer('127.0.0.1', 'ping', 'PONG\n');
    expect(box.run('ready-cache.sh').code).toBe(0);
    expect(box.lines('redis-cli.passwords')).toEqual(['']);
  });

  test('fails with what is missing', () => {
    expect(cache().answer('127.0.0.1', 'ping', WRONG).run('ready-cache.sh')).toMatchObject({
      code: 1,
      stdout: 'the server does not know the password that the Secret holds now\n',
    });
    for (const box of [cache(), openCache()]) {
      expect(box.run('ready-cache.sh')).toMatchObject({ code: 1, stdout: 'the server does not answer\n' });
    }
  });
});
