import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { deploy } from '../../src/ops/deploy';
import { stepsFor } from '../../src/ops/immutable-stateful-set';
import type { Kubectl, Ran } from '../../src/ops/kubectl';
import { surviveClosedPipes } from '../../src/ops/streams';
import { whyNotReady } from '../../src/ops/why-not-ready';

// no test waits
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const ok = (output: unknown = ''): Ran => ({
  code: 0,
  output: typeof output === 'string' ? output : JSON.stringify(output),
  errors: '',
});
const fails = (errors: string): Ran => ({ code: 1, output: '', errors });

const object = (apiVersion: string, kind: string, name: string, more: object = {}): object => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'shop' },
  spec: { selector: { matchLabels: { app: name } } },
  ...more,
});
const WEB = object('apps/v1', 'Deployment', 'web');
const JOB = object('batch/v1', 'Job', 'migrate');
const applied = (...items: object[]): Ran => ok({ kind: 'List', items });
const jobIs = (...conditions: object[]): Ran => ok({ ...JOB, status: { conditions } });

/** Answers by the beginning of the command; a list is used up. */
async function run(words: string[], answers: Record<string, Ran | Ran[]>) {
  const asked: string[] = [];
  const contexts: Array<string | undefined> = [];
  const kubectl: Kubectl = (args) => {
    const command = args.join(' ');
    asked.push(command);
    const [, answer] = Object.entries(answers).find(([start]) => command.startsWith(start)) ?? [];
    if (answer === undefined) throw new Error(`unexpected: kubectl ${command}`);
    return Promise.resolve(Array.isArray(answer) ? (answer.shift() ?? fails('no answer is left')) : answer);
  };
  const [output, errors] = [new PassThrough(), new PassThrough()];
  const code = await deploy(words, { output, errors }, (context) => {
    contexts.push(context);
    return kubectl;
  });
  return { code, asked, contexts, said: String(output.read() ?? ''), complained: String(errors.read() ?? '') };
}

test('applies, and waits for each rollout and Job (S24, S25)', async () => {
  const result = await run(['dist/dev', 'extra.yaml', '--timeout', '5m', '--context', 'kind-kind'], {
    'apply': ok('deployment.apps/web serverside-applied\n'),
    'get --filename': applied(WEB, object('apps/v1', 'StatefulSet', 'redis'), object('v1', 'Service', 'web'), JOB),
    'rollout status': ok(),
    'wait --for': ok(),
    'get job migrate': jobIs({ type: 'Complete', status: 'True' }),
  });
  expect(result).toEqual({
    code: 0,
    contexts: ['kind-kind'],
    asked: [
      'apply --server-side --filename dist/dev --filename extra.yaml',
      'get --filename dist/dev --filename extra.yaml --output json',
      'rollout status deployment/web --namespace shop --timeout 300s',
      'rollout status statefulset/redis --namespace shop --timeout 300s',
      'get job migrate --namespace shop --output json',
      'wait --for=jsonpath={.status.availableReplicas}=1 statefulset/redis --namespace shop --timeout 300s',
    ],
    said: [
      'deployment.apps/web serverside-applied',
      'Deployment shop/web runs',
      'Job shop/migrate has succeeded',
      'StatefulSet shop/redis runs',
      '',
    ].join('\n'),
    complained: '',
  });
});

test('says why a version does not run, and fails', async () => {
  const pods = {
    items: [
      {
        metadata: { name: 'web-1', namespace: 'shop' },
        status: {
          containerStatuses: [{ name: 'web', state: { waiting: { reason: 'ImagePullBackOff', message: 'no' } } }],
        },
      },
    ],
  };
  const { code, complained } = await run(['dist'], {
    'apply': ok(),
    'get --filename': ok(WEB),
    'rollout status': fails('error: timed out waiting for the condition\n'),
    'get pods --namespace shop --selector app=web': ok(pods),
  });
  expect(code).toBe(1);
  expect(complained).toBe(
    'Deployment shop/web: error: timed out waiting for the condition\n' +
      '  pod web-1: container web waits: ImagePullBackOff, no\n',
  );
});

