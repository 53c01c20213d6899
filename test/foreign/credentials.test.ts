import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, type Chart, Helm, Include, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import { type Finding, FindingFormat, Findings, findingsOf, Rules, VersionedConfigMap, WebService } from '../../src';
import { formatIn } from '../../src/secrets-scan/formats';
import { FORMATS } from '../../src/secrets-scan/formats.generated';
import { textOf } from '../secrets-scan/random-text';
import { newChart, WEB } from '../support';

const IMAGE = 'ghcr.io/acme/old:1.0.0';
const PASSWORD_URL = 'postgres://shop:hunter2@db/shop';

const raw = (chart: Chart, manifest: object, id = 'raw'): ApiObject =>
  new ApiObject(chart, id, { apiVersion: 'v1', metadata: { name: id }, ...manifest } as never);
const pod = (container: object): object => ({
  kind: 'Pod',
  spec: { containers: [{ name: 'main', image: IMAGE, ...container }] },
});

/** Findings of an app with a block beside what `build` creates. */
const findings = (build: (chart: Chart) => void): Finding[] => {
  const chart = newChart();
  new WebService(chart, 'block', WEB);
  build(chart);
  return findingsOf(App.of(chart));
};

/** The places of errors about credentials. */
const found = (build: (chart: Chart) => void): string[] => {
  return findings(build)
    .filter(({ rule }) => rule === 'secret/in-manifest')
    .map(({ constructPath, message }) => `[${constructPath}] ${/^prop '(.*)': got/.exec(message)![1]}`);
};

describe('row C1: a credential in an object of others is an error', () => {
  test.each<[string, object, string]>([
    ['a variable', pod({ env: [{ name: 'A', value: PASSWORD_URL }] }), 'spec.containers[0].env[0].value'],
    [
      'a variable whose name has the keyword of the format',
      pod({ env: [{ name: 'AIRTABLE', value: `pat${'a1B2c3D4e5F6g7'}.${'0123456789abcdef'.repeat(4)}` }] }),
      'spec.containers[0].env[0].value',
    ],
    ['an argument', pod({ args: ['-v', `--db=${PASSWORD_URL}`] }), 'spec.containers[0].args[1]'],
    [
      'two words of a command',
      pod({ command: ['redis-server', '--requirepass', 'hunter2'] }),
      'spec.containers[0].command[2]',
    ],
    [
      'a header of a probe',
      pod({
        readinessProbe: { httpGet: { port: 80, httpHeaders: [{ name: 'Authorization', value: 'Bearer abcdef' }] } },
      }),
      'spec.containers[0].readinessProbe.httpGet.httpHeaders[0].value',
    ],
    ['data of a ConfigMap', { kind: 'ConfigMap', data: { 'app.conf': PASSWORD_URL } }, "data['app.conf']"],
    ['an annotation', { kind: 'Service', metadata: { annotations: { a: PASSWORD_URL } } }, 'metadata.annotations.a'],
    [
      'values of a chart in an Application',
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        spec: { source: { helm: { values: `db: ${PASSWORD_URL}` } } },
      },
      'spec.source.helm.values',
    ],
    [
      'an item of a List',
      {
        kind: 'List',
        items: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: PASSWORD_URL } }],
      },
      'items.c.data.a',
    ],
    [
      'an annotation of a Secret',
      { kind: 'Secret', metadata: { annotations: { a: PASSWORD_URL } } },
      'metadata.annotations.a',
    ],
  ])('in %s', (_title, manifest, path) => {
    expect(found((chart) => void raw(chart, { metadata: { name: 'raw' }, ...manifest }))).toEqual([
      `[app/raw] ${path}`,
    ]);
  });

  test('by cdk8s-plus, Include and a JSON patch on an object of a block', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'include-')), 'config.yaml');
    writeFileSync(file, `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: old }\ndata: { a: '${PASSWORD_URL}' }\n`);
    expect(
      found((chart) => {
        new kplus.ConfigMap(chart, 'config', { data: { a: PASSWORD_URL } });
        new Include(chart, 'include', { url: file });
        const web = new WebService(chart, 'web', WEB);
        web.deployment.addJsonPatch(
          JsonPatch.add('/spec/template/spec/containers/0/env', [{ name: 'A', value: PASSWORD_URL }]),
          JsonPatch.add('/metadata/annotations', { a: 'plain' }),
        );
      }),
    ).toEqual([
      '[app/config/Resource] data.a',
      '[app/include/old-configmap] data.a',
      '[app/web] spec.template.spec.containers[0].env[0].value',
    ]);
  });

  test('by Helm', () => {
    const folder = mkdtempSync(join(tmpdir(), 'helm-'));
    const helm = join(folder, 'helm');
    const manifest = `apiVersion: v1\\nkind: ConfigMap\\nmetadata: { name: old }\\ndata: { a: "${PASSWORD_URL}" }\\n`;
    writeFileSync(helm, `#!/bin/sh\nprintf '${manifest}'\n`, { mode: 0o755 });
    expect(found((chart) => void new Helm(chart, 'helm', { chart: folder, helmExecutable: helm }))).toEqual([
      '[app/helm/old-configmap] data.a',
    ]);
  });

  test('and nothing else is one', () => {
    expect(
      found((chart) => {
        raw(
          chart,
          pod({ env: [{ name: 'DB_PASSWORD', value: 'hunter2' }], args: ['--db=postgres://$(U):$(P)@db'] }),
          'a',
        );
        raw(chart, { kind: 'ConfigMap', binaryData: { a: 'AAAA' }, data: { b: 'postgres://db/shop' } }, 'b');
        raw(
          chart,
          { apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret', spec: { encryptedData: { a: PASSWORD_URL } } },
          'c',
        );
        raw(
          chart,
          {
            apiVersion: 'apiextensions.k8s.io/v1',
            kind: 'CustomResourceDefinition',
            spec: { description: PASSWORD_URL },
          },
          'd',
        );
        new VersionedConfigMap(chart, 'e', { data: { url: PASSWORD_URL }, allowSecretLookingData: ['url'] });
      }),
    ).toEqual([]);
  });

  test('can be waived with a reason', () => {
    const chart = newChart();
    new WebService(chart, 'block', WEB);
    const object = raw(chart, { kind: 'ConfigMap', data: { a: PASSWORD_URL } });
    Rules.of(App.of(chart)).waive('secret/in-manifest', object, { reason: 'A sandbox', until: '2999-12-31' });
    expect(findingsOf(App.of(chart)).map(({ rule, waiver }) => [rule, waiver?.reason])).toEqual([
      ['secret/in-manifest', 'A sandbox'],
    ]);
  });

  test('which no message quotes (CH01-37)', () => {
    const token = fc
      .constantFrom(...FORMATS)
      .chain(({ pattern }) => textOf(pattern))
      .map((text) => text.replace(/["'`;\s]+/g, ''))
      .filter((text) => formatIn(text) !== undefined && /\w{8}/.test(text));
    const places: ReadonlyArray<(text: string) => object> = [
      (text) => pod({ env: [{ name: 'A', value: text }] }),
      (text) => pod({ env: [{ name: text, value: text }] }),
      (text) => pod({ args: [text, `--token=${text}`] }),
      (text) => ({ kind: 'ConfigMap', data: { [text]: text } }),
      (text) => ({ kind: 'Service', metadata: { annotations: { [text]: text } } }),
      (text) => ({ apiVersion: 'example.com/v1', kind: 'Thing', spec: { list: [{ [text]: [{ value: text }] }] } }),
      (text) => ({ kind: 'Secret', stringData: { [text]: text } }),
      (text) => ({
        kind: 'List',
        items: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: text }, data: { a: text } }],
      }),
    ];
    fc.assert(
      fc.property(token, fc.constantFrom(...places), (text, place) => {
        const all = findings((chart) => void raw(chart, { metadata: { name: 'raw' }, ...place(text) }));
        expect(all.map(({ rule }) => rule)).toEqual(
          expect.arrayContaining([expect.stringMatching(/^secret\/(?:in-manifest|literal-data)$/)]),
        );
        const printed = [JSON.stringify(all), Findings.format(all, FindingFormat.SARIF)].join('\n');
        expect(printed).not.toContain(text);
      }),
      { numRuns: 300 },
    );
  });
});

