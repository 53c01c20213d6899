import { type Chart, JsonPatch, Size, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import {
  Autoscaling,
  ClusterProfile,
  CsiProvider,
  type CsiSecretOptions,
  type EventScalingOptions,
  type ExternalSecretOptions,
  findingsOf,
  HttpRouting,
  Inventory,
  IngressController,
  Authentication,
  Job,
  type JobProps,
  Probe,
  Redis,
  type RemoteKey,
  ScalingTrigger,
  type SealedSecretOptions,
  SecretRef,
  SecretSource,
  SecretStore,
  SecretStoreRef,
  StoreProvider,
  Tls,
  TriggerAuthentication,
  VersionedSecret,
  type VersionedSecretProps,
  WebService,
  type WebServiceProps,
  Worker,
  WorkloadIdentity,
} from '../../src';
import { linesOf, newChart, only, problemsOf, synth, untyped, warningsIn, warningsOf, WEB } from '../support';

const SEALED = Buffer.concat([Buffer.from([2, 0]), Buffer.alloc(512, 1), Buffer.alloc(23, 2)]).toString('base64');
const PLACE: RemoteKey = { key: 'shop/payment', property: 'key', version: '3' };
const VAULT = CsiProvider.vault({ address: 'https://vault.example.com:8200', role: 'shop' });

const external = (options: Partial<ExternalSecretOptions> = {}): SecretSource =>
  SecretSource.externalSecret({ store: SecretStoreRef.existing('vault'), keys: { key: PLACE }, ...options });
const sealed = (options: Partial<SealedSecretOptions> = {}): SecretSource =>
  SecretSource.sealed({ encryptedData: { key: SEALED }, ...options });
const csi = (options: Partial<CsiSecretOptions> = {}): SecretSource =>
  SecretSource.csi({ provider: VAULT, keys: { key: PLACE }, ...options });

const secretOf = (chart: Chart, from: SecretSource, props: Partial<VersionedSecretProps> = {}): VersionedSecret =>
  new VersionedSecret(chart, 'payment', { version: 'v3', from, ...props });
const objectOf = (from: SecretSource, props: Partial<VersionedSecretProps> = {}): Record<string, any> => {
  const [object, ...others] = synth((chart) => secretOf(chart, from, props));
  expect(others).toEqual([]);
  return object;
};
const problemsWith = (from: unknown, props: Partial<VersionedSecretProps> = {}): string[] =>
  problemsOf((chart) => secretOf(chart, from as SecretSource, props));

describe('an ExternalSecret', () => {
  test('copies the keys once, into an immutable Secret with the version in its name (CH01-41, CH04-26)', () => {
    expect(objectOf(external())).toEqual({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'payment-v3', namespace: 'shop' },
      spec: {
        refreshPolicy: 'CreatedOnce',
        secretStoreRef: { kind: 'SecretStore', name: 'vault' },
        target: { name: 'payment-v3', immutable: true, creationPolicy: 'Owner', deletionPolicy: 'Retain' },
        data: [{ secretKey: 'key', remoteRef: { key: 'shop/payment', property: 'key', version: '3' } }],
      },
    });
  });

  test('has the type of the Secret', () => {
    const keys = { 'tls.crt': { key: 'crt' }, 'tls.key': { key: 'key' } };
    const { spec } = objectOf(external({ keys }), { type: 'kubernetes.io/tls' });
    expect(spec.target.template).toEqual({ type: 'kubernetes.io/tls' });
    expect(spec.data[0]).toEqual({ secretKey: 'tls.crt', remoteRef: { key: 'crt' } });
  });

  test('names a version of AWS Secrets Manager with its prefix', () => {
    const found = (version: string, service?: 'ParameterStore' | 'SecretsManager'): string[] =>
      problemsOf((chart) => {
        const roleArn = 'arn:aws:iam::111122223333:role/shop';
        const store = new SecretStore(chart, 'aws', {
          provider: StoreProvider.aws({ region: 'eu-central-1', roleArn, service }),
        });
        secretOf(chart, external({ store, keys: { key: { key: 'shop/payment', version } } }));
      });
    const id = '72f988bf-86f1-41af-91ab-2d7cd011db47';
    expect(found(id)).toEqual(["[app/payment] from.keys['key'].version: props/value"]);
    expect([found(`uuid/${id}`), found('AWSPREVIOUS'), found(id, 'ParameterStore')]).toEqual([[], [], []]);
  });

  test.each(['constructor', '__proto__', 'toString'])('can have the type %s', (type) => {
    const secret = external({ keys: { '.dockerconfigjson': { key: 'a' } } });
    expect(problemsOf((chart) => new VersionedSecret(chart, 'x', { version: 'v1', type, from: secret }))).toEqual([]);
    expect(
      problemsOf((chart) => {
        const pull = new VersionedSecret(chart, 'x', { version: 'v1', type, from: secret });
        new WebService(chart, 'web', { ...WEB, pullSecrets: [pull] });
      }),
    ).toEqual(['[app/web] reference/secret-type']);
  });

  test('is refused with a bad store, bad keys and unknown options', () => {
    expect(problemsWith(SecretSource.externalSecret(untyped({})))).toEqual([
      '[app/payment] from.store: props/required',
      '[app/payment] from.keys: props/required',
    ]);
    expect(problemsWith(SecretSource.externalSecret(untyped(undefined)))).toHaveLength(2);
    expect(problemsWith(external(untyped({ store: 'vault', refresh: '1h' })))).toEqual([
      '[app/payment] from.store: props/value',
      '[app/payment] from.refresh: props/unknown',
    ]);
    expect(problemsWith(external({ store: SecretStoreRef.existing('Vault') }))).toEqual([
      '[app/payment] from.store.name: props/value',
    ]);
    expect(problemsWith(external({ keys: {} }))).toEqual(['[app/payment] from.keys: props/value']);
    expect(problemsWith(external({ keys: { 'a b': PLACE } }))).toEqual(["[app/payment] from.keys['a b']: props/value"]);
    expect(problemsWith(external(untyped({ keys: { key: { key: ' x', version: 3, field: 'a' } } })))).toEqual([
      "[app/payment] from.keys['key'].key: props/value",
      "[app/payment] from.keys['key'].version: props/value",
      "[app/payment] from.keys['key'].field: props/unknown",
    ]);
    expect(problemsWith(external(untyped({ keys: { key: null } })))).toContainEqual(
      "[app/payment] from.keys['key']: props/object",
    );
  });
});

