import type { ContainerSettings } from '../pod/container';

const USUAL_DEADLINE = 600;
/** For what comes before the containers: a node, images, volumes, init containers. */
const BEFORE_THE_START = 300;

/**
 * The longest time, in seconds, that a pod may take from its first container to being ready, as its probes say. A sidecar has
 * started before the next container begins.
 */
export function longestStart(containers: readonly ContainerSettings[]): number {
  const [main, ...others] = containers;
  let started = 0;
  let ready = 0;
  for (const { probes: { readiness, startup } } of [...others.filter(({ role }) => role === 'sidecar'), main]) {
    const begun = started;
    if (startup) started += startup.initialDelay + startup.period * startup.failureThreshold;
    ready = Math.max(ready, started, begun + (readiness?.initialDelay ?? 0));
  }
  return ready;
}

/** A pod that starts slowly, but in its time, is no failed rollout. */
export function defaultDeadline(containers: readonly ContainerSettings[], minReady: number): number {
  return Math.max(USUAL_DEADLINE, longestStart(containers) + minReady + BEFORE_THE_START);
}
