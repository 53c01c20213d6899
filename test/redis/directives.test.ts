import { installedLine, refusedAtReading, refusedAtStart, startedWith } from './installed-server';
import { accepts, expectation, splitArguments, type Value } from '../../src/blocks/redis/directive-values';
import { checkDirective, checkDirectives, memoryOf } from '../../src/blocks/redis/directives';
import { DIRECTIVES, LIMITS, REFUSED, REFUSED_FAMILIES } from '../../src/blocks/redis/directives-data';
import {
  imageLine,
  includes,
  isNewer,
  isTooOld,
  type Line,
  lineName,
  lineOf,
  LINES,
  linesName,
  type Server,
} from '../../src/blocks/redis/server-line';

const redis = (version: string): Line => lineOf('redis', version);
const valkey = (version: string): Line => lineOf('valkey', version);
const EVERY_LINE = (['redis', 'valkey'] as Server[]).flatMap((server) =>
  LINES[server].map((version) => lineOf(server, version)),
);
const LEFT_OPEN = 'a directive that users may set';

const onName = (name: string, expected: string, fix: string) => ({ directive: name, got: name, expected, fix });

describe('the line of an image', () => {
  test.each([
    ['docker.io/library/redis:7.2.11-bookworm', 'Redis 7.2'],
    ['redis:8.0.1', 'Redis 8.0'],
    ['redis:8.10', 'Redis 8.10'],
    ['redis:v7.4.1', 'Redis 7.4'],
    ['valkey/valkey:8.1.4-alpine', 'Valkey 8.1'],
    ['registry.example.com:5000/mirror/redis:7.0.15', 'Redis 7.0'],
    [`redis:7.2.4@sha256:${'a'.repeat(64)}`, 'Redis 7.2'],
    ['bitnami/redis:8.0.1-debian-12-r0', 'Redis 8.0'],
    ['redis:8.2-rc1-alpine', 'Redis 8.2'],
    ['redis:6.2.14', 'Redis 6.2'],
    ['redis:6-alpine', 'Redis 6.0'],
    ['redis:99.1', 'Redis 99.1'],
  ])('%s is %s', (image, name) => {
    const line = imageLine(image);
    expect(line && lineName(line)).toBe(name);
  });

  test.each([
    ['redis/redis-stack-server:7.4.0-v1'],
    ['redis:7-alpine'],
    ['redis:latest'],
    ['redis:bookworm'],
    ['redis'],
    [`redis@sha256:${'a'.repeat(64)}`],
    ['acme/cache:7.2.4'],
    ['redis:2024.05.01'],
    ['redis:7f3c21a'],
    ['redis:1.4.2'],
    ['valkey/valkey:1.0.0'],
    ['redis.example.com/acme/store:7.2'],
    ['not an image'],
  ])('%s says nothing', (image) => {
    expect(imageLine(image)).toBeUndefined();
  });

  test.each([
    ['6.2', true],
    ['7.0', false],
    ['7.2', false],
    ['8.10', false],
  ])('Redis %s is too old: %p', (version, old) => {
    expect(isTooOld(redis(version))).toBe(old);
  });

  test('no Valkey is too old', () => {
    expect(isTooOld(valkey('7.2'))).toBe(false);
  });

  test('minor versions are numbers, not decimals', () => {
    expect(isNewer(redis('8.10'))).toBe(false);
    expect(isNewer(redis('8.12'))).toBe(true);
    expect(includes({ redis: '8.2-8.8' }, redis('8.10'))).toBe(false);
  });
});

