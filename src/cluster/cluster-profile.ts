import type { Size } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { ClusterDns, readDns } from './cluster-dns';
import type * as Storage from './cluster-storage';
import { AppModel } from '../kernel/facts/app-model';
import { Problems } from '../kernel/findings/problems';
import {
  type AllocatableFacts,
  assignmentOf,
  assignmentsOf,
  type ClusterFacts,
  OLDEST_MINOR,
  type NetworkPlugin,
  type Provider,
} from '../kernel/model/cluster-facts';
import type { StorageFacts } from '../kernel/model/storage-facts';
import { boolean, bytes, instance, integer, listOf, matching, oneOf, structs, text } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsLabel, dnsSubdomain } from '../kernel/schema/syntax';
import { cidr } from '../kubernetes/address';
import type { ICpu } from '../kubernetes/cpu';
import type { GatewayBundle, GatewayChannel } from '../kubernetes/gateway-api';
import { cpuMillis, MEBIBYTE } from '../kubernetes/quantity';
import type * as Devices from '../scheduling/node-devices';
import type * as GatewayControllers from '../traffic/routing/gateway-controller';
import { IngressController, readController } from '../traffic/routing/ingress-controller';

/**
 * Allocatable resources of the smallest node:
 * `kubectl get nodes -o custom-columns=N:.metadata.name,A:.status.allocatable`.
 */
export interface NodeAllocatable {
  /** CPU; at least 1 milli-core. Less than the machine has: the system reserves a part (CH08-17). */
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

/**
 * What all nodes for the app can. It depends on their kernel, their container runtime and the file systems of their
 * disks, so the library never concludes it from the version.
 */
export interface NodeFeatures {
  /**
   * Whether pods can have a user namespace: Linux 6.3, containerd 2.0 or CRI-O 1.25, with runc 1.2 or crun 1.9.
   * Workloads then use one unless they say `userNamespace: false`, or have volumes that may not support it. Needs
   * Kubernetes 1.33.
   *
   * @default false
   * @see https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
   */
  readonly userNamespaces?: boolean;

  /**
   * Whether the container runtime knows `supplementalGroupsPolicy`: containerd 2.0 or CRI-O 1.31. `kubectl get nodes -o
   * jsonpath='{.items[*].status.features}'` shows it. Processes then have only the groups that the pod states, unless
   * the workload says `supplementalGroupsPolicy: 'Merge'`. Needs Kubernetes 1.33.
   *
   * @default false
   */
  readonly supplementalGroupsPolicy?: boolean;
}

/** The Gateway API of a cluster. */
export interface GatewayApi {
  /**
   * Version of its CRDs, from `1.2` up: `kubectl get crd httproutes.gateway.networking.k8s.io -o yaml` shows it as
   * annotation `gateway.networking.k8s.io/bundle-version`.
   */
  readonly version: string;

  /**
   * Channel of its CRDs, as annotation `gateway.networking.k8s.io/channel`.
   *
   * @default 'standard': the experimental one changes between versions
   */
  readonly channel?: 'standard' | 'experimental';

  /**
   * Features that the controller implements, such as `HTTPRouteCORS`: `kubectl get gatewayclass NAME -o
   * jsonpath='{.status.supportedFeatures[*].name}'`.
   *
   * @default - unknown: not checked
   */
  readonly features?: string[];
}

/** Properties of a target cluster. */
export interface ClusterProfileProps {
  /**
   * Name of the cluster. Duplicate objects and routes are detected within one cluster.
   *
   * @default 'default': the whole app is for one cluster
   */
  readonly name?: string;

  /**
   * The oldest Kubernetes version of the cluster, such as `1.34`.
   *
   * @default '1.30': the default output is valid on every version from there up
   */
  readonly version?: string;

  /**
   * Number of zones with nodes for the app; 1 to 100.
   *
   * @default - unknown: not checked
   */
  readonly zones?: number;

  /**
   * Minimum number of nodes for the app; 1 to 100000.
   *
   * @default - unknown: not checked
   */
  readonly nodes?: number;

  /**
   * Allocatable resources of the smallest node that must fit the app.
   *
   * @default - unknown: not checked
   */
  readonly allocatable?: NodeAllocatable;

  /**
   * What all nodes for the app can, besides what the version says.
   *
   * @default - unknown: pods use no feature that depends on it
   */
  readonly nodeFeatures?: NodeFeatures;

  /**
   * All extended resources of the nodes, such as GPUs: number and node pool. A pod that requests another one, or more
   * than a node has, is an error. Pods get the selector and the toleration of the pool (CH14-31).
   *
   * @default - unknown: not checked, and no toleration
   */
  readonly devices?: Devices.NodeDevices[];

  /**
   * Whether the pods run on nodes of your own. Write `false` for AWS Fargate, GKE Autopilot, the virtual nodes of Azure
   * and other targets whose nodes belong to the provider: a DaemonSet, a directory, a port or a namespace of the node,
   * and a privileged container are then errors (`cluster/own-nodes`).
   *
   * @default true
   */
  readonly ownNodes?: boolean;

