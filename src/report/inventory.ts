import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';
import { othersAt } from '../kernel/findings/judgement';
import { clusterOf } from '../kernel/model/cluster-facts';
import { landingNamespace } from '../kubernetes/cluster-scoped';
import { podDevices, podSize } from '../kubernetes/pod-size';
import { bytesQuantity, cpuQuantity } from '../kubernetes/quantity';
import { describePorts, endsOf } from '../network/edges';
import { allEdges } from '../network/usable-edges';
import { workloadsOf } from '../pod/workload-facts';
import { collectSecrets } from '../requirements/collect';
import { isCounted } from '../synth/examine';

/** An object of an app. */
export interface InventoryObject {
  /** Name of the target cluster. */
  readonly cluster: string;
  /** Kind, such as `Deployment`. */
  readonly kind: string;
  /** Namespace, if the object has one. */
  readonly namespace?: string;
  /** Name. */
  readonly name: string;
  /** Path of its construct. */
  readonly path: string;
}

/** A workload of an app. */
export interface InventoryWorkload {
  /** Kind of its controller. */
  readonly kind: string;
  /** Namespace, if the chart has one. */
  readonly namespace?: string;
  /** Name. */
  readonly name: string;
  /** Minimum number of pods. */
  readonly replicas: number;
  /** CPU request of all its pods, as a quantity. */
  readonly cpu: string;
  /** Memory request of all its pods, as a quantity. */
  readonly memory: string;
  /** Numbers of extended resources of all its pods, by name. */
  readonly extended?: { [resource: string]: number };
}

/** A Secret that must exist on the cluster before the app starts. */
export interface RequiredSecret {
  /** Name of the target cluster. */
  readonly cluster: string;
  /** Namespace, if the chart has one. */
  readonly namespace?: string;
  /** Name. */
  readonly name: string;
  /** Type, such as `Opaque`. */
  readonly type: string;
  /** Keys that its users refer to. */
  readonly keys: string[];
  /** Construct paths of its users. */
  readonly users: string[];
}

/** A declared connection. */
export interface DeclaredConnection {
  /** Construct path of the client, or a description of a peer. */
  readonly from: string;
  /** Construct path of the server, or a description of a peer. */
  readonly to: string;
  /** Ports, separated by commas. */
  readonly ports: string;
}

/** A warning. */
export interface InventoryWarning {
  /** Path of the construct. */
  readonly path: string;
  /** The warning and its fix. */
  readonly message: string;
}

/**
 * The contents of an app, for reviewers and for those who prepare the cluster.
 *
 * ```ts
 * console.log(Inventory.of(app).toText());
 * ```
 */
export class Inventory {
  /** Lists the contents of a construct tree, preferably a complete app. */
  public static of(app: IConstruct): Inventory {
    return new Inventory(app);
  }

  /** All objects, in tree order. */
  public readonly objects: InventoryObject[];
  /** All workloads. */
  public readonly workloads: InventoryWorkload[];
  /** Every Secret that must exist on the clusters and that no object of the app makes. */
  public readonly secrets: RequiredSecret[];
  /** All declared connections. */
  public readonly connections: DeclaredConnection[];
  /** All warnings. */
  public readonly warnings: InventoryWarning[];

  private readonly totals: { cpu: number; memory: number };

  private constructor(app: IConstruct) {
    const view = AppModel.of(app).look();
    const nodes = app.node.findAll();
    const inside = new Set<IConstruct>(nodes);
    this.objects = view.objects
      .filter((object) => inside.has(object))
      .map((object) => ({
        cluster: clusterOf(object).name,
        kind: object.kind,
        namespace: landingNamespace(object),
        name: object.name,
        path: object.node.path,
      }));
    const workloads = workloadsOf(view)
      .filter(({ construct }) => inside.has(construct))
      .map((facts) => ({
        ...facts,
        requests: podSize(facts.containers, facts.overhead, facts.whole).requests,
        devices: podDevices(facts.containers),
      }));
    this.workloads = workloads.map(({ kind, namespace, name, replicas, requests, devices }) => ({
      kind,
      name,
      replicas,
      namespace,
      cpu: cpuQuantity(requests.cpu * replicas),
      memory: bytesQuantity(requests.memory * replicas),
      ...(devices.size === 0
        ? {}
        : { extended: Object.fromEntries([...devices].map(([resource, count]) => [resource, count * replicas])) }),
    }));
    this.totals = {
      cpu: workloads.reduce((sum, { requests, replicas }) => sum + requests.cpu * replicas, 0),
      memory: workloads.reduce((sum, { requests, replicas }) => sum + requests.memory * replicas, 0),
    };
    this.secrets = collectSecrets(view, inside).map(({ cluster, namespace, name, type = '', keys, users }) => ({
      cluster,
      namespace,
      name,
      type,
      keys: [...keys],
      users: [...users],
    }));
    this.connections = allEdges(view)
      .filter(({ owner }) => inside.has(owner))
      .map((edge) => ({ ...endsOf(edge), ports: describePorts(edge.ports) }));
    this.warnings = nodes.flatMap((node) =>
      othersAt(view, [node])
        .filter(isCounted)
        .map(({ message }) => ({ path: node.node.path, message })),
    );
  }

  /** Everything as readable text. */
  public toText(): string {
    const { cpu, memory } = this.totals;
    return [
      section(
        'Objects',
        this.objects.map(
          ({ kind, namespace, name }) => `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`,
        ),
      ),
      section(
        `Workloads, requesting ${cpuQuantity(cpu)} CPU and ${bytesQuantity(memory)} memory in all`,
        this.workloads.map((workload) =>
          [
            `${workload.kind} ${workload.name}: ${workload.replicas} replicas, ${workload.cpu} CPU, ${workload.memory}`,
            ...Object.entries(workload.extended ?? {}).map(([resource, count]) => `${count} ${resource}`),
          ].join(', '),
        ),
      ),
      section('Secrets that the cluster must hold', this.secrets.map(describeSecret)),
      section(
        'Connections',
        this.connections.map(({ from, to, ports }) => `${from} -> ${to} on ${ports}`),
      ),
      section(
        'Warnings',
        this.warnings.map(({ path, message }) => `[${path}] ${message}`),
      ),
    ]
      .filter((text) => text !== '')
      .join('\n');
  }
}

function describeSecret({ namespace, name, type, keys, users }: RequiredSecret): string {
  return (
    `${namespace === undefined ? '' : `${namespace}/`}${name} (${type}) with ` +
    `${keys.length > 0 ? keys.join(', ') : 'the keys of its users'}, for ${users.join(', ')}`
  );
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`${title}:`, ...lines.map((line) => `  ${line}`), ''].join('\n');
}
