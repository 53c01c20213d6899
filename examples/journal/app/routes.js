'use strict';

const { isUtf8 } = require('node:buffer');
const os = require('node:os');
const { addEntry, entryOf, pageOfEntries } = require('./entries');
const { LinkError } = require('./redis-connection');
const { RedisError } = require('./resp');

const MAX_TEXT = 64 * 1024;
// the rest of a body that is too long is read and dropped: closing on a client that still sends may lose the answer
const MAX_DROPPED = 1024 * 1024;
const MAX_BURN_MS = 200;

/**
 * @typedef {{ status: number, body: string | object, headers?: Record<string, string> }} Answer
 * @typedef {{
 *   primary: import('./redis-client').RedisClient, reader: import('./redis-client').RedisClient,
 *   config: import('./settings').Config, burn: boolean,
 * }} Context
 * @typedef {{ context: Context, request: import('node:http').IncomingMessage, query: URLSearchParams, id: string }} Call
 * @typedef {(call: Call) => Answer | Promise<Answer>} Handler
 */

/**
 * @param {number} status
 * @param {string} error
 * @param {Record<string, string>} [headers]
 * @returns {Answer}
 */
function refusal(status, error, headers) {
  return { status, body: { error }, headers };
}

const NOT_FOUND = refusal(404, 'not found');

/** @param {Call} call */
async function ready({ context: { primary, reader } }) {
  const pings = await Promise.allSettled([primary.send('PING'), reader.send('PING')]);
  const reasons = pings.flatMap((ping) => (ping.status === 'rejected' ? [ping.reason.message] : []));
  return reasons.length === 0 ? { status: 200, body: 'ok' } : { status: 503, body: reasons.join('; ') };
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<Buffer | undefined>} undefined for a body that is too long
 */
function readBody(request) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    let chunks = [];
    let length = 0;
    request.on('data', (chunk) => {
      length += chunk.length;
      if (length <= MAX_TEXT) chunks.push(chunk);
      else chunks = [];
      if (length > MAX_DROPPED) resolve(undefined);
    });
    request.on('end', () => resolve(length > MAX_TEXT ? undefined : Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

/** @param {Call} call */
async function add({ context, request }) {
  const text = await readBody(request);
  if (!text) return refusal(413, `an entry has at most ${MAX_TEXT} bytes`, { connection: 'close' });
  if (text.length === 0) return refusal(400, 'an entry has text');
  if (!isUtf8(text)) return refusal(400, 'an entry is UTF-8 text');
  try {
    const id = await addEntry(context.primary, text);
    return { status: 201, body: { id }, headers: { location: `/api/entries/${id}` } };
  } catch (error) {
    if (error instanceof LinkError && error.sent) error.message += '; the entry may have been stored';
    throw error;
  }
}

/** @param {Call} call */
async function list({ context: { reader, config: { entriesPerPage } }, query }) {
  const page = query.get('page') ?? '1';
  if (!/^[1-9]\d{0,8}$/.test(page)) return refusal(400, 'page is a number from 1');
  return { status: 200, body: { page: Number(page), entriesPerPage, entries: await pageOfEntries(reader, Number(page), entriesPerPage) } };
}

/** @param {Call} call */
async function show({ context, id }) {
  const entry = await entryOf(context.reader, Number(id));
  return entry ? { status: 200, body: entry } : NOT_FOUND;
}

/**
 * Keeps the event loop busy: load for a test of the autoscaler.
 * @type {Handler}
 */
function burn({ context, query }) {
  if (!context.burn) return NOT_FOUND;
  const wanted = query.get('ms') ?? '50';
  if (!/^\d{1,9}$/.test(wanted)) return refusal(400, 'ms is a number');
  const ms = Math.min(Number(wanted), MAX_BURN_MS);
  const end = performance.now() + ms;
  while (performance.now() < end);
  return { status: 200, body: { ms } };
}

/** @type {{ path: RegExp, methods: Record<string, Handler> }[]} */
const ROUTES = [
  // about the process alone: an outage of Redis is no reason to restart it
  { path: /^\/healthz$/, methods: { GET: () => ({ status: 200, body: 'ok' }) } },
  { path: /^\/readyz$/, methods: { GET: ready } },
  { path: /^\/api\/entries$/, methods: { GET: list, POST: add } },
  { path: /^\/api\/entries\/([1-9]\d{0,14})$/, methods: { GET: show } },
  { path: /^\/api\/config$/, methods: { GET: ({ context }) => ({ status: 200, body: { config: context.config, host: os.hostname() } }) } },
  { path: /^\/api\/burn$/, methods: { GET: burn } },
];

/**
 * @param {string} method
 * @param {string} path
 * @returns {{ handler: Handler, id: string }}
 */
function routeOf(method, path) {
  for (const { path: pattern, methods } of ROUTES) {
    const match = pattern.exec(path);
    if (match) {
      const allow = Object.keys(methods).join(', ');
      return { handler: methods[method] ?? (() => refusal(405, 'method not allowed', { allow })), id: match[1] };
    }
  }
  return { handler: () => NOT_FOUND, id: '' };
}

/**
 * Rejects only when there is nobody to answer, or for a mistake in this program.
 * @param {import('node:http').IncomingMessage} request
 * @param {Context} context
 * @returns {Promise<Answer>}
 */
async function answer(request, context) {
  const [, path, query] = /** @type {RegExpExecArray} */ (/^([^?]*)\??(.*)$/s.exec(request.url ?? ''));
  const { handler, id } = routeOf(request.method ?? '', path);
  try {
    return await handler({ context, request, query: new URLSearchParams(query), id });
  } catch (error) {
    if (error instanceof LinkError || error instanceof RedisError) return refusal(503, error.message);
    throw error;
  }
}

module.exports = { answer };
