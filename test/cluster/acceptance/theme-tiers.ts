import * as fc from 'fast-check';
import { cidr, peer } from './arbitrary-network';
import { anyText, dnsLabel, serviceName } from './arbitrary-text';
import { type BlockData, call, type StepData, type Terms } from './terms';
import type { Theme } from './theme';
import { plainJob } from './theme-runs';

const NAMESPACE = 'tiers';

const flags = { internetFacing: fc.boolean(), allowWithin: fc.boolean() };
const tier = fc.record({ name: dnsLabel(), ...flags }, { requiredKeys: ['name'] });

const mesh = fc
  .record({ revision: dnsLabel(), namespace: dnsLabel() }, { requiredKeys: [] })
  .map((options) => call('Mesh.istio', options));

const step = (on: string, method: string, ...args: unknown[]): StepData => ({ on, method, args });

function web(id: string, name: string | undefined): BlockData {
  return {
    kind: 'WebService',
    id,
    chart: NAMESPACE,
    props: {
      image: 'ghcr.io/acme/web:1.4.2',
      port: 8080,
      extraPorts: [{ name: 'metrics', port: 9090 }],
      readiness: call('Probe.portOnly'),
      ...(name === undefined ? {} : { name }),
    },
  };
}

/** Two workloads in a namespace of their own, each in a tier of its own, and a Job that is in none. */
const tiers: fc.Arbitrary<Theme> = fc
  .record({
    tiers: fc.uniqueArray(tier, { minLength: 2, maxLength: 2, selector: ({ name }) => name }),
    own: fc.record({ mode: fc.constantFrom('enforce', 'observe'), mesh }, { requiredKeys: [] }),
    names: fc.option(fc.tuple(serviceName(62), serviceName(62)), { nil: undefined }),
    facing: fc.option(fc.boolean(), { nil: undefined }),
    outside: cidr,
    scraping: fc.option(fc.record({ portName: fc.constantFrom('http', 'metrics') }, { requiredKeys: [] }), {
      nil: undefined,
    }),
    scraper: peer,
    exception: fc.option(
      anyText.filter((text) => text !== ''),
      { nil: undefined },
    ),
  })
  .map(({ tiers: given, own, names, facing, outside, scraping, scraper, exception }) => () => {
    const props: Terms = { ...own, tiers: given };
    const isFacing = facing ?? given[0].internetFacing ?? false;
    return {
      charts: [{ id: NAMESPACE }],
      blocks: [
        web('front', names && `${names[0]}f`),
        web('back', names && `${names[1]}b`),
        ...(exception === undefined ? [] : [{ ...plainJob('aside'), chart: NAMESPACE }]),
        { kind: 'NetworkTiers', id: 'order', chart: NAMESPACE, props },
      ],
      steps: [
        step(
          'order',
          'add',
          given[0].name,
          { $block: 'front' },
          ...(facing === undefined ? [] : [{ internetFacing: facing }]),
        ),
        step('order', 'add', given[1].name, { $block: 'back' }),
        step('front', 'connectTo', { $block: 'back' }),
        ...(isFacing ? [step('front', 'allowFrom', call('Peer.cidr', outside))] : []),
        ...(scraping && isScraper(scraper) ? [step('order', 'allowScraping', scraper, scraping)] : []),
        ...(exception === undefined ? [] : [step('order', 'except', { $block: 'aside' }, { reason: exception })]),
      ],
    };
  });

/** Pods of another namespace: others may be pods of the tiers, or come from outside. */
function isScraper({ $call: factory, args }: Terms): boolean {
  const { namespace } = (args as Terms[])[0] ?? {};
  return factory === 'Peer.pods' && namespace !== undefined && namespace !== NAMESPACE;
}

export const tierThemes = { NetworkTiers: tiers };
