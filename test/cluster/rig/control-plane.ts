import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from './cluster';
import { program } from './places';
import { Background, run } from '../../rig/processes';

export interface ControlPlaneOptions {
  /** The program of the API server. */
  readonly apiServer: string;
  /** Address of the API server: one that pods reach, where there are pods. */
  readonly address: string;
  /** First of three ports: API server, etcd's clients, etcd's peers. */
  readonly port: number;
  /** @default true */
  readonly controllers?: boolean;
}

/** etcd and an API server, with or without the controller manager and the scheduler. */
export class ControlPlane {
  public static async start(cluster: Cluster, options: ControlPlaneOptions): Promise<ControlPlane> {
    const plane = new ControlPlane(cluster, options);
    await plane.startApiServer();
    if (options.controllers ?? true) plane.startControllers();
    return plane;
  }

  private readonly processes: Background[] = [];

  private constructor(
    private readonly cluster: Cluster,
    private readonly options: ControlPlaneOptions,
  ) {}

  public async stop(): Promise<void> {
    for (const process of this.processes.reverse()) await process.stop();
  }

  private async startApiServer(): Promise<void> {
    const { apiServer, address, port } = this.options;
    const { folder } = this.cluster;
    mkdirSync(folder, { recursive: true });
    await writeKeys(folder);
    const [clients, peers] = [`http://127.0.0.1:${port + 1}`, `http://127.0.0.1:${port + 2}`];
    this.start('etcd', program('etcd'), [
      '--data-dir',
      join(folder, 'etcd'),
      '--unsafe-no-fsync',
      '--listen-client-urls',
      clients,
      '--advertise-client-urls',
      clients,
      '--listen-peer-urls',
      peers,
      '--initial-advertise-peer-urls',
      peers,
      '--initial-cluster',
      `default=${peers}`,
    ]);
    const api = this.start('apiserver', apiServer, [
      `--etcd-servers=${clients}`,
      `--bind-address=${address}`,
      `--advertise-address=${address}`,
      // 1.37 publishes no loopback address in the Service `kubernetes`, which nobody needs where there are no pods
      ...(address === LOOPBACK ? ['--endpoint-reconciler-type=none'] : []),
      `--secure-port=${port}`,
      `--cert-dir=${join(folder, 'certs')}`,
      // a large one: connection tracking sends a new connection from an old port to the pod of an earlier Service with
      // the address
      '--service-cluster-ip-range=10.0.0.0/16',
      '--authorization-mode=Node,RBAC',
      '--allow-privileged=true',
      '--kubelet-preferred-address-types=InternalIP',
      `--token-auth-file=${join(folder, 'tokens.csv')}`,
      `--client-ca-file=${join(folder, 'clients.crt')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${join(folder, 'sa.pub')}`,
      `--service-account-signing-key-file=${join(folder, 'sa.key')}`,
      // a client here may ask as fast as it can
      '--enable-priority-and-fairness=false',
      // for aggregated APIs: metrics-server
      '--enable-aggregator-routing=true',
      `--requestheader-client-ca-file=${join(folder, 'front-proxy.crt')}`,
      '--requestheader-allowed-names=front-proxy',
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      `--proxy-client-cert-file=${join(folder, 'front-proxy.crt')}`,
      `--proxy-client-key-file=${join(folder, 'front-proxy.key')}`,
    ]);
    await api.until('the API server is ready', async () => {
      writeKubeconfig(this.cluster.kubeconfig, `https://${address}:${port}`, join(folder, 'certs', 'apiserver.crt'));
      return this.cluster.kubectl('get', '--raw', '/readyz');
    });
  }

  private startControllers(): void {
    const { folder, kubeconfig } = this.cluster;
    const { port } = this.options;
    const common = [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--bind-address=127.0.0.1'];
    this.start('controller-manager', program('kube-controller-manager'), [
      ...common,
      `--secure-port=${port + 3}`,
      `--service-account-private-key-file=${join(folder, 'sa.key')}`,
      `--root-ca-file=${join(folder, 'certs', 'apiserver.crt')}`,
      '--use-service-account-credentials=true',
      // for CertificateSigningRequests
      `--cluster-signing-cert-file=${join(folder, 'clients.crt')}`,
      `--cluster-signing-key-file=${join(folder, 'clients.key')}`,
      // the autoscaler looks every 15 s otherwise, and the tests wait for it
      '--horizontal-pod-autoscaler-sync-period=5s',
      '--horizontal-pod-autoscaler-initial-readiness-delay=5s',
      '--horizontal-pod-autoscaler-cpu-initialization-period=10s',
    ]);
    this.start('scheduler', program('kube-scheduler'), [...common, `--secure-port=${port + 4}`]);
  }

  private start(name: string, command: string, args: readonly string[]): Background {
    const process = Background.start(join(this.cluster.folder, `${name}.log`), command, args);
    this.processes.push(process);
    return process;
  }
}

/** Signs tokens of ServiceAccounts and certificates of users, and presents the API server to aggregated APIs. */
async function writeKeys(folder: string): Promise<void> {
  const file = (name: string): string => join(folder, name);
  await run('openssl', ['genrsa', '-out', file('sa.key'), '2048']);
  await run('openssl', ['rsa', '-in', file('sa.key'), '-pubout', '-out', file('sa.pub')]);
  for (const name of ['front-proxy', 'clients']) {
    await run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '30',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      file(`${name}.key`),
      '-out',
      file(`${name}.crt`),
    ]);
  }
  writeFileSync(file('tokens.csv'), `${TOKEN},admin,1,"system:masters"\n`);
}

const TOKEN = 'admin-token';
const LOOPBACK = '127.0.0.1';

function writeKubeconfig(path: string, server: string, certificate: string): void {
  writeFileSync(
    path,
    JSON.stringify({
      'apiVersion': 'v1',
      'kind': 'Config',
      'clusters': [
        {
          name: 'test',
          cluster: { server, 'certificate-authority-data': readFileSync(certificate).toString('base64') },
        },
      ],
      'users': [{ name: 'admin', user: { token: TOKEN } }],
      'contexts': [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
      'current-context': 'test',
    }),
  );
}
