import { Chart, Size } from 'cdk8s';
import {
  Cpu,
  HttpRouting,
  type HttpRoutingProps,
  IngressController,
  Quota,
  TenantNamespace,
  Tls,
  WebService,
} from '../../../src';
import { only, untyped, WEB } from '../../support';
import { report, refused, right, told, warned, type Report } from '../report';

const route =
  (props: Partial<HttpRoutingProps> = {}, path = '/') =>
  (chart: Chart) =>
    new HttpRouting(chart, 'routing', {
      host: 'shop.example.com',
      tls: Tls.none(),
      controller: IngressController.inNamespace('ingress-nginx', { className: 'nginx' }),
      routes: [{ path, backend: new WebService(chart, 'web', WEB) }],
      ...props,
    });

/** The namespace of the chart, closed and with a quota. */
const tenant = (chart: Chart) =>
  new TenantNamespace(new Chart(chart.node.root, 'platform'), 'Default', {
    name: 'shop',
    owner: 'shop@example.com',
    team: 'shop',
    purpose: 'The shop',
    quota: Quota.of({ cpu: Cpu.units(10), memory: Size.gibibytes(20) }),
  });

const annotated = (name: string, value: string, path?: string) => route({ annotations: { [name]: value } }, path);
const nginx = (name: string, value: string, path?: string) =>
  annotated(`nginx.ingress.kubernetes.io/${name}`, value, path);

export const ROUTING: readonly Report[] = [
  report(
    'kubernetes/ingress-nginx#403, kubernetes/ingress-nginx#2494',
    'a size of 20mb breaks the configuration of the controller',
    nginx('proxy-body-size', '20mb'),
    warned('routing/annotation-value'),
  ),
  report(
    'kubernetes/ingress-nginx#11726',
    'a timeout of 120s is ignored',
    nginx('proxy-read-timeout', '120s'),
    warned('routing/annotation-value'),
  ),
  report(
    'kubernetes/ingress-nginx#1868, kubernetes/ingress-nginx#2007',
    'annotations with the old prefix ingress.kubernetes.io are ignored',
    annotated('ingress.kubernetes.io/proxy-body-size', '50m'),
    warned('routing/unread-annotation'),
  ),
  report(
    'kubernetes/ingress-nginx#6189',
    'annotations with the prefix kubernetes.io are ignored',
    annotated('kubernetes.io/proxy-send-timeout', '1800'),
    warned('routing/unread-annotation'),
  ),
  report(
    'nginx/kubernetes-ingress#1093',
    'an annotation of one controller on the Ingress of another one',
    route({
      controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
      annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '8m' },
    }),
    warned('routing/unread-annotation'),
  ),
  report(
    'kubernetes/ingress-nginx#13603, kubernetes/ingress-nginx#10543, rancher/rancher#43976',
    'snippets are refused by default',
    nginx('configuration-snippet', 'add_header Cache-Control no-cache;'),
    warned('routing/snippet'),
  ),
  report(
    'kubernetes/ingress-nginx#10532',
    'a server snippet is refused since 1.9',
    nginx('server-snippet', 'server_tokens off;'),
    warned('routing/snippet'),
  ),
  report(
    'sourcegraph/deploy-sourcegraph-helm#165, nabsul/kcert#61',
    'the class both as a field and as the old annotation',
    annotated('kubernetes.io/ingress.class', 'nginx'),
    refused('routing/class-annotation'),
  ),
  report(
    'kubernetes/ingress-nginx#3931, kubernetes/ingress-nginx#3122',
    'a rewrite to what the path does not capture',
    nginx('rewrite-target', '/$1', '/something'),
    warned('routing/annotation-value'),
  ),
  report(
    'nuvolaris/nuvolaris-operator#110',
    'an annotation that is a number',
    route({ annotations: untyped({ 'nginx.ingress.kubernetes.io/proxy-body-size': 20 }) }),
    refused('props/value'),
  ),
  report(
    'ssl-hep/ServiceX#232, nginx/kubernetes-ingress#49',
    'an Ingress without a class is taken by none, or by the wrong controller',
    route(),
    right('ingressClassName is always written', ({ manifests }) =>
      expect(only(manifests, 'Ingress').spec.ingressClassName).toBe('nginx'),
    ),
  ),
  report('traefik#11200', '/v1 takes /v11', route({}, '/v1'), told('routing', 'strictprefixmatching')),
  report(
    'cert-manager/cert-manager#400, cert-manager/cert-manager#1167',
    'an annotation for cert-manager without tls in the Ingress: no certificate',
    route({ tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }) }),
    right('the Ingress has host and Secret', ({ manifests }) =>
      expect(only(manifests, 'Ingress').spec.tls).toEqual([
        { hosts: ['shop.example.com'], secretName: 'app-routing-tls' },
      ]),
    ),
  ),
  report(
    'cert-manager/cert-manager#757, cert-manager/cert-manager#639',
    'a wildcard host by HTTP-01, which no issuer can prove',
    route({ host: '*.example.com', tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }) }),
    told('routing', 'A wildcard host needs an issuer with a DNS-01 solver'),
  ),
  report(
    'cert-manager/cert-manager#2271, cert-manager/cert-manager#2585',
    'two Ingresses ask for one Secret',
    (chart) => {
      const backend = new WebService(chart, 'web', WEB);
      for (const id of ['a', 'b']) {
        new HttpRouting(chart, id, {
          host: `${id}.example.com`,
          tls: Tls.certManager({ clusterIssuer: 'letsencrypt', secretName: 'shared' }),
          controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
          routes: [{ path: '/', backend }],
        });
      }
    },
    refused('routing/shared-certificate'),
  ),
  report(
    'argoproj/argo-cd#14607, argoproj/argo-cd#28345',
    'Argo CD waits for an address of an Ingress that its controller never writes',
    route({ controller: IngressController.inNamespace('traefik', { className: 'traefik' }) }),
    told('gitops', 'status.loadBalancer'),
  ),
  report('aws-lbc#699', 'a path of /* that never matches', route({}, '/*'), refused('props/value')),
  report(
    'ingress-nginx#10308, ingress-nginx#12637, pyroscope#2887, jans#11910',
    'ingress-nginx refuses a dot in a path',
    route({}, '/.well-known/openid-configuration'),
    refused('routing/path-type'),
  ),
  report(
    'rancher-docs#1049, devspace#987',
    'annotations for an issuer and for a cluster issuer on one Ingress',
    route({
      tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }),
      annotations: { 'cert-manager.io/issuer': 'own' },
    }),
    refused('routing/two-issuers'),
  ),
  report(
    'cert-manager#3511',
    'two Ingresses of one host get two certificates',
    (chart) => {
      for (const id of ['api', 'pages']) {
        new HttpRouting(chart, id, {
          host: 'shop.example.com',
          tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }),
          controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
          routes: [{ path: `/${id}`, backend: new WebService(chart, `${id}-service`, WEB) }],
        });
      }
    },
    warned('routing/two-certificates'),
  ),
  report(
    'cert-manager#928, cert-manager#924, cert-manager#3968, cert-manager#2334, flux2#1863',
    'pods that solve a challenge are denied by policies, and their Service by a quota',
    (chart) => {
      tenant(chart);
      route({ tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }) })(chart);
    },
    warned('routing/solver-node-port'),
  ),
];