describe('names', () => {
  const ofName = (line: Line | undefined, name: string) => checkDirective(line, name, '1');

  test('a mistyped one gets the nearest', () => {
    const here = 'a directive of Redis 7.0';
    expect(ofName(redis('7.0'), 'maxclient')).toEqual(onName('maxclient', here, "Did you mean 'maxclients'?"));
    const anywhere = 'a directive of Redis or Valkey';
    expect(ofName(undefined, 'Timeout')).toEqual(onName('Timeout', anywhere, "Did you mean 'timeout'?"));
    expect(ofName(valkey('8.1'), 'maxmemry')?.fix).toBe("Did you mean 'maxmemory'?");
  });

  test('a made up one gets no guess', () => {
    expect(ofName(redis('7.0'), 'make-it-fast')?.fix).toBe('Remove it');
    expect(ofName(redis('7.0'), 'constructor')?.fix).toBe('Remove it');
    expect(ofName(redis('7.0'), '')?.fix).toBe('Remove it');
  });

  test('the guess is one that the line knows', () => {
    expect(ofName(redis('7.0'), 'lookahed')?.fix).toBe('Remove it');
    expect(ofName(redis('8.4'), 'lookahed')?.fix).toBe("Did you mean 'lookahead'?");
  });

  test.each([
    [redis('7.0'), 'set-max-listpack-value', 'Redis 7.2 and later and of Valkey'],
    [redis('7.2'), 'server-cpulist', 'Redis 7.4 and later and of Valkey 8.0 and later'],
    [valkey('8.0'), 'lookahead', 'Redis 8.4 and later'],
    [redis('8.0'), 'log-format', 'Valkey 8.1 and later'],
    [redis('8.0'), 'events-per-io-thread', 'Valkey 8.0 to 9.0'],
  ])('%p does not know %s, which is one of %s', (line, name, lines) => {
    const expected = `a directive of ${lineName(line)}`;
    expect(ofName(line, name)).toEqual(onName(name, expected, `Remove it: it is one of ${lines}`));
  });

  test.each([
    [redis('8.0'), 'io-threads-do-reads'],
    [valkey('8.1'), 'dynamic-hz'],
    [redis('7.0'), 'list-max-ziplist-value'],
  ])('%p reads, but ignores %s', (line, name) => {
    const server = lineName(line);
    const fix = `Remove it: ${server} ignores it`;
    expect(checkDirective(line, name, 'yes')).toEqual(onName(name, `a directive with an effect in ${server}`, fix));
  });

  test('without a line, what any line knows passes', () => {
    for (const name of ['lookahead', 'set-max-listpack-value', 'events-per-io-thread', 'slave-priority']) {
      expect(ofName(undefined, name)).toBeUndefined();
    }
    expect(checkDirective(undefined, 'io-threads-do-reads', 'yes')).toBeUndefined();
    expect(ofName(undefined, 'lua-replicate-commands')?.expected).toBe('a directive with an effect in the server');
  });

  test('a line that is too old counts as none', () => {
    expect(ofName(redis('6.2'), 'lookahead')).toBeUndefined();
  });

  test('a newer line may have gained directives', () => {
    expect(checkDirective(redis('9.2'), 'brand-new', 'of what kind ever')).toBeUndefined();
    // so far it is one of Valkey alone
    expect(checkDirective(redis('9.2'), 'log-format', 'json')).toBeUndefined();
    expect(checkDirective(redis('9.2'), 'brand-new', '"open')?.expected).toBe('quotes around whole words only');
    expect(checkDirective(redis('9.2'), 'Brand New', '1')?.expected).toBe('a directive of Redis 9.2');
  });

  test('a newer line still reads what its server knows', () => {
    const newest = 'https://raw.githubusercontent.com/redis/redis/8.10/redis.conf';
    expect(checkDirective(redis('9.2'), 'timeout', 'abc')?.fix).toBe(`Write it as in ${newest}`);
    const ignored = checkDirective(redis('9.2'), 'io-threads-do-reads', 'yes');
    expect(ignored?.expected).toBe('a directive with an effect in Redis 9.2');
    expect(checkDirective(valkey('10.0'), 'log-format', 'json')).toBeUndefined();
  });
});

