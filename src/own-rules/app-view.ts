import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { ClusterProfile } from '../cluster/cluster-profile';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf } from '../kernel/model/cluster-facts';
import { requiredSecrets } from '../kernel/model/required-secrets';
import { landingNamespace } from '../kubernetes/cluster-scoped';
import { podSize } from '../kubernetes/pod-size';
import { describePorts, endsOf } from '../network/edges';
import { allEdges } from '../network/usable-edges';
import { workloadsOf } from '../pod/workload-facts';
import type { DeclaredConnection, RequiredSecret } from '../report/inventory';

/**
 * An object of an app, of whatever library.
 *
 * ```ts
 * class NoLoadBalancer implements IRule {
 *   public readonly id = 'acme/no-load-balancer';
 *
 *   public check(view: AppView): Violation[] {
 *     const found: Violation[] = [];
 *     for (const service of view.objects('Service')) {
 *       if (service.manifest.spec.type === 'LoadBalancer') {
 *         found.push({
 *           construct: service.construct,
 *           got: `the load balancer ${service.name}`,
 *           expected: 'a route of the ingress controller',
 *           fix: 'Use an HttpRouting',
 *         });
 *       }
 *     }
 *     return found;
 *   }
 * }
 * Rules.of(app).add(new NoLoadBalancer());
 * ```
 */
export class AppObject {
  /** Name of the cluster that it is meant for. */
  public readonly cluster: string;
  /** API version, such as `apps/v1`. */
  public readonly apiVersion: string;
  /** Kind, such as `Deployment`. */
  public readonly kind: string;
  /** The namespace that it lands in; none for a kind that has no namespaces, and in a chart without one. */
  public readonly namespace?: string;
  /** Name. */
  public readonly name: string;

  private rendered?: { readonly manifest: unknown };

  /** @internal */
  public constructor(
    /** The construct. */
    public readonly construct: ApiObject,
  ) {
    this.cluster = clusterOf(construct).name;
    this.apiVersion = construct.apiVersion;
    this.kind = construct.kind;
    this.namespace = landingNamespace(construct);
    this.name = construct.name;
  }

  /**
   * The manifest as it will be written, frozen. Rendered on first use. `undefined` where the object cannot be rendered:
   * the synthesis reports that itself.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  public get manifest(): any {
    this.rendered ??= { manifest: frozen(rendered(this.construct)) };
    return this.rendered.manifest;
  }
}

/** A workload of an app. */
export interface AppWorkload {
  /** The block. */
  readonly construct: IConstruct;
  /** Name of the cluster that it is meant for. */
  readonly cluster: string;
  /** Kind of its controller, such as `Deployment`. */
  readonly kind: string;
  /** Namespace, where the chart has one. */
  readonly namespace?: string;
  /** Name. */
  readonly name: string;
  /** Least number of pods. */
  readonly replicas: number;
  /** Highest number of pods outside of a rollout. */
  readonly mostReplicas: number;
  /** Images of all containers, those of init containers and sidecars included. */
  readonly images: string[];
  /** CPU that a pod requests, in thousandths of a core. */
  readonly cpuMillis: number;
  /** Memory that a pod requests, in bytes. */
  readonly memoryBytes: number;
}

/** A declared connection of an app. */
export interface AppConnection extends DeclaredConnection {
  /** The block that connects, where it is one of the app. */
  readonly client?: IConstruct;
  /** The block that is connected to, where it is one of the app. */
  readonly server?: IConstruct;
}

/** A namespace on a cluster that an app creates, or places objects in. */
export interface AppNamespace {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Name of the namespace. */
  readonly name: string;
  /** Whether the app has the Namespace itself. */
  readonly created: boolean;
  /** What the app places in it. */
  readonly objects: AppObject[];
}

/**
 * An app as it is in one validation, for the rules that judge it. Nothing in it changes, and nothing done to it changes
 * the app.
 *
 * ```ts
 * class TwoReplicas implements IRule {
 *   public readonly id = 'acme/two-replicas';
 *
 *   public check(view: AppView): Violation[] {
 *     const found: Violation[] = [];
 *     for (const workload of view.workloads()) {
 *       if (workload.kind === 'Deployment' && workload.replicas < 2) {
 *         found.push({
 *           construct: workload.construct,
 *           propPath: ['replicas'],
 *           got: `${workload.replicas}`,
 *           expected: 'at least 2',
 *           fix: 'Write replicas: 2',
 *         });
 *       }
 *     }
 *     return found;
 *   }
 * }
 * Rules.of(app).add(new TwoReplicas());
 * ```
 */
export class AppView {
  /** The view of a pass. @internal */
  public static _of(pass: PassView): AppView {
    return pass.derive(AppView.make);
  }

