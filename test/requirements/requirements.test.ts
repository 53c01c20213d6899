import { App, type Chart, Duration, JsonPatch, Lazy, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { deployment, needsOf, raw, titlesOf } from './samples';
import { Journal } from '../../examples/journal/chart';
import { environments } from '../../examples/journal/environments';
import {
  Autoscaling,
  ClusterProfile,
  ClusterRequirements,
  Egress,
  HttpRouting,
  IngressController,
  GatewayController,
  Authentication,
  Inventory,
  NodePool,
  Peer,
  Probe,
  Redis,
  ScalingTrigger,
  SecretRef,
  TenantNamespace,
  Quota,
  Cpu,
  Tls,
  WebService,
  Worker,
} from '../../src';
import { newChart, WEB } from '../support';

const KEDA = 'keda.sh/v1alpha1';
const CM = 'cert-manager.io/v1';
const ES = 'external-secrets.io/v1';

describe('objects that an app names and does not contain', () => {
  test('are Secrets, with type and keys, unless the app makes them', () => {
    const needs = needsOf((chart) => {
      deployment(chart, 'api', {
        imagePullSecrets: [{ name: 'registry' }],
        containers: [
          {
            name: 'main',
            env: [
              { name: 'A', valueFrom: { secretKeyRef: { name: 'db', key: 'user' } } },
              { name: 'B', valueFrom: { secretKeyRef: { name: 'made-es', key: 'x' } } },
              { name: 'C', valueFrom: { secretKeyRef: { name: 'maybe', key: 'x', optional: true } } },
            ],
            envFrom: [{ secretRef: { name: 'made-sealed' } }, { secretRef: { name: 'own' } }],
          },
        ],
        initContainers: [
          { name: 'init', env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'db', key: 'pass' } } }] },
        ],
        volumes: [
          { name: 'a', secret: { secretName: 'made-cert' } },
          { name: 'b', secret: { secretName: 'made-renamed' } },
          { name: 'c', secret: { secretName: 'made-csi' } },
          { name: 'd', projected: { sources: [{ secret: { name: 'key', items: [{ key: 'k', path: 'k' }] } }] } },
        ],
      });
      raw(chart, 'own', 'v1', 'Secret');
      raw(chart, 'made-es', ES, 'ExternalSecret', {
        spec: { secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' } },
      });
      raw(chart, 'renamed', ES, 'ExternalSecret', {
        spec: { secretStoreRef: { name: 'team' }, target: { name: 'made-renamed' } },
      });
      for (const type of ['ConfigMap', 'Secret', undefined]) {
        raw(chart, `store-${type ?? 'any'}`, ES, 'SecretStore', {
          spec: {
            provider: { vault: { caProvider: { type, name: `ca-of-${type ?? 'any'}`.toLowerCase(), key: 'ca' } } },
          },
        });
      }
      raw(chart, 'made-sealed', 'bitnami.com/v1alpha1', 'SealedSecret', { spec: {} });
      raw(chart, 'cert', CM, 'Certificate', { spec: { secretName: 'made-cert', issuerRef: { name: 'ca' } } });
      raw(chart, 'spc', 'secrets-store.csi.x-k8s.io/v1', 'SecretProviderClass', {
        spec: { secretObjects: [{ secretName: 'made-csi' }] },
      });
    });
    expect(needs.filter((need) => /^ConfigMap /.test(need))).toEqual([
      'ConfigMap shop/ca-of-any with key ca | app/store-any',
      'ConfigMap shop/ca-of-configmap with key ca | app/store-ConfigMap',
    ]);
    expect(needs.filter((need) => /^(Secret |\w*Issuer|\w*SecretStore)/.test(need))).toEqual([
      'ClusterSecretStore vault | app/made-es',
      'Issuer shop/ca | app/cert',
      'Secret shop/ca-of-secret (Opaque) with key ca | app/store-Secret',
      'Secret shop/db (Opaque) with keys pass, user | app/api',
      'Secret shop/key (Opaque) with key k | app/api',
      'Secret shop/registry (kubernetes.io/dockerconfigjson) with key .dockerconfigjson | app/api',
      'SecretStore shop/team | app/renamed',
    ]);
  });

  test('are ConfigMaps, ServiceAccounts, claims and namespaces', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    deployment(chart, 'api', {
      serviceAccountName: 'reader',
      volumes: [
        { name: 'a', configMap: { name: 'settings', items: [{ key: 'a.json', path: 'a' }] } },
        { name: 'b', persistentVolumeClaim: { claimName: 'data' } },
        { name: 'c', persistentVolumeClaim: { claimName: 'disk-db-1' } },
        { name: 'd', persistentVolumeClaim: { claimName: 'disk-db-2' } },
        { name: 'e', projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } },
      ],
    });
    deployment(chart, 'plain', { serviceAccountName: 'default' });
    raw(chart, 'db', 'apps/v1', 'StatefulSet', {
      spec: { replicas: 2, volumeClaimTemplates: [{ metadata: { name: 'disk' }, spec: { storageClassName: 'fast' } }] },
    });
    expect(titlesOf(app)).toEqual([
      'Kubernetes 1.30 or newer',
      'ConfigMap shop/settings with key a.json | app/api',
      'Namespace shop | app/api | app/plain | app/db',
      'PersistentVolumeClaim shop/data | app/api',
      'PersistentVolumeClaim shop/disk-db-2 | app/api',
      'ServiceAccount shop/reader | app/api',
      'StorageClass fast | app/db',
    ]);
  });

  test('are found inside of a List and of a JSON patch, and in a custom resource with pods', () => {
    expect(
      needsOf((chart) => {
        raw(chart, 'list', 'v1', 'List', {
          items: [
            {
              apiVersion: 'v1',
              kind: 'Pod',
              metadata: { name: 'p' },
              spec: { priorityClassName: 'high', containers: [] },
            },
          ],
        });
        raw(chart, 'job', KEDA, 'ScaledJob', {
          spec: { jobTargetRef: { template: { spec: { runtimeClassName: 'gvisor', containers: [] } } }, triggers: [] },
        });
        new WebService(chart, 'web', WEB).deployment.addJsonPatch(
          JsonPatch.add('/spec/template/spec/schedulerName', 'x'),
          JsonPatch.add('/spec/template/spec/priorityClassName', 'low'),
        );
      }).filter((need) => !/KEDA|keda|plugin/.test(need)),
    ).toEqual(['PriorityClass high | app/list', 'PriorityClass low | app/web', 'RuntimeClass gvisor | app/job']);
  });

  test('are not those that another chart or a block of the app writes', () => {
    const app = new App();
    new TenantNamespace(newChart(undefined, 'platform', app), 'shop', {
      name: 'shop',
      owner: 'jane@example.com',
      team: 'shop',
      purpose: 'Web shop',
      quota: Quota.of({ cpu: Cpu.units(4), memory: Size.gibibytes(4) }),
    });
    const chart = newChart('shop', 'app', app);
    new kplus.ServiceAccount(newChart('shop', 'other', app), 'sa', { metadata: { name: 'reader' } });
    deployment(chart, 'api', { serviceAccountName: 'reader', priorityClassName: 'system-node-critical' });
    expect(titlesOf(app)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/Namespace|ServiceAccount|Priority/)]),
    );
    // a part of the app needs nothing that its rest creates
    expect(ClusterRequirements.of(chart).requirements.map(({ title }) => title)).not.toContain('Namespace shop');
  });

  test('are classes of all kinds, and defaults where a claim or an Ingress names none', () => {
    const needs = needsOf((chart) => {
      deployment(chart, 'api', {
        runtimeClassName: 'gvisor',
        priorityClassName: 'high',
        resourceClaims: [
          { name: 'gpu', resourceClaimTemplateName: 'gpu' },
          { name: 'nic', resourceClaimName: 'nic' },
        ],
        volumes: [
          { name: 'x', csi: { driver: 'secrets-store.csi.k8s.io', volumeAttributes: { secretProviderClass: 'spc' } } },
        ],
      });
      raw(chart, 'gpu', 'resource.k8s.io/v1', 'ResourceClaimTemplate', {
        spec: { spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu.example.com' } }] } } },
      });
      raw(chart, 'data', 'v1', 'PersistentVolumeClaim', { spec: { volumeAttributesClassName: 'gold' } });
      raw(chart, 'static', 'v1', 'PersistentVolumeClaim', { spec: { storageClassName: '' } });
      raw(chart, 'snap', 'snapshot.storage.k8s.io/v1', 'VolumeSnapshot', {
        spec: { volumeSnapshotClassName: 'daily', source: { persistentVolumeClaimName: 'data' } },
      });
      raw(chart, 'plain', 'networking.k8s.io/v1', 'Ingress', { spec: {} });
      raw(chart, 'old', 'networking.k8s.io/v1', 'Ingress', {
        metadata: { annotations: { 'kubernetes.io/ingress.class': 'nginx' } },
        spec: {},
      });
    });
    expect(needs).toEqual([
      'CSIDriver secrets-store.csi.k8s.io | app/api',
      'controller CSI snapshot controller | app/snap',
      'CustomResourceDefinition volumesnapshots.snapshot.storage.k8s.io, which serves VolumeSnapshot of snapshot.storage.k8s.io/v1 | app/snap',
      'a default IngressClass | app/plain',
      'a default StorageClass | app/data',
      'DeviceClass gpu.example.com | app/gpu',
      'PriorityClass high | app/api',
      'ResourceClaim shop/nic | app/api',
      'RuntimeClass gvisor | app/api',
      'SecretProviderClass shop/spc | app/api',
      'VolumeAttributesClass gold | app/data',
      'VolumeSnapshotClass daily | app/snap',
    ]);
  });

  test('are targets, gateways, Services and roles', () => {
    const needs = needsOf((chart) => {
      raw(chart, 'route', 'gateway.networking.k8s.io/v1', 'HTTPRoute', {
        spec: {
          parentRefs: [{ name: 'edge', namespace: 'infra' }],
          rules: [{ backendRefs: [{ name: 'cart', namespace: 'team-b', port: 80 }] }],
        },
      });
      raw(chart, 'scaler', 'autoscaling/v2', 'HorizontalPodAutoscaler', {
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' },
          metrics: [{ type: 'External' }],
        },
      });
      raw(chart, 'binding', 'rbac.authorization.k8s.io/v1', 'RoleBinding', {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      });
      raw(chart, 'other', 'rbac.authorization.k8s.io/v1', 'RoleBinding', {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'deploy' },
      });
    });
    expect(needs).toEqual([
      'CustomResourceDefinition httproutes.gateway.networking.k8s.io, which serves HTTPRoute of gateway.networking.k8s.io/v1 | app/route',
      'Gateway infra/edge | app/route',
      'metrics API external.metrics.k8s.io | app/scaler',
      'Role shop/deploy | app/other',
      'Service team-b/cart | app/route',
      'StatefulSet shop/db | app/scaler',
    ]);
  });
});

