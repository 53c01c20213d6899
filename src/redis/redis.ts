import { Size, type ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { StatefulSetSpec } from 'kubernetes-types/apps/v1';
import { type BufferMemory, checkDirectives, memoryOf } from './directives';
import type { RedisProps } from './redis-props';
import { buffersFor, DATA, OTHER_SECRET, PORT, redisConf, RUNTIME, SCRIPTS, scriptsFor, SECRET } from './scripts';
import { imageLine, isTooOld } from './server-line';
import { VersionedConfigMap } from '../config/versioned-config-map';
import type { SecretKeyRef } from '../interop/references';
import { emitLater } from '../kernel/emit/emission';
import { identity, versionLabel } from '../kernel/emit/labels';
import { Verbatim } from '../kernel/findings/describe';
import { keyPart } from '../kernel/findings/prop-path';
import { warn, type Warning } from '../kernel/findings/warnings';
import { namespaceOf } from '../kernel/model/names';
import { bytes, confidential, integer, isPlain, mapOf, matching, oneOf, seconds, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { configKey, dnsSubdomain } from '../kernel/schema/syntax';
import { Cpu } from '../kubernetes/cpu';
import { fixedImage } from '../kubernetes/image';
import { bytesQuantity, cpuMillis, GIBIBYTE, MEBIBYTE } from '../kubernetes/quantity';
import { type Connection, hostFor } from '../network/connection';
import type { PortSettings } from '../network/ports';
import { renderService } from '../parts/render-service';
import { type ContainerBaseProps, type ContainerSettings, imageVersion, readContainerBase } from '../pod/container';
import type { ProbeSettings } from '../pod/probe';
import { renderPodTemplate } from '../pod/render-pod-template';
import { Resources } from '../pod/resources';
import { memorySource } from '../pod/volumes';
import { ServingWorkload } from '../workload/serving-workload';

const DEFAULT_IMAGE = 'docker.io/library/redis:7.2.11-bookworm';
/** The account `redis` of the official Debian images. */
const DEFAULT_USER = 999;
const CLAIM = 'data';

const TWO_MEMBERS: Warning = {
  rule: 'redis/two-replicas',
  prop: 'replicas',
  got: '2',
  expected: '1, or at least 3',
  text: 'replicas 2: one replica only, and while it restarts there is none; three members keep one',
};

const PORTS: PortSettings[] = [{ name: 'redis', port: PORT, servicePort: PORT, protocol: 'TCP' }];
const REFUSED: SecretKeyRef = { secret: undefined as never, key: 'invalid' };
/** Set by the StatefulSet controller on each pod. */
const POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name';

/**
 * A replicated Redis with a fixed primary: StatefulSet with a volume for each member, Services for writes, for reads
 * and for the members, and the objects that every workload has.
 *
 * - Writes go to ordinal 0, reads to any member.
 * - What was acknowledged survives the loss of any pod, and of all at once.
 * - A member is ready when it answers and, as a replica, is linked to the primary. Nothing but silence restarts it.
 * - A replica takes over no other data set than its own. A primary that has lost its volume waits until all replicas
 *   have said that theirs are empty, too.
 *
 * Where a managed Redis is at hand, prefer it (CH01-49).
 *
 * ```ts
 * new Redis(chart, 'redis', {
 *   password: { secret: SecretRef.named('redis-passwd'), key: 'passwd' },
 *   storage: Size.gibibytes(10),
 * });
 * ```
 */
export class Redis extends ServingWorkload {
  /** The StatefulSet. */
  public readonly statefulSet: ApiObject;
  /** The Service of the primary: for writes. */
  public readonly writeService: ApiObject;
  /** The Service of all members: for reads. */
  public readonly readService: ApiObject;
  /** The headless Service that gives the members their names. */
  public readonly membersService: ApiObject;
  /** The PodDisruptionBudget; none with `DisruptionBudget.none()`. */
  public readonly disruptionBudget?: ApiObject;
  /** Scripts and configuration. */
  public readonly config: VersionedConfigMap;

  /** Host name for writes, inside of the namespace. */
  public readonly host: string;
  /** Host name for reads, inside of the namespace. */
  public readonly readHost: string;
  /** Port of both hosts. */
  public readonly port: number = PORT;
  /** Key of the Secret with the password. */
  public readonly password: SecretKeyRef;

  private readonly members: string;
  private readonly replicas: number;

  public constructor(scope: Construct, id: string, props: RedisProps) {
    super(scope, id, props, {
      component: 'database',
      longestName: 52,
      revisionLabel: 'controller-revision-hash',
      user: DEFAULT_USER,
      graceSeconds: 60,
      claims: [CLAIM],
      // a server that looks up the address of its primary does nothing else meanwhile, and liveness waits for 5 s
      dns: { timeoutSeconds: 1, attempts: 1 },
    });
    const read = this._reader(props);
    this.host = this.name;
    this.readHost = `${this.name}-read`;
    this.members = `${this.name}-members`;
    this.replicas = read.optional('replicas', integer(1, 100), 3, { fix: 'Leave it out for 3', practice: 'CH01-54' });
    if (this.replicas === 2) warn(this, TWO_MEMBERS);
    const maxMemory = read.optional('maxMemory', bytes(16 * MEBIBYTE), 256 * MEBIBYTE, { fix: 'Leave it out for 256 MiB', practice: 'DX-20' });
    const storage = this.readStorage(read, maxMemory);
    const storageClassName = read.optional('storageClassName', dnsSubdomain, undefined, { fix: "Leave it out for the cluster's default", practice: 'CH01-52' });

    const image = this.readImage(read);
    const directives = this.readDirectives(read, image);
    const buffers = buffersFor(maxMemory);

    this._setContainers(this.readContainer(read, image, maxMemory, memoryOf(directives, maxMemory, buffers)), read);
    this.config = new VersionedConfigMap(this, 'Config', {
      name: this.name,
      data: {
        'redis.conf': redisConf({
          maxMemoryBytes: maxMemory,
          buffers,
          evictionPolicy: read.optional('evictionPolicy', oneOf(...EVICTION_POLICIES), 'noeviction', { fix: "Leave it out for 'noeviction'" }),
          fsync: read.optional('fsync', oneOf('everysec', 'always'), 'everysec', { fix: "Leave it out for 'everysec'" }),
          extra: directives,
        }),
        ...scriptsFor({ name: this.name, members: this.members, replicas: this.replicas }),
      },
      allowSecretLookingData: ['redis.conf', 'member.sh', 'launch.sh', 'ready.sh', 'identify.sh'],
      labels: this._labels,
    });
    this.mount(SCRIPTS, this.config);
    const [main] = this._pod.containers;
    this._mounting.addOwn(RUNTIME, 'runtime', memorySource(MEBIBYTE), main.name);
    main.mounts.push({ volume: CLAIM, path: DATA, readOnly: false });
    this.password = this.readPassword(read, 'password') ?? REFUSED;
    if (read.has('alsoAccepts')) this.readPassword(read, 'alsoAccepts');

    const head = this._head('apps/v1', 'StatefulSet', this.name, { annotations: this._annotations, labels: versionLabel(imageVersion(main.image)) });
    this.statefulSet = emitLater(this, 'Resource', head, this._problems, () => this.renderStatefulSet(storage, storageClassName));
    const selector = identity(this.name);
    this.writeService = emitLater(this, 'Service', this._head('v1', 'Service'), this._problems, () => renderService(PORTS, { ...selector, [POD_NAME_LABEL]: `${this.name}-0` }, {}));
    this.readService = emitLater(this, 'ReadService', this._head('v1', 'Service', this.readHost), this._problems, () => renderService(PORTS, selector, {}));
    // members find each other before they are ready: a replica is ready only after it has found the primary
    this.membersService = emitLater(this, 'MembersService', this._head('v1', 'Service', this.members), this._problems, () => ({
      ...renderService(PORTS, selector, {}), clusterIP: 'None', publishNotReadyAddresses: true,
    }));
    // a StatefulSet waits until a pod is gone before it starts its successor
    this._record('StatefulSet', () => ({ replicas: this.replicas, most: this.replicas, surge: 0, stopping: 0 }), [{ storageClass: storageClassName, bytes: storage }]);
    this.disruptionBudget = this._emitBudget(read, this.replicas);
    this._allowMembers();
    read.refuseUnknown();
  }

  /** Host, port and password, as `client` uses them. */
  public connectionFor(client: IConstruct): Connection {
    const qualified = (service: string): string => hostFor(service, namespaceOf(this), namespaceOf(client));
    const connection = { host: qualified(this.host), readHost: qualified(this.readHost), port: PORT };
    // a refused password is a problem of this block alone
    return (this.password.secret as unknown) === undefined ? connection : { ...connection, password: this.password };
  }

  /**
   * Each has its own volume, but another claim is one for all.
   *
   * @internal
   */
  protected _hasSeveralPods(): boolean {
    return this.replicas > 1;
  }

  /** @internal */
  protected _onePodFix(): string | undefined {
    return 'Set replicas: 1';
  }

  private readStorage(read: Reader<RedisProps>, maxMemory: number): number {
    const storage = read.required('storage', bytes(GIBIBYTE), 10 * GIBIBYTE, { fix: 'Give the size of one volume, such as Size.gibibytes(10)', practice: 'DX-25' });
    if (storage < 4 * maxMemory && read.isSound('storage', 'maxMemory')) {
      // the last base file, as much again written since, the new one, and what a replica receives
      read.refuse('storage', new Verbatim(bytesQuantity(storage)), `at least 4 times maxMemory (${bytesQuantity(4 * maxMemory)})`, { rule: 'redis/volume-size', fix: 'While the append-only file is rewritten, several copies of the data are on the volume: enlarge it' });
    }
    return storage;
  }

  private readImage(read: Reader<RedisProps>): string {
    const image = read.optional('image', fixedImage, DEFAULT_IMAGE, { rule: 'workload/image-tag', fix: `Leave it out for ${DEFAULT_IMAGE}` });
    const line = imageLine(image);
    if (line !== undefined && isTooOld(line)) {
      read.refuse('image', image, 'Redis 7.0 or later, or Valkey', { rule: 'redis/server-version', fix: 'The block needs limits and files that older servers do not have: use a newer image' });
    }
    return image;
  }

  private readContainer(read: Reader<RedisProps>, image: string, maxMemory: number, buffers: BufferMemory): ContainerSettings {
    const cpu = read.optional('cpu', cpuMillis, 250, { fix: 'Leave it out for 250m' });
    const memory = Math.ceil((1.5 * maxMemory + buffers.clients + buffers.backlog + buffers.replicas) / MEBIBYTE) + 64;
    const timeout = read.optional('startupTimeout', seconds(10, 3600), 300, { fix: 'Leave it out for 5 minutes' });
    const given = {
      image,
      command: ['sh', `${SCRIPTS}/launch.sh`],
      resources: Resources.of({ cpu: Cpu.millis(cpu), memory: Size.mebibytes(memory) }),
    };
    const script = (name: string, period: number, failureThreshold = 3): ProbeSettings => ({
      action: { kind: 'exec', command: ['sh', `${SCRIPTS}/${name}`] }, initialDelay: 0, period, timeout: 5, failureThreshold,
    });
    return {
      ...readContainerBase(new Reader<ContainerBaseProps>(this._problems, given), this._podWide, this._problems),
      name: 'redis',
      role: 'main',
      ports: PORTS,
      drain: 0,
      probes: { readiness: script('ready.sh', 5), liveness: script('alive.sh', 10), startup: script('alive.sh', 2, Math.ceil(timeout / 2)) },
    };
  }

  private readDirectives(read: Reader<RedisProps>, image: string): Record<string, string> {
    const line = matching(/^[^\r\n]+$/, 1000, 'one line');
    const directives: Record<string, string> = read.optional('config', mapOf(matching(/^\S+$/, 100, 'the name of a directive'), line), {}, { fix: 'Write { directive: value } as in redis.conf' });
    for (const { directive, got, expected, fix } of checkDirectives(imageLine(image), directives)) {
      this._problems.refuse(`config${keyPart(directive)}`, got, expected, { rule: 'redis/directive', fix });
    }
    for (const name of ['min-replicas-to-write', 'min-slaves-to-write']) {
      if (directives[name] === undefined || Number(directives[name]) < this.replicas) continue;
      this._problems.refuse(`config${keyPart(name)}`, directives[name], `at most ${this.replicas - 1}, the number of replicas`, { rule: 'redis/directive', fix: 'The primary would refuse all writes' });
    }
    return directives;
  }

  /** Mounts a password, and gives its place. */
  private readPassword(read: Reader<RedisProps>, prop: 'password' | 'alsoAccepts'): SecretKeyRef | undefined {
    const hint = { fix: "Write { secret: SecretRef.named('redis-passwd'), key: 'passwd' }", practice: 'CH01-35' };
    const expected = 'the key of a Secret: { secret, key }';
    if (typeof read.raw(prop) === 'string') {
      // it may be the password itself, which must not get into a log
      this._problems.add({ rule: 'secret/literal-password', prop, got: 'a literal', expected, ...hint });
      return undefined;
    }
    const value = read.required(prop, confidential(that<SecretKeyRef>(expected, isPlain)), undefined, hint);
    if (value === undefined) return undefined;
    const key = configKey.read(value.key, (given, wanted) => this._problems.refuse(`${prop}.key`, given, wanted, { rule: 'props/value', ...hint }));
    if (key === undefined) return { secret: value.secret, key: REFUSED.key };
    const path = prop === 'password' ? SECRET : OTHER_SECRET;
    this._mounting.mountSecret(path, value.secret, { items: { [key]: 'password' } }, `${prop}.secret`);
    return { secret: value.secret, key };
  }

  private renderStatefulSet(storage: number, storageClassName: string | undefined): StatefulSetSpec {
    return {
      replicas: this.replicas,
      serviceName: this.members,
      selector: { matchLabels: identity(this.name) },
      // a primary that lost its claim asks the replicas, which must not wait for it
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate' },
      minReadySeconds: 5,
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      template: renderPodTemplate(this._pod),
      volumeClaimTemplates: [{
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        // no version in here: the field is immutable
        metadata: { name: CLAIM, labels: identity(this.name) },
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: bytesQuantity(storage) } },
          ...(storageClassName === undefined ? {} : { storageClassName }),
        },
      }],
    };
  }
}

const EVICTION_POLICIES = ['noeviction', 'allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-lru', 'volatile-lfu', 'volatile-random', 'volatile-ttl'] as const;