describe('values', () => {
  test('that the line would not start with name its redis.conf', () => {
    expect(checkDirective(redis('7.2'), 'timeout', 'abc')).toEqual({
      directive: 'timeout',
      got: 'abc',
      expected: 'an integer from 0 to 2147483647',
      fix: 'Write it as in https://raw.githubusercontent.com/redis/redis/7.2/redis.conf',
    });
    expect(checkDirective(valkey('8.1'), 'lazyfree-lazy-expire', 'yes please')).toMatchObject({
      expected: 'yes or no',
      fix: 'Write it as in https://raw.githubusercontent.com/valkey-io/valkey/8.1/valkey.conf',
    });
    expect(checkDirective(undefined, 'hz', 'often')?.fix).toBe('Write it as in redis.conf of the image');
  });

  test.each([
    ['loglevel', 'nothing', redis('7.0'), redis('7.2')],
    ['log-format', 'json', valkey('9.0'), valkey('9.1')],
    ['notify-keyspace-events', 'Ko', redis('8.0'), redis('8.2')],
    ['notify-keyspace-events', 'KS', redis('8.6'), redis('8.8')],
    ['maxmemory-samples', '65', redis('7.4'), redis('7.2')],
  ])('%s %s: not in %p, but in %p', (name, value, without, within) => {
    expect(checkDirective(without, name, value)).toMatchObject({ got: value });
    expect(checkDirective(within, name, value)).toBeUndefined();
    expect(checkDirective(undefined, name, value)).toBeUndefined();
  });

  test.each([
    ['timeout', '300'],
    ['timeout', '"300"'],
    ['timeout', "'300'"],
    ['slowlog-log-slower-than', '-1'],
    ['lazyfree-lazy-expire', 'YES'],
    ['maxmemory-clients', '5%'],
    ['maxmemory-clients', '64Mb'],
    ['repl-backlog-size', '1k'],
    ['repl-backlog-size', '1GB'],
    ['acl-pubsub-default', 'AllChannels'],
    ['client-output-buffer-limit', 'normal 0 0 0'],
    ['client-output-buffer-limit', '"slave 1gb 0 60 pubsub 1m 1m 1"'],
    ['notify-keyspace-events', '""'],
    ['notify-keyspace-events', 'KEA'],
    ['oom-score-adj-values', '-10 0 2000'],
    ['latency-tracking-info-percentiles', '50 99.9 .5'],
    ['latency-tracking-info-percentiles', '""'],
    ['proc-title-template', '"{title} {{literal} {listen-addr}"'],
    ['ignore-warnings', '""'],
    ['hash-max-ziplist-entries', '64'],
    ['stream-node-max-bytes', '0'],
    ['lua-time-limit', '5000'],
  ])('%s %s is taken by every line', (name, value) => {
    for (const line of EVERY_LINE) expect(checkDirective(line, name, value)).toBeUndefined();
  });

  test.each([
    ['timeout', '-1'],
    ['timeout', '2147483648'],
    ['timeout', '007'],
    ['timeout', '+5'],
    ['timeout', '1 2'],
    ['timeout', ''],
    ['timeout', '300 # five minutes'],
    ['timeout', '"300'],
    ['timeout', '300\nappendonly no'],
    ['timeout', '3.5'],
    ['lazyfree-lazy-expire', 'true'],
    ['acl-pubsub-default', 'some'],
    ['maxmemory-clients', '101%'],
    ['maxmemory-clients', '%'],
    ['maxmemory-clients', 'lots'],
    ['repl-backlog-size', '64 mb'],
    ['repl-backlog-size', 'mb'],
    ['repl-backlog-size', '-1'],
    ['repl-backlog-size', '1mib'],
    ['repl-backlog-size', '99999999999gb'],
    ['client-query-buffer-limit', '1023k'],
    ['client-output-buffer-limit', 'replica 1gb 0'],
    ['client-output-buffer-limit', 'primary 1gb 0 60'],
    ['client-output-buffer-limit', 'pubsub 1gb 0 soon'],
    ['client-output-buffer-limit', '""'],
    ['notify-keyspace-events', 'K?'],
    ['oom-score-adj-values', '0 200'],
    ['oom-score-adj-values', '0 200 2001'],
    ['latency-tracking-info-percentiles', '101'],
    ['latency-tracking-info-percentiles', 'p99'],
    ['proc-title-template', '"{nobody} {port}"'],
    ['proc-title-template', '"{title}"'],
    ['proc-title-template', '{port'],
    ['ignore-warnings', 'two words'],
    ['ignore-warnings', 'it"s'],
  ])('%s %j is taken by none', (name, value) => {
    for (const line of EVERY_LINE) {
      expect(checkDirective(line, name, value)).toMatchObject({ directive: name, got: value });
    }
    expect(checkDirective(undefined, name, value)).toBeDefined();
  });

  test('escapes in double quotes are read', () => {
    expect(splitArguments('plain "a \\"b\\" \\x41\\n" \'it\\\'s\' \t""')).toEqual(['plain', 'a "b" A\n', "it's", '']);
    expect(splitArguments('"C:\\\\" \'C:\\x\'')).toEqual(['C:\\', 'C:\\x']);
    expect(splitArguments(' ')).toEqual([]);
  });

  test.each([['"a'], ["'a"], ["'a\\'"], ['"a\\"'], ['"a"b'], ['a"b"']])(
    'quotes that are open, or inside of a word: %s',
    (text) => {
      expect(splitArguments(text)).toBeUndefined();
    },
  );

  test('amounts say from where on', () => {
    const expected = (name: string) => checkDirective(redis('7.0'), name, 'x')?.expected;
    expect(expected('client-query-buffer-limit')).toBe('an amount of memory of at least 1048576 bytes, such as 64mb');
    expect(expected('repl-backlog-size')).toBe('an amount of memory of at least 1 byte, such as 64mb');
    expect(expected('hll-sparse-max-bytes')).toBe('an amount of memory, such as 64mb');
  });
});

