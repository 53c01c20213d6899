'use strict';
// Runs in the network of a pod: makes all attempts at once and prints their outcomes in the same order.
const dgram = require('node:dgram');
const net = require('node:net');

// silence is a verdict: on a busy machine an answer, or what the kernel sends once more after a second, gets its time
const TIMEOUT_MS = 4000;
const REPEAT_MS = 1000;

/** A question for the address of the API server: id, recursion, one question; name; type A, class IN. */
const QUESTION = Buffer.concat([
  Buffer.from('123401000001000000000000', 'hex'),
  ...['kubernetes', 'default', 'svc', 'cluster', 'local', ''].map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
  Buffer.from('00010001', 'hex'),
]);
const IN_A_STREAM = Buffer.concat([Buffer.from([0, QUESTION.length]), QUESTION]);

function connect({ address, port, question }, end) {
  const socket = net.connect({ host: address, port });
  socket.on('error', (error) => end(error.code === 'ECONNREFUSED' ? 'refused' : error.code));
  if (question) socket.once('data', () => end('connected')).write(IN_A_STREAM);
  else socket.once('connect', () => end('connected'));
}

function ask({ address, port }, end) {
  const socket = dgram.createSocket('udp4');
  // only a connected socket learns of a port that nobody listens on
  socket.on('error', (error) => end(error.code === 'ECONNREFUSED' ? 'refused' : error.code));
  socket.once('message', () => end('connected'));
  socket.connect(port, address, () => {
    socket.send(QUESTION);
    setInterval(() => socket.send(QUESTION), REPEAT_MS);
  });
}

function outcomeOf(attempt) {
  return new Promise((resolve) => {
    (attempt.protocol === 'UDP' ? ask : connect)(attempt, resolve);
    // timers run before sockets are read: what is here already counts
    setTimeout(() => setImmediate(() => resolve('timeout')), TIMEOUT_MS);
  });
}

Promise.all(JSON.parse(process.argv[2]).map(outcomeOf)).then((outcomes) => {
  process.stdout.write(JSON.stringify(outcomes), () => process.exit(0));
});
