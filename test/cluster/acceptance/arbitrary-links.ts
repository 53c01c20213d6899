import * as fc from 'fast-check';
import { keysOf, pathsOf, textKeysOf } from './arbitrary-config';
import type { PortData } from './arbitrary-container';
import { peer } from './arbitrary-network';
import { absolutePath, anyText, relativePath, subdomain, word } from './arbitrary-text';
import { type BlockData, call, type StepData, type Term, type Terms } from './terms';

/** An edge or a mount between blocks that are still numbers. */
export interface RawLink {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  readonly path: string;
  readonly text: string;
  readonly item: string;
  readonly secret: string;
  readonly peer: Terms;
  readonly prefix?: string;
  readonly subPath?: string;
  readonly withItems?: boolean;
  readonly readOnly?: boolean;
  readonly ports?: number;
  readonly containers?: number;
  readonly wait?: RawWait;
}

/** A container that waits for the target of a connection. */
interface RawWait {
  readonly ofImage: boolean;
  readonly waitsItself?: boolean;
  readonly words: readonly string[];
}

export const rawLink: fc.Arbitrary<RawLink> = fc.record(
  {
    kind: fc.constantFrom(
      'mount',
      'mountSecret',
      'mountOverImage',
      'mountImage',
      'connectTo',
      'allowFrom',
      'allowPeer',
      'addEnv',
      'addEnvFrom',
      'addEnvFromSecret',
    ),
    from: fc.nat(5),
    to: fc.nat(5),
    path: absolutePath,
    text: anyText.filter((text) => !text.includes('$(')),
    item: relativePath,
    secret: subdomain(),
    peer,
    prefix: word('ABXYZ019_', 1, 97).map((text) => text.replace(/^[^A-Z]/, 'A')),
    subPath: relativePath,
    withItems: fc.boolean(),
    readOnly: fc.boolean(),
    ports: fc.nat(3),
    containers: fc.nat(3),
    wait: fc.record(
      {
        ofImage: fc.boolean(),
        waitsItself: fc.boolean(),
        words: fc.array(
          anyText.filter((text) => !text.includes('$(')),
          { maxLength: 2 },
        ),
      },
      { requiredKeys: ['ofImage', 'words'] },
    ),
  },
  { requiredKeys: ['kind', 'from', 'to', 'path', 'text', 'item', 'secret', 'peer'] },
);

/**
 * The calls that the links stand for. A link without a block to link is none, and each number keeps its names unique.
 */
export function stepsOf(links: readonly RawLink[], blocks: readonly BlockData[]): StepData[] {
  const workloads = blocks.filter(({ kind }) => !kind.startsWith('Versioned'));
  const configs = blocks.filter(({ kind }) => kind === 'VersionedConfigMap');
  const versioned = blocks.filter(({ kind }) => kind.startsWith('Versioned'));
  const connected = new Set<string>();
  return links.flatMap((link, index): StepData[] => {
    const from = pick(workloads, link.from);
    const target = pick(workloads, link.to);
    const config = pick(configs, link.to);
    const variable = config?.props.reload === 'watch' ? undefined : config;
    const volume = pick(versioned, link.to);
    if (from === undefined || target === undefined) return [];
    const step = (method: string, ...args: Term[]): StepData[] => [{ on: from.id, method, args }];
    const path = `/mnt/${index}${link.path}`;
    switch (link.kind) {
      case 'mount':
        return volume ? step('mount', path, { $block: volume.id }, mountOptions(link, from, volume)) : [];
      case 'mountOverImage':
        return config && from.kind === 'WebService' && index === 0
          ? step('mount', '/etc/nginx', { $block: config.id }, { hidesImageFiles: true })
          : [];
      // an image of a registry that the block does not know
      case 'mountImage':
        return from.props.registries === undefined
          ? step('mount', path, call('Volume.image', 'ghcr.io/acme/model:1.4.2'), imageOptions(link, from))
          : [];
      case 'mountSecret':
        return step('mountSecret', path, { $secret: link.secret }, mountOptions({ ...link, subPath: undefined }, from));
      case 'connectTo':
        return connect(link, from, target, connected);
      case 'allowFrom':
        return step('allowFrom', { $block: target.id }, ...portsOf(link, from));
      case 'allowPeer':
        return step('allowFrom', link.peer, ...portsOf(link, from));
      case 'addEnv':
        return step(
          'addEnv',
          `ADDED_${index}`,
          variable && textKeysOf(variable.props).length > 0
            ? { $block: variable.id, $envValue: textKeysOf(variable.props)[0] }
            : link.text,
        );
      case 'addEnvFrom':
        return variable && variables(variable, link).length > 0
          ? step('addEnvFrom', { $block: variable.id }, prefixOf(link))
          : [];
      default:
        return step('addEnvFrom', call('Env.fromSecret', { $secret: link.secret }));
    }
  });
}

