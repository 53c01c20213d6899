import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { App, Chart, Duration, Size } from 'cdk8s';
import {
  Cpu,
  PrivilegedException,
  PrivilegedWorkload,
  Probe,
  Quota,
  Resources,
  TenantNamespace,
} from 'cdk8s-best-practices';
import { parseAllDocuments } from 'yaml';
import { synthesize } from '../../../examples/tenants/main';
import { teams } from '../../../examples/tenants/teams';
import { eventually } from '../../rig/processes';
import { RESTRICTED } from '../acceptance/arbitrary-demand';
import { barePods } from '../acceptance/dry-run';
import { enforce } from '../rig/admission';
import { Api } from '../rig/api';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { createVolumes } from '../rig/node';
import { STATE } from '../rig/places';
import { isReady } from '../rig/pods';
import { manifestsOf, secret } from '../rig/workbench';

const { node } = Cluster;
const api = new Api(node);
afterAll(() => api.close());

const OUTPUT = join(STATE, 'tenants');
const TEAMS = Object.keys(teams);
/** Pods of the workloads, the web shop at the minimum of its autoscaler. */
const PODS: Record<string, number> = { 'shop-web': 3, 'shop-carts': 3, 'blog-site': 2, 'search-query': 3 };
/** The images of the example exist nowhere. */
const IMAGES: Record<string, string> = {
  'ghcr.io/example/shop:2.3.0': PROBE,
  'ghcr.io/example/search:4.1.0': PROBE,
  'ghcr.io/example/blog:1.0.7': 'ghcr.io/example/journal-site:1.4.2',
};

/**
 * For a node with two cores: known images and small requests; limits stay, and Pod Security, quota and LimitRange look
 * at all.
 */
function fitting(manifest: Manifest): Manifest {
  if (!['Deployment', 'StatefulSet'].includes(manifest.kind as string)) return manifest;
  const { template } = manifest.spec;
  const containers = (template.spec.containers as Manifest[]).map((container) => ({
    ...container,
    image: IMAGES[container.image as string] ?? (container.image as string),
    resources: { ...container.resources, requests: { ...container.resources.requests, cpu: '10m', memory: '64Mi' } },
  }));
  return { ...manifest, spec: { ...manifest.spec, template: { ...template, spec: { ...template.spec, containers } } } };
}

async function readyPods(): Promise<Manifest[]> {
  const pods = (await Promise.all(TEAMS.map(async (team) => node.list(team, 'pods')))).flat();
  const ready = pods.filter(isReady);
  const count = (name: string): number =>
    ready.filter(
      ({ metadata }) =>
        `${metadata.namespace}-${(metadata.labels['app.kubernetes.io/instance'] as string).replace(`${metadata.namespace}-`, '')}` ===
        name,
    ).length;
  const missing = Object.entries(PODS)
    .filter(([name, wanted]) => count(name) < wanted)
    .map(([name]) => `${name}: ${count(name)}`);
  if (missing.length > 0 || ready.length < pods.length) {
    const waiting = pods
      .filter((pod) => !isReady(pod))
      .map(
        ({ metadata, status }) => `${metadata.name}: ${JSON.stringify([status.conditions, status.containerStatuses])}`,
      );
    throw new Error(`${ready.length} of ${pods.length} pods are ready; ${[...missing, ...waiting].join(', ')}`);
  }
  return pods;
}

