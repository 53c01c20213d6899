import type { Volume, VolumeMount } from 'kubernetes-types/core/v1';
import type { MountSettings, VolumeSettings } from './volumes';

export function renderVolume({ name, source }: VolumeSettings): Volume {
  return { name, ...source };
}

export function renderMount({ volume, path, subPath, readOnly }: MountSettings): VolumeMount {
  return { name: volume, mountPath: path, subPath, readOnly: readOnly || undefined };
}
