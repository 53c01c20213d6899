import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import {
  type HeartbeatOptions,
  Job,
  type JobProps,
  Probe,
  SingletonWorker,
  Volume,
  WebService,
  type WebServiceProps,
  Worker,
  type WorkerProps,
} from '../../src';
import { type Manifest, only, problemsOf, synth, untyped, WEB } from '../support';

const IMAGE = 'ghcr.io/acme/mailer:1.4.2';
const TWO_MINUTES = { maxAge: Duration.minutes(2) };
const ALIVE = Probe.heartbeat('/tmp/alive', TWO_MINUTES);
const COMMAND = ['find', '/tmp/alive', '!', '-mmin', '-2', '-exec', 'false', '{}', '+'];

const container = (props: Partial<WorkerProps> = {}): Manifest =>
  only(
    synth((chart) => {
      new Worker(chart, 'mailer', { image: IMAGE, liveness: ALIVE, ...props });
    }),
    'Deployment',
  ).spec.template.spec.containers[0];
const problemsWith = (props: object): string[] =>
  problemsOf((chart) => {
    new Worker(chart, 'mailer', untyped({ image: IMAGE, liveness: ALIVE, ...props }));
  });
const problemsOfBeat = (file: unknown, options: Partial<HeartbeatOptions>, props: object = {}): string[] =>
  problemsWith({
    liveness: Probe.heartbeat(untyped(file as never), untyped<HeartbeatOptions>(options)),
    ...props,
  });

describe('a heartbeat (CH05-21)', () => {
  test('is a check of the age of a file, without a shell', () => {
    expect(container().livenessProbe).toEqual({
      exec: { command: COMMAND },
      periodSeconds: 10,
      timeoutSeconds: 2,
      failureThreshold: 3,
    });
  });

  test('gives the process the same time for its first touch', () => {
    expect(container().startupProbe).toEqual({
      exec: { command: COMMAND },
      periodSeconds: 5,
      timeoutSeconds: 2,
      failureThreshold: 24,
    });
  });

  test('leaves the start to a check of the caller, or to none', () => {
    expect(container({ startup: Probe.exec(['started']) }).startupProbe).toMatchObject({
      exec: { command: ['started'] },
    });
    expect(container({ startup: Probe.none() })).not.toHaveProperty('startupProbe');
    const slow = Probe.heartbeat('/tmp/alive', { ...TWO_MINUTES, failureThreshold: 100 });
    expect(container({ startup: slow }).startupProbe).toMatchObject({
      exec: { command: COMMAND },
      failureThreshold: 100,
    });
  });

  test('is the liveness of a run and of a singleton as well', () => {
    const manifests = synth((chart) => {
      const props: JobProps = { image: IMAGE, liveness: ALIVE };
      new Job(chart, 'import', props);
      new SingletonWorker(chart, 'ledger', { image: IMAGE, liveness: ALIVE });
    });
    for (const kind of ['Job', 'StatefulSet']) {
      const [main] = only(manifests, kind).spec.template.spec.containers;
      expect(main.livenessProbe.exec.command).toEqual(COMMAND);
      expect(main.startupProbe.exec.command).toEqual(COMMAND);
    }
  });

  test('is in any writable volume of the container', () => {
    expect(
      problemsWith({ liveness: Probe.heartbeat('/run/app/alive', TWO_MINUTES), writablePaths: ['/run/app'] }),
    ).toEqual([]);
    expect(
      problemsOf((chart) => {
        new Worker(chart, 'mailer', { image: IMAGE, liveness: Probe.heartbeat('/beat/alive', TWO_MINUTES) }).mount(
          '/beat',
          Volume.emptyDir({ sizeLimit: Size.mebibytes(1) }),
        );
      }),
    ).toEqual([]);
  });

  test('may be younger than the longest task if the process touches its file meanwhile', () => {
    const long = { terminationGracePeriod: Duration.minutes(5) };
    expect(problemsOfBeat('/tmp/alive', TWO_MINUTES, long)).toEqual([
      '[app/mailer] liveness.maxAge: workload/heartbeat-age',
    ]);
    expect(problemsOfBeat('/tmp/alive', { ...TWO_MINUTES, duringTasks: true }, long)).toEqual([]);
    expect(problemsOfBeat('/tmp/alive', { maxAge: Duration.minutes(5) }, long)).toEqual([]);
  });
});

describe('a heartbeat is refused', () => {
  test.each([
    ['in a file that no volume has', '/run/alive', TWO_MINUTES, {}, 'liveness.file: workload/heartbeat-file'],
    ['in a file without a directory', '/alive', TWO_MINUTES, {}, 'liveness.file: workload/heartbeat-file'],
    ['as the directory itself', '/tmp', TWO_MINUTES, {}, 'liveness.file: workload/heartbeat-file'],
    ['in a relative path', 'alive', TWO_MINUTES, {}, 'liveness.file: props/value'],
    ['with a variable, which the kubelet expands', '/tmp/$(A)', TWO_MINUTES, {}, 'liveness.file: props/value'],
    ['without an age', '/tmp/alive', {}, {}, 'liveness.maxAge: props/required'],
    ['of seconds', '/tmp/alive', { maxAge: Duration.seconds(90) }, {}, 'liveness.maxAge: props/value'],
    [
      'that is seldom checked',
      '/tmp/alive',
      { ...TWO_MINUTES, period: Duration.minutes(3) },
      {},
      'liveness.period: workload/heartbeat-age',
    ],
    ['in an image without programs', '/tmp/alive', TWO_MINUTES, { shell: false }, 'liveness: workload/no-shell'],
    ['with an unknown option', '/tmp/alive', { ...TWO_MINUTES, age: 5 }, {}, 'liveness.age: props/unknown'],
  ])('%s', (_, file, options, props, finding) => {
    expect(problemsOfBeat(file, options, props)).toEqual([`[app/mailer] ${finding}`]);
  });

  test.each(['readiness', 'liveness', 'startup'] as const)('as %s of a server', (prop) => {
    expect(
      problemsOf((chart) => {
        const props: WebServiceProps = { ...WEB, [prop]: ALIVE };
        new WebService(chart, 'web', props);
      }),
    ).toEqual([`[app/web] ${prop}: workload/heartbeat-place`]);
  });

  test('in a mounted volume that is read-only', () => {
    expect(
      problemsOf((chart) => {
        new Worker(chart, 'mailer', { image: IMAGE, liveness: Probe.heartbeat('/beat/alive', TWO_MINUTES) }).mount(
          '/beat',
          Volume.claim('beat'),
          { readOnly: true },
        );
      }),
    ).toEqual(['[app/mailer] liveness.file: workload/heartbeat-file']);
  });
});

describe('the command of a heartbeat', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heartbeat-'));
  const file = join(folder, 'alive');
  const [program, , ...args] = COMMAND;
  const exitCode = () => spawnSync(program, [file, ...args]).status;
  afterAll(() => rmSync(folder, { recursive: true }));

  test('fails without the file, succeeds with a young one and fails with an old one', () => {
    expect(exitCode()).toBe(1);
    writeFileSync(file, '');
    expect(exitCode()).toBe(0);
    const old = Date.now() / 1000 - 121;
    utimesSync(file, old, old);
    expect(exitCode()).toBe(1);
    execFileSync('touch', [file]);
    expect(exitCode()).toBe(0);
  });
});
