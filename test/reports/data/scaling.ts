import { ApiObject, type Chart } from 'cdk8s';
import {
  Autoscaling,
  DisruptionBudget,
  HttpRouting,
  IngressController,
  Resources,
  Tls,
  WebService,
} from '../../../src';
import { only, WEB } from '../../support';
import { report, refused, right, warned, type Report, type Seen } from '../report';

const deployment = ({ manifests }: Seen) => only(manifests, 'Deployment').spec;

const autoscaler = (chart: Chart, id: string, name: string) =>
  new ApiObject(chart, id, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    spec: { minReplicas: 2, maxReplicas: 5, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name } },
  });

export const SCALING: readonly Report[] = [
  report(
    'helm/charts#7127, helm/charts#17984, vexa#1100, lightdash#146',
    'a budget that lets no pod go: the drain of a node waits forever',
    (chart) => new WebService(chart, 'web', { ...WEB, budget: DisruptionBudget.minAvailable(2) }),
    refused('scaling/blocked-drain'),
  ),
  report(
    'kubernetes/kubernetes#66811',
    'minAvailable: 1 beside one replica',
    (chart) => new WebService(chart, 'web', { ...WEB, replicas: 1, budget: DisruptionBudget.minAvailable(1) }),
    refused('scaling/blocked-drain'),
  ),
  report(
    'kartverket/skiperator#342, nais/naiserator#549',
    'pods that never get ready count for the budget, and the drain waits for them',
    (chart) => new WebService(chart, 'web', { ...WEB, replicas: 3 }),
    right('unhealthyPodEvictionPolicy: AlwaysAllow', ({ manifests }) =>
      expect(only(manifests, 'PodDisruptionBudget').spec).toMatchObject({
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      }),
    ),
  ),
  report(
    'kubernetes#98215, kubernetes#116629',
    'the spread counts the pods of the old version',
    (chart) => new WebService(chart, 'web', { ...WEB, replicas: 4, spread: 'hard' }),
    right('matchLabelKeys', (seen) => {
      for (const constraint of deployment(seen).template.spec.topologySpreadConstraints) {
        expect(constraint.matchLabelKeys).toEqual(['pod-template-hash']);
      }
    }),
  ),
  report(
    'kubernetes/kubernetes#56539, opstrace/opstrace#291',
    'required anti-affinity leaves no node for the new pod of a rollout',
    (chart) => new WebService(chart, 'web', { ...WEB, replicas: 3 }),
    right('replicas are spread softly, each version by itself', (seen) => {
      const { affinity, topologySpreadConstraints } = deployment(seen).template.spec;
      expect(affinity).toBeUndefined();
      expect(topologySpreadConstraints[0].whenUnsatisfiable).toBe('ScheduleAnyway');
    }),
  ),
  report(
    'cdk8s-team/cdk8s-plus#890',
    'nothing spreads the pods of a workload',
    (chart) => new WebService(chart, 'web', WEB),
    right('over hosts and zones', (seen) =>
      expect(
        deployment(seen).template.spec.topologySpreadConstraints.map((one: { topologyKey: string }) => one.topologyKey),
      ).toEqual(['kubernetes.io/hostname', 'topology.kubernetes.io/zone']),
    ),
  ),
  report(
    'keda#5572, n8n-hosting#200, idsvr-helm#69, imgproxy-helm#66',
    'replicas beside an autoscaler: each apply resets the number',
    (chart) => {
      const web = new WebService(chart, 'web', { ...WEB, replicas: 3 });
      autoscaler(chart, 'theirs', web.name);
    },
    refused('scaling/two-owners'),
  ),
  report(
    'argoproj/argo-cd#5105',
    'Argo CD and an autoscaler set the number of pods in turns',
    (chart) =>
      new WebService(chart, 'web', { ...WEB, autoscaling: Autoscaling.onCpu({ min: 2, max: 10, target: 80 }) }),
    right('no replicas in the Deployment', (seen) => expect(deployment(seen).replicas).toBeUndefined()),
  ),
  report(
    'kubernetes/kubernetes#79365, kubernetes-sigs/metrics-server#923',
    'an autoscaler on CPU without a request for CPU',
    (chart) =>
      new WebService(chart, 'web', {
        ...WEB,
        resources: Resources.none(),
        autoscaling: Autoscaling.onCpu({ min: 2, max: 6, target: 80 }),
      }),
    refused('scaling/missing-request'),
  ),
  report(
    'argoproj/argo-cd#1079, argoproj/argo-cd#11328',
    'metrics of an autoscaler are never in sync: Kubernetes sorts memory before CPU',
    (chart) =>
      new WebService(chart, 'web', {
        ...WEB,
        autoscaling: Autoscaling.on({ min: 2, max: 6, cpu: 80, memory: 80 }),
      }),
    right('memory comes first', ({ manifests }) =>
      expect(
        only(manifests, 'HorizontalPodAutoscaler').spec.metrics.map(
          (metric: Record<string, { name: string }>) => (metric.resource ?? metric.containerResource).name,
        ),
      ).toEqual(['memory', 'cpu']),
    ),
  ),
  report(
    'aws-lbc#1124, aws-lbc#1064, govuk#2202',
    '502 behind a load balancer of AWS while pods stop',
    (chart) =>
      new HttpRouting(chart, 'routing', {
        host: 'shop.example.com',
        tls: Tls.none(),
        controller: IngressController.fromCidrs(['10.0.0.0/16'], { className: 'alb' }),
        routes: [{ path: '/', backend: new WebService(chart, 'web', WEB) }],
      }),
    warned('routing/short-drain'),
  ),
  report(
    'kubernetes/kubernetes#39170',
    'hooks that run a command in the container fail',
    (chart) => new WebService(chart, 'web', { ...WEB, image: 'ghcr.io/acme/distroless:1.0.0' }),
    right('the kubelet sleeps, not the container', (seen) =>
      expect(deployment(seen).template.spec.containers[0].lifecycle.preStop).toEqual({ sleep: { seconds: 5 } }),
    ),
  ),
  report(
    'kubernetes#112027, Truxify#13959',
    'two autoscalers of one Deployment',
    (chart) => {
      const web = new WebService(chart, 'web', WEB);
      for (const id of ['one', 'other']) autoscaler(chart, id, web.name);
    },
    refused('scaling/two-autoscalers'),
  ),
  report(
    'kubernetes#75957',
    'two budgets over the same pods: no eviction is allowed',
    (chart) => {
      const { name } = new WebService(chart, 'web', WEB);
      new ApiObject(chart, 'second', {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        spec: { minAvailable: 1, selector: { matchLabels: { 'app.kubernetes.io/instance': name } } },
      });
    },
    refused('scaling/two-budgets'),
  ),
];
