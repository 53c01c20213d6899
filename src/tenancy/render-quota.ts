import type { ResourceQuotaSpec } from 'kubernetes-types/core/v1';
import type { ObjectCounts, QuotaSettings } from './quota';
import { keyPart } from '../kernel/findings/prop-path';
import { bytesQuantity, cpuQuantity } from '../kubernetes/quantity';

/** The keys of the API; the core group has special names for some. */
const COUNT_KEYS: Readonly<Record<keyof ObjectCounts, string>> = {
  services: 'services',
  loadBalancers: 'services.loadbalancers',
  nodePorts: 'services.nodeports',
  configMaps: 'configmaps',
  secrets: 'secrets',
  persistentVolumeClaims: 'persistentvolumeclaims',
  serviceAccounts: 'count/serviceaccounts',
  deployments: 'count/deployments.apps',
  replicaSets: 'count/replicasets.apps',
  statefulSets: 'count/statefulsets.apps',
  daemonSets: 'count/daemonsets.apps',
  jobs: 'count/jobs.batch',
  cronJobs: 'count/cronjobs.batch',
  ingresses: 'count/ingresses.networking.k8s.io',
  networkPolicies: 'count/networkpolicies.networking.k8s.io',
};

/** Each key of `hard` with its quantity and its prop. */
function hardOf(settings: QuotaSettings): Array<[key: string, quantity: string, prop: string]> {
  const { cpu, cpuLimit, memory, memoryLimit, pods, ephemeralStorage, storage, storageClasses, objects } = settings;
  const { extended, devices } = settings;
  return [
    ['requests.cpu', cpuQuantity(cpu), 'cpu'],
    ['requests.memory', bytesQuantity(memory), 'memory'],
    ['requests.ephemeral-storage', bytesQuantity(ephemeralStorage), 'ephemeralStorage'],
    ...(cpuLimit === undefined
      ? []
      : [['limits.cpu', cpuQuantity(cpuLimit), 'cpuLimit'] satisfies [string, string, string]]),
    ['limits.memory', bytesQuantity(memoryLimit), 'memoryLimit'],
    ['limits.ephemeral-storage', bytesQuantity(ephemeralStorage), 'ephemeralStorage'],
    ['requests.storage', bytesQuantity(storage), 'storage'],
    ...storageClasses.flatMap((storageClass): Array<[string, string, string]> => {
      const key = `${storageClass.name}.storageclass.storage.k8s.io`;
      const prop = `storageClasses${keyPart(storageClass.name)}`;
      return [
        ...(storageClass.storage === undefined
          ? []
          : [
              [`${key}/requests.storage`, bytesQuantity(storageClass.storage), `${prop}.storage`] satisfies [
                string,
                string,
                string,
              ],
            ]),
        ...(storageClass.claims === undefined
          ? []
          : [
              [`${key}/persistentvolumeclaims`, String(storageClass.claims), `${prop}.claims`] satisfies [
                string,
                string,
                string,
              ],
            ]),
      ];
    }),
    ...Object.entries(extended).map(([resource, count]): [string, string, string] => [
      `requests.${resource}`,
      String(count),
      `extended${keyPart(resource)}`,
    ]),
    ...Object.entries(devices).map(([name, count]): [string, string, string] => [
      `${name}.deviceclass.resource.k8s.io/devices`,
      String(count),
      `devices${keyPart(name)}`,
    ]),
    ['pods', String(pods), 'pods'],
    ...Object.entries(objects).map(([kind, count]): [string, string, string] => [
      COUNT_KEYS[kind as keyof ObjectCounts],
      String(count),
      `objects.${kind}`,
    ]),
  ];
}

export function renderQuota(settings: QuotaSettings): ResourceQuotaSpec {
  return { hard: Object.fromEntries(hardOf(settings).map(([key, quantity]) => [key, quantity])) };
}

/** The prop of a key of `hard`, for messages. */
export function quotaProp(settings: QuotaSettings, key: string): string | undefined {
  return hardOf(settings).find(([known]) => known === key)?.[2];
}
