import { containersOf, type HostUses, hostUses } from './host-uses';
import { at, isSet, isTrue, items, type Place } from './place';
import { entries, list, part } from '../kernel/schema/manifest';

/** Levels of the Pod Security Standards with requirements; `restricted` includes `baseline`. */
export type PodSecurityLevel = 'baseline' | 'restricted';

/** A violation of a level. */
export interface PodSecurityViolation {
  /** Field of the pod, such as `spec.containers[0].securityContext.privileged`. */
  readonly path: string;
  readonly got: unknown;
  readonly expected: string;
}

/** The input of a check. */
interface PodView {
  readonly spec: Place;
  readonly annotations: Place;
  readonly containers: readonly Place[];
  readonly host: HostUses;
  /** Minor version of Kubernetes that decides the standard. */
  readonly minor: number;
  readonly windows: boolean;
  /** From Kubernetes 1.35 on, a pod with its own user namespace may do more. */
  readonly userNamespace: boolean;
}

type Check = (pod: PodView) => readonly Place[];

/** The checks of one level, each with the accepted values. */
type Standard = ReadonlyArray<readonly [expected: string | ((pod: PodView) => string), check: Check]>;

/** Allowed by `baseline`: the defaults of container runtimes. */
export const BASELINE_CAPABILITIES = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
] as const;

/** Sysctls, by the minor version that allowed them. */
const SYSCTLS: ReadonlyArray<readonly [minor: number, names: readonly string[]]> = [
  [
    0,
    [
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_port_range',
      'net.ipv4.ip_local_reserved_ports',
      'net.ipv4.ip_unprivileged_port_start',
      'net.ipv4.ping_group_range',
      'net.ipv4.tcp_fin_timeout',
      'net.ipv4.tcp_keepalive_intvl',
      'net.ipv4.tcp_keepalive_probes',
      'net.ipv4.tcp_keepalive_time',
      'net.ipv4.tcp_syncookies',
    ],
  ],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
  [37, ['net.ipv4.tcp_notsent_lowat', 'net.ipv4.tcp_slow_start_after_idle']],
];

const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

const SELINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
const APP_ARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
const PROBES = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
];

const BASELINE: Standard = [
  ['no process of the host', (pod) => securityContexts(pod, 'windowsOptions', 'hostProcess').filter(isTrue)],
  ['no namespace of the host', ({ host }) => host.namespaces],
  [
    'an unprivileged container',
    ({ host }) => host.privileged.map((container) => at(container, 'securityContext', 'privileged')),
  ],
  [
    `at most ${BASELINE_CAPABILITIES.join(', ')}`,
    (pod) =>
      perContainer(pod, 'securityContext', 'capabilities', 'add')
        .flatMap(items)
        .filter(({ value }) => !isOneOf(value, BASELINE_CAPABILITIES)),
  ],
  ['no volume of the host', ({ host }) => host.paths],
  ['no port of the host', ({ host }) => host.ports],
  ['no other host', (pod) => (pod.minor < 34 ? [] : hostsOfHandlers(pod))],
  [
    'RuntimeDefault or Localhost',
    (pod) => securityContexts(pod, 'appArmorProfile', 'type').filter((type) => isSet(type) && !isProfile(type)),
  ],
  [
    'runtime/default or localhost/*',
    ({ annotations }) =>
      fieldsOf(annotations).filter(
        ({ key, value }) =>
          key.startsWith(APP_ARMOR_ANNOTATION) && !/^(runtime\/default|localhost\/.*)?$/.test(String(value)),
      ),
  ],
  [
    'a type of containers',
    (pod) =>
      securityContexts(pod, 'seLinuxOptions', 'type').filter(
        (type) =>
          isSet(type) &&
          !isOneOf(type.value, pod.minor < 31 ? SELINUX_TYPES : [...SELINUX_TYPES, 'container_engine_t']),
      ),
  ],
  [
    'no user and no role of SELinux',
    (pod) =>
      ['user', 'role']
        .flatMap((field) => securityContexts(pod, 'seLinuxOptions', field))
        .filter((name) => isSet(name) && name.value !== ''),
  ],
  ['Default', (pod) => (pod.userNamespace ? [] : unusualProcMounts(pod))],
  [
    'RuntimeDefault or Localhost',
    (pod) => securityContexts(pod, 'seccompProfile', 'type').filter((type) => isSet(type) && !isProfile(type)),
  ],
  [
    ({ minor }) => `one of ${sysctlsAt(minor).join(', ')}`,
    ({ spec, minor }) =>
      items(at(spec, 'securityContext', 'sysctls'))
        .map((sysctl) => at(sysctl, 'name'))
        .filter(({ value }) => !isOneOf(value, sysctlsAt(minor))),
  ],
];

