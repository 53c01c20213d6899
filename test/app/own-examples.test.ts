import { BOTH, synthesize } from './support';
import { Journal } from '../../examples/journal/chart';
import { environments } from '../../examples/journal/environments';

test.each(Object.entries(environments))('the journal of %s has the same files with both Apps', (_, environment) => {
  const [theirs, ours] = [BOTH.cdk8s, BOTH.ours].map((type) => synthesize(type, (app) => new Journal(app, environment)));
  expect(Object.keys(ours.files).length).toBeGreaterThan(4);
  expect(ours).toEqual(theirs);
});
