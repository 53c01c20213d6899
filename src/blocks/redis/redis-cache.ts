import type { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { memoryOf } from './directives';
import { REFUSED_BY_CACHE } from './directives-data';
import type { RedisCacheProps } from './redis-cache-props';
import { buffersFor, cacheConf, cacheScripts, PORT, RUNTIME, SCRIPTS } from './scripts';
import {
  EVICTING,
  DEFAULT_USER,
  PORTS,
  readDirectives,
  readPasswords,
  readServerImage,
  script,
  serverContainer,
} from './server';
import { VersionedConfigMap } from '../../config/versioned-config-map';
import { deployment } from '../../controllers/deployment';
import type { SecretKeyRef } from '../../interop/references';
import { identity } from '../../kernel/emit/labels';
import { Verbatim } from '../../kernel/findings/describe';
import { stateDroppedKeys } from '../../kernel/model/dropped-keys';
import { namespaceOf } from '../../kernel/model/names';
import { bytes, oneOf, reason } from '../../kernel/schema/checks';
import type { Reader } from '../../kernel/schema/reader';
import { MEBIBYTE } from '../../kubernetes/quantity';
import { type AllowOptions, type Connection, hostFor, type IConnectionTarget } from '../../network/connection';
import type { IPeer } from '../../network/peer';
import { type PortSettings, servicePorts, toNamedPort } from '../../network/ports';
import { renderService } from '../../parts/render-service';
import { Replicas } from '../../parts/replicas';
import { emitPart } from '../../parts/site';
import type { ContainerSettings } from '../../pod/container';
import { memorySource } from '../../pod/volumes';
import { type Contents, plan, type WorkloadSite } from '../../workload/plan';
import { Workload } from '../../workload/workload';

/**
 * A throw-away cache: one Redis server without a volume, which drops keys when its memory is full.
 *
 * - **It may be empty at any time**: after a rollout, an eviction, a drain, a crash. Clients must work without it.
 * - At most one server answers for its name, except while a node is unreachable.
 * - At `maxMemory`, it drops keys and keeps accepting writes.
 * - It does not fork, writes no file, and loads none.
 *
 * For data that must stay, use `Redis`.
 *
 * ```ts
 * new RedisCache(chart, 'pages', {
 *   password: { secret: SecretRef.named('pages-passwd'), key: 'passwd' },
 *   maxMemory: Size.mebibytes(512),
 * });
 * ```
 */
export class RedisCache extends Workload implements IConnectionTarget {
  /** The Deployment. */
  public readonly deployment: ApiObject;
  /** The Service. */
  public readonly service: ApiObject;
  /** Scripts and configuration. */
  public readonly config: VersionedConfigMap;

  /** Host name inside the namespace. */
  public readonly host: string;
  /** Port of the host. */
  public readonly port: number = PORT;
  /** Key of the Secret with the password; none with `withoutPassword`. */
  public readonly password?: SecretKeyRef;

  public constructor(scope: Construct, id: string, props: RedisCacheProps) {
    super(scope, id, props, PLAN);
    this.deployment = this._controller;
    ({ service: this.service, config: this.config, password: this.password } = this._madeBy(PLAN));
    this.host = this.name;
  }

  /**
   * Opens the pod for a peer.
   *
   * @param peer a block, a `Peer`, or an `IngressController`
   * @param options the ports
   */
  public allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    this._allow(peer, options);
  }

  /** Host, port and password for `client`. */
  public connectionFor(client: IConstruct): Connection {
    const { ports } = this._madeBy(PLAN);
    const connection = {
      host: hostFor(this.host, namespaceOf(this), namespaceOf(client)),
      port: PORT,
      ports: ports.map(toNamedPort),
    };
    // a refused password is a problem of this block only
    return (this.password?.secret as unknown) === undefined ? connection : { ...connection, password: this.password };
  }
}

interface CacheContents extends Contents {
  readonly hasPassword: boolean;
  readonly config: VersionedConfigMap;
}

interface CacheParts {
  readonly ports: readonly PortSettings[];
  readonly service: ApiObject;
  readonly config: VersionedConfigMap;
  readonly password?: SecretKeyRef;
}

