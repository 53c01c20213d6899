import { errorAt } from './verdicts';
import { foreignOf } from '../foreign/foreign-objects';
import { isOwn } from '../kernel/facts/own-objects';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { clusterOf } from '../kernel/model/cluster-facts';
import { wireIn } from '../kernel/model/wire';
import { part, textAt } from '../kernel/schema/manifest';
import { type HostUses, hostUses } from '../kubernetes/host-uses';
import { hasPods, POD_KINDS, podTemplateOf } from '../kubernetes/pod-template';

/** Refuses pods that need a node that the team administers, where there is none. */
const ownNodes: LibraryRule = {
  kinds: ['cluster'],
  warns: false,
  judge: (view) => {
    const own = view.objects
      .filter((object) => isOwn(object) && hasPods(object) && !clusterOf(object).ownNodes)
      .flatMap((object) => {
        const subject = `${object.kind} '${object.name}'`;
        return verdictsOf(object.node.scope ?? object, object.kind, wireIn(view, object), subject);
      });
    const foreign = foreignOf(view, ...POD_KINDS)
      .filter(({ at }) => !clusterOf(at).ownNodes)
      .flatMap(({ at, kind, title, wire }) => verdictsOf(at, kind, wire, title));
    return [...own, ...foreign];
  },
};

function verdictsOf(construct: Verdict['construct'], kind: string, wire: unknown, subject: string): Verdict[] {
  const spec = part(podTemplateOf(wire)?.pod, 'spec');
  const uses = usesOfNode(hostUses({ path: 'spec', value: spec }));
  const needs = [...(kind === 'DaemonSet' ? ['a DaemonSet'] : []), ...uses];
  if (needs.length === 0) return [];
  return [
    errorAt(construct, {
      rule: 'cluster/own-nodes',
      subject,
      got: needs.join(', '),
      expected: 'pods that need nothing of a node: the ClusterProfile says ownNodes: false',
      fix: 'Run it as a sidecar of the workloads that need it, or on a cluster with nodes of your own',
    }),
  ];
}

const NAMESPACES: Readonly<Record<string, string>> = {
  'spec.hostNetwork': 'the network',
  'spec.hostPID': 'the processes',
  'spec.hostIPC': 'the IPC',
};

function usesOfNode({ namespaces, paths, ports, privileged }: HostUses): string[] {
  return [
    ...namespaces.map(({ path }) => `${NAMESPACES[path]} of the node`),
    ...paths.map(({ value }) => `the directory ${textAt(value, 'path') ?? ''} of the node`),
    ...ports.map(({ value }) => `port ${String(value)} of the node`),
    ...privileged.map(({ value }) => `the privileged container '${textAt(value, 'name') ?? ''}'`),
  ];
}

export const RULES = [ownNodes];