  private static readonly make = (pass: PassView): AppView => new AppView(pass);

  /** The root of the construct tree. */
  public readonly root: IConstruct;

  private constructor(private readonly pass: PassView) {
    this.root = pass.root;
  }

  /**
   * Objects in the order of the tree, those of other libraries and plain `ApiObject`s included.
   *
   * @param kind such as `Deployment`; all kinds without it
   */
  public objects(kind?: string): AppObject[] {
    return this.pass.derive(readObjects).filter((object) => kind === undefined || object.kind === kind);
  }

  /** The workloads of this library and of blocks with `OwnPods`, in the order of their declaration. */
  public workloads(): AppWorkload[] {
    return [...this.pass.derive(readWorkloads)];
  }

  /** All connections that blocks of this library declare. */
  public connections(): AppConnection[] {
    return [...this.pass.derive(readConnections)];
  }

  /** The namespaces of all clusters, in the order of the tree. */
  public namespaces(): AppNamespace[] {
    return [...this.pass.derive(readNamespaces)];
  }

  /** Every Secret that must be on the clusters before the app starts. */
  public secrets(): RequiredSecret[] {
    return requiredSecrets(this.pass).map(frozen);
  }

  /**
   * What is known of the cluster that a construct is meant for.
   *
   * @param construct a construct of the app
   */
  public clusterOf(construct: IConstruct): ClusterProfile {
    return ClusterProfile.of(construct);
  }
}

function readObjects(pass: PassView): AppObject[] {
  return pass.objects.map((object) => new AppObject(object));
}

function readWorkloads(pass: PassView): AppWorkload[] {
  return workloadsOf(pass).map(({ construct, kind, namespace, name, replicas, most, containers, overhead }) => {
    const { cpu, memory } = podSize(containers, overhead).requests;
    const images = containers.map(({ image }) => image);
    const scale = { replicas, mostReplicas: most, images, cpuMillis: cpu, memoryBytes: memory };
    return frozen({ construct, cluster: clusterOf(construct).name, kind, namespace, name, ...scale });
  });
}

function readConnections(pass: PassView): AppConnection[] {
  return allEdges(pass).map((edge) => {
    const [client, server] = edge.direction === 'ingress' ? [edge.block, edge.owner] : [edge.owner, edge.block];
    return frozen({ ...endsOf(edge), ports: describePorts(edge.ports), client, server });
  });
}

function readNamespaces(pass: PassView): AppNamespace[] {
  const found = new Map<string, { cluster: string; name: string; created: boolean; objects: AppObject[] }>();
  const at = (cluster: string, name: string): { created: boolean; objects: AppObject[] } => {
    const key = `${cluster}\n${name}`;
    const known = found.get(key) ?? { cluster, name, created: false, objects: [] };
    found.set(key, known);
    return known;
  };
  for (const object of pass.derive(readObjects)) {
    const { cluster, kind, apiVersion, name, namespace } = object;
    if (kind === 'Namespace' && apiVersion === 'v1') at(cluster, name).created = true;
    else if (namespace !== undefined) at(cluster, namespace).objects.push(object);
  }
  return [...found.values()].map(frozen);
}

function rendered(object: ApiObject): unknown {
  try {
    return object.toJson();
  } catch {
    return undefined;
  }
}

/** Freezes plain data, and leaves constructs alone. */
function frozen<T>(value: T): T {
  const isObject = typeof value === 'object' && value !== null;
  if (Array.isArray(value) || (isObject && Object.getPrototypeOf(value) === Object.prototype)) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}
