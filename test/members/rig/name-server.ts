import { createSocket, type Socket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';

/** What an asker gets: answers; nothing at all; an error for each name; or the answers, some milliseconds late. */
export type Resolution = 'works' | 'silent' | 'servfail' | 'nxdomain' | { readonly lateMillis: number };

export interface Names {
  /** Address of a name, none when it does not exist. */
  addressOf(name: string): string | undefined;
  /** How it goes for the asker with this address. */
  resolutionFor(asker: string): Resolution;
}

const enum Code {
  OK = 0,
  SERVFAIL = 2,
  NXDOMAIN = 3,
}
const A = 1;

/** The cluster's DNS: A records. */
export class NameServer {
  public static async start(address: string, names: Names): Promise<NameServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(53, address, resolve));
    return new NameServer(socket, names);
  }

  private constructor(
    private readonly socket: Socket,
    private readonly names: Names,
  ) {
    socket.on('message', (query, { address, port }) => {
      void this.answer(query, address).then((answer) => {
        if (answer !== undefined && !this.stopped) socket.send(answer, port, address);
      });
    });
    // an asker that has gone
    socket.on('error', () => undefined);
  }

  private stopped = false;

  public stop(): void {
    this.stopped = true;
    this.socket.close();
  }

  private async answer(query: Buffer, asker: string): Promise<Buffer | undefined> {
    const resolution = this.names.resolutionFor(asker);
    if (resolution === 'silent') return undefined;
    if (resolution === 'servfail') return reply(query, Code.SERVFAIL);
    if (resolution === 'nxdomain') return reply(query, Code.NXDOMAIN);
    if (resolution !== 'works') await sleep(resolution.lateMillis);
    const { name, type } = questionOf(query);
    const address = this.names.addressOf(name.toLowerCase());
    if (address === undefined) return reply(query, Code.NXDOMAIN);
    return reply(query, Code.OK, type === A ? address : undefined);
  }
}

const HEADER = 12;

/** RFC 1035, 4.1.2: labels with their lengths, then type and class. */
function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels = [];
  let at = HEADER;
  for (let length = query[at]; length > 0; length = query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** RFC 1035, 4.1.1 and 4.1.3: the question again, and one record for it. */
function reply(query: Buffer, code: Code, address?: string): Buffer {
  const header = Buffer.from(query.subarray(0, HEADER));
  // a response, authoritative, recursion is available
  header.writeUInt16BE(0x8580 + code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(address === undefined ? 0 : 1, 6);
  header.writeUInt32BE(0, 8);
  const question = query.subarray(HEADER, questionOf(query).end);
  if (address === undefined) return Buffer.concat([header, question]);
  // a pointer to the name in the question, type A, class IN, 5 s, 4 bytes
  const record = Buffer.from([0xc0, HEADER, 0, A, 0, 1, 0, 0, 0, 5, 0, 4, ...address.split('.').map(Number)]);
  return Buffer.concat([header, question, record]);
}
