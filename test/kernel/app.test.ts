import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { App as OurApp, ClusterProfile, Inventory, VersionedConfigMap, VersionedSecret, WebService } from '../../src';
import { emit, emitLater } from '../../src/kernel/emit/emission';
import { recommended, versionLabel } from '../../src/kernel/emit/labels';
import { othersAt } from '../../src/kernel/findings/judgement';
import { Problems } from '../../src/kernel/findings/problems';
import { warn } from '../../src/kernel/findings/warnings';
import { namespaceOf, pathName, shortName } from '../../src/kernel/model/names';
import { claimUnique } from '../../src/kernel/model/uniqueness';
import { newChart, only, pinned, problemsOf, problemsOfApp, synth, untyped, viewOf, WEB } from '../support';

function configMap(scope: Construct, id: string, name = 'settings'): ApiObject {
  return emit(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
}

/** The messages of a synthesis of the whole app. */
describe('names', () => {
  test('are the construct path, in which Default ids do not count', () => {
    const hidden = new Construct(new Construct(newChart(), 'Default'), 'web');
    const inner = new Construct(hidden, 'Default');
    expect([pathName(hidden), pathName(inner), shortName(inner)]).toEqual(['app-web', 'app-web', 'web']);
  });

  test('of an app itself are empty', () => {
    expect([pathName(new App()), shortName(new App())]).toEqual(['', '']);
  });

  test('the namespace is that of the nearest chart', () => {
    const outer = newChart('outer');
    const inner = new Chart(outer, 'inner', { namespace: 'inner' });
    expect(namespaceOf(new Construct(new Construct(inner, 'a'), 'b'))).toBe('inner');
    expect(namespaceOf(outer)).toBe('outer');
    expect(namespaceOf(new Construct(new App(), 'shared'))).toBeUndefined();
  });
});

describe('a chart', () => {
  test('has a namespace and labels that the API server takes; it is asked once', () => {
    const app = new App();
    const chart = new Chart(app, 'shop', {
      namespace: 'My_Shop',
      labels: { 'cost center': '4', 'team': 'the shop team', 'tier': 'web' },
    });
    configMap(chart, 'one');
    configMap(chart, 'two', 'other');
    new VersionedConfigMap(new Chart(app, 'config', { namespace: '' }), 'three', { data: { a: 'b' } });
    expect(problemsOfApp(app)).toEqual([
      '[shop] namespace: props/value',
      "[shop] labels['cost center']: props/value",
      "[shop] labels['team']: props/value",
      '[config] namespace: props/value',
    ]);
  });

  test('without blocks of this library is left to others', () => {
    const app = new App();
    new ApiObject(new Chart(app, 'other', { namespace: 'My_Shop' }), 'object', { apiVersion: 'v1', kind: 'ConfigMap' });
    expect(problemsOfApp(app)).toEqual([]);
  });
});

describe('labels', () => {
  test("are those of the chart, the recommended ones and the caller's, in rising order", () => {
    const chart = new Chart(new App(), 'app', {
      labels: { 'team': 'red', 'app': 'chart', 'app.kubernetes.io/part-of': 'shop' },
    });
    expect(
      recommended(chart, 'web', 'api', {
        'team': 'blue',
        'app.kubernetes.io/component': 'own',
        'app.kubernetes.io/instance': 'other',
      }),
    ).toEqual({
      'team': 'blue',
      'app': 'web',
      'app.kubernetes.io/part-of': 'shop',
      'app.kubernetes.io/name': 'web',
      'app.kubernetes.io/component': 'own',
      'app.kubernetes.io/managed-by': 'cdk8s',
      'app.kubernetes.io/instance': 'web',
    });
  });

  test('a version that is no label value is left out', () => {
    expect(versionLabel('1.4.2')).toEqual({ 'app.kubernetes.io/version': '1.4.2' });
    expect([versionLabel(undefined), versionLabel(''), versionLabel('1.4.2_'), versionLabel('1'.repeat(64))]).toEqual([
      {},
      {},
      {},
      {},
    ]);
  });
});

describe('problems', () => {
  test('all mistakes of an app come in one failure, each with its path', () => {
    expect(
      problemsOf((chart) => {
        new WebService(chart, 'web', untyped({ ...WEB, port: 'x', replicas: -1, drains: 5 }));
        new VersionedConfigMap(chart, 'config', { data: { 'a b': '' }, name: 'Upper' });
      }),
    ).toEqual([
      '[app/web] port: props/value',
      '[app/web] replicas: props/value',
      '[app/web] drains: props/unknown',
      '[app/config] name: app/object-name',
      "[app/config] data['a b']: props/value",
    ]);
  });

  test('one mistake is told once, however often its prop is read', () => {
    const problems = new Problems();
    problems.refuse('a', 1, 'two', { rule: 'props/value', fix: 'Count' });
    problems.refuse('a', 1, 'two', { rule: 'props/value', fix: 'Count' });
    expect(pinned(problems.findings())).toEqual(['[] a: props/value']);
  });

  test('what is noted after a validation counts in the next one', () => {
    const chart = newChart();
    const problems = new Problems(chart);
    expect(chart.node.validate()).toEqual([]);
    problems.add({ rule: 'props/value', prop: 'a', got: 'b', expected: 'c', fix: 'D' });
    expect(chart.node.validate()).toEqual(["prop 'a': got b, expected c. D"]);
  });

  test('a message is one line, also where a key has several', () => {
    expect(problemsOf((chart) => new VersionedConfigMap(chart, 'config', { data: { 'two\nlines': '' } }))).toEqual([
      "[app/config] data['two lines']: props/value",
    ]);
  });

  test('what is refused is not rendered, not even without validation', () => {
    const web = new WebService(newChart(), 'web', { ...WEB, port: -1 });
    expect(() => web.deployment.toJson()).toThrow(
      "[app/web] prop 'port': got -1, expected an integer from 1 to 65535. Give the port that the process listens on",
    );
    expect(() => web.service.toJson()).toThrow("[app/web] prop 'port': got -1");
    expect(new WebService(newChart(), 'web', WEB).deployment.toJson().spec.replicas).toBe(2);
  });

  test('props are asked for also where none are passed', () => {
    expect(problemsOf((chart) => new WebService(chart, 'web', untyped(undefined)))).toEqual([
      '[app/web] port: props/required',
      '[app/web] image: props/required',
      '[app/web] readiness: props/required',
    ]);
  });
});

describe('emission', () => {
  test('JSON patches and fields that no type knows survive', () => {
    const [manifest] = synth((chart) => {
      const object = emit(chart, 'config', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings' },
        future: { field: [1] },
      });
      object.addJsonPatch(JsonPatch.add('/data', { key: 'value' }));
    });
    expect(manifest).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'shop' },
      future: { field: [1] },
      data: { key: 'value' },
    });
  });

  test('JSON patches reach what is rendered late', () => {
    const web = new WebService(newChart(), 'web', WEB);
    web.deployment.addJsonPatch(
      JsonPatch.add('/spec/template/spec/hostUsers', false),
      JsonPatch.replace('/spec/replicas', 7),
    );
    const { spec } = web.deployment.toJson();
    expect([spec.template.spec.hostUsers, spec.replicas]).toEqual([false, 7]);
  });

  test('a late spec is rendered at every synthesis', () => {
    const chart = newChart();
    let count = 0;
    const object = emitLater(
      chart,
      'Resource',
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
      new Problems(),
      () => ({ count: ++count }),
    );
    expect([object.toJson().spec, object.toJson().spec]).toEqual([{ count: 1 }, { count: 2 }]);
  });

  test('the main object of a block is found by ApiObject.of', () => {
    const chart = newChart();
    expect(ApiObject.of(new WebService(chart, 'web', WEB)).kind).toBe('Deployment');
    expect(ApiObject.of(new VersionedConfigMap(chart, 'config', { data: { a: 'b' } })).kind).toBe('ConfigMap');
  });
});

