import { App, Chart, Duration, Size, Testing, Yaml } from 'cdk8s';
import {
  AppProtocol,
  Autoscaling,
  ClusterProfile,
  Cpu,
  DisruptionBudget,
  Egress,
  EnvSource,
  type InitContainerProps,
  type NodeFeatures,
  NodePool,
  Peer,
  PodResources,
  PreStop,
  PriorityClass,
  Probe,
  Quota,
  Redis,
  Resources,
  Rollout,
  RuntimeClass,
  SecretRef,
  type ServiceOptions,
  type SidecarProps,
  TenantNamespace,
  VersionedConfigMap,
  VersionedSecret,
  VerticalAutoscaling,
  Volume,
  WebService,
  type WebServiceProps,
  WorkloadIdentity,
} from '../../src';
import { type Manifest, warningsIn } from '../support';

/** Props that exclude one of the others: the other is in the largest WebService. */
type Excluded = 'replicas' | 'priorityClassName' | 'runtimeClassName';

/** A chart in a closed namespace of its own. */
function closed(nodeFeatures?: NodeFeatures): { app: App; platform: Chart; chart: Chart } {
  const app = new App();
  const profile = { version: '1.34', zones: 3, nodes: 12, apiServer: ['10.0.0.1/32'], nodeFeatures };
  const platform = new Chart(app, 'platform');
  const chart = new Chart(app, 'app', { namespace: 'shop' });
  new ClusterProfile(profile).assignTo(app);
  new TenantNamespace(platform, 'shop', {
    name: 'shop',
    owner: 'jane@example.com',
    team: 'shop',
    purpose: 'the shop',
    quota: Quota.of({ cpu: Cpu.units(200), memory: Size.gibibytes(400), storage: Size.gibibytes(30) }),
  });
  chart.addDependency(platform);
  return { app, platform, chart };
}

/** The objects of the chart as YAML, as a reviewer reads them. */
function reviewed({ app, chart }: { app: App; chart: Chart }): string {
  const manifests = Testing.synth(chart) as Manifest[];
  expect(warningsIn(app)).toEqual([]);
  return `\n${Yaml.stringify(...manifests)}`;
}

