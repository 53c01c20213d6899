import { errorAt } from './verdicts';
import { foreignOf } from '../foreign/foreign-objects';
import { isOwn } from '../kernel/facts/own-objects';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { clusterOf } from '../kernel/model/cluster-facts';
import { wireIn } from '../kernel/model/wire';
import { list, part, textAt } from '../kernel/schema/manifest';
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
  const needs = [...(kind === 'DaemonSet' ? ['a DaemonSet'] : []), ...nodeNeeds(spec)];
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

const HOST_NAMESPACES = { hostNetwork: 'the network', hostPID: 'the processes', hostIPC: 'the IPC' } as const;

function nodeNeeds(spec: unknown): string[] {
  const containers = [...list(part(spec, 'containers')), ...list(part(spec, 'initContainers'))];
  const ports = containers.flatMap((container) =>
    list(part(container, 'ports')).flatMap((port) => (part(port, 'hostPort') ? [String(part(port, 'hostPort'))] : [])),
  );
  const paths = list(part(spec, 'volumes')).flatMap((volume) => textAt(volume, 'hostPath', 'path') ?? []);
  return [
    ...Object.entries(HOST_NAMESPACES)
      .filter(([field]) => part(spec, field) === true)
      .map(([, name]) => `${name} of the node`),
    ...paths.map((path) => `the directory ${path} of the node`),
    ...ports.map((port) => `port ${port} of the node`),
    ...containers
      .filter((container) => part(container, 'securityContext', 'privileged') === true)
      .map((container) => `the privileged container '${String(part(container, 'name'))}'`),
  ];
}

export const RULES = [ownNodes];
