import type { Manifest } from '../cluster';

/** What the API server knows that decides who may reach whom. */
export interface NetworkState {
  readonly pods: readonly Manifest[];
  readonly namespaces: readonly Manifest[];
  readonly policies: readonly Manifest[];
  /** Addresses of the node: its traffic is always allowed, as probes come from there. */
  readonly nodeAddresses: readonly string[];
}

interface Direction {
  readonly type: 'Ingress' | 'Egress';
  readonly own: 'saddr' | 'daddr';
  readonly other: 'saddr' | 'daddr';
}
const INGRESS: Direction = { type: 'Ingress', own: 'daddr', other: 'saddr' };
const EGRESS: Direction = { type: 'Egress', own: 'saddr', other: 'daddr' };

/**
 * The nftables ruleset that enforces NetworkPolicies (IPv4), as the API describes them: a pod that a policy selects is
 * isolated in the direction of the policy; what any of its policies allows is allowed; the terms of a peer must all
 * hold.
 */
export function ruleset(state: NetworkState): string {
  // an allowed egress must still pass the ingress rules of its target, so each direction is a chain of its own
  const chain = (name: string, hook: string, priority: number, direction: Direction): string => `
  chain ${name} {
    type filter hook ${hook} priority ${priority}; policy accept;
    ct state established,related accept
    ip saddr { ${state.nodeAddresses.join(', ')} } accept
${rulesOf(state, direction)
  .map((rule) => `    ${rule}`)
  .join('\n')}
  }`;
  return `table ip policies\ndelete table ip policies\ntable ip policies {${chain('egress', 'forward', 10, EGRESS)}${chain('egress_to_node', 'input', 10, EGRESS)}${chain('ingress', 'forward', 20, INGRESS)}\n}\n`;
}

function rulesOf(state: NetworkState, direction: Direction): string[] {
  return networkedPods(state).flatMap((pod) => {
    const policies = state.policies.filter((policy) => isolates(policy, pod, direction));
    if (policies.length === 0) return [];
    const allowed = policies.flatMap((policy) =>
      rulesIn(policy, direction).flatMap((rule) => accepted(state, policy, rule, pod, direction)),
    );
    return [...allowed, `ip ${direction.own} ${pod.status.podIP} counter drop`];
  });
}

const networkedPods = ({ pods }: NetworkState): Manifest[] =>
  pods.filter(
    ({ spec, status }) => status?.podIP && ['Pending', 'Running'].includes(status.phase as string) && !spec.hostNetwork,
  );

function isolates({ metadata, spec }: Manifest, pod: Manifest, { type }: Direction): boolean {
  const types: string[] = spec.policyTypes ?? (spec.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress']);
  return (
    metadata.namespace === pod.metadata.namespace &&
    types.includes(type) &&
    selects(spec.podSelector, pod.metadata.labels)
  );
}

const rulesIn = ({ spec }: Manifest, { type }: Direction): Manifest[] =>
  (type === 'Ingress' ? spec.ingress : spec.egress) ?? [];

function accepted(
  state: NetworkState,
  policy: Manifest,
  rule: Manifest,
  pod: Manifest,
  { type, own, other }: Direction,
): string[] {
  const peers: Manifest[] | undefined = type === 'Ingress' ? rule.from : rule.to;
  const targets = type === 'Ingress' ? [pod] : networkedPods(state);
  const blocks =
    peers === undefined || peers.length === 0
      ? ['']
      : peers.flatMap((peer) => matchesOfPeer(state, policy, peer, `ip ${other}`));
  return blocks.flatMap((block) =>
    matchesOfPorts(rule.ports, targets).map((port) =>
      ['ip', own, pod.status.podIP, block, port, 'accept'].filter(Boolean).join(' '),
    ),
  );
}

function matchesOfPeer(
  state: NetworkState,
  policy: Manifest,
  { ipBlock, namespaceSelector, podSelector }: Manifest,
  address: string,
): string[] {
  if (ipBlock) {
    // the clusters here have no IPv6: such a range matches nothing
    if (ipBlock.cidr.includes(':')) return [];
    const but: string[] = ipBlock.except ?? [];
    return [`${address} ${ipBlock.cidr}${but.length > 0 ? ` ${address} != { ${but.join(', ')} }` : ''}`];
  }
  const namespaces: string[] = namespaceSelector
    ? state.namespaces
        .filter(({ metadata }) => selects(namespaceSelector, metadata.labels))
        .map(({ metadata }) => metadata.name as string)
    : [policy.metadata.namespace];
  return networkedPods(state)
    .filter(({ metadata }) => namespaces.includes(metadata.namespace) && selects(podSelector, metadata.labels))
    .map(({ status }) => `${address} ${status.podIP}`);
}

function matchesOfPorts(ports: Manifest[] | undefined, targets: Manifest[]): string[] {
  if (ports === undefined || ports.length === 0) return [''];
  return ports.flatMap(({ protocol = 'TCP', port, endPort }) => {
    const name = (protocol as string).toLowerCase();
    if (port === undefined) return [`meta l4proto ${name}`];
    const numbers =
      typeof port === 'string' ? numbersOf(port, targets) : [endPort === undefined ? port : `${port}-${endPort}`];
    return numbers.map((number) => `${name} dport ${number}`);
  });
}

function numbersOf(portName: string, targets: Manifest[]): number[] {
  const numbers = targets
    .flatMap(({ spec }) => [...(spec.initContainers ?? []), ...spec.containers])
    .flatMap(({ ports }: Manifest) => (ports ?? []) as Manifest[])
    .filter(({ name }) => name === portName)
    .map(({ containerPort }) => containerPort as number);
  return [...new Set(numbers)];
}

/** Whether a label selector holds; an empty one always does. */
export function selects(selector: Manifest = {}, labels: Record<string, string> = {}): boolean {
  const equal = Object.entries((selector.matchLabels ?? {}) as Record<string, string>).every(
    ([key, value]) => labels[key] === value,
  );
  return (
    equal &&
    ((selector.matchExpressions ?? []) as Manifest[]).every(({ key, operator, values = [] }) => {
      switch (operator) {
        case 'In':
          return values.includes(labels[key]);
        case 'NotIn':
          return !values.includes(labels[key]);
        case 'Exists':
          return key in labels;
        case 'DoesNotExist':
          return !(key in labels);
        default:
          throw new Error(`unknown operator ${operator}`);
      }
    })
  );
}