describe('what the block keeps to itself', () => {
  test.each([
    ['maxmemory', "the block sets it from its prop 'maxMemory'"],
    ['maxmemory-policy', "the block sets it from its prop 'evictionPolicy'"],
    ['appendfsync', "the block sets it from its prop 'fsync'"],
    ['repl-timeout', 'the block sets it'],
    ['repl-ping-slave-period', 'the block sets it'],
    ['tcp-keepalive', 'the block sets it'],
    ['cluster-enabled', 'the block is no Redis Cluster'],
    ['tls-port', 'members, probes and clients of the block use plain text'],
    ['search-timeout', 'it belongs to a module, and the block loads none'],
    ['bf.error-rate', 'it belongs to a module, and the block loads none'],
    ['some-new-pass', 'it holds a password, and the file is in a ConfigMap'],
  ])('%s, for all lines', (name, reason) => {
    for (const line of [undefined, redis('6.2'), redis('7.0'), valkey('9.1'), redis('99.0')]) {
      expect(checkDirective(line, name, '1')).toEqual(onName(name, LEFT_OPEN, `Remove it: ${reason}`));
    }
  });

  test('includes all that would undo its promises', () => {
    const names = [
      'port',
      'bind',
      'protected-mode',
      'dir',
      'appendonly',
      'appendfsync',
      'appenddirname',
      'appendfilename',
      'save',
      'maxmemory',
      'maxmemory-policy',
      'requirepass',
      'masterauth',
      'primaryauth',
      'masteruser',
      'primaryuser',
      'replicaof',
      'slaveof',
      'include',
      'unixsocket',
      'daemonize',
      'pidfile',
      'aclfile',
      'user',
      'cluster-enabled',
      'rename-command',
      'replica-read-only',
      'slave-read-only',
      'replica-serve-stale-data',
      'slave-serve-stale-data',
      'no-appendfsync-on-rewrite',
      'loadmodule',
      'tls-key-file-pass',
      'logfile',
      'syslog-enabled',
      'supervised',
    ];
    expect(names.filter((name) => checkDirective(undefined, name, 'yes') === undefined)).toEqual([]);
  });

  test('is no word of a value: a password stays out of the message', () => {
    expect(JSON.stringify(checkDirective(redis('7.0'), 'requirepass', 'hunter2'))).not.toContain('hunter2');
  });

  test.each([
    ['repl-diskless-load', 'swapdb', 'on-empty-db', 'disabled or on-empty-db'],
    ['client-output-buffer-limit', 'replica 0 0 0', 'replica 1gb 0 0', 'with a hard limit above 0 for replicas'],
    ['maxmemory-clients', '0', '1mb', 'at least 1 byte or a percentage, such as 64mb or 5%'],
    ['maxmemory-clients', '0%', '1%', 'at least 1 byte or a percentage, such as 64mb or 5%'],
    ['auto-aof-rewrite-percentage', '0', '50', 'an integer from 1 to 2147483647'],
    ['lua-time-limit', '0', '1000', 'an integer from 1 to 15000'],
    ['shutdown-timeout', '60', '30', 'an integer from 0 to 45'],
    ['maxclients', '1', '20000', 'an integer from 128 to 65535'],
    ['maxclients', '100000', '128', 'an integer from 128 to 65535'],
    ['databases', '1001', '32', 'an integer from 1 to 1000'],
    ['io-threads', '128', '4', 'an integer from 1 to 16'],
  ])('%s %s, but not %s', (name, value, other, expected) => {
    const fix = LIMITS[name === 'lua-time-limit' ? 'busy-reply-threshold' : name]?.reason;
    const problem = { directive: name, got: value, expected: expect.stringContaining(expected) as string, fix };
    expect(checkDirective(redis('7.0'), name, value)).toEqual(problem);
    expect(checkDirective(redis('7.0'), name, other)).toBeUndefined();
  });
});

