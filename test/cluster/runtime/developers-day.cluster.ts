import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { App, Chart, Duration, Size } from 'cdk8s';
import { Cpu, DeveloperNamespace, Job, Probe, Quota, Resources, WebService } from 'cdk8s-best-practices';
import { deploy } from '../../../src/ops/deploy';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { STATE } from '../rig/places';

const { node } = Cluster;
const PREVIEW = 'shop-pr-123';
const OUTPUT = join(STATE, 'developers-day');
const RESOURCES = Resources.of({ cpu: Cpu.millis(25), memory: Size.mebibytes(64) });
afterAll(() => node.removeNamespace(PREVIEW));

/** The preview of a pull request in the namespace that ends by itself. */
function synthesize(env: Record<string, string>, command?: string[]): void {
  const app = new App({ outdir: OUTPUT });
  const namespace = new Chart(app, '00-namespace');
  new DeveloperNamespace(namespace, 'namespace', {
    name: PREVIEW,
    owner: 'jane@example.com',
    team: 'shop',
    purpose: 'Preview pr-123',
    ttl: Duration.days(3),
    quota: Quota.of({ cpu: Cpu.units(1), memory: Size.gibibytes(1) }),
  });
  const chart = new Chart(app, 'shop', { namespace: PREVIEW });
  new WebService(chart, 'web', {
    image: PROBE,
    port: 8080,
    readiness: Probe.httpGet('/readyz', { period: Duration.seconds(1) }),
    resources: RESOURCES,
    env,
  });
  if (command) new Job(chart, 'migrate', { image: PROBE, command, resources: RESOURCES, backoffLimit: 0 });
  app.synth();
}

async function deployed(timeout = '2m'): Promise<{ code: number; said: string; complained: string }> {
  const [output, errors] = [new PassThrough(), new PassThrough()];
  const code = await deploy([OUTPUT, '--timeout', timeout], { output, errors }, () => async (args) => {
    try {
      return { code: 0, output: await node.kubectl(...args), errors: '' };
    } catch (error) {
      return { code: 1, output: '', errors: (error as Error).message };
    }
  });
  return { code, said: String(output.read() ?? ''), complained: String(errors.read() ?? '') };
}

test('one command starts an application with its namespace, and another one its next version (S24, S25)', async () => {
  const times: number[] = [];
  for (const release of ['one', 'two']) {
    synthesize({ RELEASE: release }, release === 'one' ? ['node', '-e', ''] : undefined);
    const started = Date.now();
    const { code, said, complained } = await deployed();
    times.push(Math.round((Date.now() - started) / 1000));
    expect([code, complained]).toEqual([0, '']);
    expect(said).toContain(`Deployment ${PREVIEW}/shop-web runs`);
    if (release === 'one') expect(said).toMatch(/Job shop-pr-123\/shop-migrate\S* has succeeded/);
    const pods = await node.list(PREVIEW, 'pods', 'app.kubernetes.io/instance=shop-web');
    const running = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    expect(running.map(releaseOf)).toEqual([release, release]);
  }
  figure(
    'One command starts an application with its namespace and waits, another one deploys the next version',
    `everything runs ${times[0]} s after cdk8s-deploy, the next version ${times[1]} s after it`,
  );
});

test('a version that does not start is told with its reason, and the old one serves on', async () => {
  synthesize({ RELEASE: 'bad', BEHAVIOUR: 'never-ready' });
  const { code, complained } = await deployed('15s');
  expect(code).toBe(1);
  expect(complained).toMatch(/^Deployment shop-pr-123\/shop-web: /);
  expect(complained).toMatch(/container main is not ready: kubectl logs shop-web-\S+ --namespace shop-pr-123/);
  const pods = await node.list(PREVIEW, 'pods', 'app.kubernetes.io/instance=shop-web');
  expect(pods.map(releaseOf).sort()).toEqual(['bad', 'two', 'two']);
});

function releaseOf({ spec }: Manifest): string {
  const [{ env }] = spec.containers as Array<{ env: Array<{ name: string; value: string }> }>;
  return env.find(({ name }) => name === 'RELEASE')?.value ?? '';
}
