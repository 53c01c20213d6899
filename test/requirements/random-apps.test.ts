import { App } from 'cdk8s';
import * as fc from 'fast-check';
import { ClusterRequirements, Inventory } from '../../src';
import { build, validApp } from '../cluster/acceptance/random-app';
import { newChart } from '../support';

test('each need of a random app has users in it, and is no object of it', () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(validApp, (random) => {
      const chart = newChart();
      build(random, chart);
      const app = App.of(chart);
      app.synthYaml();
      const list = ClusterRequirements.of(app);
      const paths = new Set(app.node.findAll().map(({ node }) => node.path));
      const { objects, secrets } = Inventory.of(app);
      const own = new Set(
        objects.map(({ cluster, kind, namespace = '', name }) => [cluster, kind, namespace, name].join('\n')),
      );
      for (const need of list.requirements) {
        const { cluster, kind, namespace = '', name, users, title, fix } = need;
        kinds.add(kind);
        expect(users.filter((user) => !paths.has(user))).toEqual([]);
        expect(own.has([cluster, kind, namespace, name].join('\n'))).toBe(false);
        if (kind !== 'Kubernetes') expect(users).not.toEqual([]);
        expect(`${title} ${fix}`).not.toMatch(/undefined|\[object/);
      }
      const titles = list.requirements.map(({ cluster, title }) => `${cluster} ${title}`);
      expect(new Set(titles).size).toBe(titles.length);
      expect(list.requirements.filter(({ kind }) => kind === 'Secret').map(({ name }) => name)).toEqual(
        secrets.map(({ name }) => name),
      );
      expect(ClusterRequirements.of(app).toJson()).toBe(list.toJson());
      for (const cluster of new Set(list.requirements.map((need) => need.cluster))) {
        expect(list.toScript({ cluster })).toContain('\ncheck version ');
      }
    }),
    { numRuns: 60, seed: 42 },
  );
  expect([...kinds].sort()).toEqual(
    expect.arrayContaining(['IngressClass', 'Kubernetes', 'Namespace', 'NetworkPlugin', 'Pods', 'Secret']),
  );
});
