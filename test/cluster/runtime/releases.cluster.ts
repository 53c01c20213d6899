import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Chart, Duration, Size } from 'cdk8s';
import { Cpu, Probe, Resources, VersionedConfigMap, WebService, type WebServiceProps } from 'cdk8s-best-practices';
import { eventually } from '../../rig/processes';
import { Api } from '../rig/api';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { isReady } from '../rig/pods';
import { ownNamespace, synthesize } from '../rig/workbench';

const NAMESPACE = ownNamespace('releases');
const { node } = Cluster;
const api = new Api(node);
afterAll(() => api.close());

const REPLICAS = 2;
const INSTANCE = 'app.kubernetes.io/instance';
const REVISION = 'pod-template-hash';

test('a change of configuration reaches new pods only, and an undo brings the old one back', async () => {
  await node.apply(...configured('old'));
  await node.rolledOut(NAMESPACE, 'deployment/app-configured');
  const [before] = await contents('app-configured');

  const started = Date.now();
  await node.apply(...configured('new'));
  const samples = await during(node.rolledOut(NAMESPACE, 'deployment/app-configured'), () =>
    contents('app-configured'),
  );
  const isOld = ({ revision }: Content): boolean => revision === before.revision;
  const old = samples.flat().filter(isOld);
  const fresh = samples.flat().filter((content) => !isOld(content));
  expect(samples.filter((sample) => sample.some(isOld) && !sample.every(isOld)).length).toBeGreaterThan(0);
  expect(new Set(old.map(({ text }) => text))).toEqual(new Set(['old']));
  expect(new Set(fresh.map(({ text }) => text))).toEqual(new Set(['new']));
  expect(await configMapsOfReplicaSets()).toHaveLength(2);
  figure(
    'New configuration reaches new pods only',
    `${old.length} of ${old.length} reads in old pods gave the old content during a rollout of ${seconds(started)} s, ${fresh.length} of ${fresh.length} in new pods the new`,
  );

  const undone = Date.now();
  await node.kubectl('--namespace', NAMESPACE, 'rollout', 'undo', 'deployment/app-configured');
  await node.rolledOut(NAMESPACE, 'deployment/app-configured');
  const after = await contents('app-configured');
  expect(after).toEqual(Array(REPLICAS).fill({ revision: before.revision, text: 'old' }));
  expect(await configMapsOfReplicaSets()).toHaveLength(2);
  figure(
    'kubectl rollout undo brings the old configuration back',
    `${after.length} of ${REPLICAS} pods answer with the old content after ${seconds(undone)} s`,
  );
  await node.kubectl('--namespace', NAMESPACE, 'delete', 'deployment/app-configured', '--wait=false');
});

/** Broken releases, and how their pod looks. */
const BROKEN: Record<string, { change: Partial<WebServiceProps>; failure: RegExp }> = {
  unready: { change: { env: { RELEASE: 'bad', BEHAVIOUR: 'never-ready' } }, failure: /^running, not ready$/ },
  missing: {
    change: { env: { RELEASE: 'bad' }, image: 'example.com/probe:9.9.9' },
    failure: /^(ErrImagePull|ImagePullBackOff)$/,
  },
  crashing: { change: { env: { RELEASE: 'bad', BEHAVIOUR: 'crash' } }, failure: /^CrashLoopBackOff$/ },
};
const DEADLINE = 20;

test('a broken release stops with full capacity in service, is reported as failed, and can be undone', async () => {
  const names = Object.keys(BROKEN).map((id) => `app-${id}`);
  const deployments = names.map((name) => `deployment/${name}`);
  await node.apply(...services(() => ({})));
  await Promise.all(deployments.map((name) => node.rolledOut(NAMESPACE, name)));
  const original = new Set((await pods()).map(({ metadata }) => metadata.uid as string));

  const addresses = await Promise.all(
    names.map(async (name) => (await node.get(NAMESPACE, `service/${name}`)).spec.clusterIP as string),
  );
  const traffic = addresses.map((address) => startRequests(`http://${address}:8080/`));
  const started = Date.now();
  await node.apply(...services((id) => ({ ...BROKEN[id].change, progressDeadline: Duration.seconds(DEADLINE) })));
  const failed = eventually(
    'all releases are reported as failed',
    async () => {
      const surge = (await pods()).filter(({ metadata }) => !original.has(metadata.uid as string));
      for (const [id, { failure }] of Object.entries(BROKEN)) {
        expect(surge.filter((pod) => instance(pod) === `app-${id}`).map(failureOf)).toContainEqual(
          expect.stringMatching(failure),
        );
        expect(await progressing(`app-${id}`)).toEqual({ status: 'False', reason: 'ProgressDeadlineExceeded' });
      }
      expect(Date.now() - started).toBeGreaterThan(DEADLINE * 1000);
    },
    90,
  );
  const capacity = await during(failed, async () => readyByInstance(await pods(), original));
  const observed = seconds(started);

  await node.kubectl('--namespace', NAMESPACE, 'rollout', 'undo', ...deployments);
  // until the controller has seen the change, the failure of before is still in the status
  const healing = Promise.all(
    deployments.map((name) => eventually(`${name} is undone`, () => node.rolledOut(NAMESPACE, name))),
  );
  capacity.push(...(await during(healing, async () => readyByInstance(await pods(), original))));
  for (const name of names) expect(await progressing(name)).toMatchObject({ status: 'True' });
  const answers = (await Promise.all(traffic.map((stop) => stop()))).flat();

  for (const name of names) expect(Math.min(...capacity.map((ready) => ready[name] ?? 0))).toBe(REPLICAS);
  expect(answers.filter((answer) => answer !== '200 good')).toEqual([]);
  expect(answers.length).toBeGreaterThan(names.length * DEADLINE * 10);
  figure(
    'A release that never gets ready, has no image or crashes costs no capacity',
    `${REPLICAS} of ${REPLICAS} old pods of each Ready in all ${capacity.length} samples, for ${observed} s until the rollout was reported as failed, and while it was undone`,
  );
  figure(
    'Users do not notice a broken release',
    `${answers.length} of ${answers.length} requests answered by the old version`,
  );
});

