import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import '@microsoft/jest-sarif';
import type { App as Cdk8sApp } from 'cdk8s';
import { Chart, Testing } from 'cdk8s';
import { DOCUMENT, rulesDocument } from '../../projenrc/rules-document';
import {
  App,
  type Finding,
  FindingFormat,
  Findings,
  findingsOf,
  Severity,
  SynthesisError,
  WebService,
} from '../../src';
import { CATALOGUE } from '../../src/catalogue/catalogue';
import { linkOf } from '../../src/kernel/findings/finding';
import { keyPart, namePart, pathParts, pathText } from '../../src/kernel/findings/prop-path';
import { untyped, WEB } from '../support';

const PORT: Finding = {
  rule: 'props/value',
  severity: Severity.ERROR,
  constructPath: 'shop/web',
  propPath: ['port'],
  got: '0',
  expected: 'an integer from 1 to 65535',
  fix: 'Give the port that the process listens on',
  practices: [],
  link: 'https://github.com/cdk8s-best-practices/cdk8s-best-practices/blob/main/docs/rules.md#propsvalue',
  message: "prop 'port': got 0, expected an integer from 1 to 65535. Give the port that the process listens on",
};

/** An app of one service. */
function appOf(props: Record<string, unknown>, app: Cdk8sApp = new App()): Cdk8sApp {
  new WebService(new Chart(app, 'shop', { namespace: 'shop' }), 'web', untyped({ ...WEB, ...props }));
  return app;
}

