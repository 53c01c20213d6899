import { refuseEmpty } from './remote-keys';
import type { SealedScope, SealedSecretOptions } from './secret-source';
import type { SourceSettings } from './source-settings';
import type { Problems } from '../kernel/findings/problems';
import { confidential, mapOf, oneOf, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { configKey } from '../kernel/schema/syntax';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Of a GCM ciphertext. */
const TAG_BYTES = 16;

/** The length of an RSA ciphertext, that ciphertext, and an AES-GCM ciphertext. */
function isSealed(value: unknown): boolean {
  if (typeof value !== 'string' || !BASE64.test(value)) return false;
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length < 2) return false;
  const rsa = bytes.readUInt16BE(0);
  return rsa >= 256 && rsa <= 2048 && rsa % 8 === 0 && bytes.length >= 2 + rsa + TAG_BYTES;
}

// it may be the credential itself
const ciphertext = confidential(that<string>('a ciphertext of kubeseal', isSealed, () => undefined));
const CIPHERTEXTS = confidential(mapOf(configKey, ciphertext));
const SCOPE = oneOf<SealedScope>('strict', 'namespace-wide', 'cluster-wide');

export function readSealedSecret(
  options: unknown,
  namespace: string | undefined,
  problems: Problems,
  prop: string,
): SourceSettings {
  const read = new Reader<SealedSecretOptions>(problems, options, `${prop}.`);
  const encryptedData = read.required('encryptedData', CIPHERTEXTS, undefined, {
    fix: 'Write what kubeseal --raw prints, for the name with its version',
    practice: 'CH01-37',
  });
  const scope = read.optional('scope', SCOPE, 'strict' as const);
  read.refuseUnknown();
  if (encryptedData !== undefined && read.isSound('encryptedData')) {
    refuseEmpty(Object.keys(encryptedData).length, problems, `${prop}.encryptedData`);
  }
  if (scope !== 'cluster-wide' && namespace === undefined && read.isSound('scope')) {
    read.refuse('scope', scope, 'a chart with a namespace, which the ciphertext is bound to', {
      rule: 'secret/sealed-namespace',
      fix: 'Give the chart the namespace that kubeseal got',
    });
  }
  const annotations = scope === 'strict' ? undefined : { [`sealedsecrets.bitnami.com/${scope}`]: 'true' };
  return {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    annotations,
    keys: Object.keys(encryptedData ?? {}),
    render: ({ type }) => ({
      encryptedData,
      template: { type, immutable: true, ...(annotations === undefined ? {} : { metadata: { annotations } }) },
    }),
  };
}