describe('row F: the WebServices that are reviewed line by line', () => {
  const smallest: WebServiceProps = {
    image: 'ghcr.io/acme/shop:1.4.2',
    port: 8080,
    readiness: Probe.httpGet('/readyz'),
  };

  test('row F: the smallest one, with the required props alone', () => {
    const place = closed();
    new WebService(place.chart, 'shop', smallest);
    expect(reviewed(place)).toMatchSnapshot();
  });

  test('row F: the smallest one with one replica has no field that only several need', () => {
    const place = closed();
    new WebService(place.chart, 'shop', { ...smallest, replicas: 1 });
    const text = reviewed(place);
    expect(text).not.toMatch(/PodDisruptionBudget|topologySpreadConstraints|matchLabelKeys/);
    expect(text).toMatchSnapshot();
  });

  test('row F: the largest one has every prop', () => {
    const place = closed({ userNamespaces: true });
    const { app, chart, platform } = place;
    const beside = new Chart(app, 'redis', { namespace: 'shop' });
    beside.addDependency(platform);
    const init: Required<InitContainerProps> = {
      name: 'migrate',
      image: 'ghcr.io/acme/migrate:1.4.2',
      command: ['/app/migrate'],
      shell: false,
      args: ['--to', '$(SCHEMA)'],
      env: { SCHEMA: '42', TOKENS_PER_MINUTE_KEY: '600' },
      allowSecretLookingEnv: ['TOKENS_PER_MINUTE_KEY'],
      resources: Resources.of({ cpu: Cpu.millis(200), memory: Size.mebibytes(256) }),
      user: 10002,
      writablePaths: ['/var/cache/migrate'],
      writableSize: Size.mebibytes(32),
    };
    const sidecar: Required<SidecarProps> = {
      name: 'proxy',
      image: 'ghcr.io/acme/proxy:2.0.1',
      command: ['/proxy'],
      shell: false,
      args: ['--listen', ':9901'],
      env: { LEVEL: 'info' },
      allowSecretLookingEnv: [],
      resources: Resources.of({
        cpu: Cpu.millis(50),
        memory: Size.mebibytes(64),
        memoryLimit: Size.mebibytes(64),
        cpuLimit: Cpu.millis(100),
        ephemeralStorage: Size.mebibytes(256),
      }),
      user: 10003,
      writablePaths: ['/var/lib/proxy'],
      writableSize: Size.mebibytes(16),
      ports: [{ name: 'admin', port: 9901, servicePort: 9901, protocol: 'TCP', appProtocol: AppProtocol.http() }],
      readiness: Probe.httpGet('/ready', { portName: 'admin', scheme: 'HTTP', headers: { 'X-Probe': 'kubelet' } }),
      liveness: Probe.tcpSocket({ port: 9901, failureThreshold: 5 }),
      startup: Probe.exec(['/proxy', 'started'], { period: Duration.seconds(2) }),
      preStop: PreStop.httpGet('/drain', { portName: 'admin', duration: Duration.seconds(10) }),
    };
    const service: Required<ServiceOptions> = {
      name: 'storefront',
      port: 80,
      sessionAffinity: Duration.hours(3),
      trafficDistribution: 'PreferSameZone',
      dualStack: true,
      hostname: 'storefront.example.com',
      headless: true,
      annotations: { 'example.com/owner': 'shop' },
    };
    const props: Required<Omit<WebServiceProps, Excluded>> = {
      name: 'store',
      containerName: 'server',
      labels: { 'example.com/cost-center': '4711' },
      annotations: { 'example.com/runbook': 'https://runbooks.example.com/store' },
      podLabels: { 'example.com/log-format': 'json' },
      podAnnotations: { 'example.com/log-level': 'info' },
      registries: ['ghcr.io/acme/'],
      pullPolicy: 'IfNotPresent',
      pullSecrets: [SecretRef.named('registry')],
      serviceAccountToken: true,
      userNamespace: true,
      supplementalGroupsPolicy: 'Merge',
      holdsNode: 'Sessions of a sale are lost if the pod moves',
      workloadIdentity: WorkloadIdentity.azure({
        clientId: '11111111-2222-3333-4444-555555555555',
        tenantId: '66666666-7777-8888-9999-000000000000',
      }),
      quality: 'burstable',
      podResources: PodResources.of({ cpu: Cpu.units(2), memory: Size.gibibytes(4) }),
      terminationGracePeriod: Duration.seconds(60),
      sidecars: [sidecar],
      initContainers: [init],
      unprivilegedPortStart: 443,
      egress: 'declared',
      egressTo: [
        Egress.internet({ ports: [443], protocol: 'TCP' }),
        Egress.cidr('10.20.0.0/16', { ports: [5432], except: ['10.20.9.0/24'] }),
        Egress.to(Peer.pods({ labels: { app: 'billing' }, namespace: 'billing' }), { ports: [8080] }),
        Egress.apiServer(),
      ],
      budget: DisruptionBudget.maxUnavailable('25%'),
      spread: 'soft',
      nodeSelector: { 'kubernetes.io/arch': 'amd64' },
      tolerations: [{ key: 'example.com/maintenance', effect: 'NoExecute', seconds: 300 }],
      placeOn: NodePool.reserved({ key: 'pool', value: 'web' }),
      priorityClass: new PriorityClass(platform, 'important', { value: 1000 }),
      runtimeClass: new RuntimeClass(platform, 'sandbox', {
        handler: 'runsc',
        overhead: { cpu: Cpu.millis(100), memory: Size.mebibytes(64) },
      }),
      autoscaling: Autoscaling.on({
        min: 3,
        max: 10,
        cpu: 80,
        memory: 90,
        scaleDownStabilization: Duration.minutes(10),
      }),
      verticalAutoscaling: VerticalAutoscaling.recommend({
        min: { cpu: Cpu.millis(250), memory: Size.mebibytes(256) },
        max: { cpu: Cpu.units(1), memory: Size.gibibytes(1) },
        resources: ['cpu', 'memory'],
      }),
      rollout: Rollout.rolling({ maxSurge: '25%', maxUnavailable: 0 }),
      minReady: Duration.seconds(30),
      progressDeadline: Duration.minutes(15),
      revisionHistory: 5,
      image: 'ghcr.io/acme/shop:1.4.2',
      command: ['/app/server'],
      shell: true,
      args: ['--listen', ':$(PORT)'],
      env: {
        PORT: '8080',
        KEY_BINDINGS: 'vi',
        POD_IP: EnvSource.field('status.podIP'),
        GOMEMLIMIT: EnvSource.resource('limits.memory'),
        SMTP_LOGIN: EnvSource.secret(SecretRef.named('mail'), 'login'),
      },
      allowSecretLookingEnv: ['KEY_BINDINGS'],
      resources: Resources.of({
        cpu: Cpu.millis(500),
        memory: Size.mebibytes(512),
        memoryLimit: Size.gibibytes(1),
        cpuLimit: Cpu.units(2),
        ephemeralStorage: Size.gibibytes(1),
      }),
      user: 10001,
      writablePaths: ['/var/cache/shop'],
      writableSize: Size.mebibytes(128),
      preStop: PreStop.exec(['/app/leave-cluster'], { duration: Duration.seconds(10), beforeDrain: true }),
      port: 8080,
      portName: 'web',
      appProtocol: AppProtocol.http(),
      extraPorts: [
        { name: 'grpc', port: 9000, servicePort: 9000, protocol: 'TCP', appProtocol: AppProtocol.grpc() },
        { name: 'metrics', port: 9090 },
        { name: 'events', port: 9100, protocol: 'UDP' },
      ],
      readiness: Probe.httpGet('/readyz', { timeout: Duration.seconds(3), headers: { Host: 'shop.example.com' } }),
      liveness: Probe.grpc({ portName: 'grpc', service: 'shop.Health', initialDelay: Duration.seconds(5) }),
      startup: Probe.exec(['/app/started'], { period: Duration.seconds(2) }),
      startupTimeout: Duration.minutes(2),
      drain: Duration.seconds(15),
      service,
    };
    const store = new WebService(chart, 'shop', props);
    store.mount('/etc/shop', new VersionedConfigMap(chart, 'settings', { data: { 'shop.yaml': 'currency: EUR\n' } }));
    store.mount('/var/run/secrets/mail', new VersionedSecret(chart, 'smtp', { version: 'v3', keys: ['login'] }), {
      items: { login: 'login' },
    });
    store.mount('/var/lib/shop', Volume.emptyDir({ sizeLimit: Size.mebibytes(256), inMemory: true }), {
      containers: ['server', 'proxy'],
    });
    store.addEnvFrom(new VersionedConfigMap(chart, 'flags', { data: { FLAG_SEARCH: 'on' } }), { prefix: 'SHOP_' });
    store.connectTo(
      new Redis(beside, 'cache', {
        storage: Size.gibibytes(10),
        password: { secret: SecretRef.named('redis'), key: 'passwd' },
      }),
    );
    store.allowFrom(Peer.pods({ labels: { app: 'prometheus' }, namespace: 'monitoring' }), { ports: [9090] });
    expect(reviewed(place)).toMatchSnapshot();
  });
});
