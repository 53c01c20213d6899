import * as fc from 'fast-check';
import { id } from './arbitrary-blocks';
import { containerBase } from './arbitrary-container';
import { duration, serviceName } from './arbitrary-text';
import { rawScale, rawWorkload, scaleProps, secondsOf, workloadProps } from './arbitrary-workload';
import { call, type Terms } from './terms';
import { ending, type Theme } from './theme';

const exec = fc.constantFrom(call('Probe.exec', ['check']), call('Probe.exec', ['sh', '-c', 'é'], { period: call('Duration.seconds', 3600) }));

/** A process that nobody connects to, with or without metrics. */
const worker: fc.Arbitrary<Theme> = fc.record({
  id,
  own: fc.record({
    name: serviceName(62),
    liveness: fc.oneof(exec, fc.constant(call('Probe.none'))),
    startup: exec,
    metricsPort: fc.integer({ min: 1024, max: 65_535 }),
    minReady: duration(0, 3600),
    revisionHistory: fc.integer({ min: 0, max: 100 }),
  }, { requiredKeys: ['liveness'] }),
  progressDeadline: fc.option(fc.integer({ min: 1, max: 86_400 }), { nil: undefined }),
  base: containerBase,
  raw: rawWorkload,
  scale: rawScale,
}).map(({ id: start, own, progressDeadline, base, raw, scale }) => () => {
  const { props: scaled, least } = scaleProps(scale, { rollout: true });
  const main: Terms = {
    ...base,
    ...own,
    ...scaled,
    // the probes of others may give their start more time
    ...(progressDeadline === undefined || own.startup || raw.sidecars?.length
      ? {}
      : { progressDeadline: call('Duration.seconds', Math.max(progressDeadline, secondsOf(own.minReady, 5) + 1)) }),
  };
  const ports = own.metricsPort === undefined ? [] : [{ name: 'metrics', port: own.metricsPort }];
  return { blocks: [ending({ kind: 'Worker', id: start, props: workloadProps(raw, main, least, scaled.autoscaling !== undefined, ports) }, 'w')] };
});

export const workerThemes = { Worker: worker };
