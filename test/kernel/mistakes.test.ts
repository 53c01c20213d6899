import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, Chart, Cron, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as library from '../../src';
import {
  App,
  Cpu,
  EnvSource,
  Quota,
  Redis,
  type RedisProps,
  ScheduledJob,
  type ScheduledJobProps,
  SecretRef,
  TenantNamespace,
  WebService,
  type WebServiceProps,
} from '../../src';
import { KUBERNETES_NAMES, replacementOf } from '../../src/kernel/schema/kubernetes-names';
import { appOf, BLOCKS, NAMES } from '../blocks/catalogue';
import { build, Raw } from '../cluster/acceptance/terms';
import { ROOT } from '../compiler';
import { propsGivenTo } from '../declarations/structs';
import { linesOf, newChart, only, problemsOf, problemsOfApp, synth, untyped, WEB } from '../support';

const IMAGE = 'ghcr.io/acme/app:1.4.2';
const PASSWORD = { secret: SecretRef.named('redis-passwd'), key: 'passwd' };
const redis = (chart: Chart, id = 'redis'): Redis =>
  new Redis(chart, id, { password: PASSWORD, storage: Size.gibibytes(4) });
/** The fix of the only message. */
function fixOf(make: (chart: Chart) => unknown): string {
  const lines = linesOf((chart) => void make(chart));
  expect(lines).toHaveLength(1);
  return lines[0].replace(/^.*?, expected .*?\. (?=[A-Z])/, '').replace(/ \([A-Z\d-]+\)$/, '');
}
const web = (props: Record<string, unknown>) => (chart: Chart) =>
  new WebService(chart, 'web', untyped<WebServiceProps>({ ...WEB, ...props }));
const cache = (props: Record<string, unknown>) => (chart: Chart) =>
  new Redis(chart, 'redis', untyped<RedisProps>({ password: PASSWORD, storage: Size.gibibytes(4), ...props }));

describe('E: one mistake gives one message', () => {
  const TENANT = { name: 'team', owner: 'a', team: 'b', purpose: 'c' };

  test.each<[string, object]>([
    ['a missing quota', {}],
    ['a refused quota', { quota: null }],
    ['a refused part of the quota', { quota: Quota.of({ cpu: 1 as never, memory: Size.gibibytes(1) }) }],
  ])('%s gives no errors against a quota that nobody wrote', (_what, props) => {
    const app = new App();
    new TenantNamespace(new Chart(app, 'platform'), 'team', untyped({ ...TENANT, ...props }));
    for (const id of ['a', 'b', 'c']) {
      const chart = new Chart(app, id, { namespace: 'team' });
      new WebService(chart, 'web', { ...WEB, replicas: 50 });
      redis(chart);
    }
    expect(problemsOfApp(app)).toHaveLength(1);
  });

  test.each<[string, (chart: Chart, id: string) => unknown, string]>([
    ['WebService', (chart, id) => new WebService(chart, id, { ...WEB, name: 'x' }), '[app/b] workload/duplicate-name'],
    [
      'Redis',
      (chart, id) => new Redis(chart, id, { password: PASSWORD, storage: Size.gibibytes(4), name: 'x' }),
      '[app/b] workload/duplicate-name',
    ],
    [
      'ScheduledJob',
      (chart, id) => new ScheduledJob(chart, id, { image: IMAGE, schedule: '@daily', name: 'x' }),
      '[app/b] workload/duplicate-name',
    ],
    [
      'TenantNamespace',
      (chart, id) =>
        new TenantNamespace(chart, id, {
          ...TENANT,
          quota: Quota.of({ cpu: Cpu.units(10), memory: Size.gibibytes(10) }),
        }),
      '[app/b/Resource] app/duplicate-object',
    ],
  ])('two blocks of one name: %s', (_kind, make, message) => {
    const messages = linesOf((chart) => ['a', 'b'].forEach((id) => make(chart, id)));
    expect(messages).toHaveLength(1);
    expect(messages[0].startsWith(message.replace(/\].*/, ']'))).toBe(true);
    expect(problemsOf((chart) => ['a', 'b'].forEach((id) => make(chart, id)))).toEqual([message]);
  });
});

