import type { Size } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { ClusterDns, readDns } from './cluster-dns';
import { AppModel } from '../kernel/facts/app-model';
import { Problems } from '../kernel/findings/problems';
import {
  type AllocatableFacts,
  assignmentOf,
  assignmentsOf,
  type ClusterFacts,
  OLDEST_MINOR,
  type Provider,
} from '../kernel/model/cluster-facts';
import { bytes, instance, integer, listOf, matching, oneOf, text } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { cidr } from '../kubernetes/address';
import type { ICpu } from '../kubernetes/cpu';
import { cpuMillis, MEBIBYTE } from '../kubernetes/quantity';
import { IngressController, readController } from '../traffic/routing/ingress-controller';

/**
 * What the smallest node of a cluster has for pods:
 * `kubectl get nodes -o custom-columns=N:.metadata.name,A:.status.allocatable`.
 */
export interface NodeAllocatable {
  /** CPU; at least 1 milli-core. Less than the machine has: the system keeps a part (CH08-17). */
  readonly cpu: ICpu;

  /** Memory; at least 64 MiB. */
  readonly memory: Size;

  /**
   * Pods; 1 to 1000.
   *
   * @default 110: the default of the kubelet
   */
  readonly pods?: number;
}

/** What is known of a target cluster. */
export interface ClusterProfileProps {
  /**
   * Name of the cluster. Objects and routes of one app are compared for duplicates within one cluster.
   *
   * @default 'default': everything in the app goes to one cluster
   */
  readonly name?: string;

  /**
   * The oldest Kubernetes version that runs there, as `1.34`.
   *
   * @default '1.30': the default output is valid on every version from there up
   */
  readonly version?: string;

  /**
   * Number of zones with nodes for the app; 1 to 100.
   *
   * @default - unknown: nothing is checked against it
   */
  readonly zones?: number;

  /**
   * Least number of nodes for the app; 1 to 100000.
   *
   * @default - unknown: nothing is checked against it
   */
  readonly nodes?: number;

  /**
   * What one node has for pods, of the smallest that the app must fit.
   *
   * @default - unknown: nothing is checked against it
   */
  readonly allocatable?: NodeAllocatable;

  /**
   * Who runs the cluster. It decides what an internal load balancer is called.
   *
   * @default - unknown: what depends on it asks for it
   */
  readonly provider?: Provider;

  /**
   * Where pods ask for names.
   *
   * @default ClusterDns.kubeDns(): right for most clusters
   */
  readonly dns?: ClusterDns;

  /**
   * Ranges in which the API server has its addresses: those behind the Service `kubernetes`, as
   * `kubectl get endpointslices kubernetes` shows them, since network policies see those.
   *
   * @default - unknown: what must reach it asks for it
   */
  readonly apiServer?: string[];

  /**
   * The ingress controller of routings that name none.
   *
   * @default - each routing names its own
   */
  readonly ingressController?: IngressController;
}

const VERSION = matching(/^1\.(3\d|[4-9]\d)$/, 4, `a Kubernetes version from '1.${OLDEST_MINOR}' up`);

/**
 * What the checks may assume of the cluster that a part of the app is meant for. It can be assigned before or after the
 * blocks are made: all is read at synthesis.
 *
 * ```ts
 * new ClusterProfile({ name: 'prod-eu', version: '1.34', zones: 3 }).assignTo(chart);
 * ```
 */
export class ClusterProfile {
  /** The profile of the nearest scope that has one; without any, the defaults. */
  public static of(construct: IConstruct): ClusterProfile {
    return (assignmentOf(construct)?.profile as ClusterProfile | undefined) ?? DEFAULT_PROFILE;
  }

  /** Name of the cluster. */
  public readonly name: string;
  /** The oldest Kubernetes version that runs there. */
  public readonly version: string;
  /** Number of zones, where it is known. */
  public readonly zones?: number;
  /** Least number of nodes, where it is known. */
  public readonly nodes?: number;
  /** Who runs the cluster, where it is known. */
  public readonly provider?: Provider;
  /** Ranges in which the API server has its addresses; empty where they are not known. */
  public readonly apiServer: string[];

