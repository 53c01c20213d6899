import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, NAMESPACE, synthesized } from './block';
import { type Common, describe, Member, PASSWORD } from './member';
import { NameServer } from './name-server';
import { Network } from './network';
import { STATE } from './places';
import { Relay } from './relay';
import { eventually } from '../../rig/processes';

/** All members of one Redis block, with their network and their name server. */
export class Members {
  /** Makes claims, a network and a name server. No member is started. */
  public static async create(block: Block = synthesized()): Promise<Members> {
    const folder = mkdtempSync(join(STATE, 'set-'));
    // the account of the pods looks into it
    chmodSync(folder, 0o755);
    const common: Common = {
      folder,
      network: await Network.create(),
      block,
      scripts: '',
      secrets: new Map(),
      password: PASSWORD,
    };
    const members = new Members(common);
    members.release(block);
    members.names = await NameServer.start(common.network.gateway, members);
    return members;
  }

  /** Makes them, starts all, and waits until they are linked. */
  public static async started(block?: Block): Promise<Members> {
    const members = await Members.create(block);
    await members.start();
    await members.linked();
    return members;
  }

  public readonly all: readonly Member[];
  private names!: NameServer;
  private releases = 0;
  private readonly relays = new Map<number, Relay>();

  private constructor(private readonly common: Common) {
    this.all = Array.from({ length: common.block.replicas }, (_, ordinal) => new Member(ordinal, common));
  }

  public get primary(): Member {
    return this.all[0];
  }

  public get replicas(): readonly Member[] {
    return this.all.slice(1);
  }

  public get network(): Network {
    return this.common.network;
  }

  /** Contents of Secrets, by name, where it is not `PASSWORD`. A pod has what is there when it starts. */
  public get secrets(): Map<string, string> {
    return this.common.secrets;
  }

  /** The password with which tests ask. */
  public use(password: string): void {
    this.common.password = password;
  }

  /** Pods that are started from now on are of this release. */
  public release(block: Block): void {
    this.releases += 1;
    const scripts = join(this.common.folder, `scripts-${this.releases}`);
    mkdirSync(scripts);
    for (const [file, text] of Object.entries(block.scripts)) writeFileSync(join(scripts, file), text);
    Object.assign(this.common, { block, scripts });
  }

  /** Starts all pods, as a StatefulSet of this policy does. */
  public async start(): Promise<void> {
    for (const member of this.all) {
      await member.start();
      if (!this.common.block.parallel) await this.untilReady([member]);
    }
  }

  public async stop(graceSeconds?: number): Promise<void> {
    await Promise.all(this.all.map((member) => member.stop(graceSeconds)));
  }

  /** Restarts them from the last one on, each when the one before it is ready. */
  public async rollOut(): Promise<void> {
    for (const member of [...this.all].reverse()) {
      await member.restart();
      await this.untilReady([member]);
    }
  }

  /** Waits until they are ready: replicas are linked to the primary. */
  public async untilReady(members: readonly Member[], seconds = 60): Promise<void> {
    await eventually(
      `ready: ${members.map(({ name }) => name).join(', ')}`,
      async () => {
        const late = members.filter(({ ready }) => !ready);
        if (late.length > 0) throw new Error(late.map(describe).join('\n'));
        return Promise.resolve();
      },
      seconds,
    );
  }

  /** Waits until all are ready, and have what the primary has. */
  public async linked(seconds = 60): Promise<void> {
    await this.untilReady(this.all, seconds);
    if (this.replicas.length === 0) return;
    await eventually(
      'the replicas have caught up',
      async () => {
        const [reached] = await this.primary.ask(['WAIT', String(this.replicas.length), '1000']);
        if (reached !== `:${this.replicas.length}`) throw new Error(`${reached} of ${this.replicas.length}`);
      },
      seconds,
    );
  }

  /** Waits until no member writes an append-only file, which its end would undo. */
  public async complete(): Promise<void> {
    await eventually(
      'the append-only files are complete',
      async () => {
        const seen = await Promise.all(this.all.map((member) => member.observe()));
        if (seen.some((each) => each?.onDisk === false)) throw new Error('not yet');
      },
      30,
    );
  }

  /** Others reach the member through something that holds each byte back for a while. */
  public async slow(member: Member, millis: number): Promise<void> {
    this.relays.set(
      member.ordinal,
      await Relay.start(await this.network.addressOnThisSide(member.ordinal), 6379, () => member.podAddress, millis),
    );
  }

  /** They find it directly again. */
  public quick(member: Member): void {
    this.relays.get(member.ordinal)?.stop();
    this.relays.delete(member.ordinal);
  }

  /** What the name server says. */
  public addressOf(name: string): string | undefined {
    const { service } = this.common.block;
    const member = this.all.find((each) => name === `${each.name}.${service}.${NAMESPACE}.svc.cluster.local`);
    return member?.runs ? (this.relays.get(member.ordinal)?.address ?? member.podAddress) : undefined;
  }

  public resolutionFor(asker: string): Member['resolution'] {
    return this.all.find(({ podAddress }) => podAddress === asker)?.resolution ?? 'works';
  }

  public async remove(): Promise<void> {
    await this.stop(0);
    for (const relay of this.relays.values()) relay.stop();
    this.names.stop();
    await this.network.remove();
    rmSync(this.common.folder, { recursive: true });
  }
}
