import * as fc from 'fast-check';
import { subdomain, word } from './arbitrary-text';
import { call, type Terms } from './terms';

const UUID = fc.constantFrom('00000000-0000-0000-0000-000000000000', '72F988bf-86f1-41af-91ab-2d7cd011db47');
const ROLE = 'arn:aws:iam::111122223333:role/secrets';

/** The name of something in a store. */
const inStore = word('abcABC019/-_.: {}#"\'', 1, 300).map((name) => `k${name}`.trim());
const region = fc.constantFrom('eu-central-1', 'us-gov-west-1', 'ap-southeast-12');
const service = fc.constantFrom('SecretsManager', 'ParameterStore');
const project = fc.constantFrom('shop-prod', '123456789012');
const address = fc.constantFrom('https://vault.example.com', 'https://vault.example.com:8200', 'https://[fd00::1]/v');
const vaultAt = { address, role: inStore, authPath: inStore };

/** A name that Azure Key Vault and Google Secret Manager have. */
const entry = word('abcABC019-', 1, 100).map((name) => `k${name}`);

/** Places in a store, by the key of the Secret. */
export function remoteKeys(
  keys: readonly string[],
  given: { property?: fc.Arbitrary<string>; version?: fc.Arbitrary<string> },
  requiredKeys: Array<'key' | 'property' | 'version'> = ['key'],
  named = inStore,
): fc.Arbitrary<Terms> {
  const place = fc.record({ key: named, ...given }, { requiredKeys }) as fc.Arbitrary<Terms>;
  return fc.array(place, { minLength: keys.length, maxLength: keys.length }).map((places) =>
    Object.fromEntries(
      // one entry is read once
      keys.map((key, index) => [key, { ...places[index], key: `${index}${places[index].key as string}` }]),
    ),
  );
}

/** What kubeseal makes of a value: nobody can tell it from random bytes. */
const ciphertext = fc
  .tuple(
    fc.constantFrom(256, 384, 512),
    fc.uint8Array({ minLength: 16, maxLength: 300 }),
    fc.integer({ min: 0, max: 255 }),
  )
  .map(([rsa, rest, byte]) =>
    Buffer.concat([
      Buffer.from([Math.floor(rsa / 256), rsa % 256]),
      Buffer.alloc(rsa, byte),
      Buffer.from(rest),
    ]).toString('base64'),
  );

const sealed = (keys: readonly string[]): fc.Arbitrary<Terms> =>
  fc
    .record(
      {
        values: fc.array(ciphertext, { minLength: keys.length, maxLength: keys.length }),
        scope: fc.constantFrom('strict', 'namespace-wide', 'cluster-wide'),
      },
      { requiredKeys: ['values'] },
    )
    .map(({ values, ...others }) =>
      call('SecretSource.sealed', {
        ...others,
        encryptedData: Object.fromEntries(keys.map((key, index) => [key, values[index]])),
      }),
    );

export const anyRemoteKeys = (keys: readonly string[]): fc.Arbitrary<Terms> =>
  remoteKeys(keys, { property: inStore, version: inStore });

/** The origin of a Secret that the API has. */
export const secretOrigin = (keys: readonly string[]): fc.Arbitrary<Terms> =>
  fc.oneof(
    { withCrossShrink: true },
    sealed(keys),
    fc
      .tuple(subdomain(), anyRemoteKeys(keys))
      .map(([name, places]) =>
        call('SecretSource.externalSecret', { store: call('SecretStoreRef.existing', name), keys: places }),
      ),
  );

/** What a SecretStore reads, by the cloud that it needs: none where any cluster will do. */
export const storeProvider: fc.Arbitrary<{ readonly cloud?: string; readonly provider: Terms }> = fc.oneof(
  { withCrossShrink: true },
  fc
    .record({ region, service, roleArn: fc.constant(ROLE) }, { requiredKeys: ['region', 'roleArn'] })
    .map((options) => ({ provider: call('StoreProvider.aws', options) })),
  fc
    .record({ vaultUrl: fc.constant('https://shop.vault.azure.net'), clientId: UUID, tenantId: UUID })
    .map((options) => ({ provider: call('StoreProvider.azure', options) })),
  fc
    .record(
      { projectId: project, serviceAccount: fc.constant('reader@shop-prod.iam.gserviceaccount.com') },
      { requiredKeys: ['projectId'] },
    )
    .map((options) => ({ cloud: 'gcp', provider: call('StoreProvider.gcp', options) })),
  fc
    .record(
      {
        ...vaultAt,
        path: inStore,
        kvVersion: fc.constantFrom('v1', 'v2'),
        audience: inStore,
        ca: fc.record({ name: subdomain(), caKey: fc.constantFrom('ca.crt', 'a_B') }, { requiredKeys: ['name'] }),
      },
      { requiredKeys: ['address', 'role'] },
    )
    .map(({ ca, ...options }) => {
      const { name, ...key } = ca ?? { name: undefined };
      const authority = name === undefined ? {} : { caConfigMap: call('ConfigMapRef.named', name), ...key };
      return { provider: call('StoreProvider.vault', { ...options, ...authority }) };
    }),
);

/** A provider of the driver, the role of the pod that it needs, and places of keys that it can read. */
export const csiSource = (
  keys: readonly string[],
): fc.Arbitrary<{ readonly cloud?: string; readonly identity?: Terms; readonly source: Terms }> =>
  fc
    .tuple(
      fc.oneof(
        { withCrossShrink: true },
        fc.tuple(
          fc
            .record({ region, service, podIdentity: fc.boolean() }, { requiredKeys: [] })
            .map((options) => call('CsiProvider.aws', options)),
          remoteKeys(keys, { property: inStore, version: inStore }, ['key', 'version']),
        ),
        fc.tuple(
          fc
            .record({ vaultName: fc.constantFrom('abc', 'shop-prod-1'), clientId: UUID, tenantId: UUID })
            .map((options) => call('CsiProvider.azure', options)),
          remoteKeys(keys, { version: inStore }, ['key', 'version'], entry),
        ),
        fc.tuple(
          project.map((projectId) => call('CsiProvider.gcp', { projectId })),
          remoteKeys(keys, { version: inStore }, ['key', 'version'], entry),
        ),
        fc.tuple(
          fc
            .record(vaultAt, { requiredKeys: ['address', 'role'] })
            .map((options) => call('CsiProvider.vault', options)),
          remoteKeys(keys, { property: inStore, version: inStore }, ['key', 'property', 'version']),
        ),
      ),
      fc.boolean(),
    )
    .map(([[provider, places], syncAsSecret]) => {
      const cloud = (provider.$call as string).split('.')[1];
      const [options] = provider.args as Terms[];
      const needsRole = cloud === 'aws' && options.podIdentity !== true;
      return {
        ...(cloud === 'vault' ? {} : { cloud }),
        ...(needsRole ? { identity: call('WorkloadIdentity.aws', { roleArn: ROLE }) } : {}),
        source: call('SecretSource.csi', { provider, keys: places, ...(syncAsSecret ? { syncAsSecret } : {}) }),
      };
    });
