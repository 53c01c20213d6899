import type { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { type BufferMemory, memoryOf } from './directives';
import type { RedisProps } from './redis-props';
import { buffersFor, DATA, PORT, redisConf, RUNTIME, SCRIPTS, scriptsFor } from './scripts';
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
import { KEEP, statefulSet } from '../../controllers/stateful-set';
import type { SecretKeyRef } from '../../interop/references';
import { Verbatim } from '../../kernel/findings/describe';
import { keyPart } from '../../kernel/findings/prop-path';
import { warn, type Warning } from '../../kernel/findings/warnings';
import { stateDroppedKeys } from '../../kernel/model/dropped-keys';
import { namespaceOf } from '../../kernel/model/names';
import { bytes, integer, oneOf, seconds } from '../../kernel/schema/checks';
import type { Reader } from '../../kernel/schema/reader';
import { AccessMode } from '../../kubernetes/access-mode';
import { bytesQuantity, GIBIBYTE, MEBIBYTE } from '../../kubernetes/quantity';
import { type AllowOptions, type Connection, hostFor, type IConnectionTarget } from '../../network/connection';
import type { IPeer } from '../../network/peer';
import { type PortSettings, servicePorts, toNamedPort } from '../../network/ports';
import { budgetFor } from '../../parts/disruption-budget';
import { emitMembersService, emitReadService, firstMember, membersOf } from '../../parts/members';
import { emitService } from '../../parts/render-service';
import { Replicas } from '../../parts/replicas';
import { readClaimClass } from '../../pod/claim-class';
import type { ContainerSettings } from '../../pod/container';
import { memorySource } from '../../pod/volumes';
import { type Contents, plan, type WorkloadSite } from '../../workload/plan';
import { Workload } from '../../workload/workload';

const CLAIM = 'data';

const TWO_MEMBERS: Warning = {
  rule: 'redis/two-replicas',
  prop: 'replicas',
  got: '2',
  expected: '1, or at least 3',
  text: 'replicas: with 2 members, the primary has no replica while the other one restarts. Write replicas: 3',
};

/**
 * A replicated Redis with a fixed primary: a StatefulSet with a volume for each member, Services for writes, for reads
 * and for the members, and the objects of every workload.
 *
 * - Writes go to ordinal 0, reads to any member.
 * - Acknowledged writes survive the loss of any pod, and of all pods at once.
 * - A member is ready when it answers and, as a replica, is linked to the primary. Only unresponsive members restart.
 * - A replica takes over no data set but its own. A primary that has lost its volume waits until all replicas have
 *   confirmed that theirs are empty as well.
 *
 * Prefer a managed Redis if one is available (CH01-49).
 *
 * ```ts
 * new Redis(chart, 'sessions', {
 *   password: { secret: SecretRef.named('redis-passwd'), key: 'passwd' },
 *   storage: Size.gibibytes(10),
 * });
 * ```
 */
export class Redis extends Workload implements IConnectionTarget {
  /** The StatefulSet. */
  public readonly statefulSet: ApiObject;
  /** The Service of the primary: for writes. */
  public readonly writeService: ApiObject;
  /** The Service of all members: for reads. */
  public readonly readService: ApiObject;
  /** The headless Service that names the members. */
  public readonly membersService: ApiObject;
  /** The PodDisruptionBudget; none with `DisruptionBudget.none()`, and by default none for one member. */
  public readonly disruptionBudget?: ApiObject;
  /** Scripts and configuration. */
  public readonly config: VersionedConfigMap;

  /** Host name for writes, inside the namespace. */
  public readonly host: string;
  /** Host name for reads, inside the namespace. */
  public readonly readHost: string;
  /** Port of both hosts. */
  public readonly port: number = PORT;
  /** Key of the Secret with the password. */
  public readonly password: SecretKeyRef;

  public constructor(scope: Construct, id: string, props: RedisProps) {
    super(scope, id, props, PLAN);
    this.statefulSet = this._controller;
    ({
      config: this.config,
      writeService: this.writeService,
      readService: this.readService,
      membersService: this.membersService,
      disruptionBudget: this.disruptionBudget,
      password: this.password,
    } = this._madeBy(PLAN));
    this.host = this.name;
    this.readHost = this.readService.name;
    this.allowFrom(this);
  }

  /**
   * Opens the pods for a peer.
   *
   * @param peer a block, a `Peer`, or an `IngressController`
   * @param options the ports
   */
  public allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    this._allow(peer, options);
  }

  /** Host, port and password for `client`. */
  public connectionFor(client: IConstruct): Connection {
    const qualified = (service: string): string => hostFor(service, namespaceOf(this), namespaceOf(client));
    const ports = this._madeBy(PLAN).ports.map(toNamedPort);
    const connection = { host: qualified(this.host), readHost: qualified(this.readHost), port: PORT, ports };
    // a refused password is a problem of this block only
    return (this.password.secret as unknown) === undefined ? connection : { ...connection, password: this.password };
  }
}

interface RedisContents extends Contents {
  readonly replicas: number;
  readonly config: VersionedConfigMap;
}

interface RedisParts {
  readonly ports: readonly PortSettings[];
  readonly config: VersionedConfigMap;
  readonly writeService: ApiObject;
  readonly readService: ApiObject;
  readonly membersService: ApiObject;
  readonly disruptionBudget?: ApiObject;
  readonly password: SecretKeyRef;
}

