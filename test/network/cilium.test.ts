import { Chart } from 'cdk8s';
import {
  App,
  ClusterDns,
  ClusterProfile,
  type ClusterProfileProps,
  Egress,
  EndpointSyncer,
  ExternalService,
  ExternalTarget,
  NetworkTiers,
  WebService,
  type WebServiceProps,
} from '../../src';
import { type Manifest, newChart, only, problemsOf, synth, warningsOf, WEB } from '../support';

const CLIENT: WebServiceProps = { ...WEB, egress: 'declared', egressTo: [Egress.apiServer()] };
const on = (chart: Chart, props: ClusterProfileProps): void => new ClusterProfile(props).assignTo(chart);
const ciliumPolicies = (manifests: readonly Manifest[]): Manifest[] =>
  manifests.filter(({ kind }) => kind === 'CiliumNetworkPolicy');

describe('row B14: on Cilium, the API server is opened by its entity', () => {
  test('beside the NetworkPolicy, and no addresses are needed', () => {
    const manifests = synth((chart) => {
      on(chart, { networkPlugin: 'cilium' });
      new WebService(chart, 'web', { ...CLIENT, serviceAccountToken: true });
    });
    expect(ciliumPolicies(manifests)).toEqual([
      {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: {
          name: 'app-web-to-api-server',
          namespace: 'shop',
          labels: {
            'app': 'app-web',
            'app.kubernetes.io/name': 'app-web',
            'app.kubernetes.io/instance': 'app-web',
            'app.kubernetes.io/managed-by': 'cdk8s',
          },
        },
        spec: {
          endpointSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-web' } },
          egress: [
            {
              toEntities: ['kube-apiserver'],
              toPorts: [
                {
                  ports: [
                    { port: '443', protocol: 'TCP' },
                    { port: '6443', protocol: 'TCP' },
                  ],
                },
              ],
            },
          ],
        },
      },
    ]);
    // DNS alone: there are no addresses to open
    expect(only(manifests, 'NetworkPolicy').spec.egress).toHaveLength(1);
  });

  test('of an EndpointSyncer, once for each workload, with all its ports', () => {
    const manifests = synth((chart) => {
      on(chart, { networkPlugin: 'cilium', apiServer: ['10.0.0.1/32'] });
      const service = new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.synced(['10.1.0.0/16']) });
      new EndpointSyncer(chart, 'sync', { service, image: WEB.image, egress: 'declared' });
      new WebService(chart, 'web', {
        ...CLIENT,
        egressTo: [Egress.apiServer({ ports: [6443] }), Egress.apiServer({ ports: [8443, 6443] })],
      });
    });
    expect(ciliumPolicies(manifests).map(({ metadata }) => metadata.name)).toEqual([
      'app-sync-to-api-server',
      'app-web-to-api-server',
    ]);
    const [{ toPorts }] = ciliumPolicies(manifests)[1].spec.egress as Array<{ toPorts: unknown }>;
    expect(toPorts).toEqual([
      {
        ports: [
          { port: '6443', protocol: 'TCP' },
          { port: '8443', protocol: 'TCP' },
        ],
      },
    ]);
  });

  test('nowhere else: other plugins, open egress, tiers that only observe', () => {
    const policies = (props: ClusterProfileProps, build: (chart: Chart) => void): Manifest[] =>
      ciliumPolicies(
        synth((chart) => {
          build(chart);
          on(chart, { apiServer: ['10.0.0.1/32'], ...props });
        }),
      );
    const client = (chart: Chart): void => void new WebService(chart, 'web', CLIENT);
    expect(policies({}, client)).toEqual([]);
    expect(policies({ networkPlugin: 'calico' }, client)).toEqual([]);
    expect(policies({ networkPlugin: 'cilium' }, client)).toHaveLength(1);
    expect(policies({ networkPlugin: 'cilium' }, (chart) => void new WebService(chart, 'web', WEB))).toEqual([]);
    const tiered =
      (mode: 'enforce' | 'observe') =>
      (chart: Chart): void => {
        const web = new WebService(chart, 'web', { ...WEB, egressTo: [Egress.apiServer()] });
        new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }], mode }).add('web', web);
      };
    expect(policies({ networkPlugin: 'cilium' }, tiered('enforce'))).toHaveLength(1);
    expect(policies({ networkPlugin: 'cilium' }, tiered('observe'))).toEqual([]);
  });

  test('and is gone again where a later pass does not need it', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    const inner = new Chart(chart, 'inner', { namespace: 'shop' });
    on(chart, { networkPlugin: 'cilium' });
    new WebService(inner, 'web', CLIENT);
    expect(app.synthYaml()).toContain('CiliumNetworkPolicy');
    on(inner, { networkPlugin: 'calico', apiServer: ['10.0.0.1/32'] });
    expect(app.synthYaml()).not.toContain('CiliumNetworkPolicy');
  });

  test('a token without egress to the API server is still missed, one with it is not', () => {
    const warned = (props: WebServiceProps): string[] =>
      warningsOf((chart) => {
        on(chart, { networkPlugin: 'cilium' });
        new WebService(chart, 'web', { ...props, serviceAccountToken: true });
      }).filter((warning) => warning.includes('unusable-token'));
    expect(warned(CLIENT)).toEqual([]);
    expect(warned({ ...CLIENT, egressTo: [] })).toEqual(['[app/web] serviceAccountToken: network/unusable-token']);
  });
});

test('row B14: on Cilium, DNS at addresses of nodes is a warning', () => {
  const warned = (props: ClusterProfileProps): string[] =>
    warningsOf((chart) => {
      on(chart, props);
      new WebService(chart, 'web', WEB);
    }).filter((warning) => warning.includes('cilium'));
  expect(warned({ networkPlugin: 'cilium', dns: ClusterDns.nodeLocal() })).toEqual(['[app] dns: cluster/cilium-dns']);
  expect(warned({ networkPlugin: 'cilium' })).toEqual([]);
  expect(warned({ networkPlugin: 'calico', dns: ClusterDns.nodeLocal() })).toEqual([]);
  const pods = ClusterDns.pods({ namespace: 'kube-system', labels: { 'k8s-app': 'node-local-dns' } });
  expect(warned({ networkPlugin: 'cilium', dns: pods })).toEqual([]);
  expect(problemsOf((chart) => on(chart, { networkPlugin: 'cilium', dns: pods }))).toEqual([]);
});
