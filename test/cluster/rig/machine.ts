import { NODE_ADDRESS } from './node';
import { run } from '../../rig/processes';

/**
 * A machine outside of the cluster: a network of its own with one address, from which all ways lead over the node. Its
 * connections pass the policies as those of the world do.
 */
export class Machine {
  /** Starts one. `name` is that of an interface: at most 10 characters. */
  public static async start(name: string, address: string): Promise<Machine> {
    const [here, there] = [`out-${name}`, `in-${name}`];
    const inside = (command: string): string => `netns exec ${name} ip ${command}`;
    const commands = [
      `netns add ${name}`,
      `link add ${here} type veth peer name ${there} netns ${name}`,
      `link set ${here} up`,
      `route add ${address}/32 dev ${here} src ${NODE_ADDRESS}`,
      inside('link set lo up'),
      inside(`addr add ${address}/32 dev ${there}`),
      inside(`link set ${there} up`),
      inside(`route add ${NODE_ADDRESS} dev ${there}`),
      inside(`route add default via ${NODE_ADDRESS} dev ${there}`),
    ];
    for (const command of commands) await run('ip', command.split(' '));
    return new Machine(name, address);
  }

  private constructor(
    public readonly name: string,
    public readonly address: string,
  ) {}

  /** File of its network namespace. */
  public get network(): string {
    return `/run/netns/${this.name}`;
  }

  /** Its network goes when the last process in it has ended. */
  public async stop(): Promise<void> {
    await run('ip', ['netns', 'delete', this.name]);
  }
}
