import { Duration } from 'cdk8s';
import {
  Autoscaling,
  DisruptionBudget,
  Probe,
  Rollout,
  type SidecarProps,
  WebService,
  type WebServiceProps,
} from '../../src';
import { type Manifest, only, problemsOf, synth, untyped, WEB } from '../support';

function deployment(props: Partial<WebServiceProps> = {}): Manifest {
  return only(
    synth((chart) => new WebService(chart, 'web', { ...WEB, ...props })),
    'Deployment',
  ).spec;
}

function refusals(props: Record<string, unknown>): string[] {
  return problemsOf((chart) => new WebService(chart, 'web', untyped({ ...WEB, ...props })));
}

const autoscaling = Autoscaling.onCpu({ min: 2, max: 4, target: 80 });

test('a rollout adds a pod before it takes one away (CH05-16)', () => {
  expect(deployment().strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
});

test('a pod counts after 5 s, a rollout fails after 10 minutes, ten old versions stay (CH05-36)', () => {
  expect(deployment()).toMatchObject({ minReadySeconds: 5, progressDeadlineSeconds: 600, revisionHistoryLimit: 10 });
});

test('the times and the history can be set, zero included', () => {
  expect(
    deployment({ minReady: Duration.seconds(0), progressDeadline: Duration.minutes(2), revisionHistory: 0 }),
  ).toMatchObject({ minReadySeconds: 0, progressDeadlineSeconds: 120, revisionHistoryLimit: 0 });
});

test('there are two replicas unless told otherwise (CH01-11)', () => {
  expect(deployment().replicas).toBe(2);
});

test.each([0, 1, 7])('%d replicas are taken as they are', (replicas) => {
  expect(deployment({ replicas }).replicas).toBe(replicas);
});

test('with an autoscaler no number is written, so that applying again does not reset it', () => {
  expect(deployment({ autoscaling })).not.toHaveProperty('replicas');
});

test('bounds may be shares', () => {
  expect(
    deployment({ replicas: 4, rollout: Rollout.rolling({ maxSurge: '50%', maxUnavailable: '25%' }) }).strategy
      .rollingUpdate,
  ).toEqual({ maxSurge: '50%', maxUnavailable: '25%' });
});

test('recreate stops the old pods first', () => {
  expect(deployment({ rollout: Rollout.recreate() }).strategy).toEqual({ type: 'Recreate' });
});

test.each([
  ['numbers', { maxSurge: 0, maxUnavailable: 0 }],
  // a share of maxUnavailable is rounded down: 25% of 2 pods is none
  ['shares that come to nothing', { maxSurge: 0, maxUnavailable: '25%' }],
  ['a share of none', { maxSurge: '0%' }],
])('a rollout that cannot move is refused: %s (CH05-16)', (_, options) => {
  expect(refusals({ rollout: Rollout.rolling(options) })).toEqual([
    '[app/web] rollout.maxSurge: workload/rollout-stuck',
  ]);
});

test.each([
  ['a number', { maxUnavailable: 2 }, {}],
  ['a share', { maxUnavailable: '100%' }, {}],
  ['the least number of an autoscaler', { maxUnavailable: 2 }, { autoscaling }],
])('a rollout that may take all pods away is refused: %s (DX-16)', (_, options, props) => {
  expect(refusals({ ...props, rollout: Rollout.rolling(options) })).toEqual([
    '[app/web] rollout.maxUnavailable: workload/rollout-takes-all',
  ]);
});

test('the deadline must be later than the time to be ready (CH05-36)', () => {
  expect(refusals({ minReady: Duration.seconds(60), progressDeadline: Duration.seconds(60) })).toEqual([
    '[app/web] progressDeadline: workload/progress-deadline',
  ]);
  expect(refusals({ startupTimeout: Duration.minutes(15), progressDeadline: Duration.seconds(905) })).toEqual([
    '[app/web] progressDeadline: workload/progress-deadline',
  ]);
  expect(refusals({ startupTimeout: Duration.minutes(15), progressDeadline: Duration.seconds(906) })).toEqual([]);
});

const SLOW_SIDECAR: SidecarProps = {
  name: 'cache',
  image: 'ghcr.io/acme/cache:1.0.0',
  ports: [{ name: 'admin', port: 9901 }],
  startup: Probe.tcpSocket({ initialDelay: Duration.seconds(10), period: Duration.seconds(10), failureThreshold: 59 }),
};

test.each<[string, Partial<WebServiceProps>, number]>([
  ['that fits into 10 minutes', { startupTimeout: Duration.seconds(295) }, 600],
  ['of half an hour', { startupTimeout: Duration.minutes(30) }, 1800 + 5 + 300],
  [
    'of half an hour, and a longer time to count',
    { startupTimeout: Duration.minutes(30), minReady: Duration.minutes(10) },
    1800 + 600 + 300,
  ],
  [
    'whose readiness is asked late',
    { readiness: Probe.httpGet('/readyz', { initialDelay: Duration.minutes(20) }) },
    1200 + 5 + 300,
  ],
  ['after that of a sidecar', { sidecars: [SLOW_SIDECAR], startupTimeout: Duration.minutes(10) }, 600 + 600 + 5 + 300],
  ['beside an init container', { initContainers: [{ name: 'migrate', image: 'ghcr.io/acme/web:1.4.2' }] }, 600],
])('a start %s is no failed rollout (CH05-36)', (_title, props, deadline) => {
  expect(deployment(props).progressDeadlineSeconds).toBe(deadline);
});

describe('a stopping pod', () => {
  test('goes on serving for 5 s, by a pause of the kubelet that needs no shell (CH05-18)', () => {
    expect(deployment().template.spec.containers[0].lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } });
  });

  test('does not with a drain of zero', () => {
    expect(deployment({ drain: Duration.seconds(0) }).template.spec.containers[0]).not.toHaveProperty('lifecycle');
  });

  test('has time left after the drain (CH05-19)', () => {
    expect(refusals({ drain: Duration.seconds(30) })).toEqual(['[app/web] drain: workload/drain']);
    expect(refusals({ drain: Duration.seconds(30), terminationGracePeriod: Duration.seconds(31) })).toEqual([]);
  });
});

