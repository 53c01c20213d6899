import type { Value } from './directive-values';
import type { Lines } from './server-line';

/**
 * The configuration directives of Redis and Valkey.
 *
 * Sources: the table of src/config.c and redis.conf of each line, such as
 * https://raw.githubusercontent.com/redis/redis/7.0/redis.conf and
 * https://raw.githubusercontent.com/valkey-io/valkey/8.1/valkey.conf, and the lists of configuration parameters in
 * https://redis.io/docs/latest/operate/oss_and_stack/stack-with-enterprise/release-notes/redisce/.
 * Tested with the servers 7.0.15, 7.2.6, 7.4.1, 8.0.3, 8.2.3 and 8.4.0 of Redis, 7.2.7, 8.0.1, 8.1.8, 9.0.0 and 9.1.2
 * of Valkey, as test/redis/directives.test.ts does with the installed one. Redis 8.6, 8.8 and 8.10 are from the sources
 * only.
 */
export interface Directive {
  /** The name in redis.conf, then its aliases. */
  readonly names: readonly string[];
  readonly value: Value;
  readonly lines: Lines;
  /** The older name of the directive, if older lines know only that. */
  readonly sameAs?: string;
}

const ALL: Lines = { redis: '7.0+', valkey: '7.2+' };

const INT = 2n ** 31n - 1n;
const UINT = 2n ** 32n - 1n;
const LONG = 2n ** 63n - 1n;
const MIB = 2n ** 20n;

const BOOL: Value = { kind: 'bool' };
const TEXT: Value = { kind: 'text' };
const IGNORED: Value = { kind: 'ignored' };

const words = (...all: string[]): Value => ({ kind: 'words', words: all });
const keyEvents = (letters: string): Value => ({ kind: 'key-events', letters });
const POWER_OF_TWO = words('256', '512', '1024', '2048', '4096', '8192', '16384', '32768', '65536');
const integer = (min: number | bigint, max: number | bigint): Value => ({
  kind: 'integer',
  min: BigInt(min),
  max: BigInt(max),
});
const memory = (min: number | bigint, max = LONG): Value => ({ kind: 'memory', min: BigInt(min), max });

function d(names: string, value: Value, lines: Lines = ALL, sameAs?: string): Directive {
  return { names: names.split(' '), value, lines, ...(sameAs === undefined ? {} : { sameAs }) };
}

/**
 * The directives that a caller may set, in alphabetical order: one entry for each range of lines that read it alike.
 *
 * No table can cover what depends on the node, the image or the data. `activedefrag yes` needs the jemalloc of the
 * server. `locale-collate` needs a locale of the image. `mptcp yes` and `repl-mptcp yes` need a kernel with Multipath
 * TCP. `databases` must match the data set. The servers start with all other values that are accepted here.
 */
