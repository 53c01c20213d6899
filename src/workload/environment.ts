import { Construct } from 'constructs';
import { VersionedConfigMap } from '../config/versioned-config-map';
import { fromKplus } from '../interop/cdk8s-plus';
import type { IConfigMapRef, IEnvFromSource, IEnvSource, ISecretRef } from '../interop/references';
import { unquoted } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import { confidential } from '../kernel/schema/checks';
import { envName, shellName } from '../kernel/schema/syntax';
import type { ContainerSettings } from '../pod/container';
import { envPart, isEnvFrom, refuseSecretLiteral, VARIABLE_FIX } from '../pod/env';
import { namesSecret } from '../secrets-scan/names';

/** Options of a variable. */
export interface EnvOptions {
  /**
   * Names of the containers that get the variable.
   *
   * @default - the main container
   */
  readonly containers?: string[];
}

/** Options of environment variables from a ConfigMap or Secret. */
export interface EnvFromOptions extends EnvOptions {
  /**
   * Prefix of each variable.
   *
   * @default - none
   */
  readonly prefix?: string;
}

/** Adds a new variable to the container. */
export function addVariable(
  container: ContainerSettings,
  name: unknown,
  value: string | IEnvSource,
  problems: Problems,
): void {
  const prop = typeof name === 'string' ? `addEnv${keyPart(name)}` : 'addEnv';
  const goodName = envName.read(name, (given, expected) =>
    problems.refuse(prop, given, expected, { rule: 'props/value', fix: 'Choose another name' }),
  );
  const part = (typeof name === 'string' && namesSecret(name) ? confidential(envPart) : envPart).read(
    value,
    (given, expected, at = '', fix = VARIABLE_FIX) =>
      problems.refuse(`${prop}${at}`, given, expected, { rule: 'props/value', fix }),
  );
  if (goodName === undefined || part === undefined) return;
  refuseSecretLiteral(goodName, part, container.allowSecretLookingEnv, problems, prop);
  if (container.env.some((known) => known.name === goodName)) {
    problems.refuse(prop, goodName, 'a variable that the container does not have yet', {
      rule: 'workload/duplicate-variable',
      fix: 'Choose another name, or set the variable in one place',
    });
    return;
  }
  container.env.push({ name: goodName, ...part });
}

/** Adds a variable for each entry of a ConfigMap or Secret. */
export function addVariables(
  container: ContainerSettings,
  source: ISecretRef | IConfigMapRef | IEnvFromSource,
  prefix: string,
  problems: Problems,
): void {
  const prefixed = prefix === '' ? {} : { prefix };
  if (source instanceof VersionedConfigMap) {
    for (const key of source._binaryKeys) {
      // the kubelet skips it
      problems.refuse('addEnvFrom.source', key, 'keys with text content: a variable cannot contain binary data', {
        rule: 'workload/env-from-key',
        fix: 'Mount the ConfigMap as files',
      });
    }
    const names = source.keys.map((key) => prefix + key);
    for (const name of names) {
      // before 1.34, the kubelet starts the pod without such a variable
      shellName.read(name, (given, expected) =>
        problems.refuse('addEnvFrom.source', given, `keys that are variable names: ${expected}`, {
          rule: 'workload/env-from-key',
          fix: 'Rename the key, or mount the ConfigMap as files',
        }),
      );
    }
    container.envFrom.push({ source: { ...prefixed, configMapRef: { name: source.name } }, names, origin: source });
    return;
  }
  const found = referredTo(source) ?? fromEnvFrom(source);
  if (found === undefined) {
    problems.refuse('addEnvFrom.source', unquoted(source), 'a ConfigMap or a Secret', {
      rule: 'props/value',
      fix: isOneVariable(source)
        ? "Call addEnv('NAME', source): it is the source of one variable"
        : "Pass SecretRef.named('...'), ConfigMapRef.named('...') or a VersionedConfigMap",
    });
    return;
  }
  if (prefix !== '' && 'prefix' in found.source) {
    problems.refuse('addEnvFrom.prefix', prefix, 'no second prefix: the source has one', {
      rule: 'props/conflict',
      fix: 'Remove one of the two',
    });
  }
  if (
    isEnvFrom(found.source, (given, expected, at = '') =>
      problems.refuse(`addEnvFrom.source${at}`, given, expected, {
        rule: 'props/value',
        fix: 'Pass a reference to a ConfigMap or a Secret',
      }),
    )
  ) {
    container.envFrom.push({
      source: { ...prefixed, ...found.source },
      origin: found.origins.find((part) => Construct.isConstruct(part)),
    });
  }
}

/** Whether it is an `EnvSource`, or an `EnvValue` of cdk8s-plus. */
function isOneVariable(source: unknown): boolean {
  let isPart = true;
  envPart.read(source, () => {
    isPart = false;
  });
  return isPart && typeof source === 'object';
}

interface FoundSource {
  /** In wire format. */
  readonly source: object;
  readonly origins: readonly unknown[];
}

const FIELDS: Record<string, string> = { ConfigMap: 'configMapRef', Secret: 'secretRef' };

/** A ConfigMap or a Secret itself. */
function referredTo(given: unknown): FoundSource | undefined {
  const { kind, name } = (given ?? {}) as Partial<ISecretRef>;
  if (typeof kind !== 'string' || !Object.hasOwn(FIELDS, kind)) return undefined;
  return { source: { [FIELDS[kind]]: { name } }, origins: [given] };
}

/** An `EnvFrom` of cdk8s-plus. */
function fromEnvFrom(given: unknown): FoundSource | undefined {
  const source = fromKplus(given);
  if (source === undefined) return undefined;
  const { configMap, sec } = given as { readonly configMap?: unknown; readonly sec?: unknown };
  return { source, origins: [configMap, sec] };
}
