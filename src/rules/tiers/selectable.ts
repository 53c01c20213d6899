import { labelsOfNamespaces } from './namespace-contents';
import type { PassView } from '../../kernel/facts/pass-view';
import { type LabelSelector, maySelect } from '../../kubernetes/label-selector';
import type { PeerSettings } from '../../network/peer';
import type { Member } from '../../network/tiers/members';

/** A label that the API server sets on every namespace. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/**
 * A function that finds a member whose pods a peer may select, for a policy in `namespace`. Labels of a namespace
 * outside the app are unknown, and a selector of them may match.
 */
export function selectableBy(
  view: PassView,
  members: readonly Member[],
): (peer: PeerSettings, namespace: string | undefined) => Member | undefined {
  const byNamespace = new Map<string, Member[]>();
  for (const member of members) {
    const key = member.pods.namespace ?? '';
    byNamespace.set(key, [...(byNamespace.get(key) ?? []), member]);
  }
  // many members share one scraper as a peer
  const answers = new Map<string, Member | undefined>();
  return (peer, namespace) => {
    if (peer.kind === 'cidr') return undefined;
    const key = JSON.stringify([namespace, peer]);
    if (!answers.has(key)) answers.set(key, find(view, peer, namespace, byNamespace));
    return answers.get(key);
  };
}

function find(
  view: PassView,
  peer: Exclude<PeerSettings, { kind: 'cidr' }>,
  own: string | undefined,
  byNamespace: Map<string, Member[]>,
): Member | undefined {
  if (peer.kind === 'pods') {
    return (byNamespace.get(peer.namespace ?? own ?? '') ?? []).find(({ pods }) =>
      maySelect({ matchLabels: peer.labels }, pods.labels()),
    );
  }
  const { podSelector = {}, namespaceSelector } = peer.wire as {
    podSelector?: LabelSelector;
    namespaceSelector?: LabelSelector;
  };
  for (const [namespace, members] of byNamespace) {
    const inside =
      namespaceSelector === undefined
        ? namespace === (own ?? '')
        : mayHold(view, namespaceSelector, namespace, members[0]);
    const found = inside ? members.find(({ pods }) => maySelect(podSelector, pods.labels())) : undefined;
    if (found) return found;
  }
  return undefined;
}

function mayHold(view: PassView, selector: LabelSelector, namespace: string, member: Member): boolean {
  const labels = labelsOfNamespaces(view, member.pods.owner).get(namespace);
  return maySelect(
    selector,
    { ...labels, [NAME_LABEL]: namespace },
    (key) => labels !== undefined || key === NAME_LABEL,
  );
}