test.each([
  [[{ type: 'Failed', status: 'True', message: 'Job has reached the specified backoff limit' }], 'backoff limit'],
  [[{ type: 'Failed', status: 'True' }], 'it has failed'],
  [[{ type: 'Complete', status: 'False' }], 'it runs for more than 1 s'],
])('a Job with %j fails', async (conditions, expected) => {
  const { code, complained } = await run(['dist', '--timeout', '1s'], {
    'apply': ok(),
    'get --filename': applied(JOB),
    'get job': jobIs(...conditions),
    'get pods': fails('forbidden'),
  });
  expect(code).toBe(1);
  expect(complained).toContain(expected);
});

test('waits until a Job ends', async () => {
  const { code, asked } = await run(['dist'], {
    'apply': ok(),
    'get --filename': applied(JOB),
    'get job': [jobIs(), jobIs({ type: 'Complete', status: 'True' })],
  });
  expect([code, asked.filter((command) => command.startsWith('get job')).length]).toEqual([0, 2]);
});

test.each(['no matches for kind "Shop"', 'namespaces "shop" not found'])(
  'tries once more after %j',
  async (message) => {
    const once = await run(['dist'], { 'apply': [fails(message), ok()], 'get --filename': applied() });
    expect([once.code, once.asked.length]).toEqual([0, 3]);
    const twice = await run(['dist'], { apply: [fails(message), fails(message)] });
    expect([twice.code, twice.complained]).toEqual([2, `${message}\n`]);
  },
);

test.each([
  [[], {}, 'PATH: missing'],
  [['dist', '--timeout', '10'], {}, "--timeout: got '10', expected seconds, minutes or hours, such as 10m"],
  [['dist', '--timeout', '0m'], {}, "--timeout: got '0m'"],
  [['dist', '--wait'], {}, "Unknown option '--wait'"],
  [['dist'], { apply: fails('error validating data') }, 'error validating data'],
  [['dist'], { apply: { code: 127, output: '', errors: 'spawn kubectl ENOENT' } }, 'kubectl is not installed'],
])('%j deploys nothing', async (words, answers, expected) => {
  const { code, complained } = await run(words, answers);
  expect(code).toBe(2);
  expect(complained).toContain(expected);
});

test.each<[string, Record<string, Ran | Ran[]>, string]>([
  [
    'applies a part',
    { apply: { code: 1, output: 'service/web applied\n', errors: 'web is invalid\n' } },
    'web is invalid',
  ],
  [
    'applies a part at the second time',
    {
      apply: [
        { code: 1, output: 'crd applied\n', errors: 'no matches for kind "A"' },
        fails('no matches for kind "A"'),
      ],
    },
    'no matches',
  ],
  [
    'cannot list the objects',
    { 'apply': ok(), 'get --filename': fails('forbidden') },
    'It is applied, but its state is unknown: forbidden',
  ],
  ['gets no JSON', { 'apply': ok(), 'get --filename': ok('Warning: x') }, 'prints no JSON'],
])('does not say that it deployed nothing if it %s', async (_title, answers, expected) => {
  const { code, complained } = await run(['dist'], answers);
  expect(code).toBe(1);
  expect(complained).toContain(expected);
});

test('keeps waiting for a Job through a lost connection, until its time is over', async () => {
  const lost = fails('Unable to connect to the server: EOF');
  const answers = (...looks: Ran[]): Record<string, Ran | Ran[]> => ({
    'apply': ok(),
    'get --filename': applied(JOB),
    'get job': looks,
    'get pods': ok('no JSON'),
  });
  expect(await run(['dist'], answers(lost, jobIs({ type: 'Complete', status: 'True' })))).toMatchObject({ code: 0 });
  expect(await run(['dist', '--timeout', '1s'], answers(lost))).toMatchObject({
    code: 1,
    complained: 'Job shop/migrate: Unable to connect to the server: EOF\n',
  });
  const gone = fails('Error from server (NotFound): jobs.batch "migrate" not found');
  const { code, asked } = await run(['dist'], answers(gone));
  expect([code, asked.filter((command) => command.startsWith('get job')).length]).toEqual([1, 1]);
});