describe('duplicates', () => {
  test('two objects of one kind, namespace and name are an error with both paths (DX-03)', () => {
    expect(
      problemsOf((chart) => {
        configMap(chart, 'one');
        configMap(chart, 'two');
      }),
    ).toEqual(['[app/two] app/duplicate-object']);
  });

  test('two paths that make one name are found (DX-03)', () => {
    expect(
      problemsOf((chart) => {
        new VersionedConfigMap(new Construct(chart, 'a-b'), 'c', { data: { k: 'v' } });
        new VersionedConfigMap(new Construct(chart, 'a'), 'b-c', { data: { k: 'v' } });
      }),
    ).toEqual(['[app/a/b-c/Resource] app/duplicate-object']);
  });

  test('other kinds, groups, names and namespaces are none', () => {
    const app = new App();
    for (const namespace of ['shop', 'other']) {
      const chart = newChart(namespace, namespace, app);
      configMap(chart, 'one');
      configMap(chart, 'two', 'other');
      emit(chart, 'three', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'settings' } });
      emit(chart, 'four', { apiVersion: 'example.com/v1', kind: 'ConfigMap', metadata: { name: 'settings' } });
    }
    expect(problemsOfApp(app)).toEqual([]);
  });

  test('one object in two API versions of a group is an error (DX-03)', () => {
    expect(
      problemsOf((chart) => {
        emit(chart, 'one', {
          apiVersion: 'autoscaling/v1',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'web' },
        });
        emit(chart, 'two', {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'web' },
        });
      }),
    ).toEqual(['[app/two] app/duplicate-object']);
  });

  test('objects of cdk8s and cdk8s-plus count too (DX-03)', () => {
    expect(
      problemsOf((chart) => {
        configMap(chart, 'ours');
        new ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } });
        new kplus.ConfigMap(chart, 'plus', { metadata: { name: 'settings' } });
      }),
    ).toEqual(['[app/plus/Resource] app/duplicate-object']);
  });

  test('are found among all charts of an app, and told once (DX-03)', () => {
    const app = new App();
    configMap(newChart('shop', 'one', app), 'config');
    configMap(newChart('shop', 'two', app), 'config');
    expect(problemsOfApp(app)).toEqual(['[two/config] app/duplicate-object']);
  });

  test('are found when an object is added after a synthesis in the same tick (DX-03)', () => {
    const chart = newChart();
    configMap(chart, 'one');
    expect(Testing.synth(chart)).toHaveLength(1);
    configMap(chart, 'two');
    expect(() => Testing.synth(chart)).toThrow("ConfigMap 'shop/settings': got 2");
  });

  test('of anything else that may exist once are found, also after a synthesis in the same tick', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    claimUnique(new Construct(chart, 'one'), 'route /', { rule: 'routing/duplicate-route', fix: 'Remove one' });
    expect(problemsOfApp(app)).toEqual([]);
    claimUnique(new Construct(chart, 'two'), 'route /', { rule: 'routing/duplicate-route', fix: 'Remove one' });
    expect(problemsOfApp(app)).toEqual(['[app/two] routing/duplicate-route']);
  });

  test('are found when a foreign object is added in a later tick (DX-03)', async () => {
    const chart = newChart();
    configMap(chart, 'one');
    expect(Testing.synth(chart)).toHaveLength(1);
    await Promise.resolve();
    new ApiObject(chart, 'two', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } });
    expect(() => Testing.synth(chart)).toThrow("ConfigMap 'shop/settings': got 2");
  });

  test('are found in the same tick with the App of the library, whatever is added (DX-03)', () => {
    const app = new OurApp();
    const chart = newChart('shop', 'app', app);
    configMap(chart, 'one');
    expect(app.synthYaml()).toContain('name: settings');
    new ApiObject(chart, 'two', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } });
    expect(() => app.synthYaml()).toThrow("ConfigMap 'shop/settings': got 2");
  });

  test('two workloads of one name would select the pods of each other (DX-03)', () => {
    expect(
      problemsOf((chart) => {
        new WebService(chart, 'one', { ...WEB, name: 'web' });
        new WebService(chart, 'two', { ...WEB, name: 'web' });
      }),
    ).toEqual(['[app/two] workload/duplicate-name']);
  });

  test.each(['before', 'after'])(
    'one name on two clusters is none, with the profiles assigned %s the blocks are made (DX-03)',
    (order) => {
      const app = new App();
      const charts = ['eu', 'us'].map((id) => newChart('shop', id, app));
      const assign = (): void => charts.forEach((chart) => new ClusterProfile({ name: chart.node.id }).assignTo(chart));
      if (order === 'before') assign();
      for (const chart of charts) new WebService(chart, 'web', { ...WEB, name: 'web' });
      if (order === 'after') assign();
      expect(problemsOfApp(app)).toEqual([]);
    },
  );

  test('two of one name on one of several clusters are told with that cluster (DX-03)', () => {
    const app = new App();
    const chart = newChart('shop', 'eu', app);
    new ClusterProfile({ name: 'prod-eu' }).assignTo(chart);
    configMap(chart, 'one');
    configMap(chart, 'two');
    configMap(newChart('shop', 'us', app), 'three');
    expect(problemsOfApp(app)).toEqual(['[eu/two] app/duplicate-object']);
  });
});