export const DIRECTIVES: readonly Directive[] = [
  d('acl-pubsub-default', words('allchannels', 'resetchannels')),
  d('acllog-max-len', integer(0, LONG)),
  d('active-defrag-cycle-max', integer(1, 99)),
  d('active-defrag-cycle-min', integer(1, 99)),
  d('active-defrag-cycle-us', integer(0, 100_000), { valkey: '8.1+' }),
  d('active-defrag-ignore-bytes', memory(1)),
  d('active-defrag-max-scan-fields', integer(1, LONG)),
  d('active-defrag-threshold-lower', integer(0, 1000)),
  d('active-defrag-threshold-upper', integer(0, 1000)),
  d('active-expire-effort', integer(1, 10)),
  d('activedefrag', BOOL),
  d('activerehashing', BOOL),
  d('always-show-logo', BOOL),
  d('aof-rewrite-cpulist', TEXT, { redis: '7.4+', valkey: '8.0+' }, 'aof_rewrite_cpulist'),
  d('aof-rewrite-incremental-fsync', BOOL),
  d('aof-timestamp-enabled', BOOL),
  d('aof-use-rdb-preamble', BOOL),
  d('aof_rewrite_cpulist', TEXT),
  d('array-slice-size', POWER_OF_TWO, { redis: '8.8+' }),
  d('array-sparse-kmax', integer(0, 256), { redis: '8.8+' }),
  d('array-sparse-kmin', integer(0, 256), { redis: '8.8+' }),
  d('auto-aof-rewrite-min-size', memory(0)),
  d('auto-aof-rewrite-percentage', integer(0, INT)),
  d('availability-zone', TEXT, { valkey: '8.0+' }),
  d('bgsave-cpulist', TEXT, { redis: '7.4+', valkey: '8.0+' }, 'bgsave_cpulist'),
  d('bgsave_cpulist', TEXT),
  d('bio-cpulist', TEXT, { redis: '7.4+', valkey: '8.0+' }, 'bio_cpulist'),
  d('bio_cpulist', TEXT),
  d('busy-reply-threshold lua-time-limit', integer(0, LONG)),
  d('client-output-buffer-limit', { kind: 'output-buffers', boundedReplicas: false }),
  d('client-query-buffer-limit', memory(MIB)),
  d('cluster-compatibility-sample-ratio', integer(0, 100), { redis: '8.0+' }),
  d('commandlog-execution-slower-than', integer(-1, LONG), { valkey: '8.1+' }, 'slowlog-log-slower-than'),
  d('commandlog-large-reply-max-len', integer(0, LONG), { valkey: '8.1+' }),
  d('commandlog-large-request-max-len', integer(0, LONG), { valkey: '8.1+' }),
  d('commandlog-reply-larger-than', integer(-1, LONG), { valkey: '8.1+' }),
  d('commandlog-request-larger-than', integer(-1, LONG), { valkey: '8.1+' }),
  d('commandlog-slow-execution-max-len', integer(0, LONG), { valkey: '8.1+' }, 'slowlog-max-len'),
  d('crash-log-enabled', BOOL),
  d('crash-memcheck-enabled', BOOL),
  d('databases', integer(1, INT)),
  d('disable-thp', BOOL),
  d('dual-channel-replication-enabled', BOOL, { valkey: '8.0+' }),
  d('dynamic-hz', BOOL, { redis: '7.0+', valkey: '7.2-8.0' }),
  d('dynamic-hz', IGNORED, { valkey: '8.1+' }),
  d('events-per-io-thread', integer(0, INT), { valkey: '8.0-9.0' }),
  d('events-per-io-thread', IGNORED, { valkey: '9.1+' }),
  d('extended-redis-compatibility', BOOL, { valkey: '8.0+' }),
  d('hash-max-listpack-entries hash-max-ziplist-entries', integer(0, LONG)),
  d('hash-max-listpack-value hash-max-ziplist-value', memory(0)),
  d('hash-max-template-entries', integer(0, LONG), { redis: '8.10+' }),
  d('hash-min-template-entries', integer(0, LONG), { redis: '8.10+' }),
  d('hash-rdb-load-max-template-entries', integer(0, LONG), { redis: '8.10+' }),
  d('hash-rdb-load-min-template-entries', integer(0, LONG), { redis: '8.10+' }),
  d('hash-rdb-load-template-disassembly-threshold', integer(0, LONG), { redis: '8.10+' }),
  d('hide-user-data-from-log', BOOL, { redis: '7.4+', valkey: '8.0+' }),
  d('hll-sparse-max-bytes', memory(0)),
  d('hz', integer(0, INT)),
  d('ignore-warnings', TEXT),
  d('import-mode', BOOL, { valkey: '8.1+' }),
  d('io-threads', integer(1, 128), { redis: '7.0+', valkey: '7.2-8.0' }),
  d('io-threads', integer(1, 256), { valkey: '8.1+' }),
  d('io-threads-do-reads', BOOL, { redis: '7.0-7.4', valkey: '7.2-8.0' }),
  d('io-threads-do-reads', IGNORED, { redis: '8.0+', valkey: '8.1+' }),
  d('jemalloc-bg-thread', BOOL),
  d('key-memory-histograms', BOOL, { redis: '8.6+' }),
  d('latency-monitor-threshold', integer(0, LONG)),
  d('latency-tracking', BOOL),
  d('latency-tracking-info-percentiles', { kind: 'percentiles' }),
  d('lazyexpire-nested-arbitrary-keys', BOOL, { redis: '8.2+' }),
  d('lazyfree-lazy-eviction', BOOL),
  d('lazyfree-lazy-expire', BOOL),
  d('lazyfree-lazy-server-del', BOOL),
  d('lazyfree-lazy-user-del', BOOL),
  d('lazyfree-lazy-user-flush', BOOL),
  d('lfu-decay-time', integer(0, INT)),
  d('lfu-log-factor', integer(0, INT)),
  d('list-compress-depth', integer(0, INT)),
  d('list-max-listpack-size list-max-ziplist-size', integer(-INT - 1n, INT)),
  d('list-max-ziplist-entries', IGNORED),
  d('list-max-ziplist-value', IGNORED),
  d('loading-process-events-interval-bytes', integer(1024, INT)),
  d('locale-collate', TEXT, { redis: '7.2+', valkey: '7.2+' }),
  d('log-format', words('legacy', 'logfmt'), { valkey: '8.1-9.0' }),
  d('log-format', words('legacy', 'logfmt', 'json'), { valkey: '9.1+' }),
  d('log-timestamp-format', words('legacy', 'iso8601', 'milliseconds'), { valkey: '8.1+' }),
  d('loglevel', words('debug', 'verbose', 'notice', 'warning'), { redis: '7.0-7.0' }),
  d('loglevel', words('debug', 'verbose', 'notice', 'warning', 'nothing'), { redis: '7.2+', valkey: '7.2+' }),
  d('lookahead', integer(1, INT), { redis: '8.4+' }),
  d('lua-replicate-commands', IGNORED),
  d('max-new-connections-per-cycle', integer(1, 1000), { redis: '7.4+', valkey: '8.0+' }),
  d('max-new-tls-connections-per-cycle', integer(1, 1000), { redis: '7.4+', valkey: '8.0+' }),
  d('maxclients', integer(1, UINT)),
  d('maxmemory-clients', { kind: 'memory-or-percent', min: 0n, max: LONG }),
  d('maxmemory-eviction-tenacity', integer(0, 100)),
  d('maxmemory-samples', integer(1, INT), { redis: '7.0-7.2', valkey: '7.2-7.2' }),
  d('maxmemory-samples', integer(1, 64), { redis: '7.4+', valkey: '8.0+' }),
  d('min-io-threads-avoid-copy-reply', integer(0, INT), { valkey: '9.0+' }),
  d('min-replicas-max-lag min-slaves-max-lag', integer(0, INT)),
  d('min-replicas-to-write min-slaves-to-write', integer(0, INT)),
  d('min-string-size-avoid-copy-reply', integer(0, INT), { valkey: '9.0+' }),
  d('min-string-size-avoid-copy-reply-threaded', integer(0, INT), { valkey: '9.0+' }),
  d('mptcp', BOOL, { valkey: '9.0+' }),
  d('notify-keyspace-events', keyEvents('KEg$lshzxetdmnA'), { redis: '7.0-8.0', valkey: '7.2+' }),
  d('notify-keyspace-events', keyEvents('KEg$lshzxetdmnocA'), { redis: '8.2-8.6' }),
  d('notify-keyspace-events', keyEvents('KEg$lshzxetdamnocSTIVA'), { redis: '8.8+' }),
  d('oom-score-adj', words('no', 'yes', 'relative', 'absolute')),
  d('oom-score-adj-values', { kind: 'oom-scores' }),
  d('prefetch-batch-max-size', integer(0, 128), { redis: '8.2+', valkey: '8.0+' }),
  d('proc-title-template', { kind: 'title' }),
  d('propagation-error-behavior', words('ignore', 'panic', 'panic-on-replicas')),
  d('proto-max-bulk-len', memory(MIB)),
  d('rdb-del-sync-files', BOOL),
  d('rdb-save-incremental-fsync', BOOL),
  d('rdb-version-check', words('strict', 'relaxed'), { valkey: '8.1+' }),
  d('rdbchecksum', BOOL),
  d('rdbcompression', BOOL),
  d('repl-backlog-size', memory(1)),
  d('repl-backlog-ttl', integer(0, LONG)),
  d('repl-disable-tcp-nodelay', BOOL),
  d('repl-diskless-load', words('disabled', 'on-empty-db', 'swapdb'), { redis: '7.0-8.4', valkey: '7.2-8.0' }),
  d('repl-diskless-load', words('disabled', 'on-empty-db', 'swapdb', 'flushdb'), { redis: '8.6+' }),
  d('repl-diskless-load', words('disabled', 'on-empty-db', 'swapdb', 'flush-before-load'), { valkey: '8.1+' }),
  d('repl-diskless-sync', BOOL),
  d('repl-diskless-sync-delay', integer(0, INT)),
  d('repl-diskless-sync-max-replicas', integer(0, INT)),
  d('repl-mptcp', BOOL, { valkey: '9.0+' }),
  d('repl-rdb-channel', BOOL, { redis: '8.0+' }),
  d('replica-announced', BOOL),
  d('replica-full-sync-buffer-limit', memory(0), { redis: '8.0+' }),
  d('replica-lazy-flush slave-lazy-flush', BOOL),
  d('replica-priority slave-priority', integer(0, INT)),
  d('sanitize-dump-payload', words('no', 'yes', 'clients'), { redis: '7.0+', valkey: '7.2-8.0' }),
  d('sanitize-dump-payload', IGNORED, { valkey: '8.1+' }),
  d('server-cpulist', TEXT, { redis: '7.4+', valkey: '8.0+' }, 'server_cpulist'),
  d('server_cpulist', TEXT),
  d('set-max-intset-entries', integer(0, LONG)),
  d('set-max-listpack-entries', integer(0, LONG), { redis: '7.2+', valkey: '7.2+' }),
  d('set-max-listpack-value', integer(0, LONG), { redis: '7.2+', valkey: '7.2+' }),
  d('set-proc-title', BOOL),
  d('shutdown-timeout', integer(0, INT)),
  d('slowlog-entry-max-argc', integer(2, INT), { redis: '8.8+' }),
  d('slowlog-entry-max-string-len', integer(1, LONG), { redis: '8.8+' }),
  d('slowlog-log-slower-than', integer(-1, LONG)),
  d('slowlog-max-len', integer(0, LONG)),
  d('stop-writes-on-bgsave-error', BOOL),
  d('stream-idmp-duration', integer(1, 86_400), { redis: '8.6+' }),
  d('stream-idmp-maxsize', integer(1, 10_000), { redis: '8.6+' }),
  d('stream-node-max-bytes', memory(0)),
  d('stream-node-max-entries', integer(0, LONG)),
  d('tcp-backlog', integer(0, INT)),
  d('timeout', integer(0, INT)),
  d('tracking-table-max-keys', integer(0, LONG)),
  d('vset-force-single-threaded-execution', BOOL, { redis: '8.2+' }),
  d('zset-max-listpack-entries zset-max-ziplist-entries', integer(0, LONG)),
  d('zset-max-listpack-value zset-max-ziplist-value', memory(0)),
];