test('three teams run on one cluster, each in its namespace, with its pull secret and within its quota', async () => {
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  synthesize(OUTPUT);
  const files = readdirSync(OUTPUT).sort();
  const manifests = files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(OUTPUT, file), 'utf8')).map((document) => document.toJS() as Manifest),
  );

  // as the README of the example tells
  await createVolumes('fast', 3);
  await node.kubectl('apply', '--server-side', '-f', join(OUTPUT, files[0]));
  const registry = JSON.stringify({ auths: { 'ghcr.io': { auth: randomBytes(18).toString('base64') } } });
  await node.apply(
    ...TEAMS.map((team) =>
      secret(team, 'registry-v1', { '.dockerconfigjson': registry }, 'kubernetes.io/dockerconfigjson'),
    ),
    secret('shop', 'carts-passwd-v1', { passwd: randomBytes(18).toString('hex') }),
  );
  const applied = Date.now();
  await node.apply(...manifests.map(fitting));
  const pods = await eventually('all pods of the teams are ready', readyPods, 120);
  const seconds = Math.round((Date.now() - applied) / 1000);

  const { items } = JSON.parse(await node.kubectl('get', '--output', 'json', '-f', OUTPUT)) as { items: Manifest[] };
  expect(items).toHaveLength(manifests.length);
  expect(
    items
      .filter(({ metadata }) => !TEAMS.includes(metadata.namespace as string))
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
      .sort(),
  ).toEqual(TEAMS.map((team) => `Namespace ${team}`).sort());
  // other tests have objects of their own there
  const strays = await node.list(
    'default',
    'all,configmaps,serviceaccounts,roles,rolebindings,networkpolicies',
    'app.kubernetes.io/managed-by=cdk8s',
  );
  expect(
    strays.filter(({ kind, metadata }) =>
      items.some((item) => item.kind === kind && item.metadata.name === metadata.name),
    ),
  ).toEqual([]);

  for (const { spec } of pods) expect(spec.imagePullSecrets).toEqual([{ name: 'registry-v1' }]);
  const plain = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'plain', namespace: 'blog' },
    spec: { containers: [{ name: 'main', image: PROBE, securityContext: RESTRICTED }] },
  };
  const { spec: admitted } = (await api.dryRun(plain)).body;
  expect({
    pull: admitted.imagePullSecrets as unknown,
    volumes: admitted.volumes as unknown,
    resources: admitted.containers[0].resources as unknown,
  }).toEqual({
    pull: [{ name: 'registry-v1' }],
    // no token
    volumes: undefined,
    resources: {
      requests: { 'cpu': '100m', 'memory': '128Mi', 'ephemeral-storage': '256Mi' },
      limits: { 'cpu': '400m', 'memory': '128Mi', 'ephemeral-storage': '256Mi' },
    },
  });

  for (const team of TEAMS) {
    const own = pods.filter(({ metadata }) => metadata.namespace === team).length;
    const { used } = (await node.get(team, `resourcequota/${team}`)).status as { used: Record<string, string> };
    expect([team, used.pods, used['requests.cpu']]).toEqual([team, String(own), `${own * 10}m`]);
  }
  const { used } = (await node.get('shop', 'resourcequota/shop')).status as { used: Record<string, string> };
  expect(used).toMatchObject({
    'requests.storage': '30Gi',
    'fast.storageclass.storage.k8s.io/requests.storage': '30Gi',
    'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '3',
  });
  figure(
    'Three teams run on one cluster',
    `${pods.length} pods ready ${seconds} s after kubectl apply, ${items.length - TEAMS.length} objects in the ${TEAMS.length} namespaces and none elsewhere, each pod with the pull secret, 30Gi of 30Gi of class fast used`,
  );
  await Promise.all(TEAMS.map(async (team) => node.removeNamespace(team)));
}, 200_000);

const REASON = { reason: 'A test of what admits it' };
const LOGS = join(STATE, 'agent-logs');
const EXCEPTIONS: Record<string, PrivilegedException[]> = {
  'root-user': [PrivilegedException.rootUser(REASON)],
  'default-capabilities': [PrivilegedException.rootUser(REASON), PrivilegedException.capabilities(['CHOWN'], REASON)],
  'more-capabilities': [PrivilegedException.rootUser(REASON), PrivilegedException.capabilities(['NET_ADMIN'], REASON)],
  'host-path': [PrivilegedException.rootUser(REASON), PrivilegedException.hostPath(LOGS, REASON)],
  'host-network': [PrivilegedException.hostNetwork(REASON)],
  'host-processes': [PrivilegedException.hostProcesses(REASON)],
  'privileged': [PrivilegedException.rootUser(REASON), PrivilegedException.privileged(REASON)],
};
const TENANTS = { restricted: 'no-agents', baseline: 'no-agents-baseline' } as const;

function agents(): App {
  const app = new App();
  for (const [id, exceptions] of Object.entries(EXCEPTIONS)) {
    new PrivilegedWorkload(new Chart(app, id, { namespace: `agent-${id}`, disableResourceNameHashes: true }), 'agent', {
      image: PROBE,
      owner: 'tests@example.com',
      exceptions,
      resources: Resources.of({ cpu: Cpu.millis(10), memory: Size.mebibytes(64) }),
      ports: [{ name: 'http', port: 8080 }],
      readiness: Probe.httpGet('/readyz', { period: Duration.seconds(1) }),
    });
  }
  return app;
}

function tenants(app: App): void {
  const chart = new Chart(app, 'tenants');
  for (const [podSecurity, name] of Object.entries(TENANTS) as Array<[keyof typeof TENANTS, string]>) {
    new TenantNamespace(chart, name, {
      name,
      owner: 'tests@example.com',
      team: 'tests',
      purpose: 'Admits no agents',
      podSecurity,
      quota: Quota.of({ cpu: Cpu.units(1), memory: Size.gibibytes(1) }),
    });
  }
}

async function ask(pod: Manifest, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(`http://${pod.status.podIP}:8080${path}`, { agent: false, timeout: 5000 }, (response) => {
      let answer = '';
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        answer += chunk.toString();
      });
      response.on('end', () => resolve(answer));
    }).on('error', reject);
  });
}

