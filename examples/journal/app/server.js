'use strict';

// The server of the journal: entries in Redis, behind HTTP.

const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const { RedisClient } = require('./redis-client');
const { answer } = require('./routes');
const { readSettings, SettingsError } = require('./settings');

// Longer than a proxy keeps an idle connection (Traefik 90 s, nginx and many load balancers 60 s): the proxy is the one
// to close it. Otherwise it may send a request on a connection that is just being closed, and its client gets a 502.
const KEEP_ALIVE_MS = 95_000;
const REQUEST_TIMEOUT_MS = 30_000;
// Clients keep their connections while the pod is told to stop: they may send one more request, and are then told to leave.
const LINGER_MS = 4_000;
const STOP_MS = 9_000;

/** @param {string} line */
function log(line) {
  console.log(line);
}

/** @param {string} line */
function fail(line) {
  console.error(`journal-server: ${line}`);
  process.exit(1);
}

/**
 * @param {http.ServerResponse} response
 * @param {import('./routes').Answer} result
 * @param {boolean} last no other request is answered on this connection
 */
function write(response, { status, body, headers }, last) {
  const isText = typeof body === 'string';
  const bytes = Buffer.from(isText ? body : JSON.stringify(body));
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
    ...(last && { connection: 'close' }),
  });
  response.end(bytes);
}

/**
 * @param {import('./routes').Context} context
 * @returns {{ server: http.Server, stop: (done: () => void) => void }}
 */
function createServer(context) {
  let stopping = false;
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();

  const server = http.createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    answer(request, context).then(
      (result) => write(response, result, stopping),
      (error) => {
        // the client went away
        if (request.destroyed && !request.complete) return;
        console.error(error);
        write(response, { status: 500, body: { error: 'internal error' } }, true);
      },
    );
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  // a connection without a request yet does not count as idle
  const closeUnused = () => {
    server.closeIdleConnections();
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };

  return {
    server,
    stop(done) {
      stopping = true;
      // only listening ends: http's close() cuts idle connections at once, also those on which a request is just coming in
      net.Server.prototype.close.call(server, done);
      setTimeout(() => setInterval(closeUnused, 500).unref(), LINGER_MS).unref();
    },
  };
}

function main() {
  /** @type {import('./settings').Settings} */
  let settings;
  try {
    settings = readSettings(process.env, (path) => fs.readFileSync(path));
  } catch (error) {
    if (error instanceof SettingsError) return fail(error.message);
    throw error;
  }
  const { config, burn, redis: { host, readHost, port, password } } = settings;
  const primary = new RedisClient({ name: 'the primary', host, port, password, log });
  const reader = new RedisClient({ name: 'the read host', host: readHost, port, password, log });
  const { server, stop } = createServer({ primary, reader, config, burn });

  server.on('error', (error) => fail(`cannot listen: ${/** @type {NodeJS.ErrnoException} */ (error).code}`));
  server.listen(settings.port, () => log(`listening on ${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`));

  const onSignal = () => {
    log('stopping');
    // the process ends by itself when nothing is open; a client that never ends its request is not waited for
    setTimeout(() => process.exit(0), STOP_MS).unref();
    stop(() => {
      primary.close();
      reader.close();
    });
  };
  process.once('SIGTERM', onSignal);
  process.once('SIGINT', onSignal);
}

main();
