import * as fc from 'fast-check';
import { id } from './arbitrary-blocks';
import { nodePool } from './arbitrary-nodes';
import { anyText, dnsLabel, size, subdomain } from './arbitrary-text';
import { call } from './terms';
import { ending, type Theme } from './theme';
import { plainJob } from './theme-runs';

const priority: fc.Arbitrary<Theme> = fc
  .record({
    id,
    props: fc.record(
      {
        name: subdomain(62, 62).filter((name) => !name.startsWith('system-')),
        value: fc.oneof(
          fc.constantFrom(0, -0, 1_000_000_000, -2_147_483_648),
          fc.integer({ min: -2_147_483_648, max: 1_000_000_000 }),
        ),
        description: anyText.filter((text) => text !== ''),
        preemptionPolicy: fc.constantFrom('PreemptLowerPriority', 'Never'),
        globalDefault: fc.boolean(),
      },
      { requiredKeys: ['value'] },
    ),
  })
  .map(({ id: start, props }) => () => ({
    blocks: [ending({ kind: 'PriorityClass', id: start, props }, 'c'), plainJob('important')],
  }));

const overhead = fc.record(
  { cpu: fc.integer({ min: 1, max: 4000 }).map((millis) => call('Cpu.millis', millis)), memory: size(1, 2 ** 24) },
  { requiredKeys: [] },
);

/** Nodes by a label that no pod asks for otherwise. */
const runtime: fc.Arbitrary<Theme> = fc
  .record({
    id,
    props: fc.record(
      { name: subdomain(62, 62), handler: dnsLabel(), overhead, nodes: nodePool('runtime.example.com/name') },
      { requiredKeys: ['handler'] },
    ),
  })
  .map(({ id: start, props }) => () => ({
    blocks: [ending({ kind: 'RuntimeClass', id: start, props }, 'r'), plainJob('sandboxed')],
  }));

export const schedulingThemes = { PriorityClass: priority, RuntimeClass: runtime };