describe('what KEDA and the Secrets Store CSI driver bring along', () => {
  const password = { secret: SecretRef.named('redis-passwd'), key: 'passwd' };
  const queue = (chart: Chart): void => {
    const server = new Redis(chart, 'redis', { storage: Size.gibibytes(10), password });
    const triggers = [ScalingTrigger.redisList({ server, list: 'mail', length: 10 })];
    new Worker(chart, 'mailer', {
      image: 'ghcr.io/acme/mailer:1.4.2',
      liveness: Probe.none(),
      autoscaling: Autoscaling.onEvents({ min: 0, max: 5, triggers }),
    });
  };

  test('the operator that measures a block, in the namespace of the profile', () => {
    expect(needsOf(queue)).toContain('pods keda/app=keda-operator | app/redis');
    expect(
      needsOf((chart) => {
        new ClusterProfile({ kedaNamespace: 'scaling' }).assignTo(chart);
        queue(chart);
      }),
    ).toContain('pods scaling/app=keda-operator | app/redis');
  });

  test('the provider of each class', () => {
    const needs = (provider: string): string[] =>
      needsOf((chart) => {
        raw(chart, 'spc', 'secrets-store.csi.x-k8s.io/v1', 'SecretProviderClass', { spec: { provider } });
      }).filter((need) => need.includes('provider'));
    expect(needs('aws')).toContain('controller Secrets Store CSI provider aws | app/spc');
    expect(needs('acme').filter((need) => need.startsWith('controller'))).toEqual([]);
  });
});

