import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { factsOfManifest } from './facts-of-manifest';
import { hasPods } from '../admission/demand-of-manifest';
import { laterMap } from '../kernel/emit/emission';
import { identity, IDENTITY_LABEL, recommended } from '../kernel/emit/labels';
import { Problems } from '../kernel/findings/problems';
import { namespaceOf } from '../kernel/model/names';
import { readName } from '../kernel/model/read-name';
import { claimUnique } from '../kernel/model/uniqueness';
import { oneOf, structs } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { serviceName } from '../kernel/schema/syntax';
import type { AllowOptions, Connection, IConnectionClient, IConnectionTarget } from '../network/connection';
import { emitPolicy } from '../network/emit-policy';
import { ISTIO_INJECT, ISTIO_REVISION } from '../network/injected-proxy';
import { isolationOf, TIER_LABEL } from '../network/isolation';
import { NetworkEdges } from '../network/network-edges';
import { recordPods } from '../network/networked-pods';
import { type IPeer, Peer } from '../network/peer';
import { type NamedPort, type PortSettings, readNamedPort, refuseSamePorts } from '../network/ports';
import { recordWorkload, stateOutsidePods } from '../pod/workload-facts';

/** What a block of your own says of its pods. */
export interface OwnPodsProps {
  /**
   * Name of the workload, unique in its namespace: at most 63 lower-case letters, digits and `-`, starting with a
   * letter. The label `app.kubernetes.io/instance` has it, by which policies and selectors find the pods.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /**
   * Ports that the pods listen on, the main one first.
   *
   * @default - none: nobody connects to them
   */
  readonly ports?: NamedPort[];

  /**
   * Where the pods may connect to: anywhere (`open`), or only along declared edges (`declared`). DNS is open either
   * way.
   *
   * @default - 'open'; 'declared' in a tier, and in a namespace that a `TenantNamespace` closes
   */
  readonly egress?: 'open' | 'declared';
}

/**
 * The pods of a block of your own, by which it takes part in what the blocks of this library do: connections in both
 * directions, `NetworkTiers`, quotas and the capacity of the cluster, `Inventory`, and rules.
 *
 * The block writes its objects as it likes; this writes the NetworkPolicy of the pods. Give the labels to the pods, and
 * say which object runs them: what they ask for is read from its manifest at synthesis.
 *
 * ```ts
 * const pods = new OwnPods(this, { ports: [{ name: 'memcached', port: 11211 }] });
 * const template = { metadata: { labels: pods.podLabels }, spec };
 * const deployment = new ApiObject(this, 'Deployment', {
 *   apiVersion: 'apps/v1',
 *   kind: 'Deployment',
 *   metadata: { name: pods.name },
 *   spec: { selector: { matchLabels: pods.selectorLabels }, template },
 * });
 * pods.runBy(deployment);
 * ```
 */
export class OwnPods {
  /** Name of the workload. */
  public readonly name: string;
  /** The labels that tell its pods from all others of the namespace: for selectors. */
  public readonly selectorLabels: { [label: string]: string };
  /**
   * Labels for the pod template: the same, the recommended ones, and those of a tier and its mesh, which are read at
   * synthesis.
   */
  public readonly podLabels: { [label: string]: string };
  /** The NetworkPolicy. */
  public readonly networkPolicy: ApiObject;

  private readonly problems: Problems;
  private readonly edges: NetworkEdges;
  private readonly ports: readonly PortSettings[];
  private controller?: ApiObject;

  /**
   * @param block the block; it implements `IConnectionClient`, and `IConnectionTarget` where others connect to it
   * @param props name and ports
   */
  public constructor(
    private readonly block: IConnectionClient,
    props: OwnPodsProps = {},
  ) {
    const owner = block as IConnectionClient & Construct;
    const problems = new Problems(owner);
    this.problems = problems;
    const read = new Reader<OwnPodsProps>(problems, props);
    const { name, valid } = readName(owner, read, serviceName());
    this.name = valid ? name : `invalid-${owner.node.addr.slice(0, 10)}`;
    this.ports = read
      .optional('ports', structs<NamedPort>('a port'), [], { fix: "Write [{ name: 'http', port: 8080 }]" })
      .map((given, index) => readNamedPort(given, problems, `ports[${index}]`));
    refuseSamePorts(this.ports, problems, 'ports', ['name', 'port']);
    const egress = read.optional('egress', oneOf<'open' | 'declared'>('open', 'declared'), undefined, {
      fix: "Write 'declared' to close egress, or 'open'",
    });
    read.refuseUnknown();
    const namespace = namespaceOf(owner);
    claimUnique(owner, `workload label ${IDENTITY_LABEL}='${namespace ?? ''}/${this.name}'`, {
      rule: 'workload/duplicate-name',
      fix: 'Two workloads with one name select the pods of each other: rename one',
    });

    const labels = recommended(owner, this.name, undefined, {});
    this.selectorLabels = identity(this.name);
    this.podLabels = {
      ...labels,
      ...laterMap([TIER_LABEL, ISTIO_INJECT, ISTIO_REVISION], () => isolationOf(owner)?.labels ?? {}),
    };
    this.edges = new NetworkEdges(owner, this.name, egress, problems);
    this.networkPolicy = emitPolicy(owner, this.name, labels, this.edges, problems);
    recordPods({
      owner,
      name: this.name,
      namespace,
      labels: () => ({ ...labels, ...isolationOf(owner)?.labels }),
      ownLabels: labels,
      ports: () => this.ports,
      allow: (peer, options) => this.allowFrom(peer, options),
    });
    stateOutsidePods({ owner, controller: () => this.controller });
    recordWorkload(owner, () => factsOfManifest(owner, this.name, this.controller));
  }

  /**
   * Says which object runs the pods. What they ask for is read from its manifest at synthesis.
   *
   * @param controller a Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod
   */
  public runBy(controller: ApiObject): void {
    if (!Construct.isConstruct(controller) || !hasPods(controller)) {
      this.problems.refuse('runBy', controller, 'an object that has pods, such as a Deployment', {
        rule: 'props/value',
        fix: 'Pass the ApiObject itself',
      });
      return;
    }
    this.controller = controller;
  }

  /**
   * Opens the network policies of both ends. The block itself hands host and port to its process.
   *
   * @param target a block such as `Redis`
   * @param port name of the port to connect to, for a target with several; the main one when left out
   * @returns how to reach it
   */
  public connectTo(target: IConnectionTarget, port?: string): Connection {
    return this.edges.connect(this.block, target, port) ?? { host: 'invalid', port: 1 };
  }

  /**
   * Opens the pods for a peer.
   *
   * @param peer a block, a `Peer`, or an `IngressController`
   * @param options which ports
   */
  public allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    this.edges.allowFrom(
      peer,
      options,
      this.ports.map(({ port, protocol }) => ({ port, protocol })),
    );
  }

  /** Whether the pods may connect along declared edges only. */
  public get egressClosed(): boolean {
    return this.edges.closesEgress;
  }

  /** The pods. */
  public toPeer(): Peer {
    return Peer.pods({ labels: this.selectorLabels, namespace: namespaceOf(this.block) })._ofBlock(this.block);
  }
}
