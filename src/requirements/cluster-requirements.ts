import type { IConstruct } from 'constructs';
import { collectNeeds } from './collect';
import type { MergedNeed } from './need';
import { scriptOf } from './script';
import { amountOf, fixOf, titleOf } from './texts';
import { AppModel } from '../kernel/facts/app-model';
import { describe } from '../kernel/findings/describe';

/** Something that a cluster must hold before an app is applied, and that the app does not create. */
export interface ClusterRequirement {
  /** Name of the target cluster. */
  readonly cluster: string;

  /**
   * Kind of the object, such as `Secret` or `IngressClass`, or one of these: `Kubernetes` (a version),
   * `CustomResourceDefinition`, `API` (of a kind whose CustomResourceDefinition has no known name), `MetricsAPI`,
   * `Controller`, `DefaultStorageClass`, `DefaultIngressClass`, `NetworkPlugin`, `LoadBalancer`, `ExtendedResource`,
   * `Nodes` (with labels), `TopologyDomains` (values of a label of nodes), `Pods` (of other apps, by their labels).
   */
  readonly kind: string;

  /** API group of the object, `''` for the core group; omitted for what is no object. */
  readonly apiGroup?: string;

  /** Namespace, if it has one. */
  readonly namespace?: string;

  /** Name: of the object, of the API, of the controller or of the label; a selector of labels for nodes and pods. */
  readonly name: string;

  /** Type of a Secret, such as `Opaque`. */
  readonly type?: string;

  /** Keys of a Secret or ConfigMap that its users refer to. */
  readonly keys: string[];

  /** Group and version of an API, such as `keda.sh/v1alpha1`. */
  readonly apiVersion?: string;

  /** The most that one pod asks of an `ExtendedResource`, or the smallest number of `TopologyDomains`. */
  readonly least?: string;

  /** What all pods together ask of an `ExtendedResource`, with the smallest number of replicas. */
  readonly sum?: string;

  /** The need in words. */
  readonly title: string;

  /** How to provide it. */
  readonly fix: string;

  /** Construct paths of the blocks and objects that need it. */
  readonly users: string[];
}

/** Options of `ClusterRequirements.toScript`. */
export interface RequirementScriptOptions {
  /**
   * Name of the cluster that the script is for.
   *
   * @default - the only cluster of the app; an app for several clusters must name one
   */
  readonly cluster?: string;

  /**
   * Whether the script reads Secrets, to compare their types and keys. It prints no values. With `false`, it needs no
   * right to read Secrets, and lists them as not checked.
   *
   * @default true: a missing key stops the pods as a missing Secret does
   */
  readonly readSecrets?: boolean;
}

/**
 * Everything that an app presumes of its clusters and does not create: Secrets, namespaces, CustomResourceDefinitions,
 * controllers, classes, metrics, nodes. The list follows from the objects of the app, of blocks and of others alike.
 *
 * ```ts
 * const requirements = ClusterRequirements.of(app);
 * writeFileSync('cluster-requirements.txt', requirements.toText());
 * writeFileSync('check-cluster.sh', requirements.toScript());
 * ```
 */
export class ClusterRequirements {
  /** Lists the requirements of a construct tree, preferably a complete app. */
  public static of(app: IConstruct): ClusterRequirements {
    return new ClusterRequirements(app);
  }

  /** All requirements, each once, in order of cluster, kind, namespace and name. */
  public readonly requirements: ClusterRequirement[];

  private readonly needs: readonly MergedNeed[];

  private constructor(app: IConstruct) {
    this.needs = collectNeeds(AppModel.of(app).look(), new Set(app.node.findAll()));
    this.requirements = this.needs.map(toRequirement);
  }

  /** The list as readable text, a section for each cluster. */
  public toText(): string {
    return this.clusters()
      .map((cluster) => {
        const lines = this.requirements
          .filter((requirement) => requirement.cluster === cluster)
          .map(({ title, users }) => `  ${title}${users.length === 0 ? '' : `, for ${users.join(', ')}`}\n`);
        return `Cluster ${cluster}:\n${lines.join('')}`;
      })
      .join('\n');
  }

  /** The list as JSON. */
  public toJson(): string {
    return `${JSON.stringify(this.requirements, undefined, 2)}\n`;
  }

  /**
   * A shell script that checks the requirements of one cluster with kubectl and its current context. It only reads. It
   * prints a line for each missing one, with its users and how to provide it.
   *
   * It exits with 0 if everything that it can check is there, with 1 if something is missing, and with 2 if kubectl
   * gives no answer: it does not reach the cluster, or lacks a right.
   */
  public toScript(options: RequirementScriptOptions = {}): string {
    const clusters = this.clusters();
    const { cluster = clusters.length === 1 ? clusters[0] : undefined, readSecrets = true } = { ...options };
    if (clusters.length > 0 && !clusters.some((known) => known === cluster)) {
      throw new Error(`cluster: got ${describe(cluster)}, expected one of ${clusters.join(', ')}`);
    }
    if (typeof readSecrets !== 'boolean') {
      throw new Error(`readSecrets: got ${describe(readSecrets)}, expected true or false`);
    }
    const unknown = Object.keys(options ?? {}).find((name) => name !== 'cluster' && name !== 'readSecrets');
    if (unknown !== undefined) throw new Error(`${unknown}: got an unknown option, expected cluster or readSecrets`);
    return scriptOf(
      this.needs.filter((need) => need.cluster === cluster),
      readSecrets,
    );
  }

  private clusters(): string[] {
    return [...new Set(this.needs.map(({ cluster }) => cluster))];
  }
}

function toRequirement(need: MergedNeed): ClusterRequirement {
  const { cluster, kind, apiGroup, namespace, name, type, keys, apiVersion, users } = need;
  return {
    cluster,
    kind,
    apiGroup: apiGroup === 'core' ? '' : apiGroup,
    namespace,
    name,
    type,
    keys: [...keys],
    apiVersion,
    least:
      need.least === undefined ? undefined : kind === 'ExtendedResource' ? amountOf(need, 'least') : `${need.least}`,
    sum: need.sum === undefined ? undefined : amountOf(need, 'sum'),
    title: titleOf(need),
    fix: fixOf(need),
    users: [...users],
  };
}
