import type { EnvFrom, EnvValue } from 'cdk8s-plus-27';
import type { IConstruct } from 'constructs';
import { findConfigMap, VersionedConfigMap } from '../config/versioned-config-map';
import { confidential } from '../foundation/checks';
import { namesSecret } from '../foundation/credentials';
import { loadKplus } from '../foundation/kplus';
import type { Problems } from '../foundation/problems';
import { envName, shellName } from '../foundation/syntax';
import type { ContainerSettings } from '../pod/container';
import { envPart, isEnvFrom, refuseSecretLiteral } from '../pod/env';

/** Adds a variable that the container does not have yet. */
export function addVariable(container: ContainerSettings, name: unknown, value: string | EnvValue, problems: Problems): void {
  const prop = typeof name === 'string' ? `addEnv['${name}']` : 'addEnv';
  const goodName = envName.read(name, (given, expected) => problems.refuse(prop, given, expected, { fix: 'Choose another name' }));
  const part = (typeof name === 'string' && namesSecret(name) ? confidential(envPart) : envPart).read(value, (given, expected, at = '') => problems.refuse(`${prop}${at}`, given, expected, { fix: 'Pass a string or an EnvValue' }));
  if (goodName === undefined || part === undefined) return;
  refuseSecretLiteral(goodName, part, container.allowSecretLookingEnv, problems, prop);
  if (container.env.some((known) => known.name === goodName)) {
    problems.refuse(prop, goodName, 'a variable that the container does not have yet', { fix: 'Remove one of the two' });
    return;
  }
  container.env.push({ name: goodName, ...part });
}

/** Adds a variable for each entry of a ConfigMap, or for what a source of cdk8s-plus has. */
export function addVariables(container: ContainerSettings, source: VersionedConfigMap | EnvFrom, prefix: string, problems: Problems): void {
  if (source instanceof VersionedConfigMap) {
    for (const key of source._binaryKeys) {
      // left out by the kubelet
      problems.refuse('addEnvFrom.source', key, 'keys of text: a variable cannot have binary data', { fix: 'Read the ConfigMap as files', practice: 'CH04-21' });
    }
    const names = source.keys.map((key) => prefix + key);
    for (const name of names) {
      // a kubelet before 1.34 starts the pod without such a variable
      shellName.read(name, (given, expected) => problems.refuse('addEnvFrom.source', given, `keys that make variables: ${expected}`, { fix: 'Rename the key, or read the ConfigMap as files', practice: 'CH04-21' }));
    }
    container.envFrom.push({ source: { ...(prefix === '' ? {} : { prefix }), configMapRef: { name: source.name } }, names });
    return;
  }
  const kplus = source as unknown as { _toKube?: () => never } | undefined;
  if (typeof kplus?._toKube !== 'function') {
    problems.refuse('addEnvFrom.source', source, 'a VersionedConfigMap or an EnvFrom of cdk8s-plus', { fix: 'Pass the construct' });
    return;
  }
  const wire = loadKplus().k8s.toJson_EnvFromSource(kplus._toKube()) as object;
  if (isEnvFrom(wire, (given, expected, at = '') => problems.refuse(`addEnvFrom.source${at}`, given, expected, { fix: 'Pass a reference to a ConfigMap or a Secret' }))) {
    container.envFrom.push({ source: wire });
  }
}

/** A variable that refers to a missing key of a ConfigMap of the same app: the pod would never start. */
export function refuseMissingKeys(container: ContainerSettings, owner: IConstruct, problems: Problems): void {
  for (const { name, source } of container.env) {
    const ref = (source as { configMapKeyRef?: { name: string; key: string; optional?: boolean } } | undefined)?.configMapKeyRef;
    const config = ref && !ref.optional ? findConfigMap(owner, ref.name) : undefined;
    if (ref && config && (!config.keys.includes(ref.key) || config._binaryKeys.includes(ref.key))) {
      const keys = config.keys.filter((key) => !config._binaryKeys.includes(key));
      problems.refuse(`env['${name}']`, ref.key, `a key of ConfigMap ${config.baseName} (${keys.join(', ')})`, { fix: 'Name a key that the ConfigMap has: the pod would not start', practice: 'CH04-20' });
    }
  }
}
