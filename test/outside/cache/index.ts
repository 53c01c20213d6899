import { ApiObject } from 'cdk8s';
import {
  type AllowOptions,
  type Connection,
  type IConnectionClient,
  type IConnectionTarget,
  type IPeer,
  OwnPods,
  type Peer,
} from 'cdk8s-best-practices';
import { Construct } from 'constructs';

/** Props of `Cache`. */
export interface CacheProps {
  /** Number of pods. */
  readonly replicas: number;
}

/** A memcached, as a company may write it in a package of its own. */
export class Cache extends Construct implements IConnectionClient, IConnectionTarget {
  private readonly pods: OwnPods;
  private readonly env: Array<{ name: string; value: string }> = [];

  public constructor(scope: Construct, id: string, { replicas }: CacheProps) {
    super(scope, id);
    this.pods = new OwnPods(this, {
      ports: [
        { name: 'memcached', port: 11211 },
        { name: 'metrics', port: 9150 },
      ],
    });
    const { name, selectorLabels, podLabels } = this.pods;
    const requests = { 'cpu': '250m', 'memory': '64Mi', 'ephemeral-storage': '64Mi' };
    const container = {
      name: 'main',
      image: 'docker.io/library/memcached:1.6.38',
      ports: [{ containerPort: 11211 }],
      env: this.env,
      resources: { requests, limits: { ...requests, cpu: '1' } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    };
    // what Pod Security 'restricted' asks of the pod
    const securityContext = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
    this.pods.runBy(
      new ApiObject(this, 'Deployment', {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name },
        spec: {
          replicas,
          selector: { matchLabels: selectorLabels },
          template: { metadata: { labels: podLabels }, spec: { containers: [container], securityContext } },
        },
      }),
    );
    new ApiObject(this, 'Service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: selectorLabels, ports: [{ name: 'memcached', port: 11211 }] },
    });
  }

  /** Warms itself up from a store, by its main port or the one of that name. */
  public warmUpFrom(store: IConnectionTarget, storePort?: string): void {
    const { host, port } = this.pods.connectTo(store, storePort);
    this.env.push({ name: 'WARM_UP', value: `${host}:${port}` });
  }

  public get name(): string {
    return this.pods.name;
  }

  public get egressClosed(): boolean {
    return this.pods.egressClosed;
  }

  public toPeer(): Peer {
    return this.pods.toPeer();
  }

  public allowFrom(peer: IPeer, options?: AllowOptions): void {
    this.pods.allowFrom(peer, options);
  }

  public connectionFor(): Connection {
    return { host: this.name, port: 11211 };
  }
}
