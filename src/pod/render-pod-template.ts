import type {
  PodSecurityContext,
  PodSpec,
  PodTemplateSpec,
  TopologySpreadConstraint,
  Volume,
} from 'kubernetes-types/core/v1';
import { scratchAnnotation } from './node-hold';
import type { PlacementSettings } from './placement';
import type { PodSettings } from './pod-settings';
import { renderAmounts, renderContainer } from './render-container';
import { type HostAccess, UNPRIVILEGED } from './security';
import type { VolumeSettings } from './volumes';
import { identity } from '../kernel/emit/labels';
import { startOrder } from '../kubernetes/pod-size';
import { renderToleration } from '../scheduling/render-toleration';

/** The parts that the controller decides. */
interface ControllerChoice {
  /** The label that distinguishes the revisions of the controller's pods; none if a spread counts them together. */
  readonly revisionLabel:
    'pod-template-hash' | 'controller-revision-hash' | 'batch.kubernetes.io/controller-uid' | undefined;
  readonly restartPolicy?: 'OnFailure' | 'Never';
  /** The most pods of one revision; none where nobody knows. */
  readonly most?: number;
  /** Whether the pods move without loss, so that their scratch volumes need not hold a node. */
  readonly movable?: boolean;
}

/**
 * The one pod template of all workloads.
 *
 * - `enableServiceLinks: false`: otherwise each Service of the namespace adds seven variables to each container.
 */
export function renderPodTemplate(
  pod: PodSettings,
  { revisionLabel, restartPolicy, most, movable = false }: ControllerChoice,
): PodTemplateSpec {
  const ordered = startOrder(pod.containers);
  const initContainers = ordered.filter(({ role }) => role !== 'main').map(renderContainer);
  const { userNamespace, strictGroups } = pod.features();
  const spec: PodSpec = {
    serviceAccountName: pod.name,
    automountServiceAccountToken: pod.mountToken,
    enableServiceLinks: false,
    restartPolicy: restartPolicy ?? 'Always',
    terminationGracePeriodSeconds: pod.graceSeconds,
    ...(userNamespace ? { hostUsers: false } : {}),
    securityContext: podSecurity(pod, strictGroups),
    initContainers: initContainers.length > 0 ? initContainers : undefined,
    containers: ordered.filter(({ role }) => role === 'main').map(renderContainer),
    volumes: pod.volumes.length > 0 ? pod.volumes.map(renderVolume) : undefined,
    dnsConfig: pod.dns && {
      options: [
        { name: 'timeout', value: String(pod.dns.timeoutSeconds) },
        { name: 'attempts', value: String(pod.dns.attempts) },
      ],
    },
    ...renderHostAccess(pod.host),
    ...renderPlacement(pod.nearDevices(pod.placement), pod.name, revisionLabel, most),
    ...renderNewer(pod),
  };
  const scratch = movable ? scratchAnnotation(pod.volumes, pod.annotations) : {};
  const annotations = { ...scratch, ...pod.annotations, ...pod.checksums() };
  return {
    metadata: { labels: pod.labels(), annotations: Object.keys(annotations).length > 0 ? annotations : undefined },
    spec,
  };
}

/** Fields of which `kubernetes-types` has an older form, or none. */
function renderNewer({ deviceClaims, whole }: PodSettings): object {
  const resourceClaims = deviceClaims.map(({ name, template }) => ({ name, resourceClaimTemplateName: template }));
  return {
    ...(whole === undefined ? {} : { resources: renderAmounts(whole) }),
    ...(resourceClaims.length === 0 ? {} : { resourceClaims }),
  };
}

/** On the host network, the kubelet uses the DNS of the node unless told otherwise. */
function renderHostAccess(host: HostAccess | undefined): Partial<PodSpec> {
  return {
    ...(host?.network ? { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' } : {}),
    ...(host?.processes ? { hostPID: true } : {}),
  };
}

/**
 * Pod Security `restricted` for the pod.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
function podSecurity({ user, lowestPort }: PodSettings, strictGroups: boolean): PodSecurityContext {
  return {
    runAsNonRoot: true,
    // the default, Always, visits all files of a volume at each start
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
    ...(strictGroups ? { supplementalGroupsPolicy: 'Strict' } : {}),
    ...(lowestPort < UNPRIVILEGED
      ? { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: String(lowestPort) }] }
      : {}),
    ...(user === false ? {} : { runAsUser: user, runAsGroup: user, fsGroup: user }),
  };
}

function renderVolume({ name, source }: VolumeSettings): Volume {
  return { name, ...source };
}

/** The fields of a pod spec that decide its node. */
function renderPlacement(
  settings: PlacementSettings,
  name: string,
  revisionLabel: string | undefined,
  most: number | undefined,
): Partial<PodSpec> {
  const isAlone = most !== undefined && most < 2;
  return {
    topologySpreadConstraints:
      settings.spread === 'none' || isAlone ? undefined : renderSpread(settings.spread, name, revisionLabel, most),
    nodeSelector: Object.keys(settings.nodeSelector).length === 0 ? undefined : settings.nodeSelector,
    tolerations: settings.tolerations.length === 0 ? undefined : settings.tolerations.map(renderToleration),
    priorityClassName: settings.priorityClassName,
    runtimeClassName: settings.runtimeClassName,
  };
}

/** Nodes that Kubernetes supports in a cluster. */
const MOST_NODES = 5000;

/**
 * - Each revision counts separately (`matchLabelKeys`): old pods do not block new ones.
 * - `hard` ignores cordoned nodes (`nodeTaintsPolicy`): a drained zone does not block the others.
 * - `hosts` wants as many hosts as there can be pods (`minDomains`). While there are fewer, the emptiest counts as one
 *   without pods, so that a skew of 1 is one pod on each. An anti-affinity would do so for all revisions
 *   together, and a rollout on as many nodes as pods would get stuck.
 */
function renderSpread(
  spread: 'soft' | 'hard' | 'hosts',
  name: string,
  revisionLabel: string | undefined,
  most = MOST_NODES,
): TopologySpreadConstraint[] {
  const hosts = { whenUnsatisfiable: 'DoNotSchedule', nodeTaintsPolicy: 'Honor', minDomains: most };
  return ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
    topologyKey,
    maxSkew: 1,
    labelSelector: { matchLabels: identity(name) },
    matchLabelKeys: revisionLabel === undefined ? undefined : [revisionLabel],
    ...(spread === 'hosts' && topologyKey.endsWith('/hostname')
      ? hosts
      : spread !== 'hard'
        ? { whenUnsatisfiable: 'ScheduleAnyway' }
        : {
            whenUnsatisfiable: 'DoNotSchedule',
            nodeTaintsPolicy: 'Honor',
            ...(topologyKey.endsWith('/zone') ? { minDomains: 2 } : {}),
          }),
  }));
}
