import { App, Size } from 'cdk8s';
import type * as Library from '../../src';
import { newChart, WEB } from '../support';

/** Whether cdk8s-plus gets loaded by what is done with a fresh copy of the library. */
function loadsKplus(use: (library: typeof Library) => void): boolean {
  let loaded = false;
  jest.isolateModules(() => {
    jest.doMock('cdk8s-plus-27', () => {
      loaded = true;
      return jest.requireActual<object>('cdk8s-plus-27');
    });
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    use(require('../../src') as typeof Library);
  });
  jest.dontMock('cdk8s-plus-27');
  return loaded;
}

test('loading the library does not load cdk8s-plus', () => {
  expect(loadsKplus(() => undefined)).toBe(false);
});

test('an app of our blocks alone never loads it', () => {
  expect(loadsKplus((library) => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    const web = new library.WebService(chart, 'web', { ...WEB, readiness: library.Probe.httpGet('/readyz') });
    web.mount('/etc/web', new library.VersionedConfigMap(chart, 'config', { data: { a: '1' } }));
    web.connectTo(new library.Redis(chart, 'redis', {
      storage: Size.gibibytes(1), password: { secret: new library.VersionedSecret(chart, 'passwd', { version: 'v1' }), key: 'passwd' },
    }));
    app.synthYaml();
  })).toBe(false);
});

test('an object for cdk8s-plus loads it', () => {
  expect(loadsKplus((library) => {
    new library.VersionedConfigMap(newChart(), 'config', { data: { a: '1' } }).envValue('a');
  })).toBe(true);
});
