import type { BlockName } from './names';
import { call, type RandomApp, type Terms } from '../cluster/acceptance/terms';

/** What tests and the README must know of a block. Adding a block adds its entry here. */
export interface BlockEntry {
  /** The guide, in `docs/`. */
  readonly guide: string;
  /** The least props. */
  readonly minimal: Terms;
  /** Kinds of the objects that it writes with the least props, in the order in which it makes them. */
  readonly emits: readonly string[];
  /** What must be around it: blocks that its props name by `$block`, and the steps that make it whole. */
  readonly around?: Pick<RandomApp, 'cluster' | 'charts' | 'steps'> & { readonly blocks: RandomApp['blocks'] };
  /** Whether it is not restricted by Pod Security, as only it may be. */
  readonly isPrivileged?: true;
  /** The chart that it is in; the main one when left out. */
  readonly chart?: string;
}

const IMAGE = 'ghcr.io/acme/app:1.4.2';
const POD = ['ServiceAccount', 'NetworkPolicy'];
const NAMESPACE = ['Namespace', 'ResourceQuota', 'LimitRange', 'ServiceAccount', 'NetworkPolicy', 'NetworkPolicy'];
const web = {
  kind: 'WebService',
  id: 'web',
  props: { image: IMAGE, port: 8080, readiness: call('Probe.httpGet', '/readyz') },
} as const;
const beside = (...blocks: RandomApp['blocks']): NonNullable<BlockEntry['around']> => ({ blocks, steps: [] });
const reason = 'It is needed for this test';
const addresses = call('ExternalTarget.addresses', ['10.40.0.10']);
const synced = {
  kind: 'ExternalService',
  id: 'database',
  props: { target: call('ExternalTarget.synced', ['10.40.0.0/24']), port: 5432 },
} as const;
const exported = {
  kind: 'ExportedService',
  id: 'export',
  props: { backend: { $block: 'web' }, exposure: call('Exposure.clusterSet', { sources: ['10.1.0.0/16'] }) },
} as const;

