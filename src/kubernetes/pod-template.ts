import { part } from '../kernel/schema/manifest';

/** Where each kind has its pods, by API group: others call kinds of theirs the same. */
const TEMPLATES = {
  'core/Pod': [],
  'core/ReplicationController': ['spec', 'template'],
  'apps/DaemonSet': ['spec', 'template'],
  'apps/Deployment': ['spec', 'template'],
  'apps/ReplicaSet': ['spec', 'template'],
  'apps/StatefulSet': ['spec', 'template'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
  'batch/Job': ['spec', 'template'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** API group and kind of what has pods. */
export type PodKind = keyof typeof TEMPLATES;

export function isPodKind(kind: string): kind is PodKind {
  return Object.hasOwn(TEMPLATES, kind);
}

/** A pod, or the template of pods, in a manifest. */
export interface PodTemplate {
  /** The way to it from the root of the manifest. */
  readonly path: readonly string[];
  /** Has `metadata` and `spec`. */
  readonly pod: unknown;
}

/** `undefined` where the kind of the manifest has no pods. */
export function podTemplateOf(manifest: unknown): PodTemplate | undefined {
  const [group, version] = String(part(manifest, 'apiVersion')).split('/');
  const kind = `${version === undefined ? 'core' : group}/${String(part(manifest, 'kind'))}`;
  if (!isPodKind(kind)) return undefined;
  const path = TEMPLATES[kind];
  return { path, pod: part(manifest, ...path) };
}
