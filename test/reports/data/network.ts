import { Size } from 'cdk8s';
import {
  ClusterDns,
  ClusterProfile,
  Egress,
  ExternalService,
  ExternalTarget,
  HttpRouting,
  IngressController,
  Redis,
  SecretRef,
  Tls,
  WebService,
  AccessGrant,
  AccessRole,
  Subject,
} from '../../../src';
import { type Manifest, only, WEB } from '../../support';
import { report, refused, right, told, type Report } from '../report';

const REDIS = { password: { secret: SecretRef.named('redis'), key: 'passwd' }, storage: Size.gibibytes(1) };

const egressOf = (manifests: Manifest[], name: string): Manifest[] =>
  only(manifests, 'NetworkPolicy', name).spec.egress ?? [];

export const NETWORK: readonly Report[] = [
  report(
    'cdk8s-plus#891',
    'pods are open to all others',
    (chart) => new WebService(chart, 'web', WEB),
    right('a policy for each workload lets nobody in', ({ manifests }) =>
      expect(only(manifests, 'NetworkPolicy').spec).toMatchObject({ policyTypes: ['Ingress'] }),
    ),
  ),
  report(
    'calico#3795, gardener#2745, restate-operator#88, pharos#1511',
    'closed egress blocks the DNS cache on the node',
    (chart) => {
      new ClusterProfile({ dns: ClusterDns.nodeLocal() }).assignTo(chart);
      new WebService(chart, 'web', { ...WEB, egress: 'declared' });
    },
    told('cluster-profile', 'ClusterDns.nodeLocal()', ({ manifests }) =>
      expect(JSON.stringify(egressOf(manifests, 'app-web'))).toContain('169.254.20.10/32'),
    ),
  ),
  report(
    'DandyDeveloper/charts#151, helm/charts#17245, helm/charts#20437',
    'a policy of a chart forgets DNS, or its TCP',
    (chart) => new Redis(chart, 'redis', { ...REDIS, egress: 'declared' }),
    right('DNS by UDP and TCP stays open', ({ manifests }) => {
      const ports = egressOf(manifests, 'app-redis').flatMap((rule) => (rule.ports ?? []) as Manifest[]);
      for (const protocol of ['UDP', 'TCP']) expect(ports).toContainEqual({ port: 53, protocol });
    }),
  ),
  report(
    'bitnami/charts#21657',
    'the DNS of OpenShift listens on 5353',
    (chart) => {
      new ClusterProfile({ dns: ClusterDns.openShift() }).assignTo(chart);
      new Redis(chart, 'redis', { ...REDIS, egress: 'declared' });
    },
    told('cluster-profile', 'ClusterDns.openShift()', ({ manifests }) =>
      expect(JSON.stringify(egressOf(manifests, 'app-redis'))).toContain('5353'),
    ),
  ),
  report(
    'helm/charts#16830, helm/charts#14915',
    'replicas of Redis may not connect to the primary',
    (chart) => new Redis(chart, 'redis', { ...REDIS, egress: 'declared' }),
    right('members reach each other, in and out', ({ manifests }) => {
      const { ingress, egress, podSelector } = only(manifests, 'NetworkPolicy').spec;
      const own = JSON.stringify(podSelector.matchLabels);
      expect(JSON.stringify(ingress)).toContain(own);
      expect(JSON.stringify(egress)).toContain(own);
    }),
  ),
  report(
    'coredns/coredns#2164, kubernetes/ingress-nginx#8941',
    'a DNS name as target that is an address',
    (chart) => new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.dnsName('104.198.14.52') }),
    refused('props/value'),
  ),
  report(
    'Kong/kubernetes-ingress-controller#931',
    'a route to a service outside by an ExternalName Service',
    (chart) => {
      const backend = new ExternalService(chart, 'legacy', {
        port: 443,
        target: ExternalTarget.dnsName('legacy.example.com'),
      });
      new HttpRouting(chart, 'routing', {
        host: 'shop.example.com',
        tls: Tls.none(),
        controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
        routes: [{ path: '/', backend }],
      });
    },
    refused('routing/unroutable-backend'),
  ),
  report(
    'kubernetes/kubernetes#104442, GoogleCloudPlatform/prometheus-engine#198',
    'resourceNames beside create: the rule never applies',
    (chart) =>
      new AccessGrant(chart, 'operator', {
        role: AccessRole.of({ resources: ['configmaps'], verbs: ['create', 'update'], resourceNames: ['state'] }),
        subjects: [Subject.group('oidc:operators')],
      }),
    refused('access/nameless-verb'),
  ),
  report(
    'cilium#12277, cilium#20550, cilium#33525',
    'ipBlock does not match nodes',
    (chart) => {
      new ClusterProfile({ networkPlugin: 'cilium' }).assignTo(chart);
      new WebService(chart, 'web', {
        ...WEB,
        egress: 'declared',
        egressTo: [Egress.apiServer()],
        serviceAccountToken: true,
      });
    },
    right('a policy of Cilium opens the API server by its entity', ({ manifests }) =>
      expect(only(manifests, 'CiliumNetworkPolicy').spec.egress).toEqual([
        expect.objectContaining({ toEntities: ['kube-apiserver'] }),
      ]),
    ),
  ),
];