/**
 * A service with content in its configuration. Long enough to be ready that the kubelet would update a changed volume
 * meanwhile.
 */
function configured(text: string): Manifest[] {
  return synthesize(NAMESPACE, (chart) => {
    const config = new VersionedConfigMap(chart, 'config', { data: { content: text } });
    web(chart, 'configured', { minReady: Duration.seconds(8) }).mount('/etc/app', config);
  });
}

function services(change: (id: string) => Partial<WebServiceProps>): Manifest[] {
  return synthesize(NAMESPACE, (chart) =>
    Object.keys(BROKEN).forEach((id) => {
      web(chart, id, { env: { RELEASE: 'good' }, ...change(id) });
    }),
  );
}

function web(chart: Chart, id: string, props: Partial<WebServiceProps>): WebService {
  return new WebService(chart, id, {
    image: PROBE,
    port: 8080,
    replicas: REPLICAS,
    readiness: Probe.httpGet('/readyz'),
    resources: Resources.of({ cpu: Cpu.millis(50), memory: Size.mebibytes(64) }),
    ...props,
  });
}

interface Content {
  readonly revision: string;
  readonly text: string;
}

/** What the Ready pods of a service read from their volume. */
async function contents(name: string): Promise<Content[]> {
  const ready = (await pods()).filter((pod) => instance(pod) === name && serves(pod));
  return Promise.all(
    ready.map(async ({ metadata, status }) => ({
      revision: metadata.labels[REVISION] as string,
      text: (await fetchText(`http://${status.podIP}:8080/file?path=/etc/app/content`)).text,
    })),
  );
}

/** The ConfigMap that each ReplicaSet mounts, without duplicates. */
async function configMapsOfReplicaSets(): Promise<string[]> {
  const replicaSets = await node.list(NAMESPACE, 'replicasets', `${INSTANCE}=app-configured`);
  return [
    ...new Set(
      replicaSets.flatMap(({ spec }) =>
        (spec.template.spec.volumes as Manifest[]).flatMap(({ configMap }) =>
          configMap ? [configMap.name as string] : [],
        ),
      ),
    ),
  ];
}

async function pods(): Promise<Manifest[]> {
  return (await api.request('GET', `/api/v1/namespaces/${NAMESPACE}/pods`)).body.items as Manifest[];
}

const instance = ({ metadata }: Manifest): string => metadata.labels[INSTANCE] as string;

const serves = (pod: Manifest): boolean => pod.metadata.deletionTimestamp === undefined && isReady(pod);

/** Number of Ready pods for each service, of the pods with one of these UIDs. */
function readyByInstance(all: readonly Manifest[], uids: ReadonlySet<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const pod of all) {
    if (uids.has(pod.metadata.uid as string) && serves(pod)) counts[instance(pod)] = (counts[instance(pod)] ?? 0) + 1;
  }
  return counts;
}

function failureOf({ status }: Manifest): string {
  const [container] = (status.containerStatuses ?? []) as Manifest[];
  if (container?.state.running && !container.ready) return 'running, not ready';
  return (container?.state.waiting?.reason ?? 'none') as string;
}

async function progressing(name: string): Promise<{ status: string; reason: string }> {
  const { status } = await node.get(NAMESPACE, `deployment/${name}`);
  const found = (status.conditions as Manifest[]).find(({ type }) => type === 'Progressing');
  return { status: found?.status as string, reason: found?.reason as string };
}

/** Takes samples until `work` has ended. */
async function during<T>(work: Promise<unknown>, sample: () => Promise<T>): Promise<T[]> {
  let running = true;
  const ended = work
    .then(
      () => undefined,
      (error: Error) => error,
    )
    .finally(() => {
      running = false;
    });
  const samples: T[] = [];
  while (running) {
    samples.push(await sample());
    await sleep(100);
  }
  const error = await ended;
  if (error) throw error;
  return samples;
}

/** A request on a new connection every 50 ms. The result stops it and gives all answers. */
function startRequests(url: string): () => Promise<string[]> {
  const answers: Array<Promise<string>> = [];
  const started = Date.now();
  const timer = setInterval(() => {
    const sent = ((Date.now() - started) / 1000).toFixed(1);
    answers.push(
      fetchText(url).then(
        ({ status, text }) => `${status} ${text.split(' ')[1]}`,
        (error: Error) => `${error.message}, sent after ${sent} s`,
      ),
    );
  }, 50);
  timer.unref();
  return async () => {
    clearInterval(timer);
    return Promise.all(answers);
  };
}

async function fetchText(url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false, timeout: 5000 }, (response) => {
      let text = '';
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .on('error', reject)
      .on('timeout', function (this: { destroy(error: Error): void }) {
        this.destroy(new Error('no answer in 5 s'));
      });
  });
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(0);
}
