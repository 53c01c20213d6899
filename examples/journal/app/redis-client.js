'use strict';

const { LinkError, RedisConnection } = require('./redis-connection');
const { RedisError } = require('./resp');

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 2_000;

/**
 * Doubles up to a bound. Half of it is random, so that the clients of a Redis that comes back do not all come at once.
 * @param {number} failures
 * @param {number} random from 0 to 1
 */
function reconnectDelay(failures, random) {
  const full = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
  return full / 2 + (full / 2) * random;
}

/**
 * Stays connected to one host. Commands fail at once while there is no connection, and none is sent twice: the caller
 * knows whether that would do harm.
 */
class RedisClient {
  /** @type {{ name: string, host: string, port: number, password: Buffer, log: (line: string) => void }} */
  #options;
  /** @type {RedisConnection} */
  #connection;
  #ready = false;
  #closed = false;
  #failures = 0;
  #reason = 'connecting';
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** @param {{ name: string, host: string, port: number, password: Buffer, log: (line: string) => void }} options */
  constructor(options) {
    this.#options = options;
    this.#connection = this.#connect();
  }

  /**
   * @param {ReadonlyArray<Buffer | string | number>} args
   * @returns {Promise<import('./resp').Reply>}
   */
  async send(...args) {
    const { name } = this.#options;
    if (!this.#ready) throw new LinkError(`no connection to ${name}: ${this.#reason}`, false);
    try {
      return await this.#connection.send(args);
    } catch (error) {
      if (error instanceof RedisError) error.message = `${name} answered ${error.code}`;
      if (error instanceof LinkError) error.message = `lost the connection to ${name}: ${error.message}`;
      throw error;
    }
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#connection.end('stopping');
  }

  #connect() {
    const connection = new RedisConnection(this.#options, (reason) => this.#lost(reason));
    connection.send(['AUTH', this.#options.password]).then(
      () => this.#connected(),
      // a wrong password is tried again, too: the members may still be on the old one
      (error) => connection.end(error instanceof RedisError ? `the password was refused (${error.code})` : error.message),
    );
    return connection;
  }

  #connected() {
    this.#ready = true;
    this.#failures = 0;
    this.#reason = '';
    this.#options.log(`connected to ${this.#options.name}`);
  }

  /** @param {string} reason */
  #lost(reason) {
    this.#ready = false;
    if (this.#closed) return;
    // one line for each change, not for each attempt
    if (reason !== this.#reason) this.#options.log(`no connection to ${this.#options.name}: ${reason}`);
    this.#reason = reason;
    this.#timer = setTimeout(() => { this.#connection = this.#connect(); }, reconnectDelay(this.#failures, Math.random()));
    this.#failures += 1;
  }
}

module.exports = { RedisClient, reconnectDelay };
