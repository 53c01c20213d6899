import type { App } from 'cdk8s';
import { BOTH, synthesize } from './support';
import { Journal } from '../../examples/journal/chart';
import { environments } from '../../examples/journal/environments';
import { Tenants } from '../../examples/tenants/chart';
import { ThreeTier } from '../../examples/three-tier/chart';
import { shop } from '../../examples/three-tier/main';

const EXAMPLES: Record<string, (app: App) => void> = {
  ...Object.fromEntries(
    Object.entries(environments).map(([name, environment]) => [
      `journal of ${name}`,
      (app: App) => void new Journal(app, environment),
    ]),
  ),
  'tenants': (app) => void new Tenants(app),
  'three tiers': (app) => void new ThreeTier(app, shop),
};

test.each(Object.entries(EXAMPLES))('the %s: both Apps write the same files', (_, build) => {
  const [theirs, ours] = [BOTH.cdk8s, BOTH.ours].map((type) => synthesize(type, build));
  expect(Object.keys(ours.files).length).toBeGreaterThan(2);
  expect(ours).toEqual(theirs);
});
