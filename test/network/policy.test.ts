import { ApiObject, App } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import { ClusterProfile, Egress, Inventory, NetworkTiers, Peer, WebService, WorkloadIdentity } from '../../src';
import { covers, excludedFrom } from '../../src/kubernetes/address';
import { METADATA_ADDRESSES, withoutMetadata } from '../../src/kubernetes/metadata';
import { type Manifest, newChart, only, problemsOf, synth, untyped, WEB } from '../support';

/** The NetworkPolicy of a WebService `web` in namespace `shop`. */
function policyOf(more: (web: WebService) => void, props: object = {}): Manifest {
  return only(
    synth((chart) => more(new WebService(chart, 'web', { ...WEB, ...props }))),
    'NetworkPolicy',
    'app-web',
  ).spec;
}

/** The peers of the only ingress rule that `peer` makes. */
function peersOf(make: (web: WebService) => Peer): Manifest[] {
  const { ingress } = policyOf((web) => web.allowFrom(make(web)));
  expect(ingress).toHaveLength(1);
  return ingress[0].from;
}

function egressOf(...egressTo: Egress[]): Manifest[] {
  return policyOf(() => undefined, { egress: 'declared', egressTo }).egress.slice(1);
}

function problemsWith(more: (web: WebService) => void, props: object = {}): string[] {
  return problemsOf((chart) => more(new WebService(chart, 'web', { ...WEB, ...props })));
}

const DNS = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

describe('the network policy', () => {
  test('closes ingress and leaves egress open', () => {
    expect(policyOf(() => undefined)).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-web' } },
      policyTypes: ['Ingress'],
    });
  });

  test('closes egress too when it is declared, but for DNS over UDP and TCP', () => {
    expect(policyOf(() => undefined, { egress: 'declared' })).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-web' } },
      policyTypes: ['Ingress', 'Egress'],
      egress: [DNS],
    });
  });

  test('opens all declared ports, or the chosen ones', () => {
    const props = {
      extraPorts: [
        { name: 'metrics', port: 9090 },
        { name: 'dns', port: 5353, protocol: 'UDP' },
      ],
    };
    expect(policyOf((web) => web.allowFrom(Peer.pods({})), props).ingress[0].ports).toEqual([
      { port: 8080, protocol: 'TCP' },
      { port: 9090, protocol: 'TCP' },
      { port: 5353, protocol: 'UDP' },
    ]);
    expect(policyOf((web) => web.allowFrom(Peer.pods({}), { ports: [9090] }), props).ingress[0].ports).toEqual([
      { port: 9090, protocol: 'TCP' },
    ]);
  });

  test('opens only ports that the pods have (DX-04)', () => {
    expect(problemsWith((web) => web.allowFrom(Peer.pods({}), { ports: [9090] }))).toEqual([
      '[app/web] allowFrom.ports: reference/missing-port',
    ]);
  });

  test('is never opened for all ports by an empty list of them', () => {
    expect(problemsWith((web) => web.allowFrom(Peer.pods({}), { ports: [] }))).toEqual([
      '[app/web] allowFrom.ports: props/empty-list',
    ]);
    expect(
      problemsWith(() => undefined, { egress: 'declared', egressTo: [Egress.cidr('10.0.0.0/8', { ports: [] })] }),
    ).toEqual(['[app/web] egressTo[0].ports: props/empty-list']);
  });

  test('has each rule once, however often an edge is declared', () => {
    const { ingress, egress } = policyOf(
      (web) => {
        const other = new WebService(web.node.scope as never, 'api', WEB);
        web.allowFrom(other);
        web.allowFrom(other);
        web.allowFrom(Peer.pods({ labels: { app: 'x' } }));
        web.allowFrom(Peer.pods({ labels: { app: 'x' } }));
      },
      { egress: 'declared', egressTo: [Egress.cidr('10.0.0.0/8'), Egress.cidr('10.0.0.0/8')] },
    );
    expect(ingress.map(({ from }: Manifest) => from)).toEqual([
      [{ podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-api' } } }],
      [{ podSelector: { matchLabels: { app: 'x' } } }],
    ]);
    expect(egress).toEqual([DNS, { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }]);
  });
});