describe('E: the message tells what to write', () => {
  test('a Probe of cdk8s-plus is one of another library', () => {
    expect(fixOf(web({ readiness: kplus.Probe.fromHttpGet('/readyz') }))).toContain(
      "Import Probe from 'cdk8s-best-practices'",
    );
  });

  test.each<[string, (chart: Chart) => unknown, string]>([
    ['drain: 20', web({ drain: 20 }), 'Write Duration.seconds(20)'],
    ["drain: '20s'", web({ drain: '20s' }), 'Write Duration.seconds(20)'],
    ["storage: '4Gi'", cache({ storage: '4Gi' }), 'Write Size.gibibytes(4)'],
    ["evictionPolicy: 'lru'", cache({ evictionPolicy: 'lru' }), "Did you mean 'allkeys-lru'?"],
  ])('%s', (_input, make, fix) => {
    expect(fixOf(make)).toBe(fix);
  });

  test("storage: '64Mi' is said in the unit of its least", () => {
    const [line] = linesOf(cache({ storage: '64Mi' }));
    expect(line).toContain('a Size of at least 1 GiB');
  });

  test('connectTo twice says connectTo, and offers a prefix', () => {
    const twice = (chart: Chart): void => {
      const [client, target] = [new WebService(chart, 'web', WEB), redis(chart)];
      client.connectTo(target);
      client.connectTo(target);
    };
    expect(problemsOf(twice)).toEqual(['[app/web] connectTo: workload/duplicate-variable']);
    expect(fixOf(twice)).toContain("connectTo(...) with prefix: 'REDIS_2'");
    // and what it offers works
    const mended = synth((chart) => {
      const [client, target] = [new WebService(chart, 'web', WEB), redis(chart)];
      client.connectTo(target);
      client.connectTo(target, { prefix: 'REDIS_2' });
    });
    const names = only(mended, 'Deployment').spec.template.spec.containers[0].env.map(
      ({ name }: { name: string }) => name,
    );
    expect(names).toEqual(expect.arrayContaining(['REDIS_HOST', 'REDIS_2_HOST']));
  });

  test('two targets of one id, and a variable that env has, are one message', () => {
    expect(
      problemsOf((chart) => {
        const client = new WebService(chart, 'web', WEB);
        for (const id of ['a', 'b']) client.connectTo(redis(new Chart(chart, id, { namespace: 'shop' })));
      }),
    ).toEqual(['[app/web] connectTo: workload/duplicate-variable']);
    expect(
      problemsOf((chart) =>
        new WebService(chart, 'web', { ...WEB, env: { REDIS_HOST: 'x', REDIS_PORT: '1' } }).connectTo(redis(chart)),
      ),
    ).toEqual(['[app/web] connectTo: workload/duplicate-variable']);
  });

  test('addEnvFrom takes a Secret, and names the right call for the source of one variable', () => {
    const from = (source: unknown) => (chart: Chart) => {
      new WebService(chart, 'web', WEB).addEnvFrom(source as never);
    };
    expect(problemsOf((chart) => from(kplus.Secret.fromSecretName(chart, 's', 'mail'))(chart))).toEqual([]);
    expect(
      problemsOf((chart) => from(kplus.Env.fromSecret(kplus.Secret.fromSecretName(chart, 's', 'mail')))(chart)),
    ).toEqual([]);
    expect(problemsOf(from(SecretRef.named('mail')))).toEqual([]);
    const mail = EnvSource.secret(SecretRef.named('mail'), 'password');
    expect(fixOf(from(mail))).toContain("Call addEnv('NAME', source)");
    expect(fixOf(from('mail'))).toContain("SecretRef.named('...')");
  });

  test('a literal credential in env leads to the key of a Secret', () => {
    const token = `ghp_${'aB3dE5gH7jK9mN1pQ3sT5vX7zB9dF1hJ3lN5'}`;
    const [line, ...others] = linesOf(web({ env: { GITHUB: token } }));
    expect(others).toEqual([]);
    expect(line).toContain("EnvSource.secret(secret, 'key')");
    expect(line).not.toContain(token);
  });

  test('a Cron of cdk8s is taken as schedule', () => {
    const props = { image: IMAGE, schedule: Cron.daily() };
    const found = synth((chart) => new ScheduledJob(chart, 'job', props));
    expect(only(found, 'CronJob').spec.schedule).toBe('0 0 * * *');
    const bad = Cron.schedule({ day: '31', month: '2' });
    expect(
      problemsOf((chart) => new ScheduledJob(chart, 'job', untyped<ScheduledJobProps>({ ...props, schedule: bad }))),
    ).toEqual(['[app/job] schedule: props/value']);
  });

  test.each<[string, JsonPatch, string]>([
    [
      'a parent that is not there',
      JsonPatch.replace('/spec/nope/x', 1),
      "Write a path that the object has: '/spec' has ",
    ],
    [
      'a list without that index',
      JsonPatch.replace('/spec/template/spec/containers/7/image', IMAGE),
      '/spec/template/spec/containers',
    ],
    ['a test that fails', JsonPatch.test('/spec/revisionHistoryLimit', 99), 'Write the value that the object has'],
  ])('a JSON patch with %s is a finding of the block', (_what, patch, fix) => {
    const make = (chart: Chart): void => new WebService(chart, 'web', WEB).deployment.addJsonPatch(patch);
    expect(problemsOf(make)).toEqual(['[app/web] addJsonPatch: app/json-patch']);
    expect(linesOf(make)[0]).toContain(fix);
  });

  test('a JSON patch of a raw object is a finding of that, and what follows from another mistake is none', () => {
    expect(
      problemsOf((chart) => {
        new WebService(chart, 'web', WEB);
        new ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'raw' } }).addJsonPatch(
          JsonPatch.replace('/data/x', 'y'),
        );
      }),
    ).toEqual(['[app/raw] addJsonPatch: app/json-patch']);
    expect(
      problemsOf((chart) =>
        new WebService(chart, 'web', untyped<WebServiceProps>({ ...WEB, replicas: -1 })).deployment.addJsonPatch(
          JsonPatch.replace('/spec/minReadySeconds', 1),
        ),
      ),
    ).toEqual(['[app/web] replicas: props/value']);
  });
});

