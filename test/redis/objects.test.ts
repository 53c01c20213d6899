import { Size } from 'cdk8s';
import { Secret, type SecretValue } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { ClusterProfile, DisruptionBudget, Inventory, Peer, Redis, type RedisProps, VersionedSecret } from '../../src';
import { type Manifest, newChart, only, synth } from '../support';

const IDENTITY = { 'app.kubernetes.io/instance': 'redis' };
const PORT_6379 = [{ name: 'redis', port: 6379, targetPort: 'redis', protocol: 'TCP' }];

function passwordOf(scope: Construct): SecretValue {
  return { secret: Secret.fromSecretName(scope, 'redis-passwd', 'redis-passwd'), key: 'passwd' };
}

function manifestsOf(props: Partial<RedisProps> = {}): Manifest[] {
  return synth((chart) => {
    new Redis(chart, 'redis', { name: 'redis', password: passwordOf(chart), storage: Size.gibibytes(10), ...props });
  });
}

function statefulSetOf(props: Partial<RedisProps> = {}): Manifest {
  return only(manifestsOf(props), 'StatefulSet');
}

function containerOf(props: Partial<RedisProps> = {}): Manifest {
  return statefulSetOf(props).spec.template.spec.containers[0];
}

function confOf(props: Partial<RedisProps> = {}): string[] {
  return only(manifestsOf(props), 'ConfigMap').data['redis.conf'].trimEnd().split('\n');
}

