import { App, Chart, Duration, Size } from 'cdk8s';
import * as fc from 'fast-check';
import {
  ClusterDns,
  ClusterProfile,
  Cpu,
  IngressController,
  Job,
  NodePool,
  PriorityClass,
  PrivilegedException,
  PrivilegedWorkload,
  Probe,
  RuntimeClass,
} from '../../src';
import { linesOf } from '../support';

const RUNS = { numRuns: 150, seed: 42 };
const MESSAGE = /^\[.*\] .+: got .+, expected .+\. .+/;

/** Values that a JavaScript caller may pass by mistake, among them good ones for other props. */
const anyValue = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    key: fc.string({ unit: 'binary' }),
  }),
  fc.constantFrom<unknown>(
    undefined,
    null,
    NaN,
    Infinity,
    -1,
    0,
    1,
    1.5,
    3,
    '',
    '/',
    [],
    {},
    true,
    'constructor',
    '@daily',
    '* * * * *',
    'UTC',
    ['a'],
    ['10.0.0.0/8'],
    { a: 'b' },
    Symbol('s'),
  ),
  fc.constantFrom<unknown>(
    Duration.seconds(5),
    Duration.millis(1500),
    Size.mebibytes(64),
    Cpu.millis(500),
    Cpu.units(0),
    Probe.none(),
    Probe.exec(['a']),
    NodePool.open({ key: 'a', value: 'b' }),
    NodePool.open(null as never),
  ),
);
const anything = anyValue as fc.Arbitrary<never>;
const anyProps = (...names: string[]): fc.Arbitrary<never> =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record(Object.fromEntries(names.map((name) => [name, anyValue])), { requiredKeys: [] }),
    },
    anyValue,
  ) as fc.Arbitrary<never>;

const PLACEMENT = [
  'spread',
  'nodeSelector',
  'tolerations',
  'placeOn',
  'priorityClass',
  'priorityClassName',
  'runtimeClass',
  'runtimeClassName',
];
const WHY = fc.oneof(anything, fc.constant({ reason: 'It needs it, really' } as never));
const exception = fc.oneof(
  anything,
  fc.tuple(anything, WHY).map(([names, why]) => PrivilegedException.capabilities(names, why) as never),
  fc
    .tuple(anything, anyProps('reason', 'mountPath', 'writable', 'type', 'handsOverNode'))
    .map(([path, options]) => PrivilegedException.hostPath(path, options) as never),
  WHY.map((why) => PrivilegedException.rootUser(why) as never),
);

test.each<[string, fc.Arbitrary<(chart: Chart) => unknown>]>([
  [
    'ClusterProfile',
    anyProps(
      'name',
      'version',
      'zones',
      'nodes',
      'allocatable',
      'provider',
      'dns',
      'apiServer',
      'ingressController',
    ).map((props) => (chart) => new ClusterProfile(props).assignTo(chart)),
  ],
  [
    'ClusterDns',
    fc.tuple(anything, anyProps('namespace', 'labels', 'port'), fc.boolean()).map(
      ([list, options, local]) =>
        (chart) =>
          new ClusterProfile({ dns: local ? ClusterDns.nodeLocal(list) : ClusterDns.pods(options) }).assignTo(chart),
    ),
  ],
  [
    'IngressController of a profile',
    fc.tuple(anything, anyProps('className', 'traefik')).map(
      ([ranges, options]) =>
        (chart) =>
          new ClusterProfile({ ingressController: IngressController.fromCidrs(ranges, options) }).assignTo(chart),
    ),
  ],
  [
    'NodePool',
    fc
      .tuple(anyProps('key', 'value', 'effect', 'staysFor', 'nodeLabels'), anything)
      .map(([options, node]) => (chart) => {
        const pool = NodePool.reserved(options);
        expect(pool.nodeCommands(node)).toHaveLength(2);
        return new Job(chart, 'job', { image: 'ghcr.io/acme/app:1.0.0', placeOn: pool });
      }),
  ],
  [
    'PrivilegedWorkload',
    fc
      .tuple(
        anyProps('name', 'owner', 'image', 'replicas', 'ports', 'readiness', 'user', 'egress', ...PLACEMENT),
        fc.array(exception, { maxLength: 4 }),
      )
      .map(
        ([props, exceptions]) =>
          (chart) =>
            new PrivilegedWorkload(chart, 'agent', { ...(props as object), exceptions } as never),
      ),
  ],
])(
  'a constructor never throws, and the synthesis either succeeds or says what is wrong, for any %s',
  (_title, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (build) => {
        for (const message of linesOf(build)) expect(message).toMatch(MESSAGE);
      }),
      RUNS,
    );
  },
);

test('a class that was refused does not keep the rest from being told', () => {
  const app = new App();
  const chart = new Chart(app, 'app', { namespace: 'shop' });
  new Job(chart, 'job', {
    image: 'ghcr.io/acme/app:1.0.0',
    priorityClass: new PriorityClass(chart, 'class', null as never),
    runtimeClass: new RuntimeClass(chart, 'sandbox', { handler: 'UPPER' }),
  });
  expect(() => app.synthYaml()).toThrow(/\[app\/class\] prop 'value'[^]*\[app\/sandbox\] prop 'handler'/);
});
