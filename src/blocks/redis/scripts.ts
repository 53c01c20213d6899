import type { BufferMemory } from './directives';
import { alive, identify, launch, launchCache, member, password, ready, readyCache } from './scripts.generated';
import { MEBIBYTE } from '../../kubernetes/quantity';

export const PORT = 6379;
/** Scripts and static configuration, from the ConfigMap. */
export const SCRIPTS = '/opt/redis';
/** Configuration with the password, in memory. */
export const RUNTIME = '/run/redis';
/** The claim. */
export const DATA = '/data';
export const SECRET = '/var/run/secrets/redis';
export const OTHER_SECRET = '/var/run/secrets/redis-other';

/** Parameters of the scripts. */
export interface RedisLayout {
  /** Name of the StatefulSet. */
  readonly name: string;
  /** Name of the governing Service. */
  readonly members: string;
  readonly replicas: number;
}

/** The scripts of a member by file name. */
export function scriptsFor({ name, members, replicas }: RedisLayout): Record<string, string> {
  return {
    'layout.sh': `name=${name}\nmembers=${members}\nreplicas=${replicas}\n`,
    'password.sh': password,
    'member.sh': member,
    'launch.sh': launch,
    'ready.sh': ready,
    'alive.sh': alive,
    'identify.sh': identify,
  };
}

/** The scripts of a cache by file name. */
export function cacheScripts(hasPassword: boolean): Record<string, string> {
  return {
    ...(hasPassword
      ? { 'password.sh': password, 'commands': `${CACHE_COMMANDS}\n`, 'launch-cache.sh': launchCache }
      : {}),
    'ready-cache.sh': readyCache,
    'alive.sh': alive,
  };
}

/**
 * What clients of a cache may do. They may not fork it, since the memory limit has no room for a copy. They may not
 * replicate it, or change its limits and users.
 */
const CACHE_COMMANDS =
  '~* &* +@all -save -bgsave -bgrewriteaof -psync -sync -replicaof -slaveof -failover -shutdown ' +
  '-config|set -client|no-evict -acl|setuser -acl|deluser';

/** Shares of `maxmemory`, and the minimum for a small Redis. */
export function buffersFor(maxMemoryBytes: number): BufferMemory {
  const share = (part: number, least: number): number => Math.max(least, Math.floor(maxMemoryBytes / part));
  return { clients: share(8, 16 * MEBIBYTE), backlog: share(16, MEBIBYTE), replicas: share(4, 16 * MEBIBYTE) };
}

export interface RedisConfigSettings {
  readonly maxMemoryBytes: number;
  readonly buffers: BufferMemory;
  readonly evictionPolicy: string;
  readonly fsync: string;
  readonly extra: Record<string, string>;
}

export function redisConf({ maxMemoryBytes, buffers, evictionPolicy, fsync, extra }: RedisConfigSettings): string {
  return written([
    ['port', String(PORT)],
    ['bind', '* -::*'],
    // the password replaces it
    ['protected-mode', 'no'],
    ['dir', DATA],
    ['appendonly', 'yes'],
    ['appendfsync', fsync],
    // the append-only file is the data; snapshots would only be a second, older copy
    ['save', '""'],
    ['maxmemory', String(maxMemoryBytes)],
    ['maxmemory-policy', evictionPolicy],
    ['maxmemory-clients', String(buffers.clients)],
    ['repl-backlog-size', String(buffers.backlog)],
    ['client-output-buffer-limit', `replica ${buffers.replicas} 0 0`],
    ['tcp-keepalive', '60'],
    // by default, a replica would wait 60 s for an address that its primary has left
    ['repl-ping-replica-period', '5'],
    ['repl-timeout', '20'],
    // otherwise, a replica that still writes its copy would not stop before it is killed
    ['shutdown-on-sigterm', 'force'],
    ...sorted(extra),
  ]);
}

export interface CacheConfigSettings {
  readonly maxMemoryBytes: number;
  readonly clientBytes: number;
  readonly evictionPolicy: string;
  readonly hasPassword: boolean;
  readonly extra: Record<string, string>;
}

export function cacheConf({
  maxMemoryBytes,
  clientBytes,
  evictionPolicy,
  hasPassword,
  extra,
}: CacheConfigSettings): string {
  return written([
    ['port', String(PORT)],
    ['bind', '* -::*'],
    // the password replaces it, or the network policy
    ['protected-mode', 'no'],
    // it is read-only
    ['dir', '/'],
    ['appendonly', 'no'],
    ['save', '""'],
    ['maxmemory', String(maxMemoryBytes)],
    ['maxmemory-policy', evictionPolicy],
    ['maxmemory-clients', String(clientBytes)],
    ['tcp-keepalive', '60'],
    ...(hasPassword ? [] : [['user', `default on nopass ${CACHE_COMMANDS}`] as [string, string]]),
    ...sorted(extra),
  ]);
}

function sorted(extra: Record<string, string>): Array<[string, string]> {
  return Object.entries(extra).sort(([a], [b]) => (a < b ? -1 : 1));
}

function written(directives: Array<[string, string]>): string {
  return directives.map(([name, value]) => `${name} ${value}\n`).join('');
}
