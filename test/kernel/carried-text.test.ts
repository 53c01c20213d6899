import { VersionedConfigMap, WebService } from '../../src';
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
  '\ufeff',
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
