import type { ApiObject } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import { connectionsOf, describeConnections } from './matrix';
import {
  addException,
  addMember,
  exceptionsOf,
  type Member,
  membersOf,
  statedMembers,
  stateScraping,
  stateTiers,
} from './members';
import type {
  NetworkTiersProps,
  ScrapeOptions,
  TierConnection,
  TierExceptionOptions,
  TierMemberOptions,
} from './network-tiers-props';
import { readTiers, type TierSettings, type TiersSettings } from './read-tiers';
import { emitLater } from '../../kernel/emit/emission';
import { recommended } from '../../kernel/emit/labels';
import { Problems } from '../../kernel/findings/problems';
import { warn, type Warning } from '../../kernel/findings/warnings';
import { namespaceOf } from '../../kernel/model/names';
import { adviseOnDuplicate } from '../../kernel/model/uniqueness';
import { boolean, text } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { portName } from '../../kernel/schema/syntax';
import type { IConnectionClient } from '../connection';
import { closeNamespace, isolate, TIER_LABEL } from '../isolation';
import { podsOf } from '../networked-pods';
import type { IPeer } from '../peer';
import { renderDefaultDeny } from '../render-network-policy';

const DENY = 'default-deny-all';

const OBSERVED: Warning = {
  rule: 'tiers/observe',
  prop: 'mode',
  got: "'observe'",
  expected: "'enforce'",
  text:
    "mode 'observe': the policies allow every connection to and from the workloads of the tiers. Remove it when " +
    'all connections are declared',
};

/**
 * Orders the workloads of an application in tiers. A workload admits declared connections from the tier before its own,
 * on declared ports. It connects only where declared.
 *
 * - `default-deny-all` in each namespace of the tiers denies both directions to every pod, including pods of other
 *   tools.
 * - The policy of each workload lists its connections. No policy covers a whole tier: policies are additive, and a
 *   policy for a tier would open more than declared.
 * - A declared connection against the order, or past a tier, is an error. So is a workload without a tier in these
 *   namespaces.
 * - External requests reach only `internetFacing` tiers and workloads.
 * - The pods have the label `tier`.
 * - A namespace has one `NetworkTiers`.
 *
 * ```ts
 * const tiers = new NetworkTiers(chart, 'tiers', {
 *   tiers: [{ name: 'web', internetFacing: true }, { name: 'db' }],
 * });
 * tiers.add('web', frontend);
 * tiers.add('web', site);
 * tiers.add('db', redis);
 * frontend.connectTo(redis);
 * ```
 *
 * The order of declaration does not matter.
 */
export class NetworkTiers extends Construct {
  private readonly problems: Problems;
  private readonly settings: TiersSettings;
  private readonly denials = new Map<string, ApiObject>();
  private readonly scrapers: Array<{ readonly peer: IPeer; readonly portName: string }> = [];

  public constructor(scope: Construct, id: string, props: NetworkTiersProps) {
    super(scope, id);
    this.problems = new Problems(this);
    this.settings = readTiers(props, this.problems);
    if (this.settings.observe) warn(this, OBSERVED);
    stateTiers({ owner: this, tiers: this.settings.tiers });
  }

  /** The policies `default-deny-all`, one for each namespace; none with `mode: 'observe'`. */
  public get defaultDenials(): ApiObject[] {
    return [...this.denials.values()];
  }

  /**
   * Adds a workload to a tier.
   *
   * @param tier name of the tier
   * @param workload a workload of this library, such as `WebService`, `Redis` or `Job`, or a block with `OwnPods`
   * @param options options of the workload in the tier
   */
  public add(tier: string, workload: IConnectionClient, options: TierMemberOptions = {}): void {
    const position = this.settings.tiers.findIndex(({ name }) => name === tier);
    if (position < 0) {
      this.problems.refuse(
        'add.tier',
        tier,
        `one of ${this.namesOf(this.settings.tiers) || 'the tiers, but there are none'}`,
        {
          rule: 'tiers/unknown-tier',
          fix: "Use the name of a tier in 'tiers'",
        },
      );
    }
    const pods = Construct.isConstruct(workload) ? podsOf(workload) : undefined;
    if (pods === undefined) {
      this.problems.refuse(
        'add.workload',
        workload,
        'a workload of this library, such as WebService, or a block with OwnPods',
        {
          rule: 'tiers/foreign-workload',
          fix: 'Give other pods their own policy, and exempt them with except(...)',
        },
      );
    }
    if (pods && workload.toPeer()._hostNetwork) {
      this.problems.refuse(
        'add.workload',
        pods.owner.node.path,
        'pods with their own addresses: network policies do not apply on the host network',
        {
          rule: 'tiers/host-network',
          fix: 'Do not add it. Allow it with Peer.cidr(...) and the addresses of the nodes',
        },
      );
    }
    const read = new Reader<TierMemberOptions>(this.problems, options, 'add.');
    const internetFacing = read.optional(
      'internetFacing',
      boolean,
      this.settings.tiers[position]?.internetFacing ?? false,
      { fix: 'Write true or false, or remove the prop to follow the tier' },
    );
    read.refuseUnknown();
    if (position < 0 || pods === undefined) return;

    const { [position]: chosen } = this.settings.tiers;
    const member: Member = { pods, tier: chosen, position, internetFacing, around: this };
    addMember(member);
    this.isolate(member);
    this.close(pods.namespace);
    for (const { peer, portName: port } of this.scrapers) this.openForScraper(member, peer, port);
  }