export const BLOCKS: Readonly<Record<BlockName, BlockEntry>> = {
  AccessGrant: {
    guide: 'access.md',
    minimal: { role: call('AccessRole.viewer'), subjects: [call('Subject.group', 'team')] },
    emits: ['Role', 'RoleBinding'],
  },
  DeveloperNamespace: {
    guide: 'developer-namespaces.md',
    minimal: { owner: 'jane@example.com', team: 'shop', purpose: 'trying things' },
    emits: [...NAMESPACE, 'RoleBinding'],
  },
  DnsForwarding: {
    guide: 'external-services.md',
    minimal: { zone: 'corp.example.com', servers: ['10.0.0.53'] },
    emits: [],
  },
  EndpointSyncer: {
    guide: 'external-services.md',
    minimal: { image: IMAGE, service: { $block: 'database' } },
    emits: [...POD, 'Role', 'RoleBinding', 'Deployment'],
    around: beside(synced),
  },
  ExistingNamespace: {
    guide: 'two-repositories.md',
    minimal: { name: 'search-x', defaultDeny: true },
    emits: [],
  },
  ExportedService: {
    guide: 'external-services.md',
    minimal: exported.props,
    emits: ['ServiceExport'],
    around: beside(web),
  },
  ExposedService: {
    guide: 'exposure.md',
    minimal: { backend: { $block: 'web' }, exposure: call('Exposure.nodePort', { sources: ['10.20.0.0/16'] }) },
    emits: ['Service'],
    around: beside(web),
  },
  ExternalService: {
    guide: 'external-services.md',
    minimal: { target: addresses, port: 5432 },
    emits: ['Service', 'EndpointSlice'],
  },
  Gateway: {
    guide: 'gateway.md',
    minimal: { controller: call('GatewayController.inNamespace', 'traefik', { className: 'traefik' }) },
    emits: ['Gateway'],
  },
  HttpRouting: {
    guide: 'routing.md',
    minimal: {
      host: 'shop.example.com',
      tls: call('Tls.none'),
      controller: call('IngressController.inNamespace', 'traefik', { className: 'traefik' }),
      routes: [{ path: '/', backend: { $block: 'web' } }],
    },
    emits: ['Ingress'],
    around: beside(web),
  },
  ImportedService: {
    guide: 'external-services.md',
    minimal: { exported: { $block: 'export' } },
    emits: ['Service'],
    chart: 'east',
    around: {
      blocks: [web, exported],
      steps: [],
      cluster: { name: 'west' },
      charts: [{ id: 'east', cluster: { name: 'east' } }],
    },
  },
  Job: { guide: 'jobs.md', minimal: { image: IMAGE }, emits: [...POD, 'Job'] },
  NamespaceReaper: {
    guide: 'developer-namespaces.md',
    minimal: { image: IMAGE },
    emits: [
      ...POD,
      'ConfigMap',
      'CronJob',
      'ClusterRole',
      'ClusterRoleBinding',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
    ],
  },
  NetworkTiers: {
    guide: 'network-tiers.md',
    minimal: { tiers: [{ name: 'web' }] },
    emits: ['NetworkPolicy'],
    around: { blocks: [web], steps: [{ on: 'x', method: 'add', args: ['web', { $block: 'web' }] }] },
  },
  NodeAgent: { guide: 'node-agents.md', minimal: { image: IMAGE }, emits: [...POD, 'DaemonSet'] },
  PriorityClass: { guide: 'scheduling.md', minimal: { value: 1000 }, emits: ['PriorityClass'] },
  PrivilegedWorkload: {
    guide: 'privileged-workloads.md',
    minimal: { image: IMAGE, owner: 'team-infra', exceptions: [call('PrivilegedException.rootUser', { reason })] },
    emits: [...POD, 'Namespace', 'DaemonSet'],
    isPrivileged: true,
  },
  Redis: {
    guide: 'redis.md',
    minimal: { storage: call('Size.gibibytes', 10), password: { secret: { $secret: 'redis-passwd' }, key: 'passwd' } },
    emits: [...POD, 'ConfigMap', 'StatefulSet', 'Service', 'Service', 'Service', 'PodDisruptionBudget'],
  },
  RedisCache: {
    guide: 'cache.md',
    minimal: { password: { secret: { $secret: 'cache-passwd' }, key: 'passwd' } },
    emits: [...POD, 'ConfigMap', 'Deployment', 'Service'],
  },
  RuntimeClass: { guide: 'scheduling.md', minimal: { handler: 'runsc' }, emits: ['RuntimeClass'] },
  ScheduledJob: { guide: 'jobs.md', minimal: { image: IMAGE, schedule: '@daily' }, emits: [...POD, 'CronJob'] },
  SecretStore: {
    guide: 'secrets-elsewhere.md',
    minimal: { provider: call('StoreProvider.vault', { address: 'https://vault.example.com', role: 'shop' }) },
    emits: ['ServiceAccount', 'SecretStore'],
  },
  SingletonWorker: {
    guide: 'worker.md',
    minimal: { image: IMAGE, liveness: call('Probe.none') },
    emits: [...POD, 'StatefulSet'],
  },
  StatefulService: {
    guide: 'stateful.md',
    minimal: { image: IMAGE, port: 5432, readiness: call('Probe.portOnly') },
    emits: [...POD, 'Service', 'StatefulSet', 'Service'],
  },
  StaticSite: {
    guide: 'web-service.md',
    minimal: { image: IMAGE },
    emits: [...POD, 'ConfigMap', 'Deployment', 'Service', 'PodDisruptionBudget'],
  },
  StaticVolume: {
    guide: 'storage.md',
    minimal: {
      backend: call('VolumeBackend.nfs', { server: 'nfs.example.com', path: '/exports/shop' }),
      capacity: call('Size.gibibytes', 10),
    },
    emits: ['PersistentVolume'],
  },
  StorageClass: { guide: 'storage.md', minimal: { provisioner: 'ebs.csi.aws.com' }, emits: ['StorageClass'] },
  TenantNamespace: {
    guide: 'namespaces.md',
    minimal: {
      owner: 'jane@example.com',
      team: 'shop',
      purpose: 'the shop',
      quota: call('Quota.of', { cpu: call('Cpu.units', 10), memory: call('Size.gibibytes', 20) }),
    },
    emits: NAMESPACE,
  },
  TlsRoute: {
    guide: 'gateway.md',
    minimal: {
      host: 'shop.example.com',
      controller: call('GatewayController.inNamespace', 'traefik', { className: 'traefik' }),
      backend: { $block: 'web' },
    },
    emits: ['Gateway', 'TLSRoute'],
    around: { ...beside(web), cluster: { version: '1.31', gatewayApi: { version: '1.5' } } },
  },
  VersionedConfigMap: { guide: 'configuration.md', minimal: { data: { a: '1' } }, emits: ['ConfigMap'] },
  VersionedSecret: { guide: 'configuration.md', minimal: { version: 'v1' }, emits: [] },
  VolumeClaim: {
    guide: 'storage.md',
    minimal: { size: call('Size.gibibytes', 10), accessMode: 'ReadWriteOnce' },
    emits: ['PersistentVolumeClaim'],
  },
  VolumeSnapshot: { guide: 'storage.md', minimal: { claimName: 'pages' }, emits: ['VolumeSnapshot'] },
  VolumeSnapshotClass: {
    guide: 'storage.md',
    minimal: { driver: 'ebs.csi.aws.com' },
    emits: ['VolumeSnapshotClass'],
  },
  WebService: {
    guide: 'web-service.md',
    minimal: web.props,
    emits: [...POD, 'Deployment', 'Service', 'PodDisruptionBudget'],
  },
  Worker: {
    guide: 'worker.md',
    minimal: { image: IMAGE, liveness: call('Probe.none') },
    emits: [...POD, 'Deployment', 'PodDisruptionBudget'],
  },
};

export const NAMES = Object.keys(BLOCKS) as BlockName[];

/** An app with one block of the name, whose id is `x`, and what must be around it. */
export function appOf(name: BlockName, props: Terms = BLOCKS[name].minimal): RandomApp {
  const { around, chart } = BLOCKS[name];
  return {
    steps: [],
    ...around,
    blocks: [...(around?.blocks ?? []), { kind: name, id: 'x', props, ...(chart === undefined ? {} : { chart }) }],
  };
}
