import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as cdk8s from 'cdk8s';
import * as ts from 'typescript';
import { type AppClass, BOTH, errorOf, resultOf } from './support';

/** The examples in the documents that a library comes with: programs, and fragments for the inside of a chart. */
function examplesOf(library: string): Array<[string, string]> {
  const folder = join(dirname(require.resolve(`${library}/package.json`)), 'docs', 'plus');
  return readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/^```(?:ts|typescript)\n(.*?)^```/gms)].map(
      ([, code], index): [string, string] => [`${file}, number ${index + 1}`, code],
    ),
  );
}

/**
 * Runs an example. Gives the YAML, or the error, of all apps that it makes, and of the one that is there for fragments.
 * Many fragments use what they do not show, and break off: what they have made until then counts.
 */
function run(code: string, library: string, type: AppClass): { apps: string[]; brokenBy?: string } {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const outdir = mkdtempSync(join(tmpdir(), 'example-'));
  const apps: cdk8s.App[] = [];
  class App extends type {
    public constructor(props: cdk8s.AppProps = {}) {
      super({ ...props, outdir });
      apps.push(this);
    }
  }
  const core = { ...cdk8s, App };
  const load = (name: string): unknown =>
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    name === 'cdk8s' ? core : require(name.startsWith('cdk8s-plus') ? library : name);
  const chart = new cdk8s.Chart(new App(), 'example');
  const names = { require: load, exports: {}, chart, kplus: load(library), k: core, ...core };
  const brokenBy = errorOf(() => {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    new Function(...Object.keys(names), `{ ${outputText}\n}`).call(chart, ...Object.values(names));
  });
  rmSync(outdir, { recursive: true });
  return { apps: apps.map((app) => resultOf(() => app.synthYaml())), brokenBy };
}

describe.each(['cdk8s-plus-27', 'cdk8s-plus-34'])('the documented examples of %s', (library) => {
  const examples = examplesOf(library);

  test.each(examples)('%s gives the same YAML', (_, code) => {
    expect(run(code, library, BOTH.ours)).toEqual(run(code, library, BOTH.cdk8s));
  });

  test('are many', () => {
    const written = examples.filter(([, code]) =>
      run(code, library, BOTH.ours).apps.some((yaml) => yaml.startsWith('apiVersion: ')),
    );
    expect([examples.length > 80, written.length > 40]).toEqual([true, true]);
  });
});
