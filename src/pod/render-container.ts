import type {
  Container,
  ContainerPort,
  ContainerResizePolicy,
  EnvFromSource,
  EnvVar,
  HTTPGetAction,
  Lifecycle,
  Probe,
  ResourceRequirements,
  SecurityContext,
  VolumeMount,
} from 'kubernetes-types/core/v1';
import type { ContainerSettings } from './container';
import type { EnvFromSettings, EnvSettings } from './env';
import type { HttpAction } from './handler';
import type { ProbeAction, ProbeSettings } from './probe';
import type { Amount, ResourceSettings } from './resources';
import type { Privileges, User } from './security';
import type { MountSettings } from './volumes';
import { inOrder } from '../kubernetes/expansion';
import { bytesQuantity, cpuQuantity } from '../kubernetes/quantity';
import type { PortSettings } from '../network/ports';

export function renderContainer(settings: ContainerSettings): Container {
  return {
    name: settings.name,
    image: settings.image,
    imagePullPolicy: settings.pullPolicy,
    ...renderRestart(settings),
    command: settings.command.length > 0 ? [...settings.command] : undefined,
    args: settings.args.length > 0 ? [...settings.args] : undefined,
    ports: settings.ports.length > 0 ? settings.ports.map(renderPort) : undefined,
    env: renderEnv(settings.env, settings.envFrom),
    envFrom: renderEnvFrom(settings.envFrom),
    resources: renderResources(settings),
    resizePolicy: renderResize(settings.resources),
    startupProbe: renderProbe(settings.probes.startup),
    readinessProbe: renderProbe(settings.probes.readiness),
    livenessProbe: renderProbe(settings.probes.liveness),
    lifecycle: renderLifecycle(settings),
    securityContext: containerSecurity(settings.user, settings.privileges),
    // a container that fails leaves its last lines in its status: the pod, and with it the log, is soon gone
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: settings.mounts.map(renderMount),
  };
}

/** `restartPolicyRules` needs Kubernetes 1.35, newer than kubernetes-types. */
function renderRestart({ role, restart }: ContainerSettings): object {
  if (role === 'sidecar') return { restartPolicy: 'Always' };
  if (restart === undefined) return {};
  const exitCodes = { operator: 'In', values: [...restart.exitCodes] };
  return { restartPolicy: 'Never', restartPolicyRules: [{ action: restart.action, exitCodes }] };
}

/** The kubelet waits itself, unless a command must run besides: a container has one handler. */
function renderLifecycle({ drain, hook }: ContainerSettings): Lifecycle | undefined {
  if (hook === undefined) return drain > 0 ? { preStop: { sleep: { seconds: drain } } } : undefined;
  const { action } = hook;
  if (action.kind === 'httpGet') return { preStop: { httpGet: renderRequest(action) } };
  if (drain === 0) return { preStop: { exec: { command: [...action.command] } } };
  // the words of the command are parameters, which the shell does not read
  const script = action.first ? `"$@"; status=$?; sleep ${drain}; exit $status` : `sleep ${drain}; exec "$@"`;
  return { preStop: { exec: { command: ['sh', '-c', script, 'preStop', ...action.command] } } };
}

function renderEnv(env: readonly EnvSettings[], envFrom: readonly EnvFromSettings[]): EnvVar[] | undefined {
  if (env.length === 0) return undefined;
  // a source in wire format from cdk8s-plus
  return inOrder(env, envFrom).ordered.map(({ name, value, source }) =>
    source ? { name, valueFrom: source } : { name, value },
  );
}

function renderEnvFrom(envFrom: readonly EnvFromSettings[]): EnvFromSource[] | undefined {
  return envFrom.length === 0 ? undefined : envFrom.map(({ source }) => source as EnvFromSource);
}

function renderPort({ name, port, protocol }: PortSettings): ContainerPort {
  return { name, containerPort: port, protocol };
}

