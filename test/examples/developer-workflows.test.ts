import { App, Chart, Size } from 'cdk8s';
import { EnvValue, Secret } from 'cdk8s-plus-27';
import { Journal } from '../../examples/journal/chart';
import { environments } from '../../examples/journal/environments';
import { Cpu, DeveloperNamespace, NamespaceReaper, Quota, Redis, VersionedConfigMap, WebService } from '../../src';
import { type Manifest, newChart, only, synth, WEB } from '../support';

const podOf = (manifest: Manifest) => manifest.spec.template.spec;

describe('developers of the book', () => {
  test('share one cluster, each with a namespace, and nothing clashes (S17, CH02-07)', () => {
    const app = new App();
    const chart = new Chart(app, 'developers');
    for (const name of ['jane', 'joe', 'kim']) {
      new DeveloperNamespace(chart, name, {
        name,
        owner: `${name}@example.com`,
        team: 'search',
        purpose: 'Development',
        clusterView: true,
        quota: Quota.of({ cpu: Cpu.units(2), memory: Size.gibibytes(4) }),
      });
    }
    new NamespaceReaper(new Chart(app, 'reaper', { namespace: 'namespace-reaper' }), 'Default', {
      image: 'ghcr.io/example/kubectl:1.34.2',
    });
    expect(() => app.synthYaml()).not.toThrow();
    expect(
      (chart.toJson() as Manifest[]).filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name),
    ).toEqual(['jane', 'joe', 'kim']);
  });

  test('roll as production does: no environment has its own rollout (CH02-32)', () => {
    const rollouts = Object.values(environments).map((environment) => {
      const app = new App();
      new Journal(app, environment);
      const { spec } = only(
        app.charts.flatMap((chart) => chart.toJson() as Manifest[]),
        'Deployment',
        'frontend',
      );
      return {
        strategy: spec.strategy,
        minReadySeconds: spec.minReadySeconds,
        deadline: spec.progressDeadlineSeconds,
        probe: spec.template.spec.containers[0].readinessProbe,
      };
    });
    expect(rollouts).toHaveLength(2);
    expect(rollouts[0]).toEqual(rollouts[1]);
  });

  test('change one thing for a new version, the image (CH02-33)', () => {
    const [one, two] = ['1.4.2', '1.4.3'].map((version) =>
      JSON.stringify(synth((chart) => new WebService(chart, 'web', { ...WEB, image: `ghcr.io/acme/web:${version}` }))),
    );
    expect(one).not.toBe(two);
    expect(one.replaceAll('1.4.2', '1.4.3')).toBe(two);
  });

  test('find container and port by their names, and logs on standard output (CH02-27, CH02-34)', () => {
    const { containers, volumes } = podOf(
      only(
        synth((chart) => new WebService(chart, 'web', WEB)),
        'Deployment',
      ),
    );
    expect(containers.map(({ name, ports }: Manifest) => [name, ports[0].name])).toEqual([['main', 'http']]);
    expect(volumes.map(({ name }: Manifest) => name)).toEqual(['tmp']);
  });

  test('use databases that the platform offers for all (CH02-35)', () => {
    const app = new App();
    const shared = newChart('shared', 'shared', app);
    const redis = new Redis(shared, 'redis', {
      storage: Size.gibibytes(1),
      password: { secret: Secret.fromSecretName(shared, 'theirs', 'redis'), key: 'passwd' },
    });
    const chart = newChart('jane', 'jane', app);
    new WebService(chart, 'web', WEB).connectTo(redis, {
      password: { secret: Secret.fromSecretName(chart, 'own', 'redis'), key: 'passwd' },
    });
    const { env } = podOf(only(chart.toJson() as Manifest[], 'Deployment')).containers[0];
    expect(env).toContainEqual({ name: 'REDIS_HOST', value: 'shared-redis.shared.svc' });
  });
});

describe('configuration of the book', () => {
  test('reaches a database by variables, those that are secret by reference (S35)', () => {
    const manifests = synth((chart) => {
      const config = new VersionedConfigMap(chart, 'config', { data: { mysqldb: 'myappdb1' } });
      const web = new WebService(chart, 'web', WEB);
      web.addEnv('MYSQL_DATABASE', config.envValue('mysqldb'));
      web.addEnv(
        'MYSQL_PASSWORD',
        EnvValue.fromSecretValue({
          secret: Secret.fromSecretName(chart, 'secret', 'mysql-secret'),
          key: 'userpassword',
        }),
      );
    });
    expect(podOf(only(manifests, 'Deployment')).containers[0].env).toEqual([
      {
        name: 'MYSQL_DATABASE',
        valueFrom: { configMapKeyRef: { name: only(manifests, 'ConfigMap').metadata.name, key: 'mysqldb' } },
      },
      { name: 'MYSQL_PASSWORD', valueFrom: { secretKeyRef: { name: 'mysql-secret', key: 'userpassword' } } },
    ]);
  });

  test('rolls the pods by a checksum on request (S37)', () => {
    const checksumOf = (entry: string) => {
      const manifests = synth((chart) =>
        new WebService(chart, 'web', WEB).mount(
          '/etc/web',
          new VersionedConfigMap(chart, 'config', { reload: 'checksum', data: { entry } }),
        ),
      );
      return only(manifests, 'Deployment').spec.template.metadata.annotations;
    };
    expect(checksumOf('a')).not.toEqual(checksumOf('b'));
    expect(checksumOf('a')).toEqual(checksumOf('a'));
  });

  test('is readable for the user of the process (CH04-01)', () => {
    const manifests = synth((chart) => {
      const web = new WebService(chart, 'web', WEB);
      web.mountSecret('/etc/key', Secret.fromSecretName(chart, 'secret', 'key'));
    });
    const { securityContext, volumes } = podOf(only(manifests, 'Deployment'));
    expect([securityContext.runAsUser, securityContext.fsGroup]).toEqual([65532, 65532]);
    // 0440: owner and group, which is the fsGroup
    expect(volumes.find(({ secret }: Manifest) => secret).secret.defaultMode).toBe(0o440);
  });

  test('may be a whole file, and reads as one (CH04-18)', () => {
    const app = new App();
    new VersionedConfigMap(newChart('shop', 'app', app), 'config', { data: { 'app.conf': 'a = 1\nb = 2\n' } });
    expect(app.synthYaml()).toContain('app.conf: |\n    a = 1\n    b = 2\n');
  });
});
