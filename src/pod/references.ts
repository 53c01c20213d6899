import type { IConstruct } from 'constructs';
import type { ContainerSettings } from './container';
import type { PodSettings } from './pod-settings';
import { findConfigMap, VersionedConfigMap } from '../config/versioned-config-map';
import { VersionedSecret } from '../config/versioned-secret';
import { keyPart } from '../kernel/findings/prop-path';
import type { SecretNeed } from '../kernel/model/required-secrets';

/** A reference of one variable, or of all variables of a source, to a ConfigMap or a Secret. */
export interface Reference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** None if all keys are read. */
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

/** The Secrets that the variables of a pod need. */
export function secretNeeds(user: IConstruct, pod: PodSettings): SecretNeed[] {
  return variableReferences(pod)
    .filter(({ kind, optional }) => kind === 'Secret' && !optional)
    .map(({ name, key, origin }) => {
      const versioned = origin instanceof VersionedSecret ? origin : undefined;
      return {
        user,
        name,
        type: versioned?.type ?? 'Opaque',
        keys: [...(versioned?.keys ?? []), ...(key === undefined ? [] : [key])],
      };
    });
}

/** Pod annotations that change with the content of each referenced ConfigMap with `reload: 'checksum'`. */
export function checksums(owner: IConstruct, pod: PodSettings): Record<string, string> {
  const volumes = pod.volumes.map(({ source, origin }) => ({
    name: (source as { configMap?: { name: string } }).configMap?.name,
    origin,
  }));
  const variables = variableReferences(pod).filter(({ kind }) => kind === 'ConfigMap');
  const configs = [
    ...new Set(
      [...volumes, ...variables].map(({ name, origin }) =>
        name === undefined ? undefined : configOf(owner, name, origin),
      ),
    ),
  ];
  return Object.fromEntries(
    configs
      .filter((config) => config?.reload === 'checksum')
      .map((config) => [`checksum/${config!.baseName}`, config!.contentHash]),
  );
}

/** The ConfigMap construct if known: without a namespace, its chart may be applied to the namespace of the pods. */
export function configOf(
  owner: IConstruct,
  name: string,
  origin: IConstruct | undefined,
): VersionedConfigMap | undefined {
  return origin instanceof VersionedConfigMap ? origin : findConfigMap(owner, name);
}

export function variableReferences(pod: PodSettings): readonly Reference[] {
  // most containers have no variables, and each pass asks for those of all pods
  if (!pod.containers.some(hasVariables)) return NONE;
  return pod.containers.flatMap(referencesOf);
}

const NONE: readonly never[] = [];

function hasVariables({ env, envFrom }: ContainerSettings): boolean {
  return env.length + envFrom.length > 0;
}

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

function toReferences(
  configMap: WireReference | undefined,
  secret: WireReference | undefined,
  origin: IConstruct | undefined,
  prop: string,
): Reference[] {
  const found = configMap ?? secret;
  return found
    ? [
        {
          kind: configMap ? 'ConfigMap' : 'Secret',
          name: found.name,
          key: found.key,
          optional: found.optional ?? false,
          origin,
          prop,
        },
      ]
    : [];
}