describe('several directives', () => {
  test('are checked each, in the order given', () => {
    const problems = checkDirectives(redis('7.0'), { hz: 'x', timeout: '5', port: '1' });
    expect(problems.map(({ directive }) => directive)).toEqual(['hz', 'port']);
  });

  test.each([
    ['replica-priority', 'slave-priority'],
    ['server_cpulist', 'server-cpulist'],
    ['slowlog-max-len', 'commandlog-slow-execution-max-len'],
  ])('%s is the same as %s', (one, other) => {
    const problem = onName(other, 'one of the two names', `Remove it: '${one}' is the same directive`);
    expect(checkDirectives(valkey('8.1'), { [one]: '1', [other]: '1' })).toEqual([problem]);
  });

  test.each([
    [{ 'array-sparse-kmax': '5' }, 'array-sparse-kmax'],
    [{ 'array-sparse-kmin': '10' }, 'array-sparse-kmin'],
    [{ 'array-sparse-kmax': '20', 'array-sparse-kmin': '20' }, 'array-sparse-kmin'],
  ])('bounds that contradict each other: %j', (config, directive) => {
    expect(checkDirectives(redis('8.8'), config)).toMatchObject([{ directive }]);
  });

  test.each([
    [{ 'array-sparse-kmax': '6' }],
    [{ 'array-sparse-kmin': '9' }],
    [{ 'array-sparse-kmax': '0', 'array-sparse-kmin': '100' }],
    [{ 'array-sparse-kmax': '20', 'array-sparse-kmin': '19' }],
    [{}],
  ])('bounds that agree: %j', (config) => {
    expect(checkDirectives(redis('8.8'), config)).toEqual([]);
  });
});