describe('a peer', () => {
  const named = (name: string): object => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });

  test('of the own namespace has no namespace selector', () => {
    expect(peersOf(() => Peer.pods({ labels: { app: 'x' } }))).toEqual([
      { podSelector: { matchLabels: { app: 'x' } } },
    ]);
    expect(peersOf(() => Peer.pods({ labels: { app: 'x' }, namespace: 'shop' }))).toEqual([
      { podSelector: { matchLabels: { app: 'x' } } },
    ]);
    expect(peersOf(() => Peer.pods({}))).toEqual([{ podSelector: {} }]);
  });

  test('of another namespace is selected by the name of the namespace', () => {
    expect(peersOf(() => Peer.pods({ labels: { app: 'x' }, namespace: 'other' }))).toEqual([
      { namespaceSelector: named('other'), podSelector: { matchLabels: { app: 'x' } } },
    ]);
    expect(peersOf(() => Peer.pods({ namespace: 'other' }))).toEqual([
      { namespaceSelector: named('other'), podSelector: {} },
    ]);
  });

  test('can be a block of another namespace', () => {
    const app = new App();
    const web = new WebService(newChart('shop', 'app', app), 'web', WEB);
    web.allowFrom(new WebService(newChart('other', 'two', app), 'api', WEB));
    expect(web.networkPolicy.toJson().spec.ingress[0].from).toEqual([
      { namespaceSelector: named('other'), podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'two-api' } } },
    ]);
  });

  test('can be a range of addresses with holes', () => {
    expect(peersOf(() => Peer.cidr('10.0.0.0/8', { except: ['10.1.0.0/16', '10.2.0.0/16'] }))).toEqual([
      { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.2.0.0/16'] } },
    ]);
    expect(peersOf(() => Peer.cidr('fd00::/8'))).toEqual([{ ipBlock: { cidr: 'fd00::/8' } }]);
  });

  test('can be several', () => {
    expect(peersOf(() => Peer.anyOf(Peer.pods({ namespace: 'other' }), Peer.cidr('10.0.0.0/8')))).toEqual([
      { namespaceSelector: named('other'), podSelector: {} },
      { ipBlock: { cidr: '10.0.0.0/8' } },
    ]);
  });

  test('can be pods of cdk8s-plus', () => {
    expect(peersOf((web) => Peer.fromKplus(kplus.Pods.select(web, 'pods', { labels: { app: 'x' } })))).toEqual([
      { podSelector: { matchLabels: { app: 'x' } } },
    ]);
  });

  test('can be pods of cdk8s-plus in namespaces by name, one peer each', () => {
    expect(
      peersOf((web) =>
        Peer.fromKplus(
          kplus.Pods.select(web, 'pods', {
            labels: { app: 'x' },
            namespaces: kplus.Namespaces.select(web, 'ns', { names: ['a', 'b'] }),
          }),
        ),
      ),
    ).toEqual([
      { podSelector: { matchLabels: { app: 'x' } }, namespaceSelector: named('a') },
      { podSelector: { matchLabels: { app: 'x' } }, namespaceSelector: named('b') },
    ]);
  });

  test('can be namespaces of cdk8s-plus by name, each only with the labels that are asked for', () => {
    const expressions = [kplus.LabelExpression.exists('env')];
    expect(
      peersOf((web) =>
        Peer.fromKplus(kplus.Namespaces.select(web, 'ns', { names: ['a', 'b'], labels: { team: 'red' }, expressions })),
      ),
    ).toEqual(
      ['a', 'b'].map((name) => ({
        podSelector: {},
        namespaceSelector: {
          matchLabels: { 'team': 'red', 'kubernetes.io/metadata.name': name },
          matchExpressions: [{ key: 'env', operator: 'Exists' }],
        },
      })),
    );
  });

  test('can be namespaces of cdk8s-plus by label', () => {
    expect(peersOf((web) => Peer.fromKplus(kplus.Namespaces.select(web, 'ns', { labels: { team: 'red' } })))).toEqual([
      { podSelector: {}, namespaceSelector: { matchLabels: { team: 'red' } } },
    ]);
    expect(peersOf((web) => Peer.fromKplus(kplus.Namespaces.all(web, 'ns')))).toEqual([
      { podSelector: {}, namespaceSelector: {} },
    ]);
  });

  test('can be an IP block of cdk8s-plus', () => {
    expect(
      peersOf((web) => Peer.fromKplus(kplus.NetworkPolicyIpBlock.ipv4(web, 'ip', '10.0.0.0/8', ['10.1.0.0/16']))),
    ).toEqual([{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }]);
  });

  test('can be a workload of cdk8s-plus', () => {
    const [peer] = peersOf((web) =>
      Peer.fromKplus(
        new kplus.Deployment(web.node.scope!, 'dep', {
          containers: [{ image: 'ghcr.io/acme/x:1.0.0', portNumber: 80 }],
        }),
      ),
    );
    expect(peer.namespaceSelector).toEqual(named('shop'));
    expect(Object.keys(peer.podSelector.matchLabels)).toEqual(['cdk8s.io/metadata.addr']);
  });
  test.each<[string, () => unknown, string[]]>([
    ['a bad range', () => Peer.cidr('10.0.0.5/8'), ['allowFrom: props/value']],
    [
      'a bad hole',
      () => Peer.cidr('10.0.0.0/8', { except: ['11.0.0.0/16', 'x'] }),
      ['allowFrom.except[1]: props/value', 'allowFrom.except: network/except-outside'],
    ],
    [
      'a bad label',
      () => Peer.pods({ labels: { app: 'a b' }, namespace: 'Shop' }),
      ["allowFrom.labels['app']: props/value", 'allowFrom.namespace: props/value'],
    ],
    ['an unknown option', () => Peer.pods(untyped({ label: {} })), ['allowFrom.label: props/unknown']],
    ['what is none of cdk8s-plus', () => Peer.fromKplus({} as never), ['allowFrom: props/value']],
    ['nothing of cdk8s-plus', () => Peer.fromKplus(null as never), ['allowFrom: props/value']],
    [
      'namespaces by an empty list of names',
      () => Peer.fromKplus(kplus.Namespaces.select(newChart(), 'ns', { names: [] })),
      ['allowFrom: props/empty-list'],
    ],
    ['a name', () => 'frontend', ['allowFrom: props/value']],
    ['nothing', () => undefined, ['allowFrom: props/value']],
  ])('is refused: %s', (_title, make, messages) => {
    expect(problemsWith((web) => web.allowFrom(make() as Peer))).toEqual(
      messages.map((message) => `[app/web] ${message}`),
    );
  });
});

