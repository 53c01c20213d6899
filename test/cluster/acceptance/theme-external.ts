import * as fc from 'fast-check';
import { id } from './arbitrary-blocks';
import { appProtocol, containerBase, freePorts, image, namedPort, type PortData, port } from './arbitrary-container';
import { cidr } from './arbitrary-network';
import { annotations, dnsLabel, hostName, labels, portName, serviceName, subdomain } from './arbitrary-text';
import { hookOf, rawPods, workloadProps } from './arbitrary-workload';
import { type BlockData, call, type StepData, type Terms } from './terms';
import { ending, type Theme } from './theme';
import { exportTheme } from './theme-exposure';
import { plainJob } from './theme-runs';

const ADDRESSES = [
  '10.40.0.10',
  '10.40.0.11',
  '1.1.1.1',
  '255.255.255.255',
  '203.0.113.0',
  'fd00:40::10',
  '2001:db8::1',
  'fd00::',
];
const many = fc
  .integer({ min: 1, max: 250 })
  .map((count) => Array.from({ length: count }, (_, index) => `10.0.${Math.floor(index / 128)}.${(index % 128) + 1}`));
const addresses = fc
  .oneof({ withCrossShrink: true }, { weight: 4, arbitrary: fc.subarray(ADDRESSES, { minLength: 1 }) }, many)
  .map((given) => call('ExternalTarget.addresses', given));

const ranges = fc.array(cidr, { minLength: 1, maxLength: 3 });
const byRanges = ranges.map((given) => call('NameEgress.cidrs', given));
const egress = fc.oneof(
  { withCrossShrink: true },
  byRanges,
  fc.record({ clusterDomain: hostName }, { requiredKeys: [] }).map((options) => call('NameEgress.cilium', options)),
  fc.constant(call('NameEgress.calico')),
);

const externalName = subdomain(240).map((name) => `${name}.example`);
const options = (given: Terms | undefined): Terms[] => (given === undefined ? [] : [{ egress: given }]);
const dnsName = fc
  .tuple(externalName, fc.option(egress, { nil: undefined }))
  .map(([name, opened]) => call('ExternalTarget.dnsName', name, ...options(opened)));
const clusterSet = fc
  .tuple(serviceName(), dnsLabel(), fc.option(byRanges, { nil: undefined }))
  .map(([service, namespace, opened]) => call('ExternalTarget.clusterSet', service, namespace, ...options(opened)));
const synced = ranges.map((given) => call('ExternalTarget.synced', given));

const common = fc.record(
  {
    name: serviceName(47),
    labels,
    annotations,
    password: subdomain().map(($secret) => ({ secret: { $secret }, key: 'passwd' })),
  },
  { requiredKeys: [] },
);

const rawPorts = fc.record(
  {
    port: port(1),
    portName,
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
    appProtocol: fc.oneof({ weight: 6, arbitrary: appProtocol }, fc.constant(call('AppProtocol.https'))),
    servicePort: port(1),
    extraPorts: fc.array(namedPort(1), { maxLength: 2 }),
  },
  { requiredKeys: ['port'] },
);

