import { ApiObject, App, type Chart } from 'cdk8s';
import {
  ClusterProfile,
  ConfigMapRef,
  type ISecretStoreRef,
  SecretSource,
  SecretStore,
  SecretStoreRef,
  StoreProvider,
  type VaultStoreOptions,
  VersionedSecret,
} from '../../src';
import { linesOf, newChart, problemsOf, problemsOfApp, synth, untyped, warningsIn } from '../support';

const ID = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const LABELS = {
  'app': 'vault',
  'app.kubernetes.io/component': 'secret-store',
  'app.kubernetes.io/instance': 'vault',
  'app.kubernetes.io/managed-by': 'cdk8s',
  'app.kubernetes.io/name': 'vault',
};
const VAULT = { address: 'https://vault.example.com:8200', role: 'shop' };

const objectsOf = (provider: StoreProvider): Array<Record<string, any>> =>
  synth((chart) => new SecretStore(chart, 'store', { provider, name: 'vault' }));
const providerOf = (provider: StoreProvider): unknown => objectsOf(provider)[1].spec.provider;
const problemsWith = (provider: unknown): string[] =>
  problemsOf((chart) => new SecretStore(chart, 'store', { provider: provider as StoreProvider }));
const copied = (chart: Chart, store: ISecretStoreRef, id = 'payment'): VersionedSecret =>
  new VersionedSecret(chart, id, {
    version: 'v1',
    from: SecretSource.externalSecret({ store, keys: { key: { key: 'payment' } } }),
  });

describe('a SecretStore', () => {
  test('of Vault has a ServiceAccount of its own, whose token is for Vault only (CH04-36)', () => {
    expect(objectsOf(StoreProvider.vault(VAULT))).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'vault', namespace: 'shop', labels: LABELS },
        automountServiceAccountToken: false,
      },
      {
        apiVersion: 'external-secrets.io/v1',
        kind: 'SecretStore',
        metadata: { name: 'vault', namespace: 'shop', labels: LABELS },
        spec: {
          provider: {
            vault: {
              server: 'https://vault.example.com:8200',
              path: 'secret',
              version: 'v2',
              auth: {
                kubernetes: {
                  mountPath: 'kubernetes',
                  role: 'shop',
                  serviceAccountRef: { name: 'vault', audiences: ['vault'] },
                },
              },
            },
          },
        },
      },
    ]);
    expect(
      providerOf(
        StoreProvider.vault({
          ...VAULT,
          path: 'kv',
          kvVersion: 'v1',
          authPath: 'prod',
          audience: 'https://vault',
          caConfigMap: ConfigMapRef.named('vault-ca'),
          caKey: 'ca.pem',
        }),
      ),
    ).toMatchObject({
      vault: {
        path: 'kv',
        version: 'v1',
        caProvider: { type: 'ConfigMap', name: 'vault-ca', key: 'ca.pem' },
        auth: { kubernetes: { mountPath: 'prod', serviceAccountRef: { audiences: ['https://vault'] } } },
      },
    });
  });

  test('of a cloud has a workload identity, and no credentials (CH01-37)', () => {
    const roleArn = 'arn:aws:iam::111122223333:role/shop-secrets';
    const [account, aws] = objectsOf(StoreProvider.aws({ region: 'eu-central-1', roleArn }));
    expect(account.metadata.annotations).toEqual({ 'eks.amazonaws.com/role-arn': roleArn });
    expect(aws.spec.provider).toEqual({
      aws: {
        service: 'SecretsManager',
        region: 'eu-central-1',
        auth: { jwt: { serviceAccountRef: { name: 'vault' } } },
      },
    });
    const vaultUrl = 'https://shop.vault.azure.net';
    const [identity, azure] = objectsOf(StoreProvider.azure({ vaultUrl, clientId: ID, tenantId: ID }));
    expect(identity.metadata.annotations).toEqual({
      'azure.workload.identity/client-id': ID,
      'azure.workload.identity/tenant-id': ID,
    });
    expect(azure.spec.provider).toEqual({
      azurekv: { vaultUrl, tenantId: ID, authType: 'WorkloadIdentity', serviceAccountRef: { name: 'vault' } },
    });
    expect(providerOf(StoreProvider.gcp({ projectId: 'shop-prod' }))).toEqual({
      gcpsm: { projectID: 'shop-prod', auth: { workloadIdentity: { serviceAccountRef: { name: 'vault' } } } },
    });
    const serviceAccount = 'reader@shop-prod.iam.gserviceaccount.com';
    const [reader] = objectsOf(StoreProvider.gcp({ projectId: '123', serviceAccount }));
    expect(reader.metadata.annotations).toEqual({ 'iam.gke.io/gcp-service-account': serviceAccount });
  });

  test('has labels (DX-13)', () => {
    const labels = { team: 'shop' };
    const all = synth((chart) => new SecretStore(chart, 'vault', { provider: StoreProvider.vault(VAULT), labels }));
    expect(all.map(({ metadata }) => metadata.labels.team)).toEqual(['shop', 'shop']);
    expect(
      problemsOf(
        (chart) => new SecretStore(chart, 'vault', untyped({ provider: StoreProvider.vault(VAULT), labels: 7 })),
      ),
    ).toEqual(['[app/vault] labels: props/value']);
  });

  test('is a subject of roles', () => {
    const store = new SecretStore(newChart(), 'store', { provider: StoreProvider.vault(VAULT) });
    expect(store.name).toBe('app-store');
    expect(store.serviceAccount.name).toBe('app-store');
    expect(store.toSubjectConfiguration()).toEqual({
      kind: 'ServiceAccount',
      name: 'app-store',
      namespace: 'shop',
      apiGroup: '',
    });
  });

  test('is refused with bad options', () => {
    expect(problemsWith(undefined)).toEqual(['[app/store] provider: props/required']);
    expect(problemsWith('vault')).toEqual(['[app/store] provider: props/value']);
    const vault = untyped<VaultStoreOptions>({
      address: 'http://vault',
      kvVersion: 2,
      caConfigMap: 'ca',
      token: 'hvs.secret',
    });
    expect(problemsWith(StoreProvider.vault(vault))).toEqual([
      '[app/store] provider.address: props/value',
      '[app/store] provider.role: props/required',
      '[app/store] provider.kvVersion: props/value',
      '[app/store] provider.caConfigMap: props/value',
      '[app/store] provider.token: props/unknown',
    ]);
    expect(problemsWith(StoreProvider.vault({ ...VAULT, caKey: 'a' }))).toEqual([
      '[app/store] provider.caKey: props/conflict',
    ]);
    expect(problemsWith(StoreProvider.aws(untyped({ accessKeyID: 'AKIA' })))).toEqual([
      '[app/store] provider.region: props/required',
      '[app/store] provider.accessKeyID: props/unknown',
      '[app/store] provider.roleArn: props/required',
    ]);
    expect(problemsWith(StoreProvider.azure(untyped({ vaultUrl: 'shop', clientId: 'a' })))).toEqual([
      '[app/store] provider.vaultUrl: props/value',
      '[app/store] provider.tenantId: props/required',
      '[app/store] provider.clientId: props/value',
    ]);
    expect(problemsWith(StoreProvider.gcp(untyped(null)))).toHaveLength(2);
    expect(
      problemsOf(
        (chart) => new SecretStore(chart, 'store', untyped({ provider: StoreProvider.vault(VAULT), name: 'A' })),
      ),
    ).toEqual(['[app/store] name: app/object-name']);
    expect(
      problemsOf((chart) => {
        new ClusterProfile({ provider: 'aws' }).assignTo(chart);
        new SecretStore(chart, 'store', { provider: StoreProvider.gcp({ projectId: 'shop-prod' }) });
      }),
    ).toEqual(['[app/store] provider: access/other-cloud']);
  });
});

