import { CONTROLLERS, type ControllerOfGroup, KNOWN_CONTROLLERS } from './controllers';
import { type AppManifest, manifestsOf } from './manifests';
import type { Need } from './need';
import type { PassView } from '../kernel/facts/pass-view';
import { list, part, textAt } from '../kernel/schema/manifest';
import { resourceOf } from '../kubernetes/resource-name';

/** Groups of Kubernetes itself; those of extensions also end with `.k8s.io`. */
const BUILT_IN =
  /^([^.]+|(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io)$/;

/** The first minor version with an API, where it is newer than the oldest one that the library supports. */
const SINCE: Readonly<Record<string, number>> = {
  'admissionregistration.k8s.io/v1 MutatingAdmissionPolicy': 36,
  'admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding': 36,
  'networking.k8s.io/v1 IPAddress': 33,
  'networking.k8s.io/v1 ServiceCIDR': 33,
  'resource.k8s.io/v1 DeviceClass': 34,
  'resource.k8s.io/v1 ResourceClaim': 34,
  'resource.k8s.io/v1 ResourceClaimTemplate': 34,
  'resource.k8s.io/v1 ResourceSlice': 34,
  'storage.k8s.io/v1 VolumeAttributesClass': 34,
};

/** The first minor version that has the API of an object; 0 if all supported ones have it. */
export function minorFor({ apiVersion, kind }: AppManifest): number {
  const id = `${apiVersion} ${kind}`;
  return Object.hasOwn(SINCE, id) ? SINCE[id] : 0;
}

/** The APIs that an object needs: its own if it is an extension or not final, and those that autoscalers read. */
export function needsOfApis(view: PassView, object: AppManifest): Need[] {
  return [...ownApi(view, object), ...providerOf(object), ...metricsOf(object)];
}

/** The driver of a SecretProviderClass calls a provider, another DaemonSet. Without it, pods wait for the volume. */
function providerOf({ cluster, user, apiGroup, kind, manifest }: AppManifest): Need[] {
  if (`${apiGroup}/${kind}` !== 'secrets-store.csi.x-k8s.io/SecretProviderClass') return [];
  const name = `Secrets Store CSI provider ${textAt(manifest, 'spec', 'provider') ?? ''}`;
  return Object.hasOwn(KNOWN_CONTROLLERS, name) ? [{ cluster, user, kind: 'Controller', name }] : [];
}

function ownApi(view: PassView, { cluster, user, apiGroup, apiVersion, kind }: AppManifest): Need[] {
  const api: Need = { cluster, user, kind: 'API', name: `${apiVersion} ${kind}`, apiVersion, serves: kind };
  if (BUILT_IN.test(apiGroup)) return /(alpha|beta)\d+$/.test(apiVersion) ? [api] : [];
  if (view.derive(definedKinds).has(definedKey(cluster, apiGroup, kind))) return [];
  const controller = controllerOf(apiGroup);
  if (controller === undefined) return [api];
  const { name } = controller;
  return [
    { ...api, kind: 'CustomResourceDefinition', name: resourceOf({ apiGroup, kind }) },
    ...(name === undefined ? [] : [{ cluster, user, kind: 'Controller', name }]),
  ];
}

function controllerOf(apiGroup: string): ControllerOfGroup | undefined {
  return Object.hasOwn(CONTROLLERS, apiGroup) ? CONTROLLERS[apiGroup] : undefined;
}

/** The kinds whose CustomResourceDefinition is in the app. */
function definedKinds(view: PassView): Set<string> {
  return new Set(
    manifestsOf(view)
      .filter(({ apiGroup, kind }) => apiGroup === 'apiextensions.k8s.io' && kind === 'CustomResourceDefinition')
      .map(({ cluster, manifest }) =>
        definedKey(cluster, textAt(manifest, 'spec', 'group') ?? '', textAt(manifest, 'spec', 'names', 'kind') ?? ''),
      ),
  );
}

function definedKey(cluster: string, apiGroup: string, kind: string): string {
  return JSON.stringify([cluster, apiGroup, kind]);
}

const METRICS = 'metrics.k8s.io';

/** The metrics that an autoscaler reads. */
function metricsOf({ cluster, user, apiGroup, kind, manifest }: AppManifest): Need[] {
  const apis = new Set<string>();
  switch (`${apiGroup}/${kind}`) {
    case 'autoscaling/HorizontalPodAutoscaler': {
      const types = list(part(manifest, 'spec', 'metrics')).map((metric) => textAt(metric, 'type'));
      // autoscaling/v1, or the default of 80 % CPU
      if (types.length === 0 || types.some((type) => type === 'Resource' || type === 'ContainerResource')) {
        apis.add(METRICS);
      }
      if (types.some((type) => type === 'Pods' || type === 'Object')) apis.add('custom.metrics.k8s.io');
      if (types.includes('External')) apis.add('external.metrics.k8s.io');
      break;
    }
    case 'keda.sh/ScaledObject':
      // KEDA feeds an HPA: it serves the metrics of all other triggers itself
      for (const trigger of list(part(manifest, 'spec', 'triggers'))) {
        const type = textAt(trigger, 'type');
        apis.add(type === 'cpu' || type === 'memory' ? METRICS : 'external.metrics.k8s.io');
      }
      break;
    case 'autoscaling.k8s.io/VerticalPodAutoscaler':
      apis.add(METRICS);
      break;
  }
  return [...apis].map((name) => ({ cluster, user, kind: 'MetricsAPI', name }));
}
