import { part } from '../kernel/schema/manifest';

/** Where each kind has its pods, by API group: others call kinds of theirs the same. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  'core/Pod': [],
  'core/ReplicationController': ['spec', 'template'],
  'apps/DaemonSet': ['spec', 'template'],
  'apps/Deployment': ['spec', 'template'],
  'apps/ReplicaSet': ['spec', 'template'],
  'apps/StatefulSet': ['spec', 'template'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
  'batch/Job': ['spec', 'template'],
};

/** The kinds that have pods, as `<group>/<kind>`. */
export const POD_KINDS: readonly string[] = Object.keys(TEMPLATES);

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
  const path = TEMPLATES[`${version === undefined ? 'core' : group}/${String(part(manifest, 'kind'))}`];
  return path && { path, pod: part(manifest, ...path) };
}