describe('a SealedSecret', () => {
  test('has the ciphertexts, and an immutable Secret as its template (CH01-37)', () => {
    expect(objectOf(sealed())).toEqual({
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: { name: 'payment-v3', namespace: 'shop' },
      spec: { encryptedData: { key: SEALED }, template: { type: 'Opaque', immutable: true } },
    });
  });

  test('has the scope as an annotation of both', () => {
    const { metadata, spec } = objectOf(sealed({ scope: 'namespace-wide' }));
    const annotations = { 'sealedsecrets.bitnami.com/namespace-wide': 'true' };
    expect(metadata.annotations).toEqual(annotations);
    expect(spec.template.metadata).toEqual({ annotations });
  });

  const PLAIN = 'hunter2-not-encrypted';
  const ENCODED = Buffer.from('s3cr3t-value-of-some-length'.repeat(30)).toString('base64');

  test.each([PLAIN, ENCODED, '', SEALED.slice(0, 400), `${SEALED}*`, 7, null, [SEALED]])(
    'is refused with what is no ciphertext, which no message shows: %#',
    (value) => {
      const build = (chart: Chart): unknown => secretOf(chart, sealed(untyped({ encryptedData: { passwd: value } })));
      expect(problemsOf(build)).toEqual(["[app/payment] from.encryptedData['passwd']: props/value"]);
      const [line] = linesOf(build);
      for (const part of [PLAIN, ENCODED.slice(0, 12), SEALED.slice(0, 12)]) expect(line).not.toContain(part);
    },
  );

  test('accepts what kubeseal makes of any value, and refuses its plain text and its base64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(256, 384, 512), (value, rsa) => {
        const made = Buffer.concat([
          Buffer.from([Math.floor(rsa / 256), rsa % 256]),
          Buffer.alloc(rsa, 7),
          Buffer.from(value),
          Buffer.alloc(16, 9),
        ]);
        const refused = (text: string): number => problemsWith(sealed({ encryptedData: { key: text } })).length;
        expect(refused(made.toString('base64'))).toBe(0);
        expect(refused(Buffer.from(value).toString('latin1'))).toBe(1);
        expect(refused(Buffer.from(value).toString('base64'))).toBe(1);
        expect(refused(made.subarray(0, 2 + rsa + 15).toString('base64'))).toBe(1);
      }),
      { numRuns: 50 },
    );
  });

  test('needs the namespace that the ciphertext is bound to', () => {
    const build = (scope: SealedSecretOptions['scope']) => (): unknown => {
      const chart = newChart(undefined);
      return secretOf(chart, sealed({ scope }));
    };
    expect(build(undefined)).not.toThrow();
    const found = (scope: SealedSecretOptions['scope']): string[] =>
      problemsOf((chart) => {
        const loose = new (chart.constructor as new (...args: unknown[]) => Chart)(chart.node.root, 'loose');
        secretOf(loose, sealed({ scope }));
      });
    expect(found('strict')).toEqual(['[loose/payment] from.scope: secret/sealed-namespace']);
    expect(found('namespace-wide')).toEqual(['[loose/payment] from.scope: secret/sealed-namespace']);
    expect(found('cluster-wide')).toEqual([]);
  });

  test('is refused without data and with unknown scopes', () => {
    expect(problemsWith(SecretSource.sealed(untyped({})))).toEqual([
      '[app/payment] from.encryptedData: props/required',
    ]);
    expect(problemsWith(sealed({ encryptedData: {} }))).toEqual(['[app/payment] from.encryptedData: props/value']);
    expect(problemsWith(sealed(untyped({ scope: 'wide', name: 'x' })))).toEqual([
      '[app/payment] from.scope: props/value',
      '[app/payment] from.name: props/unknown',
    ]);
  });
});

