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
    expect(forwarding().toCorefile()).toBe('corp.example.com:53 {\n    errors\n    cache 30\n    forward . 10.40.0.53 fd00::53\n}\n');
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
    const { metadata, data } = parse(forwarding().toKubeDns()) as { metadata: { name: string }; data: { stubDomains: string } };
    expect([metadata.name, JSON.parse(data.stubDomains)]).toEqual(['kube-dns', { 'corp.example.com': ['10.40.0.53', 'fd00::53'] }]);
  });

  test('writes nothing: the DNS of the cluster belongs to who runs it', () => {
    expect(synth((chart) => new DnsForwarding(chart, 'corp', CORP))).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["the cluster's own zone", { zone: 'cluster.local' }, "prop 'zone': got 'cluster.local', expected a DNS zone such as corp.example.com, other than the cluster's own. Give the private zone, such as 'corp.example.com' (CH13-10)"],
    ['everything', { zone: '.' }, "prop 'zone': got '.', expected a DNS zone such as corp.example.com, other than the cluster's own. Give the private zone, such as 'corp.example.com' (CH13-10)"],
    ['a name for a server', { servers: ['ns.example.com'] }, "prop 'servers[0]': got 'ns.example.com', expected an IPv4 or IPv6 address such as 10.40.0.10 or fd00:40::10. List the addresses of the DNS servers: ['10.40.0.53'] (CH13-10)"],
    ['no server', { servers: [] }, "prop 'servers': got [], expected 1 to 15 addresses. List the addresses of the DNS servers: ['10.40.0.53'] (CH13-10)"],
    ['the node itself', { servers: ['127.0.0.1'] }, "prop 'servers[0]': got '127.0.0.1', expected an address that is not loopback. List the addresses of the DNS servers: ['10.40.0.53'] (CH13-10)"],
    ['a misspelt prop', { server: [] }, "prop 'server': got an unknown prop, expected one of port, servers, zone. Did you mean 'servers'?"],
  ])('refuses %s, and gives no text then', (_title, props, message) => {
    expect(problemsOf((chart) => new DnsForwarding(chart, 'corp', untyped({ ...CORP, ...props })))).toEqual([`[app/corp] ${message}`]);
    expect(() => forwarding(untyped(props)).toCorefile()).toThrow(message);
  });
});
