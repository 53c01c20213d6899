import { part } from '../kernel/schema/manifest';

/** Path of the pods in each kind, by API group: other groups use the same kind names. */
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
  const path = TEMPLATES[`${version === undefined ? 'core' : group}/${String(part(manifest, 'kind'))}`];
  return path && { path, pod: part(manifest, ...path) };
}
