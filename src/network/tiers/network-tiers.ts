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
  text: "mode 'observe': every connection to and from the workloads of the tiers is let through",
};

/**
 * Ordered tiers of an application. A workload in a tier is reached along declared edges from the tier before its own,
 * on ports that it has declared, and connects along declared edges only.
 *
 * - `default-deny-all` in each namespace of the tiers denies both directions to every pod, whoever made it.
 * - The policy of each workload names its edges, one by one. There is no policy of a whole tier: policies add up, so
 *   one that opened a tier would open more than is declared.
 * - A declared edge against the order, or past a tier, is an error; so is a workload of the namespaces in no tier.
 * - Requests from outside of the cluster reach only what is `internetFacing`.
 * - The pods have the label `tier`.
 * - A namespace has one block of tiers.
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
 * Workloads and edges may be declared in any order.
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
   * Puts a workload into a tier.
   *
   * @param tier name of the tier
   * @param workload a workload of this library, such as `WebService`, `Redis` or `Job`, or a block with `OwnPods`
   * @param options how
   */
  public add(tier: string, workload: IConnectionClient, options: TierMemberOptions = {}): void {
    const position = this.settings.tiers.findIndex(({ name }) => name === tier);
    if (position < 0) {
      this.problems.refuse('add.tier', tier, `one of ${this.namesOf(this.settings.tiers)}`, {
        rule: 'tiers/unknown-tier',
        fix: "Name a tier of 'tiers'",
      });
    }
    const pods = Construct.isConstruct(workload) ? podsOf(workload) : undefined;
    if (pods === undefined) {
      this.problems.refuse(
        'add.workload',
        workload,
        'a workload of this library, such as WebService, or a block with OwnPods',
        {
          rule: 'tiers/foreign-workload',
          fix: 'Give other pods a policy of their own, and name them with except(...)',
        },
      );
    }
    if (pods && workload.toPeer()._hostNetwork) {
      this.problems.refuse(
        'add.workload',
        pods.owner.node.path,
        'pods with addresses of their own: network policies do not hold on the network of the node',
        { rule: 'tiers/host-network', fix: 'Do not add it: let it in with Peer.cidr(...), the addresses of the nodes' },
      );
    }
    const read = new Reader<TierMemberOptions>(this.problems, options, 'add.');
    const internetFacing = read.optional(
      'internetFacing',
      boolean,
      this.settings.tiers[position]?.internetFacing ?? false,
      { fix: 'Write true or false, or remove the prop to do as the tier says' },
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
   * Declares that something in the namespaces of the tiers is in no tier: a workload, pods or policies of other
   * libraries, or all below a construct. It stays closed by `default-deny-all`; a workload of this library has its
   * declared edges, and may be connected with any tier.
   *
   * @param construct what is in no tier
   * @param options why
   */
  public except(construct: IConstruct, options: TierExceptionOptions): void {
    const read = new Reader<TierExceptionOptions>(this.problems, options, 'except.');
    const reason = read.required('reason', text, undefined, { fix: 'Say why it is in no tier' });
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
   * Lets a peer read the metrics of all workloads of the tiers: opens the port of that name, where there is one.
   *
   * @param scraper the pods that read them, such as
   * `Peer.pods({ namespace: 'monitoring', labels: { app: 'prometheus' } })`
   * @param options which port
   */
  public allowScraping(scraper: IPeer, options: ScrapeOptions = {}): void {
    const read = new Reader<ScrapeOptions>(this.problems, options, 'allowScraping.');
    const port = read.optional('portName', portName, 'metrics');
    read.refuseUnknown();
    this.scrapers.push({ peer: scraper, portName: port });
    stateScraping({ owner: this, portName: port });
    for (const member of statedMembers(this)) this.openForScraper(member, scraper, port);
  }

  /** Who may reach whom, port by port, by what has been declared until now. DNS is open beside it. */
  public matrix(): TierConnection[] {
    return connectionsOf(membersOf(this));
  }

  /** The tiers and the matrix, as a text for people. */
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
  }

  private close(namespace: string | undefined): void {
    const key = namespace ?? '';
    if (this.settings.observe || this.denials.has(key)) return;
    closeNamespace(this, namespace);
    // the main object is that of the own namespace, whatever is added first
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
