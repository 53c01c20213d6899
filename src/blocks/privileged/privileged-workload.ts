import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { PrivilegedException } from './privileged-exception';
import { exceptionList, type ExceptionSettings, readExceptions } from './read-exceptions';
import { statePrivileged } from '../../admission/own-namespace';
import { daemonSet } from '../../controllers/daemon-set';
import { deployment } from '../../controllers/deployment';
import { emit } from '../../kernel/emit/emission';
import type { Problems } from '../../kernel/findings/problems';
import { warn } from '../../kernel/findings/warnings';
import { namespaceOf } from '../../kernel/model/names';
import { claimNamespace, notePower } from '../../kernel/model/namespace-facts';
import { integer, text } from '../../kernel/schema/checks';
import type { Reader } from '../../kernel/schema/reader';
import type { AllowOptions } from '../../network/connection';
import type { IPeer } from '../../network/peer';
import { type PortSettings, refusePrivilegedPort } from '../../network/ports';
import { emitBudget } from '../../parts/disruption-budget';
import { Replicas } from '../../parts/replicas';
import {
  type ContainerBaseProps,
  type ContainerSettings,
  type PodWide,
  type ProbedContainerProps,
  readContainerBase,
  readProbed,
} from '../../pod/container';
import { isStrict } from '../../pod/placement';
import { type HookedContainerProps, readPreStop } from '../../pod/pre-stop';
import type { HostAccess } from '../../pod/security';
import { podSecurityLabels } from '../../tenancy/pod-security';
import { ownNamespace } from '../../tenancy/reserved-names';
import { plan, type WorkloadSite } from '../../workload/plan';
import { Workload } from '../../workload/workload';
import type { PodWorkloadProps } from '../../workload/workload-props';

