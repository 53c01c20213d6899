import { App, Duration, Size } from 'cdk8s';
import {
  Job,
  PrivilegedException,
  PrivilegedWorkload,
  Redis,
  ScheduledJob,
  SecretRef,
  StaticSite,
  Volume,
  WebService,
  Worker,
  Probe,
} from '../../src';
import { type Manifest, newChart, only, problemsOf, synth, WEB } from '../support';

const VOLUMES = 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes';
const SAFE = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
const IMAGE = 'ghcr.io/acme/run:1.4.2';
const REASON = 'A training run starts again from nothing';

const annotationsOf = (manifests: Manifest[], kind: string): Record<string, string> | undefined => {
  const { spec } = only(manifests, kind);
  return (spec.template ?? spec.jobTemplate.spec.template).metadata.annotations;
};

describe('the scratch volumes of a pod', () => {
  test.each<[string, Parameters<typeof synth>[0], string, string]>([
    ['WebService', (chart) => new WebService(chart, 'web', WEB), 'Deployment', 'tmp'],
    ['Worker', (chart) => new Worker(chart, 'worker', { image: IMAGE, liveness: Probe.none() }), 'Deployment', 'tmp'],
    ['StaticSite', (chart) => new StaticSite(chart, 'site', { image: IMAGE }), 'Deployment', 'tmp'],
    [
      'Redis',
      (chart) =>
        new Redis(chart, 'redis', {
          storage: Size.gibibytes(1),
          password: { secret: SecretRef.named('redis'), key: 'passwd' },
        }),
      'StatefulSet',
      'tmp',
    ],
    [
      'a block with more, but for those in memory',
      (chart) => {
        const web = new WebService(chart, 'web', {
          ...WEB,
          writablePaths: ['/var/lib/web'],
          sidecars: [{ name: 'proxy', image: IMAGE }],
        });
        web.mount('/var/cache/web', Volume.emptyDir({ sizeLimit: Size.mebibytes(64) }));
        web.mount('/var/cache/hot', Volume.emptyDir({ sizeLimit: Size.mebibytes(64), inMemory: true }));
      },
      'Deployment',
      'tmp,tmp-proxy,var-cache-web,var-lib-web',
    ],
  ])('do not hold a node: %s (CH08-53)', (_title, make, kind, names) => {
    expect(annotationsOf(synth(make), kind)?.[VOLUMES]).toBe(names);
  });

  test('hold it while a run goes on, and do not matter in a DaemonSet', () => {
    expect(
      annotationsOf(
        synth((chart) => new Job(chart, 'run', { image: IMAGE })),
        'Job',
      ),
    ).toBeUndefined();
    expect(
      annotationsOf(
        synth((chart) => new ScheduledJob(chart, 'run', { image: IMAGE, schedule: '@daily' })),
        'CronJob',
      ),
    ).toBeUndefined();
    const exceptions = [PrivilegedException.rootUser({ reason: 'The files belong to root' })];
    expect(
      annotationsOf(
        synth((chart) => new PrivilegedWorkload(chart, 'agent', { image: IMAGE, owner: 'team', exceptions })),
        'DaemonSet',
      ),
    ).not.toHaveProperty(VOLUMES);
  });

  test('are as the caller says', () => {
    const of = (podAnnotations: Record<string, string>): object | undefined =>
      annotationsOf(
        synth((chart) => new WebService(chart, 'web', { ...WEB, podAnnotations })),
        'Deployment',
      );
    expect(of({ [VOLUMES]: 'none' })).toEqual({ [VOLUMES]: 'none' });
    expect(of({ [SAFE]: 'true' })).toEqual({ [SAFE]: 'true' });
  });
});

describe('a pod that holds its node', () => {
  test.each<[string, Parameters<typeof synth>[0], string]>([
    ['a training run', (chart) => new Job(chart, 'run', { image: IMAGE, holdsNode: REASON }), 'Job'],
    ['a single pod', (chart) => new WebService(chart, 'web', { ...WEB, replicas: 1, holdsNode: REASON }), 'Deployment'],
  ])('says so, with its reason: %s (CH08-53)', (_title, make, kind) => {
    expect(annotationsOf(synth(make), kind)).toEqual({
      [SAFE]: 'false',
      'karpenter.sh/do-not-disrupt': 'true',
      'holds-node/reason': REASON,
    });
  });

  test('needs a reason, and no annotation beside it', () => {
    const problems = (props: object): string[] =>
      problemsOf((chart) => new Job(chart, 'run', { image: IMAGE, ...props, ttlAfterFinished: Duration.days(1) }));
    expect(problems({ holdsNode: 'because' })).toEqual(['[app/run] holdsNode: props/value']);
    expect(problems({ holdsNode: true })).toEqual(['[app/run] holdsNode: props/value']);
    expect(problems({ holdsNode: REASON, podAnnotations: { [SAFE]: 'true' } })).toEqual([
      `[app/run] podAnnotations['${SAFE}']: props/conflict`,
    ]);
    expect(problems({ holdsNode: REASON, podAnnotations: { 'holds-node/reason': 'another one' } })).toEqual([
      "[app/run] podAnnotations['holds-node/reason']: props/conflict",
    ]);
  });

  test('is none of a DaemonSet, which is on each node', () => {
    const exceptions = [PrivilegedException.rootUser({ reason: 'The files belong to root' })];
    const of = (replicas?: number): string[] =>
      problemsOf((chart) => {
        const agents = newChart('agents', 'agents', App.of(chart));
        new PrivilegedWorkload(agents, 'agent', {
          image: IMAGE,
          owner: 'team',
          exceptions,
          replicas,
          holdsNode: REASON,
        });
      });
    expect(of()).toEqual(['[agents/agent] holdsNode: props/conflict']);
    expect(of(1)).toEqual([]);
  });
});