  /**
   * Platform of the cluster. It decides the annotations of internal load balancers.
   *
   * @default - unknown: blocks that need it report an error
   */
  readonly provider?: Provider;

  /**
   * The network plugin, which enforces network policies. `cilium` means Cilium with its defaults, such as Azure CNI
   * Powered by Cilium. On it, a range of addresses matches neither nodes nor the API server.
   *
   * @default - unknown: a range matches everything with an address in it
   */
  readonly networkPlugin?: NetworkPlugin;

  /**
   * The DNS servers of the pods.
   *
   * @default ClusterDns.kubeDns(): right for most clusters
   */
  readonly dns?: ClusterDns;

  /**
   * Address ranges of the API server, behind the Service `kubernetes`, since network policies see those. `kubectl get
   * endpointslices kubernetes` shows the addresses.
   *
   * @default - unknown: blocks that need it report an error
   */
  readonly apiServer?: string[];

  /**
   * The ingress controller of routings that name none.
   *
   * @default - each routing names its own
   */
  readonly ingressController?: IngressController;

  /**
   * The gateway controller of routings that name none, in place of an ingress controller.
   *
   * @default - each routing names its own
   */
  readonly gateway?: GatewayControllers.GatewayController;

  /**
   * The Gateway API of the cluster. A field that its CRDs or its controller lack is an error.
   *
   * @default - version 1.2, channel `standard`, and a controller with all features
   */
  readonly gatewayApi?: GatewayApi;

  /**
   * Namespace of KEDA's operator, which blocks of `ScalingTrigger` admit.
   *
   * @default 'keda': that of its Helm chart and of its manifests
   */
  readonly kedaNamespace?: string;

  /**
   * Names of the ClusterSecretStores of the External Secrets Operator that the cluster has: `kubectl get
   * clustersecretstores`. An ExternalSecret that names another one is an error.
   *
   * @default - none
   */
  readonly secretStores?: string[];

  /**
   * StorageClasses of the cluster, storage tiers, and the default class. Claims are compared with them.
   *
   * @default - unknown: not checked, and no tiers
   */
  readonly storage?: Storage.ClusterStorage;
}

const NAMESPACE = dnsLabel();
const BUNDLE = matching(/^1\.([2-9]|[1-9]\d)$/, 4, "a version of the Gateway API from '1.2' up");
const SECRET_STORES = listOf(dnsSubdomain);
const FEATURE = matching(/^[A-Z][A-Za-z0-9]*$/, 128, 'the name of a feature');
const VERSION = matching(/^1\.(3\d|[4-9]\d)$/, 4, `a Kubernetes version from '1.${OLDEST_MINOR}' up`);

/**
 * Properties of the cluster for a part of the app. Checks rely on them. Assign it before or after the blocks are
 * created: everything is read at synthesis.
 *
 * ```ts
 * new ClusterProfile({ name: 'prod-eu', version: '1.34', zones: 3 }).assignTo(chart);
 * ```
 */
export class ClusterProfile {
  /** The profile of the nearest scope with one; without any, the defaults. */
  public static of(construct: IConstruct): ClusterProfile {
    return (assignmentOf(construct)?.profile as ClusterProfile | undefined) ?? DEFAULT_PROFILE;
  }

  /** Name of the cluster. */
  public readonly name: string;
  /** The oldest Kubernetes version of the cluster. */
  public readonly version: string;
  /** Number of zones, if known. */
  public readonly zones?: number;
  /** Minimum number of nodes, if known. */
  public readonly nodes?: number;
  /** Platform of the cluster, if known. */
  public readonly provider?: Provider;
  /** Address ranges of the API server; empty if unknown. */
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

