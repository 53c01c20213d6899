import { ApiObject, type Chart, Duration, Size, Testing } from 'cdk8s';
import {
  AccessMode,
  Autoscaling,
  ClusterProfile,
  DisruptionBudget,
  findingsOf,
  type MemberClaim,
  PreStop,
  Probe,
  StatefulService,
  type StatefulServiceProps,
  WebService,
} from '../../src';
import { type Manifest, newChart, only, problemsOf, synth, WEB } from '../support';

const IDENTITY = { 'app.kubernetes.io/instance': 'db' };
const DATA: MemberClaim = { path: '/data', size: Size.gibibytes(10) };

function storeIn(chart: Chart, props: Partial<StatefulServiceProps> = {}): StatefulService {
  return new StatefulService(chart, 'db', {
    name: 'db',
    image: 'ghcr.io/acme/db:1.4.2',
    port: 5432,
    readiness: Probe.exec(['is-ready']),
    ...props,
  });
}

function manifestsOf(props: Partial<StatefulServiceProps> = {}): Manifest[] {
  return synth((chart) => storeIn(chart, props));
}

function setOf(props: Partial<StatefulServiceProps> = {}): Manifest {
  return only(manifestsOf(props), 'StatefulSet').spec;
}

function refusedOf(props: Partial<StatefulServiceProps>): string[] {
  return problemsOf((chart) => storeIn(chart, props));
}

/** As `refusedOf`, of a cluster with the newest fields. */
function refusedOnNewest(props: Partial<StatefulServiceProps>): string[] {
  return problemsOf((chart) => {
    new ClusterProfile({ version: '1.37' }).assignTo(chart);
    storeIn(chart, props);
  });
}

describe('the objects', () => {
  test('are a StatefulSet between its Services, identity, policy and budget (CH16-30, SYS-16-15, S000-80)', () => {
    expect(
      manifestsOf({ replicas: 3, claims: [DATA] }).map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    ).toEqual([
      'ServiceAccount db',
      'NetworkPolicy db',
      'Service db-members',
      'StatefulSet db',
      'Service db',
      'PodDisruptionBudget db',
    ]);
  });

  test('line up: headless Service, selectors, names of mounts (CH16-29, CH16-31, CH16-33, SYS-16-14)', () => {
    const manifests = manifestsOf({ claims: [DATA], extraPorts: [{ name: 'peer', port: 7000, servicePort: 70 }] });
    const { serviceName, selector, template, volumeClaimTemplates } = only(manifests, 'StatefulSet').spec;
    const members = only(manifests, 'Service', 'db-members').spec;
    expect([serviceName, selector, template.metadata.labels]).toEqual([
      'db-members',
      { matchLabels: IDENTITY },
      expect.objectContaining(IDENTITY),
    ]);
    expect(members).toEqual({
      type: 'ClusterIP',
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: IDENTITY,
      ports: [
        { name: 'tcp', port: 5432, targetPort: 'tcp', protocol: 'TCP' },
        { name: 'peer', port: 7000, targetPort: 'peer', protocol: 'TCP' },
      ],
    });
    expect(only(manifests, 'Service', 'db').spec).toMatchObject({ selector: IDENTITY, ports: [{}, { port: 70 }] });
    expect(template.spec.containers[0].volumeMounts).toContainEqual({ name: 'data', mountPath: '/data' });
    expect(volumeClaimTemplates.map(({ metadata }: Manifest) => metadata)).toEqual([
      { name: 'data', labels: IDENTITY },
    ]);
  });

  test('are all public on the block', () => {
    const store = storeIn(newChart(), {
      primary: 'first',
      service: { headless: true },
      replicas: undefined,
      autoscaling: Autoscaling.onCpu({ min: 2, max: 5, target: 80 }),
    });
    expect(
      [
        store.statefulSet,
        store.service,
        store.membersService,
        store.readService,
        store.headlessService,
        store.disruptionBudget,
        store.autoscaler,
      ].map((object) => `${object?.kind} ${object?.name}`),
    ).toEqual([
      'StatefulSet db',
      'Service db',
      'Service db-members',
      'Service db-read',
      'Service db-headless',
      'PodDisruptionBudget db',
      'HorizontalPodAutoscaler db',
    ]);
    expect(store.toScalingTarget()).toMatchObject({ kind: 'StatefulSet', name: 'db', replicas: undefined });
  });

  test('have no claims where none are listed: stable names alone (CH16-41)', () => {
    const { volumeClaimTemplates, persistentVolumeClaimRetentionPolicy, serviceName } = setOf();
    expect([volumeClaimTemplates, persistentVolumeClaimRetentionPolicy, serviceName]).toEqual([
      undefined,
      undefined,
      'db-members',
    ]);
  });
});