describe('privileged workloads', () => {
  const manifests = manifestsOf(agents());
  const daemons = manifests.filter(({ kind }) => kind === 'DaemonSet');
  afterAll(() => node.removeNamespace('agent-host-path'));

  beforeAll(async () => {
    mkdirSync(LOGS, { mode: 0o700 });
    writeFileSync(join(LOGS, 'pod.log'), 'of the node');
    chmodSync(join(LOGS, 'pod.log'), 0o600);
    const app = new App();
    tenants(app);
    for (const name of Object.values(TENANTS)) {
      await enforce(
        api,
        name,
        manifestsOf(app).filter(
          ({ kind, metadata }) => (kind === 'Namespace' ? metadata.name : metadata.namespace) === name,
        ),
      );
    }
    for (const manifest of manifests.filter(({ kind }) => ['Namespace', 'ServiceAccount'].includes(kind as string))) {
      await api.apply(manifest);
    }
  });

  test('are admitted in their own namespaces, and refused by those of tenants', async () => {
    const levels = new Map(
      manifests
        .filter(({ kind }) => kind === 'Namespace')
        .map(({ metadata }) => [
          metadata.name as string,
          metadata.labels['pod-security.kubernetes.io/enforce'] as string,
        ]),
    );
    const seen = await Promise.all(
      daemons.map(async (daemon) => {
        const own = daemon.metadata.namespace as string;
        const [pod] = barePods(daemon);
        const home = await api.dryRun(pod);
        const abroad = await Promise.all(
          Object.values(TENANTS).map(async (namespace) => {
            const { status, body } = await api.dryRun({
              ...pod,
              metadata: { ...pod.metadata, namespace },
              spec: { ...pod.spec, serviceAccountName: 'default' },
            });
            return status < 300
              ? 'admitted'
              : (/violates PodSecurity "(\w+):/.exec(body.message as string)?.[1] ?? (body.message as string));
          }),
        );
        return [
          own,
          levels.get(own),
          home.status < 300 && home.warnings.length === 0 ? 'admitted' : (home.body.message ?? home.warnings),
          ...abroad,
        ];
      }),
    );
    const baseline = (id: string): string[] => [`agent-${id}`, 'baseline', 'admitted', 'restricted', 'admitted'];
    const privileged = (id: string): string[] => [`agent-${id}`, 'privileged', 'admitted', 'restricted', 'baseline'];
    expect(seen).toEqual([
      baseline('root-user'),
      baseline('default-capabilities'),
      privileged('more-capabilities'),
      privileged('host-path'),
      privileged('host-network'),
      privileged('host-processes'),
      privileged('privileged'),
    ]);
    figure(
      'A privileged pod is admitted in its own namespace only',
      `${seen.length} kinds of exceptions: ${seen.length} admitted at home without warning, ${seen.length} refused in a tenant, ${seen.filter(([, , , , verdict]) => verdict === 'baseline').length} in a tenant of level baseline, those that need more than baseline`,
    );
  });

  test('run in their own namespace and read what is named; in the namespace of a tenant nothing starts', async () => {
    await node.apply(...manifests.filter(({ metadata }) => metadata.namespace === 'agent-host-path'));
    const daemon = daemons.find(({ metadata }) => metadata.namespace === 'agent-host-path') as Manifest;
    const { template } = daemon.spec;
    await node.apply({
      ...daemon,
      metadata: { ...daemon.metadata, namespace: TENANTS.restricted },
      spec: { ...daemon.spec, template: { ...template, spec: { ...template.spec, serviceAccountName: 'default' } } },
    });

    await node.rolledOut('agent-host-path', `daemonset/${daemon.metadata.name}`);
    const [pod] = await node.list('agent-host-path', 'pods');
    expect(await ask(pod, `/file?path=/host${LOGS}/pod.log`)).toBe('of the node');
    expect(await ask(pod, `/write?path=/host${LOGS}/other.log`)).toBe('EROFS');
    expect(JSON.parse(await ask(pod, '/whoami'))).toMatchObject({ uid: 0 });

    const told = await eventually('the refusal of the pod', async () => {
      const events = (await node.list(TENANTS.restricted, 'events')).map(({ message }) => message as string);
      const refusal = events.find((message) => message.includes('violates PodSecurity'));
      if (refusal === undefined) throw new Error(events.join('; '));
      return refusal;
    });
    expect(told).toContain('restricted volume types (volume "host-');
    expect(await node.list(TENANTS.restricted, 'pods')).toEqual([]);
    figure(
      'A privileged workload runs in its own namespace, and does not start in that of a tenant',
      '1 pod reads a file of root on the node and cannot write beside it; 0 pods of the same DaemonSet in a tenant, refused by Pod Security',
    );
    await node.kubectl('--namespace', TENANTS.restricted, 'delete', 'daemonsets', '--all', '--wait=false');
  });

  test('are refused in the namespace of a tenant when the app is synthesized', () => {
    const app = new App();
    tenants(app);
    new PrivilegedWorkload(new Chart(app, 'agents', { namespace: TENANTS.restricted }), 'agent', {
      image: PROBE,
      owner: 'tests@example.com',
      exceptions: EXCEPTIONS['host-path'],
    });
    expect(() => app.synthYaml()).toThrow(
      `[agents/agent] prop 'namespace': got '${TENANTS.restricted}', expected a namespace of its own, not that of the tenant 'tenants/${TENANTS.restricted}'`,
    );
  });
});