describe('APIs', () => {
  test('of custom resources, with the controllers that are known by their group', () => {
    const needs = needsOf((chart) => {
      deployment(chart, 'worker');
      raw(chart, 'scaler', KEDA, 'ScaledObject', {
        spec: {
          scaleTargetRef: { name: 'worker' },
          triggers: [{ type: 'cpu' }, { type: 'rabbitmq', authenticationRef: { name: 'rabbit' } }],
        },
      });
      raw(chart, 'rabbit', KEDA, 'TriggerAuthentication', {
        spec: { secretTargetRef: [{ parameter: 'host', name: 'mq', key: 'uri' }] },
      });
      raw(chart, 'widget', 'acme.io/v2', 'Widget');
      raw(chart, 'monitor', 'monitoring.coreos.com/v1', 'ServiceMonitor');
      raw(chart, 'vpa', 'autoscaling.k8s.io/v1', 'VerticalPodAutoscaler', {
        spec: { targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'worker' } },
      });
      raw(chart, 'gadgets.acme.io', 'apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
        spec: { group: 'acme.io', names: { kind: 'Gadget', plural: 'gadgets' } },
      });
      raw(chart, 'gadget', 'acme.io/v2', 'Gadget');
    });
    expect(needs).toEqual([
      'API acme.io/v2 with kind Widget | app/widget',
      'controller KEDA | app/scaler | app/rabbit',
      'controller Prometheus Operator | app/monitor',
      'controller Vertical Pod Autoscaler | app/vpa',
      'CustomResourceDefinition scaledobjects.keda.sh, which serves ScaledObject of keda.sh/v1alpha1 | app/scaler',
      'CustomResourceDefinition servicemonitors.monitoring.coreos.com, which serves ServiceMonitor of monitoring.coreos.com/v1 | app/monitor',
      'CustomResourceDefinition triggerauthentications.keda.sh, which serves TriggerAuthentication of keda.sh/v1alpha1 | app/rabbit',
      'CustomResourceDefinition verticalpodautoscalers.autoscaling.k8s.io, which serves VerticalPodAutoscaler of autoscaling.k8s.io/v1 | app/vpa',
      'metrics API external.metrics.k8s.io | app/scaler',
      'metrics API metrics.k8s.io | app/scaler | app/vpa',
      'Secret shop/mq (Opaque) with key uri | app/rabbit',
    ]);
  });

  test.each([
    [undefined, ['metrics.k8s.io']],
    [[{ type: 'ContainerResource' }], ['metrics.k8s.io']],
    [[{ type: 'Pods' }], ['custom.metrics.k8s.io']],
    [
      [{ type: 'Object' }, { type: 'External' }, { type: 'Resource' }],
      ['custom.metrics.k8s.io', 'external.metrics.k8s.io', 'metrics.k8s.io'],
    ],
  ])('of metrics, for the metrics %j of an autoscaler', (metrics, apis) => {
    const needs = needsOf((chart) => {
      deployment(chart, 'web');
      raw(chart, 'web-scaler', 'autoscaling/v2', 'HorizontalPodAutoscaler', {
        spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, metrics },
      });
    });
    expect(needs).toEqual(apis.map((api) => `metrics API ${api} | app/web-scaler`));
  });

  test('decide the version, with the profile', () => {
    const app = new App();
    const [old, newer] = ['old', 'newer'].map((id) => newChart('shop', id, app));
    new ClusterProfile({ name: 'old', version: '1.31' }).assignTo(old);
    new ClusterProfile({ name: 'newer', version: '1.32' }).assignTo(newer);
    raw(old, 'a', 'v1', 'ConfigMap');
    raw(newer, 'a', 'v1', 'ConfigMap');
    raw(newer, 'claim', 'resource.k8s.io/v1', 'ResourceClaim');
    raw(newer, 'policy', 'admissionregistration.k8s.io/v1beta1', 'MutatingAdmissionPolicy');
    expect(titlesOf(app)).toEqual([
      'Kubernetes 1.34 or newer | newer/claim',
      'API admissionregistration.k8s.io/v1beta1 with kind MutatingAdmissionPolicy | newer/policy',
      'Namespace shop | newer/a | newer/claim',
      'Kubernetes 1.31 or newer',
      'Namespace shop | old/a',
    ]);
  });
});

