import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import {
  ApiObject,
  type App,
  App as Cdk8sApp,
  type AppProps,
  Chart,
  Helm,
  Include,
  JsonPatch,
  Lazy,
  type ResolutionContext,
  Testing,
  type YamlOutputType,
} from 'cdk8s';
import { type AppClass, BOTH, errorOf, synthesize } from './support';
import { App as OurApp, Inventory, WebService } from '../../src';
import { newChart, WEB } from '../support';

/** What is used of another copy of cdk8s. */
interface Classes {
  readonly ApiObject: typeof ApiObject;
  readonly Chart: typeof Chart;
  readonly JsonPatch: typeof JsonPatch;
}

const HEAD = { apiVersion: 'v1', kind: 'Thing' };

/** Expects that both apps leave the same behind, and gives it. */
function same(build: (app: App) => void, props: AppProps = {}): Record<string, string> {
  const [theirs, ours] = [BOTH.cdk8s, BOTH.ours].map((type) => synthesize(type, build, props));
  expect(ours).toEqual(theirs);
  return ours.files;
}

/** As `same`, for apps with an error: the errors are the same, and ours writes nothing. */
function sameError(build: (app: App) => void, props: AppProps = {}): string {
  const [theirs, ours] = [BOTH.cdk8s, BOTH.ours].map((type) => synthesize(type, build, props));
  expect(ours).toEqual({ files: {}, error: theirs.error });
  return ours.error!;
}

function withEnvironment<T>(variables: Record<string, string>, action: () => T): T {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return action();
  } finally {
    process.env = before;
  }
}

