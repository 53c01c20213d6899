import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import type { Chart } from 'cdk8s';
import { Role, Secret } from 'cdk8s-plus-27';
import { annotationsOf, newChart, only, problemsOf, synth, untyped, WEB, type Manifest } from './support';
import {
  Autoscaling,
  Cpu,
  DisruptionBudget,
  Egress,
  HttpRouting,
  IngressController,
  Probe,
  Redis,
  type RedisProps,
  Resources,
  Rollout,
  Tls,
  VersionedConfigMap,
  WebService,
  type WebServiceProps,
} from '../src';

// Defects that were found in other libraries for the same purpose, each as the behaviour that this one has instead.

function web(chart: Chart, props: Partial<WebServiceProps> = {}, id = 'web'): WebService {
  return new WebService(chart, id, { ...WEB, ...props });
}

function redis(chart: Chart, props: Partial<RedisProps> = {}): Redis {
  return new Redis(chart, 'redis', {
    storage: Size.gibibytes(10),
    password: { secret: Secret.fromSecretName(chart, 'passwd', 'redis-passwd'), key: 'passwd' },
    ...props,
  });
}

function webPods(props: Partial<WebServiceProps> = {}): Manifest {
  return only(
    synth((chart) => web(chart, props)),
    'Deployment',
  ).spec.template.spec;
}

describe('Redis', () => {
  const found = synth((chart) => redis(chart));
  const { spec } = only(found, 'StatefulSet');
  const [container] = spec.template.spec.containers;
  const files = only(found, 'ConfigMap').data as Record<string, string>;

  test('writes its data to the volume that is mounted', () => {
    const directory = /^dir (\S+)$/m.exec(files['redis.conf'])?.[1];
    expect(container.volumeMounts).toContainEqual({
      name: spec.volumeClaimTemplates[0].metadata.name,
      mountPath: directory,
    });
  });

  test('is ready by what the answer says, not by the exit code of redis-cli', () => {
    expect(container.readinessProbe.exec.command).toEqual(['sh', '/opt/redis/ready.sh']);
    expect(files['ready.sh']).toContain('state=$(shown_in "$member" "$info")\n');
  });

  test('keeps the volumes of its pods', () => {
    const mounted = container.volumeMounts.map(({ name }: Manifest) => name) as string[];
    const known = [
      ...spec.template.spec.volumes,
      ...spec.volumeClaimTemplates.map(({ metadata }: Manifest) => metadata),
    ].map(({ name }) => name as string);
    expect(mounted.filter((name) => !known.includes(name))).toEqual([]);
    expect(mounted.length).toBeGreaterThan(3);
  });

  test('claims say how they are accessed', () => {
    expect(spec.volumeClaimTemplates[0].spec.accessModes).toEqual(['ReadWriteOnce']);
  });

  test('is governed by a Service that exists, with the real port', () => {
    expect(only(found, 'Service', spec.serviceName).spec).toMatchObject({
      clusterIP: 'None',
      ports: [{ port: 6379, targetPort: 'redis' }],
    });
    expect(container.ports).toEqual([{ name: 'redis', containerPort: 6379, protocol: 'TCP' }]);
  });

  test('has no password of its own: no Secret is written, and one must be named', () => {
    expect(found.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(problemsOf((chart) => redis(chart, { password: undefined }))).toHaveLength(1);
  });
});

describe('numbers', () => {
  test.each([0, 1])('%d replicas are a number, not "unset"', (replicas) => {
    expect(
      only(
        synth((chart) => web(chart, { replicas })),
        'Deployment',
      ).spec.replicas,
    ).toBe(replicas);
  });

  test.each([
    ['port', 0],
    ['port', NaN],
    ['replicas', NaN],
    ['revisionHistory', NaN],
  ])('%s: %d does not slip through as a default', (prop, value) => {
    expect(problemsOf((chart) => web(chart, { [prop]: value }))).toEqual([`[app/web] ${prop}: props/value`]);
  });

  test('zero is kept where it means something', () => {
    expect(
      only(
        synth((chart) =>
          web(chart, { revisionHistory: 0, rollout: Rollout.rolling({ maxSurge: 1, maxUnavailable: 0 }) }),
        ),
        'Deployment',
      ).spec,
    ).toMatchObject({ revisionHistoryLimit: 0, strategy: { rollingUpdate: { maxUnavailable: 0 } } });
  });

  test('port 0 gets into no policy', () => {
    expect(
      problemsOf((chart) => web(chart, { egress: 'declared', egressTo: [Egress.internet({ ports: [0] })] })),
    ).toEqual(['[app/web] egressTo[0].ports[0]: props/value']);
  });

  test.each([1, 10_000])('the text of an error names the range of the check: maximum %d of the autoscaler', (max) => {
    const messages = problemsOf((chart) => web(chart, { autoscaling: Autoscaling.onCpu({ min: 2, max, target: 80 }) }));
    expect(messages).toEqual(max === 1 ? [expect.stringContaining('autoscaling.max: props/value')] : []);
  });
});

test('features that are combined make no duplicate ids: routes, scaling, edges and mounts on one block', () => {
  expect(
    problemsOf((chart) => {
      const block = web(chart, {
        autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: 80 }),
        egress: 'declared',
        egressTo: [Egress.internet()],
      });
      const config = new VersionedConfigMap(chart, 'config', { data: { MODE: 'a' } });
      block.mount('/etc/web', config);
      block.addEnvFrom(config);
      block.addEnv('MORE', config.envValue('MODE'));
      block.connectTo(redis(chart));
      for (const [id, host] of [
        ['one', 'a.example.com'],
        ['two', 'b.example.com'],
      ]) {
        new HttpRouting(chart, id, {
          host,
          tls: Tls.certManager({ clusterIssuer: 'le' }),
          controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
          routes: [
            { path: '/', backend: block },
            { path: '/old', backend: block, stripPrefix: true },
          ],
        });
      }
    }),
  ).toEqual([]);
});

