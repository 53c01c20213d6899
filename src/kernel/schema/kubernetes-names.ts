/*
 * Names that callers know from Kubernetes, from cdk8s-plus or from charts of Helm, and what takes their place here. A
 * block refuses a prop of such a name with what to write instead.
 */

/** What takes the place of a name. Of several, the first counts whose prop, or whose neighbour, the block offers. */
export interface Way {
  /** The prop to use. */
  readonly prop?: string;
  /** A prop that tells the blocks to which the way is open. */
  readonly beside?: string;
  /** What to write; without it, `Use '<prop>'`. */
  readonly say?: string;
  /** The guide that explains a way without a prop. */
  readonly guide?: string;
}

/** Props that tell what a block is. */
const PODS = 'podLabels';
const CONTAINER = 'writablePaths';
const DEPLOYED = 'progressDeadline';
const SERVICE = 'trafficDistribution';
const SECRET = 'keys';
const REDIS = 'fsync';

const ofProp = (prop: string, say?: string): Way => ({ prop, ...(say === undefined ? {} : { say }) });

/** A field of the object that no prop sets. */
function patch(beside: string, path: string): Way {
  return {
    beside,
    say: `No prop sets it. Patch the object: ApiObject.of(block).addJsonPatch(JsonPatch.add('${path}', value))`,
    guide: 'docs/cdk8s-plus.md',
  };
}

/** A field of pods that no prop sets. */
function ofPods(field: string): Way[] {
  return [
    patch('schedule', `/spec/jobTemplate/spec/template/spec/${field}`),
    patch(PODS, `/spec/template/spec/${field}`),
  ];
}

/** A field of the main container that no prop sets. */
function ofMain(field: string): Way[] {
  return ofPods(`containers/0/${field}`);
}

const privileged = (factory: string): Way[] => [
  {
    beside: PODS,
    say: `Use PrivilegedWorkload with PrivilegedException.${factory}, in a namespace of its own`,
    guide: 'docs/privileged-workloads.md',
  },
];
const MOUNT: Way[] = [
  {
    beside: PODS,
    say: 'Call mount(...) or mountSecret(...) of the workload',
    guide: 'docs/configuration.md',
  },
  {
    beside: CONTAINER,
    say: "Call mount(...) or mountSecret(...) of the workload, with the container's name in 'containers'",
    guide: 'docs/configuration.md',
  },
];
const ENV_FROM: Way[] = [
  { beside: PODS, say: 'Call addEnvFrom(...) of the workload', guide: 'docs/configuration.md' },
  ofProp('env', "Use 'env': addEnvFrom(...) of the workload takes 'containers'"),
];
const SECURITY: Way[] = [
  { beside: CONTAINER, prop: 'user', say: "The block sets it. Only 'user' and 'writablePaths' can be changed" },
  ofProp('user', "The block sets it. Only 'user' can be changed"),
];
const ACCOUNT: Way[] = [
  {
    beside: PODS,
    say: "The workload creates its own ServiceAccount: grant the rights to its 'serviceAccount'",
    guide: 'docs/access.md',
  },
];
const EXPOSED: Way[] = [
  {
    beside: SERVICE,
    say: 'The Service is for the cluster. For clients outside, add an ExposedService',
    guide: 'docs/exposure.md',
  },
];
const ROUTED: Way[] = [
  { beside: PODS, say: 'Add an HttpRouting, with the block as backend of a route', guide: 'docs/routing.md' },
];
const NAMESPACE: Way[] = [
  { beside: 'podSecurity', prop: 'name' },
  {
    beside: 'labels',
    say: "The chart has it: a Chart with namespace: 'shop'",
    guide: 'docs/namespaces.md',
  },
];
const POLICY: Way[] = [
  ofProp('defaultDeny'),
  {
    prop: 'egressTo',
    beside: 'egress',
    say: "Connections make it: call connectTo(...) or allowFrom(...), and use 'egress' and 'egressTo'",
  },
];
const POSITION: Way[] = [ofProp('placeOn', "Use 'placeOn' for nodes, and 'spread' for the pods of this workload")];
const ROLLOUT: Way[] = [
  ofProp('rollout'),
  ofProp('concurrencyPolicy', "Each run uses the new template. Use 'concurrencyPolicy' for runs that overlap"),
  ...['/spec/updateStrategy', '/spec/strategy'].map((path) => patch(REDIS, path)),
];
const AUTOSCALING: Way[] = [ofProp('autoscaling')];
const BUDGET: Way[] = [ofProp('budget')];
const PORTS: Way[] = [
  ofProp('extraPorts', "Use 'port' for the main one, and 'extraPorts' for others"),
  ofProp('metricsPort'),
  ofProp('port'),
];
const PASSWORD: Way[] = [
  ofProp('password', "Use 'password': a SecretKeyRef with secret: SecretRef.named('redis-passwd'), key: 'passwd'"),
];
const STORAGE: Way[] = [
  { prop: 'claims', beside: PODS, say: "Use 'claims', such as one with path: '/data', size: Size.gibibytes(10)" },
  ofProp('storage', "Use 'storage', such as Size.gibibytes(10)"),
  ...MOUNT,
];
const RESOURCES: Way[] = [
  ofProp('maxMemory', "Use 'cpu' and 'maxMemory': requests and limits follow"),
  ofProp('cpuLimit', "Use 'cpu' and 'memory' for requests, 'cpuLimit' and 'memoryLimit' for limits"),
  ofProp('resources', "Use 'resources': Resources.of(...) with cpu: Cpu.millis(100), memory: Size.mebibytes(128)"),
];
const HISTORY: Way[] = [ofProp('successfulRunsKept', "Use 'successfulRunsKept' and 'failedRunsKept'")];
const OWN_SECRET: Way[] = [
  {
    beside: SECRET,
    say: 'Create the Secret outside of the app: kubectl create secret generic. The block names it alone',
    guide: 'docs/configuration.md',
  },
];