test('continues if the reader of its output leaves', () => {
  const stream = new PassThrough();
  surviveClosedPipes(stream);
  const error = (code: string): Error => Object.assign(new Error(`write ${code}`), { code });
  expect(() => stream.emit('error', error('EPIPE'))).not.toThrow();
  expect(() => stream.emit('error', error('EIO'))).toThrow('write EIO');
});

/** A StatefulSet with claim templates. */
const store = (storage: unknown, more: object = {}, spec: object = {}): object =>
  object('apps/v1', 'StatefulSet', 'db', {
    spec: {
      replicas: 2,
      serviceName: 'db-members',
      selector: { matchLabels: { app: 'db' } },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { resources: { requests: { storage } }, ...more } }],
      ...spec,
    },
  });
const FORBIDDEN =
  'The StatefulSet "db" is invalid: spec: Forbidden: updates to statefulset spec for fields other than ' +
  "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', " +
  "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

/** Since Kubernetes 1.37. */
const FIELD_IMMUTABLE =
  'The StatefulSet "db" is invalid: spec.volumeClaimTemplates: Invalid value: [{"name":"data"}]: field is immutable';

test.each([FORBIDDEN, FIELD_IMMUTABLE])('prints the steps for a larger volume, as of: %s', async (answer) => {
  const pretty = (...items: object[]): Ran => ok(items.map((item) => `${JSON.stringify(item, null, 4)}\n`).join(''));
  const claims = ['data-db-0', 'data-db-1', 'data-db-7', 'data-db-other-0'].map((name) => ({ metadata: { name } }));
  const { code, complained } = await run(['dist'], {
    'apply': fails(`${answer}\n`),
    'create --dry-run=client --filename dist --output json': pretty(WEB, store('20Gi')),
    'get --ignore-not-found --filename dist --output json': applied(WEB, store('10Gi')),
    'get pvc --namespace shop --selector app=db': ok({ kind: 'List', items: claims }),
  });
  const patched = (name: string): string =>
    `    kubectl --namespace shop patch pvc ${name} --type merge --patch ` +
    `'{"spec":{"resources":{"requests":{"storage":"20Gi"}}}}'`;
  expect([code, complained.trimEnd().split('\n')]).toEqual([
    2,
    [
      answer,
      'StatefulSet shop/db: the API server refuses the change of volumeClaimTemplates: such a field is immutable.',
      '  The StorageClass must have allowVolumeExpansion: true. Change the claims, which need no other pods:',
      ...['data-db-0', 'data-db-1', 'data-db-7'].map(patched),
      '  Replace the StatefulSet. Its pods and claims stay, and the new one takes them over:',
      '    kubectl --namespace shop delete statefulset db --cascade=orphan',
      '  Then run this command again.',
    ],
  ]);
});

test('prints no steps where it knows no StatefulSet that differs', async () => {
  const { complained } = await run(['dist'], {
    'apply': fails(FORBIDDEN),
    'create': fails('forbidden'),
    'get --ignore-not-found': applied(store('10Gi')),
  });
  expect(complained).toBe(`${FORBIDDEN}\n`);
});

