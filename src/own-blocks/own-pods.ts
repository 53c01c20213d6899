import { type ApiObject, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { factsOfManifest } from './facts-of-manifest';
import { identity, IDENTITY_LABEL, recommended } from '../kernel/emit/labels';
import { Problems } from '../kernel/findings/problems';
import { namespaceOf } from '../kernel/model/names';
import { readName } from '../kernel/model/read-name';
import { claimUnique } from '../kernel/model/uniqueness';
import { oneOf, structs } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { serviceName } from '../kernel/schema/syntax';
import { hasPods, podTemplateOf } from '../kubernetes/pod-template';
import type { AllowOptions, Connection, IConnectionClient, IConnectionTarget } from '../network/connection';
import { emitPolicy } from '../network/emit-policy';
import { isolationOf } from '../network/isolation';
import { NetworkEdges } from '../network/network-edges';
import { recordPods } from '../network/networked-pods';
import { type IPeer, Peer } from '../network/peer';
import { type NamedPort, type PortSettings, readNamedPort, refuseSamePorts } from '../network/ports';
import { recordWorkload, stateOutsidePods } from '../pod/workload-facts';

/** Props of `OwnPods`. */
export interface OwnPodsProps {
  /**
   * Name of the workload, unique in its namespace: at most 63 lower-case letters, digits and `-`, starting with a
   * letter. It is the value of the label `app.kubernetes.io/instance`, which policies and selectors use.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /**
   * Ports that the pods listen on, the main one first.
   *
   * @default - none: no connections to them
   */
  readonly ports?: NamedPort[];

  /**
   * Egress of the pods: to anywhere (`open`), or only over declared connections (`declared`). DNS is always open.
   *
   * @default - 'open'; 'declared' in a tier, and in a namespace that a `TenantNamespace` closes
   */
  readonly egress?: 'open' | 'declared';
}

/**
 * The pods of a custom block. They make it part of what the blocks of this library do: connections in both directions,
 * `NetworkTiers`, quotas and the capacity of the cluster, `Inventory`, and rules.
 *
 * The block writes its own objects, except the NetworkPolicy of the pods, which this writes. Set the labels on the
 * pods, and pass the object that runs them to `runBy`: its manifest is read at synthesis.
 *
 * ```ts fixture=own-block
 * this.pods = new OwnPods(this, { ports: [{ name: 'memcached', port: 11211 }] });
 * const template = { metadata: { labels: this.pods.podLabels }, spec };
 * const deployment = new ApiObject(this, 'Deployment', {
 *   apiVersion: 'apps/v1',
 *   kind: 'Deployment',
 *   metadata: { name: this.pods.name },
 *   spec: { selector: { matchLabels: this.pods.selectorLabels }, template },
 * });
 * this.pods.runBy(deployment);
 * ```
 */
export class OwnPods {
  /** Name of the workload. */
  public readonly name: string;
  /** Labels that distinguish its pods from others in the namespace: for selectors. */
  public readonly selectorLabels: { [label: string]: string };
  /**
   * Labels for the pod template: those of the selector and the recommended ones. The library patches those of a tier
   * and its mesh into the template of the controller.
   */
  public readonly podLabels: { [label: string]: string };
  /** The NetworkPolicy. */
  public readonly networkPolicy: ApiObject;

  private readonly problems: Problems;
  private readonly edges: NetworkEdges;
  private readonly ports: readonly PortSettings[];
  private controller?: ApiObject;
  /** Whether the pods have the labels of a tier; with several, which are a mistake, the first one. */
  private labelled = false;

  /**
   * @param block the block; it implements `IConnectionClient`, and `IConnectionTarget` if others connect to it
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
      .optional('ports', structs<NamedPort>('a port'), [], {
        fix: "List NamedPorts, such as one with name: 'http', port: 8080",
      })
      .map((given, index) => readNamedPort(given, problems, `ports[${index}]`));
    refuseSamePorts(this.ports, problems, 'ports', ['name', 'port']);
    const egress = read.optional('egress', oneOf<'open' | 'declared'>('open', 'declared'), undefined, {
      fix: "Write 'declared' to close egress, or 'open'",
    });
    read.refuseUnknown();
    const namespace = namespaceOf(owner);
    claimUnique(owner, `workload label ${IDENTITY_LABEL}='${namespace ?? ''}/${this.name}'`, {
      rule: 'workload/duplicate-name',
      fix: "Rename one: two workloads with one name select each other's pods",
    });

    const labels = recommended(owner, this.name, undefined, {});
    this.selectorLabels = identity(this.name);
    this.podLabels = labels;
    this.edges = new NetworkEdges(owner, this.name, egress, problems);
    this.networkPolicy = emitPolicy(owner, this.name, labels, this.edges, problems);
    recordPods({
      owner,
      name: this.name,
      namespace,
      labels: () => ({ ...labels, ...isolationOf(owner)?.labels }),
      ownLabels: labels,
      ports: () => this.ports,
      relabel: () => this.label(),
      allow: (peer, options) => this.allowFrom(peer, options),
    });
    stateOutsidePods({ owner, controller: () => this.controller });
    recordWorkload(owner, (view) => factsOfManifest(view, owner, this.name, this.controller));
  }

  /**
   * Declares the object that runs the pods. Its manifest is read at synthesis.
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
    this.label();
  }

  /**
   * Opens the network policies of both ends. The block itself passes host and port to its process.
   *
   * @param target a block such as `Redis`
   * @param port name of the port to connect to, for a target with several; the main port by default
   * @returns the connection details
   */
  public connectTo(target: IConnectionTarget, port?: string): Connection {
    return this.edges.connect(this.block, target, port) ?? { host: 'invalid', port: 1 };
  }

  /**
   * Opens the pods for a peer.
   *
   * @param peer a block, a `Peer`, or an `IngressController`
   * @param options the ports
   */
  public allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    this.edges.allowFrom(
      peer,
      options,
      this.ports.map(({ port, protocol }) => ({ port, protocol })),
    );
  }

  /** Whether egress of the pods is closed except for declared connections. */
  public get egressClosed(): boolean {
    return this.edges.closesEgress;
  }

  /** The pods, as a peer. */
  public toPeer(): Peer {
    return Peer.pods({ labels: this.selectorLabels, namespace: namespaceOf(this.block) })._ofBlock(this.block);
  }

  /**
   * Gives the pods the labels of the tier around the block. A patch, since labels that are tokens could not be handed
   * to a block in another language.
   */
  private label(): void {
    const { controller } = this;
    if (controller === undefined || this.labelled) return;
    const labels = Object.entries(isolationOf(this.block)?.labels ?? {}).sort(([one], [other]) =>
      one < other ? -1 : 1,
    );
    const path = podTemplateOf({ apiVersion: controller.apiVersion, kind: controller.kind })?.path ?? [];
    for (const [key, value] of labels) {
      const pointer = [...path, 'metadata', 'labels', key.replaceAll('/', '~1')];
      controller.addJsonPatch(JsonPatch.add(`/${pointer.join('/')}`, value));
    }
    this.labelled = labels.length > 0;
  }
}
