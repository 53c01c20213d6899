import { App } from 'cdk8s';
import { parse } from 'yaml';
import { DnsForwarding, type DnsForwardingProps } from '../../src';
import { newChart, problemsOf, synth, untyped } from '../support';

const CORP = { zone: 'corp.example.com', servers: ['10.40.0.53', 'fd00::53'] };

function forwarding(props: Partial<DnsForwardingProps> = {}): DnsForwarding {
  return new DnsForwarding(newChart('shop', 'app', new App()), 'corp', { ...CORP, ...props });
}

describe('forwarding of a private zone (CH13-10, SYS-13-05)', () => {
  test('is a server block of CoreDNS', () => {
    expect(forwarding().toCorefile()).toBe(
      'corp.example.com:53 {\n    errors\n    cache 30\n    forward . 10.40.0.53 fd00::53\n}\n',
    );
  });

  test('can be to another port', () => {
    expect(forwarding({ port: 5353 }).toCorefile()).toContain('    forward . 10.40.0.53:5353 [fd00::53]:5353\n');
  });

  test('is a key of the ConfigMap that AKS and others import', () => {
    expect(parse(forwarding().toCoreDnsCustom())).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'coredns-custom', namespace: 'kube-system' },
      data: { 'corp-example-com.server': forwarding().toCorefile() },
    });
  });

  test('is a stub domain of kube-dns', () => {
    const { metadata, data } = parse(forwarding().toKubeDns()) as {
      metadata: { name: string };
      data: { stubDomains: string };
    };
    expect([metadata.name, JSON.parse(data.stubDomains)]).toEqual([
      'kube-dns',
      { 'corp.example.com': ['10.40.0.53', 'fd00::53'] },
    ]);
  });

  test('writes nothing: the DNS of the cluster belongs to who runs it', () => {
    expect(synth((chart) => new DnsForwarding(chart, 'corp', CORP))).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["the cluster's own zone", { zone: 'cluster.local' }, 'zone: props/value'],
    ['everything', { zone: '.' }, 'zone: props/value'],
    ['a name for a server', { servers: ['ns.example.com'] }, 'servers[0]: props/value'],
    ['no server', { servers: [] }, 'servers: props/value'],
    ['the node itself', { servers: ['127.0.0.1'] }, 'servers[0]: props/value'],
    ['a misspelt prop', { server: [] }, 'server: props/unknown'],
  ])('refuses %s, and gives no text then', (_title, props, finding) => {
    expect(problemsOf((chart) => new DnsForwarding(chart, 'corp', untyped({ ...CORP, ...props })))).toEqual([
      `[app/corp] ${finding}`,
    ]);
    expect(() => forwarding(untyped(props)).toCorefile()).toThrow(`prop '${finding.split(':')[0]}': got `);
  });
});
