import { keyPart } from '../kernel/findings/prop-path';
import type { RuleId } from '../kernel/findings/rule-ids';
import { entries, list, part, textAt } from '../kernel/schema/manifest';
import { OLD_PROVISIONERS, OLD_VOLUME_TYPES } from '../kubernetes/volume-drivers';

type Refuse = (rule: RuleId, prop: string, given: unknown, expected: string, fix: string) => void;

/** Types of volumes that are no longer part of Kubernetes, or that tie a pod to its node. */
export function refuseVolumes(spec: unknown, prop: string, mayUseNode: boolean, refuse: Refuse): void {
  list(part(spec, 'volumes')).forEach((volume, index) => {
    const at = `${prop}.volumes[${index}]`;
    refuseOldType(volume, at, refuse);
    const path = textAt(volume, 'hostPath', 'path');
    if (path === undefined || mayUseNode) return;
    refuse(
      'object/host-path',
      `${at}.hostPath.path`,
      path,
      'a volume that follows the pod: another node has other files there',
      'Mount a claim, or run an agent of nodes as a DaemonSet',
    );
  });
}

function refuseOldType(source: unknown, prop: string, refuse: Refuse): void {
  for (const [type] of entries(source).filter(([field]) => Object.hasOwn(OLD_VOLUME_TYPES, field))) {
    const { now, works } = OLD_VOLUME_TYPES[type];
    refuse(
      works ? 'object/old-volume-type' : 'object/removed-volume-type',
      `${prop}.${type}`,
      type,
      works ? `${now}, in place of ${type}, which is deprecated` : `${now}: Kubernetes cannot mount ${type}`,
      works ? 'Write a PersistentVolume with csi, and mount it by a claim' : `Move the data to ${now}`,
    );
  }
}

/** Faults of a PersistentVolume. */
export function refuseVolume(manifest: unknown, refuse: Refuse): void {
  const spec = part(manifest, 'spec');
  refuseOldType(spec, 'spec', refuse);
  if (part(spec, 'persistentVolumeReclaimPolicy') === 'Recycle') {
    refuse(
      'object/recycle',
      'spec.persistentVolumeReclaimPolicy',
      'Recycle',
      "'Retain' or 'Delete': Recycle is deprecated",
      "Write persistentVolumeReclaimPolicy: 'Retain'",
    );
  }
  const path = textAt(spec, 'hostPath', 'path');
  if (path !== undefined) {
    refuse(
      'object/host-path',
      'spec.hostPath.path',
      path,
      'a local volume with nodeAffinity, or one of a driver: the scheduler does not know where the directory is',
      'Write local.path and nodeAffinity, as StaticVolume does',
    );
  }
  refuseBetaClass(manifest, '', refuse);
}

/** Faults of a StorageClass. */
export function refuseStorageClass(manifest: unknown, refuse: Refuse): void {
  const provisioner = textAt(manifest, 'provisioner');
  if (provisioner !== undefined && Object.hasOwn(OLD_PROVISIONERS, provisioner)) {
    const driver = OLD_PROVISIONERS[provisioner];
    refuse(
      driver === undefined ? 'object/removed-volume-type' : 'object/old-volume-type',
      'provisioner',
      provisioner,
      driver === undefined ? 'the name of a CSI driver' : `'${driver}'`,
      'Name the CSI driver of the volumes, with its parameters',
    );
  }
  const beta = 'storageclass.beta.kubernetes.io/is-default-class';
  refuseAnnotation(manifest, '', beta, "'storageclass.kubernetes.io/is-default-class'", refuse);
}

export const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

/** The annotation from before the field of the class, which it overrides. `prop`: where the claim is. */
export function refuseBetaClass(claim: unknown, prop: string, refuse: Refuse): void {
  refuseAnnotation(claim, prop, BETA_CLASS, "the field 'spec.storageClassName'", refuse);
}

function refuseAnnotation(manifest: unknown, prop: string, name: string, expected: string, refuse: Refuse): void {
  const given = part(manifest, 'metadata', 'annotations', name);
  if (given === undefined) return;
  refuse(
    'object/class-annotation',
    `${prop}metadata.annotations${keyPart(name)}`,
    given,
    `${expected} in place of the annotation, which is deprecated`,
    `Move the value to ${expected}`,
  );
}