describe('memory beside the data', () => {
  const OWN = { backlog: 1_000_000, replicas: 64_000_000, clients: 32_000_000 };
  const of = (config: Record<string, string>) => memoryOf(config, 256 * 1024 ** 2, OWN);

  test('is that of the block without directives', () => {
    expect(of({})).toEqual(OWN);
    expect(of({ 'timeout': '5', 'client-output-buffer-limit': 'pubsub 1gb 1gb 1' })).toEqual(OWN);
  });

  test.each([
    ['repl-backlog-size', '16mb', { ...OWN, backlog: 16 * 1024 ** 2 }],
    ['repl-backlog-size', '"16m"', { ...OWN, backlog: 16_000_000 }],
    // a lower hard limit than the backlog has no effect
    ['repl-backlog-size', '1gb', { ...OWN, backlog: 1024 ** 3, replicas: 1024 ** 3 }],
    ['client-output-buffer-limit', 'replica 256mb 64mb 60', { ...OWN, replicas: 256 * 1024 ** 2 }],
    ['client-output-buffer-limit', 'normal 0 0 0 slave 2mb 1mb 60', { ...OWN, replicas: 2 * 1024 ** 2 }],
    ['client-output-buffer-limit', '"replica 3mb 1mb 60"', { ...OWN, replicas: 3 * 1024 ** 2 }],
    ['replica-full-sync-buffer-limit', '128mb', { ...OWN, replicas: 128 * 1024 ** 2 }],
    ['replica-full-sync-buffer-limit', '0', OWN],
    ['maxmemory-clients', '64mb', { ...OWN, clients: 64 * 1024 ** 2 }],
    ['maxmemory-clients', '5%', { ...OWN, clients: Math.ceil(0.05 * 256 * 1024 ** 2) }],
    ['maxmemory-clients', '1', { ...OWN, clients: 128 * 1024 }],
  ])('%s %s', (name, value, expected) => {
    expect(checkDirective(undefined, name, value)).toBeUndefined();
    expect(of({ [name]: value })).toEqual(expected);
  });

  test.each([
    ['repl-backlog-size', 'big'],
    ['maxmemory-clients', '0'],
    ['maxmemory-clients', '101%'],
    ['client-output-buffer-limit', 'replica 0 0 0'],
    ['client-output-buffer-limit', 'replica 1'],
  ])('does not follow what is refused: %s %s', (name, value) => {
    expect(checkDirective(undefined, name, value)).toBeDefined();
    expect(of({ [name]: value })).toEqual(OWN);
  });
});

/** Values at the ends of what a directive takes, and just beyond. */
function samples(value: Value): { readonly good: string[]; readonly bad: string[] } {
  switch (value.kind) {
    case 'bool':
      return { good: ['no', 'YES'], bad: ['yes please', 'true', '1'] };
    case 'words':
      return { good: [...value.words], bad: ['no-such-word'] };
    case 'integer':
      return {
        good: [`${value.min}`, `${value.max}`],
        bad: [`${value.min - 1n}`, `${value.max + 1n}`, 'abc'],
      };
    case 'memory':
      return {
        good: [`${value.min}`, '64mb', '2GB', '5000k', `${value.max}`],
        bad: [...(value.min > 0n ? [`${value.min - 1n}`] : []), `${value.max + 1n}`, '64 mb', '-1', '1mib'],
      };
    case 'memory-or-percent':
      return { good: ['64mb', '0', '1%', '100%'], bad: ['101%', '-5%', 'lots'] };
    case 'key-events':
      return {
        good: [value.letters, '""'],
        bad: [...'?ocaSTIV'].filter((letter) => !value.letters.includes(letter)),
      };
    case 'oom-scores':
      return { good: ['0 200 800', '-2000 0 2000'], bad: ['0 200', '0 200 2001', 'a b c'] };
    case 'percentiles':
      return { good: ['50 99 99.9', '""', '0 100'], bad: ['101', 'p99'] };
    case 'title':
      return {
        good: ['"{title} {listen-addr} {server-mode}"', '{port}'],
        bad: ['"{nobody}"', '{title}', '{port'],
      };
    case 'output-buffers':
      return {
        good: ['normal 0 0 0', 'replica 256mb 64mb 60 pubsub 32mb 8mb 60', '"slave 1gb 0 0"'],
        bad: ['replica 256mb 64mb', 'master 1 1 1', 'replica 256mb x 60', 'replica 1 1 soon'],
      };
    case 'ignored':
      return { good: ['yes'], bad: [] };
    default:
      return { good: ['""'], bad: ['two words'] };
  }
}