export interface Limit {
  readonly value: Value;
  /** Why a value is refused although the server accepts it. */
  readonly reason: string;
}

/** Values of allowed directives that would break the guarantees of the block. */
export const LIMITS: Readonly<Partial<Record<string, Limit>>> = {
  'auto-aof-rewrite-percentage': {
    value: integer(1, INT),
    reason: 'Without rewrites, the append-only file fills the volume',
  },
  'busy-reply-threshold': {
    value: integer(1, 15_000),
    reason: 'The probe restarts a member that is unresponsive for longer during a script',
  },
  'client-output-buffer-limit': {
    value: { kind: 'output-buffers', boundedReplicas: true },
    reason: 'The memory limit of the pod reserves this amount',
  },
  'databases': {
    value: integer(1, 1000),
    reason: 'Each database takes memory, even an empty one',
  },
  'io-threads': {
    value: integer(1, 16),
    reason: 'Each thread takes memory for all clients, and more threads than CPUs only wait for each other',
  },
  'maxclients': {
    value: integer(128, 65_535),
    reason: 'The other members and the probes are clients as well, and each client slot takes memory',
  },
  'maxmemory-clients': {
    value: { kind: 'memory-or-percent', min: 1n, max: LONG },
    reason: 'The memory limit of the pod reserves this amount',
  },
  'repl-diskless-load': {
    value: words('disabled', 'on-empty-db'),
    reason: 'A replica would hold two data sets in memory, or drop its own before it has received the new one',
  },
  'shutdown-timeout': {
    value: integer(0, 45),
    reason: 'The pod has 60 s to stop, including the final write to its disk',
  },
};

