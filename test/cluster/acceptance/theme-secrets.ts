import * as fc from 'fast-check';
import { id } from './arbitrary-blocks';
import { anyRemoteKeys, csiSource, storeProvider } from './arbitrary-secrets';
import { labels, subdomain } from './arbitrary-text';
import { type BlockData, call, type StepData, type Terms } from './terms';
import { ending, type Theme } from './theme';
import { plainJob } from './theme-runs';

const KEYS = ['key', 'tls.crt'];
const SECRETS = { copied: 'copiedq', shared: 'sharedq', mounted: 'mountedq' };

const secret = (block: string, from: Terms, others: Terms = {}): BlockData => ({
  kind: 'VersionedSecret',
  id: block,
  props: { version: 'v1', ...others, from },
});

/** A store with a Secret from it, one from a ClusterSecretStore, and files of the driver; and a pod with them all. */
const store: fc.Arbitrary<Theme> = fc
  .record({
    id,
    own: fc.record({ name: subdomain(62), labels }, { requiredKeys: [] }),
    given: storeProvider,
    vault: fc.constant({ provider: call('StoreProvider.vault', { address: 'https://vault', role: 'r' }) }),
    places: anyRemoteKeys(KEYS),
    files: csiSource(KEYS),
    type: fc.constantFrom({}, { type: 'Opaque' }, { type: 'example.com/own' }),
    whole: fc.boolean(),
  })
  .map(({ id: start, own, given, vault, places, files, type, whole }) => (cluster) => {
    const cloud = cluster?.provider;
    const fits = (needed: string | undefined): boolean =>
      needed === undefined || cloud === undefined || cloud === needed;
    const { provider } = fits(given.cloud) ? given : vault;
    const block = ending({ kind: 'SecretStore', id: start, props: { ...own, provider } }, 'q');
    const external = (ref: Terms): Terms => call('SecretSource.externalSecret', { store: ref, keys: places });
    const [wide] = (cluster?.secretStores ?? []) as string[];
    const secrets = [
      secret(SECRETS.copied, external({ $block: block.id }), type),
      ...(wide === undefined ? [] : [secret(SECRETS.shared, external(call('SecretStoreRef.clusterWide', wide)))]),
      ...(fits(files.cloud) ? [secret(SECRETS.mounted, files.source, type)] : []),
    ];
    const isSynced = ((files.source.args as Terms[])[0].syncAsSecret ?? false) as boolean;
    const step = (method: string, ...args: unknown[]): StepData => ({ on: 'readerq', method, args });
    const items = whole ? [{ items: Object.fromEntries(KEYS.map((key) => [key, key])) }] : [];
    const steps = secrets.flatMap(({ id: used }) => {
      const isFile = used === SECRETS.mounted;
      const mount = step('mountSecret', `/mnt/${used}`, { $block: used }, ...items);
      return isFile && !isSynced
        ? [mount]
        : [mount, step('addEnv', used.toUpperCase(), { $block: used, $envValue: 'key' })];
    });
    const identity = files.identity === undefined ? {} : { workloadIdentity: files.identity };
    return { blocks: [block, ...secrets, plainJob('readerq', identity)], steps };
  });

export const secretThemes = { SecretStore: store };
