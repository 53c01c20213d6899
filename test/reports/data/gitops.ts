import { Size } from 'cdk8s';
import {
  Cpu,
  ExternalService,
  ExternalTarget,
  HttpRouting,
  IngressController,
  Job,
  Resources,
  Tls,
  VersionedConfigMap,
  WebService,
} from '../../../src';
import { only, WEB } from '../../support';
import { report, right, told, type Report, type Seen } from '../report';

const container = ({ manifests }: Seen) => only(manifests, 'Deployment').spec.template.spec.containers[0];

export const GITOPS: readonly Report[] = [
  report(
    'argo-cd#21135, argo-cd#1615, argo-cd#17682',
    '1000m, 1024Mi and 10240Mi are never in sync',
    (chart) =>
      new WebService(chart, 'web', {
        ...WEB,
        resources: Resources.of({
          cpu: Cpu.millis(1000),
          memory: Size.mebibytes(1024),
          ephemeralStorage: Size.mebibytes(10240),
        }),
      }),
    right('amounts as the API server writes them', (seen) =>
      expect(container(seen).resources.requests).toEqual({ 'cpu': '1', 'memory': '1Gi', 'ephemeral-storage': '10Gi' }),
    ),
  ),
  report(
    'flux2#3378, argo-rollouts#2675',
    'a ConfigMap with a hash is pruned, and a rollback finds nothing',
    (chart) =>
      new VersionedConfigMap(chart, 'kept', {
        data: { a: 'b' },
        annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' },
      }),
    told('configuration', 'exclude ConfigMaps from pruning', ({ manifests }) =>
      expect(only(manifests, 'ConfigMap').metadata.annotations['kustomize.toolkit.fluxcd.io/prune']).toBe('disabled'),
    ),
  ),
  report(
    'argo-cd#5394',
    'an immutable ConfigMap cannot be synced',
    (chart) => new VersionedConfigMap(chart, 'fixed', { data: { a: 'c' } }),
    right('new content is a new name', ({ manifests }) => expect(only(manifests, 'ConfigMap').immutable).toBe(true)),
  ),
  report(
    'argoproj/argo-cd#25783, argoproj/argo-cd#24030',
    'Argo CD 3 leaves EndpointSlices out: a Service for addresses outside has none',
    (chart) => new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.addresses(['10.40.0.10']) }),
    told('gitops', '`EndpointSlice`', ({ manifests }) =>
      expect(only(manifests, 'EndpointSlice').endpoints).toHaveLength(1),
    ),
  ),
  report(
    'argoproj/argo-cd#18411, argoproj/argo-cd#1066, kyverno/kyverno#7245',
    'Argo CD writes its application into app.kubernetes.io/instance, and selectors find nothing',
    (chart) => new WebService(chart, 'web', WEB),
    told('gitops', 'app.kubernetes.io/instance', ({ manifests }) => {
      // the label of the pods is in the template, which Argo CD does not change
      const { selector, template } = only(manifests, 'Deployment').spec;
      expect(template.metadata.labels).toMatchObject(selector.matchLabels);
    }),
  ),
  report(
    'argoproj/argo-cd#8503, cybozu-go/neco#1937',
    'an object with that label looks like one of another application',
    (chart) => new VersionedConfigMap(chart, 'settings', { data: { a: 'b' } }),
    told('gitops', 'application.resourceTrackingMethod'),
  ),
  report(
    'gavinmcfall/home-ops#2425',
    'Flux replaces ${NAME} in scripts and configuration',
    (chart) =>
      new VersionedConfigMap(chart, 'scripts', {
        data: { 'run.sh': 'echo "${PLEX_TOKEN}"' },
        annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' },
      }),
    told('gitops', 'kustomize.toolkit.fluxcd.io/substitute', ({ manifests }) =>
      expect(only(manifests, 'ConfigMap').data['run.sh']).toContain('${PLEX_TOKEN}'),
    ),
  ),
  report(
    'jupyterhub#1621, kbve#13331, formbricks/hub#26',
    'a hook before the sync waits for a ServiceAccount that comes with the sync',
    (chart) => new Job(chart, 'migrate', { image: WEB.image, annotations: { 'argocd.argoproj.io/hook': 'PreSync' } }),
    told('gitops', 'A `Job` needs its ServiceAccount'),
  ),
  report(
    'argoproj/argo-cd#997',
    'an Ingress with an empty address is never healthy',
    (chart) =>
      new HttpRouting(chart, 'routing', {
        host: 'grafana.example.com',
        tls: Tls.none(),
        controller: IngressController.inNamespace('ingress-nginx', { className: 'nginx' }),
        routes: [{ path: '/', backend: new WebService(chart, 'web', WEB) }],
      }),
    told('gitops', 'health.lua'),
  ),
];