describe('egress', () => {
  test('to the internet leaves private addresses and cloud metadata closed', () => {
    expect(egressOf(Egress.internet())).toEqual([
      {
        to: [
          {
            ipBlock: {
              cidr: '0.0.0.0/0',
              except: [
                '10.0.0.0/8',
                '100.64.0.0/10',
                '169.254.0.0/16',
                '172.16.0.0/12',
                '192.168.0.0/16',
                '168.63.129.16/32',
              ],
            },
          },
          { ipBlock: { cidr: '::/0', except: ['fc00::/7', 'fe80::/10'] } },
        ],
        ports: [{ port: 443, protocol: 'TCP' }],
      },
    ]);
  });

  test('to the internet means HTTPS, unless told', () => {
    expect(egressOf(Egress.internet({}))).toEqual(egressOf(Egress.internet()));
    expect(egressOf(Egress.internet({ ports: undefined }))).toEqual(egressOf(Egress.internet()));
  });

  test('to the internet on other ports', () => {
    expect(egressOf(Egress.internet({ ports: [80, 443] }))[0].ports).toEqual([
      { port: 80, protocol: 'TCP' },
      { port: 443, protocol: 'TCP' },
    ]);
  });

  test('to a range of addresses, with holes and ports', () => {
    expect(
      egressOf(Egress.cidr('10.0.0.0/8', { except: ['10.1.0.0/16'], ports: [5432] }), Egress.cidr('192.168.0.0/16')),
    ).toEqual([
      { to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], ports: [{ port: 5432, protocol: 'TCP' }] },
      { to: [{ ipBlock: { cidr: '192.168.0.0/16' } }] },
    ]);
  });

  test('to any peer', () => {
    expect(egressOf(Egress.to(Peer.pods({ labels: { app: 'db' }, namespace: 'data' }), { ports: [5432] }))).toEqual([
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'data' } },
            podSelector: { matchLabels: { app: 'db' } },
          },
        ],
        ports: [{ port: 5432, protocol: 'TCP' }],
      },
    ]);
  });

  test.each<[string, unknown, string[]]>([
    ['a bad range', Egress.cidr('10.0.0.0'), ['egressTo[0]: props/value']],
    ['bad ports', Egress.internet({ ports: [0] }), ['egressTo[0].ports[0]: props/value']],
    ['ports of nothing', Egress.internet({ ports: null as never }), ['egressTo[0].ports: props/value']],
    ['no port', Egress.internet({ ports: [] }), ['egressTo[0].ports: props/empty-list']],
    ['a misspelt option', Egress.cidr('10.0.0.0/8', untyped({ exept: [] })), ['egressTo[0].exept: props/unknown']],
    ['an option of another kind', Egress.internet(untyped({ except: [] })), ['egressTo[0].except: props/unknown']],
    ['options that are none', Egress.cidr('10.0.0.0/8', null as never), ['egressTo[0]: props/object']],
    ['a string', '10.0.0.0/8', ['egressTo[0]: props/value']],
  ])('is refused: %s', (_title, egress, messages) => {
    expect(problemsWith(() => undefined, { egress: 'declared', egressTo: [egress] })).toEqual(
      messages.map((message) => `[app/web] ${message}`),
    );
  });

  test('is declared only where it is closed', () => {
    expect(problemsWith(() => undefined, { egressTo: [Egress.internet()] })).toEqual([
      '[app/web] egressTo: network/egress-to-open',
    ]);
  });
});

