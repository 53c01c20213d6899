import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { PrivilegedException } from './privileged-exception';
import { exceptionList, type ExceptionSettings, readExceptions } from './read-exceptions';
import { renderDaemonSet, renderDeployment } from './render-privileged';
import { hasPods } from '../admission/demand-of-manifest';
import { placedIn } from '../admission/placed';
import { emit, emitLater } from '../kernel/emit/emission';
import { versionLabel } from '../kernel/emit/labels';
import type { AppView } from '../kernel/facts/app-view';
import type { Problems } from '../kernel/findings/problems';
import { warn } from '../kernel/findings/warnings';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceOf } from '../kernel/model/names';
import { claimNamespace, namespaceClaims, notePower } from '../kernel/model/namespace-facts';
import { isPlain, integer, text } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';
import type { AllowOptions } from '../network/connection';
import type { IPeer } from '../network/peer';
import { refusePrivilegedPort } from '../network/ports';
import { type ContainerBaseProps, imageVersion, type ProbedContainerProps, readContainerBase, readProbed } from '../pod/container';
import { renderBudget } from '../scaling/disruption-budget';
import { podSecurityLabels } from '../tenancy/pod-security';
import { ownNamespace } from '../tenancy/reserved-names';
import type { Rescale } from '../workload/facts';
import { Workload } from '../workload/workload';
import type { PodWorkloadProps } from '../workload/workload-props';

/** Props of `PrivilegedWorkload`. */
export interface PrivilegedWorkloadProps extends PodWorkloadProps, ContainerBaseProps, ProbedContainerProps {
  /** Whom to ask: a person, an address or a channel. An annotation of the Namespace, the workload and its pods. */
  readonly owner: string;

  /** What the pods may do beyond Pod Security `restricted`, each by name and with its reason; at least one (CH10-29). */
  readonly exceptions: PrivilegedException[];

  /**
   * Number of pods of a Deployment; 1 to 10000.
   *
   * @default - one pod on each node: a DaemonSet
   */
  readonly replicas?: number;
}

