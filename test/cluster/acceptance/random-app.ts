import * as fc from 'fast-check';
import { anyBlock, type RawBlock, rawBlocks } from './arbitrary-blocks';
import { rawLink, stepsOf } from './arbitrary-links';
import { rawRouting, routingProps, type RawRouting } from './arbitrary-routing';
import type { BlockData, RandomApp, Terms } from './terms';

export { build, type RandomApp } from './terms';

/** An app of one to four blocks that Kubernetes takes as it is, with mounts, edges and routes among them. */
export const validApp: fc.Arbitrary<RandomApp> = appOf(fc.array(anyBlock, { minLength: 1, maxLength: 3 }));

/** A valid app of which the first block, or the routing, is of this kind. */
export function appWith(kind: BlockData['kind']): fc.Arbitrary<RandomApp> {
  const first = kind === 'HttpRouting' ? rawBlocks.WebService : rawBlocks[kind];
  return appOf(fc.tuple(first, fc.array(anyBlock, { maxLength: 2 })).map(([block, others]) => [block, ...others]), kind === 'HttpRouting');
}

function appOf(raw: fc.Arbitrary<RawBlock[]>, routed = false): fc.Arbitrary<RandomApp> {
  return fc.record({
    raw,
    links: fc.array(rawLink, { maxLength: 5 }),
    routing: routed ? rawRouting : fc.option(rawRouting, { nil: undefined }),
  }).map(({ raw: unnamed, links, routing }) => {
    const blocks = refer(unnamed.map(numbered));
    const all = [...blocks, ...routingOf(routing, blocks)];
    return { ...versionOf(all), blocks: all, steps: stepsOf(links, blocks) };
  });
}

/** A number makes ids and names unique. A name of only one block is the start of none of the objects of another. */
function numbered({ kind, id, props }: RawBlock, index: number): BlockData {
  const { name, ...others } = props;
  return { kind, id: `${id}${index}`, props: name === undefined ? props : { ...others, name: `${name as string}${index}` } };
}

/** References among the blocks; what others refer to comes first. */
function refer(blocks: BlockData[]): BlockData[] {
  const configs = blocks.filter(({ kind }) => kind === 'VersionedConfigMap');
  const secrets = blocks.filter(({ kind }) => kind === 'VersionedSecret');
  const workloads = blocks.filter((block) => !configs.includes(block) && !secrets.includes(block));
  return [...configs, ...secrets, ...workloads.map(({ kind, id, props }) => ({ kind, id, props: kind === 'StaticSite' ? withContent(props, configs) : kind === 'Redis' ? withSecret(props, secrets) : props }))];
}

function withContent({ $content, ...props }: Terms, configs: readonly BlockData[]): Terms {
  return $content === undefined || configs.length === 0 ? props : { ...props, content: { $block: configs[($content as number) % configs.length].id } };
}

/** The password is in a Secret of the app where there is one. */
function withSecret(props: Terms, secrets: readonly BlockData[]): Terms {
  return secrets.length === 0 ? props : { ...props, password: { ...(props.password as Terms), secret: { $block: secrets[0].id } } };
}

function routingOf(raw: RawRouting | undefined, blocks: readonly BlockData[]): BlockData[] {
  const backends = blocks.filter(({ kind }) => kind === 'WebService' || kind === 'StaticSite').map(({ id }) => id);
  return raw === undefined || backends.length === 0 ? [] : [{ kind: 'HttpRouting', id: 'routing', props: routingProps(raw, backends) }];
}

/** The oldest version of a cluster that knows all values of the app; none where any version does. */
function versionOf(blocks: readonly BlockData[]): { version?: string } {
  const wanted = blocks.map(({ props }) => (props.service as Terms | undefined)?.trafficDistribution);
  if (wanted.includes('PreferSameNode')) return { version: '1.34' };
  return wanted.includes('PreferSameZone') ? { version: '1.31' } : {};
}
