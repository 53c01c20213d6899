import type { Duration, Size } from 'cdk8s';
import type { SecretKeyRef } from '../../interop/references';
import type { ICpu } from '../../kubernetes/cpu';
import type { ClaimClassProps } from '../../pod/claim-class';
import type { WorkloadProps } from '../../workload/workload-props';

/** Props of `Redis`. */
export interface RedisProps extends WorkloadProps, ClaimClassProps {
  /**
   * Key of a Secret with the password, on one line without changes. To change it, give the Secret a new version and
   * follow the steps in docs/redis.md. A password is always required (CH01-35).
   */
  readonly password: SecretKeyRef;

  /**
   * Key of a Secret with a second password that the members accept during a change: the new one in the first step, the
   * old one in the second. No step then needs a simultaneous restart; see docs/redis.md.
   *
   * @default - none
   */
  readonly alsoAccepts?: SecretKeyRef;

  /**
   * Size of the volume of each member; at least 1 GiB and 4 times `maxMemory`. A rewrite of the append-only file keeps
   * the old files until the new one is complete, and a replica also receives a copy. Most storage classes can only
   * enlarge it later.
   */
  readonly storage: Size;

  /**
   * Members: the primary (ordinal 0) and its replicas; 1 to 100. There is no failover: without the primary, writes fail
   * and replicas are not ready, since their data may be stale. With 1, the loss of the volume goes unnoticed: the
   * member starts empty.
   *
   * @default 3 (CH01-54)
   */
  readonly replicas?: number;

  /**
   * Image with `redis-server` 7.0 or later, `redis-cli`, a POSIX `sh`, `flock` and coreutils: an official Debian one,
   * or Valkey's with its UID in `user` and links with those names. Older servers cannot read newer files: take a
   * snapshot of the volumes before a new major version.
   *
   * @default 'docker.io/library/redis:7.2.11-bookworm'
   */
  readonly image?: string;

  /**
   * UID and GID of the redis account in the image, 1 to 2147483647, or `false` if the platform assigns one.
   *
   * @default 999: the UID in the official Debian images
   */
  readonly user?: number | boolean;

  /**
   * Memory for data; at least 16 MiB. The memory limit of the pod is the sum of three amounts: 1.5 x this, for copy on
   * write during a rewrite of the append-only file; the buffers of clients and replicas (`maxmemory-clients`,
   * `repl-backlog-size` and `client-output-buffer-limit`, also as set in `config`); and 64 MiB.
   *
   * @default Size.mebibytes(256)
   */
  readonly maxMemory?: Size;

  /**
   * What happens to writes at `maxMemory`.
   *
   * @default 'noeviction': they fail, and stored data is kept. For a cache that may be empty, use `RedisCache`
   */
  readonly evictionPolicy?:
    | 'noeviction'
    | 'allkeys-lru'
    | 'allkeys-lfu'
    | 'allkeys-random'
    | 'volatile-lru'
    | 'volatile-lfu'
    | 'volatile-random'
    | 'volatile-ttl';

  /**
   * CPU request of each member; the limit is 4 times as much.
   *
   * @default Cpu.millis(250)
   */
  readonly cpu?: ICpu;

  /**
   * When writes reach the disk. `everysec`: an acknowledged write survives a crash of the process or pod, unless the
   * disk was slow to sync, but a node failure may lose the last second. `always`: it survives both, but writes are much
   * slower.
   *
   * @default 'everysec'
   */
  readonly fsync?: 'everysec' | 'always';

  /**
   * Additional directives of redis.conf, with their names there. The block refuses directives that it sets itself or
   * that would break its guarantees. It refuses passwords, since the file is in a ConfigMap. It also refuses names and
   * values with which the server of `image` would not start, for Redis 7.0 to 8.10 and Valkey 7.2 to 9.1. If the image
   * does not show its version, the values of all versions are accepted.
   *
   * @default - none
   */
  readonly config?: { [directive: string]: string };

  /**
   * Time until a starting member must answer; 10 to 3600 s. Loading a large data set does not count: the member already
   * answers then.
   *
   * @default Duration.minutes(5)
   */
  readonly startupTimeout?: Duration;
}