describe('files of the Secrets Store CSI driver', () => {
  const parametersOf = (provider: CsiProvider, keys: { [key: string]: RemoteKey }): Record<string, string> =>
    objectOf(csi({ provider, keys })).spec.parameters as Record<string, string>;

  test('are read from Vault (CH04-26)', () => {
    expect(objectOf(csi())).toEqual({
      apiVersion: 'secrets-store.csi.x-k8s.io/v1',
      kind: 'SecretProviderClass',
      metadata: { name: 'payment-v3', namespace: 'shop' },
      spec: {
        provider: 'vault',
        parameters: {
          vaultAddress: 'https://vault.example.com:8200',
          roleName: 'shop',
          vaultKubernetesMountPath: 'kubernetes',
          objects: '- objectName: key\n  secretPath: shop/payment?version=3\n  secretKey: key\n',
        },
      },
    });
  });

  test('are read from AWS, each entry once', () => {
    const provider = CsiProvider.aws({ region: 'eu-central-1', podIdentity: true });
    const { objects, ...others } = parametersOf(provider, {
      user: { key: 'shop/db', property: 'user' },
      passwd: { key: 'shop/db', property: 'pass.word' },
      all: { key: 'shop/db' },
      token: { key: 'shop/token', version: 'a1b2' },
    });
    expect(others).toEqual({ region: 'eu-central-1', usePodIdentity: 'true' });
    expect(parse(objects)).toEqual([
      {
        objectName: 'shop/db',
        objectType: 'secretsmanager',
        objectAlias: 'all',
        jmesPath: [
          { path: 'user', objectAlias: 'user' },
          { path: '"pass.word"', objectAlias: 'passwd' },
        ],
      },
      { objectName: 'shop/token', objectType: 'secretsmanager', objectVersion: 'a1b2', objectAlias: 'token' },
    ]);
    const ofParameters = parametersOf(CsiProvider.aws({ service: 'ParameterStore' }), {
      a: { key: '/a', version: '2' },
    });
    expect(parse(ofParameters.objects)).toEqual([
      { objectName: '/a', objectType: 'ssmparameter', objectVersion: '2', objectAlias: 'a' },
    ]);
  });

  test('are read from Azure and Google Cloud', () => {
    const id = '72f988bf-86f1-41af-91ab-2d7cd011db47';
    const { objects, ...others } = parametersOf(
      CsiProvider.azure({ vaultName: 'shop-prod', clientId: id, tenantId: id }),
      { key: { key: 'payment', version: '0a' }, other: { key: 'other' } },
    );
    expect(others).toEqual({ usePodIdentity: 'false', keyvaultName: 'shop-prod', clientID: id, tenantId: id });
    const { array } = parse(objects) as { array: string[] };
    expect(array.map((text) => parse(text) as unknown)).toEqual([
      { objectName: 'payment', objectType: 'secret', objectVersion: '0a', objectAlias: 'key' },
      { objectName: 'other', objectType: 'secret', objectAlias: 'other' },
    ]);
    const { secrets } = parametersOf(CsiProvider.gcp({ projectId: 'shop-prod' }), {
      key: { key: 'payment', version: '3' },
      latest: { key: 'other' },
    });
    expect(parse(secrets)).toEqual([
      { resourceName: 'projects/shop-prod/secrets/payment/versions/3', path: 'key' },
      { resourceName: 'projects/shop-prod/secrets/other/versions/latest', path: 'latest' },
    ]);
  });

  test('keep any text of the store', () => {
    const inStore = fc.string({ minLength: 1, maxLength: 40 }).map((text) => `k${text.replace(/\s+/g, ' ')}`.trim());
    fc.assert(
      fc.property(inStore, inStore, inStore, (key, property, version) => {
        fc.pre(!/[?\u0000-\u001f\u007f]/.test(key + property + version));
        const keys = { key: { key, property, version } };
        const [object] = parse(parametersOf(VAULT, keys).objects) as object[];
        expect(object).toEqual({ objectName: 'key', secretPath: `${key}?version=${version}`, secretKey: property });
        const [entry] = parse(parametersOf(CsiProvider.aws({ podIdentity: true }), keys).objects) as object[];
        expect(entry).toMatchObject({ objectName: key, objectVersion: version });
      }),
      { numRuns: 100 },
    );
  });

  test('become a Secret too on request', () => {
    const { secretObjects } = objectOf(csi({ syncAsSecret: true }), { type: 'example.com/own' }).spec;
    expect(secretObjects).toEqual([
      { secretName: 'payment-v3', type: 'example.com/own', data: [{ objectName: 'key', key: 'key' }] },
    ]);
  });

  test('are refused where the provider cannot read them', () => {
    const at = "[app/payment] from.keys['key']";
    const found = (provider: CsiProvider, place: RemoteKey): string[] =>
      problemsWith(csi({ provider, keys: { key: place } }));
    expect(found(VAULT, { key: 'a', version: '1' })).toEqual([`${at}.property: props/required`]);
    expect(found(VAULT, { key: 'a?version=1', property: 'b', version: '1' })).toEqual([`${at}.key: props/value`]);
    expect(found(CsiProvider.gcp({ projectId: 'shop-prod' }), PLACE)).toEqual([
      `${at}.key: props/value`,
      `${at}.property: props/conflict`,
    ]);
    const id = '72f988bf-86f1-41af-91ab-2d7cd011db47';
    const azure = CsiProvider.azure({ vaultName: 'shop-prod', clientId: id, tenantId: id });
    expect(found(azure, { key: 'shop_mail', version: '1' })).toEqual([`${at}.key: props/value`]);
    expect(found(azure, untyped({ key: '', version: '1' }))).toEqual([`${at}.key: props/value`]);
    expect(found(VAULT, untyped({ key: 'a', property: 1, version: '1' }))).toEqual([`${at}.property: props/value`]);
    expect(found(CsiProvider.aws(), { key: 'key', property: 'a', version: '1' })).toEqual([
      `${at}.key: props/conflict`,
    ]);
    const twice = { key: { key: 'a', version: '1' }, other: { key: 'a', version: '2' } };
    expect(problemsWith(csi({ provider: CsiProvider.aws(), keys: twice }))).toEqual([`${at}.key: props/conflict`]);
  });

  test('are refused with bad options', () => {
    expect(problemsWith(SecretSource.csi(untyped({ sync: true })))).toEqual([
      '[app/payment] from.provider: props/required',
      '[app/payment] from.keys: props/required',
      '[app/payment] from.sync: props/unknown',
    ]);
    const provider = (given: unknown): string[] => problemsWith(csi({ provider: given as CsiProvider }));
    expect(provider(CsiProvider.vault(untyped({ address: 'http://vault', role: '' })))).toEqual([
      '[app/payment] from.provider.address: props/value',
      '[app/payment] from.provider.role: props/value',
    ]);
    expect(provider(CsiProvider.aws(untyped({ region: 'Frankfurt', service: 'SSM', podIdentity: 'yes' })))).toEqual(
      [
        '[app/payment] from.provider.region: props/value',
        '[app/payment] from.provider.service: props/value',
        '[app/payment] from.provider.podIdentity: props/value',
        "[app/payment] from.keys['key']: props/conflict",
      ].slice(0, 3),
    );
    expect(provider(CsiProvider.azure(untyped({ vaultName: 'a', clientId: 'b' })))).toEqual([
      '[app/payment] from.provider.vaultName: props/value',
      '[app/payment] from.provider.clientId: props/value',
      '[app/payment] from.provider.tenantId: props/required',
      "[app/payment] from.keys['key'].key: props/value",
      "[app/payment] from.keys['key'].property: props/conflict",
    ]);
    expect(provider(CsiProvider.gcp(untyped({ projectId: 7 })))).toContainEqual(
      '[app/payment] from.provider.projectId: props/value',
    );
    expect(provider({})).toEqual(['[app/payment] from.provider: props/value']);
  });
});