/**
 * A workload that must do more than others may: an agent on each node, a driver. It states each exception by name, with the reason
 * and the owner, which are in the manifests for all to see; all else is as restricted as ever.
 *
 * It has a namespace of its own, that of its chart, and writes the Namespace: Pod Security admits there what the exceptions need and
 * no more, and no other workload may be in it. In the namespace of a tenant it is refused here, and by the cluster.
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
  /** The Namespace, with the level of Pod Security that the exceptions need. */
  public readonly namespace: ApiObject;
  /** The DaemonSet, or the Deployment with `replicas`. */
  public readonly controller: ApiObject;
  /** The PodDisruptionBudget of a Deployment with two replicas or more. */
  public readonly disruptionBudget?: ApiObject;

  public constructor(scope: Construct, id: string, props: PrivilegedWorkloadProps) {
    const isDeployment = isPlain(props) && props.replicas !== undefined;
    let settled: ExceptionSettings | undefined;
    super(scope, id, props, {
      component: 'node-agent',
      longestName: 63,
      revisionLabel: isDeployment ? 'pod-template-hash' : 'controller-revision-hash',
      claims: [],
      privileges: (read, problems) => {
        settled = readStated(read, problems);
        return settled;
      },
    });
    const read = this._reader(props);
    const exceptions = settled!;
    const replicas = read.optional('replicas', integer(1, 10_000), undefined, { fix: 'Leave it out for one pod on each node' });

    this._setContainers({
      ...readContainerBase(read, this._podWide, this._problems),
      ...readProbed(read, this._problems),
      name: 'main',
      role: 'main',
      privileges: exceptions.privileges,
      drain: 0,
    }, read);
    this.mountPaths(exceptions);
    this.refuseLowPorts(exceptions);
    this.refuseContradictions(read, exceptions, replicas);

    if (exceptions.names.length > 0) {
      const got = exceptions.names.join(', ');
      warn(this, {
        rule: 'privileged/exceptions',
        prop: 'exceptions',
        got,
        expected: 'no exceptions from Pod Security',
        text: `exceptions: ${got}. The namespace admits pods of level '${exceptions.level}'`,
      });
    }
    this.namespace = this.emitNamespace(exceptions);
    const kind = replicas === undefined ? 'DaemonSet' : 'Deployment';
    const count = (): number => replicas ?? clusterOf(this).nodes ?? 1;
    const scaledTo: Rescale = (most) => ({ replicas: count(), most, surge: 0, stopping: replicas === undefined ? 0 : most });
    this._record(kind, () => scaledTo(count()), [], scaledTo);
    const head = this._head('apps/v1', kind, this.name, { annotations: this._annotations, labels: versionLabel(imageVersion(this._pod.containers[0].image)) });
    this.controller = emitLater(this, 'Resource', head, this._problems, () => (replicas === undefined ? renderDaemonSet(this._pod) : renderDeployment(this._pod, replicas)));
    if (replicas !== undefined && replicas > 1) {
      this.disruptionBudget = emitLater(this, 'PodDisruptionBudget', this._head('policy/v1', 'PodDisruptionBudget'), this._problems, () => renderBudget({ kind: 'maxUnavailable', pods: 1 }, this.name));
    }
    for (const object of [this.serviceAccount, this.networkPolicy, this.controller, ...(this.disruptionBudget ? [this.disruptionBudget] : [])]) object.node.addDependency(this.namespace);
    this._problems.atSynth((late, view) => this.refuseShared(late, view));
    read.refuseUnknown();
  }

  /**
   * Opens the pods for a peer, such as one that collects metrics. An error on the network of the node, where policies do not hold.
   *
   * @param peer a block, a `Peer`, or an `IngressController`
   * @param options which ports
   */
  public allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    if (this._pod.host?.network) {
      this._problems.refuse('allowFrom', Construct.isConstruct(peer) ? peer.node.path : peer, 'no peers on the network of the node, where network policies do not hold', {
        rule: 'privileged/host-network-policy',
        fix: 'Remove it. A peer with closed egress gets there by Egress.cidr(...) with the addresses of the nodes',
      });
      return;
    }
    this._allow(peer, options);
  }

  private mountPaths({ paths }: ExceptionSettings): void {
    const [main] = this._pod.containers;
    for (const { path, mountPath, type, writable } of paths) {
      this._mounting.addOwn(mountPath, `host${path.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`.replace(/-$/, ''), { hostPath: { path, type } }, main.name, !writable);
    }
  }

  /**
   * The network of a pod can have no ports of root, as its runtime sets it up; that of the node has them.
   *
   * @see https://man7.org/linux/man-pages/man7/capabilities.7.html
   */
  private refuseLowPorts({ host, privileges: { root, privileged, capabilities } }: ExceptionSettings): void {
    const binds = root && (privileged || !host.network || capabilities.includes('NET_BIND_SERVICE'));
    if (binds) return;
    this._pod.containers[0].ports.forEach(({ port }, index) => {
      const prop = `ports[${index}].port`;
      if (!root) {
        refusePrivilegedPort(port, this._problems, prop, 'let it listen on another port, or add PrivilegedException.rootUser(...)');
      } else if (port < 1024) {
        this._problems.refuse(prop, port, 'a port from 1024 up', {
          rule: 'workload/privileged-port',
          fix: "On the network of the node not even root has it without a capability: let it listen on another port, or add PrivilegedException.capabilities(['NET_BIND_SERVICE'], ...)",
        });
      }
    });
  }

  private refuseContradictions(read: Reader<PrivilegedWorkloadProps>, { host, privileges, paths }: ExceptionSettings, replicas: number | undefined): void {
    if (privileges.root && read.has('user')) read.refuse('user', read.raw('user'), "none beside the exception 'rootUser'", { rule: 'props/conflict', fix: 'Remove one of the two' });
    if (replicas === undefined && this._pod.placement.spread === 'hard') read.refuse('spread', 'hard', "none without 'replicas'", { rule: 'props/conflict', fix: 'Leave it out: a DaemonSet has one pod on each node' });
    if (host.network) {
      if (read.raw('egress') === 'declared') read.refuse('egress', 'declared', "'open' on the network of the node", { rule: 'props/conflict', fix: 'Leave it out: network policies do not hold there' });
      warn(this, {
        rule: 'privileged/host-network',
        prop: 'exceptions',
        got: 'the network of the node',
        expected: 'pods with addresses of their own',
        text: 'exceptions: network policies do not hold on the network of the node: what listens there is open to all that reach the node',
      });
    }
    const sandboxed = this._pod.placement.runtimeClassName !== undefined;
    if (sandboxed && (host.network || host.processes || privileges.privileged || paths.length > 0)) {
      warn(this, {
        rule: 'privileged/sandbox',
        prop: 'runtimeClass',
        got: 'a sandbox, and exceptions that let the pods into the node',
        expected: 'one of the two',
        text: 'runtimeClass: a sandbox keeps pods from the node, and these exceptions let them in; many sandboxes refuse them',
      });
    }
  }

  private emitNamespace({ level, annotations }: ExceptionSettings): ApiObject {
    const hint = { fix: 'Give its chart a namespace of its own: new Chart(app, id, { namespace })', practice: 'CH10-35' };
    const name = ownNamespace.read(namespaceOf(this), (given, expected) => this._problems.refuse('namespace', given, expected, { rule: 'privileged/namespace', ...hint })) ?? `invalid-${this.node.addr.slice(0, 10)}`;
    claimNamespace(this, { name, use: 'privileged' });
    if (level === 'privileged') notePower({ owner: this, name, power: 'is root on the nodes: Pod Security admits everything there (CH10-35)' });
    return emit(this, 'Namespace', {
      apiVersion: 'v1',
      kind: 'Namespace',
      clusterScoped: true,
      metadata: { name, labels: { ...this._labels, ...podSecurityLabels(this, level, level) }, annotations },
    });
  }

  /** A namespace that admits much admits it for all that is in it. */
  private refuseShared(late: Problems, view: AppView): void {
    const own = namespaceOf(this);
    if (own === undefined) return;
    const hint = { fix: 'Give its chart a namespace of its own', practice: 'CH10-35' };
    const tenant = namespaceClaims(this, own).find(({ use }) => use === 'tenant');
    if (tenant) late.refuse('namespace', own, `a namespace of its own, not that of the tenant '${tenant.owner.node.path}'`, { rule: 'privileged/shared-namespace', ...hint });
    const others = (placedIn(view, this, own)?.objects ?? []).filter((object) => hasPods(object) && object !== this.controller);
    if (others.length > 0) late.refuse('namespace', own, `a namespace without other workloads (${others.map((object) => object.node.path).join(', ')})`, { rule: 'privileged/shared-namespace', ...hint });
  }
}

function readStated(read: Reader<PrivilegedWorkloadProps>, problems: Problems): ExceptionSettings {
  const owner = read.required('owner', text, 'invalid', { fix: 'Name whom to ask: a person, an address or a channel', practice: 'CH10-29' });
  const given = read.required('exceptions', exceptionList, [], { fix: 'State what it needs, such as PrivilegedException.hostPath(...)', practice: 'CH10-29' });
  const raw = read.raw('exceptions');
  if (Array.isArray(raw) && raw.length === 0) {
    read.refuse('exceptions', [], 'at least one', { rule: 'props/empty-list', fix: 'Use another workload, such as WebService: this one is for exceptions', practice: 'CH10-29' });
  }
  return readExceptions(owner, given, problems);
}