describe('the objects', () => {
  test('are one StatefulSet, three Services, scripts, identity, policy and budget', () => {
    expect(
      manifestsOf()
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
        .sort(),
    ).toEqual([
      expect.stringMatching(/^ConfigMap redis-[0-9a-f]{10}$/),
      'NetworkPolicy redis',
      'PodDisruptionBudget redis',
      'Service redis',
      'Service redis-members',
      'Service redis-read',
      'ServiceAccount redis',
      'StatefulSet redis',
    ]);
  });

  test('are named after the construct path where no name is given', () => {
    const manifests = synth(
      (chart) => new Redis(chart, 'store', { password: passwordOf(chart), storage: Size.gibibytes(10) }),
    );
    expect(
      manifests
        .filter(({ kind }) => kind === 'Service')
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual(['app-store', 'app-store-members', 'app-store-read']);
  });

  test('are all public on the block, and the budget is absent without one', () => {
    const chart = newChart();
    const props = { password: passwordOf(chart), storage: Size.gibibytes(10) };
    const redis = new Redis(chart, 'a', props);
    expect(
      [
        redis.statefulSet,
        redis.writeService,
        redis.readService,
        redis.membersService,
        redis.disruptionBudget,
        redis.networkPolicy,
        redis.config.apiObject,
      ].map((object) => object?.kind),
    ).toEqual(['StatefulSet', 'Service', 'Service', 'Service', 'PodDisruptionBudget', 'NetworkPolicy', 'ConfigMap']);
    expect(new Redis(chart, 'b', { ...props, budget: DisruptionBudget.none() }).disruptionBudget).toBeUndefined();
  });
});

describe('the StatefulSet', () => {
  test('has three members that start at once, since they ask each other, and are replaced one by one, each ready for a while (CH01-51, CH01-54)', () => {
    const { spec } = statefulSetOf();
    expect(spec.replicas).toBe(3);
    expect(spec.podManagementPolicy).toBe('Parallel');
    expect(spec.updateStrategy).toEqual({ type: 'RollingUpdate' });
    expect(spec.minReadySeconds).toBe(5);
    expect(spec.revisionHistoryLimit).toBe(10);
    expect(spec.template.spec.terminationGracePeriodSeconds).toBe(60);
  });

  test('gives each member a claim of its own, with access mode and size (CH01-53, CH01-47, DX-25)', () => {
    expect(statefulSetOf({ storage: Size.gibibytes(20) }).spec.volumeClaimTemplates).toEqual([
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data', labels: IDENTITY },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '20Gi' } } },
      },
    ]);
  });

  test('names a storage class only when one is given (CH01-52)', () => {
    const specOf = (props: Partial<RedisProps>) => statefulSetOf(props).spec.volumeClaimTemplates[0].spec;
    expect(specOf({})).not.toHaveProperty('storageClassName');
    expect(specOf({ storageClassName: 'fast-ssd' }).storageClassName).toBe('fast-ssd');
  });

  test('names a class of volume attributes only when one is given', () => {
    const claimOf = (props: Partial<RedisProps>): Manifest => {
      const manifests = synth((chart) => {
        new ClusterProfile({ version: '1.34' }).assignTo(chart);
        new Redis(chart, 'redis', { password: passwordOf(chart), storage: Size.gibibytes(10), ...props });
      });
      return only(manifests, 'StatefulSet').spec.volumeClaimTemplates[0].spec as Manifest;
    };
    expect(claimOf({})).not.toHaveProperty('volumeAttributesClassName');
    expect(claimOf({ volumeAttributesClassName: 'gold' }).volumeAttributesClassName).toBe('gold');
  });

  test('keeps its data on the claim: the data directory is the mount path of the claim template (CH01-47)', () => {
    const { spec } = statefulSetOf();
    const [main] = spec.template.spec.containers;
    const directory = confOf()
      .find((line) => line.startsWith('dir '))
      ?.slice('dir '.length);
    expect(main.volumeMounts.filter(({ mountPath }: Manifest) => mountPath === directory)).toEqual([
      { name: 'data', mountPath: '/data' },
    ]);
    expect(spec.volumeClaimTemplates[0].metadata.name).toBe('data');
    expect(spec.template.spec.volumes.map(({ name }: Manifest) => name)).not.toContain('data');
  });

  test('no other volume takes the name of the claim', () => {
    const volumes = manifestsOf({ name: 'data' }).find(({ kind }) => kind === 'StatefulSet')?.spec.template.spec
      .volumes as Manifest[];
    expect(volumes.map(({ name }) => name)).toEqual(['tmp', 'volume-2', 'runtime', 'redis-passwd']);
  });

  test('keeps the claims when it is deleted or scaled down', () => {
    expect(statefulSetOf().spec.persistentVolumeClaimRetentionPolicy).toEqual({
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    });
  });

  test('has no version in selector and claim template, which are immutable, but in the labels of the pods', () => {
    const of = (image: string) => statefulSetOf({ image });
    const [before, after] = [of('docker.io/library/redis:7.2.11'), of('docker.io/library/redis:7.4.0')];
    expect(after.spec.selector).toEqual({ matchLabels: IDENTITY });
    expect(after.spec.selector).toEqual(before.spec.selector);
    expect(after.spec.volumeClaimTemplates).toEqual(before.spec.volumeClaimTemplates);
    expect(after.spec.template.metadata.labels['app.kubernetes.io/version']).toBe('7.4.0');
    expect(after.metadata.labels['app.kubernetes.io/version']).toBe('7.4.0');
  });

  test('keeps selector, Service and claim when labels are added', () => {
    const { spec } = statefulSetOf({ labels: { team: 'data' }, podLabels: { tier: 'backend' } });
    expect(spec.selector).toEqual({ matchLabels: IDENTITY });
    expect(spec.volumeClaimTemplates[0].metadata.labels).toEqual(IDENTITY);
    expect(spec.template.metadata.labels).toMatchObject({ team: 'data', tier: 'backend' });
  });

  test('waits for a name for a second at most: Redis does nothing else meanwhile', () => {
    expect(statefulSetOf().spec.template.spec.dnsConfig).toEqual({
      options: [
        { name: 'timeout', value: '1' },
        { name: 'attempts', value: '1' },
      ],
    });
  });

  test('runs as the account of the image, with a read-only root and nothing to escalate', () => {
    expect(statefulSetOf().spec.template.spec.securityContext).toEqual({
      runAsNonRoot: true,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
      runAsUser: 999,
      runAsGroup: 999,
      fsGroup: 999,
    });
    expect(containerOf().securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(statefulSetOf({ user: 1001 }).spec.template.spec.securityContext).toMatchObject({
      runAsUser: 1001,
      fsGroup: 1001,
    });
  });

  test('runs a fixed image, and another one when given (CH01-09)', () => {
    expect(containerOf().image).toBe('docker.io/library/redis:7.2.11-bookworm');
    expect(containerOf({ image: 'ghcr.io/acme/redis:7.4.0' }).image).toBe('ghcr.io/acme/redis:7.4.0');
  });

  test('works with one member', () => {
    const manifests = manifestsOf({ replicas: 1 });
    expect(only(manifests, 'StatefulSet').spec.replicas).toBe(1);
    expect(only(manifests, 'Service', 'redis').spec.selector['statefulset.kubernetes.io/pod-name']).toBe('redis-0');
    // what one member does not need
    expect(manifests.map(({ kind }) => kind)).not.toContain('PodDisruptionBudget');
    const { spec } = only(manifests, 'StatefulSet');
    expect([spec.minReadySeconds, spec.template.spec.topologySpreadConstraints]).toEqual([undefined, undefined]);
    expect(only(manifestsOf(), 'StatefulSet').spec.minReadySeconds).toBe(5);
  });

  test('spreads the members of one revision over nodes and zones', () => {
    expect(statefulSetOf().spec.template.spec.topologySpreadConstraints).toEqual(
      ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
        topologyKey,
        maxSkew: 1,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: IDENTITY },
        matchLabelKeys: ['controller-revision-hash'],
      })),
    );
  });

  test('counts the members of all revisions in a strict spread: each returns to the zone of its volume', () => {
    const constraints: Manifest[] = statefulSetOf({ spread: 'hard' }).spec.template.spec.topologySpreadConstraints;
    expect(constraints.map(({ matchLabelKeys }) => matchLabelKeys)).toEqual([undefined, undefined]);
  });
});

