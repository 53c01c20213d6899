import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1';
import { identity } from '../kernel/emit/labels';
import { bytesQuantity } from '../kubernetes/quantity';
import type { ClaimSettings } from '../pod/pod-settings';

/** The volume that each pod of a StatefulSet has of its own. Its labels have no version: the field is immutable. */
export function renderClaimTemplate({ name, bytes, storageClass }: ClaimSettings, workload: string): PersistentVolumeClaim {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, labels: identity(workload) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: bytesQuantity(bytes) } },
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    },
  };
}