describe('row C1: a Secret of others with its content in the YAML is a warning', () => {
  const warned = (secret: object): string[] =>
    findings((chart) => void raw(chart, { kind: 'Secret', ...secret }))
      .filter(({ rule }) => rule === 'secret/literal-data')
      .map(({ constructPath }) => constructPath);
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  test.each<[string, object]>([
    ['text', { stringData: { passwd: 'hunter2' } }],
    ['base64', { data: { passwd: base64('hunter2') } }],
    ['a private key', { data: { 'tls.key': base64('-----BEGIN PRIVATE KEY-----\nabc') } }],
    [
      'a certificate with its key',
      { data: { pem: base64('-----BEGIN CERTIFICATE-----\nx\n-----BEGIN PRIVATE KEY-----') } },
    ],
  ])('as %s', (_title, secret) => {
    expect(warned(secret)).toEqual(['app/raw']);
  });

  test.each<[string, object]>([
    ['nothing', {}],
    ['empty values', { data: { a: '' }, stringData: { b: '' } }],
    [
      'placeholders',
      { stringData: { a: '${PASSWORD}', b: '<path:secret/data/db#passwd>' }, data: { c: base64('$PASSWORD') } },
    ],
    ['values of SOPS', { stringData: { a: 'ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]' } }],
    ['a certificate', { data: { 'ca.crt': base64('-----BEGIN CERTIFICATE-----\nabc') } }],
    ['a switch', { stringData: { enabled: 'true' } }],
  ])('but not with %s', (_title, secret) => {
    expect(warned(secret)).toEqual([]);
  });

  test('by cdk8s-plus, and the keys are named', () => {
    const [{ message }] = findings(
      (chart) => void new kplus.Secret(chart, 'db', { stringData: { user: 'shop', passwd: 'hunter2' } }),
    ).filter(({ rule }) => rule === 'secret/literal-data');
    expect(message).toMatch(/reads the values of \['passwd', 'user'\]\. Create the Secret with/);
    expect(message).not.toContain('hunter2');
  });
});