const FROM_PROP = (prop: string): string => `the block sets it from its prop '${prop}'`;
const SETS = 'the block sets it';
const SIGNS_IN = "the block configures authentication from its prop 'password'";
const FOLLOWS = 'the block configures replication';
const LISTENS = 'clients, probes and the other members connect to port 6379 of a member';
const FILES = 'the block recognizes a claim with data by its file names';
const REACHES_DISK = 'acknowledged writes must be in the append-only file';
const LOG = 'the log must go to the standard output of the container';
const FOREGROUND = 'the server is the main process of its container';
const READS = 'a replica serves reads, and must answer probes and members even without its primary';
const SAME_FOR_ALL = 'all members share one configuration, and the value would be wrong for all but one';
const UNLOCKS = 'a client could use it to change what the block has set';
const TEST_HOOK = 'it is for tests of the server itself';
const STOPS = 'a stopping member must write its data to disk and wait for its replicas';

/** Directives that the block sets, or that would break its guarantees, under all their names, with the reason. */
export const REFUSED: Readonly<Record<string, string>> = {
  'aclfile': SIGNS_IN,
  'aof-disable-auto-gc': 'obsolete parts of the append-only file would fill the volume',
  'aof-load-corrupt-tail-max-size': 'acknowledged writes would be silently truncated',
  'aof-load-truncated': 'a member must restart after a node crash has truncated the last write',
  'appenddirname': FILES,
  'appendfilename': FILES,
  'appendfsync': FROM_PROP('fsync'),
  'appendonly': SETS,
  'backup-sealed-ttl': 'the volume has no room for backups',
  'backupdirname': FILES,
  'bind': LISTENS,
  'bind-source-addr': SAME_FOR_ALL,
  'daemonize': FOREGROUND,
  'dbfilename': FILES,
  'debug-context': TEST_HOOK,
  'dir': FILES,
  'enable-debug-assert': TEST_HOOK,
  'enable-debug-command': UNLOCKS,
  'enable-module-command': UNLOCKS,
  'enable-protected-configs': UNLOCKS,
  'hash-seed': 'a reader of the ConfigMap could cause hash collisions',
  'include': 'the block writes the whole configuration',
  'io-threads-always-active': TEST_HOOK,
  'key-load-delay': TEST_HOOK,
  'loadmodule': 'the block gives no guarantees for modules',
  'logfile': LOG,
  'lua-enable-deprecated-api': 'scripts could leave their sandbox',
  'lua-enable-insecure-api': 'scripts could leave their sandbox',
  'masterauth': SIGNS_IN,
  'masteruser': SIGNS_IN,
  'maxmemory': FROM_PROP('maxMemory'),
  'maxmemory-policy': FROM_PROP('evictionPolicy'),
  'no-appendfsync-on-rewrite': REACHES_DISK,
  'pidfile': FOREGROUND,
  'port': LISTENS,
  'preload-file': 'the append-only file is the data set',
  'primaryauth': SIGNS_IN,
  'primaryuser': SIGNS_IN,
  'protected-mode': LISTENS,
  'rdb-key-save-delay': TEST_HOOK,
  'rename-command': 'scripts of the block and replication need the original command names',
  'repl-compression': 'only some builds of the server support it',
  'repl-compression-max-latency': 'only some builds of the server support it',
  'repl-ping-replica-period': SETS,
  'repl-ping-slave-period': SETS,
  'repl-timeout': SETS,
  'replica-announce-ip': SAME_FOR_ALL,
  'replica-announce-port': SAME_FOR_ALL,
  'replica-ignore-disk-write-errors': REACHES_DISK,
  'replica-ignore-maxmemory': 'a replica that drops keys on its own would diverge from its primary',
  'replica-read-only': READS,
  'replica-serve-stale-data': READS,
  'replicaof': FOLLOWS,
  'requirepass': SIGNS_IN,
  'save': 'the append-only file is the data, and the volume has no room for a second copy',
  'sentinel': 'the block starts no Sentinel',
  'shutdown-on-sigint': STOPS,
  'shutdown-on-sigterm': STOPS,
  'slave-announce-ip': SAME_FOR_ALL,
  'slave-announce-port': SAME_FOR_ALL,
  'slave-ignore-maxmemory': 'a replica that drops keys on its own would diverge from its primary',
  'slave-read-only': READS,
  'slave-serve-stale-data': READS,
  'slaveof': FOLLOWS,
  'slot-migration-max-failover-repl-bytes': 'the block is no Redis Cluster',
  'socket-mark-id': 'the container lacks the capability to mark packets',
  'supervised': FOREGROUND,
  'tcp-keepalive': SETS,
  'unixsocket': LISTENS,
  'unixsocketgroup': LISTENS,
  'unixsocketperm': LISTENS,
  'use-exit-on-panic': TEST_HOOK,
  'user': SIGNS_IN,
  'watchdog-period': TEST_HOOK,
};