export const KUBERNETES_NAMES: Readonly<Record<string, readonly Way[]>> = {
  // pods
  activeDeadlineSeconds: [ofProp('activeDeadline')],
  affinity: POSITION,
  automountServiceAccountToken: [ofProp('serviceAccountToken')],
  containers: [
    ofProp('sidecars', "The main container is the block itself; others are 'sidecars' and 'initContainers'"),
  ],
  dnsConfig: ofPods('dnsConfig'),
  dnsPolicy: ofPods('dnsPolicy'),
  enableServiceLinks: [
    ofProp('env', "It is false, so that no variable overwrites yours. Write those you need in 'env'"),
  ],
  fsGroup: ofPods('securityContext/fsGroup'),
  hostAliases: ofPods('hostAliases'),
  hostIPC: privileged('hostProcesses(...)'),
  hostNetwork: privileged('hostNetwork(...)'),
  hostUsers: [ofProp('userNamespace', "Use 'userNamespace', which is true where hostUsers is false")],
  hostPID: privileged('hostProcesses(...)'),
  hostPath: privileged('hostPath(...)'),
  imagePullSecrets: [ofProp('pullSecrets')],
  nodeAffinity: POSITION,
  nodeName: [ofProp('nodeSelector', "Use 'nodeSelector', such as { 'kubernetes.io/hostname': 'node-1' }")],
  podAffinity: POSITION,
  podAntiAffinity: POSITION,
  podSecurityContext: SECURITY,
  readinessGates: ofPods('readinessGates'),
  restartPolicy: [
    { beside: DEPLOYED, say: 'Pods are always restarted. For work that ends, use Job', guide: 'docs/jobs.md' },
    { beside: PODS, say: 'Pods are always restarted. For work that ends, use Job', guide: 'docs/jobs.md' },
  ],
  schedulerName: ofPods('schedulerName'),
  securityContext: SECURITY,
  serviceAccount: ACCOUNT,
  serviceAccountName: ACCOUNT,
  shareProcessNamespace: ofPods('shareProcessNamespace'),
  subdomain: ofPods('subdomain'),
  terminationGracePeriodSeconds: [ofProp('terminationGracePeriod')],
  topologySpreadConstraints: [ofProp('spread')],
  volumes: MOUNT,
  // containers
  allowPrivilegeEscalation: SECURITY,
  capabilities: privileged('capabilities(...)'),
  containerPort: PORTS,
  entrypoint: [ofProp('command')],
  envFrom: ENV_FROM,
  envVariables: [ofProp('env')],
  imagePullPolicy: [ofProp('pullPolicy')],
  lifecycle: [
    {
      prop: 'drain',
      beside: 'preStop',
      say: "Use 'drain', how long a stopping pod keeps serving, and 'preStop' for a hook of your own",
    },
    ofProp('preStop', "Use 'preStop': what the kubelet does before it stops the container"),
    ofProp('drain', "Use 'drain': how long a stopping pod keeps serving"),
    ...ofMain('lifecycle'),
  ],
  limits: RESOURCES,
  livenessProbe: [ofProp('liveness')],
  ports: PORTS,
  portNumber: PORTS,
  preStop: [ofProp('drain', "Use 'drain': how long a stopping pod keeps serving"), ...ofMain('lifecycle')],
  privileged: privileged('privileged(...)'),
  readOnlyRootFilesystem: [ofProp('writablePaths', "It is true. Name what must be writable in 'writablePaths'")],
  readinessProbe: [ofProp('readiness'), ofProp('liveness', "Nothing is sent to these pods. Use 'liveness'")],
  requests: RESOURCES,
  resources: RESOURCES,
  runAsGroup: SECURITY,
  runAsNonRoot: SECURITY,
  runAsUser: SECURITY,
  startupProbe: [ofProp('startup'), ofProp('startupTimeout')],
  stdin: ofMain('stdin'),
  terminationMessagePath: ofMain('terminationMessagePath'),
  terminationMessagePolicy: ofMain('terminationMessagePolicy'),
  tty: ofMain('tty'),
  volumeDevices: ofMain('volumeDevices'),
  volumeMounts: MOUNT,
  workingDir: ofMain('workingDir'),
  // probes
  initialDelaySeconds: [ofProp('initialDelay')],
  periodSeconds: [ofProp('period')],
  timeoutSeconds: [ofProp('timeout')],
  // Deployments and StatefulSets
  matchLabels: [ofProp('name', "The selector is the name: use 'name'")],
  minReadySeconds: [ofProp('minReady')],
  maxSurge: ROLLOUT,
  partition: ROLLOUT,
  persistentVolumeClaimRetentionPolicy: [ofProp('claimRetention')],
  podManagementPolicy: [ofProp('start'), patch(REDIS, '/spec/podManagementPolicy')],
  progressDeadlineSeconds: [ofProp('progressDeadline')],
  revisionHistoryLimit: [ofProp('revisionHistory')],
  rollingUpdate: ROLLOUT,
  selector: [ofProp('name', "The selector is the name: use 'name'")],
  strategy: ROLLOUT,
  template: [ofProp(PODS, "The block writes it. Of it, 'podLabels' and 'podAnnotations' are yours")],
  updateStrategy: ROLLOUT,
  volumeClaimTemplates: STORAGE,
  // Jobs and CronJobs
  completionMode: [ofProp('indexed')],
  cron: [ofProp('schedule')],
  failedJobsHistoryLimit: [ofProp('failedRunsKept'), ...HISTORY],
  jobTemplate: [
    ofProp('activeDeadline', "The block writes it. Its fields are props, such as 'activeDeadline' and 'backoffLimit'"),
  ],
  podFailurePolicy: [ofProp('fatalExitCodes')],
  restartPolicyRules: [ofProp('restartInPlace')],
  startingDeadlineSeconds: [ofProp('startingDeadline')],
  successfulJobsHistoryLimit: HISTORY,
  timezone: [ofProp('timeZone')],
  ttl: [ofProp('ttlAfterFinished')],
  ttlSecondsAfterFinished: [ofProp('ttlAfterFinished')],
  // Services
  clusterIP: [
    ofProp('headless', "Use 'headless' for a name with the addresses of the pods"),
    patch(SERVICE, '/spec/clusterIP'),
  ],
  externalIPs: EXPOSED,
  externalTrafficPolicy: EXPOSED,
  ipFamilyPolicy: [ofProp('dualStack')],
  loadBalancerClass: EXPOSED,
  loadBalancerIP: EXPOSED,
  loadBalancerSourceRanges: EXPOSED,
  nodePort: EXPOSED,
  publishNotReadyAddresses: [patch(SERVICE, '/spec/publishNotReadyAddresses')],
  serviceType: [{ beside: PODS, say: 'For clients outside, add an ExposedService', guide: 'docs/exposure.md' }],
  targetPort: [ofProp('port')],
  type: EXPOSED,
  // autoscalers and budgets
  averageUtilization: [ofProp('target')],
  behavior: [ofProp('scaleDownStabilization')],
  horizontalPodAutoscaler: AUTOSCALING,
  hpa: AUTOSCALING,
  maxReplicas: [...AUTOSCALING, ofProp('max')],
  maxUnavailable: BUDGET,
  minAvailable: BUDGET,
  minReplicas: [...AUTOSCALING, ofProp('min')],
  pdb: BUDGET,
  podDisruptionBudget: BUDGET,
  targetCPUUtilizationPercentage: [...AUTOSCALING, ofProp('target')],
  // Ingresses
  hosts: [ofProp('host', "Use 'host': one block for each host")],
  ingress: ROUTED,
  ingressClassName: [
    ofProp('controller', "Use 'controller': IngressController.inNamespace('traefik') with className: 'traefik'"),
  ],
  className: [
    ofProp('controller', "Use 'controller': IngressController.inNamespace('traefik') with className: 'traefik'"),
  ],
  paths: [ofProp('routes')],
  rules: [ofProp('routes')],
  service: [ofProp('backend')],
  serviceName: [
    ofProp('backend'),
    {
      beside: 'claimRetention',
      say: 'The StatefulService writes the headless Service: call memberHosts(...) for its names',
      guide: 'docs/stateful.md',
    },
  ],
  // routes of the Gateway API
  backendRefs: [ofProp('backend')],
  filters: [ofProp('routes', "Use 'routes': filters are props of a route")],
  gatewayClassName: [
    ofProp('controller', "Use 'controller': GatewayController.inNamespace('traefik') with className: 'traefik'"),
  ],
  hostnames: [ofProp('host', "Use 'host': one block for each host")],
  parentRefs: [ofProp('controller', "Use 'controller': a Gateway, or a GatewayController that names an existing one")],
  // ConfigMaps and Secrets
  binaryData: [ofProp('files')],
  immutable: [ofProp('reload', "Use 'reload': with 'version', the ConfigMap is immutable")],
  data: OWN_SECRET,
  stringData: OWN_SECRET,
  // any object
  metadata: [
    { prop: 'annotations', beside: 'labels', say: "Use 'name', 'labels' and 'annotations'" },
    ofProp('labels', "Use 'name' and 'labels'"),
  ],
  namespace: NAMESPACE,
  networkPolicy: POLICY,
  podMetadata: [ofProp(PODS, "Use 'podLabels' and 'podAnnotations'")],
  spec: [ofProp('name', "The block writes it. Its fields are props beside 'name'")],
  // namespaces
  limitRanges: [ofProp('limitRange')],
  resourceQuota: [ofProp('quota')],
  // charts of Helm, among them those of Redis
  appendfsync: [ofProp('fsync')],
  appendonly: [ofProp('fsync')],
  architecture: [ofProp('replicas', "Use 'replicas': one primary, the others replicate it")],
  auth: PASSWORD,
  dockerRegistryAuth: [ofProp('pullSecrets')],
  existingSecret: PASSWORD,
  extraContainers: [ofProp('sidecars')],
  extraEnv: [ofProp('env')],
  extraEnvVars: [ofProp('env')],
  extraVolumeMounts: MOUNT,
  extraVolumes: MOUNT,
  fullnameOverride: [ofProp('name')],
  master: [ofProp('replicas', "All members have the same props; 'replicas' is how many there are")],
  maxmemory: [ofProp('maxMemory')],
  maxmemoryPolicy: [ofProp('evictionPolicy')],
  metrics: [ofProp('target'), ofProp('sidecars', "Add an exporter to 'sidecars'")],
  nameOverride: [ofProp('name')],
  persistence: STORAGE,
  replicaCount: [ofProp('replicas'), ofProp('parallelism')],
  storageClass: [ofProp('storageClassName')],
  volumeAttributesClass: [ofProp('volumeAttributesClassName')],
};

/** What to write in place of a prop of that name, in a block with these props; nothing where nobody knows. */
export function replacementOf(name: string, offered: readonly string[]): string | undefined {
  const ways = Object.hasOwn(KUBERNETES_NAMES, name) ? KUBERNETES_NAMES[name] : [];
  const way = ways.find(({ prop, beside }) =>
    [prop, beside].every((each) => each === undefined || offered.includes(each)),
  );
  return way && (way.say ?? `Use '${way.prop}'`);
}
