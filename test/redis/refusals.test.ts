import { Duration, Size } from 'cdk8s';
import { Secret } from 'cdk8s-plus-27';
import { Redis, type RedisProps, WebService } from '../../src';
import { problemsOf, untyped, WEB } from '../support';

/** What is wrong with these props, beside a good password and storage. */
function refusals(props: Record<string, unknown>): string[] {
  return problemsOf((chart) => {
    const password = { secret: Secret.fromSecretName(chart, 'redis-passwd', 'redis-passwd'), key: 'passwd' };
    new Redis(chart, 'redis', untyped<RedisProps>({ password, storage: Size.gibibytes(10), ...props }));
  });
}

describe('the name', () => {
  test('may have 52 characters, so that the revision label of the pods fits', () => {
    expect(refusals({ name: 'a'.repeat(52) })).toEqual([]);
  });

  test('may not have 53', () => {
    expect(refusals({ name: 'a'.repeat(53) })).toContain('[app/redis] name: app/object-name');
  });
});

describe('the password', () => {
  test('is required (CH01-35, DX-29)', () => {
    expect(refusals({ password: undefined })).toEqual(['[app/redis] password: props/required']);
  });

  test.each([null, true, 1])('may not be %p', (password) => {
    expect(refusals({ password })).toEqual(['[app/redis] password: props/value']);
  });

  test.each([['hunter2'], ['']])('as a literal is refused, and not repeated in the message: %p (DX-29)', (password) => {
    expect(refusals({ password })).toEqual(['[app/redis] password: secret/literal-password']);
  });

  test('that is accepted besides is refused in the same way, and not repeated', () => {
    expect(refusals({ alsoAccepts: 'hunter2' })).toEqual(['[app/redis] alsoAccepts: secret/literal-password']);
    expect(refusals({ alsoAccepts: { key: 'passwd' } })).toEqual(['[app/redis] alsoAccepts.secret: props/value']);
  });

  test('once refused is no second problem of a client (CH01-35)', () => {
    const problems = problemsOf((chart) => {
      const redis = new Redis(chart, 'redis', untyped<RedisProps>({ storage: Size.gibibytes(10) }));
      new WebService(chart, 'web', WEB).connectTo(redis);
    });
    expect(problems).toEqual(['[app/redis] password: props/required']);
  });

  test('needs a key that a Secret can have', () => {
    const withKey = (key: unknown) =>
      problemsOf(
        (chart) =>
          new Redis(
            chart,
            'redis',
            untyped<RedisProps>({
              password: { secret: Secret.fromSecretName(chart, 's', 'redis-passwd'), key },
              storage: Size.gibibytes(10),
            }),
          ),
      );
    expect(withKey('pass word')).toEqual(['[app/redis] password.key: props/value']);
    expect(withKey(undefined)).toEqual(['[app/redis] password.key: props/value']);
  });

  test('needs a Secret', () => {
    expect(refusals({ password: { key: 'passwd' } })).toEqual(['[app/redis] password.secret: props/value']);
  });
});

describe('the storage', () => {
  test('is required: there is no silent size (DX-25)', () => {
    expect(refusals({ storage: undefined })).toEqual(['[app/redis] storage: props/required']);
  });

  test('is at least one gibibyte (DX-25)', () => {
    expect(refusals({ storage: Size.mebibytes(512), maxMemory: Size.mebibytes(64) })).toEqual([
      '[app/redis] storage: props/value',
    ]);
  });

  test('is at least 4 times maxMemory (DX-20)', () => {
    expect(refusals({ storage: Size.gibibytes(4), maxMemory: Size.gibibytes(1) })).toEqual([]);
    expect(refusals({ storage: Size.mebibytes(4095), maxMemory: Size.gibibytes(1) })).toEqual([
      '[app/redis] storage: redis/volume-size',
    ]);
  });
});

describe('memory', () => {
  test('is at least 16 MiB (DX-20)', () => {
    expect(refusals({ maxMemory: Size.mebibytes(16) })).toEqual([]);
    expect(refusals({ maxMemory: Size.mebibytes(15) })).toEqual(['[app/redis] maxMemory: props/value']);
  });
});

