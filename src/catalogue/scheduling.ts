import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** A workload that KEDA scales, and one with a metric of its own. */
function kedaBeside(metric: string): string {
  return (
    "const triggers = [ScalingTrigger.cron({ timeZone: 'UTC', start: '0 8 * * *', end: '0 20 * * *', replicas: 4 " +
    '})];\n' +
    "new Worker(chart, 'mailer', { image, liveness: Probe.none(), autoscaling: Autoscaling.onEvents({ min: 0, " +
    'max: 9, triggers }) });\n' +
    "new WebService(chart, 'web', { ...web, autoscaling: Autoscaling.on({ min: 2, max: 4, metrics: [" +
    `${metric}] }) });`
  );
}

function queueIn(server: string): string {
  return (
    `const redis = ${server};\n` +
    "const triggers = [ScalingTrigger.redisList({ server: redis, list: 'mail', length: 10 })];\n" +
    "new Worker(chart, 'mailer', { image, liveness: Probe.none(), autoscaling: Autoscaling.onEvents({ min: 0, " +
    'max: 9, triggers }) }).connectTo(redis);'
  );
}

/** Rules for nodes, priorities and numbers of pods. */
export const SCHEDULING = rules({
  'scaling/blocked-drain': {
    severity: ERROR,
    waivable: true,
    practices: ['B14'],
    title: 'A disruption budget lets at least one pod be evicted',
    reason: 'Nodes could never be drained, and cluster upgrades would hang.',
    fix: 'Write budget: DisruptionBudget.maxUnavailable(1), the default: it is right for any number of replicas',
    bad: "new WebService(chart, 'web', { ...web, replicas: 2, budget: DisruptionBudget.minAvailable(2) });",
    good: "new WebService(chart, 'web', { ...web, replicas: 2, budget: DisruptionBudget.minAvailable(1) });",
  },
  'scaling/cron-window': {
    severity: ERROR,
    practices: [],
    title: 'The starts and ends of a window take turns, and the window changes the number of pods',
    reason:
      'KEDA takes a time for one inside the window if the next end comes before the next start. An end ' +
      'without a start ' +
      'before it keeps the window open.',
    fix: "Restrict 'start' and 'end' to the same days, and choose a number of pods above min and up to max",
    bad:
      "new WebService(chart, 'web', { ...web, autoscaling: Autoscaling.onEvents({ min: 1, max: 9, triggers: [" +
      "ScalingTrigger.cron({ timeZone: 'UTC', start: '0 8 * * 1-5', end: '0 20 * * *', replicas: 4 })] }) });",
    good:
      "new WebService(chart, 'web', { ...web, autoscaling: Autoscaling.onEvents({ min: 1, max: 9, triggers: [" +
      "ScalingTrigger.cron({ timeZone: 'UTC', start: '0 8 * * 1-5', end: '0 20 * * 1-5', replicas: 4 })] }) });",
  },
  'scaling/fallback': {
    severity: ERROR,
    practices: [],
    title: 'A fallback applies to a trigger that can fail, and stays within the maximum',
    reason: 'KEDA refuses a fallback without a trigger of its own metric.',
    fix: "Remove 'fallback', or add a trigger other than cpu and memory",
    bad:
      "new WebService(chart, 'web', { ...web, autoscaling: Autoscaling.onEvents({ min: 2, max: 9, fallback: { " +
      'replicas: 4 }, triggers: [ScalingTrigger.cpu({ target: 80 })] }) });',
    good:
      "new WebService(chart, 'web', { ...web, autoscaling: Autoscaling.onEvents({ min: 2, max: 9, " +
      'triggers: [ScalingTrigger.cpu({ target: 80 })] }) });',
  },
  'scaling/max-below-min': {
    severity: ERROR,
    practices: ['CH08-57'],
    title: 'The maximum of an autoscaler is at least its minimum',
    reason: 'The API server refuses the autoscaler.',
    fix: "Raise 'max' or lower 'min'",
    bad:
      "new WebService(chart, 'web', " + '{ ...web, autoscaling: Autoscaling.onCpu({ min: 5, max: 4, target: 80 }) });',
    good: "new WebService(chart, 'web', { ...web, autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: 80 }) });",
  },
  'scaling/missing-request': {
    severity: ERROR,
    practices: ['CH01-16', 'CH08-60'],
    title: 'Each container requests what the autoscaler measures',
    reason: 'Utilization is a share of the request. Without a request, the autoscaler does nothing.',
    fix: 'Set Resources.of(...) on the container',
    bad:
      "new WebService(chart, 'web', { ...web, resources: Resources.none(), autoscaling: Autoscaling.onCpu({ min: " +
      '2, max: 4, target: 80 }) });',
    good: "new WebService(chart, 'web', { ...web, autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: 80 }) });",
  },
  'scaling/overlapping-windows': {
    severity: WARNING,
    practices: [],
    title: 'The windows of a workload do not overlap',
    reason: 'The larger number applies, whatever the order.',
    fix: 'End one window when the other one starts',
    bad:
      "const cron = (start, end) => ScalingTrigger.cron({ timeZone: 'UTC', start, end, replicas: 4 });\n" +
      "new WebService(chart, 'web', { ...web, autoscaling: Autoscaling.onEvents({ min: 1, max: 9, triggers: [" +
      "cron('0 8 * * *', '0 12 * * *'), cron('0 11 * * *', '0 20 * * *')] }) });",
    good:
      "const cron = (start, end) => ScalingTrigger.cron({ timeZone: 'UTC', start, end, replicas: 4 });\n" +
      "new WebService(chart, 'web', { ...web, autoscaling: Autoscaling.onEvents({ min: 1, max: 9, triggers: [" +
      "cron('0 8 * * *', '0 12 * * *'), cron('0 12 * * *', '0 20 * * *')] }) });",
  },
  'scaling/queue-in-cache': {
    severity: WARNING,
    practices: [],
    title: 'The queue that a trigger measures is not in a cache',
    reason: 'A cache drops keys when its memory is full, and is empty after a restart. No error shows the loss.',
    fix: "Use a Redis with evictionPolicy: 'noeviction', the default",
    bad: queueIn("new RedisCache(chart, 'redis', { password })"),
    good: queueIn("new Redis(chart, 'redis', { storage: Size.gibibytes(10), password })"),
  },
  'scaling/refused-at-zero': {
    severity: WARNING,
    practices: [],
    title: 'Something holds the requests of a service without pods',
    reason: 'The Service refuses connections while no pod runs, and KEDA does not see them.',
    fix: "Write min: 1, or name what holds requests in 'requestsAtZero'",
    bad:
      "new WebService(chart, 'web', { ...web, autoscaling: Autoscaling.onEvents({ min: 0, max: 9, triggers: [" +
      "ScalingTrigger.cron({ timeZone: 'UTC', start: '0 8 * * *', end: '0 20 * * *', replicas: 4 })] }) });",
    good:
      "new WebService(chart, 'web', { ...web, autoscaling: Autoscaling.onEvents({ min: 0, max: 9, requestsAtZero: " +
      "'KEDA HTTP add-on', triggers: [ScalingTrigger.cron({ timeZone: 'UTC', start: '0 8 * * *', end: '0 20 * * *', " +
      'replicas: 4 })] }) });',
  },
  'scaling/reset-replicas': {
    severity: WARNING,
    practices: ['B5'],
    title: 'A foreign workload with an autoscaler states no number of replicas',
    reason: 'Every apply of the YAML would reset the number that the autoscaler has set.',
    fix: "Remove 'spec.replicas' from the workload",
    bad:
      "const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'old' };\n" +
      "new WebService(chart, 'web', web);\n" +
      "new ApiObject(chart, 'old', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'old' }, spec: { " +
      'replicas: 2 } });\n' +
      "new ApiObject(chart, 'hpa', { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', spec: { " +
      'scaleTargetRef, maxReplicas: 4 } });',
    good:
      "const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'old' };\n" +
      "new WebService(chart, 'web', web);\n" +
      "new ApiObject(chart, 'old', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'old' }, spec: {} " +
      '});\n' +
      "new ApiObject(chart, 'hpa', { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', spec: { " +
      'scaleTargetRef, maxReplicas: 4 } });',
  },
  'scaling/short-address': {
    severity: ERROR,
    practices: [],
    title: 'A trigger names a Service with its namespace',
    reason: 'KEDA resolves the name in its own namespace.',
    fix: "Write 'NAME.NAMESPACE.svc', or pass the block as 'server'",
    bad:
      "const redis = new Redis(chart, 'redis', { storage: Size.gibibytes(10), password });\n" +
      "redis.allowFrom(Peer.pods({ namespace: 'keda' }));\n" +
      "new Worker(chart, 'mailer', { image, liveness: Probe.none(), autoscaling: Autoscaling.onEvents({ " +
      'min: 0, max: 9, ' +
      "triggers: [ScalingTrigger.redisList({ address: 'shop-redis:6379', list: 'mail', length: 10, password })] }) })" +
      '.connectTo(redis);',
    good:
      "const redis = new Redis(chart, 'redis', { storage: Size.gibibytes(10), password });\n" +
      "new Worker(chart, 'mailer', { image, liveness: Probe.none(), autoscaling: Autoscaling.onEvents({ " +
      'min: 0, max: 9, ' +
      "triggers: [ScalingTrigger.redisList({ server: redis, list: 'mail', length: 10 })] }) }).connectTo(redis);",
  },
  'scaling/trigger-parameter': {
    severity: ERROR,
    practices: [],
    title: 'A trigger has the parameters that it needs for authentication',
    reason: 'KEDA ignores parameters that it does not know, and cannot measure without those that it needs.',
    fix: 'Write the names of its page on keda.sh',
    bad:
      "const uri = { secret: SecretRef.named('rabbit'), key: 'uri' };\n" +
      "new Worker(chart, 'mailer', { image, liveness: Probe.none(), autoscaling: Autoscaling.onEvents({ " +
      'min: 0, max: 9, ' +
      "triggers: [ScalingTrigger.rabbitMq({ queue: 'mail', length: 10, authentication: " +
      'TriggerAuthentication.secrets({ host: uri, passwd: uri }) })] }) });',
    good:
      "const uri = { secret: SecretRef.named('rabbit'), key: 'uri' };\n" +
      "new Worker(chart, 'mailer', { image, liveness: Probe.none(), autoscaling: Autoscaling.onEvents({ " +
      'min: 0, max: 9, ' +
      "triggers: [ScalingTrigger.rabbitMq({ queue: 'mail', length: 10, authentication: " +
      'TriggerAuthentication.secrets({ host: uri }) })] }) });',
  },
  'scaling/two-autoscalers': {
    severity: ERROR,
    waivable: true,
    practices: ['B5', 'CH08-68'],
    title: 'A workload has one autoscaler for pods and one for requests, which read different resources',
    reason: "Two autoscalers undo each other's changes. KEDA writes its own HorizontalPodAutoscaler.",
    fix: 'Keep one. With a VerticalPodAutoscaler, scale on a resource that it does not set',
    bad:
      "const web2 = new WebService(chart, 'web', { ...web, autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: " +
      '80 }) });\n' +
      "new ApiObject(chart, 'keda', { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', spec: { scaleTargetRef: " +
      '{ name: web2.name } } });',
    good:
      "const web2 = new WebService(chart, 'web', web);\n" +
      "new ApiObject(chart, 'keda', { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', spec: { scaleTargetRef: " +
      '{ name: web2.name } } });',
  },
  'scaling/two-budgets': {
    severity: ERROR,
    waivable: true,
    practices: ['B14'],
    title: 'A pod has one disruption budget',
    reason: 'The eviction API refuses a pod with two budgets, and its node cannot be drained.',
    fix: 'Remove one. Configure the budget of a block with budget: DisruptionBudget.maxUnavailable(1)',
    bad:
      "const { selectorLabels: matchLabels } = new WebService(chart, 'web', web);\n" +
      "new ApiObject(chart, 'pdb', { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', spec: { maxUnavailable: " +
      '1, selector: { matchLabels } } });',
    good: "new WebService(chart, 'web', { ...web, budget: DisruptionBudget.maxUnavailable(1) });",
  },
  'scaling/two-metric-servers': {
    severity: WARNING,
    practices: ['S08-18'],
    title: 'On a cluster with KEDA, no other autoscaler uses external metrics',
    reason: 'One server has the API of external metrics. KEDA is that server, and answers for its ScaledObjects only.',
    fix: 'Use Autoscaling.onEvents(...), or ScalingMetric.pods(...) or ScalingMetric.object(...)',
    bad: kedaBeside("ScalingMetric.external({ metric: 'queue', averageValue: 10 })"),
    good: kedaBeside("ScalingMetric.pods({ metric: 'requests', averageValue: 10 })"),
  },
  'scaling/two-owners': {
    severity: ERROR,
    practices: ['B5'],
    title: 'The number of replicas has one owner',
    reason: 'Every apply of the YAML would reset the number that the autoscaler has set.',
    fix: "Remove 'replicas', or the autoscaler",
    bad:
      "new WebService(chart, 'web', { ...web, replicas: 3, autoscaling: Autoscaling.onCpu({ min: 2, max: 4, " +
      'target: 80 }) });',
    good: "new WebService(chart, 'web', { ...web, autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: 80 }) });",
  },
  'scaling/unreachable-target': {
    severity: ERROR,
    practices: ['CH01-18'],
    title: 'Usage can exceed the target of an autoscaler',
    reason: 'Usage never exceeds the limit, and the autoscaler would add no pod.',
    fix: 'Lower the target, or raise the limit',
    bad:
      "new WebService(chart, 'web', " +
      '{ ...web, autoscaling: Autoscaling.onMemory({ min: 2, max: 4, target: 100 }) });',
    good:
      "new WebService(chart, 'web', " +
      '{ ...web, autoscaling: Autoscaling.onMemory({ min: 2, max: 4, target: 80 }) });',
  },
  'scaling/zero-without-events': {
    severity: ERROR,
    practices: [],
    title: 'A trigger can start the first pod',
    reason:
      'The use of CPU and memory, and entries that pods hold, are measured while pods run. No pod would ever start.',
    fix: 'Write min: 1, or add a trigger on events, such as the length of a queue',
    bad:
      "new Worker(chart, 'mailer', { image, liveness: Probe.none(), autoscaling: Autoscaling.onEvents({ " +
      'min: 0, max: 9, ' +
      'triggers: [ScalingTrigger.cpu({ target: 80 })] }) });',
    good:
      "new Worker(chart, 'mailer', { image, liveness: Probe.none(), autoscaling: Autoscaling.onEvents({ " +
      'min: 1, max: 9, ' +
      'triggers: [ScalingTrigger.cpu({ target: 80 })] }) });',
  },
  'scheduling/contradicting-labels': {
    severity: ERROR,
    practices: ['CH08-12'],
    title: 'A node can have all labels that the pods require',
    reason: 'A label has one value. With two, the pods stay pending, or the API server refuses them.',
    fix: 'Write the same value for the label in both places',
    bad:
      "new WebService(chart, 'web', { ...web, placeOn: NodePool.open({ key: 'pool', value: 'gpu' }), " +
      "nodeSelector: { pool: 'cpu' } });",
    good: "new WebService(chart, 'web', { ...web, placeOn: NodePool.open({ key: 'pool', value: 'gpu' }) });",
  },
  'scheduling/device-pool': {
    severity: ERROR,
    practices: ['CH14-34'],
    title: 'A workload names one of several pools that have its devices',
    reason: 'The pools have devices of different performance, and only you know which one the workload needs.',
    fix: "Set 'placeOn' to one of the pools",
    bad:
      "const pools = ['t4', 'a100'].map((value) => NodePool.open({ key: 'gpu', value }));\n" +
      "const devices = pools.map((pool) => ({ resource: 'nvidia.com/gpu', perNode: 8, pool }));\n" +
      'new ClusterProfile({ devices }).assignTo(chart);\n' +
      "const resources = Resources.of({ cpu: Cpu.units(1), memory: Size.gibibytes(1), extended: { 'nvidia.com/gpu': " +
      "1 } });\nnew WebService(chart, 'web', { ...web, resources });",
    good:
      "const pools = ['t4', 'a100'].map((value) => NodePool.open({ key: 'gpu', value }));\n" +
      "const devices = pools.map((pool) => ({ resource: 'nvidia.com/gpu', perNode: 8, pool }));\n" +
      'new ClusterProfile({ devices }).assignTo(chart);\n' +
      "const resources = Resources.of({ cpu: Cpu.units(1), memory: Size.gibibytes(1), extended: { 'nvidia.com/gpu': " +
      "1 } });\nnew WebService(chart, 'web', { ...web, resources, placeOn: pools[1] });",
  },
  'scheduling/hard-spread': {
    severity: ERROR,
    practices: [],
    title: 'Strict spread needs at least two replicas',
    reason: 'A single pod cannot be spread.',
    fix: "Write spread: 'soft', the default, or run at least two pods",
    bad: "new WebService(chart, 'web', { ...web, replicas: 1, spread: 'hard' });",
    good: "new WebService(chart, 'web', { ...web, replicas: 2, spread: 'hard' });",
  },
  'scheduling/hosts': {
    severity: ERROR,
    waivable: true,
    practices: ['S08-02'],
    title: 'A cluster has a node for each pod that needs its own',
    reason: 'The remaining pods stay pending.',
    fix: "Write spread: 'soft', the default, or run fewer pods",
    bad:
      'new ClusterProfile({ nodes: 2 }).assignTo(chart);\n' +
      "new WebService(chart, 'web', { ...web, replicas: 4, " +
      "spread: 'hosts' });",
    good:
      'new ClusterProfile({ nodes: 4 }).assignTo(chart);\n' +
      "new WebService(chart, 'web', { ...web, replicas: 4, " +
      "spread: 'hosts' });",
  },
  'scheduling/missing-device': {
    severity: ERROR,
    waivable: true,
    practices: ['CH14-07'],
    title: 'A pod requests only extended resources that nodes have',
    reason: 'The pod would stay pending forever.',
    fix: "Correct the name of the resource, or add it to 'devices' of the ClusterProfile",
    bad:
      "new ClusterProfile({ devices: [{ resource: 'nvidia.com/gpu', perNode: 8 }] }).assignTo(chart);\n" +
      "const resources = Resources.of({ cpu: Cpu.units(1), memory: Size.gibibytes(1), extended: { 'amd.com/gpu': 1 } " +
      "});\nnew WebService(chart, 'web', { ...web, resources });",
    good:
      "new ClusterProfile({ devices: [{ resource: 'nvidia.com/gpu', perNode: 8 }] }).assignTo(chart);\n" +
      "const resources = Resources.of({ cpu: Cpu.units(1), memory: Size.gibibytes(1), extended: { 'nvidia.com/gpu': " +
      "1 } });\nnew WebService(chart, 'web', { ...web, resources });",
  },
  'scheduling/pod-too-large': {
    severity: ERROR,
    waivable: true,
    practices: ['CH08-16'],
    title: 'A pod requests at most what a node has',
    reason: 'The pod would stay pending forever.',
    fix: "Request less, or correct 'allocatable' of the ClusterProfile",
    bad:
      'new ClusterProfile({ allocatable: { cpu: Cpu.millis(3920), memory: Size.gibibytes(14) } ' +
      "}).assignTo(chart);\nnew WebService(chart, 'web', { ...web, resources: Resources.of({ cpu: Cpu.units(8), " +
      'memory: Size.gibibytes(1) }) });',
    good:
      'new ClusterProfile({ allocatable: { cpu: Cpu.millis(3920), memory: Size.gibibytes(14) } ' +
      "}).assignTo(chart);\nnew WebService(chart, 'web', { ...web, resources: Resources.of({ cpu: Cpu.units(1), " +
      'memory: Size.gibibytes(1) }) });',
  },
  'scheduling/pool-evicts': {
    severity: WARNING,
    practices: ['CH08-11'],
    title: "Pods with 'staysFor' finish before they are evicted",
    reason: 'The taint of the pool is permanent. After that time, each pod is evicted, and so is its successor.',
    fix: "Omit 'staysFor', unless the work finishes before",
    bad:
      "new WebService(chart, 'web', { ...web, placeOn: NodePool.reserved({ key: 'pool', value: 'gpu', effect: " +
      "'NoExecute', staysFor: Duration.minutes(10) }) });",
    good:
      "new WebService(chart, 'web', { ...web, placeOn: NodePool.reserved({ key: 'pool', value: 'gpu', effect: " +
      "'NoExecute' }) });",
  },
  'scheduling/tolerates-all': {
    severity: WARNING,
    practices: ['CH08-13'],
    title: 'A toleration names the taint',
    reason: 'A toleration without a key tolerates all taints. The pods would stay on failed nodes forever.',
    fix: 'Name the taint',
    bad: "new WebService(chart, 'web', { ...web, tolerations: [{}] });",
    good:
      "new WebService(chart, 'web', { ...web, tolerations: [{ key: 'dedicated', value: 'web', effect: " +
      "'NoSchedule' }] });",
  },
  'scheduling/two-defaults': {
    severity: ERROR,
    practices: [],
    title: 'A cluster has one default PriorityClass',
    reason: 'The API server refuses a second default.',
    fix: 'Write globalDefault: true in one of them only',
    bad: "for (const id of ['a', 'b']) new PriorityClass(chart, id, { value: 1, globalDefault: true });",
    good: "new PriorityClass(chart, 'a', { value: 1, globalDefault: true });",
  },
  'scheduling/zones': {
    severity: ERROR,
    waivable: true,
    practices: ['CH08-05'],
    title: 'Hard spread needs a cluster with several zones',
    reason: 'With one zone, the second pod stays pending.',
    fix: "Write spread: 'soft', the default",
    bad: "new ClusterProfile({ zones: 1 }).assignTo(chart);\nnew WebService(chart, 'web', { ...web, spread: 'hard' });",
    good:
      'new ClusterProfile({ zones: 3 }).assignTo(chart);\n' +
      "new WebService(chart, 'web', { ...web, spread: 'hard' });",
  },
});
