import { KEYS_FIX, readRemoteKeys, refuseEmpty, REMOTE_KEYS, type RemoteKeySettings } from './remote-keys';
import type { ExternalSecretOptions } from './secret-source';
import { SecretStore } from './secret-store';
import { type ISecretStoreRef, SecretStoreRef } from './secret-store-ref';
import { OPAQUE, type SourceSettings } from './source-settings';
import { namedObject } from './store-syntax';
import type { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import { Reader } from '../kernel/schema/reader';
import { uuid } from '../kernel/schema/syntax';

const STORE = namedObject<ISecretStoreRef>('a SecretStore or a SecretStoreRef', 'SecretStore', 'ClusterSecretStore');

/** Refuses versions that the operator would look for among the stages, such as AWSCURRENT. */
function refuseIdentifiers(keys: readonly RemoteKeySettings[], problems: Problems, prop: string): void {
  for (const { name, version } of keys) {
    if (version === undefined || uuid.read(version, () => undefined) === undefined) continue;
    problems.refuse(`${prop}${keyPart(name)}.version`, version, "a stage, or 'uuid/' with the identifier", {
      rule: 'props/value',
      fix: `Write 'uuid/${version}'`,
    });
  }
}

/** The operator copies an entry once: the content of a version never changes. */
export function readExternalSecret(options: unknown, problems: Problems, prop: string): SourceSettings {
  const read = new Reader<ExternalSecretOptions>(problems, options, `${prop}.`);
  const from = read.required('store', STORE, undefined, {
    fix: "Pass a SecretStore, or SecretStoreRef.existing('vault')",
  });
  const given = read.required('keys', REMOTE_KEYS, undefined, KEYS_FIX);
  read.refuseUnknown();
  if (given !== undefined && read.isSound('keys')) refuseEmpty(Object.keys(given).length, problems, `${prop}.keys`);
  const data = readRemoteKeys(given ?? {}, problems, `${prop}.keys`);
  if (from instanceof SecretStore && from._hasStages) refuseIdentifiers(data, problems, `${prop}.keys`);
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    keys: data.map(({ name }) => name),
    store: from && { kind: from.kind, name: from.name, isStated: from instanceof SecretStoreRef && from._isStated },
    render: ({ name, type }) => ({
      refreshPolicy: 'CreatedOnce',
      secretStoreRef: { kind: from!.kind, name: from!.name },
      target: {
        name,
        immutable: true,
        creationPolicy: 'Owner',
        deletionPolicy: 'Retain',
        ...(type === OPAQUE ? {} : { template: { type } }),
      },
      data: data.map(({ name: secretKey, ...remoteRef }) => ({ secretKey, remoteRef })),
    }),
  };
}
