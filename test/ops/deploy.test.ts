import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { deploy } from '../../src/ops/deploy';
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
