import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import {
  ClusterProfile,
  Cpu,
  Probe,
  Resources,
  StaticSite,
  VersionedSecret,
  WebService,
  type WebServiceProps,
} from 'cdk8s-best-practices';
import { eventually } from '../../rig/processes';
import { Cluster } from '../rig/cluster';
import { figure } from '../rig/figures';
import { loadImage } from '../rig/image';
import { NODE_NAME } from '../rig/node';
import { STATE } from '../rig/places';
import { firstProcess, readProcess, statusOf } from '../rig/pods';
import { ownNamespace, secret, synthesize } from '../rig/workbench';

const { node } = Cluster;
const namespace = ownNamespace('isolation');

const NONROOT = 65532;
/** A group of user 65532 in the image, which no pod asks for. */
const OF_IMAGE = 4242;
const IMAGE = 'example.com/grouped:1.0.0';

/** The services, and how they differ from the defaults on nodes that can. */
const SERVICES: Record<string, Partial<WebServiceProps>> = {
  merge: { userNamespace: false, supplementalGroupsPolicy: 'Merge' },
  strict: { userNamespace: false },
  mapped: { supplementalGroupsPolicy: 'Merge' },
  both: {},
};
const CONTENT = 'example.com/site-content:1.0.0';

const manifests = synthesize(namespace, (chart) => {
  const nodeFeatures = { userNamespaces: true, supplementalGroupsPolicy: true };
  new ClusterProfile({ version: '1.36', nodeFeatures }).assignTo(chart);
  const resources = Resources.of({ cpu: Cpu.millis(20), memory: Size.mebibytes(128) });
  for (const [name, props] of Object.entries(SERVICES)) {
    const service = new WebService(chart, name, {
      image: IMAGE,
      port: 8080,
      replicas: 1,
      resources,
      readiness: Probe.httpGet('/readyz'),
      writablePaths: ['/var/cache/reader'],
      ...props,
    });
    service.mount(
      '/var/run/secrets/token',
      new VersionedSecret(chart, `${name}-token`, { name: 'token', version: 'v1' }),
    );
  }
  new StaticSite(chart, 'site', {
    image: 'ghcr.io/example/journal-site:1.4.2',
    contentImage: CONTENT,
    contentPath: 'dist',
    replicas: 1,
    resources,
  });
});

interface Running {
  readonly address: string;
  readonly pid: string;
}

const running: Record<string, Running> = {};

async function ask(name: string, path: string): Promise<string> {
  const response = await fetch(`http://${running[name].address}:8080${path}`, { signal: AbortSignal.timeout(10_000) });
  return `${response.status} ${await response.text()}`;
}

/** First user of the node for a pod, and how many; user 0 of the pod is the first. */
function usersOf(name: string): { first: number; count: number } {
  const [inside, first, count] = readProcess(running[name].pid, 'uid_map').trim().split(/\s+/).map(Number);
  expect(inside).toBe(0);
  return { first, count };
}

beforeAll(async () => {
  const groups = join(STATE, 'grouped-group');
  const users = join(STATE, 'grouped-passwd');
  writeFileSync(users, `root:x:0:0::/:/bin/sh\napp:x:${NONROOT}:${NONROOT}::/:/bin/sh\n`);
  writeFileSync(groups, `root:x:0:\nextra:x:${OF_IMAGE}:app\n`);
  await loadImage(IMAGE, {
    programs: [process.execPath],
    files: { 'app': join(__dirname, '..', 'probe'), 'etc/group': groups, 'etc/passwd': users },
    entrypoint: [process.execPath.startsWith('/usr/') ? process.execPath : '/usr/local/bin/node', '/app/server.js'],
  });
  const page = join(STATE, 'content-of-site');
  mkdirSync(page, { recursive: true });
  writeFileSync(join(page, 'index.html'), 'a page of its own image');
  await loadImage(CONTENT, { programs: [], files: { dist: page }, entrypoint: [] });
  await node.apply(secret(namespace, 'token-v1', { token: 'a token' }), ...manifests);
  for (const name of [...Object.keys(SERVICES), 'site']) {
    running[name] = await eventually(
      `${name} is ready`,
      async () => {
        await node.rolledOut(namespace, `deployment/app-${name}`, 5);
        const [pod] = await node.list(namespace, 'pods', `app.kubernetes.io/instance=app-${name}`);
        return { address: pod.status.podIP as string, pid: firstProcess(pod) };
      },
      120,
    );
  }
}, 150_000);

test('the node tells that its runtime has user namespaces and strict groups', async () => {
  const { status } = await node.get('default', `node/${NODE_NAME}`);
  expect(status.features).toEqual({ supplementalGroupsPolicy: true });
  expect(status.runtimeHandlers).toContainEqual(
    expect.objectContaining({ name: 'runc', features: expect.objectContaining({ userNamespaces: true }) }),
  );
});

test('with supplementalGroupsPolicy Strict, a process has the groups of its pod, and none of the image', async () => {
  const groups = async (name: string): Promise<unknown> => JSON.parse((await ask(name, '/whoami')).slice(4));
  const own = { uid: NONROOT, gid: NONROOT };
  expect(await groups('merge')).toEqual({ ...own, groups: [OF_IMAGE, NONROOT] });
  for (const name of ['strict', 'both']) expect(await groups(name)).toEqual({ ...own, groups: [NONROOT] });
  figure(
    'With supplementalGroupsPolicy Strict, a process has no group that only its image gives',
    `groups ${OF_IMAGE} and ${NONROOT} with Merge, ${NONROOT} with Strict`,
  );
});

test('with hostUsers false, the users of a pod are others on the node, and of each pod others', async () => {
  expect(usersOf('strict')).toEqual({ first: 0, count: 4_294_967_295 });
  const [mapped, both] = [usersOf('mapped'), usersOf('both')];
  expect([mapped.count, both.count]).toEqual([65_536, 65_536]);
  expect(Math.min(mapped.first, both.first)).toBeGreaterThanOrEqual(65_536);
  expect(Math.abs(mapped.first - both.first)).toBeGreaterThanOrEqual(65_536);

  expect(statusOf(running.strict.pid).Uid.split('\t')[0]).toBe(String(NONROOT));
  expect(statusOf(running.mapped.pid).Uid.split('\t')[0]).toBe(String(mapped.first + NONROOT));
  // and the pod itself sees no difference
  expect(await ask('mapped', '/whoami')).toContain(`"uid":${NONROOT},"gid":${NONROOT}`);
  expect(await ask('mapped', '/file?path=/var/run/secrets/token/token')).toBe('200 a token');
  expect(await ask('mapped', '/stat?path=/var/run/secrets/token/token')).toBe(
    `200 ${JSON.stringify({ mode: '440', uid: 0, gid: NONROOT })}`,
  );
  for (const path of ['/tmp/x', '/var/cache/reader/x']) {
    expect(await ask('mapped', `/write?path=${path}`)).toBe('200 written');
  }
  expect(await ask('mapped', '/write?path=/x')).toBe('500 EROFS');
  figure(
    'With hostUsers false, a user of a pod is another one on the node',
    `user ${NONROOT} of two pods is user ${mapped.first + NONROOT} and ${both.first + NONROOT} of the node; mounted Secrets and writable paths work`,
  );
});

test('an image is the content of a site', async () => {
  expect(await ask('site', '/')).toBe('200 a page of its own image');
  figure(
    'A StaticSite serves the files of an image volume',
    'the page of the content image, by the nginx of another one',
  );
});
