import type { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { NameEgressSettings } from './name-egress';
import { type NamePolicySettings, renderCalicoPolicy, renderCiliumPolicy } from './render-name-policy';
import { emitLater } from '../../kernel/emit/emission';
import type { Labels } from '../../kernel/emit/labels';
import { AppModel } from '../../kernel/facts/app-model';
import type { Problems } from '../../kernel/findings/problems';
import { clusterOf } from '../../kernel/model/cluster-facts';
import { namespaceOf } from '../../kernel/model/names';
import { clientsOf, isClient, podLabelsOf } from '../../network/clients';
import type { IConnectionClient } from '../../network/connection';
import { edgesFrom, statedEdges } from '../../network/edges';
import type { PolicyPort } from '../../network/network-policy';

/** A Service that is an alias of a DNS name. */
interface NamedTarget extends Construct {
  readonly name: string;
}

interface NameSettings {
  /** The DNS name. */
  readonly host: string;
  /** The network plugin of the policies. */
  readonly egress: Exclude<NameEgressSettings, { kind: 'cidrs' }>;
  readonly labels: Labels;
}

declare module '../../kernel/facts/fact-map' {
  interface FactMap {
    readonly namePolicies: NamePolicies;
  }
}

const byTarget = ({ target }: NamePolicies): IConstruct[] => [target];

/**
 * The policies that allow clients with closed egress to connect to a DNS name. Tiers and namespaces decide whether
 * egress is closed, so each pass starts by updating the policies.
 */
export class NamePolicies {
  private readonly present = new Map<IConnectionClient, ApiObject>();

  public constructor(
    public readonly target: NamedTarget,
    private readonly settings: NameSettings,
    private readonly problems: Problems,
  ) {
    const model = AppModel.of(target);
    model.add('namePolicies', this);
    const { root } = target.node;
    if (model.first(arrange)) model.add('preparation', { owner: root, prepare: () => arrange(root) });
  }

  /** The policies for what is declared so far. */
  public get objects(): ApiObject[] {
    arrange(this.target);
    return [...this.present.values()];
  }

  /** Removes policies of clients that need none. */
  public keep(clients: ReadonlySet<IConstruct>): void {
    for (const client of [...this.present.keys()].filter((known) => !clients.has(known))) {
      client.node.tryRemoveChild(this.id);
      this.present.delete(client);
    }
  }

  /** Creates the policy in the scope of the client, so that both are applied together in one namespace. */
  public ensure(client: IConnectionClient): void {
    if (this.present.has(client)) return;
    const {
      target,
      settings: { egress, labels },
    } = this;
    const isCilium = egress.kind === 'cilium';
    const [apiVersion, kind] = isCilium
      ? ['cilium.io/v2', 'CiliumNetworkPolicy']
      : ['projectcalico.org/v3', 'NetworkPolicy'];
    const head = { apiVersion, kind, metadata: { name: `${client.name}-to-${target.name}`, labels } };
    const spec = (): object =>
      isCilium
        ? renderCiliumPolicy(this.policyOf(client), clusterOf(client).dns)
        : renderCalicoPolicy(this.policyOf(client));
    this.present.set(client, emitLater(client, this.id, head, this.problems, spec));
  }

  private policyOf(client: IConnectionClient): NamePolicySettings {
    const {
      target,
      settings: { egress, host },
    } = this;
    const alias =
      egress.kind === 'cilium' ? [`${target.name}.${namespaceOf(target) ?? ''}.svc.${egress.clusterDomain}`] : [];
    return { selector: podLabelsOf(client) ?? {}, ports: portsFor(target, client), names: [host, ...alias] };
  }

  private get id(): string {
    return `EgressTo-${this.target.node.addr}`;
  }
}

/** The ports that are opened for a client. */
function portsFor(target: IConstruct, client: IConnectionClient): PolicyPort[] {
  return edgesFrom(client)
    .filter(({ owner }) => owner === target)
    .flatMap(({ ports }) => ports);
}

/** In the order of the connections. */
function arrange(app: IConstruct): void {
  const model = AppModel.of(app);
  const wanted = new Map(
    model
      .all('namePolicies')
      .map((policies) => [
        policies,
        new Set<IConstruct>(
          clientsOf(policies.target).filter((client) => client.egressClosed && podLabelsOf(client) !== undefined),
        ),
      ]),
  );
  for (const [policies, clients] of wanted) policies.keep(clients);
  for (const { owner, block } of statedEdges(model)) {
    const [policies] = model.by('namePolicies', byTarget, owner);
    if (policies !== undefined && block && isClient(block) && wanted.get(policies)?.has(block)) policies.ensure(block);
  }
}
