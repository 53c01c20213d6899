'use strict';
// A server for tests that shows what a container sees. It stops as a good server does: it answers what comes on open
// connections, tells clients to take a new one from now on, and closes what stays idle.
const { readFileSync, statSync, writeFileSync } = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const { hostname } = require('node:os');

if (process.env.BEHAVIOUR === 'crash') {
  console.error('crashing, as told');
  process.exit(1);
}

let stopping = false;

/** What a path answers: status and text. */
function answer(path, query, socket) {
  switch (path) {
    case '/healthz': return [200, 'ok'];
    case '/readyz': return process.env.BEHAVIOUR === 'never-ready' ? [503, 'never'] : [200, 'ok'];
    case '/client': return [200, socket.remoteAddress.replace('::ffff:', '')];
    case '/file': return [200, readFileSync(query.get('path'))];
    case '/stat': return [200, JSON.stringify({ mode: (statSync(query.get('path')).mode & 0o7777).toString(8), uid: statSync(query.get('path')).uid, gid: statSync(query.get('path')).gid })];
    case '/whoami': return [200, JSON.stringify({ uid: process.getuid(), gid: process.getgid(), groups: process.getgroups() })];
    case '/write': {
      writeFileSync(query.get('path'), 'written');
      return [200, readFileSync(query.get('path'))];
    }
    case '/burn': {
      const end = Date.now() + Math.min(200, Number(query.get('ms')));
      while (Date.now() < end);
      return [200, 'burnt'];
    }
    default: return [200, `${hostname()} ${process.env.RELEASE || ''}`];
  }
}

/** What a request looks like here, behind proxies that may have changed it. */
const seen = ({ method, url, headers }) => JSON.stringify({ release: process.env.RELEASE, method, url, headers });

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (stopping) response.setHeader('connection', 'close');
  try {
    if (process.env.BEHAVIOUR === 'echo' && url.pathname !== '/readyz') {
      response.setHeader('x-backend', process.env.RELEASE);
      response.writeHead(200).end(seen(request));
      return;
    }
    const [status, body] = answer(url.pathname, url.searchParams, request.socket);
    response.writeHead(status).end(body);
  } catch (error) {
    response.writeHead(500).end(error.code || error.message);
  }
});

// slow to start, as real servers are: without a readiness probe, clients meet a closed port
setTimeout(() => server.listen(Number(process.env.PORT || 8080)), Number(process.env.START_SECONDS || 0) * 1000);
process.on('SIGTERM', () => {
  stopping = true;
  // only listening ends: http's own close() also cuts kept-alive connections on which a request may just be coming in
  net.Server.prototype.close.call(server, () => process.exit(0));
  setTimeout(() => server.closeIdleConnections(), 4000).unref();
  setTimeout(() => process.exit(0), 8000).unref();
});