test('lists and maps of the caller are not written to', () => {
  const env = Object.freeze({ A: '1' });
  const sidecars = Object.freeze([Object.freeze({ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' })]);
  const labels = Object.freeze({ team: 'web' });
  expect(
    problemsOf((chart) => {
      const block = web(chart, { env, sidecars: [...sidecars], labels });
      block.addEnv('B', '2');
      block.mount('/etc/web', new VersionedConfigMap(chart, 'config', { data: { a: '1' } }));
    }),
  ).toEqual([]);
});

describe('a ConfigMap', () => {
  test('has a name that is a plain string from the start', () => {
    const config = new VersionedConfigMap(newChart(), 'config', { data: { a: '1' } });
    expect(config.name).toMatch(/^app-config-[0-9a-f]{10}$/);
    expect(JSON.stringify({ name: config.name })).toBe(`{"name":"app-config-${config.contentHash}"}`);
  });

  test('keeps a binary file byte by byte', () => {
    const folder = mkdtempSync(join(tmpdir(), 'files-'));
    const bytes = Buffer.from([0xff, 0xd8, 0x00, 0xfe]);
    writeFileSync(join(folder, 'photo.jpg'), bytes);
    const { binaryData, data } = only(
      synth((chart) => new VersionedConfigMap(chart, 'config', { folder })),
      'ConfigMap',
    );
    rmSync(folder, { recursive: true });
    expect(Buffer.from(binaryData['photo.jpg'], 'base64')).toEqual(bytes);
    expect(data).toBeUndefined();
  });

  test('keeps entries that are empty, also when all are', () => {
    expect(
      only(
        synth((chart) => new VersionedConfigMap(chart, 'config', { data: { a: '', b: '' } })),
        'ConfigMap',
      ).data,
    ).toEqual({ a: '', b: '' });
  });

  test('has a checksum of its own: a change of one rolls only the pods that use it', () => {
    const annotations = (other: string): Record<string, string> => {
      const manifests = synth((chart) => {
        const config = new VersionedConfigMap(chart, 'config', { data: { a: '1' }, reload: 'checksum' });
        new VersionedConfigMap(chart, 'other', { data: { a: other }, reload: 'checksum' });
        web(chart).mount('/etc/web', config);
      });
      return annotationsOf(only(manifests, 'Deployment').spec.template as Manifest);
    };
    expect(annotations('1')).toEqual(annotations('2'));
    expect(Object.keys(annotations('1'))).toEqual(['checksum/app-config']);
  });

  test('has one version, whatever the order of its entries', () => {
    const name = (data: Record<string, string>): string => new VersionedConfigMap(newChart(), 'config', { data }).name;
    expect(name({ a: '1', b: '2' })).toBe(name({ b: '2', a: '1' }));
  });
});

describe('pods', () => {
  test('soft spreading keeps no new pod from starting, so that no rollout gets stuck on it', () => {
    expect(webPods().topologySpreadConstraints.map(({ whenUnsatisfiable }: Manifest) => whenUnsatisfiable)).toEqual([
      'ScheduleAnyway',
      'ScheduleAnyway',
    ]);
    expect(webPods()).not.toHaveProperty('affinity');
  });

  test('minDomains stands only beside DoNotSchedule, as the API wants it', () => {
    expect(webPods().topologySpreadConstraints.filter((constraint: Manifest) => 'minDomains' in constraint)).toEqual(
      [],
    );
    const zone = webPods({ spread: 'hard' }).topologySpreadConstraints[1];
    expect(zone).toMatchObject({
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'DoNotSchedule',
      minDomains: 2,
    });
  });

  test('an init container gets no probe', () => {
    const [init] = webPods({
      initContainers: [{ name: 'migrate', image: 'ghcr.io/acme/migrate:1.0.0' }],
    }).initContainers;
    expect(Object.keys(init).filter((field) => field.endsWith('Probe'))).toEqual([]);
  });

  test('each declared probe is rendered into its own field of the container', () => {
    const [container] = webPods({ liveness: Probe.httpGet('/live'), startup: Probe.httpGet('/started') }).containers;
    expect(
      [container.readinessProbe, container.livenessProbe, container.startupProbe].map(({ httpGet }) => httpGet.path),
    ).toEqual(['/readyz', '/live', '/started']);
  });

  test('fields of the pod are in the pod, those of the container in the container', () => {
    const spec = webPods({ priorityClassName: 'high', nodeSelector: { disk: 'ssd' }, args: ['a'] });
    expect(spec).toMatchObject({
      priorityClassName: 'high',
      nodeSelector: { disk: 'ssd' },
      terminationGracePeriodSeconds: 30,
      securityContext: { fsGroup: 65532 },
    });
    expect(spec.containers[0]).toMatchObject({ args: ['a'], securityContext: { readOnlyRootFilesystem: true } });
    expect(spec.containers[0].securityContext).not.toHaveProperty('fsGroup');
    expect(spec.securityContext).not.toHaveProperty('readOnlyRootFilesystem');
  });

  test('no label has a part that is undefined', () => {
    const manifests = synth((chart) => {
      web(chart);
      redis(chart);
    });
    expect(JSON.stringify(manifests)).not.toContain('undefined');
  });

  test('the default strategy is not Recreate', () => {
    expect(
      only(
        synth((chart) => web(chart)),
        'Deployment',
      ).spec.strategy.type,
    ).toBe('RollingUpdate');
  });
});

test('the subject of a role binding has its namespace', () => {
  const found = synth((chart) => {
    const role = new Role(chart, 'role');
    role.bind(web(chart).serviceAccount);
  });
  expect(only(found, 'RoleBinding').subjects[0]).toEqual({
    kind: 'ServiceAccount',
    name: 'app-web',
    namespace: 'shop',
    apiGroup: '',
  });
});

test('the selector of each instance is its own', () => {
  const found = synth((chart) => ['one', 'two'].forEach((id) => web(chart, {}, id)));
  for (const kind of ['Service', 'Deployment', 'PodDisruptionBudget']) {
    const [one, two] = ['app-one', 'app-two'].map((name) => JSON.stringify(only(found, kind, name).spec.selector));
    expect(one).not.toBe(two);
  }
});

describe('a disruption budget', () => {
  const spec = (budget: DisruptionBudget): Manifest =>
    only(
      synth((chart) => web(chart, { replicas: 4, budget })),
      'PodDisruptionBudget',
    ).spec;

  test('has one of the two limits, the one that was said', () => {
    expect(spec(DisruptionBudget.minAvailable(3))).toMatchObject({ minAvailable: 3 });
    expect(spec(DisruptionBudget.minAvailable(3))).not.toHaveProperty('maxUnavailable');
    expect(spec(DisruptionBudget.maxUnavailable('50%'))).toMatchObject({ maxUnavailable: '50%' });
    expect(spec(DisruptionBudget.maxUnavailable('50%'))).not.toHaveProperty('minAvailable');
  });
});

test('the memory target of an autoscaler is its own, not that of the CPU', () => {
  const found = synth((chart) => web(chart, { autoscaling: Autoscaling.on({ min: 2, max: 4, cpu: 70, memory: 90 }) }));
  expect(
    only(found, 'HorizontalPodAutoscaler').spec.metrics.map(({ resource }: Manifest) => [
      resource.name,
      resource.target.averageUtilization,
    ]),
  ).toEqual([
    ['memory', 90],
    ['cpu', 70],
  ]);
});

test('the order of maps does not show in the output', () => {
  const build = (env: Record<string, string>, labels: Record<string, string>): string =>
    JSON.stringify(synth((chart) => web(chart, { labels, podAnnotations: labels, nodeSelector: labels, env })));
  const env = { A: '1' };
  expect(build(env, { a: '1', b: '2' })).toBe(build(env, { b: '2', a: '1' }));
});

test('optional maps may be left out, one by one and all together', () => {
  const maps = ['labels', 'annotations', 'podLabels', 'podAnnotations', 'env', 'nodeSelector', 'service'];
  expect(problemsOf((chart) => maps.forEach((prop) => web(chart, { [prop]: undefined }, prop.toLowerCase())))).toEqual(
    [],
  );
  expect(problemsOf((chart) => web(chart, untyped(Object.fromEntries(maps.map((prop) => [prop, {}])))))).toEqual([]);
});

test('DNS is open over UDP and TCP', () => {
  const [dns] = only(
    synth((chart) => web(chart, { egress: 'declared' })),
    'NetworkPolicy',
  ).spec.egress;
  expect(dns.ports).toEqual([
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ]);
});

test('a refused configuration is not used: synthesis fails', () => {
  const resources = Resources.of({ cpu: Cpu.millis(-1), memory: Size.mebibytes(64) });
  expect(problemsOf((chart) => web(chart, { resources }))).toEqual(['[app/web] resources.cpu: props/value']);
});

test('no workload gets rights at the API server', () => {
  const found = synth((chart) => {
    web(chart, { serviceAccountToken: true });
    redis(chart);
  });
  expect(found.filter(({ kind }) => /Role/.test(kind))).toEqual([]);
});
