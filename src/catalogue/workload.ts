import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** What holds for workloads and their pods. */
export const WORKLOAD = rules({
  'job/mesh-proxy': {
    severity: WARNING,
    practices: [],
    title: 'The proxy of a mesh in the pods of a Job ends with the work',
    reason: 'Where it is no native sidecar, the proxy goes on running and the Job never completes.',
    fix:
      "Ask for a native sidecar with podAnnotations: { 'sidecar.istio.io/nativeSidecar': 'true' }, or leave the " +
      'Job out of the mesh',
    bad: "new Job(chart, 'migrate', { image, podLabels: { 'sidecar.istio.io/inject': 'true' } });",
    good:
      "new Job(chart, 'migrate', { image, podLabels: { 'sidecar.istio.io/inject': 'true' }, podAnnotations: { " +
      "'sidecar.istio.io/nativeSidecar': 'true' } });",
  },
  'job/parallelism': {
    severity: ERROR,
    practices: [],
    title: 'No more pods run at once than must succeed',
    reason: 'Kubernetes starts no more pods than completions are left.',
    fix: "Raise 'completions' or lower 'parallelism'",
    bad: "new Job(chart, 'migrate', { image, completions: 2, parallelism: 3 });",
    good: "new Job(chart, 'migrate', { image, completions: 3, parallelism: 3 });",
  },
  'workload/controller-variable': {
    severity: ERROR,
    practices: [],
    title: 'A variable that the controller adds is not declared as a literal',
    reason: 'The controller keeps the literal, and all pods have the same value.',
    fix: 'Remove the variable',
    bad: "new Job(chart, 'migrate', { image, completions: 2, indexed: true, env: { JOB_COMPLETION_INDEX: '0' } });",
    good: "new Job(chart, 'migrate', " + '{ image, completions: 2, indexed: true });',
  },
  'workload/drain': {
    severity: ERROR,
    practices: ['CH05-19'],
    title: 'The drain is shorter than the termination grace period',
    reason: 'The process is killed before it has time to stop.',
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
    title: 'A path of a container has one mount',
    reason: 'The API server refuses two mounts at one path.',
    fix: 'Choose another path, or remove one of the mounts',
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
    title: 'Workloads of one namespace have names of their own',
    reason: 'Two workloads of one name select the pods of each other: each serves the requests of the other.',
    fix: 'Rename one of them',
    bad: "for (const id of ['a', 'b']) new WebService(chart, id, { ...web, name: 'web' });",
    good: "for (const id of ['a', 'b']) new WebService(chart, id, web);",
  },
  'workload/duplicate-port': {
    severity: ERROR,
    practices: [],
    title: 'Ports of a pod have names and numbers of their own',
    reason: 'A Service would take the one for the other, and the API server refuses two ports of one name.',
    fix: 'Change the name or the number of one of them',
    bad: "new WebService(chart, 'web', { ...web, extraPorts: [{ name: 'http', port: 9090 }] });",
    good: "new WebService(chart, 'web', { ...web, extraPorts: [{ name: 'metrics', port: 9090 }] });",
  },
  'workload/duplicate-variable': {
    severity: ERROR,
    practices: [],
    title: 'A variable of a container is set once',
    reason: 'The last one would count, and which that is depends on the order of calls.',
    fix: 'Remove one of the two',
    bad: "new WebService(chart, 'web', { ...web, env: { LEVEL: 'info' } }).addEnv('LEVEL', 'debug');",
    good: "new WebService(chart, 'web', web).addEnv('LEVEL', 'debug');",
  },
  'workload/env-from-key': {
    severity: ERROR,
    practices: ['CH04-21'],
    title: 'Keys that become variables are names of variables, and their content is text',
    reason: 'The kubelet skips other keys, older ones without a word.',
    fix: 'Rename the key, or read the ConfigMap as files',
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
    title: 'The disk of a container has room for its writable directories',
    reason: 'The kubelet evicts the pod before they are full.',
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
    title: 'Pods of others do not have the label by which a block selects its pods',
    reason: 'The Service of the block sends requests to them, and its policy and its budget hold for them.',
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
    reason: 'Kubernetes gives them another class otherwise, without a word.',
    fix: "Leave the limits out, or leave 'quality' out",
    bad:
      "new WebService(chart, 'web', { ...web, quality: 'guaranteed', resources: Resources.withoutCpuLimit({ cpu: " +
      'Cpu.units(1), memory: Size.gibibytes(1) }) });',
    good:
      "new WebService(chart, 'web', { ...web, quality: 'guaranteed', resources: Resources.of({ cpu: " +
      'Cpu.units(1), memory: Size.gibibytes(1) }) });',
  },
  'workload/identity-label': {
    severity: ERROR,
    practices: ['CH06-07'],
    title: 'The label that selects the pods is the name of the workload',
    reason: 'The selector is immutable. With another value, it would select no pod, or those of others.',
    fix: "Set 'name' instead",
    bad: "new WebService(chart, 'web', { ...web, labels: { 'app.kubernetes.io/instance': 'mine' } });",
    good: "new WebService(chart, 'web', { ...web, name: 'mine' });",
  },
  'workload/image-registry': {
    severity: ERROR,
    practices: ['CH01-06'],
    title: 'Images come from the registries that are listed',
    reason: 'An image from elsewhere was built and scanned by nobody you know.',
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
    reason: "What 'latest' means changes between two pods of one Deployment, and a rollback brings nothing back.",
    fix: 'Give the version to run, by a tag, a digest or both',
    bad: "new WebService(chart, 'web', { ...web, image: 'ghcr.io/acme/web:latest' });",
    good: "new WebService(chart, 'web', { ...web, image: 'ghcr.io/acme/web:1.4.2' });",
  },
  'workload/item-path-clash': {
    severity: ERROR,
    practices: ['CH04-11'],
    title: 'Keys of a mounted volume have paths that can be files beside each other',
    reason: 'Two keys at one path, or a file and a directory of one name, cannot be written.',
    fix: 'Give each key a path of its own',
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
    title: 'No limit is below its request',
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
    title: 'Liveness asks something else than readiness',
    reason: 'Readiness fails when a dependency does. The same check as liveness would restart every replica then.',
    fix: 'Use another path, or say it with Probe.sameAsReadiness()',
    bad: "new WebService(chart, 'web', { ...web, liveness: Probe.httpGet('/readyz') });",
    good: "new WebService(chart, 'web', { ...web, liveness: Probe.httpGet('/healthz') });",
  },
  'workload/memory-volume': {
    severity: ERROR,
    practices: [],
    title: 'A volume in memory fits into the memory limit',
    reason: 'It counts as memory of the containers that mount it, and they would be killed.',
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
    title: 'A mount hides no files of the image',
    reason: 'A directory that is mounted replaces what the image has there.',
    fix: 'Mount below it, or say hidesImageFiles: true',
    bad:
      "new WebService(chart, 'web', web).mount('/usr/local/bin', new VersionedConfigMap(chart, 'config', { data: " +
      "{ a: 'b' } }));",
    good:
      "new WebService(chart, 'web', web).mount('/usr/local/bin/conf.d', new VersionedConfigMap(chart, 'config', " +
      "{ data: { a: 'b' } }));",
  },
  'workload/moving-tag': {
    severity: WARNING,
    practices: ['CH01-08'],
    title: 'The tag of an image is a version or a commit',
    reason: 'Other tags get moved: two pods of one Deployment run two builds.',
    fix: 'Add the digest, or use a version tag',
    bad: "new WebService(chart, 'web', { ...web, image: 'ghcr.io/acme/web:stable' });",
    good: "new WebService(chart, 'web', { ...web, image: 'ghcr.io/acme/web:1.4.2' });",
  },
  'workload/needed-token': {
    severity: ERROR,
    practices: [],
    title: 'A process that works by the API server has a token',
    reason: 'Without it, the API server refuses each of its requests.',
    fix: "Leave 'serviceAccountToken' out",
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
    title: 'A block with OwnPods says which object runs them',
    reason: 'Without it, quotas, capacity and inventory would count no pods of the block.',
    fix: 'Pass the Deployment, or whatever runs the pods, to runBy(...)',
    bad: "new OwnPods(new Construct(chart, 'cache'));",
    good:
      "new OwnPods(new Construct(chart, 'cache')).runBy(new ApiObject(chart, 'pod', { apiVersion: 'v1', kind: " +
      "'Pod' }));",
  },
  'workload/no-readiness': {
    severity: ERROR,
    practices: ['CH05-17'],
    title: 'A service has a readiness check',
    reason: 'Without one, clients are sent to pods that have not started.',
    fix: "Give Probe.httpGet('/readyz'), or Probe.portOnly() for a server without a health path",
    bad: "new WebService(chart, 'web', { ...web, readiness: Probe.none() });",
    good: "new WebService(chart, 'web', { ...web, readiness: Probe.portOnly() });",
  },
  'workload/portless-liveness': {
    severity: ERROR,
    practices: [],
    title: 'Liveness of a workload without ports is a command',
    reason: 'Nothing listens that could be asked over the network.',
    fix: 'Use Probe.exec(...), or leave it out',
    bad: "new Job(chart, 'migrate', { image, liveness: Probe.httpGet('/healthz') });",
    good: "new Job(chart, 'migrate', { image, liveness: Probe.exec(['my-check']) });",
  },
  'workload/privileged-port': {
    severity: ERROR,
    practices: ['DX-21'],
    title: 'A container listens on a port from 1024 up',
    reason: 'The process does not run as root, and may not open a lower one.',
    fix: "Let it listen on another port, and set 'service.port' for clients",
    bad: "new WebService(chart, 'web', { ...web, port: 80 });",
    good: "new WebService(chart, 'web', { ...web, port: 8080, service: { port: 80 } });",
  },
  'workload/progress-deadline': {
    severity: ERROR,
    practices: ['CH05-36'],
    title: 'The deadline of a rollout is later than the time that a pod may take',
    reason: 'A rollout that goes well would be reported as failed.',
    fix: "Raise 'progressDeadline'",
    bad:
      "new WebService(chart, 'web', { ...web, minReady: Duration.seconds(60), progressDeadline: " +
      'Duration.seconds(60) });',
    good:
      "new WebService(chart, 'web', { ...web, minReady: Duration.seconds(60), progressDeadline: " +
      'Duration.minutes(10) });',
  },
  'workload/rollout-stuck': {
    severity: ERROR,
    practices: ['CH05-16'],
    title: 'A rollout may add a pod or take one away',
    reason: 'With neither, it never moves.',
    fix: "Leave 'maxSurge' out for 1",
    bad: "new WebService(chart, 'web', { ...web, rollout: Rollout.rolling({ maxSurge: 0, maxUnavailable: 0 }) });",
    good: "new WebService(chart, 'web', { ...web, rollout: Rollout.rolling({ maxSurge: 1, maxUnavailable: 0 }) });",
  },
  'workload/rollout-takes-all': {
    severity: ERROR,
    practices: ['DX-16'],
    title: 'A rollout leaves pods running',
    reason: 'It would take all pods away at once, and nobody answers.',
    fix: "Leave 'maxUnavailable' out for 0, or use Rollout.recreate() if downtime is meant",
    bad: "new WebService(chart, 'web', { ...web, replicas: 2, rollout: Rollout.rolling({ maxUnavailable: 2 }) });",
    good: "new WebService(chart, 'web', { ...web, replicas: 2, rollout: Rollout.rolling({ maxUnavailable: 1 }) });",
  },
  'workload/root-user': {
    severity: ERROR,
    practices: [],
    title: 'A container runs as a user other than root',
    reason: 'Pod Security restricted refuses root, and the id must be one that Linux has.',
    fix: 'Use the UID of the image, or false where the platform assigns one',
    bad: "new WebService(chart, 'web', { ...web, user: 0 });",
    good: "new WebService(chart, 'web', { ...web, user: 1000 });",
  },
  'workload/same-as-readiness': {
    severity: ERROR,
    practices: [],
    title: 'Probe.sameAsReadiness() stands where there is a readiness check to share',
    reason: 'A check that refers to itself, or to none, checks nothing.',
    fix: 'Use Probe.httpGet(...), or give a readiness check',
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
    title: 'A volume for one node or one pod is not shared',
    reason: 'The second pod stays pending, or a rollout never ends.',
    fix: 'Use a claim that all can use, one pod at a time, or a block with volumes of its own, such as Redis',
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
    title: 'A ConfigMap or Secret whose content can change is not mounted by subPath',
    reason:
      'The file keeps the content with which the container started: a renewed certificate or password never arrives.',
    fix: 'Mount the directory, or name the version: VersionedConfigMap, VersionedSecret',
    bad:
      "new WebService(chart, 'web', web).mountSecret('/etc/web/tls.key', SecretRef.named('web-tls'), { subPath: " +
      "'tls.key' });",
    good: "new WebService(chart, 'web', web).mountSecret('/etc/web', SecretRef.named('web-tls'));",
  },
  'workload/sub-path-watch': {
    severity: ERROR,
    practices: ['CH04-12'],
    title: 'A ConfigMap that is watched is not mounted by subPath',
    reason: 'Such a mount never sees an update.',
    fix: "Mount the directory, or use reload: 'version'",
    bad:
      "const config = new VersionedConfigMap(chart, 'config', { data: { a: 'b' }, reload: 'watch' });\nnew " +
      "WebService(chart, 'web', web).mount('/etc/web/a', config, { subPath: 'a' });",
    good:
      "const config = new VersionedConfigMap(chart, 'config', { data: { a: 'b' }, reload: 'watch' });\nnew " +
      "WebService(chart, 'web', web).mount('/etc/web', config);",
  },
  'workload/undeclared-variable': {
    severity: ERROR,
    practices: ['CH04-22'],
    title: '$(NAME) stands for a variable that the container declares',
    reason: 'Kubernetes leaves an unknown reference as it is, and the process gets the text.',
    fix: "Add the variable to 'env', or write $$(NAME) for the text itself",
    bad: "new WebService(chart, 'web', { ...web, args: ['--url=$(URL)'] });",
    good: "new WebService(chart, 'web', { ...web, args: ['--url=$(URL)'], env: { URL: 'http://cart' } });",
  },
  'workload/variable-circle': {
    severity: ERROR,
    practices: ['CH04-22'],
    title: 'Variables do not refer to each other in a circle',
    reason: 'A reference is replaced only where its variable comes before.',
    fix: 'Break the circle',
    bad: "new WebService(chart, 'web', { ...web, env: { A: '$(B)', B: '$(A)' } });",
    good: "new WebService(chart, 'web', { ...web, env: { A: '$(B)', B: 'b' } });",
  },
  'workload/variable-order': {
    severity: ERROR,
    practices: ['CH04-22'],
    title: 'No variable refers to one that the controller adds last',
    reason: 'A reference is replaced only where its variable comes before.',
    fix: "Use it in 'command' or 'args'",
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
    title: 'A mounted volume is of a type that Pod Security restricted admits',
    reason: 'Pods with another one, such as hostPath, are refused in the namespace.',
    fix: 'Use a claim',
    bad:
      "new WebService(chart, 'web', web).mount('/data', kplus.Volume.fromHostPath(chart, 'host', 'host', { path: " +
      "'/data' }));",
    good: "new WebService(chart, 'web', web).mount('/data', Volume.emptyDir({ sizeLimit: Size.mebibytes(16) }));",
  },
});
