'use strict';
// The fleet with cdk8s-plus-27 alone: the same kinds of objects, with the fields that its API has. usage: with-plus.js COUNT FOLDER
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { ApiObject, App, Chart, Duration, JsonPatch, Size } = require('cdk8s');
const kplus = require('cdk8s-plus-27');
const { service } = require('./service');

const [count, outdir] = process.argv.slice(2);
const app = new App({ outdir });
for (let number = 1; number <= Number(count); number++) addService(new Chart(app, service(number).name, { namespace: 'shop' }), service(number));
app.synth();
writeFileSync(join(outdir, '..', 'peak'), String(process.resourceUsage().maxRSS));

function addService(chart, { name, version, settings }) {
  const web = `${name}-web`;
  const instance = { 'app.kubernetes.io/instance': web };
  const meta = (more = {}) => ({
    name: web,
    labels: {
      'app': web, 'app.kubernetes.io/name': web, 'app.kubernetes.io/component': 'web', 'app.kubernetes.io/managed-by': 'cdk8s', ...instance, ...more,
    },
  });
  const seconds = (amount) => Duration.seconds(amount);
  const probe = { port: 8080, timeoutSeconds: seconds(2), failureThreshold: 3 };

  const config = new kplus.ConfigMap(chart, 'config', { data: { 'app.properties': settings }, immutable: true });
  const serviceAccount = new kplus.ServiceAccount(chart, 'account', { metadata: meta(), automountToken: false });
  const deployment = new kplus.Deployment(chart, 'web', {
    metadata: meta({ 'app.kubernetes.io/version': version }),
    podMetadata: { labels: meta({ 'app.kubernetes.io/version': version }).labels },
    select: false,
    serviceAccount,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    replicas: 2,
    minReady: seconds(5),
    progressDeadline: seconds(600),
    strategy: kplus.DeploymentStrategy.rollingUpdate({ maxSurge: kplus.PercentOrAbsolute.absolute(1), maxUnavailable: kplus.PercentOrAbsolute.absolute(0) }),
    securityContext: { ensureNonRoot: true, user: 65532, group: 65532, fsGroup: 65532, fsGroupChangePolicy: kplus.FsGroupChangePolicy.ON_ROOT_MISMATCH },
  });
  deployment.select(kplus.LabelSelector.of({ labels: instance }));
  const container = deployment.addContainer({
    name: 'main',
    image: `ghcr.io/acme/${name}:${version}`,
    imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
    ports: [{ name: 'http', number: 8080 }],
    resources: {
      cpu: { request: kplus.Cpu.millis(100), limit: kplus.Cpu.millis(400) },
      memory: { request: Size.mebibytes(128), limit: Size.mebibytes(128) },
      // it takes whole gibibytes only
      ephemeralStorage: { request: Size.gibibytes(1), limit: Size.gibibytes(1) },
    },
    securityContext: { ensureNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, privileged: false, user: 65532, group: 65532, capabilities: { drop: ['ALL'] } },
    readiness: kplus.Probe.fromHttpGet('/readyz', { ...probe, periodSeconds: seconds(5) }),
    liveness: kplus.Probe.fromHttpGet('/livez', { ...probe, periodSeconds: seconds(10) }),
    lifecycle: { preStop: kplus.Handler.fromCommand(['sleep', '5']) },
  });
  container.mount('/tmp', kplus.Volume.fromEmptyDir(chart, 'tmp', 'tmp', { sizeLimit: Size.mebibytes(64) }));
  container.mount('/etc/app', kplus.Volume.fromConfigMap(chart, 'volume', config, { name: 'config' }), { readOnly: true });
  // it has no topology spread
  ApiObject.of(deployment).addJsonPatch(JsonPatch.add('/spec/template/spec/topologySpreadConstraints', [kplus.Topology.HOSTNAME, kplus.Topology.ZONE].map(({ key }) => ({
    topologyKey: key, maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: instance },
  }))));
  const front = new kplus.Service(chart, 'service', { metadata: meta(), ports: [{ name: 'http', port: 8080, targetPort: 8080 }] });
  for (const [key, value] of Object.entries(instance)) front.selectLabel(key, value);
  new kplus.NetworkPolicy(chart, 'policy', { metadata: meta(), selector: kplus.Pods.select(chart, 'pods', { labels: instance }), ingress: { default: kplus.NetworkPolicyTrafficDefault.DENY } });
  new kplus.k8s.KubePodDisruptionBudget(chart, 'budget', {
    metadata: meta(),
    spec: { maxUnavailable: kplus.k8s.IntOrString.fromNumber(1), selector: { matchLabels: instance }, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
  });
}
