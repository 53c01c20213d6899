import type { IConstruct } from 'constructs';
import { refuseElsewhere } from '../config/references';
import { findConfigMap, VersionedConfigMap } from '../config/versioned-config-map';
import { VersionedSecret } from '../config/versioned-secret';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import type { SecretNeed } from '../kernel/model/required-secrets';
import type { ContainerSettings } from '../pod/container';
import type { PodSettings } from '../pod/pod-settings';

/** What a variable, or all variables of one source, read of a ConfigMap or a Secret. */
interface Reference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** None where all keys are read. */
  readonly key?: string;
  /** Whether the pod starts without the object. */
  readonly optional: boolean;
  readonly origin?: IConstruct;
  readonly prop: string;
}

interface WireReference {
  readonly name: string;
  readonly key?: string;
  readonly optional?: boolean;
}

/** Refuses what the variables of a pod refer to and will not find. To be asked at synthesis: all charts and profiles are there. */
export function refuseReferences(owner: IConstruct, pod: PodSettings, problems: Problems): void {
  for (const reference of variableReferences(pod)) {
    const { origin, prop, kind, name } = reference;
    if (origin) refuseElsewhere(owner, origin, problems, prop);
    const config = kind === 'ConfigMap' ? configOf(owner, name, origin) : undefined;
    if (config === undefined) continue;
    refuseMissingKey(reference, config, problems);
    if (config.reload === 'watch') {
      problems.refuse(prop, new Verbatim(`ConfigMap ${config.baseName} with reload: 'watch'`), "one with reload: 'version' or 'checksum'", { rule: 'config/watched-variable', fix: 'A running process never sees the new value of a variable: mount the ConfigMap, or let new content roll the pods' });
    }
  }
}

/** The Secrets that the variables of a pod need. */
export function secretNeeds(user: IConstruct, pod: PodSettings): SecretNeed[] {
  return variableReferences(pod).filter(({ kind, optional }) => kind === 'Secret' && !optional).map(({ name, key, origin }) => {
    const versioned = origin instanceof VersionedSecret ? origin : undefined;
    return { user, name, type: versioned?.type ?? 'Opaque', keys: [...versioned?.keys ?? [], ...key === undefined ? [] : [key]] };
  });
}

/** Annotations of the pods that change with the content of each ConfigMap with `reload: 'checksum'` that they read. */
export function checksums(owner: IConstruct, pod: PodSettings): Record<string, string> {
  const volumes = pod.volumes.map(({ source, origin }) => ({ name: (source as { configMap?: { name: string } }).configMap?.name, origin }));
  const variables = variableReferences(pod).filter(({ kind }) => kind === 'ConfigMap');
  const configs = [...new Set([...volumes, ...variables].map(({ name, origin }) => (name === undefined ? undefined : configOf(owner, name, origin))))];
  return Object.fromEntries(configs.filter((config) => config?.reload === 'checksum').map((config) => [`checksum/${config!.baseName}`, config!.contentHash]));
}

/** The ConfigMap itself where it is known: its chart may state no namespace, and be applied to that of the pods. */
function configOf(owner: IConstruct, name: string, origin: IConstruct | undefined): VersionedConfigMap | undefined {
  return origin instanceof VersionedConfigMap ? origin : findConfigMap(owner, name);
}

function variableReferences(pod: PodSettings): Reference[] {
  return pod.containers.flatMap((container) => (container.env.length + container.envFrom.length === 0 ? NONE : referencesOf(container)));
}

const NONE: Reference[] = [];

function referencesOf({ name: container, role, env, envFrom }: ContainerSettings): Reference[] {
  const prefix = role === 'main' ? '' : `${container}.`;
  return [
    ...env.flatMap(({ name, source, origin }) => {
      const { configMapKeyRef, secretKeyRef } = (source ?? {}) as Record<string, WireReference | undefined>;
      return toReferences(configMapKeyRef, secretKeyRef, origin, `${prefix}env${keyPart(name)}`);
    }),
    ...envFrom.flatMap(({ source, origin }) => {
      const { configMapRef, secretRef } = source as Record<string, WireReference | undefined>;
      return toReferences(configMapRef, secretRef, origin, `${prefix}addEnvFrom.source`);
    }),
  ];
}

function toReferences(configMap: WireReference | undefined, secret: WireReference | undefined, origin: IConstruct | undefined, prop: string): Reference[] {
  const found = configMap ?? secret;
  return found ? [{ kind: configMap ? 'ConfigMap' : 'Secret', name: found.name, key: found.key, optional: found.optional ?? false, origin, prop }] : [];
}

/** The pod would never start. */
function refuseMissingKey({ key, optional, prop }: Reference, config: VersionedConfigMap, problems: Problems): void {
  if (key === undefined || optional || config._missingKeys.has(key)) return;
  const keys = config.keys.filter((known) => !config._binaryKeys.includes(known));
  if (!keys.includes(key)) {
    problems.refuse(prop, key, `a key of ConfigMap ${config.baseName} (${keys.join(', ')})`, { rule: 'reference/missing-key', fix: 'Name a key that the ConfigMap has: the pod would not start' });
  }
}
