import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';
import type { Reader } from '../kernel/schema/reader';
import { dnsSubdomain } from '../kernel/schema/syntax';
import type { ClaimSettings } from '../pod/pod-settings';

/** The props of a claim that name classes of the cluster. */
export interface VolumeClassProps {
  readonly storageClassName?: string;
  readonly volumeAttributesClassName?: string;
}

/** Kubernetes 1.31 to 1.33 have the field behind a feature gate, and drop it. */
const ATTRIBUTES_CLASS_MINOR = 34;

/** The classes of a claim. `prefix` is the path of the props. */
export function readVolumeClass(
  owner: IConstruct,
  read: Reader<VolumeClassProps>,
  prefix = '',
): Pick<ClaimSettings, 'storageClass' | 'attributesClass'> {
  const storageClass = read.optional('storageClassName', dnsSubdomain, undefined, {
    fix: "Write a name that 'kubectl get storageclasses' shows",
    practice: 'CH01-52',
  });
  const attributesClass = read.optional('volumeAttributesClassName', dnsSubdomain, undefined, {
    fix: "Write a name that 'kubectl get volumeattributesclasses' shows",
  });
  if (attributesClass !== undefined) {
    AppModel.of(owner).add('newField', {
      owner,
      prop: `${prefix}volumeAttributesClassName`,
      value: attributesClass,
      minor: ATTRIBUTES_CLASS_MINOR,
      fallback: "use 'storageClassName' with a StorageClass that has these parameters",
    });
  }
  return { storageClass, attributesClass };
}