function errorOf(step: () => unknown): unknown {
  try {
    step();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('a failed synthesis', () => {
  test('carries all findings, warnings too; its text names the errors', () => {
    const error = errorOf(() => appOf({ port: 0, image: 'ghcr.io/acme/web:blue' }).synthYaml()) as SynthesisError;
    expect(error).toBeInstanceOf(SynthesisError);
    expect(error.message).toBe(`Validation failed with the following errors:\n  [shop/web] ${PORT.message}`);
    expect(error.findings).toEqual([
      PORT,
      expect.objectContaining({ rule: 'workload/moving-tag', severity: Severity.WARNING, practices: ['CH01-08'] }),
    ]);
    // Node shows an uncaught error like this
    expect(inspect(error)).not.toContain('constructPath');
  });

  test('has the text of cdk8s under its App, and the findings are there as well', () => {
    const app = appOf({ port: 0 }, Testing.app());
    const error = errorOf(() => app.synthYaml()) as Error;
    expect([error.constructor, error.message]).toEqual([
      Error,
      `Validation failed with the following errors:\n  [shop/web] ${PORT.message}`,
    ]);
    expect(findingsOf(app)).toEqual([PORT]);
  });

  test('names what other libraries refuse, as they say it', () => {
    const app = appOf({});
    app.node.findChild('shop').node.addValidation({ validate: () => ['no owner'] });
    expect(findingsOf(app)).toEqual([
      expect.objectContaining({ rule: 'app/validation', constructPath: 'shop', propPath: [], message: 'no owner' }),
    ]);
    expect(errorOf(() => app.synthYaml())).toMatchObject({
      message: 'Validation failed with the following errors:\n  [shop] no owner',
    });
  });

  test('is told of a single object that is rendered without validation', () => {
    const app = appOf({ port: 0 });
    const web = app.node.findChild('shop').node.findChild('web') as WebService;
    expect(errorOf(() => web.service.toJson() as unknown)).toMatchObject({
      message: expect.stringContaining(`[shop/web] ${PORT.message}`),
    });
  });

  test('says the same at each question, and something else when the app has changed', () => {
    const app = appOf({ port: 0 });
    expect([findingsOf(app), Findings.of(app)]).toEqual([[PORT], [PORT]]);
    new WebService(app.node.findChild('shop'), 'other', { ...WEB, port: 0 });
    expect(findingsOf(app).map(({ constructPath }) => constructPath)).toEqual(['shop/web', 'shop/other']);
  });
});

describe('the path of a prop', () => {
  test.each<[string, string, string[]]>([
    ['routes[1].path', 'routes[1].path', ['routes', '1', 'path']],
    [`env${keyPart("it's']['b")}.name`, "env['it's']['b'].name", ['env', "it's']['b", 'name']],
    [`data${keyPart('a\\b')}`, "data['a\\b']", ['data', 'a\\b']],
    [namePart('LimitRange a.b[0]'), 'LimitRange a.b[0]', ['LimitRange a.b[0]']],
    [`data${keyPart('two\nlines')}`, "data['two lines']", ['data', 'two\nlines']],
    ['', '', []],
  ])('%j is %s', (path, text, parts) => {
    expect([pathText(path), pathParts(path)]).toEqual([text, parts]);
  });
});

describe('a warning', () => {
  const written = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  afterAll(() => written.mockRestore());
  const lines = (): string[] => written.mock.calls.map(([text]) => String(text));
  const WARNING =
    "warning workload/moving-tag: [shop/web] image 'ghcr.io/acme/web:blue': the tag is neither a version nor a commit. " +
    'Such tags move: add the digest, or use a version tag (CH01-08)\n';

  test('is printed by our App, once for an app', () => {
    const app = appOf({ image: 'ghcr.io/acme/web:blue' });
    app.synthYaml();
    app.synthYaml();
    expect(lines()).toEqual([WARNING]);
    expect(Findings.format(Findings.of(app), FindingFormat.TEXT)).toBe(WARNING);
  });

  test('is not printed by the App of cdk8s, nor where the synthesis fails', () => {
    appOf({ image: 'ghcr.io/acme/web:blue' }, Testing.app()).synthYaml();
    errorOf(() => appOf({ image: 'ghcr.io/acme/web:blue', port: 0 }).synthYaml());
    expect(lines()).toEqual([]);
  });
});

describe('findings as a file', () => {
  const findings = Findings.of(appOf({ port: 0, image: 'ghcr.io/acme/web:blue' }));

  test('are JSON as they are', () => {
    expect(JSON.parse(Findings.format(findings, FindingFormat.JSON))).toEqual(findings);
  });

  test('are SARIF 2.1.0, with the rules that they name', () => {
    const log = JSON.parse(Findings.format(findings, FindingFormat.SARIF)) as {
      runs: Array<{ tool: { driver: { rules: unknown[] } }; results: unknown[] }>;
    };
    expect(log).toBeValidSarifLog();
    const [{ tool, results }] = log.runs;
    expect(tool.driver).toMatchObject({
      name: 'cdk8s-best-practices',
      informationUri: 'https://github.com/cdk8s-best-practices/cdk8s-best-practices',
    });
    expect(tool.driver.rules).toEqual([
      expect.objectContaining({ id: 'props/value', helpUri: PORT.link, defaultConfiguration: { level: 'error' } }),
      expect.objectContaining({ id: 'workload/moving-tag', properties: { tags: ['CH01-08'] } }),
    ]);
    expect(results).toEqual([
      {
        ruleId: 'props/value',
        ruleIndex: 0,
        level: 'error',
        message: { text: PORT.message },
        locations: [{ logicalLocations: [{ name: 'web', fullyQualifiedName: 'shop/web', kind: 'resource' }] }],
        properties: { propPath: ['port'], got: PORT.got, expected: PORT.expected, fix: PORT.fix, practices: [] },
      },
      expect.objectContaining({ ruleId: 'workload/moving-tag', ruleIndex: 1, level: 'warning' }),
    ]);
  });

  test('are in a file of the repository for code scanning, and can be of rules that the catalogue does not have', () => {
    const own = { ...PORT, rule: 'acme/owner', severity: Severity.INFO };
    const log = JSON.parse(Findings.format([own], FindingFormat.SARIF, { file: 'main.ts' })) as { runs: unknown[] };
    expect(log).toBeValidSarifLog();
    expect(log.runs[0]).toMatchObject({
      tool: { driver: { rules: [{ id: 'acme/owner' }] } },
      results: [{ level: 'note', locations: [{ physicalLocation: { artifactLocation: { uri: 'main.ts' } } }] }],
    });
  });

  test('are of no rule at all where nothing is wrong', () => {
    const log = Findings.format(Findings.of(appOf({})), FindingFormat.SARIF);
    expect(JSON.parse(log)).toBeValidSarifLog();
    expect(JSON.parse(log)).toMatchObject({ runs: [{ results: [], tool: { driver: { rules: [] } } }] });
  });
});

describe('docs/rules.md', () => {
  test('is what the catalogue says: npx projen compile writes it', () => {
    expect(readFileSync(DOCUMENT, 'utf8')).toBe(rulesDocument());
  });

  test('has the anchor of each link', () => {
    const anchors = [...rulesDocument().matchAll(/^### (.*)$/gm)].map(([, heading]) => heading.replace('/', ''));
    expect(Object.keys(CATALOGUE).map((id) => linkOf(id).split('#')[1])).toEqual(expect.arrayContaining(anchors));
    expect(anchors).toHaveLength(Object.keys(CATALOGUE).length);
  });

  test('is in the package, with the practices', () => {
    const ignored = readFileSync(join(__dirname, '../../.npmignore'), 'utf8').split('\n');
    expect(ignored).toEqual(expect.not.arrayContaining(['/docs', '/docs/*', '/docs/rules.md', '/docs/practices.md']));
  });
});