describe('the metadata services of the clouds', () => {
  const exceptOf = (egress: Egress): unknown => egressOf(egress)[0].to[0].ipBlock.except;

  test('stay closed in every range that contains one', () => {
    expect(exceptOf(Egress.cidr('0.0.0.0/0'))).toEqual(['169.254.0.0/16', '168.63.129.16/32', '100.100.100.200/32']);
    expect(exceptOf(Egress.cidr('169.254.0.0/16'))).toEqual([
      '169.254.169.254/32',
      '169.254.170.2/32',
      '169.254.170.23/32',
      '169.254.169.252/32',
    ]);
    expect(exceptOf(Egress.cidr('100.64.0.0/10', { except: ['100.64.0.0/16'] }))).toEqual([
      '100.64.0.0/16',
      '100.100.100.200/32',
    ]);
    expect(exceptOf(Egress.cidr('fd00:ec2::/32'))).toEqual(['fd00:ec2::254/128', 'fd00:ec2::23/128']);
    expect(exceptOf(Egress.to(Peer.cidr('168.63.129.0/24')))).toEqual(['168.63.129.16/32']);
    expect(exceptOf(Egress.to(Peer.fromKplus(kplus.NetworkPolicyIpBlock.anyIpv4(newChart(), 'any'))))).toEqual([
      '169.254.0.0/16',
      '168.63.129.16/32',
      '100.100.100.200/32',
    ]);
  });

  test('need no hole twice, and none where they are not', () => {
    expect(exceptOf(Egress.cidr('0.0.0.0/0', { except: ['168.0.0.0/8', '169.254.0.0/16', '100.64.0.0/10'] }))).toEqual([
      '168.0.0.0/8',
      '169.254.0.0/16',
      '100.64.0.0/10',
    ]);
    expect(exceptOf(Egress.cidr('10.0.0.0/8'))).toBeUndefined();
  });

  test('are no destination, and the error names what is', () => {
    expect(
      problemsWith(() => undefined, { egress: 'declared', egressTo: [Egress.cidr('169.254.169.254/32')] }),
    ).toEqual(['[app/web] egressTo[0]: network/metadata-service']);
  });

  test('are opened for the identity of a workload only, to its one address', () => {
    expect(
      policyOf(() => undefined, { egress: 'declared', workloadIdentity: WorkloadIdentity.gcp() }).egress.slice(1),
    ).toEqual([
      { to: [{ ipBlock: { cidr: '169.254.169.254/32' } }], ports: [{ port: 80, protocol: 'TCP' }] },
      { to: [{ ipBlock: { cidr: '169.254.169.252/32' } }], ports: [{ port: 988, protocol: 'TCP' }] },
    ]);
    expect(
      policyOf(() => undefined, {
        egress: 'declared',
        workloadIdentity: WorkloadIdentity.aws({ roleArn: 'arn:aws:iam::111122223333:role/shop' }),
      }).egress,
    ).toEqual([DNS]);
  });

  test('stay closed in any range: every hole is inside of it, and covers the address', () => {
    const range = fc
      .tuple(fc.nat(32), fc.constantFrom(...METADATA_ADDRESSES.filter((address) => address.includes('.'))))
      .map(([length, address]) => {
        const number = address
          .split('/')[0]
          .split('.')
          .reduce((sum, part) => sum * 256 + Number(part), 0);
        const start = Math.floor(number / 2 ** (32 - length)) * 2 ** (32 - length);
        return {
          text: `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${length}`,
          address,
        };
      });
    fc.assert(
      fc.property(range, ({ text, address }) => {
        fc.pre(text !== address);
        const holes = withoutMetadata(text, []);
        expect(holes.some((hole) => covers(hole, address))).toBe(true);
        expect(holes.filter((hole) => !excludedFrom(hole, text))).toEqual([]);
      }),
      { numRuns: 300, seed: 42 },
    );
  });
});

