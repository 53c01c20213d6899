import { join } from 'node:path';
import { App, Chart, Size } from 'cdk8s';
import type * as Library from '../../src';

/**
 * The library, loaded once more, as from a second folder of packages. What it loads later is its own within `use`
 * alone.
 */
function loadCopy(use?: (copy: typeof Library) => void): typeof Library {
  let copy: typeof Library | undefined;
  // an app has one cdk8s
  const cdk8s = jest.requireActual<object>('cdk8s');
  const constructs = jest.requireActual<object>('constructs');
  jest.isolateModules(() => {
    jest.doMock('cdk8s', () => cdk8s);
    jest.doMock('constructs', () => constructs);
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    copy = require('../../src') as typeof Library;
    use?.(copy);
  });
  return copy!;
}

test('a second copy of the library in one app is refused, with both folders and what to do', () => {
  const [one, other] = [loadCopy(), loadCopy()];
  expect(one.WebService).not.toBe(other.WebService);
  const app = new App();
  new one.TenantNamespace(new Chart(app, 'platform'), 'tenant', {
    name: 'shop',
    owner: 'shop@example.com',
    team: 'shop',
    purpose: 'The shop',
    quota: one.Quota.of({ cpu: one.Cpu.units(2), memory: Size.gibibytes(4) }),
  });
  const chart = new Chart(app, 'app', { namespace: 'shop' });
  const folder = join(__dirname, '..', '..');
  expect(
    () =>
      new other.WebService(chart, 'web', {
        image: 'ghcr.io/acme/web:1.4.2',
        port: 8080,
        readiness: other.Probe.httpGet('/readyz'),
      }),
  ).toThrow(
    [
      'Two copies of cdk8s-best-practices in one app, whose blocks do not see each other:',
      `  ${folder}`,
      `  ${folder}`,
      "Keep one: a package with blocks names the library in 'peerDependencies', not in 'dependencies'. Then run npm dedupe",
    ].join('\n'),
  );
});

test('copies in two apps do not meet', () => {
  expect.assertions(2);
  for (let copies = 0; copies < 2; copies++) {
    loadCopy(({ WebService, Probe }) => {
      const app = new App();
      new WebService(new Chart(app, 'app'), 'web', {
        image: 'ghcr.io/acme/web:1.4.2',
        port: 8080,
        readiness: Probe.httpGet('/readyz'),
      });
      expect(app.synthYaml()).toContain('kind: Deployment');
    });
  }
});