describe('nodes', () => {
  const gpu = (count: number, more: object = {}): object => ({
    name: `c${count}`,
    resources: { limits: { 'nvidia.com/gpu': count, 'cpu': 1 } },
    ...more,
  });

  test('have extended resources: the most of a pod, and the sum over the smallest number of pods', () => {
    expect(
      needsOf((chart) => {
        deployment(chart, 'train', { containers: [gpu(1), gpu(2)] }, { replicas: 3 });
        deployment(chart, 'serve', { containers: [gpu(1)], initContainers: [gpu(4)] });
        raw(chart, 'scaler', 'autoscaling/v2', 'HorizontalPodAutoscaler', {
          spec: {
            minReplicas: 2,
            scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'serve' },
            metrics: [{ type: 'Pods' }],
          },
        });
        raw(chart, 'batch', 'batch/v1', 'Job', {
          spec: { parallelism: 5, template: { spec: { containers: [gpu(1)] } } },
        });
        deployment(chart, 'pages', { containers: [{ name: 'x', resources: { limits: { 'hugepages-2Mi': '64Mi' } } }] });
      }),
    ).toEqual([
      'hugepages-2Mi: 64Mi on one node, 64Mi in all | app/pages',
      'nvidia.com/gpu: 4 on one node, 22 in all | app/train | app/serve | app/batch',
      'metrics API custom.metrics.k8s.io | app/scaler',
    ]);
  });

  test('have labels, and values of them to spread over', () => {
    expect(
      needsOf((chart) => {
        deployment(chart, 'plain', { nodeSelector: { pool: 'db', arch: 'arm64' } });
        deployment(
          chart,
          'choosy',
          {
            nodeSelector: { os: 'linux' },
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [
                    { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] },
                    {
                      matchExpressions: [
                        { key: 'size', operator: 'Gt', values: ['4'] },
                        { key: 'spot', operator: 'DoesNotExist' },
                      ],
                    },
                  ],
                },
              },
              podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [
                  { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'choosy' } } },
                  { topologyKey: 'rack', labelSelector: { matchLabels: { app: 'other' } } },
                ],
              },
            },
            topologySpreadConstraints: [
              { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule', minDomains: 3 },
              { topologyKey: 'soft', whenUnsatisfiable: 'ScheduleAnyway' },
            ],
          },
          { replicas: 4 },
        );
        deployment(chart, 'named', {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }],
              },
            },
          },
        });
      }),
    ).toEqual([
      'a node with labels arch=arm64,pool=db | app/plain',
      'a node with labels os=linux,!spot,size>4 or os=linux,zone in (a,b) | app/choosy',
      'nodes with 4 or more values of label kubernetes.io/hostname | app/choosy',
      'nodes with 3 or more values of label topology.kubernetes.io/zone | app/choosy',
    ]);
  });

  test('of blocks are those of their pool and their spread', () => {
    const needs = needsOf((chart) => {
      new WebService(chart, 'web', {
        ...WEB,
        spread: 'hard',
        placeOn: NodePool.open({ key: 'pool', value: 'web' }),
      });
    });
    expect(needs).toEqual(
      expect.arrayContaining([
        'a node with labels pool=web | app/web',
        expect.stringMatching(/^nodes with \d or more values of label topology.kubernetes.io\/zone \| app\/web$/),
      ]),
    );
  });
});

