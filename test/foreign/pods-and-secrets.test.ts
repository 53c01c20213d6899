import { ApiObject, App, Chart, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import {
  ConfigMapRef,
  Cpu,
  EnvSource,
  HttpRouting,
  IngressController,
  Probe,
  Quota,
  SecretRef,
  TenantNamespace,
  Tls,
  VersionedConfigMap,
  VersionedSecret,
  WebService,
  Worker,
} from '../../src';
import { newChart, problemsOf, problemsOfApp, warningsIn, warningsOf, WEB } from '../support';

const WORKER = { image: WEB.image, liveness: Probe.none() };
const IMAGE = 'ghcr.io/acme/old:1.0.0';

const raw = (chart: Chart, id: string, manifest: Record<string, unknown>): ApiObject =>
  new ApiObject(chart, id, { apiVersion: 'v1', metadata: { name: id }, ...manifest } as never);
const privileged = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'agent' },
  spec: { template: { spec: { containers: [{ name: 'main', image: IMAGE, securityContext: { privileged: true } }] } } },
};

describe('pods of others in a namespace with a level', () => {
  const inTenant = (build: (chart: Chart) => void, podSecurity?: 'baseline' | 'restricted'): string[] => {
    const app = new App();
    new TenantNamespace(new Chart(app, 'platform'), 'team', {
      name: 'shop',
      owner: 'team@example.com',
      team: 'shop',
      purpose: 'The shop',
      quota: Quota.of({ cpu: Cpu.units(10), memory: Size.gibibytes(20) }),
      podSecurity,
    });
    build(newChart('shop', 'app', app));
    return problemsOfApp(app).filter((problem) => problem.includes('pod-security'));
  };

  test('are refused by a tenant where its level does: cdk8s-plus, raw, in a List, patched (row B4)', () => {
    const refused = ['[app/old] namespace/pod-security'];
    const ofKplus = (chart: Chart): void => void new kplus.Deployment(chart, 'old', { containers: [{ image: IMAGE }] });
    expect(inTenant(ofKplus).map((problem) => problem.replace('old/Resource', 'old'))).toEqual(refused);
    expect(inTenant((chart) => void raw(chart, 'old', privileged))).toEqual(refused);
    expect(inTenant((chart) => void raw(chart, 'old', privileged), 'baseline')).toEqual(refused);
    expect(inTenant((chart) => void raw(chart, 'old', { kind: 'List', items: [privileged] }))).toEqual(refused);
    expect(
      inTenant((chart) => {
        const { deployment } = new WebService(chart, 'old', WEB);
        deployment.addJsonPatch(JsonPatch.add('/spec/template/spec/hostNetwork', true));
      }),
    ).toEqual(['[app/old/Resource] namespace/pod-security']);
    expect(inTenant((chart) => void new WebService(chart, 'old', WEB))).toEqual([]);
  });

  test('are looked at by the labels of any Namespace (row B4)', () => {
    const refused = (labels: object): string[] =>
      problemsOf((chart) => {
        new WebService(chart, 'web', WEB);
        raw(chart, 'shop', { kind: 'Namespace', metadata: { name: 'shop', labels } });
        raw(chart, 'old', privileged);
      });
    const key = 'pod-security.kubernetes.io/enforce';
    expect(refused({ [key]: 'baseline' })).toEqual(['[app/old] namespace/pod-security']);
    expect(refused({ [key]: 'restricted', [`${key}-version`]: 'v1.30' })).toEqual(['[app/old] namespace/pod-security']);
    expect(refused({ [key]: 'privileged' })).toEqual([]);
    expect(refused({ 'pod-security.kubernetes.io/warn': 'restricted' })).toEqual([]);
  });
});

