import { type AppManifest, podPath } from './manifests';
import { list, part, textAt } from '../kernel/schema/manifest';
import { isNamespaced } from '../kubernetes/cluster-scoped';

/** An object that another object names. */
export interface ObjectReference {
  readonly from: AppManifest;
  readonly apiGroup: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly type?: string;
  readonly keys: readonly string[];
}

/** Where a kind names other objects. */
interface Place {
  /** Path; `[]` after a step stands for each item of a list. It ends at a name, or at an object with a name. */
  readonly at: string;
  /** `<group>/<kind>` of the named object, unless the reference states another one. */
  readonly to: string;
  /** Field with the name. */
  readonly name?: string;
  /** Field, or path inside of it, with the keys that the user reads. */
  readonly keys?: string;
  /** Type of the Secret. */
  readonly type?: string;
  /** Keys that such a user always reads. */
  readonly fixedKeys?: readonly string[];
}

const PULL = { to: 'core/Secret', type: 'kubernetes.io/dockerconfigjson', fixedKeys: ['.dockerconfigjson'] };
const CERTIFICATE = { to: 'core/Secret', type: 'kubernetes.io/tls', fixedKeys: ['tls.crt', 'tls.key'] };

const CONTAINER: readonly Place[] = [
  { at: 'env[].valueFrom.secretKeyRef', to: 'core/Secret', keys: 'key' },
  { at: 'env[].valueFrom.configMapKeyRef', to: 'core/ConfigMap', keys: 'key' },
  { at: 'envFrom[].secretRef', to: 'core/Secret' },
  { at: 'envFrom[].configMapRef', to: 'core/ConfigMap' },
];

const CLAIM: readonly Place[] = [
  { at: 'storageClassName', to: 'storage.k8s.io/StorageClass' },
  { at: 'volumeAttributesClassName', to: 'storage.k8s.io/VolumeAttributesClass' },
  { at: 'volumeName', to: 'core/PersistentVolume' },
  { at: 'dataSource', to: 'core/PersistentVolumeClaim' },
  { at: 'dataSourceRef', to: 'core/PersistentVolumeClaim' },
];

const POD: readonly Place[] = [
  { at: 'serviceAccountName', to: 'core/ServiceAccount' },
  { at: 'imagePullSecrets[]', ...PULL },
  { at: 'priorityClassName', to: 'scheduling.k8s.io/PriorityClass' },
  { at: 'runtimeClassName', to: 'node.k8s.io/RuntimeClass' },
  { at: 'resourceClaims[].resourceClaimName', to: 'resource.k8s.io/ResourceClaim' },
  { at: 'resourceClaims[].resourceClaimTemplateName', to: 'resource.k8s.io/ResourceClaimTemplate' },
  { at: 'volumes[].secret', to: 'core/Secret', name: 'secretName', keys: 'items[].key' },
  { at: 'volumes[].configMap', to: 'core/ConfigMap', keys: 'items[].key' },
  { at: 'volumes[].projected.sources[].secret', to: 'core/Secret', keys: 'items[].key' },
  { at: 'volumes[].projected.sources[].configMap', to: 'core/ConfigMap', keys: 'items[].key' },
  { at: 'volumes[].persistentVolumeClaim', to: 'core/PersistentVolumeClaim', name: 'claimName' },
  { at: 'volumes[].csi.driver', to: 'storage.k8s.io/CSIDriver' },
  { at: 'volumes[].csi.nodePublishSecretRef', to: 'core/Secret' },
  {
    at: 'volumes[].csi.volumeAttributes.secretProviderClass',
    to: 'secrets-store.csi.x-k8s.io/SecretProviderClass',
  },
  ...within('volumes[].ephemeral.volumeClaimTemplate.spec', CLAIM),
  ...within('containers[]', CONTAINER),
  ...within('initContainers[]', CONTAINER),
];

const PARENTS: Place = { at: 'spec.parentRefs[]', to: 'gateway.networking.k8s.io/Gateway' };
const ROUTE: readonly Place[] = [
  PARENTS,
  { at: 'spec.rules[].backendRefs[]', to: 'core/Service' },
  { at: 'spec.rules[].filters[].requestMirror.backendRef', to: 'core/Service' },
];
const DEVICES: readonly Place[] = [
  { at: 'deviceClassName', to: 'resource.k8s.io/DeviceClass' },
  { at: 'exactly.deviceClassName', to: 'resource.k8s.io/DeviceClass' },
  { at: 'firstAvailable[].deviceClassName', to: 'resource.k8s.io/DeviceClass' },
];
const WEBHOOKS: readonly Place[] = [{ at: 'webhooks[].clientConfig.service', to: 'core/Service' }];
const TRIGGERS: Place = { at: 'spec.triggers[].authenticationRef', to: 'keda.sh/TriggerAuthentication' };
const TRIGGER_SECRETS: readonly Place[] = [
  { at: 'spec.secretTargetRef[]', to: 'core/Secret', keys: 'key' },
  { at: 'spec.configMapTargetRef[]', to: 'core/ConfigMap', keys: 'key' },
];

