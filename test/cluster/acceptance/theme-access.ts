import * as fc from 'fast-check';
import { clusterRole, role, subjects } from './arbitrary-access';
import { id } from './arbitrary-blocks';
import { anyText, labels, subdomain } from './arbitrary-text';
import { call, type Terms } from './terms';
import { ending, type Theme } from './theme';
import { plainJob } from './theme-runs';

/** The API server has these, so that objects can be sent to them. */
const NAMESPACES = fc.constantFrom('access', 'a'.repeat(63));

const scope: fc.Arbitrary<Terms> = fc.oneof(
  { withCrossShrink: true },
  fc.record({ role, namespace: NAMESPACES }, { requiredKeys: ['role'] }),
  fc.record({ role: clusterRole, clusterWide: anyText.filter((text) => text !== '') }),
);

const grant: fc.Arbitrary<Theme> = fc
  .record({
    id,
    scope,
    subjects,
    workload: fc.boolean(),
    more: fc.record({ name: subdomain(62), labels }, { requiredKeys: [] }),
  })
  .map(({ id: start, scope: given, subjects: who, workload, more }) => () => {
    const props = {
      ...more,
      ...given,
      subjects: [...who, ...(workload ? [call('Subject.workload', { $block: 'robot' })] : [])],
    };
    return {
      blocks: [
        ...(workload ? [plainJob('robot', { serviceAccountToken: true })] : []),
        ending({ kind: 'AccessGrant', id: start, props }, 'a'),
      ],
    };
  });

export const accessThemes = { AccessGrant: grant };
