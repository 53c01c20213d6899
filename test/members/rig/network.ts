import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { STATE } from './places';
import { run } from '../../rig/processes';

/** Sets of partitions.nft. */
type DropSet = 'isolated' | 'cut';

/** The network of the members of one Redis: each pod has an address of its own, and all ways lead over this side. */
export class Network {
  public static async create(): Promise<Network> {
    const network = new Network(reserve());
    await run('ip', ['addr', 'add', `${network.gateway}/32`, 'dev', 'lo']);
    return network;
  }

  private lastHost = 1;
  private readonly dropped = { isolated: new Set<string>(), cut: new Set<string>() };
  private readonly standIns = new Set<number>();

  private constructor(private readonly number: number) {}

  /** This side of it: where the name server listens. */
  public get gateway(): string {
    return this.address(1);
  }

  /** An address that nobody had before. */
  public nextAddress(): string {
    this.lastHost += 1;
    if (this.lastHost > 199) throw new Error('no address is left');
    return this.address(this.lastHost);
  }

  /** Its number is free again. No pod is plugged in any more. */
  public async remove(): Promise<void> {
    await this.heal();
    for (const host of [1, ...this.standIns]) {
      await run('ip', ['addr', 'delete', `${this.address(host)}/32`, 'dev', 'lo']);
    }
    rmdirSync(place(this.number));
  }

  /** An address on this side, for a process that replaces member `ordinal`. */
  public async addressOnThisSide(ordinal: number): Promise<string> {
    const host = 200 + ordinal;
    await run('ip', ['addr', 'replace', `${this.address(host)}/32`, 'dev', 'lo']);
    this.standIns.add(host);
    return this.address(host);
  }

  /** Gives the pod of member `ordinal` a network namespace, and gives its name. */
  public async plug(ordinal: number, address: string): Promise<string> {
    const outside = this.interfaceOf(ordinal);
    await run('ip', ['netns', 'add', outside]);
    await batch(
      [],
      [
        `link add ${outside} type veth peer name eth0 netns ${outside}`,
        `link set ${outside} up`,
        `route replace ${address}/32 dev ${outside} src ${this.gateway}`,
      ],
    );
    await batch(
      ['-netns', outside],
      [
        'link set lo up',
        `addr add ${address}/32 dev eth0`,
        'link set eth0 up',
        `route add ${this.gateway} dev eth0`,
        `route add default via ${this.gateway} dev eth0`,
      ],
    );
    return outside;
  }

  public async unplug(ordinal: number): Promise<void> {
    // the namespace would take its interface along some time later
    await run('ip', ['link', 'delete', this.interfaceOf(ordinal)]);
    await run('ip', ['netns', 'delete', this.interfaceOf(ordinal)]);
  }

  /** Nothing gets from or to the member, not even names; tests reach it nevertheless. It stays so for its next pods. */
  public async isolate(ordinal: number): Promise<void> {
    await this.change('add', 'isolated', this.interfaceOf(ordinal));
  }

  public async join(ordinal: number): Promise<void> {
    await this.change('delete', 'isolated', this.interfaceOf(ordinal));
  }

  /** Nothing gets from one member to the other or back. */
  public async cut(one: number, other: number): Promise<void> {
    await this.change('add', 'cut', ...this.bothWays(one, other));
  }

  public async mend(one: number, other: number): Promise<void> {
    await this.change('delete', 'cut', ...this.bothWays(one, other));
  }

  /** Undoes all of that. */
  public async heal(): Promise<void> {
    for (const [set, elements] of Object.entries(this.dropped)) {
      if (elements.size > 0) await this.change('delete', set as DropSet, ...elements);
    }
  }

  private bothWays(one: number, other: number): string[] {
    const [a, b] = [one, other].map((ordinal) => this.interfaceOf(ordinal));
    return [`${a} . ${b}`, `${b} . ${a}`];
  }

  private async change(verb: 'add' | 'delete', set: DropSet, ...elements: string[]): Promise<void> {
    await run('nft', [verb, 'element', 'inet', 'members', set, `{ ${elements.join(', ')} }`]);
    for (const element of elements) this.dropped[set][verb](element);
  }

  private interfaceOf(ordinal: number): string {
    return `m${this.number}-${ordinal}`;
  }

  private address(host: number): string {
    return `10.${Math.floor(this.number / 256)}.${this.number % 256}.${host}`;
  }
}

const place = (number: number): string => join(STATE, `network-${number}`);

/**
 * A number that no network of this run has. Jest runs test files in several processes, which share the machine's
 * network.
 */
function reserve(): number {
  for (let number = 1; ; number += 1) {
    try {
      mkdirSync(place(number));
      return number;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function batch(options: string[], commands: string[]): Promise<void> {
  await run('ip', [...options, '-batch', '-'], { input: `${commands.join('\n')}\n` });
}
