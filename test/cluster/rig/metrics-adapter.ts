import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from './certificate';
import type { Cluster, Manifest } from './cluster';
import { eventually } from '../../rig/processes';

const GROUP = 'external.metrics.k8s.io';
const VERSION = `${GROUP}/v1beta1`;

/** An adapter of external metrics: the API server passes the requests of autoscalers on to it. */
export class MetricsAdapter {
  /** Serves metrics to a cluster, whose API server runs in the network of this process. */
  public static async start(cluster: Cluster, namespace: string): Promise<MetricsAdapter> {
    const { key, certificate } = await selfSigned('metrics-adapter');
    const adapter = new MetricsAdapter(cluster, namespace);
    const server = createServer({ key, cert: certificate }, (request, response) => adapter.answer(request, response));
    const { host } = await addressOf(cluster);
    await new Promise<void>((resolve) => {
      server.listen(0, host, resolve);
    });
    await adapter.register(server, host);
    return adapter;
  }

  private readonly values = new Map<string, number>();
  private server: Server | undefined;
  private registered: Manifest[] = [];

  private constructor(
    private readonly cluster: Cluster,
    private readonly namespace: string,
  ) {}

  /** The metric has this value from now on; `undefined`: the adapter does not know it. */
  public set(metric: string, value: number | undefined): void {
    if (value === undefined) this.values.delete(metric);
    else this.values.set(metric, value);
  }

  public async stop(): Promise<void> {
    await this.cluster.remove(...this.registered);
    this.server?.closeAllConnections();
    this.server?.close();
  }

  private async register(server: Server, host: string): Promise<void> {
    const { cluster, namespace } = this;
    this.server = server;
    const { port } = server.address() as AddressInfo;
    const metadata = { name: 'metrics-adapter', namespace };
    this.registered = [
      { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ name: 'https', port: 443 }] } },
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'metrics-adapter' } },
        addressType: 'IPv4',
        ports: [{ name: 'https', port }],
        endpoints: [{ addresses: [host], conditions: { ready: true } }],
      },
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: `v1beta1.${GROUP}` },
        spec: {
          group: GROUP,
          version: 'v1beta1',
          groupPriorityMinimum: 100,
          versionPriority: 100,
          insecureSkipTLSVerify: true,
          service: { name: 'metrics-adapter', namespace },
        },
      },
    ];
    await cluster.apply(...this.registered);
    await eventually('the API of the adapter', () => cluster.kubectl('get', '--raw', `/apis/${VERSION}`));
  }

  private answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const [, , group, version, , , metricName] = url.split('?')[0].split('/');
    const value = this.values.get(metricName);
    const isDiscovery = `${group}/${version}` === VERSION && metricName === undefined;
    if (!isDiscovery && value === undefined) {
      response.writeHead(404, JSON_TYPE).end(
        JSON.stringify({
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          reason: 'NotFound',
          message: 'no such metric',
          code: 404,
        }),
      );
      return;
    }
    response
      .writeHead(200, JSON_TYPE)
      .end(JSON.stringify(isDiscovery ? RESOURCES : valueOf(metricName, String(value))));
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };

const RESOURCES = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: VERSION,
  resources: [{ name: 'any', singularName: '', namespaced: true, kind: 'ExternalMetricValueList', verbs: ['get'] }],
};

function valueOf(metricName: string, value: string): Manifest {
  const timestamp = new Date().toISOString();
  return {
    kind: 'ExternalMetricValueList',
    apiVersion: VERSION,
    metadata: {},
    items: [{ metricName, metricLabels: {}, timestamp, value }],
  };
}

/** The address of the API server, which endpoints may have: no loopback one. */
async function addressOf(cluster: Cluster): Promise<{ host: string }> {
  const server = await cluster.kubectl('config', 'view', '--output', 'jsonpath={.clusters[0].cluster.server}');
  return { host: new URL(server.trim()).hostname };
}
