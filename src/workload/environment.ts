import type { EnvFrom, EnvValue } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { VersionedConfigMap } from '../config/versioned-config-map';
import { loadKplus } from '../interop/cdk8s-plus';
import { unquoted } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import { confidential } from '../kernel/schema/checks';
import { envName, shellName } from '../kernel/schema/syntax';
import type { ContainerSettings } from '../pod/container';
import { envPart, isEnvFrom, refuseSecretLiteral } from '../pod/env';
import { namesSecret } from '../secrets-scan/names';

/** Adds a variable that the container does not have yet. */
export function addVariable(container: ContainerSettings, name: unknown, value: string | EnvValue, problems: Problems): void {
  const prop = typeof name === 'string' ? `addEnv${keyPart(name)}` : 'addEnv';
  const goodName = envName.read(name, (given, expected) => problems.refuse(prop, given, expected, { rule: 'props/value', fix: 'Choose another name' }));
  const part = (typeof name === 'string' && namesSecret(name) ? confidential(envPart) : envPart).read(value, (given, expected, at = '') => problems.refuse(`${prop}${at}`, given, expected, { rule: 'props/value', fix: 'Pass a string or an EnvValue' }));
  if (goodName === undefined || part === undefined) return;
  refuseSecretLiteral(goodName, part, container.allowSecretLookingEnv, problems, prop);
  if (container.env.some((known) => known.name === goodName)) {
    problems.refuse(prop, goodName, 'a variable that the container does not have yet', { rule: 'workload/duplicate-variable', fix: 'Remove one of the two' });
    return;
  }
  container.env.push({ name: goodName, ...part });
}

/** Adds a variable for each entry of a ConfigMap, or for what a source of cdk8s-plus has. */
export function addVariables(container: ContainerSettings, source: VersionedConfigMap | EnvFrom, prefix: string, problems: Problems): void {
  if (source instanceof VersionedConfigMap) {
    for (const key of source._binaryKeys) {
      // left out by the kubelet
      problems.refuse('addEnvFrom.source', key, 'keys of text: a variable cannot have binary data', { rule: 'workload/env-from-key', fix: 'Read the ConfigMap as files' });
    }
    const names = source.keys.map((key) => prefix + key);
    for (const name of names) {
      // a kubelet before 1.34 starts the pod without such a variable
      shellName.read(name, (given, expected) => problems.refuse('addEnvFrom.source', given, `keys that make variables: ${expected}`, { rule: 'workload/env-from-key', fix: 'Rename the key, or read the ConfigMap as files' }));
    }
    container.envFrom.push({ source: { ...(prefix === '' ? {} : { prefix }), configMapRef: { name: source.name } }, names, origin: source });
    return;
  }
  const kplus = source as unknown as { _toKube?: () => never; configMap?: Construct; sec?: Construct } | undefined;
  if (typeof kplus?._toKube !== 'function') {
    problems.refuse('addEnvFrom.source', unquoted(source), 'a VersionedConfigMap or an EnvFrom of cdk8s-plus', { rule: 'props/value', fix: 'Pass the construct' });
    return;
  }
  const wire = loadKplus().k8s.toJson_EnvFromSource(kplus._toKube()) as object;
  if (isEnvFrom(wire, (given, expected, at = '') => problems.refuse(`addEnvFrom.source${at}`, given, expected, { rule: 'props/value', fix: 'Pass a reference to a ConfigMap or a Secret' }))) {
    container.envFrom.push({ source: wire, origin: [kplus.configMap, kplus.sec].find((part) => Construct.isConstruct(part)) });
  }
}
