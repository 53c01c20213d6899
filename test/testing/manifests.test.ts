import { execFileSync } from 'node:child_process';
import { ApiObject, App as Cdk8sApp, Chart } from 'cdk8s';
import { App, Capture, Egress, Manifests, Match, Peer, SynthesisError, WebService } from '../../src';
import { WEB } from '../support';

function shop(): { app: App; chart: Chart } {
  const app = new App();
  return { app, chart: new Chart(app, 'shop', { namespace: 'shop' }) };
}

function failureOf(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing is thrown');
}

describe('Manifests', () => {
  test('finds and counts by kind, name, namespace and labels', () => {
    const { app, chart } = shop();
    new WebService(chart, 'web', WEB);
    new WebService(chart, 'api', WEB);
    const manifests = Manifests.of(app);
    expect(manifests.count({ kind: 'Deployment' })).toBe(2);
    expect(
      manifests
        .find({ name: 'shop-web' })
        .map(({ kind }) => kind as string)
        .sort(),
    ).toEqual(['Deployment', 'NetworkPolicy', 'PodDisruptionBudget', 'Service', 'ServiceAccount']);
    expect(
      manifests.count({ labels: { 'app.kubernetes.io/instance': 'shop-api' }, kind: 'Service', namespace: 'shop' }),
    ).toBe(1);
    expect(manifests.count({ kind: 'Service', namespace: 'other' })).toBe(0);
    expect(manifests.only({ kind: 'Service', name: 'shop-api' }).spec.type).toBe('ClusterIP');
    expect(failureOf(() => manifests.only({ kind: 'Service' }))).toBe(
      [
        '2 manifests are { kind: "Service" }. There are:',
        "  Service 'shop-web' in namespace 'shop'",
        "  Service 'shop-api' in namespace 'shop'",
      ].join('\n'),
    );
    expect(failureOf(() => manifests.only({ kind: 'Ingress' }))).toMatch(
      /^0 manifests are \{ kind: "Ingress" \}\. There are:\n {2}ServiceAccount /,
    );
  });

  test('are those of one chart, or of all charts of the app of cdk8s', () => {
    const app = new Cdk8sApp();
    const [one, other] = ['one', 'other'].map((id) => new Chart(app, id));
    const web = new WebService(one, 'web', WEB);
    new ApiObject(other, 'object', { apiVersion: 'v1', kind: 'ConfigMap' });
    expect(Manifests.of(app).count({})).toBe(6);
    expect(Manifests.of(other).all.map(({ kind }) => kind as string)).toEqual(['ConfigMap']);
    expect(Manifests.of(web).count({})).toBe(5);
  });

  test('throw what is wrong with the app, and tell what is worth a look', () => {
    const { app, chart } = shop();
    new WebService(chart, 'web', {
      ...WEB,
      podLabels: { 'sidecar.istio.io/inject': 'true' },
      serviceAccountToken: true,
      egress: 'declared',
    });
    expect(
      Manifests.of(app)
        .findings()
        .map(({ rule }) => rule),
    ).toEqual(['network/unusable-token']);
    new WebService(chart, 'broken', { ...WEB, replicas: -1 });
    expect(() => Manifests.of(chart)).toThrow(SynthesisError);
  });
});

test('mistakes in a query or a pattern are errors: they would match nothing in silence', () => {
  const { app, chart } = shop();
  new WebService(chart, 'web', WEB);
  const manifests = Manifests.of(app);
  expect(failureOf(() => manifests.hasNo({ nam: 'web' } as never))).toBe(
    "'nam' is no part of a query: write kind, name, namespace, labels",
  );
  expect(failureOf(() => manifests.has({ kind: 'Service' }, { metadata: { name: /web/ } }))).toBe(
    "metadata.name: write Match.text('...') for a part of a text",
  );
});

