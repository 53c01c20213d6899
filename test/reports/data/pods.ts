import { Duration, Size } from 'cdk8s';
import { PersistentVolumeAccessMode, PersistentVolumeClaim } from 'cdk8s-plus-27';
import { Autoscaling, Job, Redis, Rollout, SecretRef, StaticSite, Volume, WebService } from '../../../src';
import { type Manifest, only, WEB } from '../../support';
import { report, refused, right, told, type Report, type Seen } from '../report';

const podOf = ({ manifests }: Seen, kind = 'Deployment'): Manifest => only(manifests, kind).spec.template.spec;

const nginxOf = (manifests: Manifest[]): string => only(manifests, 'ConfigMap').data['nginx.conf'] as string;

export const PODS: readonly Report[] = [
  report(
    'kubernetes-up-and-running/kuard#43, prometheus/statsd_exporter#406',
    'runAsNonRoot with an image whose user is a name',
    (chart) => new WebService(chart, 'kuard', { ...WEB, image: 'gcr.io/kuar-demo/kuard-amd64:v0.10.0-blue' }),
    right('the user is a number, 65532', (seen) =>
      expect(podOf(seen).securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532 }),
    ),
  ),
  report(
    'kubernetes/kubernetes#130192, Yelp/paasta#4354',
    'each start walks through all files of a large volume',
    (chart) => {
      const claim = new PersistentVolumeClaim(chart, 'files', {
        accessModes: [PersistentVolumeAccessMode.READ_WRITE_ONCE],
        storage: Size.gibibytes(500),
      });
      new WebService(chart, 'web', { ...WEB, replicas: 1, rollout: Rollout.recreate() }).mount(
        '/srv/files',
        Volume.claim(claim.name),
      );
    },
    right('fsGroupChangePolicy: OnRootMismatch', (seen) =>
      expect(podOf(seen).securityContext.fsGroupChangePolicy).toBe('OnRootMismatch'),
    ),
  ),
  report(
    'bitnami/charts#15467, valkey-io/valkey-helm#44',
    'pods that Pod Security restricted refuses: no seccomp profile, capabilities kept',
    (chart) =>
      new Redis(chart, 'redis', {
        password: { secret: SecretRef.named('redis'), key: 'passwd' },
        storage: Size.gibibytes(1),
      }),
    right('all containers are restricted', (seen) => {
      const pod = podOf(seen, 'StatefulSet');
      expect(pod.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' });
      for (const { securityContext } of [...pod.containers, ...(pod.initContainers ?? [])] as Manifest[]) {
        expect(securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        });
      }
    }),
  ),
  report(
    'OT-CONTAINER-KIT/redis-operator#1823',
    'an init container without the security of the main one',
    (chart) =>
      new WebService(chart, 'web', {
        ...WEB,
        initContainers: [{ name: 'init-config', image: 'ghcr.io/acme/init:1.0.0' }],
      }),
    right('init containers and sidecars have the same security', (seen) => {
      const { initContainers, containers } = podOf(seen);
      expect(initContainers[0].securityContext).toEqual(containers[0].securityContext);
    }),
  ),
  report(
    'kubernetes/kubernetes#63126, kubernetes/website#36494, truecharts/library-charts#604',
    'a volume in memory without a limit, or with one above that of the container',
    (chart) =>
      new WebService(chart, 'web', WEB).mount(
        '/dev/shm',
        Volume.emptyDir({ sizeLimit: Size.gibibytes(1), inMemory: true }),
      ),
    refused('workload/memory-volume'),
  ),
  report(
    'kyma-project/kyma#5009',
    'a scratch directory without a limit',
    (chart) => new WebService(chart, 'web', { ...WEB, writablePaths: ['/var/lib/broker'] }),
    right('each scratch directory has a limit, and the disk of the container holds all', (seen) => {
      const { volumes, containers } = podOf(seen);
      for (const { emptyDir } of volumes as Manifest[]) expect(emptyDir.sizeLimit).toBe('64Mi');
      expect(containers[0].resources.limits['ephemeral-storage']).toBe('320Mi');
    }),
  ),
  report(
    'kubernetes/enhancements#3960, kubernetes/kubernetes#127094',
    'a sleep of 0 seconds before the stop is refused before 1.33',
    (chart) => new WebService(chart, 'web', { ...WEB, drain: Duration.seconds(0) }),
    right('no hook is written', (seen) => expect(podOf(seen).containers[0].lifecycle).toBeUndefined()),
  ),
  report(
    'zendesk/samson#3474',
    'a drain as long as the time to stop: the process is killed in it',
    (chart) => new WebService(chart, 'web', { ...WEB, drain: Duration.seconds(30) }),
    refused('workload/drain'),
  ),
  report(
    'bitnami#24149, argo-helm#324, argo-helm#441',
    'OpenShift refuses fixed users',
    (chart) => {
      new WebService(chart, 'web', { ...WEB, user: false });
      new Job(chart, 'job', { image: WEB.image, user: false });
    },
    right('user: false leaves the user to the platform', (seen) => {
      expect(podOf(seen).securityContext.runAsUser).toBeUndefined();
      expect(podOf(seen, 'Job').securityContext.fsGroup).toBeUndefined();
    }),
  ),
  report(
    'docker-nginx-unprivileged#60, ingress-nginx#5997',
    'nginx redirects to port 8080 of the container',
    (chart) => new StaticSite(chart, 'site', { image: 'ghcr.io/acme/site:1.4.2' }),
    right('absolute_redirect off', ({ manifests }) =>
      expect(JSON.stringify(only(manifests, 'ConfigMap').data)).toContain('absolute_redirect off'),
    ),
  ),
  report(
    'docker-php#199, nginx-gateway-fabric#5374, giantswarm#403',
    'worker_processes auto starts a process for each core of the node, and memory runs out',
    (chart) => new StaticSite(chart, 'docs', { image: 'ghcr.io/acme/docs:2.0.0' }),
    right('two worker processes', ({ manifests }) =>
      expect(JSON.stringify(only(manifests, 'ConfigMap').data)).toMatch(/worker_processes 2;/),
    ),
  ),
  report(
    'dapr/dapr#7813, linkerd/linkerd2#1480',
    'an autoscaler waits for the request of a sidecar that has none',
    (chart) =>
      new WebService(chart, 'web', {
        ...WEB,
        autoscaling: Autoscaling.onCpu({ min: 2, max: 6, target: 80 }),
        sidecars: [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' }],
      }),
    right('sidecars have requests by default', (seen) =>
      expect(podOf(seen).initContainers[0].resources.requests).toMatchObject({ cpu: '100m', memory: '128Mi' }),
    ),
  ),
  report(
    'ory/k8s#247, OpenHands-Cloud#495, nautobot#744',
    'a migration in an init container runs in each replica, at each start',
    (chart) => {
      new Job(chart, 'migration', { image: WEB.image, args: ['migrate'] });
      new WebService(chart, 'web', WEB);
    },
    told('web-service', 'A migration is no init container', (seen) =>
      expect(podOf(seen).initContainers).toBeUndefined(),
    ),
  ),
  report(
    'kubernetes/kubernetes#58477, helm/helm#31529',
    'a variable of a container that is set twice',
    (chart) => new WebService(chart, 'web', { ...WEB, env: { LEVEL: 'info' } }).addEnv('LEVEL', 'debug'),
    refused('workload/duplicate-variable'),
  ),
  report(
    'kubernetes/kubernetes#73118, kubernetes/kubernetes#25908',
    'a sidecar keeps running, and the Job never completes',
    (chart) =>
      new Job(chart, 'import', {
        image: WEB.image,
        sidecars: [{ name: 'proxy', image: 'ghcr.io/acme/sql-proxy:1.0.0' }],
      }),
    right('a native sidecar ends with the work', (seen) =>
      expect(podOf(seen, 'Job').initContainers[0]).toMatchObject({ name: 'proxy', restartPolicy: 'Always' }),
    ),
  ),
  report(
    'opentakeoff#233, Polaris#115, pdf.js#17296',
    'modules of JavaScript (.mjs) have a type that browsers refuse',
    (chart) => new StaticSite(chart, 'modules', { image: 'ghcr.io/acme/pdf:1.0.0' }),
    right('text/javascript', ({ manifests }) => expect(nginxOf(manifests)).toMatch(/text\/javascript mjs/)),
  ),
  report(
    'prompt#2083, akb#172, fundament#355',
    'the page of a single-page app in place of a missing file',
    (chart) => new StaticSite(chart, 'app', { image: 'ghcr.io/acme/app:1.0.0', fallback: '/index.html' }),
    right('a missing asset is 404', ({ manifests }) =>
      expect(nginxOf(manifests)).toMatch(/\|css\|[^{]*\{\s*try_files \$uri =404;/),
    ),
  ),
  report(
    'trusted-server#860, gc-digital-talent#14144, odh-dashboard#7804',
    'files with a hash in their name are not cached, and others for a year',
    (chart) => new StaticSite(chart, 'bundles', { image: 'ghcr.io/acme/bundles:1.0.0' }),
    right('hashes of bundlers of today are cached, dates are not', ({ manifests }) => {
      const patterns = [...nginxOf(manifests).matchAll(/"~(.*)" "public/g)].map(([, pattern]) => new RegExp(pattern));
      const cached = (uri: string) => patterns.some((pattern) => pattern.test(uri));
      expect(cached('/assets/index-DrRJxksg.js')).toBe(true);
      expect(cached('/report-20240101.js')).toBe(false);
    }),
  ),
];