const PLAN = plan({
  kind: () => ({
    component: 'database',
    longestName: 52,
    hasService: true,
    user: DEFAULT_USER,
    graceSeconds: 60,
    fixedMemory: "the server fills 'maxMemory' whatever the limit, and the kernel would kill it",
    // a server that resolves the address of its primary is blocked meanwhile, and liveness waits for 5 s
    dns: { timeoutSeconds: 1, attempts: 1 },
  }),
  read: (site: WorkloadSite<RedisProps>): RedisContents => readRedis(site),
  controller: ({ name, problems }, { replicas }) =>
    statefulSet(Replicas.fixed(replicas, problems), {
      governingService: membersOf(name),
      // a primary that lost its claim asks the replicas, which must not wait for it
      podManagement: 'Parallel',
      minReady: replicas > 1 ? 5 : undefined,
      revisionHistory: 10,
      claimRetention: KEEP,
    }),
  parts: (site, { replicas, config }): RedisParts => {
    const password = mountFiles(site, config);
    const ports = servicePorts(site.pod.containers, PORTS);
    return {
      config,
      password,
      ports,
      writeService: emitService(site, ports, {}, { selector: firstMember(site.name) }),
      readService: emitReadService(site, ports),
      membersService: emitMembersService(site, () => PORTS),
      disruptionBudget: budgetFor(site, replicas),
    };
  },
});

function readRedis(site: WorkloadSite<RedisProps>): RedisContents {
  const { owner, name, labels, pod, read } = site;
  const replicas = read.optional('replicas', integer(1, 100), 3, { practice: 'CH01-54' });
  if (replicas === 2) warn(owner, TWO_MEMBERS);
  const maxMemory = read.optional('maxMemory', bytes(16 * MEBIBYTE), 256 * MEBIBYTE, { practice: 'DX-20' });
  pod.claims.push(
    readClaimClass(owner, read, {
      name: CLAIM,
      bytes: readStorage(read, maxMemory),
      accessMode: AccessMode.READ_WRITE_ONCE,
    }),
  );
  const image = readServerImage(site);
  const directives = readDirectives(site, image);
  refuseTooManyReplicas(site, directives, replicas);
  const buffers = buffersFor(maxMemory);
  const main = readMain(site, image, maxMemory, memoryOf(directives, maxMemory, buffers));
  const evictionPolicy = read.optional('evictionPolicy', oneOf(...EVICTION_POLICIES), 'noeviction');
  if (evictionPolicy.startsWith('allkeys')) {
    stateDroppedKeys(owner, `drops any key when its memory is full (evictionPolicy: '${evictionPolicy}')`);
  }
  const config = new VersionedConfigMap(owner, 'Config', {
    name,
    data: {
      'redis.conf': redisConf({
        maxMemoryBytes: maxMemory,
        buffers,
        evictionPolicy,
        fsync: read.optional('fsync', oneOf('everysec', 'always'), 'everysec'),
        extra: directives,
      }),
      ...scriptsFor({ name, members: membersOf(name), replicas }),
    },
    allowSecretLookingData: ['redis.conf', 'password.sh', 'member.sh', 'launch.sh', 'ready.sh', 'identify.sh'],
    labels,
  });
  return { main, replicas, config };
}

/** Mounts scripts, scratch space, claim and passwords. Returns the location of the password. */
function mountFiles(site: WorkloadSite<RedisProps>, config: VersionedConfigMap): SecretKeyRef {
  const {
    mounting,
    pod: {
      containers: [main],
    },
  } = site;
  // nothing of any image is there
  mounting.mount(SCRIPTS, config, { hidesImageFiles: true });
  mounting.addOwn(RUNTIME, 'runtime', memorySource(MEBIBYTE), main.name);
  main.mounts.push({ volume: CLAIM, path: DATA, readOnly: false });
  return readPasswords(site);
}

function readStorage(read: Reader<RedisProps>, maxMemory: number): number {
  const storage = read.required('storage', bytes(GIBIBYTE), 10 * GIBIBYTE, {
    fix: 'Set the size of one volume, such as Size.gibibytes(10)',
    practice: 'DX-25',
  });
  if (storage < 4 * maxMemory && read.isSound('storage', 'maxMemory')) {
    // the last base file, as much appended since, the new one, and a replica's incoming copy
    read.refuse(
      'storage',
      new Verbatim(bytesQuantity(storage)),
      `at least 4 times maxMemory (${bytesQuantity(4 * maxMemory)})`,
      {
        rule: 'redis/volume-size',
        fix: 'Enlarge it: a rewrite of the append-only file keeps several copies of the data on the volume',
      },
    );
  }
  return storage;
}

function readMain(
  site: WorkloadSite<RedisProps>,
  image: string,
  maxMemory: number,
  buffers: BufferMemory,
): ContainerSettings {
  const timeout = site.read.optional('startupTimeout', seconds(10, 3600), 300);
  const memory = Math.ceil((1.5 * maxMemory + buffers.clients + buffers.backlog + buffers.replicas) / MEBIBYTE) + 64;
  return {
    ...serverContainer(site, image, ['sh', `${SCRIPTS}/launch.sh`], memory),
    probes: {
      readiness: script('ready.sh', 5),
      liveness: script('alive.sh', 10),
      startup: script('alive.sh', 2, Math.ceil(timeout / 2)),
    },
  };
}

function refuseTooManyReplicas(
  { problems }: WorkloadSite<RedisProps>,
  directives: Record<string, string>,
  replicas: number,
): void {
  for (const name of ['min-replicas-to-write', 'min-slaves-to-write']) {
    if (directives[name] === undefined || Number(directives[name]) < replicas) continue;
    problems.refuse(`config${keyPart(name)}`, directives[name], `at most ${replicas - 1}, the number of replicas`, {
      rule: 'redis/directive',
      fix: 'Lower it: the primary would refuse all writes',
    });
  }
}

const EVICTION_POLICIES = ['noeviction', ...EVICTING] as const;