describe('numbers of members', () => {
  test('are one, and three of a quorum: Kubernetes copies no data (CH16-26, CH16-37)', () => {
    expect([setOf().replicas, setOf({ quorum: true }).replicas, setOf({ replicas: 2 }).replicas]).toEqual([1, 3, 2]);
  });

  test('belong to an autoscaler only where it is named (CH16-28)', () => {
    const manifests = manifestsOf({ autoscaling: Autoscaling.onCpu({ min: 2, max: 5, target: 80 }) });
    expect(only(manifests, 'StatefulSet').spec.replicas).toBeUndefined();
    expect(only(manifests, 'HorizontalPodAutoscaler').spec.scaleTargetRef).toEqual({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      name: 'db',
    });
    expect(manifestsOf().filter(({ kind }) => kind === 'HorizontalPodAutoscaler')).toEqual([]);
  });
});

describe('claims', () => {
  test('have size, access mode, classes, and mounts in the named containers (CH16-09, CH16-32, SYS-16-06)', () => {
    const manifests = synth((chart) => {
      new ClusterProfile({ version: '1.34' }).assignTo(chart);
      storeIn(chart, {
        sidecars: [{ name: 'backup', image: 'ghcr.io/acme/backup:1.0.0' }],
        claims: [
          { ...DATA, subPath: 'pgdata', storageClassName: 'fast', volumeAttributesClassName: 'gold' },
          {
            name: 'log',
            path: '/log',
            size: Size.mebibytes(512),
            accessMode: AccessMode.READ_WRITE_ONCE_POD,
            containers: ['main', 'backup'],
          },
        ],
      });
    });
    const { template, volumeClaimTemplates } = only(manifests, 'StatefulSet').spec;
    expect(volumeClaimTemplates.map(({ spec }: Manifest) => spec)).toEqual([
      {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '10Gi' } },
        storageClassName: 'fast',
        volumeAttributesClassName: 'gold',
      },
      { accessModes: ['ReadWriteOncePod'], resources: { requests: { storage: '512Mi' } } },
    ]);
    const [main, backup] = [template.spec.containers[0], template.spec.initContainers[0]];
    expect(main.volumeMounts).toContainEqual({ name: 'data', mountPath: '/data', subPath: 'pgdata' });
    expect(main.volumeMounts).toContainEqual({ name: 'log', mountPath: '/log' });
    expect(backup.volumeMounts).toContainEqual({ name: 'log', mountPath: '/log' });
    expect(backup.volumeMounts).not.toContainEqual(expect.objectContaining({ name: 'data' }));
  });

  test('stay unless the block says otherwise (CH16-34)', () => {
    expect(setOf({ claims: [DATA] }).persistentVolumeClaimRetentionPolicy).toEqual({
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    });
    expect(
      setOf({ claims: [DATA], claimRetention: { whenScaled: 'delete' } }).persistentVolumeClaimRetentionPolicy,
    ).toEqual({ whenDeleted: 'Retain', whenScaled: 'Delete' });
  });

  test.each<[string, Partial<StatefulServiceProps>, string[]]>([
    ['no size', { claims: [{ path: '/data' } as never] }, ['[app/db] claims[0].size: props/required']],
    ['a small size', { claims: [{ ...DATA, size: Size.kibibytes(1) }] }, ['[app/db] claims[0].size: props/value']],
    ['no path', { claims: [{ size: DATA.size } as never] }, ['[app/db] claims[0].path: props/required']],
    ['a name', { claims: [{ ...DATA, name: 'a_b' }] }, ['[app/db] claims[0].name: props/value']],
    ['one name twice', { claims: [DATA, { ...DATA, path: '/b' }] }, ['[app/db] claims[1].name: props/duplicate']],
    [
      'one path twice',
      { claims: [DATA, { ...DATA, name: 'b' }] },
      ['[app/db] claims[1].path: workload/duplicate-mount'],
    ],
    [
      'the path of a writable directory',
      { claims: [DATA], writablePaths: ['/data'] },
      ['[app/db] claims[0].path: workload/duplicate-mount'],
    ],
    [
      'a path of the image',
      { claims: [{ ...DATA, path: '/etc' }] },
      ['[app/db] claims[0].path: workload/mount-hides-files'],
    ],
    ['another container', { claims: [{ ...DATA, containers: ['x'] }] }, ['[app/db] claims[0].containers: props/value']],
    [
      'an access mode without writers',
      { claims: [{ ...DATA, accessMode: AccessMode.READ_ONLY_MANY }] },
      ['[app/db] claims[0].accessMode: props/value'],
    ],
    ['an unknown prop', { claims: [{ ...DATA, mode: 1 } as never] }, ['[app/db] claims[0].mode: props/unknown']],
    [
      'an attributes class on an older cluster',
      { claims: [{ ...DATA, volumeAttributesClassName: 'gold' }] },
      ['[app/db] claims[0].volumeAttributesClassName: cluster/version'],
    ],
    [
      'retention without claims',
      { claimRetention: { whenDeleted: 'keep' } },
      ['[app/db] claimRetention: props/conflict'],
    ],
    [
      'a retention',
      { claims: [DATA], claimRetention: { whenDeleted: 'Retain' as never } },
      ['[app/db] claimRetention.whenDeleted: props/value'],
    ],
  ])('refuses %s', (_what, props, expected) => expect(refusedOf(props)).toEqual(expected));

  test('that cannot be read are one mistake, also beside a retention', () => {
    const chart = newChart();
    storeIn(chart, { claims: 'data' as never, claimRetention: { whenDeleted: 'keep' } });
    expect(() => Testing.synth(chart)).toThrow();
    expect(findingsOf(chart).map(({ rule }) => rule)).toEqual(['props/value']);
  });
});