function withFolder<T>(action: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'app-'));
  try {
    return action(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One chart with one object. */
function simple(app: App, spec: unknown = { b: 1, a: [null, { d: '', c: undefined }] }): ApiObject {
  return new ApiObject(new Chart(app, 'c'), 'o', { ...HEAD, spec });
}

describe('options and environment', () => {
  test('CDK8S_OUTDIR is the output folder', () => {
    withFolder((folder) =>
      withEnvironment({ CDK8S_OUTDIR: join(folder, 'deep', 'out') }, () => {
        const app = new OurApp();
        simple(app);
        app.synth();
        expect([app.outdir, existsSync(join(app.outdir, 'c.k8s.yaml'))]).toEqual([join(folder, 'deep', 'out'), true]);
      }),
    );
  });

  test('CDK8S_RECORD_CONSTRUCT_METADATA writes which construct made what', () => {
    const files = withEnvironment({ CDK8S_RECORD_CONSTRUCT_METADATA: 'true' }, () => same(simple));
    expect(JSON.parse(files['out/construct-metadata.json'])).toEqual({
      version: '1.0.0',
      resources: { 'c-o-c89fde97': { path: 'c/o' } },
    });
    withEnvironment({ CDK8S_RECORD_CONSTRUCT_METADATA: 'true' }, () =>
      same(simple, { recordConstructMetadata: false }),
    );
  });

  test('CDK8S_DISABLE_SORT keeps the order of keys', () => {
    expect(withEnvironment({ CDK8S_DISABLE_SORT: '1' }, () => same(simple))['out/c.k8s.yaml']).toMatch(
      / b: 1\n {2}a:\n {4}- null\n {4}- d: ""\n$/,
    );
    expect(same(simple)['out/c.k8s.yaml']).toMatch(/ a:\n.* b: 1\n$/s);
  });

  test('resolvers of the app come before those of cdk8s', () => {
    const upper = {
      resolve: (context: ResolutionContext) => {
        if (context.value === 'replace me') context.replaceValue('REPLACED');
      },
    };
    expect(
      same((app) => simple(app, { a: 'replace me', b: Lazy.any({ produce: () => 'replace me' }) }), {
        resolvers: [upper],
      })['out/c.k8s.yaml'],
    ).toMatch(/a: REPLACED\n {2}b: REPLACED\n$/);
  });

  test('an app without charts has no files, and one without objects empty ones', () => {
    for (const yamlOutputType of [0, 1, 2, 3] as YamlOutputType[]) {
      expect(Object.values(same(() => undefined, { yamlOutputType })).join('')).toBe('');
      same((app) => new Chart(app, 'empty'), { yamlOutputType });
    }
    same(simple, { yamlOutputType: 99 as YamlOutputType });
  });

  test('files of an earlier synthesis stay', () => {
    withFolder((outdir) => {
      writeFileSync(join(outdir, 'old.k8s.yaml'), '');
      const app = new OurApp({ outdir });
      simple(app);
      app.synth();
      expect([existsSync(join(outdir, 'old.k8s.yaml')), existsSync(join(outdir, 'c.k8s.yaml'))]).toEqual([true, true]);
    });
  });
});

test.each(['synth', 'synthYaml'] as const)(
  'what is added while %s renders objects is an error, in place of a loss',
  (step) => {
    withFolder((folder) => {
      const app = new OurApp({ outdir: join(folder, 'out') });
      const chart = new Chart(app, 'c');
      new ApiObject(chart, 'o', {
        ...HEAD,
        spec: Lazy.any({ produce: () => new ApiObject(chart, 'late', HEAD).name }),
      });
      expect(() => app[step]()).toThrow(
        /^Objects were added during rendering, by a Lazy value or a resolver: c\/late\. Add them before the synthesis$/,
      );
      expect(existsSync(app.outdir)).toBe(false);
    });
  },
);

describe('what an app may contain', () => {
  test('manifests of a file and of a Helm chart', () => {
    withFolder((folder) => {
      const manifests = join(folder, 'manifests.yaml');
      writeFileSync(
        manifests,
        'apiVersion: v1\nkind: A\nmetadata: { name: a, labels: { on: "yes" } }\ndata:\n  f: |+\n    x\n\n  g: "1_0"\n---\n---\napiVersion: v1\nkind: B\nmetadata: { name: b }\nmode: 0775\n',
      );
      const helm = join(folder, 'helm');
      writeFileSync(helm, `#!/bin/sh\ncat ${manifests}\n`);
      chmodSync(helm, 0o755);
      expect(
        Object.keys(
          same((app) => {
            const chart = new Chart(app, 'c');
            new Include(chart, 'include', { url: manifests }).node.addDependency(
              new Helm(new Chart(app, 'd'), 'helm', { chart: 'x', helmExecutable: helm }),
            );
          }),
        ),
      ).toEqual(['out/', 'out/0000-d.k8s.yaml', 'out/0001-c.k8s.yaml']);
    });
  });

  test('overridden methods of charts and objects', () => {
    const shared = { x: 1 };
    class Own extends Chart {
      public toJson(): any[] {
        return [...super.toJson(), { list: [shared, shared] }, undefined, 'text', {}];
      }
    }
    const files = same((app) => {
      new ApiObject(new Own(app, 'own'), 'o', HEAD);
      const object = simple(app);
      object.toJson = () => ({ kind: 'Other', metadata: { name: 'x' }, same: [shared, shared] });
      const labelled = new ApiObject(object.chart, 'p', HEAD);
      const toJson = labelled.metadata.toJson.bind(labelled.metadata);
      labelled.metadata.toJson = () => ({ ...toJson(), extra: 'yes' });
    });
    expect(files['out/own.k8s.yaml']).toContain('  - &a1\n    x: 1\n  - *a1\n');
    expect(files['out/c.k8s.yaml']).toMatch(/- &a1\n {4}x: 1\n {2}- \*a1\n---\n.*extra: "yes"/s);
  });

  test('a subclass that leaves charts out', () => {
    for (const yamlOutputType of [0, 1, 2, 3] as YamlOutputType[]) {
      const [theirs, ours] = [BOTH.cdk8s, BOTH.ours].map((type) => {
        class Some extends type {
          public get charts(): Chart[] {
            return super.charts.filter(({ node }) => node.id !== 'b').reverse();
          }
        }
        return synthesize(Some, (app) => ['a', 'b', 'c'].map((id) => new ApiObject(new Chart(app, id), 'o', HEAD)), {
          yamlOutputType,
          recordConstructMetadata: true,
        });
      });
      expect(ours).toEqual(theirs);
      expect(Object.keys(ours.files).filter((path) => path.includes('b.k8s'))).toEqual([]);
    }
  });

  test('a construct that a validation removes', () => {
    const files = same((app) => {
      const { chart } = simple(app);
      new ApiObject(chart, 'p', HEAD);
      chart.node.addValidation({ validate: () => (chart.node.tryRemoveChild('p') ? [] : []) });
    });
    expect(files['out/c.k8s.yaml'].match(/^kind/gm)).toHaveLength(1);
  });

  test('values of all types, and tokens that are asked in the same order and once', () => {
    const files = same((app) => {
      let asked = 0;
      const next = (): Lazy => Lazy.any({ produce: () => `n${asked++}` });
      const chart = new Chart(app, 'c');
      const metadata = {
        labels: { l: next() as unknown as string },
        generation: next(),
        annotations: { a: next() as unknown as string },
      };
      const object = new ApiObject(chart, 'o', {
        ...HEAD,
        metadata,
        spec: {
          a: next(),
          b: 10n,
          c: Object.assign(() => 'x', { resolve: next }),
          d: Object.assign(() => 'x', { value: 1 }),
        },
      });
      object.metadata.addLabel(
        'late',
        Lazy.any({
          produce: () => {
            object.metadata.addAnnotation('later', '1');
            return 'x';
          },
        }),
      );
    });
    expect(files['out/c.k8s.yaml']).toMatch(/a: n3\n {2}b: 10\n {2}c: n4\n {2}d:\n {4}value: 1\n/);
    expect(files['out/c.k8s.yaml']).toContain('later: "1"');
  });

  test('a token that fails, the first time only', () => {
    expect(
      sameError((app) => {
        let failed = false;
        simple(
          app,
          Lazy.any({
            produce: () => {
              if (!failed) {
                failed = true;
                throw new Error('first');
              }
              return 1;
            },
          }),
        );
      }),
    ).toMatch(/^Failed serializing construct at path 'c\/o' with name 'c-o-\w+': Error: first$/);
    expect(sameError((app) => simple(app).addJsonPatch(JsonPatch.add('/nothing/x', 1)))).toContain(
      'Failed serializing',
    );
    expect(sameError((app) => simple(app, { a: () => 'x' }))).toBe('Tag not resolved for Function value');
  });

  test('objects of another copy of cdk8s', () => {
    let other!: Classes;
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      other = require('cdk8s') as Classes;
    });
    expect(other.Chart).not.toBe(Chart);
    same((app) => {
      const chart = new other.Chart(app, 'theirs');
      const object = new other.ApiObject(chart, 'a', { ...HEAD, spec: { resolve: () => ({ b: 1 }) } });
      object.addJsonPatch(other.JsonPatch.add('/spec/c', 2));
      object.addDependency(new ApiObject(chart, 'b', HEAD));
    });
  });

  test('values that only cdk8s knows what to do with, or what to say about', () => {
    same((app) =>
      simple(app, {
        foreign: runInNewContext('({ a: [1, { b: null }] })') as unknown,
        number: [NaN, Infinity, -0, 1e21, 1.5],
      }),
    );
    for (const value of [new Date(0), new Map(), Object.create(null) as object, { constructor: 'x' }]) {
      expect(sameError((app) => simple(app, { value }))).toMatch(
        /^Failed serializing construct at path 'c\/o' with name 'c-o-c89fde97': (Type)?Error: /,
      );
    }
    expect(sameError((app) => simple(app, { value: () => 1 }))).toBe('Tag not resolved for Function value');
    expect(
      sameError((app) =>
        simple(app, {
          resolve: () => {
            throw new Error('no');
          },
        }),
      ),
    ).toBe("Failed serializing construct at path 'c/o' with name 'c-o-c89fde97': Error: no");
    expect(sameError((app) => simple(app).addJsonPatch(JsonPatch.remove('/none/such')))).toMatch(
      /^Failed serializing construct/,
    );
  });

  test('keys that are numbers or have a meaning in JavaScript, and many keys', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, number) => [`k-${(number * 37) % 100}`, number]));
    same((app) =>
      simple(app, { b: JSON.parse('{"__proto__":{"x":1},"toString":1,"10":1,"9":2,"-1":3,"01":4," ":5}'), many }),
    );
    same((app) => new ApiObject(new Chart(app, 'c'), 'o', { ...HEAD, 7: 'seven', a: 'a', 5: 'five' }));
  });

  test('constructs that a validation adds', () => {
    const add = (app: App): void => {
      const chart = new Chart(app, 'c');
      chart.node.addValidation({
        validate: () => {
          if (!chart.node.tryFindChild('late')) {
            new ApiObject(chart, 'late', HEAD).node.addValidation({
              validate: () => (app.node.tryGetContext('bad') ? ['late is wrong'] : []),
            });
          }
          return [];
        },
      });
    };
    expect(same(add)['out/c.k8s.yaml']).toContain('name: c-late-');
    expect(
      sameError((app) => {
        app.node.setContext('bad', true);
        add(app);
      }),
    ).toBe('Validation failed with the following errors:\n  [c/late] late is wrong');
  });

  test('dependencies on what is in another app, which count for the numbering only', () => {
    expect(Object.keys(same((app) => simple(app).addDependency(new Chart(new Cdk8sApp(), 'elsewhere'))))).toEqual([
      'out/',
      'out/0000-c.k8s.yaml',
    ]);
  });
});