describe('the store of an ExternalSecret', () => {
  const provider = StoreProvider.vault(VAULT);
  const raw = (chart: Chart, kind: string, spec: object, namespace?: string): ApiObject =>
    new ApiObject(chart, `${kind}-${namespace ?? 'here'}`.toLowerCase(), {
      apiVersion: 'external-secrets.io/v1',
      kind,
      metadata: { name: 'vault', ...(namespace === undefined ? {} : { namespace }) },
      spec,
    });

  test('is one of the app: a block, or an object of others', () => {
    expect(problemsOf((chart) => copied(chart, new SecretStore(chart, 'store', { provider })))).toEqual([]);
    expect(
      problemsOf((chart) => {
        new SecretStore(chart, 'store', { provider, name: 'vault' });
        copied(chart, SecretStoreRef.named('vault'));
      }),
    ).toEqual([]);
    for (const kind of ['SecretStore', 'ClusterSecretStore']) {
      const ref = kind === 'SecretStore' ? SecretStoreRef.named('vault') : SecretStoreRef.clusterWide('vault');
      expect(
        problemsOf((chart) => {
          raw(chart, kind, {});
          copied(chart, ref);
        }),
      ).toEqual([]);
    }
  });

  const refused = '[app/payment] from.store: secret/missing-store';

  test('is in its namespace (CH04-26)', () => {
    const app = new App();
    const store = new SecretStore(newChart('platform', 'platform', app), 'store', { provider });
    copied(newChart('shop', 'app', app), store);
    expect(problemsOfApp(app)).toEqual([refused]);
  });

  test('has the kind that the reference says', () => {
    const build = (chart: Chart): void => {
      raw(chart, 'ClusterSecretStore', {});
      copied(chart, SecretStoreRef.named('vault'));
    };
    expect(problemsOf(build)).toEqual([refused]);
    expect(linesOf(build)[0]).toContain('and the app has a ClusterSecretStore of that name');
  });

  test('serves the namespace', () => {
    const found = (conditions: object[]): string[] =>
      problemsOf((chart) => {
        raw(chart, 'ClusterSecretStore', { conditions });
        copied(chart, SecretStoreRef.clusterWide('vault'));
      });
    expect(found([{ namespaces: ['shop'] }])).toEqual([]);
    expect(found([{ namespaces: ['search'] }, { namespaces: ['shop'] }])).toEqual([]);
    expect(found([{ namespaces: ['search'] }])).toEqual([refused]);
    expect(found([{ namespaceSelector: { matchLabels: { a: 'b' } } }])).toEqual([]);
  });

  test('of others is a warning', () => {
    const warned = (secretStoreRef: object, build: (chart: Chart) => void = () => undefined): number => {
      const chart = newChart();
      build(chart);
      raw(chart, 'ExternalSecret', { secretStoreRef, data: [{ secretKey: 'a', remoteRef: { key: 'a' } }] });
      copied(chart, SecretStoreRef.existing('other'));
      return warningsIn(chart).filter((text) => text.endsWith('secret/unknown-store')).length;
    };
    expect(warned({ name: 'vault' })).toBe(1);
    expect(warned({ name: 'other' })).toBe(0);
    expect(warned({ name: 'vault' }, (chart) => new SecretStore(chart, 'x', { provider, name: 'vault' }))).toBe(0);
    expect(warned({ name: 'vault', kind: 'ClusterSecretStore' })).toBe(1);
    expect(
      warned({ name: 'vault', kind: 'ClusterSecretStore' }, (chart) =>
        new ClusterProfile({ secretStores: ['vault'] }).assignTo(chart),
      ),
    ).toBe(0);
  });
});
