import { minorOfResources } from './arbitrary-devices';
import type { BlockData, StepData, Terms } from './terms';

/** The oldest minor version of a cluster that knows what a block states; 0 where any version does. */
function minorOf(block: BlockData): number {
  const { kind, props } = block;
  const { trafficDistribution } = (props.service ?? {}) as Terms;
  const { containers } = (props.restartInPlace ?? {}) as Terms;
  const { $call: vertical } = (props.verticalAutoscaling ?? {}) as Terms;
  return Math.max(
    minorOfResources(block),
    kind === 'TlsRoute' ? 31 : 0,
    trafficDistribution === 'PreferSameNode' ? 34 : trafficDistribution === undefined ? 0 : 31,
    vertical === 'VerticalAutoscaling.inPlaceOrRecreate' ? 33 : 0,
    /"tolerance":\d/.test(JSON.stringify(props.autoscaling ?? '')) ? 35 : 0,
    props.contentImage === undefined ? 0 : 36,
    props.volumeAttributesClassName === undefined ? 0 : 34,
    /"volumeAttributesClassName":"/.test(JSON.stringify(props.claims ?? '')) ? 34 : 0,
    kind === 'StatefulService' && (props.rollout as Terms | undefined)?.maxUnavailable !== undefined ? 37 : 0,
    props.successPolicy === undefined ? 0 : 31,
    props.restartInPlace === undefined ? 0 : containers === 'all' ? 36 : 35,
  );
}

/** The oldest version of a cluster that knows all values of the app; none where any version does. */
export function versionOf(
  blocks: readonly BlockData[],
  steps: readonly StepData[],
  cluster: Terms = {},
): { version?: string } {
  const newest = Math.max(
    0,
    ...blocks.map(minorOf),
    ...steps.map(({ args }) => (args.some((term) => (term as Terms | undefined)?.$call === 'Volume.image') ? 36 : 0)),
    ...Object.values((cluster.nodeFeatures ?? {}) as Terms).map((can) => (can === true ? 33 : 0)),
  );
  return newest === 0 ? {} : { version: `1.${newest}` };
}
