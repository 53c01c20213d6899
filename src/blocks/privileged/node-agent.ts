import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  type Agent,
  type AgentContents,
  type AgentProps,
  AgentWorkload,
  finishAgent,
  readAgent,
  refuseHeldPorts,
} from './agent-workload';
import type { PrivilegedException } from './privileged-exception';
import { type ExceptionSettings, exceptionList, readExceptions } from './read-exceptions';
import { daemonSet, readDaemonSet } from '../../controllers/daemon-set';
import type { Problems } from '../../kernel/findings/problems';
import { text } from '../../kernel/schema/checks';
import type { Reader } from '../../kernel/schema/reader';
import { plan, type WorkloadSite } from '../../workload/plan';

/** Props of `NodeAgent`. */
export interface NodeAgentProps extends AgentProps {
  /**
   * Exceptions to Pod Security `restricted`, each with its reason (CH10-29). The agent then owns the namespace of its
   * chart, as a `PrivilegedWorkload` does.
   *
   * @default - none: the pods are restricted, and run in any namespace
   */
  readonly exceptions?: PrivilegedException[];

  /**
   * Contact: a person, an address or a channel. Becomes an annotation of the workload and its pods, and of the
   * Namespace.
   *
   * @default - none; required with `exceptions`
   */
  readonly owner?: string;
}

/**
 * One pod on each node: DaemonSet, ServiceAccount, NetworkPolicy. Its pods are restricted like all others, until an
 * exception says why they need more. With exceptions, it owns the namespace of its chart.
 *
 * It has no budget and no autoscaler: a drain leaves the pods of a DaemonSet on their node, and their number is that of
 * the nodes.
 *
 * ```ts
 * const agent = new NodeAgent(chart, 'cache', {
 *   image: 'ghcr.io/example/image-cache:2.3.1',
 *   metricsPort: 9100,
 *   readiness: Probe.httpGet('/readyz'),
 *   onControlPlane: true,
 *   rollout: Rollout.rolling({ maxUnavailable: '10%' }),
 * });
 * agent.allowFrom(Peer.pods({ namespace: 'monitoring' }));
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/
 */
export class NodeAgent extends AgentWorkload {
  /** The Namespace, with the Pod Security level that the exceptions need; none without `exceptions`. */
  public readonly namespace?: ApiObject;

  public constructor(scope: Construct, id: string, props: NodeAgentProps) {
    super(scope, id, props, PLAN);
    this.namespace = this._madeBy(PLAN).namespace;
  }
}

const PLAN = plan({
  kind: (read: Reader<NodeAgentProps>, problems) => {
    const exceptions = readStated(read, problems);
    const { host, annotations } = exceptions;
    return {
      component: 'node-agent',
      longestName: 63,
      host,
      annotations,
      exceptions,
      foreign: { replicas: 'An agent has one pod on each node: use PrivilegedWorkload, or Worker' },
    };
  },
  read: (site: WorkloadSite<NodeAgentProps>, { exceptions }): AgentContents => readAgent(site, exceptions, undefined),
  controller: (site, { exceptions, tolerations }) => {
    const settings = readDaemonSet(site);
    refuseHeldPorts(site, exceptions, settings.rollout);
    return daemonSet(site, settings, tolerations);
  },
  parts: (site, contents): Agent => finishAgent(site, contents),
});

function readStated(read: Reader<NodeAgentProps>, problems: Problems): ExceptionSettings {
  const given = read.optional('exceptions', exceptionList, [], {
    fix: 'List what it needs, such as PrivilegedException.hostPath(...)',
    practice: 'CH10-29',
  });
  const hint = { fix: 'Name the contact: a person, an address or a channel', practice: 'CH10-29' };
  const owner =
    given.length > 0 ? read.required('owner', text, 'invalid', hint) : read.optional('owner', text, undefined, hint);
  return readExceptions(owner, given, problems);
}