function renderProbe(settings: ProbeSettings | undefined): Probe | undefined {
  if (settings === undefined) return undefined;
  return {
    initialDelaySeconds: settings.initialDelay > 0 ? settings.initialDelay : undefined,
    periodSeconds: settings.period,
    timeoutSeconds: settings.timeout,
    failureThreshold: settings.failureThreshold,
    ...renderAction(settings.action),
  };
}

function renderAction(action: ProbeAction): Probe {
  switch (action.kind) {
    case 'httpGet':
      return { httpGet: renderRequest(action) };
    case 'tcpSocket':
      return { tcpSocket: { port: action.port } };
    case 'grpc':
      return { grpc: { port: action.port, service: action.service } };
    case 'exec':
      return { exec: { command: [...action.command] } };
  }
}

function renderRequest({ path, port, scheme, headers }: HttpAction): HTTPGetAction {
  const httpHeaders = Object.entries(headers).map(([name, value]) => ({ name, value }));
  return { path, port, scheme, httpHeaders: httpHeaders.length > 0 ? httpHeaders : undefined };
}

function renderResources({ name, resources }: ContainerSettings): ResourceRequirements | undefined {
  const { extended, devices } = resources;
  const { requests, limits } = renderAmounts(resources);
  for (const [resource, count] of Object.entries(extended ?? {})) {
    requests[resource] = String(count);
    limits[resource] = String(count);
  }
  // the claim of the pod has the name of the container
  if (devices !== undefined) return { requests, limits, claims: [{ name }] };
  return Object.keys(requests).length === 0 ? undefined : { requests, limits };
}

type Quantities = Record<string, string>;

/** CPU, memory and disk, of a container or of a pod. */
export function renderAmounts(settings: Pick<ResourceSettings, 'cpu' | 'memory' | 'ephemeralStorage'>): {
  requests: Quantities;
  limits: Quantities;
} {
  const amounts: Array<[string, Amount | undefined, (value: number) => string]> = [
    ['cpu', settings.cpu, cpuQuantity],
    ['memory', settings.memory, bytesQuantity],
    ['ephemeral-storage', settings.ephemeralStorage, bytesQuantity],
  ];
  const requests: Quantities = {};
  const limits: Quantities = {};
  for (const [name, amount, quantity] of amounts) {
    if (amount === undefined) continue;
    requests[name] = quantity(amount.request);
    if (amount.limit !== undefined) limits[name] = quantity(amount.limit);
  }
  return { requests, limits };
}

function renderResize({ resize }: ResourceSettings): ContainerResizePolicy[] | undefined {
  return (
    resize &&
    (['cpu', 'memory'] as const).flatMap((resourceName) => {
      const restartPolicy = resize[resourceName];
      return restartPolicy === undefined ? [] : [{ resourceName, restartPolicy }];
    })
  );
}

/**
 * Pod Security `restricted` for each container, independent of the pod's context. Only exceptions reduce it. A
 * privileged container has all capabilities and no seccomp profile, whatever is written.
 */
function containerSecurity(
  user: User,
  { capabilities, root, privileged }: Privileges = NO_PRIVILEGES,
): SecurityContext {
  return {
    allowPrivilegeEscalation: privileged,
    capabilities: privileged
      ? undefined
      : { drop: ['ALL'], add: capabilities.length > 0 ? [...capabilities] : undefined },
    privileged,
    readOnlyRootFilesystem: true,
    runAsNonRoot: !root,
    seccompProfile: privileged ? undefined : { type: 'RuntimeDefault' },
    ...(root ? { runAsUser: 0, runAsGroup: 0 } : user === false ? {} : { runAsUser: user, runAsGroup: user }),
  };
}

const NO_PRIVILEGES: Privileges = { capabilities: [], root: false, privileged: false };

function renderMount({ volume, path, subPath, readOnly }: MountSettings): VolumeMount {
  return { name: volume, mountPath: path, subPath, readOnly: readOnly || undefined };
}