describe('a synthesis', () => {
  test('can be repeated, and changes nothing for what cdk8s does with a chart', () => {
    const texts = [BOTH.cdk8s, BOTH.ours].map((type: AppClass) => {
      const app = new type();
      const [first, second] = [new Chart(app, 'first'), new Chart(app, 'second')];
      const web = new WebService(first, 'web', WEB);
      web.node.addDependency(new WebService(second, 'db', WEB));
      return [
        app.synthYaml(),
        app.synthYaml(),
        JSON.stringify(Testing.synth(first)),
        JSON.stringify(second.toJson()),
        app.synthYaml(),
        Inventory.of(app).toText(),
      ];
    });
    expect(texts[1]).toEqual(texts[0]);
    expect(texts[1][1]).toBe(texts[1][0]);
  });

  test('that fails leaves the disk as it was', () => {
    const refused = (app: App): unknown => new WebService(newChart('shop', 'app', app), 'web', { ...WEB, port: 80 });
    const thrown = (app: App): unknown => [
      simple(app),
      new ApiObject(new Chart(app, 'z'), 'o', {
        ...HEAD,
        spec: {
          resolve: () => {
            throw new Error('no');
          },
        },
      }),
    ];
    const circular = (app: App): void => {
      const [a, b] = [simple(app), new ApiObject(new Chart(app, 'z'), 'o', HEAD)];
      a.addDependency(b);
      b.addDependency(a);
    };
    for (const build of [refused, thrown, circular]) {
      const { files, error } = synthesize(BOTH.ours, build);
      expect([files, typeof error]).toEqual([{}, 'string']);
    }
  });

  test('reports problems before dependencies when it writes files, after them when it gives text, as cdk8s', () => {
    const messages = [BOTH.cdk8s, BOTH.ours].map((type) =>
      [(app: App) => app.synth(), (app: App) => app.synthYaml()].map((action) =>
        withFolder((outdir) => {
          const app = new type({ outdir });
          const object = simple(app);
          object.node.addValidation({ validate: () => ['wrong'] });
          object.addDependency(app);
          return errorOf(() => action(app));
        }),
      ),
    );
    expect(messages[0]).toEqual([
      'Validation failed with the following errors:\n  [c/o] wrong',
      'cannot find a parent chart (directly or indirectly)',
    ]);
    expect(messages[1]).toEqual(messages[0]);
  });
});
