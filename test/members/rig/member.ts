import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block } from './block';
import { Claim } from './claim';
import type { Answer } from './container';
import type { Resolution } from './name-server';
import type { Network } from './network';
import { paced } from './pace';
import { Pod } from './pod';
import { eventually } from '../../rig/processes';
import { ask } from '../../rig/redis-client';

export const PASSWORD = 'correct horse "battery" \\ staple';

/** What the members of a set have in common. It changes with a release. */
export interface Common {
  readonly folder: string;
  readonly network: Network;
  block: Block;
  /** Folder with the files of the ConfigMap. */
  scripts: string;
  /** Contents of Secrets, by name, where it is not `PASSWORD`. */
  readonly secrets: Map<string, string>;
  /** The password that tests use. */
  password: string;
}

/** Keys, and what INFO tells of persistence, at one moment. */
export interface Observation {
  readonly keys: readonly string[];
  /** No append-only file is being written: what is in memory is on the claim. */
  readonly onDisk: boolean;
}

/** One ordinal of a StatefulSet: a claim that stays, and pods that come and go. */
export class Member {
  public readonly claim: Claim;
  /** What its pods get from the name server. */
  public resolution: Resolution = 'works';
  /** Secrets that only this member gets. */
  public readonly ownSecrets = new Map<string, string>();

  private pod: Pod | undefined;
  private pods = 0;
  /** Where the log of its pod begins. */
  private startOfLog = 0;
  private address: string | undefined;
  private frozen = false;

  public constructor(
    public readonly ordinal: number,
    private readonly common: Common,
  ) {
    this.claim = new Claim(join(common.folder, `claim-${ordinal}`), common.block.uid);
  }

  public get name(): string {
    return `${this.common.block.name}-${this.ordinal}`;
  }

  /** Of its pod; undefined while there is none. */
  public get podAddress(): string | undefined {
    return this.pod?.address;
  }

  public get runs(): boolean {
    return this.pod !== undefined;
  }

  /** What the kubelet says. */
  public get ready(): boolean {
    return this.pod?.kubelet.ready === true;
  }

  /** What failed readiness of its pod said. */
  public get events(): readonly string[] {
    return this.pod?.kubelet.events ?? [];
  }

  /** Restarts of its pod's container that probes wanted. */
  public get killed(): readonly string[] {
    return this.pod?.kubelet.killed ?? [];
  }

  /** All that its containers have written. */
  public get log(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8') : '';
  }

  /** What it said that it waits for, and why it refused, since its pod was started. */
  public get reasons(): string[] {
    return [...this.log.slice(this.startOfLog).matchAll(/^(?:waiting: |waiting for |refusing to start: ).*$/gm)].map(
      ([line]) => line,
    );
  }

  /** Starts a pod. It gets a new address, unless the old one is free by chance. */
  public async start({ sameAddress = false } = {}): Promise<void> {
    const { network, block, scripts, secrets, folder } = this.common;
    if (this.pod !== undefined) throw new Error(`${this.name} runs`);
    this.pods += 1;
    this.startOfLog = this.log.length;
    if (!sameAddress || this.address === undefined) this.address = network.nextAddress();
    this.pod = await Pod.start({
      block,
      ordinal: this.ordinal,
      scripts,
      network,
      address: this.address,
      folder: join(folder, `pod-${this.ordinal}-${this.pods}`),
      claim: this.claim.folder,
      secret: (name) => this.ownSecrets.get(name) ?? secrets.get(name) ?? PASSWORD,
      log: this.logFile,
    });
  }

  public async stop(graceSeconds = paced(this.common.block.graceSeconds)): Promise<void> {
    const { pod } = this;
    // its name is gone at once
    this.pod = undefined;
    this.frozen = false;
    await pod?.stop(graceSeconds);
  }

  public async restart(options?: { sameAddress?: boolean; graceSeconds?: number }): Promise<void> {
    await this.stop(options?.graceSeconds);
    await this.start(options);
  }

  /** Ends its container without a warning; the kubelet starts the next one. */
  public async kill(): Promise<void> {
    await this.pod?.kubelet.kill();
    this.frozen = false;
  }