const PLAN = plan({
  kind: (read: Reader<RedisCacheProps>) => ({
    component: 'cache',
    // the name of the ConfigMap also has a hash
    longestName: 52,
    hasService: true,
    user: DEFAULT_USER,
    fixedMemory: "the server fills 'maxMemory' whatever the limit, and the kernel would kill it",
    foreign: OF_REDIS,
    annotations: readWaiver(read),
  }),
  read: (site: WorkloadSite<RedisCacheProps>): CacheContents => readCache(site),
  // a second pod beside the first one would have other data behind the same name
  controller: ({ problems }) => deployment(Replicas.fixed(1, problems), { rollout: { kind: 'Recreate' } }),
  parts: (site, { config, hasPassword }): CacheParts => {
    const { mounting, name, pod } = site;
    const [main] = pod.containers;
    // nothing of any image is there
    mounting.mount(SCRIPTS, config, { hidesImageFiles: true });
    if (hasPassword) mounting.addOwn(RUNTIME, 'runtime', memorySource(MEBIBYTE), main.name);
    const ports = servicePorts(pod.containers, PORTS);
    return {
      config,
      ports,
      password: hasPassword
        ? readPasswords(site, ". For a cache that needs none, say why in 'withoutPassword'")
        : undefined,
      service: emitPart(site, 'Service', { apiVersion: 'v1', kind: 'Service' }, () =>
        renderService(ports, identity(name), {}),
      ),
    };
  },
});

/** The annotation about a cache without a password, for reviewers. */
function readWaiver(read: Reader<RedisCacheProps>): Record<string, string> | undefined {
  const why = read.optional('withoutPassword', reason, undefined, {
    fix: 'State why network policies are enough',
    practice: 'CH01-35',
  });
  for (const prop of ['password', 'alsoAccepts'] as const) {
    if (!read.has(prop) || !read.has('withoutPassword')) continue;
    // it may be the password itself, which must not appear in a log
    read.refuse(prop, new Verbatim("it beside 'withoutPassword'"), 'one of the two', {
      rule: 'props/conflict',
      fix: `Remove '${prop}', or remove 'withoutPassword' to require a password`,
    });
  }
  return why === undefined ? undefined : { 'security-exception/without-password': why };
}

function readCache(site: WorkloadSite<RedisCacheProps>): CacheContents {
  const { owner, name, labels, read } = site;
  stateDroppedKeys(owner, 'is a cache, which may be empty at any time');
  const hasPassword = !read.has('withoutPassword');
  const maxMemory = read.optional('maxMemory', bytes(16 * MEBIBYTE), 256 * MEBIBYTE, { practice: 'DX-20' });
  const evictionPolicy = read.optional('evictionPolicy', oneOf(...EVICTING), 'allkeys-lru', {
    fix: "Write 'allkeys-lru', the default, or another. For data that must stay, use Redis",
  });
  const image = readServerImage(site);
  const extra = readDirectives(site, image, REFUSED_BY_CACHE);
  const buffers = buffersFor(maxMemory);
  const config = new VersionedConfigMap(owner, 'Config', {
    name,
    data: {
      'redis.conf': cacheConf({
        maxMemoryBytes: maxMemory,
        clientBytes: buffers.clients,
        evictionPolicy,
        hasPassword,
        extra,
      }),
      ...cacheScripts(hasPassword),
    },
    allowSecretLookingData: [
      'redis.conf',
      ...(hasPassword ? ['password.sh', 'launch-cache.sh'] : []),
      'ready-cache.sh',
    ],
    labels,
  });
  const memory = cacheMemory(maxMemory, memoryOf(extra, maxMemory, buffers).clients);
  return { main: readMain(site, image, memory, hasPassword), hasPassword, config };
}

/**
 * The memory limit in MiB. Evicted keys leave gaps between those that stay, and values of another size do not fit into
 * them. If all values change their size once, the server takes up to 1.9 times `maxMemory`. An empty one takes 10 MiB.
 */
export function cacheMemory(maxMemory: number, clients: number): number {
  return Math.ceil((2 * maxMemory + clients) / MEBIBYTE) + 64;
}

function readMain(
  site: WorkloadSite<RedisCacheProps>,
  image: string,
  memory: number,
  hasPassword: boolean,
): ContainerSettings {
  const command = hasPassword ? ['sh', `${SCRIPTS}/launch-cache.sh`] : ['redis-server', `${SCRIPTS}/redis.conf`];
  const { scratch, ...container } = serverContainer(site, image, command, memory);
  return {
    ...container,
    scratch: { ...scratch, paths: [] },
    probes: {
      readiness: script('ready-cache.sh', 5),
      liveness: script('alive.sh', 10),
      // it has nothing to load
      startup: script('alive.sh', 1, 60),
    },
  };
}

/** Props that callers may try because a `Redis` has them. */
const OF_REDIS = {
  ...Object.fromEntries(
    ['fsync', 'storage', 'storageClassName'].map((prop) => [
      prop,
      'A cache keeps nothing: remove it, or use Redis for data that must stay',
    ]),
  ),
  budget: 'Remove it: a budget of one pod would block drains, or have no effect',
  replicas: 'Remove it: each pod would have other data. For replicas, use Redis',
  startupTimeout: 'Remove it: a cache loads nothing at its start',
};
