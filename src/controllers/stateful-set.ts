import type { StatefulSetSpec } from 'kubernetes-types/apps/v1';
import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1';
import { type Controller, steady } from './controller';
import { identity } from '../kernel/emit/labels';
import { bytesQuantity } from '../kubernetes/quantity';
import type { ClaimSettings, PodSettings } from '../pod/pod-settings';
import { renderPodTemplate } from '../pod/render-pod-template';

export interface StatefulSetSettings {
  readonly replicas: number;
  /** Name of the headless Service that names the pods. */
  readonly governingService: string;
  /** Whether a pod waits for the one before it. */
  readonly podManagement: 'OrderedReady' | 'Parallel';
  /** Seconds for which a new pod must be ready before the next one is replaced. */
  readonly minReady?: number;
}

/** Pods with stable names and their own volumes. An old pod is gone before its successor starts. */
export function statefulSet(settings: StatefulSetSettings): Controller {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    scale: (most) => steady(settings.replicas, most),
    // each pod has its own volumes, but another claim is shared by all
    severalPods: () => (settings.replicas > 1 ? { fix: 'Set replicas: 1' } : undefined),
    endsAfter: Infinity,
    addedVariables: [],
    render: (pod) => renderStatefulSet(settings, pod),
  };
}

function renderStatefulSet(settings: StatefulSetSettings, pod: PodSettings): StatefulSetSpec {
  return {
    replicas: settings.replicas,
    serviceName: settings.governingService,
    selector: { matchLabels: identity(pod.name) },
    podManagementPolicy: settings.podManagement,
    updateStrategy: { type: 'RollingUpdate' },
    minReadySeconds: settings.minReady,
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    template: renderPodTemplate(pod, {
      revisionLabel: 'controller-revision-hash',
      most: settings.replicas,
      movable: true,
    }),
    volumeClaimTemplates: pod.claims.map((claim) => renderClaimTemplate(claim, pod.name)),
  };
}

/** The claim of each pod of a StatefulSet. Its labels have no version: the field is immutable. */
function renderClaimTemplate(
  { name, bytes, storageClass, attributesClass }: ClaimSettings,
  workload: string,
): PersistentVolumeClaim {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, labels: identity(workload) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: bytesQuantity(bytes) } },
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      // newer than kubernetes-types
      ...(attributesClass === undefined ? {} : { volumeAttributesClassName: attributesClass }),
    },
  };
}