/** Patterns of refused names, with the reason. */
export type Refusals = ReadonlyArray<readonly [name: RegExp, reason: string]>;

/** Further refused names by prefix or suffix, including future ones. An allowed directive takes precedence. */
export const REFUSED_FAMILIES: Refusals = [
  [/^cluster-/, 'the block is no Redis Cluster'],
  [/^tls-/, 'members, probes and clients of the block use plain text'],
  [/^rdma-/, LISTENS],
  [/^syslog-/, LOG],
  [/^(bf|cf|search|ts)-|\./, 'it belongs to a module, and the block loads none'],
  [/(pass|auth)$/, 'it holds a password, and the file is in a ConfigMap'],
];

/** What a cache refuses in addition, even if `Redis` allows it: it would have no effect. */
export const REFUSED_BY_CACHE: Refusals = [
  [
    /^(min-)?(repl|slave|master|primary)|^dual-channel-|^propagation-error|^shutdown-|^slot-migration-/,
    'a cache has no replicas',
  ],
  [
    /^(aof|append|auto-aof|backup|bgsave|dbfile|dir$|hash-rdb|loading-process|no-append|preload|rdb|save$|stop-writes)/,
    'a cache writes no files',
  ],
  [/^(bind|port|protected-mode|rdma-|unixsocket)/, 'clients and probes connect to port 6379 of the pod'],
];