describe('probes', () => {
  function probes(props: Partial<WebServiceProps> = {}): Manifest {
    return deployment(props).template.spec.containers[0];
  }

  test('readiness is as given, every 5 s (CH05-17)', () => {
    expect(probes().readinessProbe).toEqual({
      httpGet: { path: '/readyz', port: 'http', scheme: 'HTTP' },
      periodSeconds: 5,
      timeoutSeconds: 2,
      failureThreshold: 3,
    });
  });

  test('liveness looks at the port unless told otherwise, and there is no startup probe', () => {
    expect(probes().livenessProbe).toEqual({
      tcpSocket: { port: 'http' },
      periodSeconds: 10,
      timeoutSeconds: 2,
      failureThreshold: 3,
    });
    expect(probes()).not.toHaveProperty('startupProbe');
  });

  test('there is no liveness beside a readiness that checks the port already', () => {
    expect(probes({ readiness: Probe.portOnly() }).readinessProbe.tcpSocket).toEqual({ port: 'http' });
    expect(probes({ readiness: Probe.portOnly() })).not.toHaveProperty('livenessProbe');
  });

  test('there is none with Probe.none()', () => {
    expect(probes({ liveness: Probe.none() })).not.toHaveProperty('livenessProbe');
  });

  test('liveness by the check of readiness is refused, whatever its timing (CH05-21)', () => {
    expect(refusals({ liveness: Probe.httpGet('/readyz', { period: Duration.seconds(60) }) })).toEqual([
      '[app/web] liveness: workload/liveness-same-as-readiness',
    ]);
  });

  test('unless it is said by name', () => {
    const { livenessProbe, readinessProbe } = probes({ liveness: Probe.sameAsReadiness() });
    expect(livenessProbe.httpGet).toEqual(readinessProbe.httpGet);
    expect(livenessProbe.periodSeconds).toBe(10);
  });

  test.each([
    ['none', Probe.none()],
    ['sameAsReadiness', Probe.sameAsReadiness()],
  ])('readiness cannot be Probe.%s() (CH05-17)', (_, readiness) => {
    expect(refusals({ readiness })).toEqual(['[app/web] readiness: workload/no-readiness']);
  });

  test('a startup timeout gives the liveness check as many tries as fit into it', () => {
    const { startupProbe } = probes({ liveness: Probe.httpGet('/healthz'), startupTimeout: Duration.seconds(122) });
    expect(startupProbe).toEqual({
      httpGet: { path: '/healthz', port: 'http', scheme: 'HTTP' },
      periodSeconds: 5,
      timeoutSeconds: 2,
      failureThreshold: 25,
    });
  });

  test('a startup timeout without liveness uses the check of readiness', () => {
    expect(probes({ liveness: Probe.none(), startupTimeout: Duration.minutes(1) }).startupProbe).toMatchObject({
      httpGet: { path: '/readyz' },
      failureThreshold: 12,
    });
  });

  test('a startup check of its own keeps its period', () => {
    const startup = Probe.httpGet('/started', { period: Duration.seconds(10) });
    expect(probes({ startup }).startupProbe).toMatchObject({
      httpGet: { path: '/started' },
      periodSeconds: 10,
      failureThreshold: 3,
    });
    expect(probes({ startup, startupTimeout: Duration.minutes(1) }).startupProbe.failureThreshold).toBe(6);
  });

  test('startup may be the check of readiness, by name', () => {
    expect(
      probes({ startup: Probe.sameAsReadiness(), startupTimeout: Duration.minutes(1) }).startupProbe,
    ).toMatchObject({ httpGet: { path: '/readyz' }, periodSeconds: 5, failureThreshold: 12 });
  });

  test('a startup timeout without a startup check is refused', () => {
    expect(refusals({ startup: Probe.none(), startupTimeout: Duration.minutes(1) })).toEqual([
      '[app/web] startup: props/conflict',
    ]);
  });

  test('a sidecar is held to the same rule', () => {
    const sidecar = {
      name: 'proxy',
      image: 'ghcr.io/acme/proxy:1.0.0',
      ports: [{ name: 'admin', port: 9901 }],
      readiness: Probe.httpGet('/ready'),
      liveness: Probe.httpGet('/ready'),
    };
    expect(refusals({ sidecars: [sidecar] })).toEqual([
      '[app/web] sidecars[0].liveness: workload/liveness-same-as-readiness',
    ]);
  });
});