  /** Assigns everything in `scope` to this cluster. */
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
  const gateway = readGateway(read, problems);
  read.conflict('ingressController', 'gateway', { fix: 'Keep the one of routings that name none' });
  const version = read.optional('version', VERSION, `1.${OLDEST_MINOR}`, {
    fix: "Write major and minor, such as '1.34'",
  });
  const facts = {
    name: read.optional('name', text, 'default', { fix: 'Write the name that your team uses for the cluster' }),
    version,
    zones: read.optional('zones', integer(1, 100), undefined, { fix: 'Count the zones that the nodes are in' }),
    nodes: read.optional('nodes', integer(1, 100_000), undefined, { fix: 'Count the nodes: kubectl get nodes' }),
    allocatable: readAllocatable(read.raw('allocatable'), problems),
    nodeFeatures: readNodeFeatures(
      read.raw('nodeFeatures'),
      read.isSound('version') ? Number(version.split('.')[1]) : undefined,
      problems,
    ),
    devices: readDevices(read, problems),
    ownNodes: read.optional('ownNodes', boolean, true, { fix: 'Write true or false' }),
    networkPlugin: read.optional(
      'networkPlugin',
      oneOf<NetworkPlugin>('aws', 'azure', 'calico', 'cilium', 'gke'),
      undefined,
      { fix: 'Write one of these, or remove the prop for another plugin' },
    ),
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
    gateway,
    gatewayApi: readGatewayApi(read.raw('gatewayApi'), problems),
    kedaNamespace: read.optional('kedaNamespace', NAMESPACE, 'keda', { fix: 'Name the namespace of the operator' }),
    secretStores: read.optional('secretStores', SECRET_STORES, undefined, {
      fix: 'List names: kubectl get clustersecretstores',
    }),
    storage: readStorage(read, problems),
  };
  read.refuseUnknown();
  const { zones, nodes } = facts;
  if (zones !== undefined && nodes !== undefined && nodes < zones) {
    read.refuse('nodes', nodes, `at least one node for each zone (${zones})`, {
      rule: 'cluster/nodes-per-zone',
      fix: 'Count the zones that have nodes',
    });
  }
  return facts;
}

/** Loaded for profiles with devices only. */
function readDevices(read: Reader<ClusterProfileProps>, problems: Problems): Devices.DeviceFacts[] | undefined {
  const given = read.optional('devices', structs<Devices.NodeDevices>('the devices of nodes'), undefined, {
    fix: "List NodeDevices, such as one with resource: 'nvidia.com/gpu', perNode: 8",
  });
  if (given === undefined) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { readNodeDevices, refuseUnclear } = require('../scheduling/node-devices') as typeof Devices;
  const devices = given.map((one, index) => readNodeDevices(one, problems, `devices[${index}]`));
  refuseUnclear(devices, problems, 'devices');
  return devices;
}

/** Loaded for profiles with storage only. */
function readStorage(read: Reader<ClusterProfileProps>, problems: Problems): StorageFacts | undefined {
  const given = read.raw('storage');
  if (given === undefined) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('./cluster-storage') as typeof Storage).readStorage(given, problems);
}

/** Loaded for profiles with a gateway only. */
function readGateway(
  read: Reader<ClusterProfileProps>,
  problems: Problems,
): GatewayControllers.GatewayController | undefined {
  if (!read.has('gateway')) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const module = require('../traffic/routing/gateway-controller') as typeof GatewayControllers;
  const gateway = read.optional('gateway', instance(module.GatewayController, 'a GatewayController'), undefined, {
    fix: "Use GatewayController.inNamespace('traefik') with className: 'traefik'",
  });
  if (gateway) module.readGatewayController(gateway, problems, 'gateway');
  return gateway;
}

function readGatewayApi(given: unknown, problems: Problems): GatewayBundle | undefined {
  if (given === undefined) return undefined;
  const read = new Reader<GatewayApi>(problems, given, 'gatewayApi.');
  const version = read.required('version', BUNDLE, '1.2', { fix: "Write major and minor, such as '1.5'" });
  const channel = read.optional('channel', oneOf<GatewayChannel>('standard', 'experimental'), 'standard' as const, {
    fix: 'Look at the annotation gateway.networking.k8s.io/channel of its CRDs',
  });
  const features = read.optional('features', listOf(FEATURE), undefined, {
    fix: "List names such as 'HTTPRouteCORS', as in status.supportedFeatures of the GatewayClass",
  });
  read.refuseUnknown();
  return { minor: Number(version.split('.')[1]), channel, features };
}

function readAllocatable(given: unknown, problems: Problems): AllocatableFacts | undefined {
  if (given === undefined) return undefined;
  const read = new Reader<NodeAllocatable>(problems, given, 'allocatable.');
  const allocatable = {
    cpu: read.required('cpu', cpuMillis, 1_000_000, {
      fix: "Set the node's allocatable CPU, such as Cpu.millis(3920)",
      practice: 'CH08-17',
    }),
    memory: read.required('memory', bytes(64 * MEBIBYTE), 1_048_576 * MEBIBYTE, {
      fix: "Set the node's allocatable memory, such as Size.gibibytes(14)",
      practice: 'CH08-17',
    }),
    pods: read.optional('pods', integer(1, 1000), 110),
  };
  read.refuseUnknown();
  return allocatable;
}

/** The first version with the fields of both, behind no gate. */
const NODE_FEATURES_MINOR = 33;

/** `minor`: unless the version is refused. */
function readNodeFeatures(
  given: unknown,
  minor: number | undefined,
  problems: Problems,
): ClusterFacts['nodeFeatures'] | undefined {
  if (given === undefined) return undefined;
  const read = new Reader<NodeFeatures>(problems, given, 'nodeFeatures.');
  const features = {
    userNamespaces: read.optional('userNamespaces', boolean, false),
    supplementalGroupsPolicy: read.optional('supplementalGroupsPolicy', boolean, false),
  };
  read.refuseUnknown();
  for (const [feature, can] of Object.entries(features)) {
    if (!can || minor === undefined || minor >= NODE_FEATURES_MINOR) continue;
    read.refuse(feature as keyof NodeFeatures, true, `false before version 1.${NODE_FEATURES_MINOR}`, {
      rule: 'cluster/version',
      fix: `Write version: '1.${NODE_FEATURES_MINOR}' or newer, or remove it: older API servers drop the field`,
    });
  }
  return features;
}

const DEFAULT_PROFILE = new ClusterProfile();