describe('start, rollout and shutdown', () => {
  test('are in order, one at a time, each after it was ready (CH16-27, CH16-47, S000-76, S002-48)', () => {
    expect(setOf({ replicas: 3 })).toMatchObject({
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate' },
      minReadySeconds: 5,
      revisionHistoryLimit: 10,
    });
    expect(setOf({ replicas: 3, start: 'parallel', rollout: { partition: 2 } })).toMatchObject({
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
    });
  });

  test('run a hook of the user within the grace period, of 60 s (CH16-36, CH16-44, SYS-16-18)', () => {
    const preStop = PreStop.exec(['/app/hand-over'], { duration: Duration.seconds(30) });
    const { spec } = setOf({ preStop }).template;
    expect([spec.terminationGracePeriodSeconds, spec.containers[0].lifecycle.preStop.exec.command]).toEqual([
      60,
      expect.arrayContaining([expect.stringContaining('sleep')]),
    ]);
    expect(refusedOf({ preStop, terminationGracePeriod: Duration.seconds(30) })).toEqual([
      '[app/db] preStop.duration: workload/hook-grace',
    ]);
  });

  test('can take several at a time on a cluster that knows it', () => {
    const manifests = synth((chart) => {
      new ClusterProfile({ version: '1.37' }).assignTo(chart);
      storeIn(chart, { replicas: 5, rollout: { maxUnavailable: '40%' } });
    });
    expect(only(manifests, 'StatefulSet').spec.updateStrategy.rollingUpdate).toEqual({ maxUnavailable: '40%' });
    expect(refusedOf({ rollout: { maxUnavailable: 2 } })).toEqual(['[app/db] rollout.maxUnavailable: cluster/version']);
  });

  test.each<[Partial<StatefulServiceProps>, string[]]>([
    [{ replicas: 3, rollout: { partition: 4 } }, ['[app/db] rollout.partition: stateful/partition']],
    [{ replicas: 3, rollout: { partition: 3 } }, []],
    [{ replicas: -1, rollout: { partition: 4 } }, ['[app/db] replicas: props/value']],
    [{ rollout: { partition: -1 } }, ['[app/db] rollout.partition: props/value']],
    [{ rollout: { maxUnavailable: 0 } }, ['[app/db] rollout.maxUnavailable: props/value']],
    [{ rollout: { maxSurge: 1 } as never }, ['[app/db] rollout.maxSurge: props/unknown']],
    [{ start: 'Parallel' as never }, ['[app/db] start: props/value']],
    [{ volumeClaimTemplates: [] } as never, ['[app/db] volumeClaimTemplates: props/unknown']],
  ])('%j gives %j', (props, expected) => expect(refusedOnNewest(props)).toEqual(expected));
});