describe('the Services', () => {
  test('govern the members: headless, named by the StatefulSet, same namespace and selector, before they are ready (CH01-55, DX-01)', () => {
    const manifests = manifestsOf();
    const set = only(manifests, 'StatefulSet');
    const governing = only(manifests, 'Service', set.spec.serviceName);
    expect(set.spec.serviceName).toBe('redis-members');
    expect(governing.metadata.namespace).toBe(set.metadata.namespace);
    expect(governing.spec).toEqual({
      type: 'ClusterIP',
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: set.spec.selector.matchLabels,
      ports: PORT_6379,
    });
  });

  test('send writes to the primary alone (CH01-58, DX-02)', () => {
    expect(only(manifestsOf(), 'Service', 'redis').spec).toEqual({
      type: 'ClusterIP',
      selector: { ...IDENTITY, 'statefulset.kubernetes.io/pod-name': 'redis-0' },
      ports: PORT_6379,
    });
  });

  test('send reads to all ready members (CH01-58)', () => {
    const { spec } = only(manifestsOf(), 'Service', 'redis-read');
    expect(spec).toEqual({ type: 'ClusterIP', selector: IDENTITY, ports: PORT_6379 });
    expect(spec).not.toHaveProperty('publishNotReadyAddresses');
  });

  test('find the port of the pods by its name', () => {
    expect(containerOf().ports).toEqual([{ name: 'redis', containerPort: 6379, protocol: 'TCP' }]);
  });
});

describe('the policy', () => {
  const own = { podSelector: { matchLabels: IDENTITY } };
  const ports = [{ port: 6379, protocol: 'TCP' }];

  test('admits the members and no one else', () => {
    expect(only(manifestsOf(), 'NetworkPolicy').spec).toEqual({
      podSelector: { matchLabels: IDENTITY },
      policyTypes: ['Ingress'],
      ingress: [{ from: [own], ports }],
    });
  });

  test('lets the members reach each other when egress is closed', () => {
    expect(only(manifestsOf({ egress: 'declared' }), 'NetworkPolicy').spec.egress).toEqual([
      expect.anything(),
      { to: [own], ports },
    ]);
  });

  test('admits a peer when told to', () => {
    const manifests = synth((chart) => {
      const redis = new Redis(chart, 'redis', {
        name: 'redis',
        password: passwordOf(chart),
        storage: Size.gibibytes(10),
      });
      redis.allowFrom(Peer.pods({ labels: { app: 'backup' } }));
    });
    expect(only(manifests, 'NetworkPolicy').spec.ingress).toEqual([
      { from: [own], ports },
      { from: [{ podSelector: { matchLabels: { app: 'backup' } } }], ports },
    ]);
  });
});

describe('the budget', () => {
  test('lets evictions take one member at a time', () => {
    expect(only(manifestsOf(), 'PodDisruptionBudget').spec).toEqual({
      maxUnavailable: 1,
      selector: { matchLabels: IDENTITY },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    });
  });

  test('can be left out', () => {
    expect(
      manifestsOf({ budget: DisruptionBudget.none() }).filter(({ kind }) => kind === 'PodDisruptionBudget'),
    ).toEqual([]);
  });
});

