import { YamlOutputType } from 'cdk8s';
import * as fc from 'fast-check';
import { build, type Plan, TREES, VALUES } from './random-tree';
import { BOTH, comparable, resultOf, synthesize } from './support';

const TYPES = [
  YamlOutputType.FILE_PER_APP,
  YamlOutputType.FILE_PER_CHART,
  YamlOutputType.FILE_PER_RESOURCE,
  YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
];
const OPTIONS = fc.record(
  {
    yamlOutputType: fc.constantFrom(...TYPES),
    outputFileExtension: fc.constantFrom('.yml', undefined),
    recordConstructMetadata: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe('random trees', () => {
  test.each([
    ['values', VALUES, 400],
    ['dependencies', TREES, 600],
  ])('with all kinds of %s give the same files and errors', (_, plans, numRuns) => {
    fc.assert(
      fc.property(plans, OPTIONS, (plan: Plan, options) => {
        const [theirs, ours] = [BOTH.cdk8s, BOTH.ours].map((type) =>
          synthesize(type, (app) => build(app, plan), options),
        );
        expect(comparable(ours)).toEqual(comparable(theirs));
        if (ours.error !== undefined) expect(ours.files).toEqual({});
      }),
      { numRuns },
    );
  });

  test.each([
    ['values', VALUES, 200],
    ['dependencies', TREES, 300],
  ])('with all kinds of %s give the same text, and charts in the same order', (_, plans, numRuns) => {
    fc.assert(
      fc.property(plans, (plan: Plan) => {
        const [theirs, ours] = [BOTH.cdk8s, BOTH.ours].map((type) => {
          const app = new type();
          build(app, plan);
          const charts = (): string =>
            resultOf(() => app.charts.map(({ node }) => node.path).join()).replace(/^error: Dep.*/, 'a cycle');
          const before = charts();
          return { before, yaml: resultOf(() => app.synthYaml()).replace(/^error: Dep.*/, 'a cycle'), after: charts() };
        });
        expect(ours).toEqual(theirs);
      }),
      { numRuns },
    );
  });
});