describe('config', () => {
  const refused = (config: Record<string, string>, image?: string) =>
    refusals({ config, ...(image === undefined ? {} : { image }) });

  test.each([
    ['port', '1'],
    ['maxmemory', '1'],
    ['repl-timeout', '60'],
    ['repl-ping-slave-period', '10'],
    ['tcp-keepalive', '300'],
    ['requirepass', 'hunter2'],
    ['masterauth', 'x'],
    ['primaryauth', 'x'],
    ['replicaof', 'a 1'],
    ['slave-read-only', 'no'],
    ['any-auth', 'x'],
    ['cluster-enabled', 'yes'],
    ['tls-port', '6380'],
  ])('may not set %s, which is the business of the block', (directive, value) => {
    expect(refused({ [directive]: value })).toEqual([`[app/redis] config['${directive}']: redis/directive`]);
  });

  test('may not have a directive or a value that the server would not start with', () => {
    expect(refused({ maxclient: '100' })).toEqual(["[app/redis] config['maxclient']: redis/directive"]);
    expect(refused({ timeout: 'abc' })).toEqual(["[app/redis] config['timeout']: redis/directive"]);
    expect(refused({ 'hash-max-listpack-entries': '128' })).toEqual([]);
  });

  test('is checked for the server that the image names', () => {
    const [of70, of72] = ['7.0.15', '7.2.11'].map((version) =>
      refused({ 'locale-collate': 'C' }, `docker.io/library/redis:${version}`),
    );
    expect([of70, of72]).toEqual([["[app/redis] config['locale-collate']: redis/directive"], []]);
    expect(refused({ 'locale-collate': 'C' }, 'registry.example.com/cache@sha256:'.concat('0'.repeat(64)))).toEqual([]);
  });

  test.each([['Port'], ['timeout 1\nrequirepass'], [''], ['max memory']])(
    'may not have the directive %j',
    (directive) => {
      expect(refused({ [directive]: '1' })).toHaveLength(1);
    },
  );

  test('may not smuggle a directive into a value', () => {
    expect(refused({ timeout: '1\nrequirepass ""' })).toEqual(["[app/redis] config['timeout']: props/value"]);
  });

  test('may not ask for more replicas than there are', () => {
    expect(refused({ 'min-replicas-to-write': '2' })).toEqual([]);
    expect(refused({ 'min-replicas-to-write': '3' })).toEqual([
      "[app/redis] config['min-replicas-to-write']: redis/directive",
    ]);
  });

  test('takes any other directive', () => {
    expect(
      refused({
        'timeout': '300',
        'hz': '20',
        'client-output-buffer-limit': 'normal 0 0 0',
        'min-slaves-to-write': '1',
      }),
    ).toEqual([]);
  });
});

describe('the image', () => {
  test('is of Redis 7.0 or later, or of Valkey', () => {
    expect(refusals({ image: 'docker.io/library/redis:6.2.14' })).toEqual(['[app/redis] image: redis/server-version']);
    expect(refusals({ image: 'docker.io/valkey/valkey:8.1.4' })).toEqual([]);
  });
});

describe('other props', () => {
  test.each([
    [{ replicas: 0 }, 'replicas: props/value'],
    [{ replicas: 101 }, 'replicas: props/value'],
    [{ replicas: 1.5 }, 'replicas: props/value'],
  ])('the number of members: %p is refused (CH01-54)', (props, message) => {
    expect(refusals(props)).toEqual([`[app/redis] ${message}`]);
  });

  test.each([
    [{ image: 'redis:latest' }, 'image: workload/image-tag'],
    [{ image: 'redis' }, 'image: workload/image-tag'],
  ])('the image: %p is refused (CH01-09)', (props, message) => {
    expect(refusals(props)).toEqual([`[app/redis] ${message}`]);
  });

  test.each([[{ storageClassName: 'Fast' }, 'storageClassName: props/value']])(
    'the storage class: %p is refused (CH01-52)',
    (props, message) => {
      expect(refusals(props)).toEqual([`[app/redis] ${message}`]);
    },
  );

  test.each([
    [{ volumeAttributesClassName: 'Fast' }, 'volumeAttributesClassName: props/value'],
    // 1.31 to 1.33 drop it
    [{ volumeAttributesClassName: 'fast' }, 'volumeAttributesClassName: cluster/version'],
  ])('the class of attributes: %p is refused', (props, message) => {
    expect(refusals(props)).toEqual([`[app/redis] ${message}`]);
  });

  test.each([
    [{ evictionPolicy: 'none' }, 'evictionPolicy: props/value'],
    [{ fsync: 'no' }, 'fsync: props/value'],
    [{ cpu: 0.5 }, 'cpu: props/value'],
    [{ startupTimeout: Duration.seconds(9) }, 'startupTimeout: props/value'],
  ])('%p is refused, with what to do', (props, message) => {
    expect(refusals(props)).toEqual([`[app/redis] ${message}`]);
  });

  test('that nobody knows are named, with the nearest known one', () => {
    expect(refusals({ maxmemory: Size.mebibytes(64) })).toEqual(['[app/redis] maxmemory: props/unknown']);
  });

  test('are reported all at once', () => {
    expect(refusals({ password: undefined, storage: undefined, replicas: 0, fsync: 'no' })).toEqual([
      '[app/redis] replicas: props/value',
      '[app/redis] storage: props/required',
      '[app/redis] fsync: props/value',
      '[app/redis] password: props/required',
    ]);
  });
});