describe('a Secret with a source', () => {
  const SOURCES: Array<[string, () => SecretSource]> = [
    ['ExternalSecret', external],
    ['SealedSecret', sealed],
    ['SecretProviderClass', csi],
  ];

  test.each(SOURCES)('of %s rolls the pods by its version (CH01-33)', (kind, from) => {
    const manifests = (version: string): ReturnType<typeof synth> =>
      synth((chart) => {
        new WebService(chart, 'web', WEB).mountSecret('/run/payment', secretOf(chart, from(), { version }));
      });
    const template = (version: string): unknown => only(manifests(version), 'Deployment').spec.template;
    expect(template('v3')).not.toEqual(template('v4'));
    expect(only(manifests('v4'), kind).metadata.name).toBe('payment-v4');
  });

  test.each(SOURCES)('of %s is none that must exist before', (_, from) => {
    const chart = newChart();
    const web = new WebService(chart, 'web', WEB);
    web.mountSecret('/run/payment', secretOf(chart, from()));
    web.mountSecret('/run/mail', SecretRef.named('mail'));
    expect(Inventory.of(chart.node.root).secrets.map(({ name }) => name)).toEqual(['mail']);
  });

  test.each(SOURCES)('of %s can have a patch', (kind, from) => {
    const chart = newChart();
    const secret = secretOf(chart, from());
    new WebService(chart, 'web', WEB).mountSecret('/run/payment', secret);
    secret.apiObject?.addJsonPatch(JsonPatch.add('/metadata/labels', { 'example.com/team': 'shop' }));
    const before = only(
      synth((other) => void secretOf(other, from())),
      kind,
    );
    const labels = { 'example.com/team': 'shop' };
    expect(only(Testing.synth(chart) as ReturnType<typeof synth>, kind)).toEqual({
      ...before,
      metadata: { ...before.metadata, labels },
    });
    expect(warningsIn(chart.node.root)).toEqual([]);
  });

  test('knows its keys', () => {
    const secret = secretOf(newChart(), external({ keys: { user: PLACE, passwd: PLACE } }));
    expect(secret.keys).toEqual(['user', 'passwd']);
    expect(secret.apiObject?.kind).toBe('ExternalSecret');
    expect(new VersionedSecret(newChart(), 'x', { version: 'v1' }).apiObject).toBeUndefined();
    expect(problemsWith(external(), { keys: ['key'] })).toEqual([]);
    expect(problemsWith(external(), { keys: ['other'] })).toEqual(['[app/payment] keys: reference/missing-key']);
    expect(problemsWith(external({ keys: { key: PLACE, more: PLACE } }), { keys: ['key'] })).toHaveLength(1);
    expect(
      problemsOf((chart) => {
        new WebService(chart, 'web', { ...WEB, env: { A: secretOf(chart, sealed()).envValue('passwd') } });
      }),
    ).toEqual(['[app/web] reference/missing-key']);
  });

  test('has the keys of its type, and the type of its use (CH04-07)', () => {
    expect(problemsWith(sealed(), { type: 'kubernetes.io/tls' })).toEqual(['[app/payment] reference/secret-type']);
    const routed = (props: Partial<VersionedSecretProps>, keys: string[]): string[] =>
      problemsOf((chart) => {
        const from = external({ keys: Object.fromEntries(keys.map((key) => [key, { key }])) });
        new HttpRouting(chart, 'routing', {
          host: 'shop.example.com',
          tls: Tls.secret(secretOf(chart, from, props)),
          controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
          authentication: Authentication.byApp(),
          routes: [{ path: '/', backend: new WebService(chart, 'web', WEB) }],
        });
      });
    expect(routed({ type: 'kubernetes.io/tls' }, ['tls.crt', 'tls.key'])).toEqual([]);
    expect(routed({}, ['tls.crt', 'tls.key'])).toEqual(['[app/routing] reference/secret-type']);
  });

  test('is refused as something else', () => {
    for (const from of ['vault', {}, null, 7]) expect(problemsWith(from)).toEqual(['[app/payment] from: props/value']);
  });
});