describe('a Secret of the app', () => {
  const TLS = { type: 'kubernetes.io/tls', data: { 'tls.crt': 'eA==', 'tls.key': 'eA==' } };
  const PULL = { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'e30=' } };
  const secret = (chart: Chart, content: object): void => void raw(chart, 'secret', { kind: 'Secret', ...content });

  test('is of the type that its use asks for (row B16)', () => {
    const pulled = (content: object): string[] =>
      problemsOf((chart) => {
        new WebService(chart, 'web', { ...WEB, pullSecrets: [SecretRef.named('secret')] });
        secret(chart, content);
      });
    expect(pulled({})).toEqual(['[app/web] reference/secret-type']);
    expect(pulled(TLS)).toEqual(['[app/web] reference/secret-type']);
    expect(pulled(PULL)).toEqual([]);
    expect(pulled({ type: 'kubernetes.io/dockercfg', data: { '.dockercfg': 'e30=' } })).toEqual([]);
    const routed = (content: object): string[] =>
      problemsOf((chart) => {
        new HttpRouting(chart, 'routing', {
          host: 'shop.example.com',
          tls: Tls.secret(SecretRef.named('secret')),
          controller: IngressController.inNamespace('nginx', { className: 'nginx' }),
          routes: [{ path: '/', backend: new WebService(chart, 'web', WEB) }],
        });
        secret(chart, content);
      });
    expect(routed({ data: { 'tls.crt': '', 'tls.key': '' } })).toEqual(['[app/routing] reference/secret-type']);
    expect(routed(TLS)).toEqual([]);
  });

  test('has the keys of its type, and those that are read (row B16)', () => {
    const refused = (content: object): string[] =>
      problemsOf((chart) => {
        new WebService(chart, 'web', { ...WEB, env: { A: EnvSource.secret(SecretRef.named('secret'), 'a') } });
        secret(chart, content);
      });
    expect(refused({ type: 'kubernetes.io/tls', data: { 'tls.crt': 'eA==' } })).toContain(
      '[app/secret] reference/secret-type',
    );
    expect(refused({ data: { b: 'eA==' } })).toEqual(['[app/web] reference/secret-type']);
    expect(refused({ stringData: { a: 'x' } })).toEqual([]);
  });

  test('is of that type for pods and routes of others, and where a controller writes it (row B16)', () => {
    const refused = (manifest: object, made: Record<string, unknown> = { kind: 'Secret' }): string[] =>
      problemsOf((chart) => {
        new WebService(chart, 'web', WEB);
        raw(chart, 'secret', made);
        raw(chart, 'old', { metadata: { name: 'old' }, ...manifest });
      });
    const pod = { kind: 'Pod', spec: { containers: [], imagePullSecrets: [{ name: 'secret' }] } };
    const ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', spec: { tls: [{ secretName: 'secret' }] } };
    expect(refused(pod)).toEqual(['[app/old] reference/secret-type']);
    expect(refused(ingress)).toEqual(['[app/old] reference/secret-type']);
    expect(refused({ kind: 'ServiceAccount', imagePullSecrets: [{ name: 'secret' }] })).toEqual([
      '[app/old] reference/secret-type',
    ]);
    const external = (template?: object): Record<string, unknown> => ({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'it' },
      spec: { target: { name: 'secret', template } },
    });
    expect(refused(pod, external())).toEqual(['[app/old] reference/secret-type']);
    expect(refused(pod, external({ type: 'kubernetes.io/dockerconfigjson' }))).toEqual([]);
    const sealed = { apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret', spec: { encryptedData: { a: 'x' } } };
    expect(refused(pod, sealed)).toEqual(['[app/old] reference/secret-type']);
  });
});

