import type { Construct } from 'constructs';
import { readExternalSecret } from './external-secret';
import { csiVolume, readProviderClass } from './provider-class';
import { readSealedSecret } from './sealed-secret';
import { SecretSource } from './secret-source';
import type { SecretHead, SourceSettings } from './source-settings';
import { emitLater } from '../kernel/emit/emission';
import { AppModel } from '../kernel/facts/app-model';
import type { Problems } from '../kernel/findings/problems';
import { namespaceOf } from '../kernel/model/names';
import type { SourcedSecret } from '../kernel/model/secret-sources';
import { instance } from '../kernel/schema/checks';

export { csiVolume };

export const secretSource = instance(SecretSource, 'a SecretSource');

export function readSource(owner: Construct, source: SecretSource, problems: Problems, prop: string): SourceSettings {
  const { _kind: kind, _options: options } = source;
  if (kind === 'externalSecret') return readExternalSecret(options, problems, prop);
  if (kind === 'sealed') return readSealedSecret(options, namespaceOf(owner), problems, prop);
  return readProviderClass(options, problems, prop);
}

/** Emits the object that creates the Secret, and states both. */
export function addSource(
  owner: Construct,
  secret: SecretHead,
  version: string,
  source: SourceSettings,
  problems: Problems,
): SourcedSecret {
  const { apiVersion, kind, annotations, keys, csi, store } = source;
  const unpinned = (source.unpinned ?? []).filter(({ key }) => !key.includes(version)).map(({ name }) => name);
  const metadata = { name: secret.name, ...(annotations === undefined ? {} : { annotations: { ...annotations } }) };
  const object = emitLater(owner, 'Resource', { apiVersion, kind, metadata }, problems, () => source.render(secret));
  const model = AppModel.of(owner);
  const fact = { owner, object, name: secret.name, type: secret.type, keys, csi, unpinned };
  model.add('sourcedSecret', fact);
  if (store !== undefined) model.add('storeUse', { owner, ...store });
  return fact;
}
