import * as fc from 'fast-check';
import { change, type Mistake, prop, withBlocks, withSteps } from './mistake';
import { call, type RandomApp, type Term, type Terms } from './terms';

const VAULT = { address: 'https://vault.example.com', role: 'shop' };
const PLACE = { key: 'secret/data/shop', property: 'key', version: '3' };
const NO_TEXT = fc.constantFrom<Term>('', ' a', 'a\n', 7, null, {});

const external = (options: Terms): Terms => ({
  keys: ['key'],
  type: 'Opaque',
  from: call('SecretSource.externalSecret', {
    store: call('SecretStoreRef.existing', 'vault'),
    keys: { key: PLACE },
    ...options,
  }),
});
const csi = (options: Terms): Terms => ({
  keys: ['key'],
  type: 'Opaque',
  from: call('SecretSource.csi', { provider: call('CsiProvider.vault', VAULT), keys: { key: PLACE }, ...options }),
});
const sealed = (options: Terms): Terms => ({
  keys: ['key'],
  type: 'Opaque',
  from: call('SecretSource.sealed', options),
});

const CIPHERTEXT = Buffer.concat([Buffer.from([2, 0]), Buffer.alloc(540)]).toString('base64');
const NO_CIPHERTEXT = fc.oneof(
  fc.constantFrom<Term>('', 'hunter2', 'aHVudGVyMg==', 'AgAA', 7, null, {}),
  // of the length of a key alone
  fc.constant(Buffer.concat([Buffer.from([2, 0]), Buffer.alloc(512)]).toString('base64')),
);

const secrets: Mistake[] = [
  prop('VersionedSecret', 'from: no source', 'from', fc.constantFrom<Term>('vault', {}, null, 7)),
  prop(
    'VersionedSecret',
    'from: no store',
    'from.store',
    fc.constantFrom<Term>('vault', {}, null, undefined),
    (store) => external({ store }),
  ),
  prop(
    'VersionedSecret',
    'from: a store without a name',
    'from.store.name',
    fc.constantFrom<Term>('', 'V', 7),
    (name) => external({ store: call('SecretStoreRef.existing', name) }),
  ),
  prop(
    'VersionedSecret',
    'from: a store that is not there',
    'from.store',
    fc.constantFrom('named', 'clusterWide'),
    (kind) => external({ store: call(`SecretStoreRef.${kind as string}`, 'nowhere') }),
  ),
  prop('VersionedSecret', 'from: no keys', 'from.keys', fc.constantFrom<Term>({}, [], null, 'key'), (keys) =>
    external({ keys }),
  ),
  prop('VersionedSecret', 'from: no name of a key', "from.keys['a b']", fc.constant('a b'), (key) =>
    external({ keys: { [key as string]: PLACE } }),
  ),
  prop('VersionedSecret', 'from: no place', "from.keys['key'].key", NO_TEXT, (key) =>
    external({ keys: { key: { key } } }),
  ),
  prop('VersionedSecret', 'from: no version', "from.keys['key'].version", NO_TEXT, (version) =>
    external({ keys: { key: { ...PLACE, version } } }),
  ),
  prop('VersionedSecret', 'keys: others than in from', 'keys', fc.constantFrom('other', 'keys'), (key) => ({
    ...external({}),
    keys: [key],
  })),
  prop('VersionedSecret', 'from: no ciphertext', "from.encryptedData['key']", NO_CIPHERTEXT, (value) =>
    sealed({ encryptedData: { key: value } }),
  ),
  prop('VersionedSecret', 'from: no scope', 'from.scope', fc.constantFrom<Term>('wide', null, 1), (scope) =>
    sealed({ encryptedData: { key: CIPHERTEXT }, scope }),
  ),
  prop('VersionedSecret', 'from: no provider', 'from.provider', fc.constantFrom<Term>('vault', {}, null), (provider) =>
    csi({ provider }),
  ),
  prop(
    'VersionedSecret',
    'from: no address',
    'from.provider.address',
    fc.constantFrom<Term>('vault', 'http://vault', 'https://u:p@vault', 7),
    (address) => csi({ provider: call('CsiProvider.vault', { ...VAULT, address }) }),
  ),
  prop(
    'VersionedSecret',
    'from: a whole entry of Vault',
    "from.keys['key'].property",
    fc.constant(undefined),
    (property) => csi({ keys: { key: { ...PLACE, property } } }),
  ),
  prop(
    'VersionedSecret',
    'from: a field in Google Cloud',
    "from.keys['key'].property",
    fc.constant('key'),
    (property) =>
      csi({ provider: call('CsiProvider.gcp', { projectId: 'shop-prod' }), keys: { key: { ...PLACE, property } } }),
  ),
  prop('VersionedSecret', 'from: no flag', 'from.syncAsSecret', fc.constantFrom<Term>('yes', null, 1), (syncAsSecret) =>
    csi({ syncAsSecret }),
  ),
];

