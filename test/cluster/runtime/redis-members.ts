import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import { Cpu, Redis, type RedisProps, VersionedSecret } from 'cdk8s-best-practices';
import { eventually } from '../../rig/processes';
import { ask, Writer } from '../../rig/redis-client';
import { Api } from '../rig/api';
import { Cluster, type Manifest } from '../rig/cluster';
import { isReady, processesOf, readProcess } from '../rig/pods';
import { secret, synthesize } from '../rig/workbench';

export const PASSWORD = 'correct horse "battery" \\ staple';

/** The Secret of all Redis blocks of a namespace. */
export async function createPassword(namespace: string, version = 'v1', password = PASSWORD): Promise<void> {
  await Cluster.node.apply(secret(namespace, `redis-passwd-${version}`, { passwd: password }));
}

export interface Disruption {
  readonly acknowledged: number;
  /** For each member, how many of the acknowledged writes it has afterwards. */
  readonly kept: readonly number[];
  /** From the disruption until all members are ready and in step. */
  readonly seconds: number;
}

/** A Redis block in the cluster, and its members. */
export class Members {
  /** Applies the block and waits until it is rolled out. */
  public static async deploy(namespace: string, id: string, props: Partial<RedisProps> = {}): Promise<Members> {
    const members = await Members.apply(namespace, id, props);
    await members.rolledOut();
    return members;
  }

  /** `version` is the version of the password, `accepted` that of a second accepted one. */
  public static async apply(
    namespace: string,
    id: string,
    props: Partial<RedisProps> = {},
    version = 'v1',
    accepted?: string,
  ): Promise<Members> {
    await Cluster.node.apply(...Members.manifests(namespace, id, props, version, accepted));
    return new Members(namespace, `app-${id}`, props.replicas ?? 3);
  }

  public static manifests(
    namespace: string,
    id: string,
    props: Partial<RedisProps> = {},
    version = 'v1',
    accepted?: string,
  ): Manifest[] {
    return synthesize(namespace, (chart) => {
      const passwordOf = (each: string) => ({
        secret: new VersionedSecret(chart, `redis-passwd-${each}`, { name: 'redis-passwd', version: each }),
        key: 'passwd',
      });
      new Redis(chart, id, {
        password: passwordOf(version),
        ...(accepted === undefined ? {} : { alsoAccepts: passwordOf(accepted) }),
        storage: Size.gibibytes(1),
        maxMemory: Size.mebibytes(16),
        cpu: Cpu.millis(50),
        terminationGracePeriod: Duration.seconds(10),
        ...props,
      });
    });
  }

  /** Of the members as they are now. */
  public password = PASSWORD;
  public readonly ordinals: readonly number[];
  private readonly api = new Api(Cluster.node);

  public constructor(
    public readonly namespace: string,
    public readonly name: string,
    replicas = 3,
  ) {
    this.ordinals = Array.from({ length: replicas }, (_, ordinal) => ordinal);
  }

  /** Waits as docs/redis.md says: all members are available, not only ready. */
  public async rolledOut(): Promise<void> {
    const workload = `statefulset/${this.name}`;
    await Cluster.node.rolledOut(this.namespace, workload);
    const available = `--for=jsonpath={.status.availableReplicas}=${this.ordinals.length}`;
    await Cluster.node.kubectl('--namespace', this.namespace, 'wait', available, workload, '--timeout=60s');
  }

  public async pod(ordinal: number): Promise<Manifest> {
    const { status, body } = await this.api.request(
      'GET',
      `/api/v1/namespaces/${this.namespace}/pods/${this.name}-${ordinal}`,
    );
    if (status !== 200) throw new Error(body.message as string);
    return body;
  }

  public async ask(ordinal: number, ...commands: readonly string[][]): Promise<string[]> {
    return ask((await this.pod(ordinal)).status.podIP as string, this.password, ...commands);
  }

  /** Cluster IP of the Service for writes. */
  public async writeAddress(): Promise<string> {
    return (await Cluster.node.get(this.namespace, `service/${this.name}`)).spec.clusterIP as string;
  }

  public async delete(...ordinals: readonly number[]): Promise<void> {
    await Cluster.node.kubectl(
      '--namespace',
      this.namespace,
      'delete',
      'pod',
      '--wait=false',
      ...ordinals.map((ordinal) => `${this.name}-${ordinal}`),
    );
  }

  /** The folder of a member's volume, on the node. */
  public async folder(ordinal: number): Promise<string> {
    const { volumeName } = (await Cluster.node.get(this.namespace, `pvc/data-${this.name}-${ordinal}`)).spec;
    return (await Cluster.node.get('', `pv/${volumeName}`)).spec.local.path as string;
  }

  /** Deletes pods and all that is on their volumes. */
  public async empty(...ordinals: readonly number[]): Promise<void> {
    for (const folder of await Promise.all(ordinals.map((ordinal) => this.folder(ordinal)))) {
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    }
    await this.delete(...ordinals);
  }

  /** Waits until a member's log has a line with all these texts, and gives the last one. */
  public async says(ordinal: number, ...texts: readonly string[]): Promise<string> {
    return eventually(
      `the log of ${this.name}-${ordinal} says '${texts.join("' and '")}'`,
      async () => {
        const line = (await this.log(ordinal))
          .split('\n')
          .reverse()
          .find((each) => texts.every((text) => each.includes(text)));
        if (line === undefined) throw new Error('not yet');
        return line;
      },
      90,
    );
  }