describe('memory and CPU', () => {
  test.each([
    // 256 and 128, buffers of 32, 16 and 64, and 64
    [undefined, '560Mi', 268435456],
    // 64 and 32, buffers of 16, 4 and 16, and 64
    [Size.mebibytes(64), '196Mi', 67108864],
    // 16 and 8, buffers of 16, 1 and 16, and 64
    [Size.mebibytes(16), '121Mi', 16777216],
    // 2048 and 1024, buffers of 256, 128 and 512, and 64
    [Size.gibibytes(2), '4032Mi', 2147483648],
  ])(
    'with maxMemory %p the limit is %s: half as much again, the buffers of clients and replicas, and 64 MiB (DX-20)',
    (maxMemory, limit, bytes) => {
      const { resources } = containerOf({ maxMemory });
      expect([resources.requests.memory, resources.limits.memory]).toEqual([limit, limit]);
      expect(confOf({ maxMemory })).toContain(`maxmemory ${bytes}`);
    },
  );

  test('has room for the buffers that the caller sets', () => {
    const limitOf = (config: Record<string, string>) => containerOf({ config }).resources.limits.memory as string;
    expect(limitOf({ 'repl-backlog-size': '128mb', 'client-output-buffer-limit': 'replica 256mb 0 0' })).toBe('864Mi');
    expect(limitOf({ 'maxmemory-clients': '50%' })).toBe('656Mi');
  });

  test('are 250m of CPU, at most four times as much', () => {
    const { resources } = containerOf();
    expect([resources.requests.cpu, resources.limits.cpu]).toEqual(['250m', '1']);
  });
});

describe('redis.conf', () => {
  test('writes every change to the append-only file, and drops nothing', () => {
    expect(confOf()).toEqual([
      'port 6379',
      'bind * -::*',
      'protected-mode no',
      'dir /data',
      'appendonly yes',
      'appendfsync everysec',
      'save ""',
      'maxmemory 268435456',
      'maxmemory-policy noeviction',
      'maxmemory-clients 33554432',
      'repl-backlog-size 16777216',
      'client-output-buffer-limit replica 67108864 0 0',
      'tcp-keepalive 60',
      'repl-ping-replica-period 5',
      'repl-timeout 20',
      'shutdown-on-sigterm force',
    ]);
  });

  test('takes eviction, fsync and further directives in a fixed order', () => {
    const lines = confOf({
      evictionPolicy: 'allkeys-lru',
      fsync: 'always',
      config: { 'timeout': '300', 'lazyfree-lazy-eviction': 'yes' },
    });
    expect(lines).toContain('maxmemory-policy allkeys-lru');
    expect(lines).toContain('appendfsync always');
    expect(lines.slice(-2)).toEqual(['lazyfree-lazy-eviction yes', 'timeout 300']);
  });

  test('gives the pods a new revision when it changes', () => {
    const volumeOf = (props: Partial<RedisProps>) =>
      statefulSetOf(props).spec.template.spec.volumes.find(({ name }: Manifest) => name === 'redis').configMap.name;
    expect(volumeOf({})).not.toBe(volumeOf({ config: { timeout: '300' } }));
    expect(volumeOf({ config: { timeout: '300' } })).toBe(volumeOf({ config: { timeout: '300' } }));
  });
});

describe('the scripts', () => {
  test('come from the ConfigMap, read-only, and are the command of the container (CH01-57)', () => {
    const manifests = manifestsOf();
    const { spec } = only(manifests, 'StatefulSet').spec.template;
    const config = only(manifests, 'ConfigMap');
    expect(Object.keys(config.data).sort()).toEqual([
      'alive.sh',
      'identify.sh',
      'launch.sh',
      'layout.sh',
      'member.sh',
      'password.sh',
      'ready.sh',
      'redis.conf',
    ]);
    expect(spec.volumes).toContainEqual({ name: 'redis', configMap: { name: config.metadata.name } });
    expect(spec.containers[0].volumeMounts).toContainEqual({ name: 'redis', mountPath: '/opt/redis', readOnly: true });
    expect(spec.containers[0].command).toEqual(['sh', '/opt/redis/launch.sh']);
    expect(spec.containers[0]).not.toHaveProperty('args');
  });

  test('name members by the StatefulSet and its Service (DX-31)', () => {
    const manifests = manifestsOf({ name: 'journal-store' });
    const set = only(manifests, 'StatefulSet');
    expect(only(manifests, 'ConfigMap').data['layout.sh']).toBe(
      `name=${set.metadata.name}\nmembers=${set.spec.serviceName}\nreplicas=3\n`,
    );
  });

  test('are the probes: ready for clients, alive while it answers, and time to start', () => {
    const probe = (script: string) => ({ exec: { command: ['sh', `/opt/redis/${script}`] }, timeoutSeconds: 5 });
    expect(containerOf().readinessProbe).toEqual({ ...probe('ready.sh'), periodSeconds: 5, failureThreshold: 3 });
    expect(containerOf().livenessProbe).toEqual({ ...probe('alive.sh'), periodSeconds: 10, failureThreshold: 3 });
    expect(containerOf().startupProbe).toEqual({ ...probe('alive.sh'), periodSeconds: 2, failureThreshold: 150 });
  });
});

