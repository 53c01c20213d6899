import type { EnvFromSource, EnvVar } from 'kubernetes-types/core/v1';
import type { EnvFromSettings, EnvSettings } from './env';
import { inOrder } from './expansion';

export function renderEnv(env: readonly EnvSettings[], envFrom: readonly EnvFromSettings[]): EnvVar[] | undefined {
  if (env.length === 0) return undefined;
  // a source came from cdk8s-plus in wire format
  return inOrder(env, envFrom).ordered.map(({ name, value, source }) => (source ? { name, valueFrom: source } : { name, value }));
}

export function renderEnvFrom(envFrom: readonly EnvFromSettings[]): EnvFromSource[] | undefined {
  return envFrom.length === 0 ? undefined : envFrom.map(({ source }) => source as EnvFromSource);
}
