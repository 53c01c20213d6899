import { App, Size } from 'cdk8s';
import type * as Library from '../../src';
import { newChart, WEB } from '../support';

const LINES = ['cdk8s-plus-27', 'cdk8s-plus-34'];

/** The lines of cdk8s-plus that get loaded by what is done with a fresh copy of the library. */
function loads(use: (library: typeof Library) => void): string[] {
  const loaded: string[] = [];
  jest.isolateModules(() => {
    for (const line of LINES) {
      jest.doMock(line, () => {
        loaded.push(line);
        return jest.requireActual<object>(line);
      });
    }
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    use(require('../../src') as typeof Library);
  });
  LINES.forEach((line) => jest.dontMock(line));
  return loaded;
}

test('the test sees cdk8s-plus being loaded', () => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  expect(loads(() => void require('cdk8s-plus-27'))).toEqual(['cdk8s-plus-27']);
});

test('an app of our blocks never loads cdk8s-plus, whatever it refers to', () => {
  expect(
    loads((library) => {
      const app = new App();
      const chart = newChart('shop', 'app', app);
      const web = new library.WebService(chart, 'web', { ...WEB, readiness: library.Probe.httpGet('/readyz') });
      const config = new library.VersionedConfigMap(chart, 'config', { data: { a: '1' } });
      web.mount('/etc/web', config);
      web.mount('/cache', library.Volume.emptyDir({ sizeLimit: Size.mebibytes(16) }));
      web.addEnv('A', config.envValue('a'));
      web.addEnv('KEY', library.EnvSource.secret(library.SecretRef.named('api'), 'key'));
      web.connectTo(
        new library.Redis(chart, 'redis', {
          storage: Size.gibibytes(1),
          password: { secret: new library.VersionedSecret(chart, 'passwd', { version: 'v1' }), key: 'passwd' },
        }),
      );
      app.synthYaml();
    }),
  ).toEqual([]);
});

test('what ours is to cdk8s-plus needs none of its code', () => {
  expect(
    loads((library) => {
      const web = new library.WebService(newChart(), 'web', { ...WEB, readiness: library.Probe.httpGet('/readyz') });
      web.toPodSelectorConfig();
      web.toNetworkPolicyPeerConfig();
      web.toScalingTarget();
      web.toIngressBackend();
      new library.VersionedConfigMap(web, 'config', { data: { a: '1' } }).asVolume();
    }),
  ).toEqual([]);
});