test.each<[string, object, object, string[]]>([
  ['the same size in other words', store('10Gi'), store('10240Mi'), []],
  ['defaults of the API server', store('10Gi'), store('10Gi', { volumeMode: 'Filesystem' }), []],
  [
    'no Service that governs',
    store('10Gi', {}, { serviceName: '' }),
    store('10Gi', {}, { serviceName: undefined }),
    [],
  ],
  ['another start', store('10Gi', {}, { podManagementPolicy: 'Parallel' }), store('10Gi'), ['of podManagementPolicy:']],
  ['a smaller volume', store('5Gi'), store('10Gi'), ["'data' would shrink from 10Gi to 5Gi"]],
  [
    'another class',
    store('10Gi', { storageClassName: 'fast' }),
    store('10Gi', { storageClassName: 'standard' }),
    ["'data' has another StorageClass"],
  ],
  [
    'no class any more',
    store('10Gi'),
    store('10Gi', { storageClassName: 'standard' }),
    ["'data' has another StorageClass"],
  ],
  [
    'no attributes any more',
    store('10Gi'),
    store('10Gi', { volumeAttributesClassName: 'gold' }),
    ["'data' has no VolumeAttributesClass any more"],
  ],
  [
    'other attributes',
    store('10Gi', { volumeAttributesClassName: 'gold' }),
    store('10Gi'),
    [`patch pvc data-db-0 --type merge --patch '{"spec":{"volumeAttributesClassName":"gold"}}'`, 'data-db-1'],
  ],
  ['a new claim', store('10Gi'), store('10Gi', {}, { volumeClaimTemplates: [] }), ["'data' is a new claim"]],
  ['a claim less', store('10Gi', {}, { volumeClaimTemplates: [] }), store('10Gi'), ['of volumeClaimTemplates:']],
])('knows %s', (_what, wanted, live, expected) => {
  const steps = stepsFor({ live, wanted, claims: [] }).join('\n');
  for (const text of expected) expect(steps).toContain(text);
  expect(steps === '').toBe(expected.length === 0);
});

test('--help shows all options', async () => {
  const { code, said } = await run(['--help'], {});
  expect(code).toBe(0);
  expect(said).toMatch(/PATH[^]*--timeout[^]*--context[^]*Exit codes/);
});

test('tells what keeps each pod from being ready', () => {
  const pod = (status: object): object => ({ metadata: { name: 'web-1', namespace: 'shop' }, status });
  const container = (state: object, more: object = {}): object =>
    pod({ containerStatuses: [{ name: 'web', ready: false, state, ...more }] });
  const log = 'kubectl logs web-1 --namespace shop --container web';
  const reasons = [
    pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }),
    pod({ phase: 'Succeeded' }),
    pod({ conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }] }),
    container({ running: {} }),
    container({ waiting: { reason: 'ContainerCreating' } }),
    container(
      { waiting: { reason: 'CrashLoopBackOff' } },
      { lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } },
    ),
    pod({ initContainerStatuses: [{ name: 'web', state: { terminated: { exitCode: 3 } } }] }),
    null,
  ].map((item) => whyNotReady({ items: [item] }));
  expect(reasons).toEqual([
    [],
    [],
    ['pod web-1: 0/1 nodes are available'],
    [`pod web-1: container web is not ready: ${log}`],
    ['pod web-1: container web waits: ContainerCreating'],
    [`pod web-1: container web has ended (OOMKilled, exit code 137): ${log} --previous`],
    [`pod web-1: container web has ended (Error, exit code 3): ${log}`],
    [],
  ]);
});

test('runs as a process of its own, with the kubectl of the path', () => {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  const kubectl = join(folder, 'kubectl');
  writeFileSync(
    kubectl,
    `#!/bin/sh\ncase "$*" in *' apply '*) echo "$@" ;; *) echo '{"kind":"List","items":[]}' ;; esac\n`,
  );
  chmodSync(kubectl, 0o755);
  const script = resolve(__dirname, '../../src/cdk8s-deploy.ts');
  const deployed = (path: string) =>
    spawnSync(
      process.execPath,
      ['--require', 'ts-node/register/transpile-only', script, 'dist', '--context', 'kind-kind'],
      { encoding: 'utf8', env: { ...process.env, PATH: path } },
    );
  const { status, stdout } = deployed(`${folder}${delimiter}${process.env.PATH}`);
  expect([status, stdout]).toEqual([0, '--context kind-kind apply --server-side --filename dist\n']);
  expect(deployed(join(folder, 'empty'))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('not installed') as string,
  });
  rmSync(folder, { recursive: true });
});
