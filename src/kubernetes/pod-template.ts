import { part } from '../kernel/schema/manifest';

/** Path of the pods in each kind, by API group: other groups use the same kind names. */
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

/** API group and kind of objects with pods. */
export type PodKind = keyof typeof TEMPLATES;

export function isPodKind(kind: string): kind is PodKind {
  return Object.hasOwn(TEMPLATES, kind);
}

/** Whether an object is of a kind of Kubernetes that has pods. */
export function hasPods({ apiGroup, kind }: { readonly apiGroup: string; readonly kind: string }): boolean {
  return isPodKind(`${apiGroup}/${kind}`);
}

/** The kinds that have pods, as `<group>/<kind>`. */
export const POD_KINDS: readonly string[] = Object.keys(TEMPLATES);

/** A pod or pod template in a manifest. */
export interface PodTemplate {
  /** The path from the root of the manifest. */
  readonly path: readonly string[];
  /** Has `metadata` and `spec`. */
  readonly pod: unknown;
}

/** `undefined` if the kind of the manifest has no pods. */
export function podTemplateOf(manifest: unknown): PodTemplate | undefined {
  const [group, version] = String(part(manifest, 'apiVersion')).split('/');
  const kind = `${version === undefined ? 'core' : group}/${String(part(manifest, 'kind'))}`;
  if (!isPodKind(kind)) return undefined;
  const path = TEMPLATES[kind];
  return { path, pod: part(manifest, ...path) };
}
