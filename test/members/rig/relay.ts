import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Stands between a member and those that ask it, and holds back each byte for a while. netem would do it, but not each
 * kernel has it.
 */
export class Relay {
  public static async start(
    address: string,
    port: number,
    target: () => string | undefined,
    millis: number,
  ): Promise<Relay> {
    const server = createServer((near) => {
      const host = target();
      if (host === undefined) {
        near.destroy();
        return;
      }
      const far = connect(port, host);
      late(near, far, millis);
      late(far, near, millis);
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
    return new Relay(server, address);
  }

  private constructor(
    private readonly server: Server,
    public readonly address: string,
  ) {}

  /** Connections that exist stay. */
  public stop(): void {
    this.server.close();
  }
}

function late(from: Socket, to: Socket, millis: number): void {
  from.on('data', (chunk) => void sleep(millis).then(() => to.write(chunk)));
  from.on('close', () => void sleep(millis).then(() => to.destroy()));
  from.on('error', () => undefined);
}
