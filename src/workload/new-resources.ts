import { createHash } from 'node:crypto';
import type { Construct } from 'constructs';
import { emit } from '../kernel/emit/emission';
import type { Labels } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import type { ContainerSettings } from '../pod/container';
import type { DeviceSettings } from '../pod/device-request';
import type { PodSettings } from '../pod/pod-settings';

/** States what a container needs of a newer cluster, and writes the template of its device claims. */
export function addNewResources(
  owner: Construct,
  { name: workload, deviceClaims }: PodSettings,
  { name, role, resources: { resize, devices } }: ContainerSettings,
  labels: Labels,
): void {
  const prop = `${role === 'main' ? '' : `${name}.`}resources`;
  if (resize !== undefined) {
    AppModel.of(owner).add('newField', {
      owner,
      prop: `${prop}.resize`,
      value: `cpu ${resize.cpu}, memory ${resize.memory}`,
      minor: 33,
      fallback: 'remove it: new resources replace the pods',
    });
  }
  if (devices === undefined) return;
  AppModel.of(owner).add('newField', {
    owner,
    prop: `${prop}.devices`,
    value: devices.map(({ deviceClass, count }) => `${count} ${deviceClass}`).join(', '),
    minor: 34,
    fallback: "use 'extended' with the name that the device plugin advertises",
  });
  const spec = { spec: { devices: { requests: devices.map(renderRequest) } } };
  // the spec of a template cannot change: other devices need another template, which rolls the pods
  const hash = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 10);
  const template = `${workload}-${name}-${hash}`;
  emit(owner, `DeviceClaim-${name}`, {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaimTemplate',
    metadata: { name: template, labels },
    spec,
  });
  deviceClaims.push({ name, template });
}

function renderRequest({ deviceClass, count, selectors }: DeviceSettings, index: number): object {
  return {
    name: `device-${index}`,
    exactly: {
      deviceClassName: deviceClass,
      allocationMode: 'ExactCount',
      count,
      ...(selectors.length === 0 ? {} : { selectors: selectors.map((expression) => ({ cel: { expression } })) }),
    },
  };
}