const CERTIFICATE_AUTHORITY: readonly Place[] = [
  { at: 'spec.provider.vault.caProvider', to: 'core/ConfigMap', keys: 'key' },
];

/** By `<group>/<kind>`. */
const PLACES: Readonly<Record<string, readonly Place[]>> = {
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': WEBHOOKS,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': WEBHOOKS,
  'apiregistration.k8s.io/APIService': [{ at: 'spec.service', to: 'core/Service' }],
  'apps/StatefulSet': within('spec.volumeClaimTemplates[].spec', CLAIM),
  'autoscaling/HorizontalPodAutoscaler': [{ at: 'spec.scaleTargetRef', to: 'apps/Deployment' }],
  'autoscaling.k8s.io/VerticalPodAutoscaler': [{ at: 'spec.targetRef', to: 'apps/Deployment' }],
  'cert-manager.io/Certificate': [{ at: 'spec.issuerRef', to: 'cert-manager.io/Issuer' }],
  'core/PersistentVolume': [{ at: 'spec.csi.driver', to: 'storage.k8s.io/CSIDriver' }],
  'core/PersistentVolumeClaim': within('spec', CLAIM),
  'core/ServiceAccount': [{ at: 'imagePullSecrets[]', ...PULL }],
  'external-secrets.io/ExternalSecret': [{ at: 'spec.secretStoreRef', to: 'external-secrets.io/SecretStore' }],
  'external-secrets.io/ClusterSecretStore': CERTIFICATE_AUTHORITY,
  'external-secrets.io/PushSecret': [{ at: 'spec.secretStoreRefs[]', to: 'external-secrets.io/SecretStore' }],
  'external-secrets.io/SecretStore': CERTIFICATE_AUTHORITY,
  'gateway.networking.k8s.io/Gateway': [
    { at: 'spec.gatewayClassName', to: 'gateway.networking.k8s.io/GatewayClass' },
    { at: 'spec.listeners[].tls.certificateRefs[]', ...CERTIFICATE },
  ],
  'gateway.networking.k8s.io/GRPCRoute': ROUTE,
  'gateway.networking.k8s.io/HTTPRoute': ROUTE,
  'gateway.networking.k8s.io/TCPRoute': ROUTE,
  'gateway.networking.k8s.io/TLSRoute': ROUTE,
  'gateway.networking.k8s.io/UDPRoute': ROUTE,
  'keda.sh/ScaledJob': [TRIGGERS],
  'keda.sh/ScaledObject': [{ at: 'spec.scaleTargetRef', to: 'apps/Deployment' }, TRIGGERS],
  'keda.sh/TriggerAuthentication': TRIGGER_SECRETS,
  'networking.k8s.io/Ingress': [
    { at: 'spec.ingressClassName', to: 'networking.k8s.io/IngressClass' },
    { at: 'spec.tls[].secretName', ...CERTIFICATE },
    { at: 'spec.defaultBackend.service', to: 'core/Service' },
    { at: 'spec.rules[].http.paths[].backend.service', to: 'core/Service' },
  ],
  'rbac.authorization.k8s.io/ClusterRoleBinding': [{ at: 'roleRef', to: 'rbac.authorization.k8s.io/ClusterRole' }],
  'rbac.authorization.k8s.io/RoleBinding': [{ at: 'roleRef', to: 'rbac.authorization.k8s.io/Role' }],
  'resource.k8s.io/ResourceClaim': within('spec.devices.requests[]', DEVICES),
  'resource.k8s.io/ResourceClaimTemplate': within('spec.spec.devices.requests[]', DEVICES),
  'snapshot.storage.k8s.io/VolumeSnapshot': [
    { at: 'spec.volumeSnapshotClassName', to: 'snapshot.storage.k8s.io/VolumeSnapshotClass' },
    { at: 'spec.source.persistentVolumeClaimName', to: 'core/PersistentVolumeClaim' },
  ],
  'snapshot.storage.k8s.io/VolumeSnapshotClass': [{ at: 'driver', to: 'storage.k8s.io/CSIDriver' }],
  'storage.k8s.io/StorageClass': [{ at: 'provisioner', to: 'storage.k8s.io/CSIDriver' }],
};

function within(path: string, places: readonly Place[]): Place[] {
  return places.map((place) => ({ ...place, at: `${path}.${place.at}` }));
}