describe('E: names that callers know from Kubernetes', () => {
  const ways = Object.entries(KUBERNETES_NAMES).flatMap(([name, all]) => all.map((way) => [name, way] as const));
  const WORKLOADS = ['WebService', 'StaticSite', 'Worker', 'Job', 'ScheduledJob', 'Redis'] as const;

  test('are at least 60', () => {
    expect(Object.keys(KUBERNETES_NAMES).length).toBeGreaterThan(100);
  });

  test('lead to a prop, or to a way that a guide explains', () => {
    const known = new Set(NAMES.flatMap((name) => propsGivenTo(name)));
    for (const [name, { prop, say, guide }] of ways) {
      expect([name, prop ?? guide]).not.toContain(undefined);
      if (prop !== undefined && say !== undefined) expect([name, say]).toEqual([name, expect.stringContaining("'")]);
      if (guide === undefined) continue;
      expect([name, guide, existsSync(join(ROOT, guide))]).toEqual([name, guide, true]);
      const text = readFileSync(join(ROOT, guide), 'utf8');
      const calls =
        (say ?? '').match(/\b(add\w+|mount|Job\b|[A-Z][a-z]+[A-Z]\w+|serviceAccount|namespace:|kubectl)/g) ?? [];
      const explained = calls.some((call) => text.includes(call));
      expect([name, say, explained]).toEqual([name, say, true]);
    }
    expect(known.size).toBeGreaterThan(50);
  });

  test('name classes and methods that exist', () => {
    for (const [name, { say = '' }] of ways) {
      for (const [, type, member] of say.matchAll(/\b(?:new )?([A-Z][A-Za-z]+)(?:\.([a-z]\w+))?\(/g)) {
        if (['ApiObject', 'Chart', 'JsonPatch', 'Size'].includes(type)) continue;
        const found = (library as Record<string, unknown>)[type] as Record<string, unknown> | undefined;
        expect([name, type, typeof found]).toEqual([name, type, 'function']);
        if (member !== undefined) expect([name, member, typeof found?.[member]]).toEqual([name, member, 'function']);
      }
    }
  });

  test.each(NAMES)('of %s: the props that a message names are props of the block', (name) => {
    const offered = propsGivenTo(name);
    for (const given of Object.keys(KUBERNETES_NAMES).filter((one) => !offered.includes(one))) {
      const fix = replacementOf(given, offered);
      if (fix === undefined) continue;
      const named = [...fix.matchAll(/'([a-z][A-Za-z]+)'(?=[^:]|$)/g)].map(([, prop]) => prop);
      const others = ['shop', 'traefik', 'redis-passwd', 'passwd', 'version', 'serviceAccount', 'containers'];
      expect([given, fix, named.filter((prop) => !offered.includes(prop) && !others.includes(prop))]).toEqual([
        given,
        fix,
        [],
      ]);
    }
  });

  test.each(WORKLOADS)('of %s: a message of the block itself says so', (name) => {
    const fields = ['affinity', 'hostAliases', 'dnsConfig', 'workingDir', 'hostNetwork', 'serviceAccountName'];
    const others = [
      'imagePullSecrets',
      'envFrom',
      'volumeMounts',
      'securityContext',
      'namespace',
      'ingress',
      'selector',
    ];
    for (const field of [...fields, ...others]) {
      const app = appOf(name, { ...BLOCKS[name].minimal, [field]: new Raw({}) });
      const lines = linesOf((chart) => build(app, chart));
      expect([field, lines]).toEqual([field, [expect.stringContaining(`prop '${field}'`)]]);
      expect(lines[0]).not.toMatch(/Remove it|Did you mean|Write one of these/);
    }
  });

  test.each([
    ['WebService', 'strategy', "'rollout'"],
    ['WebService', 'lifecycle', "'drain'"],
    ['WebService', 'livenessProbe', "'liveness'"],
    ['WebService', 'ports', "'extraPorts'"],
    ['WebService', 'restartPolicy', 'use Job'],
    ['WebService', 'hpa', "'autoscaling'"],
    ['Worker', 'readinessProbe', "'liveness'"],
    ['Job', 'completionMode', "'indexed'"],
    ['ScheduledJob', 'successfulJobsHistoryLimit', "'successfulRunsKept'"],
    ['ScheduledJob', 'hostAliases', '/spec/jobTemplate/spec/template/spec/hostAliases'],
    ['Redis', 'auth', "'password'"],
    ['Redis', 'resources', "'maxMemory'"],
    ['Redis', 'persistence', "'storage'"],
    ['HttpRouting', 'ingressClassName', "'controller'"],
    ['VersionedSecret', 'stringData', 'kubectl create secret'],
    ['TenantNamespace', 'resourceQuota', "'quota'"],
    ['TenantNamespace', 'namespace', "'name'"],
  ] as const)('%s: %s', (name, field, fix) => {
    expect(replacementOf(field, propsGivenTo(name))).toContain(fix);
  });

  test('of structs: the type of a Service, the fields of an autoscaler and of a container', () => {
    expect(fixOf(web({ service: { type: 'NodePort' } }))).toContain('add an ExposedService');
    const sidecar = { name: 'proxy', image: IMAGE, volumeMounts: [] };
    expect(fixOf(web({ sidecars: [sidecar] }))).toContain("'containers'");
  });

  test('JSON patches that a message offers can be applied', () => {
    const patch = /JsonPatch\.add\('([^']+)'/.exec(replacementOf('hostAliases', propsGivenTo('WebService')) ?? '')?.[1];
    const found = synth((chart) =>
      ApiObject.of(new WebService(chart, 'web', WEB)).addJsonPatch(JsonPatch.add(patch!, [{ ip: '10.0.0.1' }])),
    );
    expect(only(found, 'Deployment').spec.template.spec.hostAliases).toEqual([{ ip: '10.0.0.1' }]);
    expect(newChart().namespace).toBe('shop');
  });
});