  private readonly facts: ClusterFacts;

  public constructor(private readonly props: ClusterProfileProps = {}) {
    this.facts = readProfile(props, new Problems());
    this.name = this.facts.name;
    this.version = this.facts.version;
    this.zones = this.facts.zones;
    this.nodes = this.facts.nodes;
    this.provider = this.facts.provider;
    this.apiServer = [...this.facts.apiServer];
  }

  /** Declares that all below `scope` is meant for this cluster. */
  public assignTo(scope: Construct): void {
    if (assignmentsOf(scope).some(({ profile }) => profile === this)) return;
    AppModel.of(scope).add('cluster', { owner: scope, facts: this.facts, profile: this });
    const problems = new Problems(scope);
    readProfile(this.props, problems);
  }
}

function readProfile(props: ClusterProfileProps, problems: Problems): ClusterFacts {
  const read = new Reader<ClusterProfileProps>(problems, props);
  const ingressController = read.optional(
    'ingressController',
    instance(IngressController, 'an IngressController'),
    undefined,
    { fix: "Use IngressController.inNamespace('traefik') with className: 'traefik'" },
  );
  if (ingressController) readController(ingressController, problems, 'ingressController');
  const facts = {
    name: read.optional('name', text, 'default', { fix: 'Name the cluster as your team does' }),
    version: read.optional('version', VERSION, `1.${OLDEST_MINOR}`, { fix: "Write major and minor, such as '1.34'" }),
    zones: read.optional('zones', integer(1, 100), undefined, { fix: 'Count the zones that the nodes are in' }),
    nodes: read.optional('nodes', integer(1, 100_000), undefined, { fix: 'Count the nodes: kubectl get nodes' }),
    allocatable: readAllocatable(read.raw('allocatable'), problems),
    provider: read.optional('provider', oneOf<Provider>('aws', 'azure', 'gcp', 'on-premises'), undefined, {
      fix: 'Write one of these, or remove the prop on another platform',
    }),
    dns: readDns(
      read.optional('dns', instance(ClusterDns, 'a ClusterDns'), ClusterDns.kubeDns(), {
        fix: 'Write ClusterDns.kubeDns(), the default, or ClusterDns.nodeLocal()',
      }),
      problems,
      'dns',
    ),
    apiServer: read.optional('apiServer', listOf(cidr), [], {
      fix: "List ranges, such as ['10.0.0.10/32']: kubectl get endpointslices kubernetes",
    }),
    ingressController,
  };
  read.refuseUnknown();
  const { zones, nodes } = facts;
  if (zones !== undefined && nodes !== undefined && nodes < zones) {
    read.refuse('nodes', nodes, `at least one node a zone (${zones})`, {
      rule: 'cluster/nodes-per-zone',
      fix: 'Count the zones that have nodes',
    });
  }
  return facts;
}

function readAllocatable(given: unknown, problems: Problems): AllocatableFacts | undefined {
  if (given === undefined) return undefined;
  const read = new Reader<NodeAllocatable>(problems, given, 'allocatable.');
  const allocatable = {
    cpu: read.required('cpu', cpuMillis, 1_000_000, {
      fix: 'Give what the node has for pods, such as Cpu.millis(3920)',
      practice: 'CH08-17',
    }),
    memory: read.required('memory', bytes(64 * MEBIBYTE), 1_048_576 * MEBIBYTE, {
      fix: 'Give what the node has for pods, such as Size.gibibytes(14)',
      practice: 'CH08-17',
    }),
    pods: read.optional('pods', integer(1, 1000), 110),
  };
  read.refuseUnknown();
  return allocatable;
}

const DEFAULT_PROFILE = new ClusterProfile();