describe('the network', () => {
  test('needs a plugin, a provider of load balancers, servers and controllers', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    new ClusterProfile({ networkPlugin: 'cilium' }).assignTo(chart);
    const web = new WebService(chart, 'web', {
      ...WEB,
      egress: 'declared',
      egressTo: [Egress.to(Peer.pods({ namespace: 'db', labels: { app: 'pg' } }), { ports: [5432] })],
    });
    const redis = new Redis(chart, 'redis', {
      storage: Size.gibibytes(1),
      password: { secret: SecretRef.named('pw'), key: 'p' },
    });
    web.connectTo(redis);
    web.allowFrom(Peer.pods({ namespace: 'jobs', labels: { app: 'client' } }));
    new HttpRouting(chart, 'routing', {
      host: 'a.example.com',
      tls: Tls.certManager({ issuer: 'ca' }),
      authentication: Authentication.byApp(),
      controller: IngressController.inNamespace('traefik', { className: 'traefik', podLabels: { app: 'traefik' } }),
      routes: [{ path: '/', backend: web }],
    });
    raw(chart, 'lb', 'v1', 'Service', { spec: { type: 'LoadBalancer', loadBalancerClass: 'metallb' } });
    expect(titlesOf(app)).toEqual([
      'Kubernetes 1.30 or newer',
      'a default StorageClass | app/redis',
      'IngressClass traefik | app/routing',
      'Issuer shop/ca | app/routing',
      'a provider of load balancers for class metallb | app/lb',
      expect.stringMatching(/^Namespace shop \| /),
      'a network plugin that enforces NetworkPolicies (cilium by the ClusterProfile) | app/web | app/redis',
      'pods db/app=pg | app/web',
      'pods kube-system/k8s-app=kube-dns | app/web',
      'pods traefik/app=traefik | app/web',
      'Secret shop/pw (Opaque) with key p | app/redis | app/web',
    ]);
  });

  test('needs a GatewayClass and the kinds of the Gateway API', () => {
    const needs = needsOf((chart) => {
      const web = new WebService(chart, 'web', WEB);
      new HttpRouting(chart, 'routing', {
        host: 'a.example.com',
        tls: Tls.secret(SecretRef.named('cert')),
        authentication: Authentication.byApp(),
        controller: GatewayController.fromCidrs(['10.0.0.0/8'], { className: 'shared' }),
        routes: [{ path: '/', backend: web }],
      });
    });
    expect(needs.filter((need) => !/plugin/.test(need))).toEqual([
      'CustomResourceDefinition gateways.gateway.networking.k8s.io, which serves Gateway of gateway.networking.k8s.io/v1 | app/routing',
      'CustomResourceDefinition httproutes.gateway.networking.k8s.io, which serves HTTPRoute of gateway.networking.k8s.io/v1 | app/routing',
      'GatewayClass shared | app/routing',
      'Secret shop/cert (kubernetes.io/tls) with keys tls.crt, tls.key | app/routing',
    ]);
  });
});