describe('what the practices claim of objects of others', () => {
  test('a binding to cluster-admin, or to all rights, is a warning (row B17)', () => {
    const warned = (name: string, kind = 'ClusterRoleBinding'): string[] =>
      warningsOf((chart) => {
        new VersionedConfigMap(chart, 'config', { data: { a: 'b' } });
        const apiVersion = 'rbac.authorization.k8s.io/v1';
        raw(chart, 'all', {
          apiVersion,
          kind: 'ClusterRole',
          rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
        });
        raw(chart, 'binding', {
          apiVersion,
          kind,
          roleRef: { kind: 'ClusterRole', name },
          subjects: [{ kind: 'Group', name: 'ops' }],
        });
      });
    expect(warned('cluster-admin')).toEqual(['[app/binding] access/administrator']);
    expect(warned('cluster-admin', 'RoleBinding')).toEqual(['[app/binding] access/administrator']);
    expect(warned('all')).toEqual(['[app/binding] access/administrator']);
    expect(warned('view')).toEqual([]);
  });

  test('a binding of cdk8s-plus to cluster-admin is one (row B17)', () => {
    const chart = newChart();
    new VersionedConfigMap(chart, 'config', { data: { a: 'b' } });
    new kplus.ClusterRoleBinding(chart, 'admin', {
      role: kplus.ClusterRole.fromClusterRoleName(chart, 'role', 'cluster-admin'),
    }).addSubjects(kplus.User.fromName(chart, 'jane', 'jane'));
    expect(warningsIn(chart)).toEqual(['[app/admin/Resource] access/administrator']);
  });

  test('a file by subPath under a name that stays is a warning (row B17)', () => {
    const warned = (build: (web: WebService, chart: Chart) => void): string[] =>
      warningsOf((chart) => build(new WebService(chart, 'web', WEB), chart));
    const subPath = { subPath: 'a' };
    expect(warned((web) => web.mount('/etc/web/a', ConfigMapRef.named('fixed'), subPath))).toEqual([
      '[app/web] mount.subPath: workload/sub-path',
    ]);
    expect(warned((web) => web.mountSecret('/etc/web/a', SecretRef.named('fixed'), subPath))).toEqual([
      '[app/web] mount.subPath: workload/sub-path',
    ]);
    expect(
      warned((web, chart) => {
        web.mountSecret('/etc/web/a', new VersionedSecret(chart, 'secret', { version: 'v1' }), subPath);
        web.mount('/etc/web/b', new VersionedConfigMap(chart, 'config', { data: { a: 'b' } }), subPath);
        web.mount('/etc/web/c', ConfigMapRef.named('fixed'));
      }),
    ).toEqual([]);
  });

  test('a file by subPath in pods of others is one (row B17)', () => {
    const warned = (name: (config: VersionedConfigMap) => string): string[] =>
      warningsOf((chart) => {
        const config = new VersionedConfigMap(chart, 'config', { data: { a: 'b' } });
        raw(chart, 'old', {
          kind: 'Pod',
          spec: {
            containers: [{ name: 'main', volumeMounts: [{ name: 'c', mountPath: '/a', subPath: 'a' }] }],
            volumes: [{ name: 'c', configMap: { name: name(config) } }],
          },
        });
      });
    expect(warned(() => 'fixed')).toEqual(['[app/old] workload/sub-path']);
    expect(warned(({ name }) => name)).toEqual([]);
  });

  test('workloads in a namespace of Kubernetes, or in default, are a warning (row B17)', () => {
    const warned = (
      namespace: string | undefined,
      build = (chart: Chart) => void new WebService(chart, 'web', WEB),
    ) => {
      const chart = newChart(namespace);
      build(chart);
      return warningsIn(chart);
    };
    expect(warned('kube-system')).toEqual(['[app] namespace: namespace/reserved']);
    expect(warned('default')).toEqual(['[app] namespace: namespace/reserved']);
    expect(warned('shop')).toEqual([]);
    expect(
      warned('kube-system', (chart) => void new VersionedConfigMap(chart, 'config', { data: { a: 'b' } })),
    ).toEqual([]);
    expect(
      warned('kube-system', (chart) => {
        new VersionedConfigMap(chart, 'config', { data: { a: 'b' } });
        raw(chart, 'old', { kind: 'Pod', metadata: { name: 'old' }, spec: { containers: [] } });
      }),
    ).toEqual(['[app] namespace: namespace/reserved']);
  });

  test('workloads without a namespace are one where others state theirs (row B17)', () => {
    const app = new App();
    new Worker(newChart('admin', 'admin', app), 'worker', WORKER);
    new Worker(new Chart(app, 'bare'), 'worker', WORKER);
    expect(warningsIn(app)).toEqual(['[bare] namespace: namespace/unstated']);
    const alone = new App();
    new WebService(new Chart(alone, 'bare'), 'web', WEB);
    expect(warningsIn(alone)).toEqual([]);
  });
});
