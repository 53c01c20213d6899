import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { type AgentProps, AgentWorkload, finishAgent, readAgent, refuseHeldPorts } from './agent-workload';
import type { PrivilegedException } from './privileged-exception';
import { exceptionList, type ExceptionSettings, readExceptions } from './read-exceptions';
import { daemonSet, readDaemonSet } from '../../controllers/daemon-set';
import { deployment } from '../../controllers/deployment';
import { readRollout } from '../../controllers/rollout';
import type { Problems } from '../../kernel/findings/problems';
import { integer, text } from '../../kernel/schema/checks';
import type { Reader } from '../../kernel/schema/reader';
import { emitBudget } from '../../parts/disruption-budget';
import { Replicas } from '../../parts/replicas';
import { plan, type WorkloadSite } from '../../workload/plan';

/** Props of `PrivilegedWorkload`. */
export interface PrivilegedWorkloadProps extends AgentProps {
  /** Contact: a person, an address or a channel. Becomes an annotation of the Namespace, the workload and its pods. */
  readonly owner: string;

  /**
   * Exceptions to Pod Security `restricted`, each with its reason; at least one (CH10-29).
   */
  readonly exceptions: PrivilegedException[];

  /**
   * Number of pods of a Deployment; 1 to 10000.
   *
   * @default - one pod on each node: a DaemonSet
   */
  readonly replicas?: number;
}

/**
 * A workload with more privileges than others, such as an agent on each node or a driver. It states each exception with
 * its reason and owner, which become annotations of the manifests. Everything else stays restricted.
 *
 * Its chart has a namespace of its own, and the workload writes that Namespace. There, Pod Security admits what the
 * exceptions need and no more, and no other workload is allowed. Both this library and the cluster refuse it in the
 * namespace of a tenant.
 *
 * ```ts
 * const agents = new Chart(app, 'log-agent', { namespace: 'log-agent' });
 * new PrivilegedWorkload(agents, 'agent', {
 *   image: 'ghcr.io/example/log-agent:3.1.0',
 *   owner: 'platform@example.com',
 *   exceptions: [
 *     PrivilegedException.hostPath('/var/log/pods', { reason: 'Reads the logs of all pods of the node' }),
 *     PrivilegedException.rootUser({ reason: 'The files belong to root and have mode 0640' }),
 *   ],
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export class PrivilegedWorkload extends AgentWorkload {
  /** The Namespace, with the Pod Security level that the exceptions need. */
  public readonly namespace: ApiObject;
  /** The PodDisruptionBudget of a Deployment with at least two replicas. */
  public readonly disruptionBudget?: ApiObject;

  public constructor(scope: Construct, id: string, props: PrivilegedWorkloadProps) {
    super(scope, id, props, PLAN);
    const made = this._madeBy(PLAN);
    this.namespace = made.namespace;
    this.disruptionBudget = made.disruptionBudget;
  }
}

const PLAN = plan({
  kind: (read: Reader<PrivilegedWorkloadProps>, problems) => {
    const exceptions = readStated(read, problems);
    const { host, annotations } = exceptions;
    return { component: 'node-agent', longestName: 63, host, annotations, exceptions };
  },
  read: (site: WorkloadSite<PrivilegedWorkloadProps>, { exceptions }) => {
    const { read } = site;
    const replicas = read.optional('replicas', integer(1, 10_000), undefined, {
      fix: 'Write a number for a Deployment, or remove the prop for one pod on each node',
    });
    for (const prop of ['onControlPlane', 'alsoOn'] as const) {
      read.conflict(prop, 'replicas', { fix: "Remove it: a Deployment has 'placeOn' and 'tolerations'" });
    }
    return { ...readAgent(site, exceptions, replicas), replicas };
  },
  controller: (site, { replicas, exceptions, tolerations }) => {
    if (replicas === undefined) {
      const settings = readDaemonSet(site);
      refuseHeldPorts(site, exceptions, settings.rollout);
      return daemonSet(site, settings, tolerations);
    }
    const { problems } = site;
    // by default, old pods stop first: two would compete for the ports and files of a node
    const settings = readDaemonSet(site, (rollout) => readRollout(rollout, replicas, problems, 'rollout'));
    return deployment(Replicas.fixed(replicas, problems), settings);
  },
  parts: (site, contents) => {
    const { replicas } = contents;
    const { namespace, ...agent } = finishAgent(site, contents);
    const disruptionBudget =
      replicas !== undefined && replicas > 1 ? emitBudget(site, { kind: 'maxUnavailable', pods: 1 }) : undefined;
    return { ...agent, namespace: namespace!, disruptionBudget };
  },
});

function readStated(read: Reader<PrivilegedWorkloadProps>, problems: Problems): ExceptionSettings {
  const owner = read.required('owner', text, 'invalid', {
    fix: 'Name the contact: a person, an address or a channel',
    practice: 'CH10-29',
  });
  const given = read.required('exceptions', exceptionList, [], {
    fix: 'List what it needs, such as PrivilegedException.hostPath(...)',
    practice: 'CH10-29',
  });
  const raw = read.raw('exceptions');
  if (Array.isArray(raw) && raw.length === 0) {
    read.refuse('exceptions', [], 'at least one', {
      rule: 'props/empty-list',
      fix: 'Use another block, such as WebService: this one is for exceptions',
      practice: 'CH10-29',
    });
  }
  return readExceptions(owner, given, problems);
}
