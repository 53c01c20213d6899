import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const APP = resolve(__dirname, '../../examples/journal/app');
const PASSWORD = 'correct horse € battery';

interface Parser {
  push(chunk: Buffer): unknown[];
}
const { encodeCommand, ReplyParser } = jest.requireActual<{
  encodeCommand: (args: unknown[]) => Buffer;
  ReplyParser: new () => Parser;
}>(join(APP, 'resp.js'));
const { rangeOf } = jest.requireActual<{ rangeOf: (total: number, page: number, size: number) => unknown }>(
  join(APP, 'entries.js'),
);
const { reconnectDelay } = jest.requireActual<{ reconnectDelay: (failures: number, random: number) => number }>(
  join(APP, 'redis-client.js'),
);

const bulk = (bytes: Buffer) => Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n')]);

async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 4_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

/** What the server asks of Redis, in this process: AUTH, PING and one list. */
class FakeRedis {
  /** The commands of each connection. */
  public readonly conversations: string[][] = [];
  /** Changes how a command is answered; undefined answers as usual, null never. */
  public hook: (command: string) => Buffer | null | undefined = () => undefined;
  public delayMs: Record<string, number> = {};
  public bytewise = false;
  public port = 0;
  private readonly list: Buffer[] = [];
  private readonly sockets = new Set<Socket>();
  private server?: Server;

  public get commands(): string[] {
    return this.conversations.flat();
  }

  public async start(): Promise<this> {
    this.server = createServer((socket) => this.serve(socket));
    await new Promise<void>((done) => this.server!.listen(this.port, '127.0.0.1', done));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  public async stop(): Promise<void> {
    if (!this.server) return;
    const closed = new Promise((done) => this.server!.close(done));
    this.sockets.forEach((socket) => socket.destroy());
    await closed;
    this.server = undefined;
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket.setNoDelay());
    socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    const commands: string[] = [];
    this.conversations.push(commands);
    const parser = new ReplyParser();
    let authenticated = false;
    let queue = Promise.resolve();
    socket.on('data', (chunk) => {
      for (const parsed of parser.push(chunk)) {
        const [name, ...args] = parsed as [Buffer, ...Buffer[]];
        const command = name.toString();
        commands.push(command);
        if (command === 'AUTH') authenticated = args[0].toString() === PASSWORD;
        const reply = this.reply(command, args, authenticated);
        if (reply) queue = queue.then(() => this.write(socket, reply, this.delayMs[command] ?? 0));
      }
    });
  }

  private reply(command: string, args: Buffer[], authenticated: boolean): Buffer | null {
    const hooked = this.hook(command);
    if (hooked !== undefined) return hooked;
    if (command === 'AUTH') {
      return Buffer.from(authenticated ? '+OK\r\n' : `-WRONGPASS invalid password '${args[0].toString()}'\r\n`);
    }
    if (!authenticated) return Buffer.from('-NOAUTH Authentication required.\r\n');
    switch (command) {
      case 'PING':
        return Buffer.from('+PONG\r\n');
      case 'RPUSH':
        return Buffer.from(`:${this.list.push(args[1])}\r\n`);
      case 'LLEN':
        return Buffer.from(`:${this.list.length}\r\n`);
      case 'LINDEX': {
        const found = this.list[Number(args[1])] as Buffer | undefined;
        return found ? bulk(found) : Buffer.from('$-1\r\n');
      }
      case 'LRANGE': {
        const found = this.list.slice(Number(args[1]), Number(args[2]) + 1);
        return Buffer.concat([Buffer.from(`*${found.length}\r\n`), ...found.map(bulk)]);
      }
      default:
        return Buffer.from(`-ERR unknown command '${command}'\r\n`);
    }
  }

  private async write(socket: Socket, reply: Buffer, delay: number): Promise<void> {
    if (delay > 0) await new Promise((done) => setTimeout(done, delay));
    for (const part of this.bytewise ? [...reply].map((byte) => Buffer.of(byte)) : [reply]) {
      socket.write(part);
      if (this.bytewise) await new Promise(setImmediate);
    }
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  readonly json: any;
}

/** The server, as a process of its own. */
class Journal {
  public output = '';
  public readonly exit: Promise<number | null>;
  public port = 0;
  public readonly process: ChildProcess;

