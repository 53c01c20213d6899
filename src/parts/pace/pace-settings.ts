/** How many pods an autoscaler adds or removes within a period of seconds. */
export interface StepSettings {
  readonly type: 'Percent' | 'Pods';
  readonly value: number;
  readonly period: number;
}

export interface DirectionSettings {
  /** Seconds for which the most careful result applies. */
  readonly window: number;
  readonly select: 'Max' | 'Min' | 'Disabled';
  readonly steps: readonly StepSettings[];
  /** In percent of the target; omitted for that of the cluster. */
  readonly tolerance?: number;
}

export interface PaceSettings {
  readonly up: DirectionSettings;
  readonly down: DirectionSettings;
}

/**
 * Scaling up uses Kubernetes' default pace, written out. Scaling down removes a tenth a minute, since the default may
 * remove all at once.
 */
export const STEADY: PaceSettings = {
  up: {
    window: 0,
    select: 'Max',
    steps: [
      { type: 'Percent', value: 100, period: 15 },
      { type: 'Pods', value: 4, period: 15 },
    ],
  },
  down: {
    window: 300,
    select: 'Max',
    steps: [
      { type: 'Percent', value: 10, period: 60 },
      { type: 'Pods', value: 1, period: 60 },
    ],
  },
};
