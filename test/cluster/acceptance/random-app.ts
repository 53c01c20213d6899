import * as fc from 'fast-check';
import { anyBlock, type RawBlock, rawBlocks } from './arbitrary-blocks';
import { clusterProfile } from './arbitrary-cluster';
import { devicesOf, fitResources } from './arbitrary-devices';
import { cloudOf } from './arbitrary-identity';
import { rawLink, stepsOf } from './arbitrary-links';
import { rawRouting, routingProps, type RawRouting } from './arbitrary-routing';
import { storageFor } from './arbitrary-storage';
import { versionOf } from './arbitrary-version';
import type { BaseKind, BlockData, RandomApp, Terms, ThemeKind } from './terms';
import { ending, type Theme } from './theme';
import { accessThemes } from './theme-access';
import { exposureThemes } from './theme-exposure';
import { externalThemes } from './theme-external';
import { gatewayThemes } from './theme-gateway';
import { namespaceThemes } from './theme-namespaces';
import { privilegedThemes } from './theme-privileged';
import { runThemes } from './theme-runs';
import { schedulingThemes } from './theme-scheduling';
import { secretThemes } from './theme-secrets';
import { storageThemes } from './theme-storage';
import { tierThemes } from './theme-tiers';
import { BLOCKS, NAMES } from '../../blocks/catalogue';

export { build, type RandomApp } from './terms';

const themes: Record<ThemeKind, fc.Arbitrary<Theme>> = {
  ...accessThemes,
  ...exposureThemes,
  ...externalThemes,
  ...gatewayThemes,
  ...namespaceThemes,
  ...privilegedThemes,
  ...runThemes,
  ...schedulingThemes,
  ...secretThemes,
  ...storageThemes,
  ...tierThemes,
};

interface Chosen {
  readonly kind: ThemeKind;
  readonly theme: Theme;
}

function chosen(kind: ThemeKind): fc.Arbitrary<Chosen> {
  return themes[kind].map((theme) => ({ kind, theme }));
}

// an export is the other end of an import
const anyTheme = fc.oneof(
  ...(Object.keys(themes) as ThemeKind[]).filter((kind) => kind !== 'ExportedService').map(chosen),
);
/** The blocks that random apps have. */
export const RANDOM_KINDS: ReadonlyArray<BlockData['kind']> = [
  ...Object.keys(rawBlocks),
  ...Object.keys(themes),
  'HttpRouting',
] as Array<BlockData['kind']>;
/** How many blocks there are besides themes, one for each ending. */
const BASE_ENDS = 'fgh';
const byKind = { selector: ({ kind }: Chosen) => kind };

/**
 * An app that Kubernetes takes as it is: up to three blocks with mounts, edges and routes among them, or fewer with one
 * or two themes.
 */
export const validApp: fc.Arbitrary<RandomApp> = fc.oneof(
  { withCrossShrink: true },
  appOf(fc.array(anyBlock, { maxLength: 1 }), fc.uniqueArray(anyTheme, { minLength: 1, maxLength: 2, ...byKind })),
  appOf(fc.array(anyBlock, { minLength: 1, maxLength: 3 }), fc.constant([])),
);

/** A valid app of which the first block, the routing or the theme is of this kind. */
export function appWith(kind: BlockData['kind']): fc.Arbitrary<RandomApp> {
  if (kind in themes) {
    return appOf(
      fc.array(anyBlock, { maxLength: 1 }),
      chosen(kind as ThemeKind).map((one) => [one]),
    );
  }
  const first = kind === 'HttpRouting' ? rawBlocks.WebService : rawBlocks[kind as BaseKind];
  return appOf(
    fc.tuple(first, fc.array(anyBlock, { maxLength: 2 })).map(([block, others]) => [block, ...others]),
    fc.constant([]),
    kind === 'HttpRouting',
  );
}

function appOf(raw: fc.Arbitrary<RawBlock[]>, given: fc.Arbitrary<Chosen[]>, routed = false): fc.Arbitrary<RandomApp> {
  return fc
    .record({
      raw,
      links: fc.array(rawLink, { maxLength: 5 }),
      routing: routed ? rawRouting : fc.option(rawRouting, { nil: undefined }),
      themes: given,
      cluster: fc.option(clusterProfile, { nil: undefined }),
    })
    .map(({ raw: unnamed, links, routing, themes: more, cluster }) => {
      const base = refer(unnamed.map((block, index) => ending(block, BASE_ENDS[index])));
      const parts = more.map(({ theme }) => theme(cluster));
      const classed = withClasses([...base, ...parts.flatMap(({ blocks }) => blocks)]);
      const fitted = fitCloud(classed, cluster).map(fitResources);
      const all = inOrder([...fitted, ...routingOf(routing, base, cluster)]);
      const charts = parts.flatMap((part) => part.charts ?? []);
      const profile = clusterFor(cluster, all);
      const steps = [...stepsOf(links, base), ...parts.flatMap((part) => part.steps ?? [])];
      return {
        ...versionOf(all, steps, profile.cluster),
        ...profile,
        ...(charts.length > 0 ? { charts } : {}),
        blocks: all,
        steps,
      };
    });
}

/** References among the blocks; what others refer to comes first. */
function refer(blocks: BlockData[]): BlockData[] {
  const configs = blocks.filter(({ kind }) => kind === 'VersionedConfigMap');
  const secrets = blocks.filter(({ kind }) => kind === 'VersionedSecret');
  const workloads = blocks.filter((block) => !configs.includes(block) && !secrets.includes(block));
  return [
    ...configs,
    ...secrets,
    ...workloads.map(({ kind, id, props }) => ({
      kind,
      id,
      props:
        kind === 'StaticSite'
          ? withContent(props, configs)
          : props.password === undefined
            ? props
            : withSecret(props, secrets),
    })),
  ];
}