  public constructor(env: Record<string, string>) {
    this.process = spawn(process.execPath, [join(APP, 'server.js')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.process.stdout!, this.process.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.exit = new Promise((done) => this.process.on('close', (code) => done(code)));
  }

  public async listening(): Promise<this> {
    const line = /^listening on (\d+)$/m;
    await until(() => line.test(this.output) || this.process.exitCode !== null, 'listening');
    this.port = Number(line.exec(this.output)?.[1]);
    return this;
  }

  public async connected(): Promise<this> {
    await this.listening();
    await until(() => this.output.match(/^connected to /gm)?.length === 2, 'connected');
    return this;
  }

  public ask(path: string, method = 'GET', body?: string | Buffer): Promise<Answer> {
    return new Promise((done, failed) => {
      const sent = request(
        { host: '127.0.0.1', port: this.port, path, method, agent: false, headers: { connection: 'keep-alive' } },
        (response) => {
          const chunks: Buffer[] = [];
          response
            .on('data', (chunk: Buffer) => chunks.push(chunk))
            .on('end', () => {
              const text = Buffer.concat(chunks).toString();
              const json = response.headers['content-type'] === 'application/json' ? JSON.parse(text) : undefined;
              sent.destroy();
              done({ status: response.statusCode!, headers: response.headers, text, json });
            });
        },
      );
      sent.on('error', failed).end(body);
    });
  }

  public add(text: string | Buffer): Promise<Answer> {
    return this.ask('/api/entries', 'POST', text);
  }

  public async status(path: string, method?: string, body?: string | Buffer): Promise<number> {
    return (await this.ask(path, method, body)).status;
  }

  public async becomes(path: string, status: number): Promise<void> {
    const end = Date.now() + 4_000;
    while ((await this.status(path)) !== status) {
      if (Date.now() > end) throw new Error(`${path} never answered ${status}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  public async end(): Promise<void> {
    if (this.process.exitCode === null) this.process.kill('SIGKILL');
    await this.exit;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'journal-server-'));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const PASSWORD_FILE = file('passwd', `${PASSWORD}\n`);
const CONFIG_FILE = file('journal.json', '{"entriesPerPage": 3}');

let journals: Journal[] = [];
let redises: FakeRedis[] = [];

async function fakeRedis(): Promise<FakeRedis> {
  const redis = await new FakeRedis().start();
  redises.push(redis);
  return redis;
}

function start(redis: { port: number }, env: Record<string, string> = {}): Journal {
  const journal = new Journal({
    PORT: '0',
    CONFIG_FILE,
    REDIS_HOST: '127.0.0.1',
    REDIS_READ_HOST: '127.0.0.1',
    REDIS_PORT: String(redis.port),
    REDIS_PASSWORD_FILE: PASSWORD_FILE,
    ...env,
  });
  journals.push(journal);
  return journal;
}

afterEach(async () => {
  await Promise.all([...journals.map((journal) => journal.end()), ...redises.map((redis) => redis.stop())]);
  journals = [];
  redises = [];
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('replies of Redis', () => {
  const text = Buffer.from('a\r\n€\0');
  const bytes = Buffer.concat([
    Buffer.from('+OK\r\n:-7\r\n$-1\r\n*-1\r\n*0\r\n$0\r\n\r\n*3\r\n*2\r\n:1\r\n'),
    bulk(text),
    Buffer.from('*0\r\n$-1\r\n'),
    bulk(text),
    Buffer.from('+END\r\n'),
  ]);
  const values = ['OK', -7, null, null, [], Buffer.of(), [[1, text], [], null], text, 'END'];

  test('are the same however the bytes are cut', () => {
    expect(new ReplyParser().push(bytes)).toEqual(values);
    for (const size of [1, 2, 3, 7]) {
      const parser = new ReplyParser();
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(chunks.flatMap((chunk) => parser.push(chunk))).toEqual(values);
    }
  });

  test('that are errors keep their code only', () => {
    const [error] = new ReplyParser().push(
      Buffer.from("-ERR unknown command, with args beginning with: 'secret'\r\n"),
    ) as [Error & { code: string }];
    expect([error.code, error.message]).toEqual(['ERR', 'Redis answered with an error']);
  });

  test.each([
    'HTTP/1.1 400 Bad Request\r\n',
    '$-2\r\n',
    ':x\r\n',
    '*1x\r\n',
    '$1\r\nabc\r\n',
    `+${'x'.repeat(70_000)}`,
  ])('are refused when they are none: %#', (given) => {
    expect(() => new ReplyParser().push(Buffer.from(given))).toThrow(/^(not a|an unknown|a line|a string)/);
  });

  test('are asked for in bytes, not characters', () => {
    expect(encodeCommand(['SET', '€', Buffer.of(0, 255), 7]).toString('latin1')).toBe(
      '*4\r\n$3\r\nSET\r\n$3\r\n\xe2\x82\xac\r\n$2\r\n\0\xff\r\n$1\r\n7\r\n',
    );
  });
});

describe('the arithmetic', () => {
  test('of pages ends where the list begins', () => {
    expect([1, 2, 3, 4].map((page) => rangeOf(7, page, 3))).toEqual([
      { first: 4, last: 6 },
      { first: 1, last: 3 },
      { first: 0, last: 0 },
      undefined,
    ]);
    expect(rangeOf(0, 1, 3)).toBeUndefined();
  });

  test('of reconnects is bounded', () => {
    expect([0, 1, 4, 5, 5_000].map((failures) => reconnectDelay(failures, 1))).toEqual([100, 200, 1_600, 2_000, 2_000]);
    expect(reconnectDelay(0, 0)).toBe(50);
  });
});

describe('entries', () => {
  test('are stored by the primary and read from the read host, newest first, in pages', async () => {
    const redis = await fakeRedis();
    const journal = await start(redis).connected();
    expect((await journal.ask('/api/entries')).json).toEqual({ page: 1, entriesPerPage: 3, entries: [] });

    const texts = ['first', 'Grüße, 世界 🎉', 'a\r\n$3\r\nb', '"quoted" <b>', 'last'];
    for (const [index, text] of texts.entries()) {
      const added = await journal.add(text);
      expect([added.status, added.json, added.headers.location]).toEqual([
        201,
        { id: index + 1 },
        `/api/entries/${index + 1}`,
      ]);
    }
    const all = texts.map((text, index) => ({ id: index + 1, text })).reverse();
    expect((await journal.ask('/api/entries')).json).toEqual({ page: 1, entriesPerPage: 3, entries: all.slice(0, 3) });
    expect((await journal.ask('/api/entries?page=2')).json).toEqual({
      page: 2,
      entriesPerPage: 3,
      entries: all.slice(3),
    });
    expect((await journal.ask('/api/entries?page=3')).json.entries).toEqual([]);
    expect((await journal.ask('/api/entries/2')).json).toEqual({ id: 2, text: 'Grüße, 世界 🎉' });
    expect(await journal.status('/api/entries/6')).toBe(404);
    const [writes, reads] = [...redis.conversations].sort(
      (a, b) => Number(b.includes('RPUSH')) - Number(a.includes('RPUSH')),
    );
    expect(redis.conversations).toHaveLength(2);
    expect(writes).toEqual(['AUTH', ...texts.map(() => 'RPUSH')]);
    expect(new Set(reads)).toEqual(new Set(['AUTH', 'LLEN', 'LRANGE', 'LINDEX']));
  });

  test('keep their order over replies that come byte by byte, to many requests at once', async () => {
    const redis = await fakeRedis();
    redis.bytewise = true;
    const journal = await start(redis).connected();
    const added = await Promise.all(Array.from({ length: 20 }, (_, index) => journal.add(`entry ${index} é`)));
    const ids: number[] = added.map(({ json }) => json.id);
    expect([...ids].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    const shown = await Promise.all(ids.map((id) => journal.ask(`/api/entries/${id}`)));
    expect(shown.map(({ json }) => json.text)).toEqual(ids.map((_, index) => `entry ${index} é`));
  });

  test('have a size, a text and an encoding', async () => {
    const journal = await start(await fakeRedis()).connected();
    expect(await journal.status('/api/entries', 'POST', 'x'.repeat(65_536))).toBe(201);
    const tooLong = await journal.add('x'.repeat(65_537));
    expect([tooLong.status, tooLong.headers.connection]).toEqual([413, 'close']);
    expect(await journal.status('/api/entries', 'POST', 'x'.repeat(1_000_000))).toBe(413);
    expect(await journal.status('/api/entries', 'POST', '')).toBe(400);
    expect(await journal.status('/api/entries', 'POST', Buffer.of(0xff, 0xfe))).toBe(400);
    expect((await journal.ask('/api/entries')).json.entries).toHaveLength(1);
  });
});

describe('routes', () => {
  test('are few', async () => {
    const journal = await start(await fakeRedis()).connected();
    expect(await journal.ask('/healthz')).toMatchObject({ status: 200, text: 'ok' });
    expect(await journal.ask('/readyz')).toMatchObject({ status: 200, text: 'ok' });
    expect((await journal.ask('/api/config')).json).toEqual({
      config: { entriesPerPage: 3 },
      host: expect.stringMatching(/./),
    });
    for (const path of [
      '/',
      '//',
      '/api',
      '/api/entries/',
      '/api/entries/0',
      '/api/entries/x',
      '/healthz/x',
      '/%',
      '/api/burn',
    ]) {
      expect([path, await journal.status(path)]).toEqual([path, 404]);
    }
    expect(
      await Promise.all(['page=0', 'page=x', 'page='].map((query) => journal.status(`/api/entries?${query}`))),
    ).toEqual([400, 400, 400]);
    expect(await journal.ask('/api/entries', 'DELETE')).toMatchObject({ status: 405, headers: { allow: 'GET, POST' } });
    expect(await journal.ask('/healthz', 'POST', 'text')).toMatchObject({ status: 405, headers: { allow: 'GET' } });
  });

  test('burn CPU where that is allowed, for a bounded time', async () => {
    const journal = await start(await fakeRedis(), { JOURNAL_BURN: '1' }).connected();
    const begin = Date.now();
    expect((await journal.ask('/api/burn?ms=60000')).json).toEqual({ ms: 200 });
    expect(Date.now() - begin).toBeGreaterThanOrEqual(199);
    expect(await journal.status('/api/burn?ms=-1')).toBe(400);
  });
});

describe('the start', () => {
  const anywhere = { port: 1 };
  const line = async (env: Record<string, string>) => {
    const journal = start(anywhere, env);
    expect(await journal.exit).toBe(1);
    return journal.output;
  };

  test('fails in one line without a good configuration', async () => {
    const missing = join(folder, 'none.json');
    const bad = file('bad.json', '{"entriesPerPage": "many"}');
    const noJson = file('no.json', 'entries\nPer\nPage');
    const empty = file('empty', '\n');
    expect(
      await Promise.all([
        line({ CONFIG_FILE: missing }),
        line({ CONFIG_FILE: bad }),
        line({ CONFIG_FILE: noJson }),
        line({ REDIS_PASSWORD_FILE: empty }),
        line({ REDIS_HOST: '' }),
        line({ REDIS_PORT: 'tcp://10.0.0.1:6379' }),
      ]),
    ).toEqual([
      `journal-server: config ${missing}: ENOENT\n`,
      `journal-server: config ${bad}: entriesPerPage is not a whole number from 1 to 100\n`,
      `journal-server: config ${noJson}: not JSON\n`,
      `journal-server: password file ${empty}: empty\n`,
      'journal-server: REDIS_HOST is not set\n',
      'journal-server: REDIS_PORT: not a port\n',
    ]);
  });

  test('takes a password file without an end of line', async () => {
    await start(await fakeRedis(), { REDIS_PASSWORD_FILE: file('plain', PASSWORD) }).connected();
  });
});

describe('trouble with Redis', () => {
  test('that refuses the password makes the server unready, and the password is told to nobody', async () => {
    const redis = await fakeRedis();
    const journal = await start(redis, { REDIS_PASSWORD_FILE: file('wrong', 'wr0ng-one\n') }).listening();
    await until(() => redis.commands.length >= 4, 'another attempt');
    const ready = await journal.ask('/readyz');
    const reason = (name: string) => `no connection to ${name}: the password was refused (WRONGPASS)`;
    expect([ready.status, ready.text]).toEqual([503, `${reason('the primary')}; ${reason('the read host')}`]);
    const added = await journal.add('text');
    expect([added.status, added.json]).toEqual([503, { error: reason('the primary') }]);
    expect(await journal.status('/healthz')).toBe(200);
    expect(journal.output + ready.text + added.text).not.toContain('wr0ng-one');
    expect(journal.output.match(/refused/g)).toHaveLength(2);
  });

  test('that goes away is 503 until it is back', async () => {
    const redis = await fakeRedis();
    const journal = await start(redis).connected();
    await journal.add('kept');
    await redis.stop();
    await journal.becomes('/readyz', 503);
    expect(await journal.ask('/api/entries')).toMatchObject({
      status: 503,
      json: { error: expect.stringMatching(/^no connection to the read host: /) },
    });
    expect(await journal.status('/healthz')).toBe(200);
    await redis.start();
    await journal.becomes('/readyz', 200);
    expect((await journal.ask('/api/entries/1')).json.text).toBe('kept');
  });

  test('that breaks the connection after a write does not get the write again', async () => {
    const redis = await fakeRedis();
    const journal = await start(redis).connected();
    redis.hook = (command) => (command === 'RPUSH' ? null : undefined);
    const adding = journal.add('once');
    await until(() => redis.commands.includes('RPUSH'), 'RPUSH');
    await redis.stop();
    expect((await adding).json).toEqual({
      error: 'lost the connection to the primary: closed by Redis; the entry may have been stored',
    });
    await redis.start();
    await journal.becomes('/readyz', 200);
    expect(redis.commands.filter((command) => command === 'RPUSH')).toHaveLength(1);
  });

  test('that does not answer is 503 after two seconds, on a new connection from then on', async () => {
    const redis = await fakeRedis();
    const journal = await start(redis).connected();
    redis.hook = (command) => (command === 'PING' ? null : undefined);
    expect((await journal.ask('/readyz')).text).toContain(
      'lost the connection to the primary: no answer within 2000 ms',
    );
    redis.hook = () => undefined;
    await journal.becomes('/readyz', 200);
    expect(redis.commands.filter((command) => command === 'AUTH')).toHaveLength(4);
  });

  test('that answers with an error is 503 with its code', async () => {
    const redis = await fakeRedis();
    const journal = await start(redis).connected();
    redis.hook = (command) =>
      command === 'RPUSH' ? Buffer.from("-OOM command not allowed when used memory > 'maxmemory'.\r\n") : undefined;
    expect(await journal.add('text')).toMatchObject({ status: 503, json: { error: 'the primary answered OOM' } });
    redis.hook = (command) =>
      command === 'PING' ? Buffer.from('-MASTERDOWN Link with MASTER is down\r\n') : undefined;
    expect((await journal.ask('/readyz')).status).toBe(503);
  });
});

describe('SIGTERM', () => {
  test('lets the request in flight end, and closes idle connections', async () => {
    const redis = await fakeRedis();
    const journal = await start(redis).connected();
    await journal.add('text');
    const idle = connect(journal.port, '127.0.0.1');
    idle.on('error', () => undefined).write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    await new Promise((done) => idle.once('data', done));
    const unused = connect(journal.port, '127.0.0.1').on('error', () => undefined);
    await new Promise((done) => unused.once('connect', done));
    const begun = connect(journal.port, '127.0.0.1');
    let later = '';
    begun.on('data', (chunk) => (later += chunk.toString())).write('GET /healthz HTTP/1.1\r\n');

    redis.delayMs = { LRANGE: 500 };
    const slow = journal.ask('/api/entries');
    await until(() => redis.commands.includes('LRANGE'), 'LRANGE');
    journal.process.kill('SIGTERM');
    const signalled = Date.now();
    await until(() => journal.output.includes('stopping'), 'stopping');
    await expect(journal.ask('/healthz')).rejects.toThrow('ECONNREFUSED');
    begun.write('host: x\r\n\r\n');
    // a proxy may send one more request on a connection that it keeps
    const oneMore = new Promise<string>((done) => idle.once('data', (chunk) => done(chunk.toString())));
    idle.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');

    expect(await slow).toMatchObject({
      status: 200,
      headers: { connection: 'close' },
      json: { entries: [{ id: 1, text: 'text' }] },
    });
    expect(await oneMore).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\nconnection: close\r\n/i);
    expect(await journal.exit).toBe(0);
    expect(Date.now() - signalled).toBeLessThan(6_000);
    expect(later).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\nconnection: close\r\n[^]*\r\n\r\nok$/i);
    expect(journal.output.split('\n').at(-2)).toBe('stopping');
  });
});
