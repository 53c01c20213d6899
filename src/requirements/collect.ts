import type { IConstruct } from 'constructs';
import { minorFor, needsOfApis } from './apis';
import { type AppManifest, keyOfObject, manifestsOf, podPath } from './manifests';
import { mergeNeeds, type MergedNeed, type Need } from './need';
import { needsOfEntrances, needsOfNetwork } from './network';
import { needsOfPods } from './pods';
import { type ObjectReference, referencesOf, valuesAt } from './references';
import { suppliedBy } from './supplied';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf } from '../kernel/model/cluster-facts';
import { requiredSecrets } from '../kernel/model/required-secrets';
import { part, textAt } from '../kernel/schema/manifest';

/** Everything that a part of an app presumes of its clusters and that the whole app does not create. */
export function collectNeeds(view: PassView, inside: ReadonlySet<IConstruct>): MergedNeed[] {
  const objects = manifestsOf(view).filter(({ at }) => inside.has(at));
  return mergeNeeds([
    ...versionsOf(view, objects, inside),
    ...objects.flatMap((object) => [
      ...namespaceOf(view, object),
      ...referencesOf(object)
        .filter(({ apiGroup, kind }) => !isSecret(apiGroup, kind))
        .flatMap((reference) => needOf(view, reference)),
      ...defaultsOf(object),
      ...needsOfApis(view, object),
      ...needsOfPods(view, object),
      ...needsOfNetwork(view, object),
    ]),
    ...needsOfEntrances(view, inside),
    ...secretNeeds(view, inside),
  ]);
}

/** Every Secret among them: those that blocks state, and those that objects name. */
export function collectSecrets(view: PassView, inside: ReadonlySet<IConstruct>): MergedNeed[] {
  return mergeNeeds(secretNeeds(view, inside));
}

function secretNeeds(view: PassView, inside: ReadonlySet<IConstruct>): Need[] {
  const stated = requiredSecrets(view, inside).flatMap(({ users, ...secret }) =>
    users.map((user): Need => ({ ...secret, user, kind: 'Secret', apiGroup: 'core' })),
  );
  const named = manifestsOf(view)
    .filter(({ at }) => inside.has(at))
    .flatMap(referencesOf)
    .filter(({ apiGroup, kind }) => isSecret(apiGroup, kind));
  return [...stated, ...named.map(toNeed)].filter((need) => !isSupplied(view, need));
}

function isSecret(apiGroup: string, kind: string): boolean {
  return apiGroup === 'core' && kind === 'Secret';
}

function toNeed({ from, apiGroup, kind, namespace, name, type, keys }: ObjectReference): Need {
  return { cluster: from.cluster, user: from.user, apiGroup, kind, namespace, name, type, keys };
}

function needOf(view: PassView, reference: ObjectReference): Need[] {
  const need = toNeed(reference);
  return isSupplied(view, need) ? [] : [need];
}

function isSupplied(view: PassView, { cluster, apiGroup = '', kind, namespace, name }: Need): boolean {
  return suppliedBy(view).has(keyOfObject({ cluster, apiGroup, kind, namespace, name }));
}

/** What each cluster has from the start. */
const FIRST_NAMESPACES = /^(default|kube-system|kube-public|kube-node-lease)$/;

function namespaceOf(view: PassView, { cluster, user, namespace }: AppManifest): Need[] {
  if (namespace === undefined || FIRST_NAMESPACES.test(namespace)) return [];
  const need: Need = { cluster, user, apiGroup: 'core', kind: 'Namespace', name: namespace };
  return isSupplied(view, need) ? [] : [need];
}

/** Objects without a class get that of the cluster. */
function defaultsOf(object: AppManifest): Need[] {
  const { cluster, user, apiGroup, kind, manifest } = object;
  const pods = podPath(object);
  const claims = [
    ...(apiGroup === 'core' && kind === 'PersistentVolumeClaim' ? [part(manifest, 'spec')] : []),
    ...(apiGroup === 'apps' && kind === 'StatefulSet' ? valuesAt(manifest, 'spec.volumeClaimTemplates[].spec') : []),
    ...(pods === undefined
      ? []
      : valuesAt(part(manifest, ...pods), 'spec.volumes[].ephemeral.volumeClaimTemplate.spec')),
  ];
  // '' asks for a volume without a class
  const hasDefault = claims.some(
    (claim) => part(claim, 'storageClassName') === undefined && part(claim, 'volumeName') === undefined,
  );
  const isPlainIngress =
    apiGroup === 'networking.k8s.io' &&
    kind === 'Ingress' &&
    textAt(manifest, 'spec', 'ingressClassName') === undefined &&
    textAt(manifest, 'metadata', 'annotations', 'kubernetes.io/ingress.class') === undefined;
  return [
    ...(hasDefault ? [{ cluster, user, kind: 'DefaultStorageClass', name: 'default' }] : []),
    ...(isPlainIngress ? [{ cluster, user, kind: 'DefaultIngressClass', name: 'default' }] : []),
  ];
}

/** The version of each cluster: the one of its profile, or a newer one that an object needs. */
function versionsOf(view: PassView, objects: readonly AppManifest[], inside: ReadonlySet<IConstruct>): Need[] {
  const minors = [
    ...objects.map((object) => ({ ...object, minor: minorFor(object) })),
    ...view
      .all('newField')
      .filter(({ owner }) => inside.has(owner))
      .map(({ owner, minor }) => ({ at: owner, user: owner.node.path, cluster: clusterOf(owner).name, minor })),
  ];
  const least = new Map<string, number>();
  for (const { at, cluster, minor } of minors) {
    const stated = Number(clusterOf(at).version.split('.')[1]);
    least.set(cluster, Math.max(least.get(cluster) ?? 0, stated, minor));
  }
  return [...least].flatMap(([cluster, minor]) => {
    const version = { cluster, kind: 'Kubernetes', name: `1.${minor}` };
    const users = minors.filter((one) => one.cluster === cluster && one.minor === minor);
    return users.length === 0 ? [{ ...version, user: '' }] : users.map(({ user }) => ({ ...version, user }));
  });
}