describe('egress to the API server', () => {
  test('goes to the addresses that the profile has, whenever it is assigned', () => {
    const chart = newChart();
    const web = new WebService(chart, 'web', { ...WEB, egress: 'declared', egressTo: [Egress.apiServer()] });
    new ClusterProfile({ apiServer: ['10.0.0.10/32', '10.0.0.11/32'] }).assignTo(chart);
    expect(web.networkPolicy.toJson().spec.egress[1]).toEqual({
      to: [{ ipBlock: { cidr: '10.0.0.10/32' } }, { ipBlock: { cidr: '10.0.0.11/32' } }],
      ports: [
        { port: 443, protocol: 'TCP' },
        { port: 6443, protocol: 'TCP' },
      ],
    });
    expect(Inventory.of(chart).connections).toEqual([
      { from: 'app/web', to: '10.0.0.10/32 or 10.0.0.11/32', ports: '443,6443' },
    ]);
  });

  test('keeps its ports where the given ones are undefined', () => {
    const chart = newChart();
    new ClusterProfile({ apiServer: ['10.0.0.10/32'] }).assignTo(chart);
    const web = new WebService(chart, 'web', {
      ...WEB,
      egress: 'declared',
      egressTo: [Egress.apiServer({ ports: undefined })],
    });
    expect(web.networkPolicy.toJson().spec.egress[1].ports).toEqual([
      { port: 443, protocol: 'TCP' },
      { port: 6443, protocol: 'TCP' },
    ]);
  });

  test('may have other ports', () => {
    const chart = newChart();
    new ClusterProfile({ apiServer: ['10.0.0.10/32'] }).assignTo(chart);
    const web = new WebService(chart, 'web', {
      ...WEB,
      egress: 'declared',
      egressTo: [Egress.apiServer({ ports: [443] })],
    });
    expect(web.networkPolicy.toJson().spec.egress[1].ports).toEqual([{ port: 443, protocol: 'TCP' }]);
  });

  test.each<[string, object, boolean]>([
    ['closed egress and nothing declared', { egress: 'declared' }, true],
    ['closed egress to pods', { egress: 'declared', egressTo: [Egress.to(Peer.pods({ namespace: 'tracing' }))] }, true],
    [
      'closed egress to a metadata service',
      { egress: 'declared', workloadIdentity: WorkloadIdentity.awsPodIdentity() },
      true,
    ],
    ['closed egress to the API server', { egress: 'declared', egressTo: [Egress.apiServer()] }, false],
    ['closed egress to a range', { egress: 'declared', egressTo: [Egress.cidr('10.0.0.0/8')] }, false],
    ['open egress', {}, false],
    ['no token', { egress: 'declared', serviceAccountToken: false }, false],
  ])('is missed where a token is mounted with %s', (_title, props, missed) => {
    const chart = newChart();
    new ClusterProfile({ apiServer: ['10.0.0.10/32'] }).assignTo(chart);
    new WebService(chart, 'web', { ...WEB, serviceAccountToken: true, ...props });
    expect(Inventory.of(chart).warnings).toEqual(
      missed
        ? [
            {
              path: 'app/web',
              message:
                'serviceAccountToken: egress to the API server is closed. Add egressTo: [Egress.apiServer()], or omit the token',
            },
          ]
        : [],
    );
  });

  test('is missed where a tier closes egress later, unless it only observes', () => {
    const warned = (mode: 'enforce' | 'observe'): boolean => {
      const chart = newChart();
      const web = new WebService(chart, 'web', { ...WEB, serviceAccountToken: true });
      new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }], mode }).add('web', web);
      return Inventory.of(chart).warnings.some(({ path }) => path === 'app/web');
    };
    expect([warned('enforce'), warned('observe')]).toEqual([true, false]);
  });

  test('is refused where the addresses are not known', () => {
    expect(problemsWith(() => undefined, { egress: 'declared', egressTo: [Egress.apiServer()] })).toEqual([
      '[app/web] egressTo[0]: network/unknown-api-server',
    ]);
  });
});