/** Props of `PrivilegedWorkload`. */
export interface PrivilegedWorkloadProps
  extends PodWorkloadProps, ContainerBaseProps, ProbedContainerProps, HookedContainerProps {
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
export class PrivilegedWorkload extends Workload {
  /** The Namespace, with the Pod Security level that the exceptions need. */
  public readonly namespace: ApiObject;
  /** The DaemonSet, or the Deployment with `replicas`. */
  public readonly controller: ApiObject;
  /** The PodDisruptionBudget of a Deployment with at least two replicas. */
  public readonly disruptionBudget?: ApiObject;

  private readonly parts: PrivilegedParts;

  public constructor(scope: Construct, id: string, props: PrivilegedWorkloadProps) {
    super(scope, id, props, PLAN);
    this.parts = this._madeBy(PLAN);
    this.namespace = this.parts.namespace;
    this.controller = this._controller;
    this.disruptionBudget = this.parts.disruptionBudget;
    for (const object of [this.serviceAccount, this.networkPolicy, this.controller, this.disruptionBudget]) {
      object?.node.addDependency(this.namespace);
    }
  }

  /**
   * Opens the pods for a peer, such as a metrics collector. An error on the host network, where policies do not apply.
   *
   * @param peer a block, a `Peer`, or an `IngressController`
   * @param options the ports
   */
  public allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    if (this.parts.host.network) {
      this.parts.problems.refuse(
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

interface PrivilegedParts {
  readonly namespace: ApiObject;
  readonly disruptionBudget?: ApiObject;
  readonly host: HostAccess;
  readonly problems: Problems;
}

const PLAN = plan({
  kind: (read: Reader<PrivilegedWorkloadProps>, problems) => {
    const exceptions = readStated(read, problems);
    const { host, annotations } = exceptions;
    return { component: 'node-agent', longestName: 63, host, annotations, exceptions };
  },
  read: (site: WorkloadSite<PrivilegedWorkloadProps>, { exceptions }) => {
    const { owner, read, podWide, problems } = site;
    const replicas = read.optional('replicas', integer(1, 10_000), undefined, {
      fix: 'Write a number for a Deployment, or remove the prop for one pod on each node',
    });
    const probed = readProbed(read, problems);
    const main: ContainerSettings = {
      ...readContainerBase(read, podWide, problems),
      ...probed,
      ...readPreStop(read, { ...podWide, ports: probed.ports, drain: 0 }, problems),
      name: 'main',
      role: 'main',
      privileges: exceptions.privileges,
      drain: 0,
    };
    refuseLowPorts(main.ports, podWide, exceptions, problems);
    refuseContradictions(site, exceptions, replicas);
    warnOfExceptions(owner, exceptions);
    return { main, replicas, exceptions, namespace: emitNamespace(site, exceptions) };
  },
  controller: (site, { replicas }) =>
    replicas === undefined
      ? daemonSet(site)
      : // old pods stop first: two would compete for the ports and files of a node
        deployment(Replicas.fixed(replicas, site.problems), {
          rollout: { kind: 'RollingUpdate', maxSurge: 0, maxUnavailable: 1 },
          minReady: 5,
        }),
  parts: (site, { replicas, exceptions, namespace }): PrivilegedParts => {
    const { owner, problems } = site;
    mountPaths(site, exceptions);
    statePrivileged({ owner });
    const disruptionBudget =
      replicas !== undefined && replicas > 1 ? emitBudget(site, { kind: 'maxUnavailable', pods: 1 }) : undefined;
    return { namespace, disruptionBudget, host: exceptions.host, problems };
  },
});

function warnOfExceptions(owner: Construct, { names, level }: ExceptionSettings): void {
  if (names.length === 0) return;
  const got = names.join(', ');
  warn(owner, {
    rule: 'privileged/exceptions',
    prop: 'exceptions',
    got,
    expected: 'no exceptions to Pod Security',
    text: `exceptions: ${got}. The namespace admits pods of level '${level}'`,
  });
}

/** Mounts the host paths into the main container. */
function mountPaths(
  {
    mounting,
    pod: {
      containers: [main],
    },
  }: WorkloadSite,
  { paths }: ExceptionSettings,
): void {
  for (const { path, mountPath, type, writable } of paths) {
    mounting.addOwn(
      mountPath,
      `host${path.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`.replace(/-$/, ''),
      { hostPath: { path, type } },
      main.name,
      !writable,
    );
  }
}

/**
 * Refuses low ports that the process cannot open. The container runtime opens them to root in the network of a pod; on
 * the host network, root needs a capability.
 *
 * @see https://man7.org/linux/man-pages/man7/capabilities.7.html
 */
function refuseLowPorts(
  ports: readonly PortSettings[],
  podWide: PodWide,
  { host, privileges: { root, privileged, capabilities } }: ExceptionSettings,
  problems: Problems,
): void {
  const binds = root && (privileged || !host.network || capabilities.includes('NET_BIND_SERVICE'));
  if (binds) return;
  ports.forEach(({ port }, index) => {
    const prop = `ports[${index}].port`;
    if (!root) {
      refusePrivilegedPort(port, podWide, problems, prop, 'use another port, or add PrivilegedException.rootUser(...)');
    } else if (port < 1024) {
      problems.refuse(prop, port, 'a port from 1024 up', {
        rule: 'workload/privileged-port',
        fix:
          'On the host network, even root needs a capability for it: use another port, ' +
          "or add PrivilegedException.capabilities(['NET_BIND_SERVICE'], ...)",
      });
    }
  });
}

function refuseContradictions(
  { owner, read, pod }: WorkloadSite<PrivilegedWorkloadProps>,
  { host, privileges, paths }: ExceptionSettings,
  replicas: number | undefined,
): void {
  if (privileges.root && read.has('user')) {
    read.refuse('user', read.raw('user'), "none with the exception 'rootUser'", {
      rule: 'props/conflict',
      fix: 'Remove one of the two',
    });
  }
  if (replicas === undefined && isStrict(pod.placement)) {
    read.refuse('spread', pod.placement.spread, "none without 'replicas'", {
      rule: 'props/conflict',
      fix: 'Remove it: a DaemonSet has one pod on each node',
    });
  }
  if (replicas === undefined && read.has('holdsNode')) {
    read.refuse('holdsNode', read.raw('holdsNode'), "none without 'replicas'", {
      rule: 'props/conflict',
      fix: 'Remove it: a DaemonSet has a pod on each node, and would hold them all',
    });
  }
  if (host.network) {
    if (read.raw('egress') === 'declared') {
      read.refuse('egress', 'declared', "'open' on the host network", {
        rule: 'props/conflict',
        fix: 'Remove it: network policies do not apply there',
      });
    }
    warn(owner, {
      rule: 'privileged/host-network',
      prop: 'exceptions',
      got: 'the host network',
      expected: 'pods with their own addresses',
      text:
        'exceptions: network policies do not apply on the host network: its ports are open to all ' +
        'that can reach the node. Let the process authenticate its clients',
    });
  }
  const sandboxed = pod.placement.runtimeClassName !== undefined;
  if (sandboxed && (host.network || host.processes || privileges.privileged || paths.length > 0)) {
    warn(owner, {
      rule: 'privileged/sandbox',
      prop: 'runtimeClass',
      got: 'a sandbox, and exceptions that open the node',
      expected: 'one of the two',
      text:
        'runtimeClass: a sandbox isolates pods from the node, and these exceptions give access to it. Many sandboxes ' +
        "refuse such pods: remove 'runtimeClass' or the exceptions",
    });
  }
}

function emitNamespace(
  { owner, labels, problems }: WorkloadSite,
  { level, annotations }: ExceptionSettings,
): ApiObject {
  const hint = { fix: "Give its chart its own namespace: 'namespace' of the Chart", practice: 'CH10-35' };
  const name =
    ownNamespace.read(namespaceOf(owner), (given, expected) =>
      problems.refuse('namespace', given, expected, { rule: 'privileged/namespace', ...hint }),
    ) ?? `invalid-${owner.node.addr.slice(0, 10)}`;
  claimNamespace(owner, { name, use: 'privileged' });
  if (level === 'privileged') {
    notePower({ owner, name, power: 'can become root on the nodes: Pod Security admits everything there (CH10-35)' });
  }
  return emit(owner, 'Namespace', {
    apiVersion: 'v1',
    kind: 'Namespace',
    clusterScoped: true,
    metadata: { name, labels: { ...labels, ...podSecurityLabels(owner, level, level) }, annotations },
  });
}

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