describe('the list', () => {
  function twoClusters(): App {
    const app = new App();
    for (const name of ['west', 'east']) {
      const chart = newChart('shop', name, app);
      new ClusterProfile({ name }).assignTo(chart);
      new WebService(chart, 'web', {
        ...WEB,
        autoscaling: Autoscaling.onCpu({ min: 2, max: 3, target: 80 }),
        drain: Duration.seconds(5),
      }).mountSecret('/etc/key', SecretRef.named('key'));
    }
    return app;
  }

  test('is one for each cluster, and the same each time', () => {
    const [first, second] = [ClusterRequirements.of(twoClusters()), ClusterRequirements.of(twoClusters())];
    expect(first.toText()).toBe(`Cluster east:
  Kubernetes 1.30 or newer
  metrics API metrics.k8s.io, for east/web
  Namespace shop, for east/web
  a network plugin that enforces NetworkPolicies, for east/web
  Secret shop/key (Opaque), for east/web

Cluster west:
  Kubernetes 1.30 or newer
  metrics API metrics.k8s.io, for west/web
  Namespace shop, for west/web
  a network plugin that enforces NetworkPolicies, for west/web
  Secret shop/key (Opaque), for west/web
`);
    expect(second.toText()).toBe(first.toText());
    expect(second.toJson()).toBe(first.toJson());
    expect(second.toScript({ cluster: 'west' })).toBe(first.toScript({ cluster: 'west' }));
    expect(JSON.parse(first.toJson())).toEqual(JSON.parse(JSON.stringify(first.requirements)));
    expect(first.requirements.find(({ kind }) => kind === 'Secret')).toEqual({
      cluster: 'east',
      kind: 'Secret',
      apiGroup: '',
      namespace: 'shop',
      name: 'key',
      type: 'Opaque',
      keys: [],
      title: 'Secret shop/key (Opaque)',
      fix: 'Run kubectl create secret generic key --from-file=FOLDER --namespace shop, or let a store write it',
      users: ['east/web'],
    });
  });

  test('has a script for each cluster, and refuses to guess which', () => {
    const requirements = ClusterRequirements.of(twoClusters());
    expect(requirements.toScript({ cluster: 'west' })).toContain('for west/web');
    expect(requirements.toScript({ cluster: 'west' })).not.toContain('for east/web');
    expect(() => requirements.toScript()).toThrow(/^cluster: got nothing, expected one of east, west$/);
    expect(() => requirements.toScript({ cluster: 'north' })).toThrow(
      /^cluster: got 'north', expected one of east, west$/,
    );
  });

  test.each([null, 'x', 7, { cluster: null }, { cluster: {} }, { readSecrets: 'no' }, { readSecrets: null }])(
    'survives options %j',
    (options) => {
      const requirements = ClusterRequirements.of(twoClusters());
      expect(() => requirements.toScript(options as never)).toThrow(/^(cluster|readSecrets): got .*, expected /);
      const { cluster = 'east', ...rest } = { ...(options as object) } as { cluster?: string };
      if (Object.keys(rest).includes('readSecrets')) {
        expect(() => requirements.toScript({ ...rest, cluster })).toThrow(/^readSecrets: got .*, expected true/);
      }
    },
  );

  test('refuses an option that it does not have', () => {
    const requirements = ClusterRequirements.of(twoClusters());
    expect(() => requirements.toScript({ cluster: 'east', readSecret: false } as never)).toThrow(
      /^readSecret: got an unknown option, expected cluster or readSecrets$/,
    );
  });

  test('of the journal says what its README asks of a cluster', () => {
    const app = new App();
    new Journal(app, environments.prod);
    expect(ClusterRequirements.of(app).toText()).toBe(`Cluster default:
  Kubernetes 1.30 or newer
  ClusterIssuer letsencrypt, for routing/Default
  a default StorageClass, for redis/Default
  IngressClass traefik, for routing/Default
  metrics API metrics.k8s.io, for frontend/Default
  a network plugin that enforces NetworkPolicies, for redis/Default, frontend/Default, site/Default
  pods in namespace traefik, for frontend/Default, site/Default
  Secret journal-prod/redis-passwd-v1 (Opaque) with key passwd, for redis/Default, frontend/Default
`);
  });

  test('of an empty app is empty', () => {
    const requirements = ClusterRequirements.of(new App());
    expect([requirements.requirements, requirements.toText(), requirements.toJson()]).toEqual([[], '', '[]\n']);
    expect(requirements.toScript()).toContain('total=0');
  });

  test('survives objects with anything in them', () => {
    for (const spec of [
      null,
      7,
      'x',
      [],
      { template: 3 },
      { template: { spec: { containers: [null, 1, { env: {} }], volumes: 'x' } } },
    ]) {
      expect(() => needsOf((chart) => raw(chart, 'x', 'apps/v1', 'Deployment', { spec }))).not.toThrow();
      expect(() => needsOf((chart) => raw(chart, 'x', KEDA, 'ScaledObject', { spec }))).not.toThrow();
      expect(() =>
        needsOf((chart) => raw(chart, 'x', 'networking.k8s.io/v1', 'NetworkPolicy', { spec })),
      ).not.toThrow();
    }
  });

  test('leaves out an object that cannot be rendered', () => {
    expect(
      needsOf((chart) => {
        raw(chart, 'x', 'v1', 'Pod', {
          spec: Lazy.any({
            produce: () => {
              throw new Error('no');
            },
          }),
        });
      }),
    ).toEqual([]);
  });

  test('has the Secrets of the inventory', () => {
    const app = new App();
    deployment(newChart('shop', 'app', app), 'api', {
      containers: [{ name: 'main', envFrom: [{ secretRef: { name: 'all' } }] }],
    });
    expect(Inventory.of(app).secrets).toEqual([
      { cluster: 'default', namespace: 'shop', name: 'all', type: 'Opaque', keys: [], users: ['app/api'] },
    ]);
  });
});
