import { App, Duration, Size } from 'cdk8s';
import {
  Job,
  PreStop,
  PrivilegedException,
  PrivilegedWorkload,
  Probe,
  Redis,
  ScheduledJob,
  SecretRef,
  StaticSite,
  WebService,
  type WebServiceProps,
  Worker,
} from '../../src';
import { type Manifest, newChart, only, problemsOf, synth, untyped, WEB } from '../support';

const LEAVE = ['/app/leave', '--now'];
const none = { drain: Duration.seconds(0) };

const containersOf = (manifests: Manifest[]): Manifest[] => {
  const { spec } = only(manifests, 'Deployment').spec.template;
  return [...spec.containers, ...(spec.initContainers ?? [])];
};
const rendered = (props: Partial<WebServiceProps>): unknown =>
  containersOf(synth((chart) => new WebService(chart, 'web', { ...WEB, ...props })))[0].lifecycle?.preStop;
const refused = (props: Record<string, unknown>): string[] =>
  problemsOf((chart) => new WebService(chart, 'web', untyped({ ...WEB, ...props })));

describe('a hook before the stop', () => {
  test('is the command alone without a drain', () => {
    expect(rendered({ ...none, preStop: PreStop.exec(LEAVE) })).toEqual({ exec: { command: LEAVE } });
  });

  test('runs after the drain, or before it, and no shell reads its words (CH05-18)', () => {
    const words = ['/app/leave', '$(rm -rf /)', "it's"];
    expect(rendered({ preStop: PreStop.exec(words) })).toEqual({
      exec: { command: ['sh', '-c', 'sleep 5; exec "$@"', 'preStop', ...words] },
    });
    expect(rendered({ preStop: PreStop.exec(words, { beforeDrain: true }) })).toEqual({
      exec: { command: ['sh', '-c', '"$@"; status=$?; sleep 5; exit $status', 'preStop', ...words] },
    });
  });

  test('can be a request', () => {
    expect(rendered({ ...none, preStop: PreStop.httpGet('/leave') })).toEqual({
      httpGet: { path: '/leave', port: 'http', scheme: 'HTTP' },
    });
    const options = { portName: 'admin', scheme: 'HTTPS' as const, headers: { 'X-Why': 'stop' } };
    const extraPorts = [{ name: 'admin', port: 9901 }];
    expect(rendered({ ...none, extraPorts, preStop: PreStop.httpGet('/leave?now', options) })).toEqual({
      httpGet: {
        path: '/leave?now',
        port: 'admin',
        scheme: 'HTTPS',
        httpHeaders: [{ name: 'X-Why', value: 'stop' }],
      },
    });
  });

  test('excludes a drain if it is a request: a container has one hook (CH05-18)', () => {
    expect(refused({ preStop: PreStop.httpGet('/leave') })).toEqual(['[app/web] preStop: workload/two-hooks']);
  });

  test('fits the grace period together with the drain (CH05-19)', () => {
    const exec = (seconds: number): PreStop => PreStop.exec(LEAVE, { duration: Duration.seconds(seconds) });
    expect(refused({ preStop: exec(25) })).toEqual(['[app/web] preStop.duration: workload/hook-grace']);
    expect(refused({ preStop: exec(24) })).toEqual([]);
    expect(refused({ ...none, preStop: exec(29) })).toEqual([]);
    expect(refused({ ...none, preStop: PreStop.httpGet('/leave', { duration: Duration.seconds(30) }) })).toEqual([
      '[app/web] preStop.duration: workload/hook-grace',
    ]);
    // 5 s unless the caller says more
    expect(refused({ terminationGracePeriod: Duration.seconds(10), preStop: PreStop.exec(LEAVE) })).toEqual([
      '[app/web] preStop.duration: workload/hook-grace',
    ]);
    expect(refused({ terminationGracePeriod: Duration.seconds(11), preStop: PreStop.exec(LEAVE) })).toEqual([]);
  });

  test('is no second mistake beside a wrong drain or grace period', () => {
    const hook = { preStop: PreStop.exec(LEAVE, { duration: Duration.minutes(1) }) };
    expect(refused({ drain: 5, ...hook })).toEqual(['[app/web] drain: props/value']);
    expect(refused({ drain: Duration.seconds(30), ...hook })).toEqual(['[app/web] drain: workload/drain']);
    expect(refused({ terminationGracePeriod: 30, ...hook })).toEqual(['[app/web] terminationGracePeriod: props/value']);
  });

  test.each<[string, unknown, string]>([
    ['text', '/leave', 'preStop: props/value'],
    ['a list', LEAVE, 'preStop: props/value'],
    ['null', null, 'preStop: props/value'],
    ['a probe', Probe.exec(LEAVE), 'preStop: props/value'],
    ['a command as text', PreStop.exec('/app/leave' as never), 'preStop: props/value'],
    ['no command', PreStop.exec([]), 'preStop: props/empty-list'],
    ['an empty word', PreStop.exec(['a', '']), 'preStop[1]: props/value'],
    ['a path without a slash', PreStop.httpGet('leave'), 'preStop: props/value'],
    ['a port that is none', PreStop.httpGet('/', { port: 9 }), 'preStop: reference/missing-port'],
    ['another scheme', PreStop.httpGet('/', { scheme: 'FTP' as never }), 'preStop.scheme: props/value'],
    ['a duration of none', PreStop.httpGet('/', { duration: Duration.seconds(0) }), 'preStop.duration: props/value'],
    ['a number as duration', PreStop.exec(LEAVE, { duration: 5 as never }), 'preStop.duration: props/value'],
    ['an unknown option', PreStop.exec(LEAVE, untyped({ timeout: 5 })), 'preStop.timeout: props/unknown'],
    ['a port of a command', PreStop.exec(LEAVE, untyped({ port: 8080 })), 'preStop.port: props/unknown'],
    [
      'a credential in a header',
      PreStop.httpGet('/', { headers: { Authorization: 'Bearer x7Kq9LmP2vRt' } }),
      "preStop.headers['Authorization']: secret/in-probe",
    ],
  ])('%s is refused', (_, hook, problem) => {
    expect(refused({ ...none, preStop: hook })).toEqual([`[app/web] ${problem}`]);
  });

  test('is that of any container that keeps running, and of Jobs', () => {
    const preStop = PreStop.exec(LEAVE);
    const hook = { exec: { command: LEAVE } };
    const sidecars = [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0', preStop }];
    const worker = synth(
      (chart) => new Worker(chart, 'w', { image: WEB.image, liveness: Probe.none(), preStop, sidecars }),
    );
    expect(containersOf(worker).map(({ lifecycle }) => lifecycle.preStop as unknown)).toEqual([hook, hook]);
    const job = synth((chart) => new Job(chart, 'j', { image: WEB.image, preStop }));
    expect(only(job, 'Job').spec.template.spec.containers[0].lifecycle.preStop).toEqual(hook);
    const scheduled = synth(
      (chart) => new ScheduledJob(chart, 's', { image: WEB.image, schedule: '0 6 * * *', preStop }),
    );
    const template = only(scheduled, 'CronJob').spec.jobTemplate.spec.template;
    expect(template.spec.containers[0].lifecycle.preStop).toEqual(hook);
    const app = new App();
    new PrivilegedWorkload(newChart('agents', 'agents', app), 'agent', {
      image: WEB.image,
      owner: 'platform@example.com',
      exceptions: [PrivilegedException.rootUser({ reason: 'The files belong to root' })],
      preStop,
    });
    const objects = app.charts.flatMap((chart) => chart.toJson() as Manifest[]);
    expect(only(objects, 'DaemonSet').spec.template.spec.containers[0].lifecycle.preStop).toEqual(hook);
  });

  test('of a sidecar fits the grace period (CH05-19)', () => {
    const hook = PreStop.exec(LEAVE, { duration: Duration.seconds(30) });
    const sidecars = [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0', preStop: hook }];
    expect(refused({ sidecars })).toEqual(['[app/web] sidecars[0].preStop.duration: workload/hook-grace']);
  });

  test('is nothing for an init container, or where the block decides what runs', () => {
    const preStop = PreStop.exec(LEAVE);
    const initContainers = [{ name: 'wait', image: WEB.image, preStop }];
    expect(refused({ initContainers })).toEqual(['[app/web] initContainers[0].preStop: props/unknown']);
    expect(problemsOf((chart) => new StaticSite(chart, 'site', untyped({ image: WEB.image, preStop })))).toEqual([
      '[app/site] preStop: props/unknown',
    ]);
  });
});

describe('an image without a shell', () => {
  const SHELL = ['sh', '-c', 'exit 0'];

  test.each<[string, Record<string, unknown>, string]>([
    ['a command', { command: ['/bin/sh', '-c', 'exec server'] }, 'command'],
    ['bash', { command: ['/usr/bin/bash', '/app/start'] }, 'command'],
    ['ash', { command: ['ash'] }, 'command'],
    ['dash', { command: ['dash'] }, 'command'],
    ['a readiness check', { readiness: Probe.exec(SHELL) }, 'readiness'],
    ['a liveness check', { liveness: Probe.exec(SHELL) }, 'liveness'],
    ['a check of the start', { startup: Probe.exec(SHELL) }, 'startup'],
    ['a hook', { preStop: PreStop.exec(SHELL) }, 'preStop'],
    ['a hook beside a drain, which needs one', { preStop: PreStop.exec(LEAVE) }, 'preStop'],
    [
      'a check that two probes share, once',
      { readiness: Probe.exec(SHELL), liveness: Probe.sameAsReadiness(), startupTimeout: Duration.minutes(1) },
      'readiness',
    ],
    [
      'the check of a sidecar',
      { sidecars: [{ name: 'a', image: WEB.image, shell: false, liveness: Probe.exec(SHELL) }], shell: true },
      'sidecars[0].liveness',
    ],
    [
      'the command of an init container',
      { initContainers: [{ name: 'a', image: WEB.image, shell: false, command: SHELL }], shell: true },
      'initContainers[0].command',
    ],
  ])('does not run %s (CH05-10, S003-43)', (_, props, prop) => {
    expect(refused({ shell: false, ...props })).toEqual([`[app/web] ${prop}: workload/no-shell`]);
    expect(refused({ ...props, ...(props.shell === true ? {} : { shell: true }) }).length).toBe(props.shell ? 1 : 0);
  });

  test('runs everything else (CH05-10)', () => {
    const props = {
      shell: false,
      command: ['/app/server', '--shell', 'sh'],
      liveness: Probe.exec(['/app/check', 'sh']),
      sidecars: [{ name: 'a', image: WEB.image, command: ['sh'] }],
    };
    expect(refused({ ...props, ...none, preStop: PreStop.exec(LEAVE) })).toEqual([]);
    expect(refused({ ...props, ...none, preStop: PreStop.httpGet('/leave') })).toEqual([]);
    expect(refused({ shell: false })).toEqual([]);
  });

  test('is stated by true or false, and not where the block needs one', () => {
    expect(refused({ shell: 'no' })).toEqual(['[app/web] shell: props/value']);
    const password = { secret: SecretRef.named('redis-passwd'), key: 'passwd' };
    const redis = { storage: Size.gibibytes(10), password, shell: false };
    expect(problemsOf((chart) => new Redis(chart, 'redis', untyped(redis)))).toEqual([
      '[app/redis] shell: props/unknown',
    ]);
  });
});