function withContent({ $content, ...props }: Terms, configs: readonly BlockData[]): Terms {
  return $content === undefined || configs.length === 0
    ? props
    : { ...props, content: { $block: configs[($content as number) % configs.length].id } };
}

/** The password is in a Secret of the app where there is one, under a key that it states. */
function withSecret(props: Terms, [secret]: readonly BlockData[]): Terms {
  if (secret === undefined) return props;
  const [key] = (secret.props.keys ?? []) as string[];
  const stated = key === undefined ? {} : { key };
  return { ...props, password: { ...(props.password as Terms), ...stated, secret: { $block: secret.id } } };
}

function routingOf(raw: RawRouting | undefined, blocks: readonly BlockData[], cluster: Terms | undefined): BlockData[] {
  const backends = blocks.filter(({ kind }) => kind === 'WebService' || kind === 'StaticSite').map(({ id }) => id);
  if (raw === undefined || backends.length === 0) return [];
  const { controller, ...props } = routingProps(raw, backends);
  // the profile also has one, for routes that any controller accepts
  const isPlain = !(props.routes as Terms[]).some(
    ({ stripPrefix, pathType }) => stripPrefix !== undefined || pathType === 'ImplementationSpecific',
  );
  return [
    {
      kind: 'HttpRouting',
      id: 'routing',
      props: cluster?.ingressController !== undefined && isPlain ? props : { ...props, controller },
    },
  ];
}

/** What has pods of its own. */
const WORKLOADS: ReadonlyArray<BlockData['kind']> = NAMES.filter(
  (name) => BLOCKS[name].emits[0] === 'ServiceAccount' && BLOCKS[name].emits[1] === 'NetworkPolicy',
);

/** The workloads of the main chart name the classes of the app. */
function withClasses(blocks: readonly BlockData[]): BlockData[] {
  const classes = {
    priorityClass: blocks.find(({ kind }) => kind === 'PriorityClass'),
    runtimeClass: blocks.find(({ kind }) => kind === 'RuntimeClass'),
  };
  return blocks.map((block) => {
    if (!WORKLOADS.includes(block.kind) || block.chart !== undefined) return block;
    const props = { ...block.props };
    for (const [prop, found] of Object.entries(classes)) {
      if (found === undefined) continue;
      delete props[`${prop}Name`];
      props[prop] = { $block: found.id };
    }
    return { ...block, props };
  });
}

/** Credentials that nodes of a cloud hand out are to be had in that cloud only. */
function fitCloud(blocks: readonly BlockData[], cluster: Terms | undefined): BlockData[] {
  return blocks.map((block) => {
    const { workloadIdentity, ...others } = block.props;
    const cloud = cloudOf(workloadIdentity);
    return cloud === undefined || cluster?.provider === undefined || cluster.provider === cloud
      ? block
      : { ...block, props: others };
  });
}

/** What is known of the cluster, but that it has no room for the app, or not the nodes that it needs. */
function fitCluster({ zones, allocatable, devices, ownNodes, ...others }: Terms, blocks: readonly BlockData[]): Terms {
  const isSpread = zones === 1 && blocks.some(({ props }) => props.spread === 'hard');
  const isRandom = blocks.some(({ kind }) => WORKLOADS.includes(kind));
  const needsNode = blocks.some(({ kind }) => kind === 'PrivilegedWorkload' || kind === 'NodeAgent');
  return {
    ...others,
    ...(zones === undefined || isSpread ? {} : { zones }),
    ...(allocatable === undefined || isRandom ? {} : { allocatable }),
    ...(ownNodes === undefined ? {} : { ownNodes: ownNodes === true || needsNode }),
    ...(devices === undefined ? {} : { devices: devicesOf((devices as Terms[])[0], blocks) }),
  };
}

/** The profile; one for blocks of a Gateway, or that ask for more of the nodes, says that the cluster has it. */
function clusterFor(cluster: Terms | undefined, blocks: readonly BlockData[]): { cluster?: Terms } {
  const ofGateway = blocks.some(({ kind }) => kind === 'Gateway' || kind === 'TlsRoute');
  const wanted = {
    ...(blocks.some(({ props }) => props.userNamespace === true) ? { userNamespaces: true } : {}),
    ...(blocks.some(({ props }) => props.supplementalGroupsPolicy === 'Strict')
      ? { supplementalGroupsPolicy: true }
      : {}),
  };
  const ofNodes = Object.keys(wanted).length > 0;
  const storage = storageFor(cluster?.storage as Terms | undefined, blocks);
  if (cluster === undefined && !ofGateway && !ofNodes && storage === undefined) return {};
  const gatewayApi = ofGateway ? { gatewayApi: { version: '1.7' } } : {};
  const nodeFeatures = ofNodes ? { nodeFeatures: { ...(cluster?.nodeFeatures as Terms | undefined), ...wanted } } : {};
  const ofStorage = storage === undefined ? {} : { storage };
  return { cluster: { ...fitCluster(cluster ?? {}, blocks), ...gatewayApi, ...nodeFeatures, ...ofStorage } };
}

/** What others refer to in their props. */
const FIRST: ReadonlyArray<BlockData['kind']> = [
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'StaticVolume',
  'VolumeClaim',
  'VersionedConfigMap',
  'SecretStore',
  'VersionedSecret',
  'Job',
  'WebService',
  'ExternalService',
  'ExportedService',
  'Gateway',
];

function inOrder(blocks: readonly BlockData[]): BlockData[] {
  const rank = ({ kind }: BlockData): number => (FIRST.includes(kind) ? FIRST.indexOf(kind) : FIRST.length);
  return [...blocks].sort((a, b) => rank(a) - rank(b));
}
