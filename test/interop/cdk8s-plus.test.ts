import { Chart, Size, Testing } from 'cdk8s';
import * as kplus27 from 'cdk8s-plus-27';
import * as kplus34 from 'cdk8s-plus-34';
import { Autoscaling, Peer, VersionedConfigMap, VersionedSecret, WebService, type WebServiceProps } from '../../src';
import { type Manifest, newChart, only, WEB } from '../support';

const IDENTITY = { 'app.kubernetes.io/instance': 'app-web' };

describe.each([
  ['cdk8s-plus-27', kplus27],
  // the classes of both versions have the same shape, but private members make them different types
  ['cdk8s-plus-34', kplus34 as unknown as typeof kplus27],
])('%s', (_, kplus) => {
  let chart: Chart;

  beforeEach(() => {
    chart = newChart();
  });

  function synth(): Manifest[] {
    return Testing.synth(chart) as Manifest[];
  }

  function webService(props: Partial<WebServiceProps> = {}, scope: Chart = chart): WebService {
    return new WebService(scope, 'web', { ...WEB, ...props });
  }

  function theirs(id = 'theirs'): kplus27.Deployment {
    return new kplus.Deployment(chart, id, {
      metadata: { name: id },
      containers: [{ image: 'ghcr.io/acme/theirs:1.0.0', portNumber: 3000 }],
    });
  }

  function ourPods(): Manifest {
    return only(synth(), 'Deployment', 'app-web').spec.template.spec;
  }

  describe('our ConfigMap', () => {
    test('is a volume, an environment and a value of theirs, by its versioned name', () => {
      const config = new VersionedConfigMap(chart, 'config', { data: { MODE: 'fast' } });
      const [container] = theirs().containers;
      container.mount('/etc/config', kplus.Volume.fromConfigMap(chart, 'volume', config));
      container.env.copyFrom(kplus.Env.fromConfigMap(config, 'P_'));
      container.env.addVariable('MODE', kplus.EnvValue.fromConfigMap(config, 'MODE'));
      const { spec } = only(synth(), 'Deployment').spec.template;
      expect(spec.volumes).toEqual([{ name: expect.any(String), configMap: { name: config.name } }]);
      expect(spec.containers[0].envFrom).toEqual([{ prefix: 'P_', configMapRef: { name: config.name } }]);
      expect(spec.containers[0].env).toContainEqual({
        name: 'MODE',
        valueFrom: { configMapKeyRef: { name: config.name, key: 'MODE' } },
      });
    });

    test('can be mounted by their container as it is', () => {
      const config = new VersionedConfigMap(chart, 'config', { data: { MODE: 'fast' } });
      theirs().containers[0].mount('/etc/config', config);
      expect(only(synth(), 'Deployment').spec.template.spec.volumes[0].configMap).toMatchObject({ name: config.name });
    });
  });

  describe('our workload', () => {
    test('is selected by their Service', () => {
      const service = new kplus.Service(chart, 'theirs', { ports: [{ port: 80, targetPort: 8080 }] });
      service.select(webService());
      expect(only(synth(), 'Service', service.name).spec.selector).toEqual(IDENTITY);
    });

    test('is the subject of their NetworkPolicy', () => {
      const policy = new kplus.NetworkPolicy(chart, 'theirs', { selector: webService() });
      policy.addIngressRule(kplus.Pods.all(chart, 'anyone'), [kplus.NetworkPolicyPort.tcp(8080)]);
      expect(only(synth(), 'NetworkPolicy', policy.name).spec).toMatchObject({
        podSelector: { matchLabels: IDENTITY },
        ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 8080, protocol: 'TCP' }] }],
      });
    });

    test('is a peer of their NetworkPolicy, with its namespace', () => {
      const web = webService();
      const elsewhere = new Chart(chart.node.root, 'elsewhere', { namespace: 'blog' });
      const policy = new kplus.NetworkPolicy(elsewhere, 'theirs', {
        selector: kplus.Pods.select(elsewhere, 'pods', { labels: { app: 'x' } }),
      });
      policy.addIngressRule(web, [kplus.NetworkPolicyPort.tcp(80)]);
      expect(only(Testing.synth(elsewhere) as Manifest[], 'NetworkPolicy').spec.ingress[0].from).toEqual([
        {
          podSelector: { matchLabels: IDENTITY },
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
        },
      ]);
    });

    test('is opened by their connections on its declared ports alone', () => {
      theirs().connections.allowTo(webService({ extraPorts: [{ name: 'metrics', port: 9090 }] }));
      const rules = synth().filter(({ kind, spec }) => kind === 'NetworkPolicy' && spec.egress !== undefined);
      expect(rules).toHaveLength(1);
      expect(rules[0].spec.egress[0].to[0].podSelector).toEqual({ matchLabels: IDENTITY });
      expect(rules[0].spec.egress[0].ports.map(({ port }: Manifest) => port).sort()).toEqual([8080, 9090]);
    });

    test('is kept apart from by their scheduling', () => {
      theirs().scheduling.separate(webService(), { topology: kplus.Topology.HOSTNAME });
      expect(
        only(synth(), 'Deployment', 'theirs').spec.template.spec.affinity.podAntiAffinity
          .requiredDuringSchedulingIgnoredDuringExecution,
      ).toEqual([
        expect.objectContaining({ labelSelector: { matchLabels: IDENTITY }, topologyKey: 'kubernetes.io/hostname' }),
      ]);
    });

    test('is the subject of their RoleBinding, with its namespace', () => {
      const web = webService();
      const role = new kplus.Role(chart, 'role');
      role.allowRead(kplus.ApiResource.CONFIG_MAPS);
      role.bind(web);
      expect(only(synth(), 'RoleBinding').subjects).toEqual([
        { kind: 'ServiceAccount', name: 'app-web', namespace: 'shop', apiGroup: '' },
      ]);
    });

    test('is a ServiceAccount for their pods', () => {
      const web = webService();
      new kplus.Deployment(chart, 'theirs', {
        metadata: { name: 'theirs' },
        serviceAccount: web.serviceAccount,
        containers: [{ image: 'ghcr.io/acme/theirs:1.0.0' }],
      });
      expect(only(synth(), 'Deployment', 'theirs').spec.template.spec.serviceAccountName).toBe('app-web');
    });

    test('is a backend of their Ingress', () => {
      const web = webService({ service: { port: 80 } });
      new kplus.Ingress(chart, 'theirs', {
        metadata: { name: 'theirs' },
        rules: [{ host: 'a.example.com', path: '/', backend: web.toIngressBackend() }],
      });
      expect(only(synth(), 'Ingress').spec.rules[0].http.paths[0].backend).toEqual({
        service: { name: 'app-web', port: { number: 80 } },
      });
    });
  });

  describe('their HorizontalPodAutoscaler', () => {
    test('takes the number of replicas over', () => {
      const web = webService();
      new kplus.HorizontalPodAutoscaler(chart, 'theirs', { target: web, minReplicas: 3, maxReplicas: 9 });
      expect(web.hasAutoscaler).toBe(true);
      expect(only(synth(), 'Deployment').spec).not.toHaveProperty('replicas');
      expect(only(synth(), 'HorizontalPodAutoscaler').spec).toMatchObject({
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app-web' },
        minReplicas: 3,
        maxReplicas: 9,
      });
    });

    test('beside replicas is refused (B5)', () => {
      expect(() => {
        new kplus.HorizontalPodAutoscaler(chart, 'theirs', { target: webService({ replicas: 4 }), maxReplicas: 9 });
        synth();
      }).toThrow(/replicas/);
    });

    test('beside our own is refused (B5)', () => {
      expect(() => {
        new kplus.HorizontalPodAutoscaler(chart, 'theirs', {
          target: webService({ autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: 80 }) }),
          maxReplicas: 9,
        });
        synth();
      }).toThrow(/HorizontalPodAutoscaler|one owner of the number of replicas/);
    });
  });

  describe('in our workload', () => {
    test('their volume is mounted', () => {
      webService().mount(
        '/data',
        kplus.Volume.fromEmptyDir(chart, 'volume', 'scratch', { sizeLimit: Size.mebibytes(10) }),
      );
      expect(ourPods().volumes).toContainEqual({ name: 'scratch', emptyDir: { sizeLimit: '10Mi' } });
      expect(ourPods().containers[0].volumeMounts).toContainEqual({ name: 'scratch', mountPath: '/data' });
    });

    test('their claim is mounted', () => {
      const claim = new kplus.PersistentVolumeClaim(chart, 'claim', {
        metadata: { name: 'shared' },
        accessModes: [kplus.PersistentVolumeAccessMode.READ_ONLY_MANY],
        storage: Size.gibibytes(1),
      });
      webService().mount('/data', kplus.Volume.fromPersistentVolumeClaim(chart, 'volume', claim));
      expect(ourPods().volumes).toContainEqual({
        name: expect.any(String),
        persistentVolumeClaim: expect.objectContaining({ claimName: 'shared' }),
      });
    });

    test('their Secret volume is mounted read-only, its files of mode 0440', () => {
      webService().mount(
        '/etc/key',
        kplus.Volume.fromSecret(chart, 'volume', kplus.Secret.fromSecretName(chart, 'key', 'api-key')),
      );
      expect(ourPods().volumes).toContainEqual({
        name: expect.any(String),
        secret: { secretName: 'api-key', defaultMode: 0o440 },
      });
      expect(ourPods().containers[0].volumeMounts[1].readOnly).toBe(true);
    });

    test('their Secret is mounted by reference', () => {
      webService().mountSecret('/etc/key', kplus.Secret.fromSecretName(chart, 'key', 'api-key'));
      expect(ourPods().volumes).toContainEqual({
        name: 'api-key',
        secret: { secretName: 'api-key', defaultMode: 0o440 },
      });
    });

    test('their environment values are references', () => {
      const secret = kplus.Secret.fromSecretName(chart, 'key', 'api-key');
      const web = webService({
        env: {
          KEY: kplus.EnvValue.fromSecretValue({ secret, key: 'key' }),
          NODE: kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.NODE_NAME),
          MODE: kplus.EnvValue.fromValue('fast'),
        },
      });
      web.addEnv('LATER', kplus.EnvValue.fromSecretValue({ secret, key: 'later' }, { optional: true }));
      expect(ourPods().containers[0].env).toEqual([
        { name: 'KEY', valueFrom: { secretKeyRef: { name: 'api-key', key: 'key' } } },
        { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        { name: 'MODE', value: 'fast' },
        { name: 'LATER', valueFrom: { secretKeyRef: { name: 'api-key', key: 'later', optional: true } } },
      ]);
    });

    test('their EnvFrom is taken', () => {
      webService().addEnvFrom(new kplus.EnvFrom(undefined, 'S_', kplus.Secret.fromSecretName(chart, 'key', 'api-key')));
      expect(ourPods().containers[0].envFrom).toEqual([{ prefix: 'S_', secretRef: { name: 'api-key' } }]);
    });

    test('their pods are a peer', () => {
      webService().allowFrom(
        Peer.fromKplus(
          kplus.Pods.select(chart, 'batch', {
            labels: { app: 'batch' },
            namespaces: kplus.Namespaces.select(chart, 'jobs', { names: ['jobs', 'cron'] }),
          }),
        ),
      );
      const { ingress } = only(synth(), 'NetworkPolicy').spec;
      expect(ingress[0].from).toEqual(
        ['jobs', 'cron'].map((name) => ({
          podSelector: { matchLabels: { app: 'batch' } },
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
        })),
      );
    });

    test('their workload is a peer', () => {
      webService().allowFrom(Peer.fromKplus(theirs()));
      const { matchLabels } = only(synth(), 'Deployment', 'theirs').spec.selector;
      expect(only(synth(), 'NetworkPolicy').spec.ingress[0].from).toEqual([
        { podSelector: { matchLabels }, namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } },
      ]);
    });

    test('their IP block is a peer', () => {
      webService().allowFrom(
        Peer.fromKplus(kplus.NetworkPolicyIpBlock.ipv4(chart, 'block', '10.0.0.0/8', ['10.1.0.0/16'])),
      );
      expect(only(synth(), 'NetworkPolicy').spec.ingress[0].from).toEqual([
        { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
      ]);
    });
  });

  test('our Secret is one of theirs', () => {
    const secret = new VersionedSecret(chart, 'key', { version: 'v2' });
    const [container] = theirs().containers;
    container.mount('/etc/key', kplus.Volume.fromSecret(chart, 'volume', secret));
    container.env.addVariable('KEY', kplus.EnvValue.fromSecretValue({ secret, key: 'key' }));
    const { spec } = only(synth(), 'Deployment').spec.template;
    expect(spec.volumes[0].secret.secretName).toBe('key-v2');
    expect(spec.containers[0].env).toContainEqual({
      name: 'KEY',
      valueFrom: { secretKeyRef: { name: 'key-v2', key: 'key' } },
    });
  });
});
