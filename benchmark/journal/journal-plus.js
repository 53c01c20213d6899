'use strict';
// The same objects with cdk8s-plus-27 alone, field by field as far as its API goes.
const { ApiObject, Duration, JsonPatch, Size } = require('cdk8s');
const kplus = require('cdk8s-plus-27');
// what the journal of ours writes into its two generated ConfigMaps: text to copy, on both sides
const { redisFiles, siteFiles } = require('./generated-files');

const SECURITY = {
  ensureNonRoot: true,
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  privileged: false,
  capabilities: { drop: ['ALL'] },
};
const podSecurity = (user) => ({ ensureNonRoot: true, user, group: user, fsGroup: user, fsGroupChangePolicy: kplus.FsGroupChangePolicy.ON_ROOT_MISMATCH });
const resources = (cpu, most, memory) => ({
  cpu: { request: kplus.Cpu.millis(cpu), limit: kplus.Cpu.millis(most) },
  memory: { request: memory, limit: memory },
  // it takes whole gibibytes only
  ephemeralStorage: { request: Size.gibibytes(1), limit: Size.gibibytes(1) },
});
const seconds = (amount) => Duration.seconds(amount);

exports.journal = function journal(chart, number) {
  const id = (name) => `${name}-${number}`;
  const host = `journal-${number}.example.com`;
  const password = kplus.Secret.fromSecretName(chart, id('passwd'), `${id('passwd')}-v1`);

  const meta = (name, component, version) => ({
    name,
    labels: {
      'app': name,
      'app.kubernetes.io/name': name,
      'app.kubernetes.io/instance': name,
      'app.kubernetes.io/component': component,
      'app.kubernetes.io/managed-by': 'cdk8s',
      ...(version ? { 'app.kubernetes.io/version': version } : {}),
    },
  });
  const configMap = (name, data) => new kplus.ConfigMap(chart, name, { metadata: meta(name, 'config'), data, immutable: true });
  const serviceAccount = (name, component) => new kplus.ServiceAccount(chart, `${name}-account`, { metadata: meta(name, component), automountToken: false });
  const workload = (name, component, version, user) => ({
    metadata: meta(name, component, version),
    podMetadata: { labels: meta(name, component, version).labels },
    select: false,
    serviceAccount: serviceAccount(name, component),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurity(user),
    minReady: seconds(5),
  });
  const select = (controller, name) => controller.select(kplus.LabelSelector.of({ labels: instance(name) }));
  const service = (name, component, selector, port, portName, more = {}) => {
    const made = new kplus.Service(chart, `${name}-service`, { metadata: meta(name, component), ports: [{ name: portName, port, targetPort: port }], ...more });
    for (const [key, value] of Object.entries(selector)) made.selectLabel(key, value);
    return made;
  };
  const instance = (name) => ({ 'app.kubernetes.io/instance': name });
  const budget = (name, component) => new kplus.k8s.KubePodDisruptionBudget(chart, `${name}-budget`, {
    metadata: meta(name, component),
    spec: { maxUnavailable: kplus.k8s.IntOrString.fromNumber(1), selector: { matchLabels: instance(name) }, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
  });
  const policy = (name, component, controller, peers, port) => new kplus.NetworkPolicy(chart, `${name}-policy`, {
    metadata: meta(name, component),
    selector: controller,
    ingress: { rules: peers.map((peer) => ({ peer, ports: [kplus.NetworkPolicyPort.tcp(port)] })) },
  });
  const pods = (name, labels) => kplus.Pods.select(chart, name, { labels });

  const spread = (controller) => {
    const hosts = [kplus.Topology.HOSTNAME, kplus.Topology.ZONE].map((topology) => ({
      topologyKey: topology.key, maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: instance(controller.name) },
    }));
    ApiObject.of(controller).addJsonPatch(JsonPatch.add('/spec/template/spec/topologySpreadConstraints', hosts));
  };
  const scratch = (container, name) => container.mount('/tmp', kplus.Volume.fromEmptyDir(chart, `${name}-tmp`, 'tmp', { sizeLimit: Size.mebibytes(64) }));

  // redis
  const redisName = id('redis');
  const scripts = configMap(`${redisName}-files`, redisFiles(redisName));
  const members = service(`${redisName}-members`, 'database', instance(redisName), 6379, 'redis', { clusterIP: 'None', publishNotReadyAddresses: true });
  const redis = new kplus.StatefulSet(chart, redisName, { ...workload(redisName, 'database', '7.2.11-bookworm', 999), replicas: 3, service: members, terminationGracePeriod: seconds(60) });
  select(redis, redisName);
  const redisContainer = redis.addContainer({
    name: 'redis',
    image: 'docker.io/library/redis:7.2.11-bookworm',
    imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
    command: ['sh', '/opt/redis/launch.sh'],
    ports: [{ name: 'redis', number: 6379 }],
    resources: resources(250, 1000, Size.mebibytes(448)),
    securityContext: { ...SECURITY, user: 999, group: 999 },
    readiness: kplus.Probe.fromCommand(['sh', '/opt/redis/ready.sh'], { periodSeconds: seconds(5), timeoutSeconds: seconds(5), failureThreshold: 3 }),
    liveness: kplus.Probe.fromCommand(['sh', '/opt/redis/alive.sh'], { periodSeconds: seconds(10), timeoutSeconds: seconds(5), failureThreshold: 3 }),
    startup: kplus.Probe.fromCommand(['sh', '/opt/redis/alive.sh'], { periodSeconds: seconds(2), timeoutSeconds: seconds(5), failureThreshold: 150 }),
  });
  scratch(redisContainer, redisName);
  redisContainer.mount('/opt/redis', kplus.Volume.fromConfigMap(chart, `${redisName}-scripts`, scripts, { name: 'redis' }), { readOnly: true });
  redisContainer.mount('/run/redis', kplus.Volume.fromEmptyDir(chart, `${redisName}-runtime`, 'runtime', { medium: kplus.EmptyDirMedium.MEMORY, sizeLimit: Size.mebibytes(1) }));
  redisContainer.mount('/var/run/secrets/redis', kplus.Volume.fromSecret(chart, `${redisName}-passwd`, password, { name: 'passwd', defaultMode: 0o440, items: { passwd: { path: 'password' } } }), { readOnly: true });
  // cdk8s-plus has no claim templates
  ApiObject.of(redis).addJsonPatch(
    JsonPatch.add('/spec/volumeClaimTemplates', [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', labels: instance(redisName) }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: kplus.k8s.Quantity.fromString('10Gi') } } } }]),
    JsonPatch.add('/spec/template/spec/containers/0/volumeMounts/-', { name: 'data', mountPath: '/data' }),
  );
  spread(redis);
  service(redisName, 'database', { ...instance(redisName), 'statefulset.kubernetes.io/pod-name': `${redisName}-0` }, 6379, 'redis');
  service(`${redisName}-read`, 'database', instance(redisName), 6379, 'redis');
  budget(redisName, 'database');

  // frontend
  const frontendName = id('frontend');
  const config = configMap(id('config'), { 'journal.json': JSON.stringify({ entriesPerPage: 10 }) });
  const frontend = new kplus.Deployment(chart, frontendName, {
    ...workload(frontendName, 'web', '1.4.2', 65532),
    progressDeadline: seconds(600),
    strategy: kplus.DeploymentStrategy.rollingUpdate({ maxSurge: kplus.PercentOrAbsolute.absolute(1), maxUnavailable: kplus.PercentOrAbsolute.absolute(0) }),
  });
  select(frontend, frontendName);
  const server = frontend.addContainer({
    name: 'main',
    image: 'ghcr.io/example/journal-server:1.4.2',
    imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
    ports: [{ name: 'http', number: 8080 }],
    resources: resources(500, 2000, Size.gibibytes(1)),
    securityContext: { ...SECURITY, user: 65532, group: 65532 },
    readiness: kplus.Probe.fromHttpGet('/readyz', { port: 8080, periodSeconds: seconds(5), timeoutSeconds: seconds(2), failureThreshold: 3 }),
    liveness: kplus.Probe.fromHttpGet('/healthz', { port: 8080, periodSeconds: seconds(10), timeoutSeconds: seconds(2), failureThreshold: 3 }),
    lifecycle: { preStop: kplus.Handler.fromCommand(['sleep', '5']) },
    envVariables: {
      REDIS_HOST: kplus.EnvValue.fromValue(redisName),
      REDIS_PORT: kplus.EnvValue.fromValue('6379'),
      REDIS_READ_HOST: kplus.EnvValue.fromValue(`${redisName}-read`),
      REDIS_PASSWORD_FILE: kplus.EnvValue.fromValue('/var/run/secrets/redis/passwd'),
    },
  });
  scratch(server, frontendName);
  server.mount('/etc/journal', kplus.Volume.fromConfigMap(chart, `${frontendName}-config`, config, { name: 'config' }), { readOnly: true });
  server.mount('/var/run/secrets/redis', kplus.Volume.fromSecret(chart, `${frontendName}-passwd`, password, { name: 'passwd', defaultMode: 0o440, items: { passwd: { path: 'passwd' } } }), { readOnly: true });
  spread(frontend);
  const frontendService = service(frontendName, 'web', instance(frontendName), 8080, 'http');
  budget(frontendName, 'web');
  new kplus.HorizontalPodAutoscaler(chart, `${frontendName}-autoscaler`, {
    metadata: meta(frontendName, 'web'),
    target: frontend,
    minReplicas: 3,
    maxReplicas: 10,
    metrics: [kplus.Metric.resourceCpu(kplus.MetricTarget.averageUtilization(80))],
  });

  // site
  const siteName = id('site');
  const nginx = configMap(`${siteName}-nginx`, siteFiles);
  const site = new kplus.Deployment(chart, siteName, {
    ...workload(siteName, 'web', '1.4.2', 65532),
    replicas: 2,
    progressDeadline: seconds(600),
    strategy: kplus.DeploymentStrategy.rollingUpdate({ maxSurge: kplus.PercentOrAbsolute.absolute(1), maxUnavailable: kplus.PercentOrAbsolute.absolute(0) }),
  });
  select(site, siteName);
  const files = site.addContainer({
    name: 'main',
    image: 'ghcr.io/example/journal-site:1.4.2',
    imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
    command: ['nginx'],
    args: ['-c', '/etc/nginx-site/nginx.conf', '-g', 'daemon off;'],
    ports: [{ name: 'http', number: 8080 }],
    resources: resources(50, 200, Size.mebibytes(64)),
    securityContext: { ...SECURITY, user: 65532, group: 65532 },
    readiness: kplus.Probe.fromHttpGet('/healthz', { port: 8080, periodSeconds: seconds(5), timeoutSeconds: seconds(2), failureThreshold: 3 }),
    liveness: kplus.Probe.fromTcpSocket({ port: 8080, periodSeconds: seconds(10), timeoutSeconds: seconds(2), failureThreshold: 3 }),
    lifecycle: { preStop: kplus.Handler.fromCommand(['sleep', '5']) },
  });
  scratch(files, siteName);
  files.mount('/etc/nginx-site', kplus.Volume.fromConfigMap(chart, `${siteName}-conf`, nginx, { name: 'site-nginx' }), { readOnly: true });
  spread(site);
  const siteService = service(siteName, 'web', instance(siteName), 8080, 'http');
  budget(siteName, 'web');

  // policies and ingress
  const controller = kplus.Namespaces.select(chart, id('traefik'), { labels: { 'kubernetes.io/metadata.name': 'traefik' } });
  policy(redisName, 'database', redis, [pods(`${redisName}-peers`, instance(redisName)), pods(`${redisName}-clients`, instance(frontendName))], 6379);
  policy(frontendName, 'web', frontend, [controller], 8080);
  policy(siteName, 'web', site, [controller], 8080);
  const ingress = new kplus.Ingress(chart, id('routing'), {
    metadata: { ...meta(id('routing'), 'routing'), annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt' } },
    className: 'traefik',
    tls: [{ hosts: [host], secret: kplus.Secret.fromSecretName(chart, id('tls'), `${id('routing')}-tls`) }],
  });
  ingress.addHostRule(host, '/api', kplus.IngressBackend.fromService(frontendService));
  ingress.addHostRule(host, '/', kplus.IngressBackend.fromService(siteService));
};
