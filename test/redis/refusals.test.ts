import { Duration, Size } from 'cdk8s';
import { Secret } from 'cdk8s-plus-27';
import { Redis, type RedisProps, WebService } from '../../src';
import { problemsOf, untyped, WEB } from '../support';

const PASSWORD_FIX = "Write { secret: Secret.fromSecretName(this, 'redis-passwd', 'redis-passwd'), key: 'passwd' } (CH01-35)";

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
    expect(refusals({ name: 'a'.repeat(53) })).toContain(`[app/redis] prop 'name': got '${'a'.repeat(53)}', expected at most 52 lower-case letters, digits and '-', starting with a letter, ending with a letter or digit. Set 'name', or choose other construct ids (DX-12)`);
  });
});

describe('the password', () => {
  const expected = 'expected the key of a Secret: { secret, key }';

  test('is required (CH01-35, DX-29)', () => {
    expect(refusals({ password: undefined })).toEqual([`[app/redis] prop 'password': got nothing, ${expected}. ${PASSWORD_FIX}`]);
  });

  test.each([[null, 'null'], [true, 'true'], [1, 'a number']])('may not be %p', (password, words) => {
    expect(refusals({ password })).toEqual([`[app/redis] prop 'password': got ${words}, ${expected}. ${PASSWORD_FIX}`]);
  });

  test.each([['hunter2'], ['']])('as a literal is refused, and not repeated in the message: %p (DX-29)', (password) => {
    expect(refusals({ password })).toEqual([`[app/redis] prop 'password': got a literal, ${expected}. ${PASSWORD_FIX}`]);
  });

  test('that is accepted besides is refused in the same way, and not repeated', () => {
    expect(refusals({ alsoAccepts: 'hunter2' })).toEqual([`[app/redis] prop 'alsoAccepts': got a literal, ${expected}. ${PASSWORD_FIX}`]);
    expect(refusals({ alsoAccepts: { key: 'passwd' } })).toEqual(["[app/redis] prop 'alsoAccepts.secret': got nothing, expected a Secret reference. Use new VersionedSecret(...) or Secret.fromSecretName(...)"]);
  });

  test('once refused is no second problem of a client (CH01-35)', () => {
    const problems = problemsOf((chart) => {
      const redis = new Redis(chart, 'redis', untyped<RedisProps>({ storage: Size.gibibytes(10) }));
      new WebService(chart, 'web', WEB).connectTo(redis);
    });
    expect(problems).toEqual([`[app/redis] prop 'password': got nothing, ${expected}. ${PASSWORD_FIX}`]);
  });

  test('needs a key that a Secret can have', () => {
    const rule = "expected at most 253 letters, digits, '-', '_' and '.', but not '.' or starting with '..'";
    const withKey = (key: unknown) => problemsOf((chart) => new Redis(chart, 'redis', untyped<RedisProps>({ password: { secret: Secret.fromSecretName(chart, 's', 'redis-passwd'), key }, storage: Size.gibibytes(10) })));
    expect(withKey('pass word')).toEqual([`[app/redis] prop 'password.key': got 'pass word', ${rule}. ${PASSWORD_FIX}`]);
    expect(withKey(undefined)).toEqual([`[app/redis] prop 'password.key': got nothing, ${rule}. ${PASSWORD_FIX}`]);
  });

  test('needs a Secret', () => {
    expect(refusals({ password: { key: 'passwd' } })).toEqual(["[app/redis] prop 'password.secret': got nothing, expected a Secret reference. Use new VersionedSecret(...) or Secret.fromSecretName(...)"]);
  });
});

