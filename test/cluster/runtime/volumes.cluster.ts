import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { Size } from 'cdk8s';
import {
  Cpu,
  Probe,
  Redis,
  Resources,
  StaticSite,
  VersionedConfigMap,
  VersionedSecret,
  WebService,
} from 'cdk8s-best-practices';
import { eventually } from '../../rig/processes';
import { Cluster } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { firstProcess, statusOf } from '../rig/pods';
import { ownNamespace, secret, synthesize } from '../rig/workbench';

const { node } = Cluster;
const namespace = ownNamespace('volumes');
const small = Resources.of({ cpu: Cpu.millis(50), memory: Size.mebibytes(128) });

const PASSWORD = 'a password';
const NONROOT = 65532;
const REDIS = 999;

const manifests = synthesize(namespace, (chart) => {
  const reader = new WebService(chart, 'reader', {
    image: PROBE,
    port: 8080,
    replicas: 1,
    resources: small,
    readiness: Probe.httpGet('/readyz'),
    writablePaths: ['/var/cache/reader'],
  });
  reader.mount('/etc/reader', new VersionedConfigMap(chart, 'config', { data: { 'reader.json': '{"pages":10}' } }));
  reader.mount('/var/run/secrets/token', new VersionedSecret(chart, 'token', { version: 'v1' }));
  new Redis(chart, 'redis', {
    replicas: 1,
    cpu: Cpu.millis(50),
    maxMemory: Size.mebibytes(16),
    storage: Size.gibibytes(1),
    password: { secret: new VersionedSecret(chart, 'redis-passwd', { version: 'v1' }), key: 'passwd' },
  });
  const site = new StaticSite(chart, 'site', { image: 'ghcr.io/example/journal-site:1.4.2', replicas: 1 });
  site.mount(
    '/usr/share/nginx/html/guide',
    new VersionedConfigMap(chart, 'guide', { data: { 'index.html': 'a guide' } }),
  );
});

/** A workload's only pod. */
interface Running {
  readonly name: string;
  readonly address: string;
  /** Of the first process of its container. */
  readonly pid: string;
}

async function runningPod(instance: string): Promise<Running> {
  const [pod] = await node.list(namespace, 'pods', `app.kubernetes.io/instance=${instance}`);
  return { name: pod.metadata.name as string, address: pod.status.podIP as string, pid: firstProcess(pod) };
}

function privileges(pid: string): Record<string, string> {
  const { Uid, Gid, Groups, CapEff, CapBnd, NoNewPrivs, Seccomp } = statusOf(pid);
  return { Uid, Gid, Groups, CapEff, CapBnd, NoNewPrivs, Seccomp };
}

/** No capabilities, none to be had by a program with the setuid bit, and a filter of system calls (2). */
function unprivileged(user: number): Record<string, string> {
  const ids = [user, user, user, user].join('\t');
  return {
    Uid: ids,
    Gid: ids,
    Groups: String(user),
    CapEff: '0000000000000000',
    CapBnd: '0000000000000000',
    NoNewPrivs: '1',
    Seccomp: '2',
  };
}

/** The error for root of the node: a file system that is read-only refuses even that. */
function writeIn(pid: string, path: string): string {
  try {
    writeFileSync(`/proc/${pid}/root${path}`, '');
    return 'written';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'failed';
  }
}

/** Type of the file system that is mounted at a path of the container. */
function fileSystemAt(pid: string, path: string): string | undefined {
  return readFileSync(`/proc/${pid}/mounts`, 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, at]) => at === path)?.[2];
}

function accessTo(pid: string, path: string): { mode: string; uid: number; gid: number } {
  const { mode, uid, gid } = statSync(`/proc/${pid}/root${path}`);
  return { mode: mode.toString(8).slice(-4), uid, gid };
}

async function ask({ address }: Running, path: string): Promise<string> {
  const response = await fetch(`http://${address}:8080${path}`, { signal: AbortSignal.timeout(10_000) });
  return `${response.status} ${await response.text()}`;
}

async function exec({ name }: Running, command: string): Promise<string> {
  return (await node.kubectl('--namespace', namespace, 'exec', name, '--', 'sh', '-c', command)).trim();
}

let [reader, redis, site]: Running[] = [];

beforeAll(async () => {
  await node.apply(
    secret(namespace, 'token-v1', { token: PASSWORD }),
    secret(namespace, 'redis-passwd-v1', { passwd: PASSWORD }),
    ...manifests,
  );
  [reader, redis, site] = await eventually(
    'all pods are ready',
    async () => {
      await node.kubectl('--namespace', namespace, 'wait', 'pod', '--all', '--for=condition=Ready', '--timeout=5s');
      return Promise.all(['reader', 'redis', 'site'].map((id) => runningPod(`app-${id}`)));
    },
    120,
  );
}, 150_000);