const RESTRICTED: Standard = [
  [
    `a volume of type ${VOLUMES.join(', ')}`,
    // a volume without a type is an emptyDir
    ({ spec }) =>
      volumesOf(spec).filter(({ value }) => entries(value).some(([key]) => key !== 'name' && !VOLUMES.includes(key))),
  ],
  [
    'false',
    (pod) =>
      pod.windows
        ? []
        : perContainer(pod, 'securityContext', 'allowPrivilegeEscalation').filter(({ value }) => value !== false),
  ],
  ['true', (pod) => (pod.userNamespace ? [] : runsAsRoot(pod))],
  [
    'a user other than 0',
    (pod) => (pod.userNamespace ? [] : securityContexts(pod, 'runAsUser').filter(({ value }) => value === 0)),
  ],
  ['Default', (pod) => (pod.userNamespace ? unusualProcMounts(pod) : [])],
  ['RuntimeDefault or Localhost', (pod) => (pod.windows ? [] : withoutSeccomp(pod))],
  [
    "drop: ['ALL']",
    (pod) =>
      pod.windows
        ? []
        : perContainer(pod, 'securityContext', 'capabilities', 'drop').filter(
            ({ value }) => !list(value).includes('ALL'),
          ),
  ],
  [
    'at most NET_BIND_SERVICE',
    (pod) =>
      pod.windows
        ? []
        : perContainer(pod, 'securityContext', 'capabilities', 'add')
            .flatMap(items)
            .filter(({ value }) => value !== 'NET_BIND_SERVICE'),
  ],
];

/**
 * Violations that keep a pod out of a namespace of that level. The checks are those of the admission controller, for
 * Kubernetes 1.30 and newer.
 *
 * `pod` is a pod or a pod template.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function podSecurityViolations(pod: unknown, level: PodSecurityLevel, minor: number): PodSecurityViolation[] {
  const spec = { path: 'spec', value: part(pod, 'spec') };
  const view: PodView = {
    spec,
    annotations: { path: 'metadata.annotations', value: part(pod, 'metadata', 'annotations') },
    containers: containersOf(spec),
    host: hostUses(spec),
    minor,
    windows: part(spec.value, 'os', 'name') === 'windows',
    userNamespace: minor >= 35 && part(spec.value, 'hostUsers') === false,
  };
  const standard = level === 'baseline' ? BASELINE : [...BASELINE, ...RESTRICTED];
  return standard.flatMap(([expected, check]) =>
    check(view).map(({ path, value }) => ({
      path,
      got: value,
      expected: typeof expected === 'string' ? expected : expected(view),
    })),
  );
}

function runsAsRoot(pod: PodView): Place[] {
  const ofPod = at(pod.spec, 'securityContext', 'runAsNonRoot');
  const ofContainers = perContainer(pod, 'securityContext', 'runAsNonRoot');
  const refused = [ofPod, ...ofContainers].filter(({ value }) => value === false);
  return refused.length > 0 || ofPod.value === true ? refused : ofContainers.filter(({ value }) => value !== true);
}

function withoutSeccomp(pod: PodView): Place[] {
  if (isProfile(at(pod.spec, 'securityContext', 'seccompProfile', 'type'))) return [];
  return perContainer(pod, 'securityContext', 'seccompProfile', 'type').filter((type) => !isSet(type));
}

function unusualProcMounts(pod: PodView): Place[] {
  return perContainer(pod, 'securityContext', 'procMount').filter((type) => isSet(type) && type.value !== 'Default');
}

function hostsOfHandlers({ containers }: PodView): Place[] {
  return containers
    .flatMap((container) =>
      PROBES.flatMap((handler) => ['httpGet', 'tcpSocket'].map((type) => at(container, ...handler, type, 'host'))),
    )
    .filter((host) => isSet(host) && host.value !== '');
}

function sysctlsAt(minor: number): string[] {
  return SYSCTLS.flatMap(([since, names]) => (since <= minor ? names : []));
}

/** A field of the security contexts of the pod and of its containers. */
function securityContexts(pod: PodView, ...field: readonly string[]): Place[] {
  return [at(pod.spec, 'securityContext', ...field), ...perContainer(pod, 'securityContext', ...field)];
}

function perContainer({ containers }: PodView, ...field: readonly string[]): Place[] {
  return containers.map((container) => at(container, ...field));
}

function volumesOf(spec: Place): Place[] {
  return items(at(spec, 'volumes'));
}

function fieldsOf({ path, value }: Place): Array<Place & { readonly key: string }> {
  return entries(value).map(([key, entry]) => ({ key, path: `${path}['${key}']`, value: entry }));
}

function isOneOf(value: unknown, allowed: readonly string[]): boolean {
  return typeof value === 'string' && allowed.includes(value);
}

function isProfile({ value }: Place): boolean {
  return value === 'RuntimeDefault' || value === 'Localhost';
}