function pick<T>(list: readonly T[], rank: number): T | undefined {
  return list[rank % list.length];
}

/** One connection for each pair: the second would set the same variables. */
function connect({ prefix, wait }: RawLink, from: BlockData, target: BlockData, connected: Set<string>): StepData[] {
  const pair = `${from.id} ${target.id}`;
  if (connected.has(pair) || from.id === target.id) return [];
  connected.add(pair);
  const options = {
    ...(prefix === undefined ? {} : { prefix: `${prefix}_${connected.size}` }),
    // in one direction, so that no two wait for each other
    ...(wait === undefined || from.id > target.id ? {} : { wait: waitOf(wait, from, `wait-${connected.size}`) }),
  };
  return [
    {
      on: from.id,
      method: 'connectTo',
      args: [{ $block: target.id }, ...(Object.keys(options).length === 0 ? [] : [options])],
    },
  ];
}

function waitOf({ ofImage, waitsItself, words }: RawWait, { props }: BlockData, name: string): Terms {
  const options = { name, ...(waitsItself === undefined ? {} : { waitsItself }) };
  return ofImage && props.registries === undefined
    ? call('Wait.byImage', 'ghcr.io/acme/wait:1.4.2', ['wait', ...words], options)
    : call('Wait.byProgram', ['ask', ...words], options);
}

function mountOptions(
  { subPath, withItems, readOnly, containers, item }: RawLink,
  from: BlockData,
  volume?: BlockData,
): Terms {
  const isConfig = volume?.kind === 'VersionedConfigMap';
  const stated = (volume?.props.keys ?? []) as string[];
  const keys = isConfig ? keysOf(volume.props) : stated.length > 0 ? stated : ['key'];
  const watched = volume?.props.reload === 'watch';
  const names = [isServer(from.kind) ? 'redis' : 'main', ...containerNames(from)];
  const chosen = withItems && keys.length > 0;
  // the files of the volume where they are known, and a Secret of others may have any
  const files = chosen ? [item, item.split('/')[0]] : isConfig ? pathsOf(volume.props) : [subPath];
  const path = subPath === undefined ? undefined : files[subPath.length % files.length];
  return {
    ...(chosen ? { items: { [keys[0]]: item } } : {}),
    ...(path !== undefined && !watched ? { subPath: path } : {}),
    ...(readOnly === undefined ? {} : { readOnly }),
    ...(containers === undefined ? {} : { containers: names.slice(0, 1 + (containers % names.length)) }),
  };
}

const isServer = (kind: BlockData['kind']): boolean => kind === 'Redis' || kind === 'RedisCache';

function imageOptions({ subPath, readOnly, ...link }: RawLink, from: BlockData): Terms {
  return {
    ...mountOptions({ ...link, withItems: false }, from),
    ...(subPath === undefined ? {} : { subPath }),
    ...(readOnly ? { readOnly } : {}),
  };
}

function containerNames({ props }: BlockData): string[] {
  return [...((props.sidecars ?? []) as Terms[]), ...((props.initContainers ?? []) as Terms[])].map(
    ({ name }) => name as string,
  );
}

/** Some of the ports that the pods declare. */
function portsOf({ ports }: RawLink, { kind, props }: BlockData): Terms[] {
  if (ports === undefined) return [];
  const main = isServer(kind) ? 6379 : kind === 'StaticSite' ? 8080 : (props.port as number);
  const others = [
    ...((props.extraPorts ?? []) as PortData[]),
    ...((props.sidecars ?? []) as Array<{ ports?: PortData[] }>).flatMap((sidecar) => sidecar.ports ?? []),
  ].map(({ port }) => port);
  return [{ ports: [main, ...others].slice(0, 1 + ports) }];
}

function prefixOf({ prefix }: RawLink): Terms {
  return prefix === undefined ? {} : { prefix };
}

/** The keys of a ConfigMap as variables; none unless a shell can read all of them. */
function variables({ props }: BlockData, { prefix = '' }: RawLink): string[] {
  if (textKeysOf(props).length < keysOf(props).length) return [];
  const names = keysOf(props).map((key) => prefix + key);
  return names.every((name) => /^[A-Za-z_]\w*$/.test(name)) ? names : [];
}
