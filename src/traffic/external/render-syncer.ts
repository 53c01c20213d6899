import type { DeploymentSpec } from 'kubernetes-types/apps/v1';
import { identity } from '../../kernel/emit/labels';
import type { PodSettings } from '../../pod/pod-settings';
import { renderPodTemplate } from '../../pod/render-pod-template';
import { defaultDeadline } from '../../workload/progress';

/** One pod, and the old one is gone before the new one starts: two would overwrite each other's endpoints. */
export function renderSyncer(pod: PodSettings): DeploymentSpec {
  return {
    replicas: 1,
    selector: { matchLabels: identity(pod.name) },
    strategy: { type: 'Recreate' },
    progressDeadlineSeconds: defaultDeadline(pod.containers, 0),
    revisionHistoryLimit: 10,
    template: renderPodTemplate(pod),
  };
}
