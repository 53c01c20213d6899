import * as fc from 'fast-check';
import { appWith, build } from './cluster/acceptance/random-app';
import { linesOf } from './support';
test.each(['Job', 'ScheduledJob'] as const)('%s', (kind) => {
  fc.assert(fc.property(appWith(kind), (app) => expect(linesOf((chart) => build(app, chart))).toEqual([])), { numRuns: 250, seed: 7 });
});