/** Annotations for cert-manager on an Ingress or a Gateway. */
const ISSUERS: ReadonlyArray<readonly [annotation: string, kind: string]> = [
  ['cert-manager.io/cluster-issuer', 'ClusterIssuer'],
  ['cert-manager.io/issuer', 'Issuer'],
];

/** What exists on each cluster from the start. */
const BUILT_IN: Readonly<Record<string, RegExp>> = {
  'core/ConfigMap': /^kube-root-ca\.crt$/,
  'core/ServiceAccount': /^default$/,
  'rbac.authorization.k8s.io/ClusterRole': /^(cluster-admin|admin|edit|view|system:.*)$/,
  'rbac.authorization.k8s.io/Role': /^system:/,
  // a provisioner with a slash is no CSI driver, and has no such object
  'storage.k8s.io/CSIDriver': /\//,
  'scheduling.k8s.io/PriorityClass': /^system-(cluster|node)-critical$/,
};

/** The objects that an object names, but for those of each cluster. */
export function referencesOf(from: AppManifest): ObjectReference[] {
  const id = `${from.apiGroup}/${from.kind}`;
  const pods = podPath(from);
  const found = [
    ...(Object.hasOwn(PLACES, id) ? PLACES[id] : []).flatMap((place) => read(from, from.manifest, place)),
    ...(pods === undefined ? [] : POD.flatMap((place) => read(from, part(from.manifest, ...pods, 'spec'), place))),
    ...issuersOf(from),
  ];
  return found.filter(
    ({ apiGroup, kind, name }) =>
      !(Object.hasOwn(BUILT_IN, `${apiGroup}/${kind}`) && BUILT_IN[`${apiGroup}/${kind}`].test(name)),
  );
}

/** The issuer that an annotation names; cert-manager then writes the Secret of the certificate. */
export function issuersOf(from: AppManifest): ObjectReference[] {
  if (!/^(Ingress|Gateway)$/.test(from.kind)) return [];
  return ISSUERS.flatMap(([annotation, kind]) => {
    const annotations = part(from.manifest, 'metadata', 'annotations');
    const name = textAt(annotations, annotation);
    if (name === undefined) return [];
    const apiGroup = textAt(annotations, 'cert-manager.io/issuer-group') ?? 'cert-manager.io';
    const stated = textAt(annotations, 'cert-manager.io/issuer-kind') ?? kind;
    const namespace = isNamespaced(apiGroup, stated) ? from.namespace : undefined;
    return [{ from, apiGroup, kind: stated, namespace, name, keys: [] }];
  });
}

function read(from: AppManifest, root: unknown, place: Place): ObjectReference[] {
  return valuesAt(root, place.at).flatMap((value) => {
    const name = typeof value === 'string' ? value : textAt(value, place.name ?? 'name');
    if (name === undefined || name === '' || part(value, 'optional') === true) return [];
    const { apiGroup, kind } = targetOf(value, place.to);
    return [
      {
        from,
        apiGroup,
        kind,
        namespace: isNamespaced(apiGroup, kind) ? (textAt(value, 'namespace') ?? from.namespace) : undefined,
        name,
        type: apiGroup === 'core' && kind === 'Secret' ? (place.type ?? 'Opaque') : undefined,
        keys: [
          ...(place.fixedKeys ?? []),
          ...(place.keys === undefined ? [] : valuesAt(value, place.keys)).filter((key) => typeof key === 'string'),
        ],
      },
    ];
  });
}

/** Kinds that a certificate of a store states as its type. */
const CORE_KINDS: readonly string[] = ['ConfigMap', 'Secret'];

/** References state group and kind in several ways. */
function targetOf(value: unknown, usual: string): { readonly apiGroup: string; readonly kind: string } {
  const [group, usualKind] = usual.split('/');
  const kind = textAt(value, 'kind') ?? CORE_KINDS.find((one) => one === part(value, 'type')) ?? usualKind;
  const version = textAt(value, 'apiVersion');
  const stated = part(value, 'apiGroup') ?? part(value, 'group');
  if (version !== undefined) return { apiGroup: version.includes('/') ? version.split('/')[0] : 'core', kind };
  if (typeof stated === 'string') return { apiGroup: stated === '' ? 'core' : stated, kind };
  return { apiGroup: group, kind };
}

/** All values at a path. */
export function valuesAt(root: unknown, path: string): unknown[] {
  let values: unknown[] = [root];
  for (const step of path.split('.')) {
    const key = step.replace(/\[\]$/, '');
    values = values.flatMap((value) => {
      const next = part(value, key);
      return step.endsWith('[]') ? list(next) : next === undefined || next === null ? [] : [next];
    });
  }
  return values;
}
