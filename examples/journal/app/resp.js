'use strict';

// RESP2, the protocol of Redis. A real app would take the npm package `redis`; this one has no dependency, so that its
// image is `node` and this folder.

const CRLF = Buffer.from('\r\n');
const MAX_LINE = 64 * 1024;
const MAX_BULK = 512 * 1024 * 1024;

/**
 * An error that Redis answered. It keeps the code (`OOM`, `LOADING`, ...) and drops the text: that may repeat
 * arguments, such as a password.
 */
class RedisError extends Error {
  /** @param {string} line */
  constructor(line) {
    super('Redis answered with an error');
    this.code = /^[A-Z]+(?= |$)/.exec(line)?.[0] ?? 'ERR';
  }
}

/** Bytes that are no RESP2. The place of the next reply is lost, so the connection is of no more use. */
class ProtocolError extends Error {}

/**
 * @typedef {Buffer | string | number | null | RedisError | unknown[]} Reply bulk strings are buffers, status lines strings, arrays hold replies
 * @typedef {{ next: number, value?: Reply, items?: number }} Element a value, or the head of an array with `items` values
 */

/**
 * @param {ReadonlyArray<Buffer | string | number>} args
 * @returns {Buffer}
 */
function encodeCommand(args) {
  const parts = args.flatMap((arg) => {
    const bytes = Buffer.isBuffer(arg) ? arg : Buffer.from(String(arg));
    return [Buffer.from(`$${bytes.length}\r\n`), bytes, CRLF];
  });
  return Buffer.concat([Buffer.from(`*${args.length}\r\n`), ...parts]);
}

/** @param {string} text */
function integer(text) {
  if (!/^[+-]?\d+$/.test(text)) throw new ProtocolError('not a number');
  return Number(text);
}

/**
 * A length; -1 stands for nil.
 * @param {string} text
 * @param {number} max
 */
function lengthOf(text, max) {
  const length = integer(text);
  if (length < -1 || length > max) throw new ProtocolError('not a length');
  return length;
}

/**
 * @param {Buffer} bytes
 * @param {number} start of the content
 * @param {number} length
 * @returns {Element | undefined}
 */
function readBulk(bytes, start, length) {
  if (length === -1) return { next: start, value: null };
  const end = start + length;
  if (bytes.length < end + CRLF.length) return undefined;
  if (!bytes.subarray(end, end + CRLF.length).equals(CRLF)) throw new ProtocolError('a string without its end');
  return { next: end + CRLF.length, value: bytes.subarray(start, end) };
}

/**
 * @param {number} items
 * @param {number} next
 * @returns {Element}
 */
function arrayHead(items, next) {
  if (items === -1) return { next, value: null };
  return items === 0 ? { next, value: [] } : { next, items };
}

/**
 * The element that starts at `offset`; undefined while bytes of it are missing.
 * @param {Buffer} bytes
 * @param {number} offset
 * @returns {Element | undefined}
 */
function readElement(bytes, offset) {
  const lineEnd = bytes.indexOf(CRLF, offset);
  if (lineEnd === -1) {
    if (bytes.length - offset > MAX_LINE) throw new ProtocolError('a line without its end');
    return undefined;
  }
  const line = bytes.toString('utf8', offset + 1, lineEnd);
  const next = lineEnd + CRLF.length;
  switch (String.fromCharCode(bytes[offset])) {
    case '+': return { next, value: line };
    case '-': return { next, value: new RedisError(line) };
    case ':': return { next, value: integer(line) };
    case '$': return readBulk(bytes, next, lengthOf(line, MAX_BULK));
    case '*': return arrayHead(lengthOf(line, Number.MAX_SAFE_INTEGER), next);
    default: throw new ProtocolError('an unknown type');
  }
}

/** Makes replies of chunks, wherever these are cut. It goes on where it stopped: a long array is not read again. */
class ReplyParser {
  /** @type {Buffer} */
  #rest = Buffer.alloc(0);
  /** @type {{ items: number, values: Reply[] }[]} arrays that lack values, the innermost last */
  #open = [];

  /**
   * @param {Buffer} chunk
   * @returns {Reply[]} the replies that end in this chunk
   */
  push(chunk) {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    /** @type {Reply[]} */
    const replies = [];
    let offset = 0;
    for (let element = readElement(bytes, offset); element; element = readElement(bytes, offset)) {
      offset = element.next;
      if (element.items !== undefined) this.#open.push({ items: element.items, values: [] });
      else this.#add(/** @type {Reply} */ (element.value), replies);
    }
    this.#rest = bytes.subarray(offset);
    return replies;
  }

  /**
   * @param {Reply} value
   * @param {Reply[]} replies
   */
  #add(value, replies) {
    const array = this.#open.at(-1);
    if (!array) {
      replies.push(value);
      return;
    }
    array.values.push(value);
    if (array.values.length === array.items) {
      this.#open.pop();
      this.#add(array.values, replies);
    }
  }
}

module.exports = { encodeCommand, ProtocolError, RedisError, ReplyParser };
