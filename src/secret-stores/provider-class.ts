import { Yaml } from 'cdk8s';
import { type AwsSecretService, CsiProvider, type CsiProviderSettings, readCsiProvider } from './csi-provider';
import { KEYS_FIX, readRemoteKeys, refuseEmpty, REMOTE_KEYS, type RemoteKeySettings, STAND_IN } from './remote-keys';
import type { CsiSecretOptions } from './secret-source';
import type { SourceSettings } from './source-settings';
import type { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import type { CsiProviderName } from '../kernel/model/secret-sources';
import { boolean, instance } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';

export const CSI_DRIVER = 'secrets-store.csi.k8s.io';

/** The volume of the files of a class. */
export function csiVolume(secretProviderClass: string): object {
  return { csi: { driver: CSI_DRIVER, readOnly: true, volumeAttributes: { secretProviderClass } } };
}

export function readProviderClass(options: unknown, problems: Problems, prop: string): SourceSettings {
  const read = new Reader<CsiSecretOptions>(problems, options, `${prop}.`);
  const given = read.required('provider', instance(CsiProvider, 'a CsiProvider'), undefined, {
    fix: "Use CsiProvider.vault(...) with address: 'https://vault.example.com' and role: 'shop', or another one",
  });
  const provider = given && readCsiProvider(given, problems, `${prop}.provider`);
  const places = read.required('keys', REMOTE_KEYS, undefined, KEYS_FIX);
  const synced = read.optional('syncAsSecret', boolean, false);
  read.refuseUnknown();
  if (places !== undefined && read.isSound('keys')) refuseEmpty(Object.keys(places).length, problems, `${prop}.keys`);
  const keys = readRemoteKeys(places ?? {}, problems, `${prop}.keys`);
  if (provider !== undefined) refuseUnreadable(provider, keys, problems, `${prop}.keys`);
  return {
    apiVersion: 'secrets-store.csi.x-k8s.io/v1',
    kind: 'SecretProviderClass',
    keys: keys.map(({ name }) => name),
    unpinned: keys.filter(({ version }) => version === undefined),
    csi: provider && { provider: provider.name, synced, podIdentity: provider.podIdentity },
    render: ({ name: secretName, type }) => ({
      provider: provider!.name,
      parameters: { ...provider!.parameters, ...PARAMETERS[provider!.name](provider!, keys) },
      ...(synced
        ? {
            secretObjects: [{ secretName, type, data: keys.map(({ name }) => ({ objectName: name, key: name })) }],
          }
        : {}),
    }),
  };
}

/** The names of entries that these stores have. */
const ENTRY = {
  azure: { pattern: /^[0-9A-Za-z-]{1,127}$/, expected: "at most 127 letters, digits and '-'" },
  gcp: { pattern: /^[\w-]{1,255}$/, expected: "at most 255 letters, digits, '-' and '_'" },
};

/** Refuses what a provider cannot read. */
function refuseUnreadable(
  { name: provider }: CsiProviderSettings,
  keys: readonly RemoteKeySettings[],
  problems: Problems,
  prop: string,
): void {
  for (const { name, key, property, version } of keys) {
    const at = `${prop}${keyPart(name)}`;
    if (provider === 'vault' && property === undefined) {
      problems.refuse(`${at}.property`, undefined, 'the key of the entry of Vault', {
        rule: 'props/required',
        fix: 'Write the key: without it, the file is the whole answer of Vault as JSON',
      });
    }
    if (provider === 'vault' && key.includes('?')) {
      problems.refuse(`${at}.key`, key, "a path without '?'", { rule: 'props/value', fix: "Write 'version' apart" });
    }
    if ((provider === 'azure' || provider === 'gcp') && key !== STAND_IN && !ENTRY[provider].pattern.test(key)) {
      problems.refuse(`${at}.key`, key, ENTRY[provider].expected, {
        rule: 'props/value',
        fix: 'Write the name of the entry: the provider finds no other one, and the pods wait',
      });
    }
    if ((provider === 'azure' || provider === 'gcp') && property !== undefined) {
      problems.refuse(`${at}.property`, property, `no field: the provider ${provider} mounts whole entries`, {
        rule: 'props/conflict',
        fix: 'Keep each value in an entry of its own, or use SecretSource.externalSecret(...)',
      });
    }
    const others = keys.filter((other) => other.key === key);
    const isClash =
      others.some((other) => other.version !== version) ||
      others.filter((other) => other.property === undefined).length > 1;
    if (provider !== 'aws') continue;
    // the provider also writes the whole entry, under its own name
    if (property !== undefined && keys.some((other) => other.name === key.replaceAll('/', '_'))) {
      problems.refuse(`${at}.key`, key, 'an entry with another name than the keys of the Secret', {
        rule: 'props/conflict',
        fix: 'Rename the key: the provider also writes the whole entry to a file with its name',
      });
    }
    if (isClash && others[0].name === name) {
      problems.refuse(`${at}.key`, key, 'an entry that is read once: in one version, and as a whole for one key', {
        rule: 'props/conflict',
        fix: 'Declare a second VersionedSecret',
      });
    }
  }
}

type Parameters = (provider: CsiProviderSettings, keys: readonly RemoteKeySettings[]) => Record<string, string>;

/** The providers take their objects as a text of YAML. */
const PARAMETERS: Readonly<Record<CsiProviderName, Parameters>> = {
  aws: ({ service }, keys) => ({ objects: Yaml.stringify(awsObjects(service, keys)) }),
  azure: (_, keys) => ({
    objects: Yaml.stringify({
      array: keys.map(({ name, key, version }) =>
        Yaml.stringify({
          objectName: key,
          objectType: 'secret',
          ...(version === undefined ? {} : { objectVersion: version }),
          objectAlias: name,
        }),
      ),
    }),
  }),
  gcp: ({ project }, keys) => ({
    secrets: Yaml.stringify(
      keys.map(({ name, key, version = 'latest' }) => ({
        resourceName: `projects/${project}/secrets/${key}/versions/${version}`,
        path: name,
      })),
    ),
  }),
  vault: (_, keys) => ({
    objects: Yaml.stringify(
      keys.map(({ name, key, property, version }) => ({
        objectName: name,
        secretPath: version === undefined ? key : `${key}?version=${version}`,
        secretKey: property,
      })),
    ),
  }),
};

const AWS_TYPES: Readonly<Record<AwsSecretService, string>> = {
  SecretsManager: 'secretsmanager',
  ParameterStore: 'ssmparameter',
};

/** The provider takes each entry once, with all its fields. */
function awsObjects(service: AwsSecretService, keys: readonly RemoteKeySettings[]): object[] {
  return [...new Set(keys.map(({ key }) => key))].map((objectName) => {
    const own = keys.filter(({ key }) => key === objectName);
    const whole = own.find(({ property }) => property === undefined);
    const fields = own.filter(({ property }) => property !== undefined);
    const { version } = own[0];
    return {
      objectName,
      objectType: AWS_TYPES[service],
      ...(version === undefined ? {} : { objectVersion: version }),
      ...(whole === undefined ? {} : { objectAlias: whole.name }),
      ...(fields.length === 0
        ? {}
        : { jmesPath: fields.map(({ name, property }) => ({ path: jmesPath(property!), objectAlias: name })) }),
    };
  });
}

/** A field by its name: other characters would be operators. */
function jmesPath(property: string): string {
  return /^[A-Za-z_]\w*$/.test(property) ? property : JSON.stringify(property);
}