describe('a store', () => {
  const using = (store: SecretStoreRef, profile?: ClusterProfile): string[] =>
    problemsOf((chart) => {
      profile?.assignTo(chart);
      secretOf(chart, external({ store }));
    });
  const missing = ['[app/payment] from.store: secret/missing-store'];

  test('is in the app, or stated (CH04-26)', () => {
    expect(using(SecretStoreRef.named('vault'))).toEqual(missing);
    expect(using(SecretStoreRef.existing('vault'))).toEqual([]);
    expect(using(SecretStoreRef.clusterWide('vault'))).toEqual(missing);
    expect(using(SecretStoreRef.clusterWide('vault'), new ClusterProfile({ secretStores: ['aws'] }))).toEqual(missing);
    expect(using(SecretStoreRef.clusterWide('vault'), new ClusterProfile({ secretStores: ['vault'] }))).toEqual([]);
  });
});

describe('the use of files as a Secret', () => {
  const web = (use: (service: WebService, secret: VersionedSecret) => void, from = csi()): string[] =>
    problemsOf((chart) => use(new WebService(chart, 'web', WEB), secretOf(chart, from)));

  test('is a CSI volume', () => {
    const { volumes } = only(
      synth((chart) => {
        const service = new WebService(chart, 'web', WEB);
        const secret = secretOf(chart, csi());
        service.mountSecret('/run/payment', secret);
        service.mount('/run/again', secret);
      }),
      'Deployment',
    ).spec.template.spec;
    expect(volumes.slice(1)).toEqual([
      {
        name: 'payment-v3',
        csi: {
          driver: 'secrets-store.csi.k8s.io',
          readOnly: true,
          volumeAttributes: { secretProviderClass: 'payment-v3' },
        },
      },
    ]);
  });

  test('has all files, under their names', () => {
    expect(web((service, secret) => service.mountSecret('/run/a', secret, { items: { key: 'key' } }))).toEqual([]);
    expect(web((service, secret) => service.mountSecret('/run/a', secret, { subPath: 'key' }))).toEqual([]);
    expect(web((service, secret) => service.mountSecret('/run/a', secret, { items: { key: 'a' } }))).toEqual([
      '[app/web] mountSecret.items: secret/csi-items',
    ]);
    expect(web((service, secret) => service.mountSecret('/run/a', secret, { subPath: 'a' }))).toEqual([
      '[app/web] mountSecret.subPath: reference/missing-key',
    ]);
    const two = csi({ keys: { key: PLACE, other: PLACE } });
    expect(web((service, secret) => service.mount('/run/a', secret, { items: { key: 'key' } }), two)).toEqual([
      '[app/web] mount.items: secret/csi-items',
    ]);
    expect(
      problemsOf((chart) => {
        const secret = secretOf(chart, csi());
        new Redis(chart, 'redis', { storage: Size.gibibytes(1), password: { secret, key: 'key' } });
      }),
    ).toEqual(['[app/redis] password.secret: secret/csi-items']);
  });

  test('needs the Secret of the driver, and a mount', () => {
    const variable = (service: WebService, secret: VersionedSecret): void => {
      service.addEnv('A', secret.envValue('key'));
      service.addEnv('B', secret.envValue('key'));
    };
    const both = (service: WebService, secret: VersionedSecret): void => {
      variable(service, secret);
      service.mountSecret('/run/a', secret);
    };
    expect(web(variable)).toEqual(['[app/web] secret/csi-not-synced']);
    expect(web(both)).toEqual(['[app/web] secret/csi-not-synced']);
    const synced = csi({ syncAsSecret: true });
    expect(web(variable, synced)).toEqual(['[app/web] secret/csi-not-mounted']);
    expect(web(both, synced)).toEqual([]);
    expect(
      problemsOf((chart) => {
        const secret = secretOf(chart, synced);
        new WebService(chart, 'other', WEB).mountSecret('/run/a', secret);
        new WebService(chart, 'web', { ...WEB, env: { A: secret.envValue('key') } });
      }),
    ).toEqual(['[app/web] secret/csi-not-mounted']);
  });

  test('exists with pods only: KEDA and routes do not find it before the first one', () => {
    const synced = csi({ syncAsSecret: true });
    const scaled = (options: Partial<EventScalingOptions>, others: (chart: Chart, secret: VersionedSecret) => void) =>
      linesOf((chart) => {
        const secret = secretOf(chart, synced);
        const authentication = TriggerAuthentication.secrets({ host: { secret, key: 'key' } });
        const triggers = [ScalingTrigger.rabbitMq({ queue: 'mail', length: 5, authentication })];
        new Worker(chart, 'mailer', {
          image: 'ghcr.io/acme/mailer:1.4.2',
          liveness: Probe.none(),
          autoscaling: Autoscaling.onEvents({ min: 0, max: 5, triggers, ...options }),
        }).mountSecret('/run/a', secret);
        others(chart, secret);
      });
    const message =
      "[app/mailer] Secret 'payment-v3': got files of the Secrets Store CSI driver ('app/payment'), mounted by " +
      "'app/mailer' only, which can be without pods, expected a Secret that exists before the first pod. Use " +
      'SecretSource.externalSecret(...) or SecretSource.sealed(...), or mount the files in a workload that always ' +
      'has a pod';
    expect(scaled({}, () => {})).toEqual([message]);
    expect(scaled({ min: 2, zeroWhenIdle: true }, () => {})).toEqual([message]);
    expect(scaled({ min: 1 }, () => {})).toEqual([]);
    const mountedBy =
      (kind: typeof WebService | typeof Job, props: object) => (chart: Chart, secret: VersionedSecret) =>
        new kind(chart, 'other', props as WebServiceProps & JobProps).mountSecret('/run/a', secret);
    expect(scaled({}, mountedBy(WebService, WEB))).toEqual([]);
    expect(scaled({}, mountedBy(Job, { image: WEB.image }))).toHaveLength(1);
  });

  test('needs the role with which the driver reads AWS', () => {
    const found = (provider: CsiProvider, workloadIdentity?: WorkloadIdentity, profile?: ClusterProfile): string[] =>
      problemsOf((chart) => {
        profile?.assignTo(chart);
        const secret = secretOf(chart, csi({ provider, keys: { key: { key: 'a', version: 'b' } } }));
        new WebService(chart, 'web', { ...WEB, workloadIdentity }).mountSecret('/run/a', secret);
      });
    const role = WorkloadIdentity.aws({ roleArn: 'arn:aws:iam::111122223333:role/shop' });
    const refused = ['[app/web] workloadIdentity: secret/csi-identity'];
    expect(found(CsiProvider.aws())).toEqual(refused);
    expect(found(CsiProvider.aws(), WorkloadIdentity.awsPodIdentity())).toEqual(refused);
    expect(found(CsiProvider.aws(), role)).toEqual([]);
    expect(found(CsiProvider.aws({ podIdentity: true }))).toEqual([]);
    expect(found(CsiProvider.gcp({ projectId: 'shop-prod' }))).toEqual([]);
    const azure = new ClusterProfile({ provider: 'azure' });
    const elsewhere = ['[app/payment] from.provider: access/other-cloud'];
    expect(found(CsiProvider.aws(), undefined, azure)).toEqual(elsewhere);
    expect(found(CsiProvider.gcp({ projectId: 'shop-prod' }), undefined, azure)).toEqual(elsewhere);
    expect(found(CsiProvider.aws(), role, new ClusterProfile({ provider: 'aws' }))).toEqual([]);
  });

  test('is worth a version of the store (CH01-33)', () => {
    const warned = (place: RemoteKey): string[] =>
      warningsOf((chart) => secretOf(chart, csi({ keys: { key: { property: 'a', ...place } } })));
    expect(warned({ key: 'secret/data/payment' })).toHaveLength(1);
    // names of keys that look like a name for a credential
    const keys = { AWS_SECRET_ACCESS_KEY: { key: 'secret/data/s3', property: 'a' } };
    const other = newChart();
    secretOf(other, csi({ keys }));
    expect(findingsOf(other)[0].message).toContain('AWS_SECRET_ACCESS_KEY');
    expect(warned({ key: 'secret/data/payment', version: '3' })).toEqual([]);
    expect(warned({ key: 'secret/data/payment-v3' })).toEqual([]);
    expect(warningsOf((chart) => secretOf(chart, external({ keys: { key: { key: 'a' } } })))).toEqual([]);
  });

  test('is a volume of cdk8s-plus', () => {
    const volume = secretOf(newChart(), csi()).asVolume() as { _toKube(): object };
    expect(volume._toKube()).toMatchObject({ csi: { driver: 'secrets-store.csi.k8s.io' } });
  });
});
