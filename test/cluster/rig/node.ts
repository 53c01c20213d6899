import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster } from './cluster';
import { BRIDGE_ADDRESS, POD_NETWORK, startContainerd } from './containerd';
import { loadImage } from './image';
import { CGROUP, CONTAINERD_SOCKET, manifest, program } from './places';
import { Background, run } from '../../rig/processes';

export const NODE_NAME = 'node-1';
export const NODE_ADDRESS = '192.168.77.1';
export const NODE_ADDRESSES = [NODE_ADDRESS, BRIDGE_ADDRESS];
const DNS_ADDRESS = '10.0.0.10';

/** An interface with a default route, so that pods can be given routes; the other end leads nowhere. */
export async function createNodeNetwork(): Promise<void> {
  const commands = [
    'link add node0 type veth peer name node0-peer',
    'link set node0-peer up',
    `addr add ${NODE_ADDRESS}/24 dev node0`,
    'link set node0 up',
    'route add default dev node0',
  ];
  for (const command of commands) await run('ip', command.split(' '));
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
  // Services and policies must also see what goes from pod to pod over the bridge
  await run('sh', ['-c', 'test ! -e /proc/sys/net/bridge || echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables']);
}

/** A real node that joins the control plane: containerd, kubelet, kube-proxy, cluster DNS, policies and volumes. */
export async function startNode(): Promise<void> {
  await startContainerd();
  const kubelet = startKubelet();
  await kubelet.until('the node is registered', () => Cluster.node.kubectl('get', 'node', NODE_NAME));
  startKubeProxy();
  Background.start(
    join(Cluster.node.folder, 'policies.log'),
    process.execPath,
    ['--require', 'ts-node/register/transpile-only', join(__dirname, 'policies', 'enforcer.ts')],
    {
      ...process.env,
      TS_NODE_PROJECT: join(__dirname, '..', '..', 'tsconfig.json'),
    },
  );
  await createVolumes('standard', 24, { 'storageclass.kubernetes.io/is-default-class': 'true' });
  await loadImage('docker.io/coredns/coredns:1.14.6', { programs: [program('coredns')], entrypoint: ['coredns'] });
  await Cluster.node.kubectl('apply', '--server-side', '-f', manifest('coredns'));
  await Cluster.node.rolledOut('kube-system', 'deployment/coredns');
  await Cluster.node.kubectl('wait', 'node', NODE_NAME, '--for=condition=Ready', '--timeout=60s');
}

function startKubelet(): Background {
  const { folder, kubeconfig } = Cluster.node;
  const at = (name: string): string => join(folder, name);
  for (const name of ['podlogs', 'kubelet']) mkdirSync(at(name), { recursive: true });
  writeFileSync(at('resolv.conf'), '');
  writeFileSync(
    at('kubelet.json'),
    JSON.stringify({
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      address: NODE_ADDRESS,
      authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
      authorization: { mode: 'AlwaysAllow' },
      containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
      cgroupDriver: 'cgroupfs',
      cgroupRoot: `/${CGROUP}`,
      failCgroupV1: false,
      failSwapOn: false,
      enforceNodeAllocatable: [],
      resolvConf: at('resolv.conf'),
      clusterDNS: [DNS_ADDRESS],
      clusterDomain: 'cluster.local',
      // the disk is the machine's, and may be rather full
      evictionHard: { 'imagefs.available': '1%', 'nodefs.available': '1%', 'memory.available': '100Mi' },
      imageGCHighThresholdPercent: 100,
      podLogsDir: at('podlogs'),
      syncFrequency: '10s',
      nodeStatusReportFrequency: '10s',
      serializeImagePulls: false,
    }),
  );
  return Background.start(at('kubelet.log'), program('kubelet'), [
    `--config=${at('kubelet.json')}`,
    `--kubeconfig=${kubeconfig}`,
    `--root-dir=${at('kubelet')}`,
    `--hostname-override=${NODE_NAME}`,
    `--node-ip=${NODE_ADDRESS}`,
    `--cert-dir=${at('kubelet-certs')}`,
    '--node-labels=topology.kubernetes.io/zone=zone-a',
  ]);
}

function startKubeProxy(): void {
  const { folder, kubeconfig } = Cluster.node;
  const config = join(folder, 'kube-proxy.json');
  writeFileSync(
    config,
    JSON.stringify({
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      bindAddress: NODE_ADDRESS,
      clientConnection: { kubeconfig },
      mode: 'nftables',
      clusterCIDR: POD_NETWORK,
      hostnameOverride: NODE_NAME,
      nodePortAddresses: ['primary'],
      conntrack: { maxPerCore: 0, min: 0 },
    }),
  );
  Background.start(join(folder, 'kube-proxy.log'), program('kube-proxy'), [`--config=${config}`]);
}

/** A class with local volumes, used one time each. */
export async function createVolumes(
  storageClass: string,
  count: number,
  annotations: Record<string, string> = {},
): Promise<void> {
  const volumes = Array.from({ length: count }, (_, index) => ({
    name: `${storageClass}-${index}`,
    path: join(Cluster.node.folder, 'volumes', storageClass, String(index)),
  }));
  for (const { path } of volumes) mkdirSync(path, { recursive: true });
  await run('chmod', ['777', ...volumes.map(({ path }) => path)]);
  await Cluster.node.apply(
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      provisioner: 'kubernetes.io/no-provisioner',
      volumeBindingMode: 'WaitForFirstConsumer',
      metadata: { name: storageClass, annotations },
    },
    ...volumes.map(({ name, path }) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        capacity: { storage: '20Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: storageClass,
        persistentVolumeReclaimPolicy: 'Retain',
        local: { path },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [NODE_NAME] }] },
            ],
          },
        },
      },
    })),
  );
}
