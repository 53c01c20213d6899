import * as fc from 'fast-check';
import { nodePool } from './arbitrary-nodes';
import { mapping, size, sizeOf, subdomain, word } from './arbitrary-text';
import { type BlockData, call, type Term, type Terms } from './terms';

const LOCAL = 'abcXYZ019';

/** The name of an extended resource. A quota has it after `requests.`. */
export const extendedName = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom('nvidia.com/gpu', 'nvidia.com/mig-1g.5gb', 'rdma.example.com/hca_shared', 'a/b'),
  fc
    .tuple(subdomain(244), word(LOCAL, 1, 63))
    .map(([domain, name]) => `${domain}/${name}`)
    .filter((name) => !name.startsWith('requests.') && !name.includes('kubernetes.io/')),
);

/** Fewer than a node may have, all containers of a pod together. */
export const extended = mapping(extendedName, fc.integer({ min: 1, max: 1000 }), 2);

/** Rare: with one of these, an app is for newer clusters only. */
function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

const policy = fc.constantFrom('NotRequired', 'RestartContainer');

export const resize = rarely(fc.record({ cpu: policy, memory: policy }, { requiredKeys: [] }));

export const devices = rarely(
  fc.array(
    fc
      .record({
        name: subdomain(),
        options: fc.record(
          {
            count: fc.integer({ min: 1, max: 10 }),
            selectors: fc.uniqueArray(fc.constantFrom("device.driver == 'gpu.example.com'", 'true'), { maxLength: 2 }),
          },
          { requiredKeys: [] },
        ),
      })
      .map(({ name, options }) => call('DeviceRequest.of', name, options)),
    { maxLength: 3 },
  ),
);

const LEAST_MEMORY = 4 * 1024;

export const podResources = rarely(
  fc
    .record({ cpu: fc.integer({ min: 1, max: 100_000 }), memory: size(LEAST_MEMORY, 2 ** 30) })
    .map(({ cpu, memory }) => call('PodResources.of', { cpu: call('Cpu.millis', cpu), memory })),
);

/** What a profile says of the nodes with devices; the resources are those that the app requests. */
export const nodeDevices = fc.record(
  {
    perNode: fc.constant(100_000),
    nodes: fc.integer({ min: 1, max: 100_000 }),
    pool: nodePool('devices.example.com/of'),
  },
  { requiredKeys: ['perNode'] },
);

const withoutKey = (terms: Terms, key: string): Terms =>
  Object.fromEntries(Object.entries(terms).filter(([name]) => name !== key));

/** The main container and the others. */
function containersOf({ props }: BlockData): Terms[] {
  return [props, ...['sidecars', 'initContainers'].flatMap((prop) => (props[prop] ?? []) as Terms[])];
}

function optionsOf({ resources }: Terms): Terms {
  return (resources as { args?: Terms[] } | undefined)?.args?.[0] ?? {};
}

function mapContainers(
  { props, ...block }: BlockData,
  change: (container: Terms, isInit: boolean) => Terms,
): BlockData {
  const { sidecars, initContainers, ...main } = props;
  const all = (given: unknown, isInit: boolean): Terms[] => (given as Terms[]).map((one) => change(one, isInit));
  return {
    ...block,
    props: {
      ...change(main, false),
      ...(sidecars === undefined ? {} : { sidecars: all(sidecars, false) }),
      ...(initContainers === undefined ? {} : { initContainers: all(initContainers, true) }),
    },
  };
}

function withOptions(container: Terms, change: (options: Terms) => Terms): Terms {
  const { resources } = container as { resources?: { $call: string; args: Terms[] } };
  if (resources === undefined || resources.args.length === 0) return container;
  return { ...container, resources: call(resources.$call, change(resources.args[0])) };
}

/**
 * Nothing that contradicts: no restart by resize where containers never restart, no resize of an init container, and
 * containers that share the resources of their pod where it states them, which has room for those that do not.
 */
export function fitResources(block: BlockData): BlockData {
  const { kind, props } = block;
  const runs = ['Job', 'ScheduledJob', 'NamespaceReaper'].includes(kind) && props.restartPolicy !== 'OnFailure';
  const plain = mapContainers(block, (container, isInit) =>
    withOptions(container, (options) => (runs || isInit ? withoutKey(options, 'resize') : options)),
  );
  if (plain.props.podResources === undefined) return plain;
  if (plain.props.autoscaling !== undefined) return { ...plain, props: withoutKey(plain.props, 'podResources') };
  const sharing = mapContainers(plain, (container) => {
    const { extended: counts } = optionsOf(container);
    if (container.resources === undefined) return container;
    return { ...container, resources: call('Resources.shared', counts === undefined ? {} : { extended: counts }) };
  });
  const least = fixedResources(sharing);
  const { verticalAutoscaling: vertical, ...others } = sharing.props;
  return {
    ...sharing,
    props: {
      ...others,
      ...(least === undefined ? {} : { podResources: call('PodResources.of', least) }),
      // the autoscaler does not know them
      ...(vertical ? { verticalAutoscaling: call('VerticalAutoscaling.recommend', ...argumentsOf(vertical)) } : {}),
    },
  };
}

function argumentsOf(called: Term): Term[] {
  return (called as Terms).args as Term[];
}

const GIBIBYTE = 1024 * 1024;

/** What the pod needs at least where the block decides about its main container; none where the caller does. */
function fixedResources({ kind, props }: BlockData): Terms | undefined {
  const millis = (least: number): Terms => call('Cpu.millis', least);
  if (kind === 'NamespaceReaper') return { cpu: millis(100), memory: sizeOf(GIBIBYTE) };
  if (kind !== 'Redis' && kind !== 'RedisCache') return undefined;
  // twice the data, as much for clients at most, and buffers
  return { cpu: props.cpu ?? millis(250), memory: sizeOf(3 * kibibytesOf(props.maxMemory) + 4 * GIBIBYTE) };
}

/** Of a term that `sizeOf` made. */
function kibibytesOf(term: unknown): number {
  if (term === undefined) return 256 * 1024;
  const { $call: factory, args } = term as { $call: string; args: [number] };
  return factory === 'Size.mebibytes' ? args[0] * 1024 : args[0];
}

/** The oldest minor version that knows the resources of a block; 0 where any version does. */
export function minorOfResources(block: BlockData): number {
  if (block.props.podResources !== undefined) return 34;
  const options = containersOf(block).map(optionsOf);
  const claims = options.some((each) => ((each.devices ?? []) as unknown[]).length > 0);
  return claims ? 34 : options.some((each) => each.resize !== undefined) ? 33 : 0;
}

/** The devices of a profile: of everything that the blocks request. */
export function devicesOf(one: Terms, blocks: readonly BlockData[]): Terms[] {
  const names = blocks.flatMap(containersOf).flatMap((container) => Object.keys(optionsOf(container).extended ?? {}));
  return [...new Set(names)].map((resource) => ({ ...one, resource }));
}