describe('the storage', () => {
  const fix = 'While the append-only file is rewritten, several copies of the data are on the volume: enlarge it (DX-20)';

  test('is required: there is no silent size (DX-25)', () => {
    expect(refusals({ storage: undefined })).toEqual(["[app/redis] prop 'storage': got nothing, expected a Size of at least 1073741824 bytes. Give the size of one volume, such as Size.gibibytes(10) (DX-25)"]);
  });

  test('is at least one gibibyte (DX-25)', () => {
    expect(refusals({ storage: Size.mebibytes(512), maxMemory: Size.mebibytes(64) })).toEqual(["[app/redis] prop 'storage': got 536870912 bytes, expected a Size of at least 1073741824 bytes. Give the size of one volume, such as Size.gibibytes(10) (DX-25)"]);
  });

  test('is at least 4 times maxMemory (DX-20)', () => {
    expect(refusals({ storage: Size.gibibytes(4), maxMemory: Size.gibibytes(1) })).toEqual([]);
    expect(refusals({ storage: Size.mebibytes(4095), maxMemory: Size.gibibytes(1) })).toEqual([`[app/redis] prop 'storage': got 4095Mi, expected at least 4 times maxMemory (4Gi). ${fix}`]);
  });
});

describe('memory', () => {
  test('is at least 16 MiB (DX-20)', () => {
    expect(refusals({ maxMemory: Size.mebibytes(16) })).toEqual([]);
    expect(refusals({ maxMemory: Size.mebibytes(15) })).toEqual(["[app/redis] prop 'maxMemory': got 15728640 bytes, expected a Size of at least 16777216 bytes. Leave it out for 256 MiB (DX-20)"]);
  });
});

describe('config', () => {
  const refused = (config: Record<string, string>, image?: string) => refusals({ config, ...(image === undefined ? {} : { image }) });

  test.each([
    ['port', '1', 'port 6379'], ['maxmemory', '1', "'maxMemory'"], ['repl-timeout', '60', 'the block'], ['repl-ping-slave-period', '10', 'the block'],
    ['tcp-keepalive', '300', 'the block'], ['requirepass', 'hunter2', ''], ['masterauth', 'x', ''], ['primaryauth', 'x', ''], ['replicaof', 'a 1', ''],
    ['slave-read-only', 'no', ''], ['any-auth', 'x', 'it holds a password'], ['cluster-enabled', 'yes', ''], ['tls-port', '6380', ''],
  ])('may not set %s, which is the business of the block', (directive, value, reason) => {
    expect(refused({ [directive]: value })).toEqual([expect.stringMatching(new RegExp(`^\\[app/redis\\] prop 'config\\['${directive}'\\]': got '${directive}', expected a directive that the block leaves to its caller. Remove it: .*${reason}`))]);
  });

  test('may not have a directive or a value that the server would not start with', () => {
    expect(refused({ maxclient: '100' })).toEqual(["[app/redis] prop 'config['maxclient']': got 'maxclient', expected a directive of Redis 7.2. Did you mean 'maxclients'?"]);
    expect(refused({ timeout: 'abc' })).toEqual([expect.stringMatching(/^\[app\/redis\] prop 'config\['timeout'\]': got 'abc', expected /)]);
    expect(refused({ 'hash-max-listpack-entries': '128' })).toEqual([]);
  });

  test('is checked for the server that the image names', () => {
    const [of70, of72] = ['7.0.15', '7.2.11'].map((version) => refused({ 'locale-collate': 'C' }, `docker.io/library/redis:${version}`));
    expect([of70, of72]).toEqual([["[app/redis] prop 'config['locale-collate']': got 'locale-collate', expected a directive of Redis 7.0. Remove it: it is one of Redis 7.2 and later and of Valkey"], []]);
    expect(refused({ 'locale-collate': 'C' }, 'registry.example.com/cache@sha256:'.concat('0'.repeat(64)))).toEqual([]);
  });

  test.each([['Port'], ['timeout 1\nrequirepass'], [''], ['max memory']])('may not have the directive %j', (directive) => {
    expect(refused({ [directive]: '1' })).toHaveLength(1);
  });

  test('may not smuggle a directive into a value', () => {
    expect(refused({ timeout: '1\nrequirepass ""' })).toEqual(["[app/redis] prop 'config['timeout']': got '1 requirepass \"\"', expected one line. Write { directive: value } as in redis.conf"]);
  });

  test('may not ask for more replicas than there are', () => {
    expect(refused({ 'min-replicas-to-write': '2' })).toEqual([]);
    expect(refused({ 'min-replicas-to-write': '3' })).toEqual(["[app/redis] prop 'config['min-replicas-to-write']': got '3', expected at most 2, the number of replicas. The primary would refuse all writes"]);
  });

  test('takes any other directive', () => {
    expect(refused({ 'timeout': '300', 'hz': '20', 'client-output-buffer-limit': 'normal 0 0 0', 'min-slaves-to-write': '1' })).toEqual([]);
  });
});

