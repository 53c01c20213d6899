import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ExceptionSettings } from './read-exceptions';
import { emit } from '../../kernel/emit/emission';
import type { Problems } from '../../kernel/findings/problems';
import { warn } from '../../kernel/findings/warnings';
import { namespaceOf } from '../../kernel/model/names';
import { claimNamespace, notePower } from '../../kernel/model/namespace-facts';
import { type PortSettings, refusePrivilegedPort } from '../../network/ports';
import type { ContainerBaseProps, PodWide } from '../../pod/container';
import { isStrict } from '../../pod/placement';
import { podSecurityLabels } from '../../tenancy/pod-security';
import { ownNamespace } from '../../tenancy/reserved-names';
import type { WorkloadSite } from '../../workload/plan';
import type { PodWorkloadProps } from '../../workload/workload-props';

/** Warns of what the namespace admits. */
export function warnOfExceptions(owner: Construct, { names, level }: ExceptionSettings): void {
  if (names.length === 0) return;
  const got = names.join(', ');
  warn(owner, {
    rule: 'privileged/exceptions',
    prop: 'exceptions',
    got,
    expected: 'no exceptions to Pod Security',
    text: `exceptions: ${got}. The namespace admits pods of level '${level}'`,
  });
}

/** Mounts the host paths into the main container. */
export function mountPaths(
  {
    mounting,
    pod: {
      containers: [main],
    },
  }: WorkloadSite,
  { paths }: ExceptionSettings,
): void {
  for (const { path, mountPath, type, writable } of paths) {
    mounting.addOwn(
      mountPath,
      `host${path.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`.replace(/-$/, ''),
      { hostPath: { path, type } },
      main.name,
      !writable,
    );
  }
}

/**
 * Refuses low ports that the process cannot open. The container runtime opens them to root in the network of a pod; on
 * the host network, root needs a capability. The first `listed` ports are those of the prop `ports`.
 *
 * @see https://man7.org/linux/man-pages/man7/capabilities.7.html
 */
export function refuseLowPorts(
  ports: readonly PortSettings[],
  listed: number,
  podWide: PodWide,
  { host, privileges: { root, privileged, capabilities } }: ExceptionSettings,
  problems: Problems,
): void {
  const binds = root && (privileged || !host.network || capabilities.includes('NET_BIND_SERVICE'));
  if (binds) return;
  ports.forEach(({ port }, index) => {
    const prop = index < listed ? `ports[${index}].port` : 'metricsPort';
    if (!root) {
      refusePrivilegedPort(port, podWide, problems, prop, 'use another port, or add PrivilegedException.rootUser(...)');
    } else if (port < 1024) {
      problems.refuse(prop, port, 'a port from 1024 up', {
        rule: 'workload/privileged-port',
        fix:
          'On the host network, even root needs a capability for it: use another port, ' +
          "or add PrivilegedException.capabilities(['NET_BIND_SERVICE'], ...)",
      });
    }
  });
}

/** Refuses props that contradict the exceptions or the controller. */
export function refuseContradictions(
  { owner, read, pod }: WorkloadSite<PodWorkloadProps & ContainerBaseProps>,
  { host, privileges, paths }: ExceptionSettings,
  replicas: number | undefined,
): void {
  if (privileges.root && read.has('user')) {
    read.refuse('user', read.raw('user'), "none with the exception 'rootUser'", {
      rule: 'props/conflict',
      fix: 'Remove one of the two',
    });
  }
  if (replicas === undefined && isStrict(pod.placement)) {
    read.refuse('spread', pod.placement.spread, 'none for a DaemonSet', {
      rule: 'props/conflict',
      fix: 'Remove it: it has one pod on each node',
    });
  }
  if (replicas === undefined && read.has('holdsNode')) {
    read.refuse('holdsNode', read.raw('holdsNode'), 'none for a DaemonSet', {
      rule: 'props/conflict',
      fix: 'Remove it: a pod on each node would hold them all',
    });
  }
  if (host.network) {
    if (read.raw('egress') === 'declared') {
      read.refuse('egress', 'declared', "'open' on the host network", {
        rule: 'props/conflict',
        fix: 'Remove it: network policies do not apply there',
      });
    }
    warn(owner, {
      rule: 'privileged/host-network',
      prop: 'exceptions',
      got: 'the host network',
      expected: 'pods with their own addresses',
      text:
        'exceptions: network policies do not apply on the host network: its ports are open to all ' +
        'that can reach the node. Let the process authenticate its clients',
    });
  }
  const sandboxed = pod.placement.runtimeClassName !== undefined;
  if (sandboxed && (host.network || host.processes || privileges.privileged || paths.length > 0)) {
    warn(owner, {
      rule: 'privileged/sandbox',
      prop: 'runtimeClass',
      got: 'a sandbox, and exceptions that open the node',
      expected: 'one of the two',
      text:
        'runtimeClass: a sandbox isolates pods from the node, and these exceptions give access to it. Many sandboxes ' +
        "refuse such pods: remove 'runtimeClass' or the exceptions",
    });
  }
}

/** Writes the namespace of the chart, with the level that the exceptions need. */
export function emitNamespace(
  { owner, labels, problems }: WorkloadSite,
  { level, annotations }: ExceptionSettings,
): ApiObject {
  const hint = { fix: "Give its chart its own namespace: 'namespace' of the Chart", practice: 'CH10-35' };
  const name =
    ownNamespace.read(namespaceOf(owner), (given, expected) =>
      problems.refuse('namespace', given, expected, { rule: 'privileged/namespace', ...hint }),
    ) ?? `invalid-${owner.node.addr.slice(0, 10)}`;
  claimNamespace(owner, { name, use: 'privileged' });
  if (level === 'privileged') {
    notePower({ owner, name, power: 'can become root on the nodes: Pod Security admits everything there (CH10-35)' });
  }
  return emit(owner, 'Namespace', {
    apiVersion: 'v1',
    kind: 'Namespace',
    clusterScoped: true,
    metadata: { name, labels: { ...labels, ...podSecurityLabels(owner, level, level) }, annotations },
  });
}