/** A workload with one more Secret of the driver. */
function withFiles(app: RandomApp, on: string, options: Terms, method: string, ...args: Term[]): RandomApp {
  const props = { version: 'v1', ...csi(options) };
  return withSteps(withBlocks(app, { kind: 'VersionedSecret', id: 'filesq', props }), { on, method, args });
}

const FILES = { $block: 'filesq' };

const uses: Mistake[] = [
  {
    ...change('WebService', 'files of the driver under other names', 'mountSecret.items', (app, { id }) =>
      withFiles(app, id, {}, 'mountSecret', '/mnt/filesq', FILES, { items: { key: 'other' } }),
    ),
  },
  {
    ...change('WebService', 'a variable from files of the driver', '', (app, { id }) =>
      withFiles(app, id, {}, 'addEnv', 'FILESQ', { ...FILES, $envValue: 'key' }),
    ),
    rule: 'secret/csi-not-synced',
  },
  {
    ...change('WebService', 'a variable from files that the pod does not mount', '', (app, { id }) =>
      withFiles(app, id, { syncAsSecret: true }, 'addEnv', 'FILESQ', { ...FILES, $envValue: 'key' }),
    ),
    rule: 'secret/csi-not-mounted',
  },
];

const vault = (options: Terms): Terms => ({ provider: call('StoreProvider.vault', { ...VAULT, ...options }) });

const stores: Mistake[] = [
  prop('SecretStore', 'provider: no provider', 'provider', fc.constantFrom<Term>('vault', {}, null, undefined)),
  prop('SecretStore', 'name: no name', 'name', fc.constantFrom<Term>('', 'Vault', 'a_b', 'a'.repeat(254), 7)),
  prop(
    'SecretStore',
    'provider: plain HTTP',
    'provider.address',
    fc.constantFrom<Term>('http://vault', '', null),
    (address) => vault({ address }),
  ),
  prop('SecretStore', 'provider: no role', 'provider.role', NO_TEXT, (role) => vault({ role })),
  prop('SecretStore', 'provider: no version', 'provider.kvVersion', fc.constantFrom<Term>('v3', 2, null), (kvVersion) =>
    vault({ kvVersion }),
  ),
  prop('SecretStore', 'provider: a key without its ConfigMap', 'provider.caKey', fc.constant('ca.pem'), (caKey) =>
    vault({ caKey }),
  ),
  prop(
    'SecretStore',
    'provider: no role of IAM',
    'provider.roleArn',
    fc.constantFrom<Term>('shop', undefined, 7),
    (roleArn) => ({
      provider: call('StoreProvider.aws', { region: 'eu-central-1', roleArn }),
    }),
  ),
  prop(
    'SecretStore',
    'provider: no tenant',
    'provider.tenantId',
    fc.constantFrom<Term>('shop', undefined, 7),
    (tenantId) => ({
      provider: call('StoreProvider.azure', {
        vaultUrl: 'https://shop.vault.azure.net',
        clientId: '00000000-0000-0000-0000-000000000000',
        tenantId,
      }),
    }),
  ),
  prop(
    'SecretStore',
    'provider: no project',
    'provider.projectId',
    fc.constantFrom<Term>('S', '', undefined),
    (projectId) => ({
      provider: call('StoreProvider.gcp', { projectId }),
    }),
  ),
];

export const SECRET_MISTAKES: readonly Mistake[] = [...secrets, ...uses, ...stores];