describe('a quorum', () => {
  test('keeps its majority: an odd number of at least 3, and a budget of one (S003-62)', () => {
    const manifests = manifestsOf({ quorum: true, replicas: 5 });
    expect(only(manifests, 'PodDisruptionBudget').spec.maxUnavailable).toBe(1);
    expect(refusedOf({ quorum: true, replicas: 5, budget: DisruptionBudget.maxUnavailable(2) })).toEqual([]);
  });

  const QUORUM = ['[app/db] replicas: stateful/quorum'];
  test.each<[string, Partial<StatefulServiceProps>, string[]]>([
    ['one', { replicas: 1 }, QUORUM],
    ['two', { replicas: 2 }, QUORUM],
    ['four', { replicas: 4, budget: DisruptionBudget.none() }, QUORUM],
    ['a refused number', { replicas: 2.5 }, ['[app/db] replicas: props/value']],
    [
      'an autoscaler',
      { autoscaling: Autoscaling.onCpu({ min: 3, max: 5, target: 80 }) },
      ['[app/db] autoscaling: stateful/quorum'],
    ],
    ['no budget', { budget: DisruptionBudget.none() }, ['[app/db] budget: stateful/quorum-budget']],
    [
      'a budget that takes two of three',
      { budget: DisruptionBudget.maxUnavailable('50%') },
      ['[app/db] budget.maxUnavailable: stateful/quorum-budget'],
    ],
    [
      'a budget that keeps one of three',
      { budget: DisruptionBudget.minAvailable(1) },
      ['[app/db] budget.minAvailable: stateful/quorum-budget'],
    ],
    ['a budget that keeps two of three', { budget: DisruptionBudget.minAvailable(2) }, []],
    [
      'a rollout of two of three',
      { rollout: { maxUnavailable: 2 } },
      ['[app/db] rollout.maxUnavailable: stateful/quorum-budget'],
    ],
  ])('with %s', (_what, props, expected) => expect(refusedOnNewest({ quorum: true, ...props })).toEqual(expected));

  test('refuses the autoscaler of others', () => {
    expect(
      problemsOf((chart) => {
        storeIn(chart, { quorum: true });
        new ApiObject(chart, 'hpa', {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'db' },
          spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' }, maxReplicas: 5 },
        });
      }),
    ).toContain('[app/db] quorum: stateful/quorum');
  });
});

describe('a strict spread', () => {
  test('counts all revisions together: a member returns to the zone of its volume (CH16-20, SYS-16-12)', () => {
    const constraints = (props: Partial<StatefulServiceProps>): Manifest[] =>
      setOf({ replicas: 5, claims: [DATA], ...props }).template.spec.topologySpreadConstraints;
    expect(
      constraints({ spread: 'hard' }).map(({ topologyKey, matchLabelKeys }) => [topologyKey, matchLabelKeys]),
    ).toEqual([
      ['kubernetes.io/hostname', undefined],
      ['topology.kubernetes.io/zone', undefined],
    ]);
    expect(constraints({}).map(({ matchLabelKeys }) => matchLabelKeys)).toEqual([
      ['controller-revision-hash'],
      ['controller-revision-hash'],
    ]);
  });
});

describe('connections', () => {
  test('lead to all ready members, or to the primary and to all for reads (SYS-16-13)', () => {
    const variables = (props: Partial<StatefulServiceProps>): Manifest => {
      const manifests = synth((chart) => new WebService(chart, 'web', WEB).connectTo(storeIn(chart, props)));
      const { env } = only(manifests, 'Deployment').spec.template.spec.containers[0];
      return {
        env: Object.fromEntries(env.map(({ name, value }: Manifest) => [name, value])),
        selector: only(manifests, 'Service', 'db').spec.selector,
        reads: manifests.find(({ metadata }) => metadata.name === 'db-read')?.spec.selector,
        from: only(manifests, 'NetworkPolicy', 'db').spec.ingress.length,
      };
    };
    expect(variables({})).toEqual({ env: { DB_HOST: 'db', DB_PORT: '5432' }, selector: IDENTITY, from: 1 });
    expect(variables({ primary: 'first', replicas: 3, service: { port: 15 } })).toEqual({
      env: { DB_HOST: 'db', DB_PORT: '15', DB_READ_HOST: 'db-read' },
      selector: { ...IDENTITY, 'statefulset.kubernetes.io/pod-name': 'db-0' },
      reads: IDENTITY,
      // the members reach each other
      from: 2,
    });
  });

  test('name each member, qualified for other namespaces (CH16-39)', () => {
    const store = storeIn(newChart(), { replicas: 2 });
    expect(store.memberHosts(store)).toEqual(['db-0.db-members', 'db-1.db-members']);
    expect(store.memberHosts(newChart('other', 'other'))).toEqual([
      'db-0.db-members.shop.svc',
      'db-1.db-members.shop.svc',
    ]);
  });
});
