import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { emitNamespace, mountPaths, refuseContradictions, refuseLowPorts, warnOfExceptions } from './excepted-pods';
import type { ExceptionSettings } from './read-exceptions';
import { statePrivileged } from '../../admission/own-namespace';
import type { DaemonSetProps } from '../../controllers/daemon-set';
import { type RolloutSettings, surges } from '../../controllers/rollout';
import { Verbatim } from '../../kernel/findings/describe';
import type { Problems } from '../../kernel/findings/problems';
import { boolean, instance, listOf } from '../../kernel/schema/checks';
import type { AllowOptions } from '../../network/connection';
import type { IPeer } from '../../network/peer';
import { refuseSamePorts } from '../../network/ports';
import {
  type ContainerBaseProps,
  type ContainerSettings,
  type ProbedContainerProps,
  readContainerBase,
  readProbed,
} from '../../pod/container';
import { type HookedContainerProps, readPreStop } from '../../pod/pre-stop';
import type { HostAccess } from '../../pod/security';
import { NodePool, readNodePool } from '../../scheduling/node-pool';
import type { Toleration } from '../../scheduling/toleration';
import type { Contents, Plan, WorkloadSite } from '../../workload/plan';
import { readMetricsPort } from '../../workload/probes';
import type { WorkloadKind } from '../../workload/read-workload';
import { Workload } from '../../workload/workload';
import type { PodWorkloadProps } from '../../workload/workload-props';

/** Common props of `NodeAgent` and `PrivilegedWorkload`. */
export interface AgentProps
  extends PodWorkloadProps, ContainerBaseProps, ProbedContainerProps, HookedContainerProps, DaemonSetProps {
  /**
   * Port with the metrics of the process, named `metrics`, in addition to `ports`; 1 to 65535, and at least 1024 if it
   * does not run as root. Only `allowFrom` and `NetworkTiers.allowScraping` open it.
   *
   * @default - none
   */
  readonly metricsPort?: number;

  /**
   * Whether control-plane nodes also get a pod. The pods then tolerate their taint,
   * `node-role.kubernetes.io/control-plane`.
   *
   * @default false: the pods run beside your workloads only, and take nothing from the API server
   */
  readonly onControlPlane?: boolean;

  /**
   * Reserved node pools whose nodes also get a pod: the pods tolerate the taints of these pools. With `placeOn`, the
   * pods run on that pool only.
   *
   * @default - none: a taint keeps the pods away from its nodes
   */
  readonly alsoOn?: NodePool[];
}

/** What both blocks read. */
export interface AgentContents extends Contents {
  readonly exceptions: ExceptionSettings;
  /** The taints that the pods tolerate, besides those of `tolerations`. */
  readonly tolerations: readonly Toleration[];
  /** None for pods without exceptions. */
  readonly namespace: ApiObject | undefined;
}

/** The parts of both blocks. */
export interface Agent {
  readonly namespace: ApiObject | undefined;
  readonly disruptionBudget?: ApiObject;
  readonly host: HostAccess;
  readonly problems: Problems;
}

/** @see https://kubernetes.io/docs/reference/labels-annotations-taints/#node-role-kubernetes-io-control-plane-taint */
const CONTROL_PLANE: Toleration = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };

const ALSO_ON = listOf(instance(NodePool, 'a NodePool'));

/** The plan step for the main container, with the exceptions of its pods. */
export function readAgent(
  site: WorkloadSite<AgentProps>,
  exceptions: ExceptionSettings,
  replicas: number | undefined,
): AgentContents {
  const { owner, read, podWide, problems } = site;
  const metrics = readMetricsPort(read);
  const probed = readProbed(read, problems, '', metrics);
  const main: ContainerSettings = {
    ...readContainerBase(read, podWide, problems),
    ...probed,
    ...readPreStop(read, { ...podWide, ports: probed.ports, drain: 0 }, problems),
    name: 'main',
    role: 'main',
    privileges: exceptions.privileges,
    drain: 0,
  };
  if (metrics.length > 0) refuseSamePorts(main.ports, problems, 'metricsPort', ['name', 'port']);
  refuseLowPorts(main.ports, main.ports.length - metrics.length, podWide, exceptions, problems);
  refuseContradictions(site, exceptions, replicas);
  warnOfExceptions(owner, exceptions);
  const namespace = exceptions.names.length > 0 ? emitNamespace(site, exceptions) : undefined;
  return { main, exceptions, tolerations: readTolerations(site), namespace };
}

