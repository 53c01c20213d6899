import type { BufferMemory } from './directives';
import { alive, identify, launch, member, ready } from './scripts.generated';
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
    'member.sh': member,
    'launch.sh': launch,
    'ready.sh': ready,
    'alive.sh': alive,
    'identify.sh': identify,
  };
}

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
  const directives: Array<[string, string]> = [
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
    ...Object.entries(extra).sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
  return directives.map(([name, value]) => `${name} ${value}\n`).join('');
}
