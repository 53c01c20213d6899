import * as fc from 'fast-check';
import { duration, labelValue } from './arbitrary-text';
import { call, type Terms } from './terms';

/** Nodes with a label and a taint of that key. */
export function nodePool(key: string): fc.Arbitrary<Terms> {
  const common = { value: labelValue, nodeLabels: labelValue.map((value) => ({ [key]: value })) };
  const requiredKeys: ['value'] = ['value'];
  return fc.oneof(
    { withCrossShrink: true },
    fc
      .record({ ...common, effect: fc.constantFrom('NoSchedule', 'PreferNoSchedule', 'NoExecute') }, { requiredKeys })
      .map((given) => call('NodePool.reserved', { key, ...given })),
    fc
      .record({ ...common, staysFor: duration(0, 31_536_000) }, { requiredKeys })
      .map((given) => call('NodePool.reserved', { key, effect: 'NoExecute', ...given })),
    fc.record(common, { requiredKeys }).map((given) => call('NodePool.open', { key, ...given })),
  );
}