  /**
   * Exempts something in the namespaces of the tiers: a workload, pods or policies of other libraries, or everything
   * inside a construct. `default-deny-all` still closes it. A workload of this library keeps its declared connections
   * and may connect with any tier.
   *
   * @param construct the exception
   * @param options the reason
   */
  public except(construct: IConstruct, options: TierExceptionOptions): void {
    const read = new Reader<TierExceptionOptions>(this.problems, options, 'except.');
    const reason = read.required('reason', text, undefined, { fix: 'State why it is in no tier' });
    read.refuseUnknown();
    if (!Construct.isConstruct(construct)) {
      this.problems.refuse('except', construct, 'a construct', {
        rule: 'props/value',
        fix: 'Pass the workload or the object itself',
      });
      return;
    }
    addException({ construct, reason: reason ?? '', by: this });
  }

  /**
   * Allows a peer to read the metrics of all workloads of the tiers: opens the port with that name, if any.
   *
   * @param scraper the pods that read metrics, such as `Peer.pods({ namespace: 'monitoring', labels: { app:
   * 'prometheus' } })`
   * @param options the port
   */
  public allowScraping(scraper: IPeer, options: ScrapeOptions = {}): void {
    const read = new Reader<ScrapeOptions>(this.problems, options, 'allowScraping.');
    const port = read.optional('portName', portName, 'metrics');
    read.refuseUnknown();
    this.scrapers.push({ peer: scraper, portName: port });
    stateScraping({ owner: this, portName: port });
    for (const member of statedMembers(this)) this.openForScraper(member, scraper, port);
  }

  /** Returns the allowed connections, port by port, as declared so far. DNS is open in addition. */
  public matrix(): TierConnection[] {
    return connectionsOf(membersOf(this));
  }

  /** Describes the tiers and the matrix as readable text. */
  public toText(): string {
    const workloads = membersOf(this);
    return [
      `Tiers${this.settings.observe ? ', observed only' : ''}:`,
      ...this.settings.tiers.map(
        ({ name }) =>
          `  ${name}: ${workloads
            .filter(({ tier }) => tier.name === name)
            .map((member) => `${member.pods.owner.node.path}${member.internetFacing ? ' (internet-facing)' : ''}`)
            .join(', ')}`,
      ),
      ...exceptionsOf(this).map(({ construct, reason }) => `  in no tier: ${construct.node.path} (${reason})`),
      '',
      ...describeConnections(this.matrix()),
      '',
    ].join('\n');
  }

  private isolate({ pods, tier, position }: Member): void {
    const { mesh, observe } = this.settings;
    isolate({
      workload: pods.owner,
      around: this,
      position,
      tier: tier.name,
      labels: { [TIER_LABEL]: tier.name, ...mesh?.labels },
      by: `tier '${tier.name}'`,
      observed: observe,
      egress: mesh ? [mesh.controlPlane] : [],
    });
    pods.relabel?.();
  }

  private close(namespace: string | undefined): void {
    const key = namespace ?? '';
    if (this.settings.observe || this.denials.has(key)) return;
    closeNamespace(this, namespace);
    // the main object is the policy of the own namespace, whatever is added first
    const id = key === (namespaceOf(this) ?? '') ? 'Resource' : `DefaultDeny-${key}`;
    const head = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: DENY, namespace, labels: recommended(this, DENY, 'network', {}) },
    };
    const denial = emitLater(this, id, head, this.problems, renderDefaultDeny);
    adviseOnDuplicate(denial, {
      rule: 'tiers/one-per-namespace',
      fix:
        'Use one NetworkTiers for the namespace, and add the workloads of both to it; or assign them to two ' +
        'clusters with ClusterProfile',
    });
    this.denials.set(key, denial);
  }

  private openForScraper({ pods }: Member, peer: IPeer, name: string): void {
    const ports = pods
      .ports()
      .filter((port) => port.name === name && port.protocol === 'TCP')
      .map(({ port }) => port);
    if (ports.length > 0) pods.allow(peer, { ports });
  }

  private namesOf(tiers: readonly TierSettings[]): string {
    return tiers.map(({ name }) => `'${name}'`).join(', ');
  }
}