test('processes run as the user of the block, without privileges', async () => {
  expect({ reader: privileges(reader.pid), redis: privileges(redis.pid), site: privileges(site.pid) }).toEqual({
    reader: unprivileged(NONROOT),
    redis: unprivileged(REDIS),
    site: unprivileged(NONROOT),
  });
  expect(await ask(reader, '/whoami')).toBe(`200 ${JSON.stringify({ uid: NONROOT, gid: NONROOT, groups: [NONROOT] })}`);
  expect(await exec(redis, 'id -u; id -g; id -G')).toBe(`${REDIS}\n${REDIS}\n${REDIS}`);
  figure(
    'Services, Redis and nginx run without root and privileges',
    `users ${NONROOT}, ${REDIS} and ${NONROOT}; no capabilities, no_new_privs and a seccomp filter in all 3`,
  );
});

test('the file system of the image is read-only, and what a block needs to write is writable', async () => {
  for (const { pid } of [reader, redis, site]) {
    expect(['/x', '/etc/x', '/usr/x'].map((path) => writeIn(pid, path))).toEqual(['EROFS', 'EROFS', 'EROFS']);
  }

  const paths = ['/x', '/etc/reader/x', '/var/run/secrets/token/x', '/tmp/x', '/var/cache/reader/x'];
  const writes = await Promise.all(paths.map(async (path) => [path, await ask(reader, `/write?path=${path}`)]));
  expect(Object.fromEntries(writes)).toEqual({
    '/x': '500 EROFS',
    '/etc/reader/x': '500 EROFS',
    '/var/run/secrets/token/x': '500 EROFS',
    '/tmp/x': '200 written',
    '/var/cache/reader/x': '200 written',
  });
  await expect(exec(redis, 'touch /x')).rejects.toThrow('Read-only file system');
  expect(
    await exec(redis, 'touch /tmp/x /data/x /run/redis/x && stat --format %u:%g /tmp/x /data/x /run/redis/x'),
  ).toBe(`${REDIS}:${REDIS}\n${REDIS}:${REDIS}\n${REDIS}:${REDIS}`);
  expect(await ask(site, '/')).toContain('200 <!doctype html>');
  figure(
    'The root file system is read-only; /tmp and declared paths are writable',
    'writing to / gives EROFS in a service, in Redis and in nginx, even for root; /tmp, writablePaths and the data of Redis take writes',
  );
});

test('a directory of a site answers by a redirect that leaves scheme, host and port to the client', async () => {
  const { status, headers } = await fetch(`http://${site.address}:8080/guide`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(10_000),
  });
  expect([status, headers.get('location')]).toEqual([301, '/guide/']);
  expect(await ask(site, '/guide/')).toBe('200 a guide');
});

test('mounted configuration and Secrets can be read by the process, Secrets by its group only', async () => {
  expect(await ask(reader, '/file?path=/etc/reader/reader.json')).toBe('200 {"pages":10}');
  expect(await ask(reader, '/file?path=/var/run/secrets/token/token')).toBe(`200 ${PASSWORD}`);
  expect(await exec(redis, 'cat /var/run/secrets/redis/password')).toBe(PASSWORD);

  // the group is fsGroup: the kubelet owns the files, and the process reads them by its group
  expect(accessTo(reader.pid, '/var/run/secrets/token/token')).toEqual({ mode: '0440', uid: 0, gid: NONROOT });
  expect(accessTo(redis.pid, '/var/run/secrets/redis/password')).toEqual({ mode: '0440', uid: 0, gid: REDIS });
  expect([
    fileSystemAt(reader.pid, '/var/run/secrets/token'),
    fileSystemAt(redis.pid, '/var/run/secrets/redis'),
  ]).toEqual(['tmpfs', 'tmpfs']);
  // the configuration that Redis makes for itself has the password in it
  expect(await exec(redis, 'stat --format %a:%u /run/redis/*/*.conf')).toBe(`600:${REDIS}`);
  expect(await ask(reader, '/file?path=/var/run/secrets/kubernetes.io/serviceaccount/token')).toBe('500 ENOENT');
  figure(
    'A mounted Secret can be read by the group of its pod only, and is kept in memory',
    `mode 0440, group ${NONROOT} (services) and ${REDIS} (Redis), in tmpfs; no API token in the pod`,
  );
});
