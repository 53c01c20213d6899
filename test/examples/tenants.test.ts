import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Size } from 'cdk8s';
import { Tenants } from '../../examples/tenants/chart';
import { synthesize } from '../../examples/tenants/main';
import { teams } from '../../examples/tenants/teams';
import { Cpu, Inventory, Quota } from '../../src';

const folder = mkdtempSync(join(tmpdir(), 'tenants-'));
const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);

beforeAll(() => synthesize(folder));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the example of three teams', () => {
  test('writes the YAML as it was reviewed', () => {
    const files = readdirSync(folder).sort();
    expect(files).toEqual(['00-namespaces.k8s.yaml', 'blog.k8s.yaml', 'search.k8s.yaml', 'shop.k8s.yaml']);
    expect(files.map((file) => `# ${file}\n${readFileSync(join(folder, file), 'utf8')}`).join('\n')).toMatchSnapshot();
  });

  test('has room for rollouts, and says what the cluster must hold', () => {
    const app = new App();
    new Tenants(app);
    const { warnings, secrets } = Inventory.of(app);
    expect(warnings.filter(({ message }) => message.includes('quota'))).toEqual([]);
    expect(secrets.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([
      'blog/registry-v1',
      'search/registry-v1',
      'shop/carts-passwd-v1',
      'shop/registry-v1',
    ]);
    printed.mockClear();
    synthesize(folder);
    expect(printed.mock.calls.join('\n')).toContain('kubectl apply --server-side -f');
  });

  test('fails with the sum where a quota is too small', () => {
    const app = new App({ outdir: folder });
    new Tenants(app, {
      ...teams,
      shop: {
        ...teams.shop,
        quota: Quota.of({
          cpu: Cpu.units(3),
          memory: Size.gibibytes(16),
          cpuLimit: Cpu.units(32),
          storage: Size.gibibytes(40),
        }),
      },
    });
    expect(() => app.synth()).toThrow(
      "[00-namespaces/shop] prop 'quota.cpu': got 4 (Deployment shop/web: 13 pods x 250m = 3250m; StatefulSet shop/carts: 3 pods x 250m",
    );
  });
});
