import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './processes';

/**
 * Sends commands over a connection of their own and gives the replies as they came: '+OK', ':1', '-ERR ...', or the
 * text of a bulk string. There are fewer replies than commands when the connection was lost.
 */
export async function ask(
  host: string,
  password: string | undefined,
  ...commands: readonly string[][]
): Promise<string[]> {
  const all = [...(password === undefined ? [] : [['AUTH', password]]), ...commands, ['QUIT']];
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(6379, host, () => socket.write(all.map(encode).join('')));
    const finish = (): void =>
      resolve(
        repliesIn(received)
          .slice(password === undefined ? 0 : 1)
          .slice(0, commands.length),
      );
    socket.setTimeout(3000, () => socket.destroy());
    socket.on('data', (chunk) => {
      received += chunk.toString();
    });
    socket.on('error', finish);
    socket.on('close', finish);
  });
}

/** Writes one key after the other until it is stopped, whatever happens to the server. */
export class Writer {
  public static start(host: string, password: string, prefix: string): Writer {
    return new Writer(host, password, prefix);
  }

  private readonly acknowledged: string[] = [];
  private stopped = false;
  private readonly work: Promise<string[]>;

  private constructor(host: string, password: string, prefix: string) {
    this.work = this.write(host, password, prefix);
  }

  /** Waits until some writes were acknowledged. */
  public async underWay(): Promise<void> {
    const some = async (): Promise<void> =>
      this.acknowledged.length < 100 ? Promise.reject(new Error(`${this.acknowledged.length} so far`)) : undefined;
    await eventually('writes are acknowledged', some, 30);
  }

  /** Gives the keys of all writes that were acknowledged. */
  public async stop(): Promise<string[]> {
    this.stopped = true;
    return this.work;
  }

  private async write(host: string, password: string, prefix: string): Promise<string[]> {
    for (let next = 0; !this.stopped; next += BATCH) {
      const keys = Array.from({ length: BATCH }, (_, index) => `${prefix}-${next + index}`);
      const replies = await ask(host, password, ...keys.map((key) => ['SET', key, key]));
      this.acknowledged.push(...keys.filter((_, index) => replies[index] === '+OK'));
      await sleep(20);
    }
    return this.acknowledged;
  }
}

const BATCH = 10;

const encode = (command: readonly string[]): string =>
  `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

function repliesIn(text: string): string[] {
  const replies: string[] = [];
  for (let rest = text; rest.includes('\r\n');) {
    const [line] = rest.split('\r\n', 1);
    rest = rest.slice(line.length + 2);
    if (/^\$\d/.test(line)) {
      const length = Number(line.slice(1));
      if (rest.length < length + 2) break;
      replies.push(rest.slice(0, length));
      rest = rest.slice(length + 2);
    } else {
      replies.push(line);
    }
  }
  return replies;
}
