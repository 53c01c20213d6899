import { type LabelSelector, maySelect } from './label-selector';
import { podTemplateOf } from './pod-template';
import { entries, list, part, textAt, textsAt } from '../kernel/schema/manifest';

/** Pods of one workload, as network policies see them. */
export interface PodsOnNetwork {
  /** Empty if the manifest names none. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Named ports of the containers. */
  readonly namedPorts: ReadonlyMap<string, number>;
}

/** A port of the pods at the server end of a connection. */
export interface TargetPort {
  readonly port: number;
  readonly protocol: string;
}

interface Policy {
  readonly podSelector?: LabelSelector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly unknown[];
  readonly egress?: readonly unknown[];
}

/** A direction of a connection: the pods that a policy must select, and the other end. */
interface Direction {
  readonly type: 'Ingress' | 'Egress';
  readonly rules: 'ingress' | 'egress';
  readonly peers: 'from' | 'to';
}

const INGRESS: Direction = { type: 'Ingress', rules: 'ingress', peers: 'from' };
const EGRESS: Direction = { type: 'Egress', rules: 'egress', peers: 'to' };

/** The pods of a manifest; `undefined` if its kind has none. */
export function podsOnNetwork(manifest: unknown): PodsOnNetwork | undefined {
  const pod = podTemplateOf(manifest)?.pod;
  if (pod === undefined) return undefined;
  const containers = ['initContainers', 'containers'].flatMap((field) => list(part(pod, 'spec', field)));
  return {
    namespace: namespaceOf(manifest),
    labels: textsAt(pod, 'metadata', 'labels'),
    namedPorts: new Map(
      containers
        .flatMap((container) => list(part(container, 'ports')))
        .map((port) => [String(part(port, 'name')), Number(part(port, 'containerPort'))]),
    ),
  };
}

/**
 * Whether the NetworkPolicies among the manifests allow a connection: policies of the client's pods for egress,
 * policies of the server's pods for ingress. A range of addresses matches no pods, since pod addresses are unknown
 * before they run.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function mayConnect(
  client: PodsOnNetwork,
  server: PodsOnNetwork,
  target: TargetPort,
  manifests: readonly unknown[],
): boolean {
  const opens = (rule: unknown): boolean => opensPort(list(part(rule, 'ports')), server, target);
  return lets(client, server, EGRESS, manifests, opens) && lets(server, client, INGRESS, manifests, opens);
}

/**
 * Whether the NetworkPolicies of a namespace close the egress of all its pods, so that only what a further policy
 * allows gets out.
 */
export function closesEgress(policies: readonly unknown[]): boolean {
  const ofAll = policies
    .map((manifest) => (part(manifest, 'spec') ?? {}) as Policy)
    .filter((policy) => selectsAll(policy.podSelector) && typesOf(policy).includes('Egress'));
  const opensAll = (rule: unknown): boolean => list(part(rule, 'to')).length + list(part(rule, 'ports')).length === 0;
  return ofAll.length > 0 && !ofAll.some(({ egress = [] }) => egress.some(opensAll));
}

function selectsAll(selector: unknown): boolean {
  return entries(part(selector, 'matchLabels')).length + list(part(selector, 'matchExpressions')).length === 0;
}

function lets(
  pods: PodsOnNetwork,
  other: PodsOnNetwork,
  { type, rules, peers }: Direction,
  manifests: readonly unknown[],
  opens: (rule: unknown) => boolean,
): boolean {
  const policies = manifests
    .filter((manifest) => part(manifest, 'kind') === 'NetworkPolicy' && namespaceOf(manifest) === pods.namespace)
    .map((manifest) => (part(manifest, 'spec') ?? {}) as Policy)
    .filter((policy) => maySelect(policy.podSelector ?? {}, pods.labels) && typesOf(policy).includes(type));
  if (policies.length === 0) return true;
  return policies
    .flatMap((policy) => policy[rules] ?? [])
    .some((rule) => {
      const named = list(part(rule, peers));
      return (
        opens(rule) && (named.length === 0 || named.some((peer) => isPeer(peer, other, pods.namespace, manifests)))
      );
    });
}

/** A policy without types applies to ingress, and to egress if it has egress rules. */
function typesOf({ policyTypes, egress = [] }: Policy): readonly string[] {
  return policyTypes ?? (egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress']);
}

function isPeer(peer: unknown, pods: PodsOnNetwork, here: string, manifests: readonly unknown[]): boolean {
  if (part(peer, 'ipBlock') !== undefined) return false;
  const namespaces = part(peer, 'namespaceSelector') as LabelSelector | undefined;
  const isIn =
    namespaces === undefined
      ? pods.namespace === here
      : maySelect(namespaces, labelsOfNamespace(pods.namespace, manifests));
  return isIn && maySelect(part(peer, 'podSelector') ?? {}, pods.labels);
}

function labelsOfNamespace(name: string, manifests: readonly unknown[]): Record<string, string> {
  const found = manifests.find(
    (manifest) => part(manifest, 'kind') === 'Namespace' && part(manifest, 'metadata', 'name') === name,
  );
  return {
    ...textsAt(found, 'metadata', 'labels'),
    'kubernetes.io/metadata.name': name,
  };
}

/** A rule without ports opens all of them. A named port follows the containers of the server. */
function opensPort(ports: readonly unknown[], server: PodsOnNetwork, { port, protocol }: TargetPort): boolean {
  return (
    ports.length === 0 ||
    ports.some((rule) => {
      if ((part(rule, 'protocol') ?? 'TCP') !== protocol) return false;
      const first = part(rule, 'port');
      if (first === undefined) return true;
      const number = typeof first === 'string' ? server.namedPorts.get(first) : Number(first);
      return number !== undefined && port >= number && port <= Number(part(rule, 'endPort') ?? number);
    })
  );
}

function namespaceOf(manifest: unknown): string {
  return textAt(manifest, 'metadata', 'namespace') ?? '';
}
