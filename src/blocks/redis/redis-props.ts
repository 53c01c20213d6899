import type { Duration, Size } from 'cdk8s';
import type { SecretKeyRef } from '../../interop/references';
import type { ICpu } from '../../kubernetes/cpu';
import type { WorkloadProps } from '../../workload/workload-props';

/** Props of `Redis`. */
export interface RedisProps extends WorkloadProps {
  /**
   * Key of a Secret with the password: one line, as it is. To change it, give the Secret a new version, in the steps of
   * docs/redis.md. There is no mode without a password (CH01-35).
   */
  readonly password: SecretKeyRef;

  /**
   * Key of a Secret with another password that the members accept, while the password changes: the new one in the
   * first step, the old one in the second. So no step needs a common restart; docs/redis.md has the steps.
   *
   * @default - none
   */
  readonly alsoAccepts?: SecretKeyRef;

  /**
   * Size of the volume of each member; at least 1 GiB and 4 times `maxMemory`: a rewrite of the append-only file keeps
   * the old files until the new one is complete, and a replica receives a copy besides. Most storage classes can only
   * enlarge it later.
   */
  readonly storage: Size;

  /**
   * Members: the primary (ordinal 0) and its replicas; 1 to 100. There is no failover: while the primary is away,
   * nothing can be written, and the replicas are not ready, since what they hold may be stale. With 1, nobody can tell
   * that a volume was lost: the member starts empty.
   *
   * @default 3 (CH01-54)
   */
  readonly replicas?: number;

  /**
   * Image with `redis-server` 7.0 or later, `redis-cli`, a POSIX `sh`, `flock` and coreutils: an official Debian one,
   * or Valkey's with its UID in `user` and links of those names. Newer files are not read by older servers: take a
   * snapshot of the volumes before a new major version.
   *
   * @default 'docker.io/library/redis:7.2.11-bookworm'
   */
  readonly image?: string;

  /**
   * UID and GID of the image's redis account, 1 to 2147483647, or `false` where the platform assigns one.
   *
   * @default 999: that of the official Debian images
   */
  readonly user?: number | boolean;

  /**
   * Memory for data; at least 16 MiB. The memory limit of the pod is 1.5 x this, for copy on write while the
   * append-only file is rewritten; and the buffers of clients and replicas (`maxmemory-clients`, `repl-backlog-size`
   * and `client-output-buffer-limit`, also as `config` sets them); and 64 MiB.
   *
   * @default Size.mebibytes(256)
   */
  readonly maxMemory?: Size;

  /**
   * What happens to writes when `maxMemory` is reached.
   *
   * @default 'noeviction': they fail, nothing that was stored is dropped. For a cache: 'allkeys-lru'
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
   * CPU that each member reserves; the limit is 4 times as much.
   *
   * @default Cpu.millis(250)
   */
  readonly cpu?: ICpu;

  /**
   * When writes reach the disk. `everysec`: an acknowledged write survives a crash of the process or pod, unless the
   * disk was slow to sync, but the last second may be lost with the node. `always`: it survives both; writes get much
   * slower.
   *
   * @default 'everysec'
   */
  readonly fsync?: 'everysec' | 'always';

  /**
   * StorageClass of the volumes.
   *
   * @default - that of the cluster (CH01-52)
   */
  readonly storageClassName?: string;

  /**
   * Further directives of redis.conf, in its words. Refused are those that the block sets itself or cannot keep its
   * promises with, those that hold a password, as the file is in a ConfigMap, and names and values that the server of
   * `image` would not start with: Redis 7.0 to 8.10 and Valkey 7.2 to 9.1 are known. Where the image does not tell its
   * version, what any of them takes is accepted.
   *
   * @default - none
   */
  readonly config?: { [directive: string]: string };

  /**
   * Time that a member may take until it answers at all; 10 to 3600 s. Loading a large data set does not count: it
   * answers then already.
   *
   * @default Duration.minutes(5)
   */
  readonly startupTimeout?: Duration;
}