function readTolerations({ read, problems }: WorkloadSite<AgentProps>): readonly Toleration[] {
  const isThere = read.optional('onControlPlane', boolean, false);
  const pools = read.optional('alsoOn', ALSO_ON, [], { fix: 'List pools of NodePool.reserved(...)' });
  read.conflict('alsoOn', 'placeOn', {
    fix: "Remove 'placeOn': the pods run on each node whose taints they tolerate",
  });
  const ofPools = pools.flatMap((pool, index) => {
    const { toleration } = readNodePool(pool, problems, `alsoOn[${index}]`);
    if (toleration !== undefined) return [toleration];
    problems.refuse(`alsoOn[${index}]`, new Verbatim('NodePool.open(...)'), 'a pool of NodePool.reserved(...)', {
      rule: 'props/conflict',
      fix: 'Remove it: the nodes of an open pool have no taint, and get a pod anyway',
    });
    return [];
  });
  return isThere ? [CONTROL_PLANE, ...ofPools] : ofPools;
}

/**
 * Refuses a surge where the pods have the ports of their node: the scheduler finds no free port for the new pod while
 * the old one runs.
 */
export function refuseHeldPorts(
  { pod, problems }: WorkloadSite,
  { host }: ExceptionSettings,
  rollout: RolloutSettings,
): void {
  const held = pod.containers.flatMap(({ ports }) => ports.map(({ port }) => port));
  if (!host.network || held.length === 0 || !surges(rollout)) return;
  problems.refuse('rollout', new Verbatim(`maxSurge beside port ${held.join(', ')} of the node`), 'maxSurge: 0', {
    rule: 'privileged/surge',
    fix:
      'The old pod holds the ports, and the new one stays pending: write Rollout.rolling(...) with ' +
      'maxUnavailable: 1 and maxSurge: 0, the default',
  });
}

/** The plan step for the host paths and the fact that the namespace admits more than others. */
export function finishAgent(site: WorkloadSite, { exceptions, namespace }: AgentContents): Agent {
  const { owner, problems } = site;
  mountPaths(site, exceptions);
  if (namespace !== undefined) statePrivileged({ owner });
  return { namespace, host: exceptions.host, problems };
}

/**
 * A workload that may have exceptions to Pod Security.
 *
 * @internal
 */
export abstract class AgentWorkload extends Workload {
  /** The DaemonSet, or the Deployment with `replicas`. */
  public readonly controller: ApiObject;

  private readonly agent: Agent;

  protected constructor(
    scope: Construct,
    id: string,
    props: PodWorkloadProps,
    plan: Plan<PodWorkloadProps, WorkloadKind, AgentContents, Agent>,
  ) {
    super(scope, id, props, plan);
    this.agent = this._madeBy(plan);
    this.controller = this._controller;
    const { namespace, disruptionBudget } = this.agent;
    if (namespace === undefined) return;
    for (const object of [this.serviceAccount, this.networkPolicy, this.controller, disruptionBudget]) {
      object?.node.addDependency(namespace);
    }
  }

  /**
   * Opens the pods for a peer, such as a metrics collector. An error on the host network, where policies do not apply.
   *
   * @param peer a block, a `Peer`, or an `IngressController`
   * @param options the ports
   */
  public allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    if (this.agent.host.network) {
      this.agent.problems.refuse(
        'allowFrom',
        Construct.isConstruct(peer) ? peer.node.path : peer,
        'no peers on the host network, where network policies do not apply',
        {
          rule: 'privileged/host-network-policy',
          fix: 'Remove it. A peer with closed egress needs Egress.cidr(...) with the addresses of the nodes',
        },
      );
      return;
    }
    this._allow(peer, options);
  }
}