  /** Its volume is lost, and it gets a pod with an empty one. */
  public async lose(): Promise<void> {
    await this.stop(0);
    this.claim.empty();
    await this.start();
  }

  public freeze(): void {
    this.frozen = true;
    this.pod?.kubelet.freeze();
  }

  public thaw(): void {
    if (this.frozen) this.pod?.kubelet.thaw();
    this.frozen = false;
  }

  public async isolate(): Promise<void> {
    await this.common.network.isolate(this.ordinal);
  }

  public async join(): Promise<void> {
    await this.common.network.join(this.ordinal);
  }

  /** Runs a script of the ConfigMap in its container. */
  public async script(name: string, ...args: string[]): Promise<Answer> {
    if (this.pod === undefined) return { code: null, output: 'there is no pod', seconds: 0 };
    return this.pod.kubelet.exec(['sh', `/opt/redis/${name}`, ...args], this.common.block.readiness.timeoutSeconds);
  }

  /** Replies of its server to commands; fewer than commands when it does not answer. */
  public async ask(...commands: readonly string[][]): Promise<string[]> {
    return this.pod === undefined ? [] : ask(this.pod.address, this.common.password, ...commands);
  }

  /** What it shows of its claim: the name of its configuration file. */
  public async shows(): Promise<string | undefined> {
    const [info] = await this.ask(['INFO', 'server']);
    return /^config_file:.*\/(.*)\.conf\r?$/m.exec(info ?? '')?.[1];
  }

  /** Undefined when its server has no data, is loading them, or does not answer. */
  public async observe(): Promise<Observation | undefined> {
    const [reply] = await this.ask(['EVAL', OBSERVE, '0']);
    const [, info, keys] = /^(.*)\nkeys:(.*)$/s.exec(reply ?? '') ?? [];
    if (info === undefined) return undefined;
    return {
      keys: keys.split(' ').filter((key) => key !== ''),
      onDisk: /aof_rewrite_in_progress:0/.test(info) && /aof_rewrite_scheduled:0/.test(info),
    };
  }

  /** Waits until it shows a state, or one that begins so. */
  public async untilShows(state: string, seconds = 30): Promise<void> {
    await eventually(
      `${this.name} shows ${state}`,
      async () => {
        const shown = await this.shows();
        if (shown?.startsWith(state) !== true) throw new Error(`it shows ${shown}\n${this.log.slice(-1000)}`);
      },
      seconds,
    );
  }

  /** Waits until it says what it waits for. */
  public async untilSays(reason: string | RegExp): Promise<void> {
    await eventually(`${this.name} says ${reason}`, () => matches(this.reasons.at(-1), reason), 30);
  }

  /** Waits until the event of its failed readiness is this one. */
  public async untilTells(event: string | RegExp): Promise<void> {
    await eventually(`readiness of ${this.name} tells ${event}`, () => matches(this.events.at(-1), event), 30);
  }

  /** Waits until this is in its log, written from now on. */
  public async untilLogs(text: string): Promise<void> {
    const before = this.log.length;
    await eventually(`${this.name} logs ${text}`, () => matches(this.log.slice(before), text), 30);
  }

  private get logFile(): string {
    return join(this.common.folder, `${this.name}.log`);
  }
}

async function matches(text: string | undefined, wanted: string | RegExp): Promise<void> {
  const found = typeof wanted === 'string' ? text?.includes(wanted) : wanted.test(text ?? '');
  return found === true ? Promise.resolve() : Promise.reject(new Error(`it is ${text?.slice(-500)}`));
}

/** One script, so that it is one moment. */
const OBSERVE = "return redis.call('INFO', 'persistence') .. '\\nkeys:' .. table.concat(redis.call('KEYS', '*'), ' ')";

/** All that helps to see why it is not ready. */
export function describe(member: Member): string {
  const state = `${member.name}: ${member.ready ? 'ready' : 'not ready'}`;
  const log = member.log
    .trim()
    .split('\n')
    .filter((line, index, lines) => line !== lines[index - 1]);
  return [state, ...member.events.slice(-3), ...member.killed, ...member.reasons.slice(-3), ...log.slice(-12)].join(
    '\n  ',
  );
}
