'use strict';

const net = require('node:net');
const { encodeCommand, RedisError, ReplyParser } = require('./resp');

const COMMAND_TIMEOUT_MS = 2_000;

/** The link to Redis failed, not the command. The reason has no address, command or password. */
class LinkError extends Error {
  /**
   * @param {string} reason
   * @param {boolean} sent the command may have been executed: nobody knows, so a write is not tried again
   */
  constructor(reason, sent) {
    super(reason);
    this.sent = sent;
  }
}

/** @typedef {{ resolve: (reply: import('./resp').Reply) => void, reject: (error: Error) => void, timer: NodeJS.Timeout }} Command */

/** One socket, from its start to its end. Commands are sent at once, and replies come in the same order. */
class RedisConnection {
  /** @type {net.Socket} */
  #socket;
  #parser = new ReplyParser();
  /** @type {Command[]} */
  #inFlight = [];
  #ended = false;
  #onEnd;

  /**
   * @param {{ host: string, port: number }} address
   * @param {(reason: string) => void} onEnd called once
   */
  constructor({ host, port }, onEnd) {
    this.#onEnd = onEnd;
    this.#socket = net.connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
    this.#socket.on('data', (chunk) => this.#receive(chunk));
    this.#socket.on('error', (error) => this.end(/** @type {NodeJS.ErrnoException} */ (error).code ?? 'socket error'));
    this.#socket.on('close', () => this.end('closed by Redis'));
  }

  /**
   * The timeout of a command that is sent before the socket is connected covers connecting, too.
   * @param {ReadonlyArray<Buffer | string | number>} args
   * @returns {Promise<import('./resp').Reply>}
   */
  send(args) {
    if (this.#ended) return Promise.reject(new LinkError('closed', false));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#expire(command), COMMAND_TIMEOUT_MS);
      const command = { resolve, reject, timer };
      this.#inFlight.push(command);
      this.#socket.write(encodeCommand(args));
    });
  }

  /** @param {string} reason */
  end(reason) {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.destroy();
    for (const { reject, timer } of this.#inFlight.splice(0)) {
      clearTimeout(timer);
      reject(new LinkError(reason, true));
    }
    this.#onEnd(reason);
  }

  /**
   * All replies come in order, so one that is late holds up the others: the connection ends. After a busy event loop,
   * timers run before sockets are read, so a reply that is already here is read first.
   * @param {Command} command
   */
  #expire(command) {
    setImmediate(() => {
      if (this.#inFlight.includes(command)) this.end(`no answer within ${COMMAND_TIMEOUT_MS} ms`);
    });
  }

  /** @param {Buffer} chunk */
  #receive(chunk) {
    // destroyed, but data was on its way
    if (this.#ended) return;
    try {
      for (const reply of this.#parser.push(chunk)) this.#settle(reply);
    } catch {
      this.end('not the protocol of Redis');
    }
  }

  /** @param {import('./resp').Reply} reply */
  #settle(reply) {
    const command = this.#inFlight.shift();
    if (!command) throw new Error('a reply to no command');
    clearTimeout(command.timer);
    if (reply instanceof RedisError) command.reject(reply);
    else command.resolve(reply);
  }
}

module.exports = { LinkError, RedisConnection };