describe('one replica', () => {
  const kindsOf = (props: Partial<WebServiceProps>): string[] =>
    synth((chart) => new WebService(chart, 'web', { ...WEB, ...props })).map(({ kind }) => kind as string);

  test('has no spread and no budget, but those that are stated', () => {
    expect(deployment({ replicas: 1 }).template.spec.topologySpreadConstraints).toBeUndefined();
    expect(deployment({ replicas: 2 }).template.spec.topologySpreadConstraints).toHaveLength(2);
    expect(kindsOf({ replicas: 1 })).not.toContain('PodDisruptionBudget');
    expect(kindsOf({ replicas: 1, budget: DisruptionBudget.maxUnavailable(1) })).toContain('PodDisruptionBudget');
  });

  test('is not what an autoscaler begins with', () => {
    expect(deployment({ autoscaling }).template.spec.topologySpreadConstraints).toHaveLength(2);
    expect(kindsOf({ autoscaling })).toContain('PodDisruptionBudget');
  });

  test('waits for nobody with Rollout.recreate(), and keeps the old pod for 5 s otherwise', () => {
    const recreate = { replicas: 1, rollout: Rollout.recreate() };
    expect(deployment(recreate).minReadySeconds).toBeUndefined();
    expect(deployment({ ...recreate, minReady: Duration.seconds(5) }).minReadySeconds).toBe(5);
    expect(deployment({ replicas: 1 }).minReadySeconds).toBe(5);
  });
});

test('each container that fails leaves its last lines in its status', () => {
  const container = { image: 'ghcr.io/acme/a:1.0.0' };
  const { containers, initContainers } = deployment({
    sidecars: [{ name: 'proxy', ...container }],
    initContainers: [{ name: 'setup', ...container }],
  }).template.spec;
  expect([...containers, ...initContainers].map((each: Manifest) => each.terminationMessagePolicy)).toEqual(
    new Array(3).fill('FallbackToLogsOnError'),
  );
});