describe('the image', () => {
  test('is of Redis 7.0 or later, or of Valkey', () => {
    expect(refusals({ image: 'docker.io/library/redis:6.2.14' })).toEqual([expect.stringContaining("prop 'image': got 'docker.io/library/redis:6.2.14', expected Redis 7.0 or later, or Valkey.")]);
    expect(refusals({ image: 'docker.io/valkey/valkey:8.1.4' })).toEqual([]);
  });
});

describe('other props', () => {
  test.each([
    [{ replicas: 0 }, "prop 'replicas': got 0, expected an integer from 1 to 100. Leave it out for 3 (CH01-54)"],
    [{ replicas: 101 }, "prop 'replicas': got 101, expected an integer from 1 to 100. Leave it out for 3 (CH01-54)"],
    [{ replicas: 1.5 }, "prop 'replicas': got 1.5, expected an integer from 1 to 100. Leave it out for 3 (CH01-54)"],
  ])('the number of members: %p is refused (CH01-54)', (props, message) => {
    expect(refusals(props)).toEqual([`[app/redis] ${message}`]);
  });

  test.each([
    [{ image: 'redis:latest' }, "prop 'image': got 'redis:latest', expected 'name:tag', 'name@sha256:<64 hex digits>' or both, without the tag 'latest'. Leave it out for docker.io/library/redis:7.2.11-bookworm (CH01-09)"],
    [{ image: 'redis' }, "prop 'image': got 'redis', expected 'name:tag', 'name@sha256:<64 hex digits>' or both, without the tag 'latest'. Leave it out for docker.io/library/redis:7.2.11-bookworm (CH01-09)"],
  ])('the image: %p is refused (CH01-09)', (props, message) => {
    expect(refusals(props)).toEqual([`[app/redis] ${message}`]);
  });

  test.each([
    [{ storageClassName: 'Fast' }, "prop 'storageClassName': got 'Fast', expected at most 253 lower-case letters, digits and '-', starting and ending with a letter or digit, with dots between. Leave it out for the cluster's default (CH01-52)"],
  ])('the storage class: %p is refused (CH01-52)', (props, message) => {
    expect(refusals(props)).toEqual([`[app/redis] ${message}`]);
  });

  test.each([
    [{ evictionPolicy: 'none' }, "prop 'evictionPolicy': got 'none', expected 'noeviction' or 'allkeys-lru' or 'allkeys-lfu' or 'allkeys-random' or 'volatile-lru' or 'volatile-lfu' or 'volatile-random' or 'volatile-ttl'. Leave it out for 'noeviction'"],
    [{ fsync: 'no' }, "prop 'fsync': got 'no', expected 'everysec' or 'always'. Leave it out for 'everysec'"],
    [{ cpu: 0.5 }, "prop 'cpu': got 0.5, expected a Cpu of at least 1 milli-core, e.g. Cpu.millis(500). Leave it out for 250m"],
    [{ startupTimeout: Duration.seconds(9) }, "prop 'startupTimeout': got 9 s, expected a Duration of 10 to 3600 whole seconds. Leave it out for 5 minutes"],
  ])('%p is refused, with what to do', (props, message) => {
    expect(refusals(props)).toEqual([`[app/redis] ${message}`]);
  });

  test('that nobody knows are named, with the nearest known one', () => {
    expect(refusals({ maxmemory: Size.mebibytes(64) })).toEqual(["[app/redis] prop 'maxmemory': got an unknown prop, expected a known one. Did you mean 'maxMemory'?"]);
  });

  test('are reported all at once', () => {
    expect(refusals({ password: undefined, storage: undefined, replicas: 0, fsync: 'no' }).map((message) => /prop '([^']+)'/.exec(message)?.[1])).toEqual(['replicas', 'storage', 'fsync', 'password']);
  });
});