test('an edge that the server declares lets a client with closed egress out', () => {
  const found = synth((chart) =>
    new WebService(chart, 'web', WEB).allowFrom(new WebService(chart, 'client', { ...WEB, egress: 'declared' })),
  );
  expect(only(found, 'NetworkPolicy', 'app-client').spec.egress).toEqual([
    DNS,
    {
      to: [{ podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-web' } } }],
      ports: [{ port: 8080, protocol: 'TCP' }],
    },
  ]);
});

test('declared edges are listed in words, each once', () => {
  const app = new App();
  const web = new WebService(newChart('shop', 'app', app), 'web', {
    ...WEB,
    egress: 'declared',
    egressTo: [Egress.cidr('10.0.0.0/8', { ports: [5432, 5433] }), Egress.to(Peer.pods({ namespace: 'data' }))],
  });
  web.allowFrom(Peer.pods({ labels: { app: 'x', tier: 'y' }, namespace: 'other' }));
  web.allowFrom(Peer.pods({ labels: { app: 'x', tier: 'y' }, namespace: 'other' }));
  web.allowFrom(Peer.fromKplus(kplus.NetworkPolicyIpBlock.ipv4(web, 'ip', '10.0.0.0/8')));
  expect(Inventory.of(app).connections).toEqual([
    { from: 'app/web', to: '10.0.0.0/8', ports: '5432,5433' },
    { from: 'app/web', to: 'data/all pods', ports: 'all' },
    { from: 'other/app=x,tier=y', to: 'app/web', ports: '8080' },
    { from: '10.0.0.0/8', to: 'app/web', ports: '8080' },
  ]);
});

test('a policy can be found from its block, and patched', () => {
  const web = new WebService(newChart(), 'web', WEB);
  expect(ApiObject.isApiObject(web.networkPolicy)).toBe(true);
  expect([web.networkPolicy.kind, web.networkPolicy.name]).toEqual(['NetworkPolicy', 'app-web']);
});
