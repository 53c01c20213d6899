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
 * An object of an app, from any library.
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
  /** Name of the target cluster. */
  public readonly cluster: string;
  /** API version, such as `apps/v1`. */
  public readonly apiVersion: string;
  /** Kind, such as `Deployment`. */
  public readonly kind: string;
  /** Effective namespace; none for a cluster-scoped kind, and in a chart without a namespace. */
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
   * The final manifest, frozen. Rendered on first use. `undefined` if the object cannot be rendered, which the
   * synthesis itself reports.
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
  /** Name of the target cluster. */
  readonly cluster: string;
  /** Kind of its controller, such as `Deployment`. */
  readonly kind: string;
  /** Namespace, if the chart has one. */
  readonly namespace?: string;
  /** Name. */
  readonly name: string;
  /** Minimum number of pods. */
  readonly replicas: number;
  /** Maximum number of pods outside a rollout. */
  readonly mostReplicas: number;
  /** Images of all containers, including init containers and sidecars. */
  readonly images: string[];
  /** CPU request of a pod, in thousandths of a core. */
  readonly cpuMillis: number;
  /** Memory request of a pod, in bytes. */
  readonly memoryBytes: number;
}

/** A declared connection of an app. */
export interface AppConnection extends DeclaredConnection {
  /** The client, if it is a block of the app. */
  readonly client?: IConstruct;
  /** The server, if it is a block of the app. */
  readonly server?: IConstruct;
}

/** A namespace on a cluster that an app creates or uses. */
export interface AppNamespace {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Name of the namespace. */
  readonly name: string;
  /** Whether the app contains the Namespace itself. */
  readonly created: boolean;
  /** The objects of the app in it. */
  readonly objects: AppObject[];
}

/**
 * An app during one validation, for the rules that judge it. It never changes, and changes to it do not affect the app.
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
   * Objects in tree order, including those of other libraries and plain `ApiObject`s.
   *
   * @param kind a kind such as `Deployment`; omitted, all kinds
   */
  public objects(kind?: string): AppObject[] {
    return this.pass.derive(readObjects).filter((object) => kind === undefined || object.kind === kind);
  }

  /** The workloads of this library and of blocks with `OwnPods`, in order of declaration. */
  public workloads(): AppWorkload[] {
    return this.pass.derive(readWorkloads).map(handedOut);
  }

  /** All connections that blocks of this library declare. */
  public connections(): AppConnection[] {
    return this.pass.derive(readConnections).map(handedOut);
  }

  /** The namespaces of all clusters, in tree order. */
  public namespaces(): AppNamespace[] {
    return this.pass.derive(readNamespaces).map(handedOut);
  }

  /** Every Secret that must exist on the clusters before the app starts. */
  public secrets(): RequiredSecret[] {
    return requiredSecrets(this.pass).map(frozen).map(handedOut);
  }

  /**
   * The profile of the cluster of a construct.
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
  return workloadsOf(pass).map(({ construct, kind, namespace, name, replicas, most, containers, overhead, whole }) => {
    const { cpu, memory } = podSize(containers, overhead, whole).requests;
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

/** A copy that is not frozen itself: jsii marks what it hands to other languages. */
function handedOut<T extends object>(value: T): T {
  return { ...value };
}

/** Freezes plain data, but not constructs. */
function frozen<T>(value: T): T {
  const isObject = typeof value === 'object' && value !== null;
  if (Array.isArray(value) || (isObject && Object.getPrototypeOf(value) === Object.prototype)) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}