describe('warnings', () => {
  test('are kept once each, beside other metadata', () => {
    const chart = newChart();
    chart.node.addMetadata('other', 'data');
    ['one', 'two', 'one'].forEach((text) => warn(chart, { rule: 'tiers/observe', got: 'a', expected: 'b', text }));
    expect(othersAt(viewOf(chart), [chart]).map(({ message }) => message)).toEqual(['one (CH09-55)', 'two (CH09-55)']);
  });
});

describe('the Secrets that a cluster must hold', () => {
  test('are listed once each, with the keys and users of all references, sorted', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    const secret = new VersionedSecret(chart, 'db', { version: 'v1', keys: ['user'] });
    for (const id of ['b', 'a']) {
      const web = new WebService(chart, id, WEB);
      web.mountSecret('/var/run/secrets/db', secret, { items: { passwd: 'passwd' } });
      web.mountSecret('/var/run/secrets/api', kplus.Secret.fromSecretName(web, 'ref', 'api-key'));
    }
    expect(Inventory.of(app).secrets).toEqual([
      { cluster: 'default', namespace: 'shop', name: 'api-key', type: 'Opaque', keys: [], users: ['app/b', 'app/a'] },
      {
        cluster: 'default',
        namespace: 'shop',
        name: 'db-v1',
        type: 'Opaque',
        keys: ['passwd', 'user'],
        users: ['app/b', 'app/a'],
      },
    ]);
  });
});

test('a block keeps its props when the caller changes them later', () => {
  const props = { ...WEB, labels: { team: 'red' }, args: ['--one'] };
  const manifests = synth((chart) => {
    new WebService(chart, 'web', props);
    props.labels.team = 'blue';
    props.args.push('--two');
  });
  const deployment = only(manifests, 'Deployment');
  expect([deployment.metadata.labels.team, deployment.spec.template.spec.containers[0].args]).toEqual([
    'red',
    ['--one'],
  ]);
});
