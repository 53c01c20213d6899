import type { Size } from 'cdk8s';
import type { SecretKeyRef } from '../../interop/references';
import type { ICpu } from '../../kubernetes/cpu';
import type { PodWorkloadProps } from '../../workload/workload-props';

/** Props of `RedisCache`. */
export interface RedisCacheProps extends PodWorkloadProps {
  /**
   * Key of a Secret with the password, on one line without changes. To change it, give the Secret a new version and
   * follow the steps in docs/cache.md.
   *
   * @default - required (CH01-35), unless `withoutPassword` says why there is none
   */
  readonly password?: SecretKeyRef;

  /**
   * Why the cache needs no password: at least 10 characters, which become an annotation of the Deployment. Only network
   * policies then protect the cache: every allowed client can read, change and delete everything, and in a cluster that
   * does not enforce policies, every pod can.
   *
   * @default - `password` is required
   */
  readonly withoutPassword?: string;

  /**
   * Key of a Secret with a second password that the cache accepts during a change: the new one in the first step, the
   * old one in the second; see docs/cache.md.
   *
   * @default - none
   */
  readonly alsoAccepts?: SecretKeyRef;

  /**
   * Image with `redis-server` 7.0 or later, `redis-cli`, a POSIX `sh` and `timeout`: an official one, or Valkey's with
   * its UID in `user` and links with those names.
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
   * Memory for data; at least 16 MiB. The memory limit of the pod is the sum of three amounts: 2 x this, since evicted
   * keys leave gaps between those that stay; the buffers of clients (`maxmemory-clients`, also as set in `config`); and
   * 64 MiB.
   *
   * @default Size.mebibytes(256)
   */
  readonly maxMemory?: Size;

  /**
   * What the cache drops at `maxMemory`. `allkeys-...` drops any key. `volatile-...` drops only keys with an expiry: if
   * no key has one, writes fail.
   *
   * @default 'allkeys-lru': the least recently used key; no key needs an expiry
   */
  readonly evictionPolicy?:
    | 'allkeys-lru'
    | 'allkeys-lfu'
    | 'allkeys-random'
    | 'volatile-lru'
    | 'volatile-lfu'
    | 'volatile-random'
    | 'volatile-ttl';

  /**
   * CPU request; the limit is 4 times as much.
   *
   * @default Cpu.millis(250)
   */
  readonly cpu?: ICpu;

  /**
   * Additional directives of redis.conf, with their names there. The block refuses directives that it sets itself, and
   * those about files and replicas, which a cache does not have. Otherwise the rules of `Redis` apply.
   *
   * @default - none
   */
  readonly config?: { [directive: string]: string };
}