  /** Waits until an event of a pod has a text, and gives its message. */
  public async tells(ordinal: number, text: string): Promise<string> {
    return eventually(
      `an event of ${this.name}-${ordinal} tells '${text}'`,
      async () => {
        const { body } = await this.api.request(
          'GET',
          `/api/v1/namespaces/${this.namespace}/events?fieldSelector=involvedObject.name%3D${this.name}-${ordinal}`,
        );
        const message = (body.items as Manifest[])
          .map((event) => event.message as string)
          .reverse()
          .find((each) => each.includes(text));
        if (message === undefined) throw new Error('not yet');
        return message.replace(/^Readiness probe failed: /, '').trim();
      },
      90,
    );
  }

  /** Writes this many keys, and waits until all replicas have them. */
  public async write(count: number, prefix = 'kept'): Promise<string[]> {
    const keys = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
    const [reply] = await this.ask(0, ['MSET', ...keys.flatMap((key) => [key, key])]);
    if (reply !== '+OK') throw new Error(reply);
    await this.keep(keys);
    return keys;
  }

  public async log(ordinal: number): Promise<string> {
    return Cluster.node.kubectl('--namespace', this.namespace, 'logs', `${this.name}-${ordinal}`);
  }

  /** Signals redis-server from the node, as nothing in a container can kill or stop its first process. */
  public async signal(ordinal: number, signal: NodeJS.Signals): Promise<void> {
    const pids = processesOf(await this.pod(ordinal)).filter((pid) => readProcess(pid, 'comm') === 'redis-server\n');
    if (pids.length === 0) throw new Error(`no redis-server in ${this.name}-${ordinal}`);
    for (const pid of pids) process.kill(Number(pid), signal);
  }

  /**
   * Writes all the time while `disrupt` ends the containers of `targets`, until new ones run and all members are ready.
   */
  public async survive(what: string, targets: readonly number[], disrupt: () => Promise<unknown>): Promise<Disruption> {
    const before = await Promise.all(
      targets.map(async (ordinal) => containerOf(await this.pod(ordinal)).containerID as string),
    );
    const address = await this.writeAddress();
    const writer = Writer.start(address, this.password, what);
    let seconds = 0;
    try {
      await writer.underWay();
      const started = Date.now();
      await disrupt();
      await eventually(
        `${this.name} is ready again after: ${what}`,
        async () => {
          const pods = await Promise.all(this.ordinals.map((ordinal) => this.pod(ordinal)));
          if (targets.some((ordinal, index) => containerOf(pods[ordinal]).containerID === before[index])) {
            throw new Error('an old container is there');
          }
          if (!pods.every(isReady)) throw new Error('a member is not ready');
        },
        120,
      );
      await this.catchUp();
      seconds = secondsSince(started);
    } finally {
      await writer.stop();
    }
    const keys = await writer.stop();
    return { acknowledged: keys.length, kept: await this.keep(keys), seconds };
  }

  /** How many of the keys each member has, once the replicas have caught up. */
  public async keep(keys: readonly string[]): Promise<number[]> {
    await this.catchUp();
    return Promise.all(this.ordinals.map((ordinal) => this.count(ordinal, keys)));
  }

  /** How many of the keys a member has; none where it only shows its state. */
  public async count(ordinal: number, keys: readonly string[]): Promise<number> {
    const [reply = ''] = await this.ask(ordinal, ['EXISTS', ...keys]);
    if (reply.startsWith('-NOPERM')) return 0;
    if (!reply.startsWith(':')) throw new Error(`${this.name}-${ordinal}: ${reply}`);
    return Number(reply.slice(1));
  }

  /** How many of the keys each member has at the moment. */
  public async held(keys: readonly string[]): Promise<number[]> {
    return eventually(
      'all members answer',
      () => Promise.all(this.ordinals.map((ordinal) => this.count(ordinal, keys))),
      30,
    );
  }

  /** Waits until all members are ready, and tells how many of the keys each has. */
  public async healed(keys: readonly string[], seconds = 120): Promise<number[]> {
    await eventually(
      `all members of ${this.name} are ready`,
      async () => {
        for (const ordinal of this.ordinals) {
          if (!isReady(await this.pod(ordinal))) throw new Error(`${ordinal} is not`);
        }
      },
      seconds,
    );
    return this.keep(keys);
  }

  /** Waits until the replicas have all that was written so far: they stay ready for a moment when the primary goes. */
  private async catchUp(): Promise<void> {
    const replicas = this.ordinals.length - 1;
    await eventually(
      'the replicas have caught up',
      async () => {
        const [, reached] = await this.ask(0, ['SET', 'last', 'one'], ['WAIT', String(replicas), '2000']);
        if (reached !== `:${replicas}`) throw new Error(`${reached} of ${replicas}`);
      },
      30,
    );
  }
}

export const containerOf = (pod: Manifest): Manifest => pod.status.containerStatuses?.[0] ?? {};

export const secondsSince = (start: number): number => Math.round((Date.now() - start) / 1000);
