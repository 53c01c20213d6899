import { App } from 'cdk8s';
import { ClusterProfile, NetworkTiers, WebService } from '../../src';
import { TOPICS } from '../../src/rules/install';
import { newChart, WEB } from '../support';

test('each topic loads, its kinds are those of its rules, and each rule is in one topic', () => {
  for (const { kinds, load } of TOPICS) {
    expect([...new Set(load().RULES.flatMap((rule) => rule.kinds))].sort()).toEqual([...kinds].sort());
  }
  const rules = TOPICS.flatMap(({ load }) => load().RULES);
  expect(new Set(rules).size).toBe(rules.length);
});

test('topics are loaded where an app states what they judge', () => {
  const loads = TOPICS.map((topic) => jest.spyOn(topic, 'load'));
  const loaded = (): string[] =>
    TOPICS.filter((_, index) => loads[index].mock.calls.length > 0).map(({ kinds: [first] }) => first);
  const app = new App();
  const chart = newChart('shop', 'app', app);
  const web = new WebService(chart, 'web', WEB);
  app.synthYaml();
  expect(loaded()).toEqual(['object', 'podTemplate', 'budget', 'object', 'podTemplate']);
  new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] }).add('web', web);
  new ClusterProfile().assignTo(app);
  app.synthYaml();
  expect(loaded()).toEqual(['object', 'podTemplate', 'budget', 'tiers', 'cluster', 'object', 'podTemplate']);
  for (const load of loads) load.mockRestore();
});