/** `mapped`: whether clients may use another port than that of the target. */
function portProps(
  {
    port: number,
    portName: name,
    protocol,
    appProtocol: spoken,
    servicePort,
    extraPorts,
  }: {
    port: number;
    portName?: string;
    protocol?: string;
    appProtocol?: Terms;
    servicePort?: number;
    extraPorts?: PortData[];
  },
  mapped: boolean,
): Terms {
  const main = {
    name: name ?? (protocol ?? 'TCP').toLowerCase(),
    port: number,
    ...(protocol === undefined ? {} : { protocol }),
    ...(mapped && servicePort !== undefined ? { servicePort } : {}),
  };
  const extra = extraPorts?.map(({ servicePort: clients, ...given }) =>
    mapped && clients !== undefined ? { ...given, servicePort: clients } : given,
  );
  return {
    port: number,
    ...(name === undefined ? {} : { portName: name }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(spoken !== undefined && (protocol ?? 'TCP') === 'TCP' ? { appProtocol: spoken } : {}),
    ...(main.servicePort === undefined ? {} : { servicePort: main.servicePort }),
    ...(extra === undefined ? {} : { extraPorts: freePorts([main, ...extra], new Set()).slice(1) }),
  };
}

/** How a client with closed egress is let out: not at all to a name that nobody said how to open. */
function isOpen({ args }: Terms): boolean {
  const last = (args as Terms[])[(args as Terms[]).length - 1];
  return typeof last === 'object' && last !== null && 'egress' in last;
}

function block(
  start: string,
  target: Terms,
  given: Terms,
  ports: Parameters<typeof portProps>[0],
  headless: boolean | undefined,
): BlockData {
  const isName = target.$call === 'ExternalTarget.dnsName' || target.$call === 'ExternalTarget.clusterSet';
  const noMapping = headless === true && !isName;
  const props = {
    ...given,
    target,
    ...portProps(ports, target.$call !== 'ExternalTarget.dnsName' && !noMapping),
    ...(headless === undefined ? {} : { headless: noMapping }),
  };
  return ending({ kind: 'ExternalService', id: start, props }, 'o');
}

const clients = fc.record({
  closed: fc.boolean(),
  check: fc.option(
    fc.record(
      { image, command: fc.constant(['nc', 'é']), pullSecrets: fc.constant([{ $secret: 'registry' }]) },
      { requiredKeys: ['image'] },
    ),
    { nil: undefined },
  ),
});

/** The default command checks a TCP port. */
function checkOf(given: Terms, { protocol = 'TCP' }: { protocol?: string }): Terms {
  return protocol === 'TCP' ? given : { command: ['nc', '-u'], ...given };
}

/** With a client, and a Job that looks whether it can be reached. */
const external: fc.Arbitrary<Theme> = fc
  .record({
    id,
    target: fc.oneof({ withCrossShrink: true }, addresses, dnsName, clusterSet, synced),
    common,
    ports: rawPorts,
    headless: fc.option(fc.boolean(), { nil: undefined }),
    clients,
  })
  .map(({ id: start, target, common: given, ports, headless, clients: { closed, check } }) => () => {
    const own = block(start, target, given, ports, headless);
    const reachable = !String(target.$call).match(/dnsName|clusterSet/) || isOpen(target);
    const steps: StepData[] = [
      { on: 'client', method: 'connectTo', args: [{ $block: own.id }, { prefix: 'DB' }] },
      ...(check === undefined ? [] : [{ on: own.id, method: 'connectivityCheck', args: [checkOf(check, ports)] }]),
    ];
    return { blocks: [own, plainJob('client', closed && reachable ? { egress: 'declared' } : {})], steps };
  });

/** A service whose endpoints a process writes. */
const syncer: fc.Arbitrary<Theme> = fc
  .record({
    id,
    target: synced,
    common,
    ports: rawPorts,
    own: fc.record(
      { name: serviceName(62), liveness: fc.constant(call('Probe.exec', ['check'])) },
      { requiredKeys: [] },
    ),
    base: containerBase,
    raw: rawPods,
  })
  .map(({ id: start, target, common: given, ports, own, base, raw }) => (cluster) => {
    const service = block('target', target, given, ports, undefined);
    const shared = { ...raw.shared, serviceAccountToken: true };
    const knowsApi = ((cluster?.apiServer ?? []) as unknown[]).length > 0;
    const props = workloadProps(
      { ...raw, shared, egress: knowsApi ? raw.egress : undefined },
      { ...base, ...own, ...hookOf(raw, []), service: { $block: service.id } },
      1,
      false,
      [],
    );
    return { blocks: [service, ending({ kind: 'EndpointSyncer', id: start, props }, 'y')] };
  });

const OTHER_CLUSTER = 'west';

/** A service of another cluster, which has a chart of its own. */
const imported: fc.Arbitrary<Theme> = fc
  .record({
    id,
    exported: exportTheme,
    common,
    target: fc.option(fc.oneof(addresses, dnsName), { nil: undefined }),
    egress: fc.option(byRanges, { nil: undefined }),
  })
  .map(({ id: start, exported, common: given, target, egress: opened }) => () => {
    const { blocks, id: theirs, inSet, named } = exported(OTHER_CLUSTER);
    const told = inSet || named;
    // a name maps no ports, and a cluster set may have mapped some
    const where =
      inSet && target?.$call === 'ExternalTarget.dnsName'
        ? undefined
        : (target ?? (told ? undefined : call('ExternalTarget.addresses', ['10.1.10.1'])));
    const props = {
      ...given,
      exported: { $block: theirs },
      ...(where === undefined ? (opened === undefined ? {} : { egress: opened }) : { target: where }),
    };
    return {
      charts: [{ id: OTHER_CLUSTER, cluster: { name: OTHER_CLUSTER } }],
      blocks: [...blocks, ending({ kind: 'ImportedService', id: start, props }, 'i')],
    };
  });

export const externalThemes = {
  ExternalService: external,
  EndpointSyncer: syncer,
  ImportedService: imported,
  ExportedService: imported,
};
