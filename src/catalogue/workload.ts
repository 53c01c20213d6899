import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** Rules for workloads and their pods. */
export const WORKLOAD = rules({
  'job/both-days': {
    severity: WARNING,
    practices: [],
    title: 'A schedule restricts days of the month or days of the week',
    reason:
      'With both, it fires on each day that matches one of them, such as each of the first seven days and each Monday.',
    fix: "Write '*' in one of the two fields, and let the program exit on days that do not match the other",
    bad: "new ScheduledJob(chart, 'report', { image, schedule: '0 6 1-7 * mon' });",
    good: "new ScheduledJob(chart, 'report', { image, schedule: '0 6 1-7 * *' });",
  },
  'job/hook-needs': {
    severity: WARNING,
    practices: [],
    title: 'A ConfigMap that a PreSync hook of Argo CD reads is a hook of an earlier wave',
    reason: 'Argo CD applies what is no hook only after the hook has ended, which waits for it: the sync never ends.',
    fix: "Give the ConfigMap the annotations of the hook, with 'argocd.argoproj.io/sync-wave' of one less",
    bad:
      "const config = new VersionedConfigMap(chart, 'config', { data: { a: 'b' } });\nnew Job(chart, 'migrate', { " +
      'image, ' +
      "annotations: { 'argocd.argoproj.io/hook': 'PreSync' } }).mount('/etc/migrate', config);",
    good:
      "const annotations = { 'argocd.argoproj.io/hook': 'PreSync', 'argocd.argoproj.io/sync-wave': '-1' };\nconst " +
      'config ' +
      "= new VersionedConfigMap(chart, 'config', { annotations, data: { a: 'b' } });\nnew Job(chart, 'migrate', { " +
      'image, ' +
      "annotations: { 'argocd.argoproj.io/hook': 'PreSync' } }).mount('/etc/migrate', config);",
  },
  'job/indexes': {
    severity: ERROR,
    practices: [],
    title: 'The indexes of a success policy exist, and at most as many fail or succeed as there are',
    reason: 'The API server refuses indexes and counts that a run with so many completions does not have.',
    fix: 'Write indexes from 0 up, each less than completions, in ascending order',
    bad:
      "new ClusterProfile({ version: '1.31' }).assignTo(chart);\nnew Job(chart, 'train', { image, completions: 3, " +
      "indexed: true, successPolicy: [{ succeededIndexes: '0,3' }] });",
    good:
      "new ClusterProfile({ version: '1.31' }).assignTo(chart);\nnew Job(chart, 'train', { image, completions: 3, " +
      "indexed: true, successPolicy: [{ succeededIndexes: '0,2' }] });",
  },
  'job/mesh-proxy': {
    severity: WARNING,
    practices: [],
    title: 'The mesh proxy in the pods of a Job ends with the work',
    reason: 'A proxy that is no native sidecar keeps running, and the Job never completes.',
    fix:
      "Request a native sidecar with podAnnotations: { 'sidecar.istio.io/nativeSidecar': 'true' }, or keep the " +
      'Job out of the mesh',
    bad: "new Job(chart, 'migrate', { image, podLabels: { 'sidecar.istio.io/inject': 'true' } });",
    good:
      "new Job(chart, 'migrate', { image, podLabels: { 'sidecar.istio.io/inject': 'true' }, podAnnotations: { " +
      "'sidecar.istio.io/nativeSidecar': 'true' } });",
  },
  'job/parallelism': {
    severity: ERROR,
    practices: [],
    title: 'At most as many pods run at once as must succeed',
    reason: 'Kubernetes starts at most one pod for each completion that is left.',
    fix: "Raise 'completions' or lower 'parallelism'",
    bad: "new Job(chart, 'migrate', { image, completions: 2, parallelism: 3 });",
    good: "new Job(chart, 'migrate', { image, completions: 3, parallelism: 3 });",
  },
  'workload/controller-variable': {
    severity: ERROR,
    practices: [],
    title: 'No literal replaces a variable of the controller',
    reason: 'The controller keeps the literal, and all pods get the same value.',
    fix: 'Choose another name, or read the variable that the controller sets',
    bad: "new Job(chart, 'migrate', { image, completions: 2, indexed: true, env: { JOB_COMPLETION_INDEX: '0' } });",
    good: "new Job(chart, 'migrate', " + '{ image, completions: 2, indexed: true });',
  },
  'workload/drain': {
    severity: ERROR,
    practices: ['CH05-19'],
    title: 'The drain is shorter than the termination grace period',
    reason: 'The process would be killed before it could stop.',
    fix: "Raise 'terminationGracePeriod' or lower 'drain'",
    bad:
      "new WebService(chart, 'web', { ...web, drain: Duration.seconds(30), terminationGracePeriod: " +
      'Duration.seconds(30) });',
    good:
      "new WebService(chart, 'web', { ...web, drain: Duration.seconds(5), terminationGracePeriod: " +
      'Duration.seconds(30) });',
  },
  'workload/duplicate-mount': {
    severity: ERROR,
    practices: [],
    title: 'A path in a container has one mount',
    reason: 'The API server refuses two mounts at the same path.',
    fix: 'Choose another path for one of the mounts',
    bad:
      "const workload = new WebService(chart, 'web', web);\nfor (const id of ['a', 'b']) " +
      "workload.mount('/etc/web', new VersionedConfigMap(chart, id, { data: { [id]: 'x' } }));",
    good:
      "const workload = new WebService(chart, 'web', web);\nfor (const id of ['a', 'b']) " +
      "workload.mount(`/etc/web/${id}`, new VersionedConfigMap(chart, id, { data: { [id]: 'x' } }));",
  },
  'workload/duplicate-name': {
    severity: ERROR,
    practices: ['DX-03'],
    title: 'Names of workloads are unique in a namespace',
    reason: "Two workloads with one name select each other's pods and serve each other's requests.",
    fix: 'Rename one of them',
    bad: "for (const id of ['a', 'b']) new WebService(chart, id, { ...web, name: 'web' });",
    good: "for (const id of ['a', 'b']) new WebService(chart, id, web);",
  },
  'workload/duplicate-port': {
    severity: ERROR,
    practices: [],
    title: 'Names and numbers of ports are unique in a pod',
    reason: 'A Service would confuse the ports, and the API server refuses two ports with one name.',
    fix: 'Change one name or number',
    bad: "new WebService(chart, 'web', { ...web, extraPorts: [{ name: 'http', port: 9090 }] });",
    good: "new WebService(chart, 'web', { ...web, extraPorts: [{ name: 'metrics', port: 9090 }] });",
  },
  'workload/duplicate-variable': {
    severity: ERROR,
    practices: [],
    title: 'An environment variable of a container is set once',
    reason: 'The last value would win, depending on the order of calls.',
    fix: "Rename one of the two; for a connection, write connectTo(...) with prefix: 'OTHER'",
    bad: "new WebService(chart, 'web', { ...web, env: { LEVEL: 'info' } }).addEnv('LEVEL', 'debug');",
    good: "new WebService(chart, 'web', web).addEnv('LEVEL', 'debug');",
  },
  'workload/env-from-key': {
    severity: ERROR,
    practices: ['CH04-21'],
    title: 'Keys that become variables are variable names with text content',
    reason: 'The kubelet skips other keys. Older versions do so silently.',
    fix: 'Rename the key, or mount the ConfigMap as files',
    bad:
      "new WebService(chart, 'web', web).addEnvFrom(new VersionedConfigMap(chart, 'config', { data: { " +
      "'log.level': 'info' } }));",
    good:
      "new WebService(chart, 'web', web).addEnvFrom(new VersionedConfigMap(chart, 'config', { data: { LOG_LEVEL: " +
      "'info' } }));",
  },
  'workload/ephemeral-storage': {
    severity: ERROR,
    practices: [],
    title: 'The ephemeral storage of a container covers its writable directories',
    reason: 'The kubelet would evict the pod before the directories are full.',
    fix: "Raise 'ephemeralStorage', or lower 'writableSize' or the limit of the volume",
    bad:
      'const resources = Resources.of({ cpu: Cpu.millis(100), memory: Size.mebibytes(128), ephemeralStorage: ' +
      "Size.mebibytes(50) });\nnew WebService(chart, 'web', { ...web, resources, writableSize: Size.mebibytes(100) });",
    good:
      'const resources = Resources.of({ cpu: Cpu.millis(100), memory: Size.mebibytes(128), ephemeralStorage: ' +
      'Size.mebibytes(200) });\n' +
      "new WebService(chart, 'web', { ...web, resources, writableSize: Size.mebibytes(100) });",
  },
  'workload/foreign-pods': {
    severity: ERROR,
    waivable: true,
    practices: ['CH06-07'],
    title: 'Foreign pods do not have the label that selects the pods of a block',
    reason: 'The Service of the block would send requests to them, and its policy and budget would include them.',
    fix: "Give them another value of 'app.kubernetes.io/instance', or the block another name",
    bad:
      "const labels = { ...new WebService(chart, 'web', web).selectorLabels, app: 'other' };\n" +
      "new ApiObject(chart, 'other', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'other' }, spec: " +
      "{ selector: { matchLabels: { app: 'other' } }, template: { metadata: { labels } } } });",
    good:
      "new WebService(chart, 'web', web);\nconst labels = { app: 'other' };\n" +
      "new ApiObject(chart, 'other', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'other' }, spec: " +
      "{ selector: { matchLabels: { app: 'other' } }, template: { metadata: { labels } } } });",
  },
  'workload/guaranteed-resources': {
    severity: ERROR,
    practices: ['CH01-17'],
    title: "Pods of quality 'guaranteed' have limits equal to their requests",
    reason: 'Otherwise, Kubernetes silently assigns another QoS class.',
    fix: "Write Resources.of(...) with cpu and memory alone, or quality: 'burstable'",
    bad:
      "new WebService(chart, 'web', { ...web, quality: 'guaranteed', resources: Resources.withoutCpuLimit({ cpu: " +
      'Cpu.units(1), memory: Size.gibibytes(1) }) });',
    good:
      "new WebService(chart, 'web', { ...web, quality: 'guaranteed', resources: Resources.of({ cpu: " +
      'Cpu.units(1), memory: Size.gibibytes(1) }) });',
  },
  'workload/heartbeat-age': {
    severity: ERROR,
    practices: ['CH05-21'],
    title: 'A heartbeat may be as old as the longest task, and is checked more often',
    reason: 'The kubelet would restart a process in the middle of its task, or see too late that it hangs.',
    fix: "Raise 'maxAge', or touch the file also during a task and say duringTasks: true",
    bad:
      "new Worker(chart, 'mailer', { image, terminationGracePeriod: Duration.minutes(5), liveness: " +
      "Probe.heartbeat('/tmp/alive', { maxAge: Duration.minutes(2) }) });",
    good:
      "new Worker(chart, 'mailer', { image, terminationGracePeriod: Duration.minutes(5), liveness: " +
      "Probe.heartbeat('/tmp/alive', { maxAge: Duration.minutes(6) }) });",
  },
  'workload/heartbeat-file': {
    severity: ERROR,
    practices: ['CH05-21'],
    title: 'The file of a heartbeat is in a writable volume',
    reason: 'The root file system is read-only: the process cannot touch the file, and restarts again and again.',
    fix: "Write a file in /tmp, or add its directory to 'writablePaths'",
    bad:
      "new Worker(chart, 'mailer', { image, liveness: Probe.heartbeat('/run/alive', { maxAge: Duration.minutes(2) }) " +
      '});',
    good:
      "new Worker(chart, 'mailer', { image, liveness: Probe.heartbeat('/tmp/alive', { maxAge: Duration.minutes(2) }) " +
      '});',
  },
  'workload/heartbeat-place': {
    severity: ERROR,
    practices: ['CH05-21'],
    title: 'A heartbeat is the liveness of a process without requests',
    reason: 'A server shows by its answers that it runs, and a file says nothing about whether it can serve.',
    fix: "Use Probe.httpGet('/healthz'), or Probe.exec(['my-check'])",
    bad:
      "new WebService(chart, 'web', { ...web, liveness: Probe.heartbeat('/tmp/alive', { maxAge: " +
      'Duration.minutes(2) }) });',
    good: "new WebService(chart, 'web', { ...web, liveness: Probe.httpGet('/healthz') });",
  },
  'workload/hook-grace': {
    severity: ERROR,
    practices: ['CH05-19'],
    title: 'Drain and hook are shorter than the termination grace period',
    reason: 'The process would be killed before it could stop: the kubelet sends SIGTERM when the hook has ended.',
    fix: "Raise 'terminationGracePeriod', or lower the duration of the hook if it takes less",
    bad:
      "new WebService(chart, 'web', { ...web, preStop: PreStop.exec(['/app/leave'], { duration: " +
      'Duration.seconds(25) }) });',
    good:
      "new WebService(chart, 'web', { ...web, preStop: PreStop.exec(['/app/leave'], { duration: " +
      'Duration.seconds(20) }) });',
  },
  'workload/identity-label': {
    severity: ERROR,
    practices: ['CH06-07'],
    title: 'The label that selects the pods keeps the name of the workload',
    reason: 'The selector is immutable. Another value would select no pods or the pods of another workload.',
    fix: "Set 'name' instead",
    bad: "new WebService(chart, 'web', { ...web, labels: { 'app.kubernetes.io/instance': 'mine' } });",
    good: "new WebService(chart, 'web', { ...web, name: 'mine' });",
  },
  'workload/image-registry': {
    severity: ERROR,
    practices: ['CH01-06'],
    title: 'Images come from the listed registries',
    reason: 'Nobody you know has built and scanned an image from elsewhere.',
    fix: "Use a mirrored image, or add its registry to 'registries'",
    bad:
      "new WebService(chart, 'web', { ...web, image: 'docker.io/somebody/web:1.4.2', registries: " +
      "['ghcr.io/acme/'] });",
    good: "new WebService(chart, 'web', { ...web, registries: ['ghcr.io/acme/'] });",
  },
  'workload/image-tag': {
    severity: ERROR,
    practices: ['CH01-09'],
    title: 'An image names its version',
    reason:
      "'latest', 'stable' or 'main' can differ between two pods of one Deployment, and a rollback restores " +
      'nothing.',
    fix: 'Set the version to run with a tag, a digest or both',
    bad: "new WebService(chart, 'web', { ...web, image: 'ghcr.io/acme/web:latest' });",
    good: "new WebService(chart, 'web', { ...web, image: 'ghcr.io/acme/web:1.4.2' });",
  },
  'workload/item-path-clash': {
    severity: ERROR,
    practices: ['CH04-11'],
    title: 'Items of a mounted volume have paths that can exist side by side',
    reason: 'Two keys cannot share a path, and a path cannot be a file and a directory.',
    fix: 'Give each key its own path',
    bad:
      "const config = new VersionedConfigMap(chart, 'config', { data: { a: '1', b: '2' } });\nnew " +
      "WebService(chart, 'web', web).mount('/etc/web', config, { items: { a: 'x', b: 'x' } });",
    good:
      "const config = new VersionedConfigMap(chart, 'config', { data: { a: '1', b: '2' } });\nnew " +
      "WebService(chart, 'web', web).mount('/etc/web', config, { items: { a: 'x', b: 'y' } });",
  },
  'workload/limit-below-request': {
    severity: ERROR,
    practices: ['CH01-18'],
    title: 'A limit is at least its request',
    reason: 'The API server refuses the pod.',
    fix: 'Raise the limit or lower the request',
    bad:
      "new WebService(chart, 'web', { ...web, resources: Resources.of({ cpu: Cpu.millis(200), cpuLimit: " +
      'Cpu.millis(100), memory: Size.mebibytes(64) }) });',
    good:
      "new WebService(chart, 'web', { ...web, resources: Resources.of({ cpu: Cpu.millis(200), cpuLimit: " +
      'Cpu.millis(400), memory: Size.mebibytes(64) }) });',
  },
  'workload/liveness-same-as-readiness': {
    severity: ERROR,
    practices: ['CH05-21'],
    title: 'Liveness and readiness use different checks',
    reason: 'Readiness fails with a dependency. The same liveness check would then restart every replica.',
    fix: 'Use another path, or state the intent with Probe.sameAsReadiness()',
    bad: "new WebService(chart, 'web', { ...web, liveness: Probe.httpGet('/readyz') });",
    good: "new WebService(chart, 'web', { ...web, liveness: Probe.httpGet('/healthz') });",
  },
  'workload/log-volume': {
    severity: WARNING,
    practices: ['CH16-03', 'CH03-36'],
    title: 'Logs go to the output of the process, or a sidecar writes them to its output',
    reason: 'Neither kubectl logs nor log agents read a volume, and logs in an empty directory are lost with the pod.',
    fix: 'Log to standard output, or add Sidecar.logTail(...). Waive the rule if the directory holds no logs',
    bad: "new WebService(chart, 'web', { ...web, writablePaths: ['/var/log/shop'] });",
    good:
      "new WebService(chart, 'web', { ...web, writablePaths: ['/var/log/shop'] })\n" +
      "  .addSidecar(Sidecar.logTail({ file: '/var/log/shop/access.log' }));",
  },
  'workload/may-hide-files': {
    severity: WARNING,
    practices: ['DX-22'],
    title: 'A volume does not hide the application of the image',
    reason: 'Images often have their application in /app or /opt. A volume there replaces it.',
    fix: 'Mount or write below the path. If intended, set hidesImageFiles: true on the mount, or waive the rule',
    bad: "new WebService(chart, 'web', { ...web, writablePaths: ['/app'] });",
    good: "new WebService(chart, 'web', { ...web, writablePaths: ['/app/cache'] });",
  },
  'workload/memory-volume': {
    severity: ERROR,
    practices: [],
    title: 'A volume in memory fits the memory limit',
    reason: 'The volume counts towards the memory limit of its containers, which would be killed.',
    fix: "Raise 'memory', or lower the limit of the volume",
    bad:
      'const volume = Volume.emptyDir({ sizeLimit: Size.gibibytes(1), inMemory: true });\nnew WebService(chart, ' +
      "'web', web).mount('/cache', volume);",
    good:
      'const volume = Volume.emptyDir({ sizeLimit: Size.mebibytes(16), inMemory: true });\nnew WebService(chart, ' +
      "'web', web).mount('/cache', volume);",
  },
  'workload/mount-hides-files': {
    severity: ERROR,
    practices: ['DX-22'],
    title: 'A mount hides no known files of the image',
    reason: 'A mounted directory replaces the content of the image at that path.',
    fix: 'Mount below the path, or set hidesImageFiles: true',
    bad:
      "new WebService(chart, 'web', web).mount('/usr/local/bin', new VersionedConfigMap(chart, 'config', { data: " +
      "{ a: 'b' } }));",
    good:
      "new WebService(chart, 'web', web).mount('/usr/local/bin/conf.d', new VersionedConfigMap(chart, 'config', " +
      "{ data: { a: 'b' } }));",
  },
  'workload/nested-mount': {
    severity: ERROR,
    practices: [],
    title: 'No volume is mounted inside a read-only volume',
    reason: 'The runtime creates the directory of a mount. In a read-only volume it fails, and no container starts.',
    fix: 'Mount them beside each other',
    bad:
      "new WebService(chart, 'web', { ...web, writablePaths: ['/etc/web/cache'] }).mount('/etc/web', new " +
      "VersionedConfigMap(chart, 'config', { data: { a: 'b' } }));",
    good:
      "new WebService(chart, 'web', { ...web, writablePaths: ['/var/cache/web'] }).mount('/etc/web', new " +
      "VersionedConfigMap(chart, 'config', { data: { a: 'b' } }));",
  },
  'workload/moving-tag': {
    severity: WARNING,
    practices: ['CH01-08'],
    title: 'The tag of an image is a version, a commit or a build',
    reason: 'Other tags move, and two pods of one Deployment could run different builds. Pods of others count.',
    fix: 'Add the digest, or use a version tag',
    bad: "new WebService(chart, 'web', { ...web, image: 'ghcr.io/acme/web:blue' });",
    good: "new WebService(chart, 'web', { ...web, image: 'ghcr.io/acme/web:1.4.2' });",
  },
  'workload/needed-token': {
    severity: ERROR,
    practices: [],
    title: 'A process that uses the API server has a token',
    reason: 'Without a token, the API server refuses every request.',
    fix: 'Write serviceAccountToken: true, the default of the block',
    bad:
      "new ClusterProfile({ apiServer: ['10.0.0.1/32'] }).assignTo(chart);\nconst service = new " +
      "ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.synced(['10.40.0.0/24']) });\nnew " +
      "EndpointSyncer(chart, 'sync', { image, service, serviceAccountToken: false });",
    good:
      "new ClusterProfile({ apiServer: ['10.0.0.1/32'] }).assignTo(chart);\nconst service = new " +
      "ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.synced(['10.40.0.0/24']) });\nnew " +
      "EndpointSyncer(chart, 'sync', { image, service });",
  },
  'workload/no-controller': {
    severity: ERROR,
    practices: [],
    title: 'A block with OwnPods names the object that runs them',
    reason: 'Otherwise, quotas, capacity and inventory would ignore the pods of the block.',
    fix: 'Pass the Deployment or other object that runs the pods to runBy(...)',
    bad: "new OwnPods(new Construct(chart, 'cache'));",
    good:
      "new OwnPods(new Construct(chart, 'cache')).runBy(new ApiObject(chart, 'pod', { apiVersion: 'v1', kind: " +
      "'Pod' }));",
  },
  'workload/no-readiness': {
    severity: ERROR,
    practices: ['CH05-17'],
    title: 'A service has a readiness check',
    reason: 'Otherwise, pods would get traffic before they have started.',
    fix: "Use Probe.httpGet('/readyz'), or Probe.portOnly() for a server without a health path",
    bad: "new WebService(chart, 'web', { ...web, readiness: Probe.none() });",
    good: "new WebService(chart, 'web', { ...web, readiness: Probe.portOnly() });",
  },
  'workload/one-word': {
    severity: ERROR,
    practices: [],
    title: 'A command is a list of words',
    reason: 'No shell splits it: the container fails to start, because there is no program with such a name.',
    fix: "Write ['server', '--verbose'] for the command line 'server --verbose'",
    bad: "new WebService(chart, 'web', { ...web, command: ['/app/server --verbose'] });",
    good: "new WebService(chart, 'web', { ...web, command: ['/app/server', '--verbose'] });",
  },
  'workload/find-check': {
    severity: ERROR,
    practices: ['CH05-10'],
    title: 'A check that finds no file fails',
    reason: 'find succeeds whether or not it finds a file, so that the kubelet never notices that the process hangs.',
    fix: `Write Probe.exec(['sh', '-c', 'test -n "$(find /tmp/alive -mmin -2)"'])`,
    bad: "new WebService(chart, 'web', { ...web, liveness: Probe.exec(['find', '/tmp/alive', '-mmin', '-2']) });",
    good:
      "new WebService(chart, 'web', { ...web, liveness: Probe.exec(['sh', '-c', 'test -n \"$(find /tmp/alive -mmin " +
      '-2)"\']) });',
  },
  'workload/no-shell': {
    severity: ERROR,
    practices: ['CH05-10', 'S003-43'],
    title: 'Nothing needs a shell in an image without one',
    reason: 'The container, the check or the hook fails in the cluster: there is no such program.',
    fix: 'Run the program itself, use a check that the kubelet makes, or write shell: true if the image has a shell',
    bad: "new WebService(chart, 'web', { ...web, shell: false, command: ['sh', '-c', 'exec server'] });",
    good: "new WebService(chart, 'web', { ...web, shell: false, command: ['/app/server'] });",
  },
  'workload/pod-resources': {
    severity: ERROR,
    practices: ['CH01-16'],
    title: 'The resources of a pod cover those of its containers',
    reason: 'The API server refuses a pod whose containers request more, or of which one has a higher limit.',
    fix: "Raise 'podResources', or omit the resources of containers, which then share those of the pod",
    bad:
      "new ClusterProfile({ version: '1.34' }).assignTo(chart);\n" +
      'const resources = Resources.of({ cpu: Cpu.units(2), memory: Size.gibibytes(1) });\n' +
      "new WebService(chart, 'web', { ...web, resources, podResources: PodResources.of({ cpu: Cpu.units(1), " +
      'cpuLimit: Cpu.units(8), memory: Size.gibibytes(1) }) });',
    good:
      "new ClusterProfile({ version: '1.34' }).assignTo(chart);\n" +
      'const resources = Resources.of({ cpu: Cpu.units(2), memory: Size.gibibytes(1) });\n' +
      "new WebService(chart, 'web', { ...web, resources, podResources: PodResources.of({ cpu: Cpu.units(2), " +
      'cpuLimit: Cpu.units(8), memory: Size.gibibytes(1) }) });',
  },
  'workload/portless-liveness': {
    severity: ERROR,
    practices: [],
    title: 'A workload without ports has a command as its liveness check',
    reason: 'Nothing listens for a network check.',
    fix: 'Use Probe.exec(...), or omit the check',
    bad: "new Job(chart, 'migrate', { image, liveness: Probe.httpGet('/healthz') });",
    good: "new Job(chart, 'migrate', { image, liveness: Probe.exec(['my-check']) });",
  },
  'workload/privileged-port': {
    severity: ERROR,
    practices: ['DX-21'],
    title: 'A container listens on port 1024 or above',
    reason: 'The process does not run as root and cannot open a lower port.',
    fix: "Listen on another port, and set 'service.port' for clients",
    bad: "new WebService(chart, 'web', { ...web, port: 80 });",
    good: "new WebService(chart, 'web', { ...web, port: 8080, service: { port: 80 } });",
  },
  'workload/probe-without-tls': {
    severity: ERROR,
    practices: [],
    title: 'A port that speaks TLS is checked by TLS',
    reason: 'The check fails whatever the state of the process is, and the pod gets no traffic or restarts.',
    fix:
      "Add scheme: 'HTTPS' to Probe.httpGet(...), or use Probe.tcpSocket(): the gRPC check of the kubelet has no " +
      'TLS',
    bad: "new WebService(chart, 'web', { ...web, appProtocol: AppProtocol.https() });",
    good:
      "new WebService(chart, 'web', { ...web, appProtocol: AppProtocol.https(), readiness: Probe.httpGet('/readyz', " +
      "{ scheme: 'HTTPS' }) });",
  },
  'workload/progress-deadline': {
    severity: ERROR,
    practices: ['CH05-36'],
    title: 'The deadline of a rollout exceeds the time that a pod needs to start',
    reason: 'Kubernetes would report a healthy rollout as failed.',
    fix: "Raise 'progressDeadline'",
    bad:
      "new WebService(chart, 'web', { ...web, minReady: Duration.seconds(60), progressDeadline: " +
      'Duration.seconds(60) });',
    good:
      "new WebService(chart, 'web', { ...web, minReady: Duration.seconds(60), progressDeadline: " +
      'Duration.minutes(10) });',
  },
  'workload/node-rollout': {
    severity: ERROR,
    practices: ['CH05-16'],
    title: 'A rollout of one pod on each node starts the new pod first, or stops the old one first',
    reason: 'The API server refuses a DaemonSet with maxSurge and maxUnavailable both above 0, or neither.',
    fix: 'Write Rollout.rolling(...) with maxUnavailable: 1, or with maxSurge: 1',
    bad: "new NodeAgent(chart, 'agent', { image, rollout: Rollout.rolling({ maxSurge: 1, maxUnavailable: 1 }) });",
    good: "new NodeAgent(chart, 'agent', { image, rollout: Rollout.rolling({ maxUnavailable: 1 }) });",
  },
  'workload/rollout-stuck': {
    severity: ERROR,
    practices: ['CH05-16'],
    title: 'A rollout may add or remove a pod',
    reason: 'Otherwise, the rollout makes no progress.',
    fix: 'Write maxSurge: 1, the default',
    bad: "new WebService(chart, 'web', { ...web, rollout: Rollout.rolling({ maxSurge: 0, maxUnavailable: 0 }) });",
    good: "new WebService(chart, 'web', { ...web, rollout: Rollout.rolling({ maxSurge: 1, maxUnavailable: 0 }) });",
  },
  'workload/rollout-takes-all': {
    severity: ERROR,
    practices: ['DX-16'],
    title: 'A rollout keeps pods running',
    reason: 'The rollout would remove all pods at once.',
    fix: 'Write maxUnavailable: 0, the default, or use Rollout.recreate() if downtime is intended',
    bad: "new WebService(chart, 'web', { ...web, replicas: 2, rollout: Rollout.rolling({ maxUnavailable: 2 }) });",
    good: "new WebService(chart, 'web', { ...web, replicas: 2, rollout: Rollout.rolling({ maxUnavailable: 1 }) });",
  },
  'workload/root-user': {
    severity: ERROR,
    practices: [],
    title: 'A container does not run as root',
    reason: 'Pod Security restricted refuses root, and Linux limits the range of user ids.',
    fix: 'Use the UID of the image, or false if the platform assigns one',
    bad: "new WebService(chart, 'web', { ...web, user: 0 });",
    good: "new WebService(chart, 'web', { ...web, user: 1000 });",
  },
  'workload/same-as-readiness': {
    severity: ERROR,
    practices: [],
    title: 'Probe.sameAsReadiness() refers to an existing readiness check',
    reason: 'Without a readiness check, it checks nothing.',
    fix: 'Use Probe.httpGet(...), or add a readiness check',
    bad:
      "new WebService(chart, 'web', { ...web, sidecars: [{ name: 'proxy', image, liveness: " +
      'Probe.sameAsReadiness() }] });',
    good:
      "new WebService(chart, 'web', { ...web, sidecars: [{ name: 'proxy', image, liveness: " +
      "Probe.exec(['my-check']) }] });",
  },
  'workload/shared-claim': {
    severity: ERROR,
    waivable: true,
    practices: ['CH01-10'],
    title: 'A claim for one node or one pod is not shared',
    reason: 'The second pod would stay pending, or a rollout would never complete.',
    fix: 'Use a ReadWriteMany claim, one pod at a time, or a block with a claim for each pod, such as StatefulService',
    bad:
      "const claim = new kplus.PersistentVolumeClaim(chart, 'claim', { accessModes: " +
      '[kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE], storage: Size.gibibytes(1) });\n' +
      "new WebService(chart, 'web', web).mount('/data', Volume.claim(claim.name));",
    good:
      "const claim = new kplus.PersistentVolumeClaim(chart, 'claim', { accessModes: " +
      '[kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE], storage: Size.gibibytes(1) });\n' +
      "new WebService(chart, 'web', { ...web, replicas: 1, rollout: Rollout.recreate() }).mount('/data', " +
      'Volume.claim(claim.name));',
  },
  'workload/sub-path': {
    severity: WARNING,
    practices: ['CH04-12'],
    title: 'A ConfigMap or Secret with changing content is not mounted with subPath',
    reason:
      'The file keeps its content from the start of the container: a renewed certificate or password never arrives.',
    fix: 'Mount the directory, or use a versioned name: VersionedConfigMap, VersionedSecret',
    bad:
      "new WebService(chart, 'web', web).mountSecret('/etc/web/tls.key', SecretRef.named('web-tls'), { subPath: " +
      "'tls.key' });",
    good: "new WebService(chart, 'web', web).mountSecret('/etc/web', SecretRef.named('web-tls'));",
  },
  'workload/sub-path-watch': {
    severity: ERROR,
    practices: ['CH04-12'],
    title: 'A watched ConfigMap is not mounted with subPath',
    reason: 'Such a mount never sees an update.',
    fix: "Mount the directory, or use reload: 'version'",
    bad:
      "const config = new VersionedConfigMap(chart, 'config', { data: { a: 'b' }, reload: 'watch' });\nnew " +
      "WebService(chart, 'web', web).mount('/etc/web/a', config, { subPath: 'a' });",
    good:
      "const config = new VersionedConfigMap(chart, 'config', { data: { a: 'b' }, reload: 'watch' });\nnew " +
      "WebService(chart, 'web', web).mount('/etc/web', config);",
  },
  'workload/two-hooks': {
    severity: ERROR,
    practices: ['CH05-18'],
    title: 'A container has one hook before its stop',
    reason: 'The drain is such a hook, and Kubernetes runs either a pause, a command or a request.',
    fix: 'Write drain: Duration.seconds(0) and let the response wait, or use PreStop.exec(...), which can do both',
    bad: "new WebService(chart, 'web', { ...web, preStop: PreStop.httpGet('/leave') });",
    good: "new WebService(chart, 'web', { ...web, drain: Duration.seconds(0), preStop: PreStop.httpGet('/leave') });",
  },
  'workload/undeclared-variable': {
    severity: ERROR,
    practices: ['CH04-22'],
    title: '$(NAME) refers to a variable that the container declares',
    reason: 'Kubernetes does not expand an unknown reference, and the process gets the literal text.',
    fix: "Add the variable to 'env', or write $$(NAME) for the literal text",
    bad: "new WebService(chart, 'web', { ...web, args: ['--url=$(URL)'] });",
    good: "new WebService(chart, 'web', { ...web, args: ['--url=$(URL)'], env: { URL: 'http://cart' } });",
  },
  'workload/variable-circle': {
    severity: ERROR,
    practices: ['CH04-22'],
    title: 'Variables do not refer to each other in a cycle',
    reason: 'Kubernetes expands a reference only to an earlier variable.',
    fix: 'Write the value of one of the variables without a reference',
    bad: "new WebService(chart, 'web', { ...web, env: { A: '$(B)', B: '$(A)' } });",
    good: "new WebService(chart, 'web', { ...web, env: { A: '$(B)', B: 'b' } });",
  },
  'workload/variable-order': {
    severity: ERROR,
    practices: ['CH04-22'],
    title: 'No variable refers to a variable of the controller',
    reason: 'Kubernetes expands a reference only to an earlier variable, and the controller adds its own last.',
    fix: "Use the variable in 'command' or 'args'",
    bad:
      "new Job(chart, 'migrate', { image, completions: 2, indexed: true, env: { PART: " +
      "'part-$(JOB_COMPLETION_INDEX)' } });",
    good:
      "new Job(chart, 'migrate', " +
      "{ image, completions: 2, indexed: true, args: ['part-$(JOB_COMPLETION_INDEX)'] });",
  },
  'workload/volume-type': {
    severity: ERROR,
    practices: ['DX-18'],
    title: 'A mounted volume has a type that Pod Security restricted admits',
    reason: 'The API server refuses pods with another type, such as hostPath.',
    fix: "Use a claim: Volume.claim('name')",
    bad:
      "new WebService(chart, 'web', web).mount('/data', kplus.Volume.fromHostPath(chart, 'host', 'host', { path: " +
      "'/data' }));",
    good: "new WebService(chart, 'web', web).mount('/data', Volume.emptyDir({ sizeLimit: Size.mebibytes(16) }));",
  },
});