describe('a pattern', () => {
  const { app, chart } = shop();
  new WebService(chart, 'web', { ...WEB, replicas: 3, env: { A: '1', B: '2' } });
  const manifests = Manifests.of(app);
  const container = (pattern: unknown) => ({ spec: { template: { spec: { containers: [pattern] } } } });

  test('matches objects in part, lists as a whole, all else exactly', () => {
    manifests.has({ kind: 'Deployment' }, { spec: { replicas: 3 } });
    manifests.has({ kind: 'Deployment' }, container({ name: 'main' }));
    expect(() => manifests.has({ kind: 'Deployment' }, container({ env: [{ name: 'A' }] }))).toThrow();
    expect(() => manifests.has({ kind: 'Deployment' }, { spec: { replicas: '3' } })).toThrow();
  });

  test.each<[string, unknown, boolean]>([
    ['absent', { spec: { paused: Match.absent() } }, true],
    ['absent, and there', { spec: { replicas: Match.absent() } }, false],
    ['present', { spec: { replicas: Match.present() } }, true],
    ['present, and not there', { spec: { paused: Match.present() } }, false],
    ['any order', container({ env: Match.anyOrder([{ name: 'B' }, { name: 'A' }]) }), true],
    ['any order, one too few', container({ env: Match.anyOrder([{ name: 'B' }]) }), false],
    ['any order, one twice', container({ env: Match.anyOrder([{ name: 'B' }, { name: 'B' }]) }), false],
    ['including', container({ env: Match.including([{ name: 'B', value: Match.text('^[0-9]$') }]) }), true],
    ['including another', container({ env: Match.including([{ name: 'C' }]) }), false],
    [
      'exactly',
      container({
        env: Match.exactly([
          { value: '1', name: 'A' },
          { name: 'B', value: '2' },
        ]),
      }),
      true,
    ],
    ['exactly, in part', container({ env: Match.exactly([{ name: 'A' }, { name: 'B' }]) }), false],
    ['text', { metadata: { name: Match.text('^shop-') } }, true],
    ['text that is a number', { spec: { replicas: Match.text('3') } }, false],
  ])('can say: %s', (_, pattern, matches) => {
    if (matches) manifests.has({ kind: 'Deployment' }, pattern);
    else manifests.hasNo({ kind: 'Deployment' }, pattern);
    expect(() =>
      matches ? manifests.hasNo({ kind: 'Deployment' }, pattern) : manifests.has({ kind: 'Deployment' }, pattern),
    ).toThrow();
  });

  test('captures values', () => {
    const [name, replicas] = [new Capture(), new Capture(3)];
    expect(() => name.value as unknown).toThrow('Nothing is captured');
    manifests.has({ kind: 'Deployment' }, { metadata: { name }, spec: { replicas } });
    expect([name.value, replicas.value]).toEqual(['shop-web', 3]);
    expect(failureOf(() => manifests.has({ kind: 'Service' }, { spec: { type: new Capture('NodePort') } }))).toContain(
      'spec.type: got "ClusterIP", expected "NodePort"',
    );
  });

  test('that matches nothing is compared with the closest manifest', () => {
    new WebService(chart, 'api', WEB);
    const both = Manifests.of(app);
    const pattern = {
      spec: {
        replicas: 4,
        paused: Match.absent(),
        template: { spec: { containers: [{ env: Match.including([{ name: 'B' }]) }] } },
      },
    };
    expect(failureOf(() => both.has({ kind: 'Deployment' }, pattern))).toBe(
      [
        "No manifest that is { kind: \"Deployment\" } matches. The closest is Deployment 'shop-web' in namespace 'shop':",
        '  spec.replicas: got 3, expected 4',
      ].join('\n'),
    );
    expect(failureOf(() => both.has({ kind: 'Ingress' }))).toMatch(
      /^No manifest is \{ kind: "Ingress" \}\. There are:/,
    );
  });
});

