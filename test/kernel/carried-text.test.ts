import { ApiObject, Chart } from 'cdk8s';
import { parse } from 'yaml';
import { App, VersionedConfigMap, WebService } from '../../src';
import { carriedByYaml } from '../../src/kernel/schema/carried-text';
import { only, problemsOf, synth, WEB } from '../support';

test.each([
  '0o17',
  '0O17',
  '0X1F',
  '0B1',
  '-0o7',
  '+0o7',
  '0o_1',
  '0_o1',
  '1e_3',
  '1_e_3',
  '1e-_3',
  '1_e-3_',
  '-.5e_3',
  '0_x1f',
  '0_b1',
  '+_1',
  '-_0x1f',
  '-_1.5',
  ' \n',
  '\n \n',
  '\t\n',
  ' \t\n',
  '\n\ta',
  '\ta\nb',
  'a\u007fb',
  '\u0080',
  '\u0085',
  '\u009f',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\ufffe',
  '\uffff',
  '\ud800',
  '\udc00a',
])('YAML does not carry %j', (text) => {
  expect(carriedByYaml(text)).toBe(false);
});

test.each([
  '',
  ' ',
  '\n',
  '\n\n',
  '\n ',
  '\n\t',
  '\ta',
  '\ta ',
  'a\n\tb',
  ' \ta\nb',
  'a\n',
  ' a\n',
  '0x1f',
  '0b1',
  '017',
  '0o8',
  '1_000',
  '1.0',
  '1e3',
  '1_0e3',
  '_1',
  '_0o17',
  'e_3',
  '-',
  '-a_1',
  '--a_b',
  '0o17a',
  '2024-01-01',
  'true',
  '\u0000',
  '\u001b',
  '\u00a0',
  '\u200b',
  '\ufffd',
  '\ufdd0',
  '😀',
  '\u{10ffff}',
])('YAML carries %j', (text) => {
  expect(carriedByYaml(text)).toBe(true);
});

test('is asked in time that grows with the text', () => {
  for (const start of ['0o', '1e', '1e_', ' ', '\n', '\t', '-_']) {
    for (const part of ['0', '_', ' ', '\n', '\t', '\n\t', ' \n']) carriedByYaml(`${start}${part.repeat(200_000)}!`);
  }
});

test('is refused wherever text gets into a manifest', () => {
  expect(
    problemsOf(
      (chart) =>
        new WebService(chart, 'web', {
          ...WEB,
          labels: { a: '0o17' },
          annotations: { '0o17': 'a\u0085b' },
          args: ['1e_3'],
          env: { A: ' \n' },
        }),
    ),
  ).toEqual([
    "[app/web] labels['a']: props/value",
    "[app/web] annotations['0o17']: props/value",
    "[app/web] annotations['0o17']: props/value",
    '[app/web] args[0]: props/value',
    "[app/web] env['A']: props/value",
  ]);
});

test('a tag that is no text is no label', () => {
  const deployment = only(
    synth((chart) => new WebService(chart, 'web', { ...WEB, image: 'ghcr.io/acme/web:0o17' })),
    'Deployment',
  );
  expect(deployment.metadata.labels).not.toHaveProperty(['app.kubernetes.io/version']);
});

test('content of a ConfigMap becomes binary data, of which a variable is refused', () => {
  const config = only(
    synth((chart) => new VersionedConfigMap(chart, 'config', { data: { A: ' \n', B: 'b' } })),
    'ConfigMap',
  );
  expect([config.data, config.binaryData]).toEqual([{ B: 'b' }, { A: 'IAo=' }]);
  expect(
    problemsOf((chart) =>
      new WebService(chart, 'web', WEB).addEnvFrom(new VersionedConfigMap(chart, 'config', { data: { A: ' \n' } })),
    ),
  ).toEqual(['[app/web] addEnvFrom.source: workload/env-from-key']);
});

describe('a byte order mark', () => {
  test('becomes binary data of a ConfigMap, whatever stands before it (row B1)', () => {
    for (let length = 0; length < 600; length++) {
      const data = { 'a': 'x'.repeat(length), 'b.txt': '\ufeffHello', 'c.txt': 'a\ufeff', 'z': 'tail' };
      const config = only(
        synth((chart) => new VersionedConfigMap(chart, 'm', { data })),
        'ConfigMap',
      );
      expect(Object.keys(config.data)).toEqual(['a', 'z']);
      expect(Buffer.from(config.binaryData['b.txt'], 'base64')).toEqual(Buffer.from('\ufeffHello'));
      expect(Buffer.from(config.binaryData['c.txt'], 'base64')).toEqual(Buffer.from('a\ufeff'));
    }
  });

  test('is refused in all other text (row B1)', () => {
    expect(
      problemsOf(
        (chart) =>
          new WebService(chart, 'web', {
            ...WEB,
            annotations: { a: '\ufeffHello' },
            args: ['a\ufeff'],
            env: { A: 'a\ufeffb' },
            sidecars: [{ name: 'log', image: 'ghcr.io/acme/log:1.4.2', env: { B: '\ufeff' } }],
          }),
      ),
    ).toEqual([
      "[app/web] annotations['a']: props/value",
      '[app/web] args[0]: props/value',
      "[app/web] env['A']: props/value",
      "[app/web] sidecars[0].env['B']: props/value",
    ]);
  });

  test.each(['\ufeff', '\u2028', '\u2029', '\u0085', '\u007f', '\uffff'])(
    '%j in an object of others is written with an escape (row B1)',
    (character) => {
      for (const text of [character, `${character}a`, `a ${character}: "b"`, `a\n${character}\\b\n`]) {
        for (const data of [{ [text]: 'a' }, { a: text }, { a: [{ b: text }, text] }]) {
          const app = new App();
          const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'raw' }, data };
          new ApiObject(new Chart(app, 'app'), 'raw', manifest);
          const yaml = app.synthYaml();
          expect(yaml).not.toContain(character);
          expect(parse(yaml)).toEqual(manifest);
        }
      }
    },
  );

  test('and half of a surrogate pair in an object of others stops the synthesis (row B1)', () => {
    for (const data of [{ a: 'a\ud800' }, { '\udc00': 'a' }]) {
      const app = new App();
      const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'raw' }, data };
      new ApiObject(new Chart(app, 'app'), 'raw', manifest);
      expect(() => app.synthYaml()).toThrow("ConfigMap 'raw': expected text that YAML carries, got ");
    }
  });
});
