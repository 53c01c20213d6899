import { ApiObject, type Chart, Size } from 'cdk8s';
import { Redis, VersionedSecret, type VersionedSecretProps, WebService } from '../../src';
import { linesOf, newChart, only, problemsOf, synth, untyped, WEB } from '../support';

const problemsWith = (props: unknown, id = 'db'): string[] =>
  problemsOf((chart) => new VersionedSecret(chart, id, props as VersionedSecretProps));

test('a versioned Secret is a name with its version, and writes no YAML (CH01-37)', () => {
  const chart = newChart();
  const secret = new VersionedSecret(chart, 'redis-passwd', { version: 'v2', keys: ['passwd'] });
  expect([secret.name, secret.type, secret.keys, secret.resourceName]).toEqual([
    'redis-passwd-v2',
    'Opaque',
    ['passwd'],
    'redis-passwd-v2',
  ]);
  expect(chart.node.findAll().filter((node) => ApiObject.isApiObject(node))).toEqual([]);
  expect(synth((other) => new VersionedSecret(other, 'db', { version: 'v1' }))).toEqual([]);
});

test('its name and type can be given (CH04-07)', () => {
  const secret = new VersionedSecret(newChart(), 'cert', {
    name: 'shop.tls',
    version: '2026.1',
    type: 'kubernetes.io/tls',
  });
  expect([secret.name, secret.type, secret.keys]).toEqual(['shop.tls-2026.1', 'kubernetes.io/tls', []]);
});

test('a new version rolls the pods that mount it (CH01-33)', () => {
  const volumes = (version: string): unknown =>
    only(
      synth((chart) => {
        new WebService(chart, 'web', WEB).mount('/var/run/secrets/db', new VersionedSecret(chart, 'db', { version }));
      }),
      'Deployment',
    ).spec.template.spec.volumes[1];
  expect(volumes('v1')).toEqual({ name: 'db-v1', secret: { secretName: 'db-v1', defaultMode: 0o440 } });
  expect(volumes('v2')).toEqual({ name: 'db-v2', secret: { secretName: 'db-v2', defaultMode: 0o440 } });
});

test('one key becomes an environment variable, a whole Secret a volume of cdk8s-plus', () => {
  const secret = new VersionedSecret(newChart(), 'db', { version: 'v1' });
  expect(secret.envValue('user', { optional: true }).valueFrom).toEqual({
    secretKeyRef: { name: 'db-v1', key: 'user', optional: true },
  });
  expect(secret.asVolume()).toBe(secret.asVolume());
});

test('the version is required (CH01-33)', () => {
  const message = '[app/db] version: props/required';
  expect(problemsWith({})).toEqual([message]);
  expect(problemsWith(undefined)).toEqual([message]);
});

test.each(['V1', '', 2, null, 'v_1'])('the version %p is refused (CH01-33)', (version) => {
  expect(problemsWith({ version })).toEqual(['[app/db] version: props/value']);
});

test('the whole name is checked (DX-12)', () => {
  expect(problemsWith({ version: 'v1' }, 'My_Db')).toEqual(['[app/My_Db] name: app/object-name']);
  expect(problemsWith({ name: 'a'.repeat(250), version: 'v1' })).toEqual([]);
  expect(problemsWith({ name: 'a'.repeat(251), version: 'v1' })).toHaveLength(1);
});

test('keys, type and unknown props are checked (CH04-07)', () => {
  expect(problemsWith(untyped({ version: 'v1', keys: ['a b'], type: '', data: {} }))).toEqual([
    '[app/db] type: props/value',
    '[app/db] keys[0]: props/value',
    '[app/db] data: props/unknown',
  ]);
});

describe('a key that the Secret does not declare (CH04-20)', () => {
  const build = (key: string, keys?: string[]) => (chart: Chart) => {
    const secret = new VersionedSecret(chart, 'db', { version: 'v1', keys });
    new WebService(chart, 'web', { ...WEB, env: { PASSWORD: secret.envValue(key) } });
  };

  test('is refused at its user', () => {
    expect(problemsOf(build('passwd', ['password']))).toEqual(['[app/web] reference/missing-key']);
    expect(linesOf(build('passwd', ['password']))).toEqual([expect.stringContaining("Did you mean 'password'?")]);
    expect(problemsOf(build('password', ['password']))).toEqual([]);
  });

  test('is the declaration of one without keys', () => {
    expect(problemsOf(build('passwd'))).toEqual([]);
  });

  test('is refused in a mount and for Redis', () => {
    expect(
      problemsOf((chart) => {
        const secret = new VersionedSecret(chart, 'db', { version: 'v1', keys: ['password'] });
        new WebService(chart, 'web', WEB).mountSecret('/var/run/secrets/db', secret, { items: { passwd: 'passwd' } });
        new Redis(chart, 'cache', { storage: Size.gibibytes(1), password: { secret, key: 'passwd' } });
      }),
    ).toEqual(['[app/web] reference/missing-key', '[app/cache] reference/missing-key']);
  });
});