describe('the password', () => {
  test('is a file of mode 0440 in a directory of its own, read-only (CH01-43, CH01-44, DX-07)', () => {
    const { spec } = statefulSetOf().spec.template;
    expect(spec.volumes).toContainEqual({
      name: 'redis-passwd',
      secret: { secretName: 'redis-passwd', defaultMode: 0o440, items: [{ key: 'passwd', path: 'password' }] },
    });
    expect(spec.containers[0].volumeMounts).toContainEqual({
      name: 'redis-passwd',
      mountPath: '/var/run/secrets/redis',
      readOnly: true,
    });
  });

  test('reaches neither environment nor command: the server reads it from memory (DX-32, DX-29)', () => {
    const { spec } = statefulSetOf().spec.template;
    expect(spec.containers).toHaveLength(1);
    expect(spec.containers[0]).not.toHaveProperty('env');
    expect(spec.containers[0]).not.toHaveProperty('envFrom');
    expect(
      JSON.stringify([spec.containers[0].command, spec.containers[0].livenessProbe, spec.containers[0].readinessProbe]),
    ).not.toMatch(/pass/);
    expect(spec.volumes).toContainEqual({ name: 'runtime', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } });
    expect(spec.containers[0].volumeMounts).toContainEqual({ name: 'runtime', mountPath: '/run/redis' });
  });

  test('has another one beside it while it changes', () => {
    const { spec } = only(
      synth((chart) => {
        const [password, alsoAccepts] = ['v1', 'v2'].map((version) => ({
          secret: new VersionedSecret(chart, version, { name: 'passwd', version }),
          key: 'passwd',
        }));
        new Redis(chart, 'redis', { password, alsoAccepts, storage: Size.gibibytes(10) });
      }),
      'StatefulSet',
    ).spec.template;
    const mounts = spec.containers[0].volumeMounts.filter(({ mountPath }: Manifest) =>
      mountPath.startsWith('/var/run/secrets/'),
    );
    expect(
      mounts.map(({ name, mountPath }: Manifest) => [
        spec.volumes.find((volume: Manifest) => volume.name === name).secret,
        mountPath,
      ]),
    ).toEqual([
      [
        { secretName: 'passwd-v1', defaultMode: 0o440, items: [{ key: 'passwd', path: 'password' }] },
        '/var/run/secrets/redis',
      ],
      [
        { secretName: 'passwd-v2', defaultMode: 0o440, items: [{ key: 'passwd', path: 'password' }] },
        '/var/run/secrets/redis-other',
      ],
    ]);
  });

  test('is never part of the output: no Secret object, and no value of one that the app holds (DX-29)', () => {
    const manifests = synth((chart) => {
      const secret = new VersionedSecret(chart, 'passwd', { name: 'passwd', version: 'v3' });
      new Redis(chart, 'redis', { password: { secret, key: 'passwd' }, storage: Size.gibibytes(10) });
    });
    expect(manifests.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(only(manifests, 'StatefulSet').spec.template.spec.volumes).toContainEqual(
      expect.objectContaining({ secret: expect.objectContaining({ secretName: 'passwd-v3' }) }),
    );
    expect(only(manifests, 'ConfigMap').data['redis.conf']).not.toMatch(/requirepass|masterauth/);
  });

  test('is listed among what the cluster must hold', () => {
    const chart = newChart();
    new Redis(chart, 'redis', { password: passwordOf(chart), storage: Size.gibibytes(10) });
    expect(Inventory.of(chart).secrets).toEqual([
      {
        cluster: 'default',
        namespace: 'shop',
        name: 'redis-passwd',
        type: 'Opaque',
        keys: ['passwd'],
        users: ['app/redis'],
      },
    ]);
  });
});