describe('the table', () => {
  test('has each name once a line', () => {
    for (const line of EVERY_LINE) {
      const names = DIRECTIVES.filter(({ lines }) => includes(lines, line)).flatMap((directive) => directive.names);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    }
  });

  test('is sorted, and so is the list of what is refused', () => {
    const byCode = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
    const names = DIRECTIVES.map((directive) => directive.names[0]);
    expect(names).toEqual([...names].sort(byCode));
    expect(Object.keys(REFUSED)).toEqual(Object.keys(REFUSED).sort(byCode));
  });

  test('names nothing both as open and as refused', () => {
    const open = DIRECTIVES.flatMap((directive) => directive.names);
    expect(open.filter((name) => Object.hasOwn(REFUSED, name))).toEqual([]);
  });

  test('refers to lines, names and limits that exist', () => {
    const known = EVERY_LINE.map(({ server, major, minor }) => `${server} ${major}.${minor}`);
    const firsts = DIRECTIVES.map((directive) => directive.names[0]);
    for (const { lines, sameAs } of DIRECTIVES) {
      for (const [server, span] of Object.entries(lines)) {
        for (const version of span.replace('+', '').split('-')) expect(known).toContain(`${server} ${version}`);
      }
      if (sameAs !== undefined) expect(firsts).toContain(sameAs);
      expect(linesName(lines)).not.toBe('');
    }
    for (const name of Object.keys(LIMITS)) expect(firsts).toContain(name);
  });

  test('accepts what is within the bounds of a directive, and refuses what is not', () => {
    const wrong = DIRECTIVES.flatMap(({ names, value }) => {
      const { good, bad } = samples(value);
      return [...good.filter((text) => !accepts(value, text)), ...bad.filter((text) => accepts(value, text))].map(
        (text) => `${names[0]} ${text}`,
      );
    });
    expect(wrong).toEqual([]);
  });

  test('has one line to say of each', () => {
    const reasons = [...Object.values(REFUSED), ...REFUSED_FAMILIES.map(([, reason]) => reason)];
    const told = [...DIRECTIVES.map(({ value }) => expectation(value)), ...reasons];
    expect(told.filter((text) => !/^\S.{1,160}\S$/.test(text) || text.endsWith('.'))).toEqual([]);
  });
});

/** What the server takes only when it was built, or the node is set up, for it. */
const DEPENDS_ON_BUILD = ['activedefrag YES', 'mptcp YES', 'repl-mptcp YES'];

const installed = installedLine();
const title =
  installed === undefined
    ? 'no server of a known line is installed, so the table is not tried'
    : `the installed server, ${lineName(installed)}`;

(installed === undefined ? describe.skip : describe)(title, () => {
  const line = installed ?? redis('7.0');
  const here = DIRECTIVES.filter(({ lines }) => includes(lines, line)).flatMap(({ names, value }) =>
    names.map((name) => ({ name, ...samples(value) })),
  );
  const known = new Set(here.map(({ name }) => name));

  test('takes every value that the table accepts', () => {
    const all = here.flatMap(({ name, good }) => good.map((text) => `${name} ${text}`));
    expect(refusedAtReading(all.filter((text) => !DEPENDS_ON_BUILD.includes(text)))).toBeUndefined();
  });

  test('takes no value that the table refuses', () => {
    const taken = here
      .flatMap(({ name, bad }) => bad.map((text) => `${name} ${text}`))
      .filter((text) => refusedAtReading([text]) === undefined && !refusedAtStart([text]));
    expect(taken).toEqual([]);
  }, 120_000);

  test('starts with every directive of the table, and has none that the table lacks', async () => {
    const names = await startedWith(here.map(({ name, good }) => `${name} ${good[0]}`));
    expect(names.length).toBeGreaterThan(150);
    const foreign = names.filter((name) => !known.has(name));
    expect(foreign.filter((name) => checkDirective(undefined, name, '1')?.expected !== LEFT_OPEN)).toEqual([]);
  }, 30_000);

  test('starts with no directive of other lines alone', () => {
    const foreign = DIRECTIVES.filter(({ names, value }) => value.kind !== 'ignored' && !known.has(names[0]));
    expect(foreign.length).toBeGreaterThan(10);
    const started = foreign
      .flatMap(({ names, value }) => names.map((name) => `${name} ${samples(value).good[0]}`))
      .filter((text) => !refusedAtStart([text]));
    expect(started).toEqual([]);
  }, 120_000);
});
