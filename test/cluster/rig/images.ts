import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadImage } from './image';
import { program, STATE } from './places';
import { NEWEST } from './versions';

const ROOT = join(__dirname, '..', '..', '..');
const NODE = process.execPath;

/** The images that the examples name, and `PROBE`. */
export async function loadExampleImages(): Promise<void> {
  await loadImage('docker.io/library/redis:7.2.11-bookworm', {
    programs: [
      'redis-server',
      'redis-cli',
      'sh',
      'sleep',
      'timeout',
      'cat',
      'cp',
      'ls',
      'stat',
      'id',
      'touch',
      'mkdir',
      'mv',
      'rm',
      'sync',
      'flock',
    ],
    entrypoint: ['redis-server'],
  });
  await loadImage('ghcr.io/example/journal-server:1.4.2', {
    programs: [NODE],
    files: { app: join(ROOT, 'examples/journal/app') },
    entrypoint: [inImage(NODE), '/app/server.js'],
  });
  await loadImage('ghcr.io/example/journal-site:1.4.2', {
    programs: ['nginx'],
    files: {
      'usr/share/nginx/html': join(ROOT, 'examples/journal/site'),
      'etc/nginx/mime.types': '/etc/nginx/mime.types',
    },
    entrypoint: ['nginx'],
  });
  await loadImage(PROBE, {
    programs: [NODE, 'sh', 'nc', 'find', 'false'],
    files: { app: join(__dirname, '..', 'probe') },
    entrypoint: [inImage(NODE), '/app/server.js'],
  });
}

/** A small server that shows what a container sees (see ../probe/server.js). */
export const PROBE = 'example.com/probe:1.0.0';

/** What a NamespaceReaper needs. */
export const KUBECTL = `ghcr.io/example/kubectl:${NEWEST}.0`;

export async function loadKubectlImage(): Promise<void> {
  await loadImage(KUBECTL, { programs: [program('kubectl'), 'sh', 'sed', 'date'], entrypoint: ['kubectl'] });
}

/** What a log tail needs, with the programs of this machine under the name of the default image. */
export async function loadTailImage(): Promise<void> {
  await loadImage('docker.io/library/busybox:1.37.0', { programs: ['sh', 'sleep', 'tail'], entrypoint: ['sh'] });
}

/** A gRPC server and its client (see ../programs/newest/grpc-probe). It has no shell. */
export const GRPC_PROBE = 'example.com/grpc-probe:1.0.0';

export async function loadGrpcImage(): Promise<void> {
  await loadImage(GRPC_PROBE, { programs: [program('grpc-probe')], entrypoint: ['grpc-probe'] });
}

const inImage = (path: string): string => (path.startsWith('/usr/') ? path : '/usr/local/bin/node');

export async function loadAddonImages(): Promise<void> {
  await loadImage('registry.k8s.io/metrics-server/metrics-server:v0.9.0', {
    programs: [program('metrics-server')],
    entrypoint: ['metrics-server'],
  });
  // Traefik wants a zone database and certificates, empty ones will do
  const empty = join(STATE, 'empty');
  mkdirSync(empty, { recursive: true });
  writeFileSync(join(empty, 'README'), 'none\n');
  await loadImage('docker.io/library/traefik:3.6.12', {
    programs: [program('traefik')],
    files: { 'etc/ssl/certs': empty },
    entrypoint: ['traefik'],
  });
}
