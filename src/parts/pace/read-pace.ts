import type { Duration } from 'cdk8s';
import { type PaceSettings, STEADY } from './pace-settings';
import type * as Paces from './scaling-pace';
import type { Problems } from '../../kernel/findings/problems';
import { instance, seconds } from '../../kernel/schema/checks';
import type { Reader } from '../../kernel/schema/reader';

/** The pace of an autoscaler, as its options state it. */
interface PaceProps {
  readonly pace?: Paces.ScalingPace;
  readonly scaleDownStabilization?: Duration;
}

const SCALE_DOWN_STABILIZATION = seconds(0, 3600);

/** The pace, with the time of lower load. Another one than the usual is loaded only if it is given. */
export function readPaceAndWindow(read: Reader<PaceProps>, problems: Problems, prop: string): PaceSettings {
  if (!read.has('pace')) {
    const window = read.optional('scaleDownStabilization', SCALE_DOWN_STABILIZATION, STEADY.down.window);
    return { ...STEADY, down: { ...STEADY.down, window } };
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const paces = require('./scaling-pace') as typeof Paces;
  const given = read.optional('pace', instance(paces.ScalingPace, 'a ScalingPace'), undefined, {
    fix: 'Use ScalingPace.spiky(), ScalingPace.slowStarter(...) or ScalingPace.of(...)',
  });
  const pace = given === undefined ? STEADY : paces.readPace(given, problems, `${prop}.pace`);
  if (given !== undefined && paces.statesStabilization(given)) {
    read.conflict('scaleDownStabilization', 'pace', { fix: "Remove one of them, or 'stabilization' of the pace" });
  }
  const window = read.optional('scaleDownStabilization', SCALE_DOWN_STABILIZATION, pace.down.window);
  return { ...pace, down: { ...pace.down, window } };
}