describe('the differences that an error shows', () => {
  const { app, chart } = shop();
  const env = [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ];
  const args = ['--listen=0.0.0.0:8080', '--upstream=http://backend.shop.svc.cluster.local:9090', '--log=json', '-v'];
  new ApiObject(chart, 'object', {
    apiVersion: 'example.com/v1',
    kind: 'Sample',
    spec: { env, args, text: 'a\nb\nc\n', paused: true },
  });
  const manifests = Manifests.of(app);

  test.each<[what: string, pattern: object, ...lines: string[]]>([
    ['absent', { paused: Match.absent() }, '  spec.paused: got true, expected nothing'],
    ['present', { name: Match.present() }, '  spec.name: got nothing, expected a value'],
    [
      'several fields',
      { paused: false, replicas: 3 },
      '  spec.paused: got true, expected false',
      '  spec.replicas: got nothing, expected 3',
    ],
    [
      'a list with more items',
      { env: [{ name: 'A' }, { name: 'C' }, { name: 'D' }] },
      '  spec.env[1].name: got "B", expected "C"',
      '  spec.env[2]: got nothing, expected { name: "D" }',
    ],
    [
      'a list with fewer items',
      { env: [{ name: 'A' }] },
      '  spec.env[1]: got { name: "B", value: "2" }, expected no further item',
    ],
    [
      'including: the closest item',
      { env: Match.including([{ name: 'A' }, { name: 'B', value: '3' }]) },
      '  spec.env: no other item matches { name: "B", value: "3" }. The closest is [1]:',
      '    spec.env[1].value: got "2", expected "3"',
    ],
    [
      'including: more items than the list has',
      { env: Match.including([{ name: 'A' }, { name: 'B' }, { name: 'A' }]) },
      '  spec.env: no other item matches { name: "A" }',
    ],
    [
      'including: no list',
      { paused: Match.including(['A']) },
      '  spec.paused: got true, expected a list that includes ["A"]',
    ],
    [
      'any order: an item instead of another one',
      { env: Match.anyOrder([{ name: 'C' }, { name: 'B' }]) },
      '  spec.env: no other item matches { name: "C" }. The closest is [0]:',
      '    spec.env[0].name: got "A", expected "C"',
    ],
    [
      'any order: an item too many',
      { env: Match.anyOrder([{ name: 'B' }]) },
      '  spec.env[0]: got { name: "A", value: "1" }, expected no further item',
    ],
    [
      'exactly: another field',
      { env: Match.exactly([{ name: 'A' }, env[1]]) },
      '  spec.env[0].value: got "1", expected nothing',
    ],
    ['text', { paused: Match.text('^t') }, '  spec.paused: got true, expected text like /^t/u'],
    [
      'a long value',
      { args: 'none' },
      '  spec.args:',
      '    got:',
      '      [',
      ...args.map((arg) => `        "${arg}",`),
      '      ]',
      '    expected:',
      '      "none"',
    ],
    ['a text with lines', { text: 'a\nB\nc\n' }, '  spec.text, line 2: got "b", expected "B"'],
    ['a text with fewer lines', { text: 'a\nb' }, '  spec.text, line 3: got "c", expected nothing'],
    [
      'a text with lines in place of another value',
      { text: 3 },
      '  spec.text:',
      '    got:',
      '      |',
      '        a',
      '        b',
      '        c',
      '    expected:',
      '      3',
    ],
  ])('of %s', (_, spec, ...lines) => {
    const [head, ...shown] = failureOf(() => manifests.has({ kind: 'Sample' }, { spec })).split('\n');
    expect(head).toMatch(/^No manifest that is \{ kind: "Sample" \} matches\. The closest is Sample 'shop-object-\w+'/);
    expect(shown).toEqual(lines);
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test('assign items to patterns so that as many as possible match', () => {
    const any = Match.text('');
    for (const order of [
      [any, 'A'],
      ['A', any],
      [any, 'B'],
    ]) {
      manifests.has({ kind: 'Sample' }, { spec: { env: Match.anyOrder(order.map((name) => ({ name }))) } });
    }
    // each order of 40 items would take forever
    const many = Array.from({ length: 40 }, (_, index) => (index < 39 ? any : 'none'));
    const spec = { many: many.map((_, index) => `item ${index}`) };
    const list = new ApiObject(chart, 'list', { apiVersion: 'example.com/v1', kind: 'Many', spec });
    expect(() => Manifests.of(list).has({ kind: 'Many' }, { spec: { many: Match.including(many) } })).toThrow(
      'no other item matches "none"',
    );
  });
});

test('a Capture takes the value of the manifest that matches, not of another candidate', () => {
  const { app, chart } = shop();
  for (const [id, replicas] of Object.entries({ first: 2, second: 3, third: 2 })) {
    new WebService(chart, id, { ...WEB, replicas, env: { ID: id } });
  }
  const [name, variable] = [new Capture(), new Capture(Match.text('second'))];
  const containers = [{ env: Match.including([{ name: Match.text('^I'), value: variable }]) }];
  Manifests.of(app).has({ kind: 'Deployment' }, { metadata: { name }, spec: { template: { spec: { containers } } } });
  expect([name.value, variable.value]).toEqual(['shop-second', 'second']);
});

describe('passesPodSecurity', () => {
  test('accepts what the blocks write', () => {
    const { app, chart } = shop();
    new WebService(chart, 'web', WEB);
    Manifests.of(app).passesPodSecurity('restricted');
  });

  test('names each field that breaks the level', () => {
    const { app, chart } = shop();
    new ApiObject(chart, 'job', {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'probe' },
      spec: {
        jobTemplate: {
          spec: {
            template: { spec: { hostPID: true, containers: [{ name: 'a', securityContext: { privileged: true } }] } },
          },
        },
      },
    });
    const manifests = Manifests.of(app);
    expect(failureOf(() => manifests.passesPodSecurity('baseline')).split('\n')).toEqual([
      "Pod Security 'baseline' refuses:",
      "  CronJob 'probe' in namespace 'shop': spec.jobTemplate.spec.template.spec.hostPID is true, expected no namespace of the host",
      "  CronJob 'probe' in namespace 'shop': spec.jobTemplate.spec.template.spec.containers[0].securityContext.privileged is true, expected an unprivileged container",
    ]);
    expect(failureOf(() => manifests.passesPodSecurity('restricted')).split('\n')).toHaveLength(7);
    expect(failureOf(() => manifests.passesPodSecurity('strict'))).toBe(
      "level: got \"strict\", expected 'restricted' or 'baseline'",
    );
    expect(failureOf(() => manifests.passesPodSecurity('baseline', { version: '1.29' }))).toContain("from '1.30' on");
  });
});

describe('canReach', () => {
  test('follows the edges of the blocks, by port', () => {
    const { chart } = shop();
    const web = new WebService(chart, 'web', { ...WEB, egress: 'declared' });
    const api = new WebService(chart, 'api', { ...WEB, egress: 'declared' });
    web.connectTo(api);
    const manifests = Manifests.of(chart);
    const [clientPods, serverPods] = [{ name: 'shop-web' }, { name: 'shop-api' }];
    expect(manifests.canReach(clientPods, serverPods, 8080)).toBe(true);
    expect(manifests.canReach(clientPods, serverPods, 9090)).toBe(false);
    expect(manifests.canReach(clientPods, serverPods, 8080, { protocol: 'UDP' })).toBe(false);
    expect(manifests.canReach(serverPods, clientPods, 8080)).toBe(false);
    expect(() => manifests.canReach({ kind: 'Service' }, serverPods, 8080)).toThrow(
      '0 workloads are { kind: "Service" }',
    );
  });

  test('knows namespaces by labels, named ports, ranges of ports, and policies without types', () => {
    const app = new App();
    const [here, there] = ['here', 'there'].map((id) => new Chart(app, id, { namespace: id }));
    const pod = (chart: Chart, name: string, ports: unknown[] = []) =>
      new ApiObject(chart, name, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, labels: { app: name } },
        spec: { containers: [{ name: 'main', ports }] },
      });
    pod(here, 'client');
    pod(there, 'server', [{ name: 'grpc', containerPort: 9000 }]);
    const policy = (spec: unknown) =>
      new ApiObject(there, `policy${there.node.children.length}`, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        spec,
      });
    const reaches = (port: number) => Manifests.of(app).canReach({ name: 'client' }, { name: 'server' }, port);
    expect(reaches(1)).toBe(true);
    policy({ podSelector: { matchLabels: { app: 'server' } } });
    expect(reaches(9000)).toBe(false);
    policy({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] });
    expect(reaches(9000)).toBe(false);
    policy({ podSelector: {}, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 'grpc' }] }] });
    expect(reaches(9000)).toBe(false);
    policy({
      podSelector: {},
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'here' } } }],
          ports: [{ port: 'grpc' }, { port: 7000, endPort: 7010 }],
        },
      ],
    });
    expect([8999, 9000, 7000, 7005, 7010, 7011].map(reaches)).toEqual([false, true, true, true, true, false]);
  });

  test('asks both ends', () => {
    const { app, chart } = shop();
    const client = new WebService(chart, 'client', { ...WEB, egress: 'declared' });
    const server = new WebService(chart, 'server', WEB);
    server.allowFrom(Peer.pods({ labels: { 'app.kubernetes.io/instance': client.name } }));
    new WebService(chart, 'free', { ...WEB, egressTo: [Egress.to(server.toPeer())], egress: 'declared' });
    const manifests = Manifests.of(app);
    expect(manifests.canReach({ name: 'shop-client' }, { name: 'shop-server' }, 8080)).toBe(false);
    expect(manifests.canReach({ name: 'shop-free' }, { name: 'shop-server' }, 8080)).toBe(false);
  });
});

test('works with the test runner of Node', () => {
  const script = `
    require('ts-node/register/transpile-only');
    const { test } = require('node:test');
    const { Chart } = require('cdk8s');
    const { App, Manifests, Probe, WebService } = require('./src');
    const app = new App();
    new WebService(new Chart(app, 'shop'), 'web', { image: 'ghcr.io/acme/web:1.0', port: 8080, readiness: Probe.httpGet('/readyz') });
    test('passes', () => Manifests.of(app).has({ kind: 'Deployment' }, { spec: { replicas: 2 } }));
    test('fails', { todo: true }, () => Manifests.of(app).has({ kind: 'Deployment' }, { spec: { replicas: 3 } }));
  `;
  const output = execFileSync(process.execPath, ['--eval', script], { encoding: 'utf8' });
  expect(output).toContain('spec.replicas: got 2, expected 3');
  expect(output).toMatch(/# pass 1\n/);
});
