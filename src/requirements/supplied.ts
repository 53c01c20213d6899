import { type AppManifest, type Identity, keyOfObject, manifestsOf } from './manifests';
import { issuersOf, valuesAt } from './references';
import type { PassView } from '../kernel/facts/pass-view';
import { countAt, list, part, textAt } from '../kernel/schema/manifest';

/** Keys of all objects that an app contains, or that controllers make from its objects. */
export function suppliedBy(view: PassView): ReadonlySet<string> {
  return view.derive(readSupplied);
}

function readSupplied(view: PassView): Set<string> {
  return new Set(
    manifestsOf(view).flatMap((object) => [
      keyOfObject(object),
      ...madeFrom(object).map((made) => keyOfObject({ cluster: object.cluster, namespace: object.namespace, ...made })),
    ]),
  );
}

type Made = Pick<Identity, 'apiGroup' | 'kind' | 'name'>;

const secret = (name: string | undefined): Made[] =>
  name === undefined ? [] : [{ apiGroup: 'core', kind: 'Secret', name }];

/** Objects that a controller makes from an object, in its namespace. */
const MAKERS: Readonly<Record<string, (object: AppManifest) => Made[]>> = {
  'apps/StatefulSet': ({ manifest, name }) =>
    list(part(manifest, 'spec', 'volumeClaimTemplates')).flatMap((template) => {
      const first = countAt(manifest, 'spec', 'ordinals', 'start') ?? 0;
      return Array.from({ length: countAt(manifest, 'spec', 'replicas') ?? 1 }, (_, index) => ({
        apiGroup: 'core',
        kind: 'PersistentVolumeClaim',
        name: `${textAt(template, 'metadata', 'name') ?? ''}-${name}-${first + index}`,
      }));
    }),
  'bitnami.com/SealedSecret': ({ manifest, name }) =>
    secret(textAt(manifest, 'spec', 'template', 'metadata', 'name') ?? name),
  'cert-manager.io/Certificate': ({ manifest }) => secret(textAt(manifest, 'spec', 'secretName')),
  // a claim gets a volume of its class, also if the class does not exist
  'core/PersistentVolume': ({ manifest }) => {
    const name = textAt(manifest, 'spec', 'storageClassName');
    return name === undefined ? [] : [{ apiGroup: 'storage.k8s.io', kind: 'StorageClass', name }];
  },
  'external-secrets.io/ExternalSecret': ({ manifest, name }) =>
    secret(textAt(manifest, 'spec', 'target', 'name') ?? name),
  'gateway.networking.k8s.io/Gateway': (object) =>
    certificates(object, 'spec.listeners[].tls.certificateRefs[]').flatMap((ref) => secret(textAt(ref, 'name'))),
  'networking.k8s.io/Ingress': (object) =>
    certificates(object, 'spec.tls[].secretName').flatMap((name) => secret(name as string)),
  'secrets-store.csi.x-k8s.io/SecretProviderClass': ({ manifest }) =>
    list(part(manifest, 'spec', 'secretObjects')).flatMap((made) => secret(textAt(made, 'secretName'))),
};

/** The Secrets that cert-manager writes for the hosts of an object. */
function certificates(object: AppManifest, path: string): unknown[] {
  return issuersOf(object).length === 0 ? [] : valuesAt(object.manifest, path);
}

function madeFrom(object: AppManifest): Made[] {
  const id = `${object.apiGroup}/${object.kind}`;
  return Object.hasOwn(MAKERS, id) ? MAKERS[id](object) : [];
}
