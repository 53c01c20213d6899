import { realpathSync } from 'node:fs';
import { Yaml } from 'cdk8s';
import { EXPIRES_LABEL } from './expiry';
import { describe } from '../kernel/findings/describe';
import { list, part, textAt } from '../kernel/schema/manifest';
import { closesEgress } from '../kubernetes/network-reach';

/** What the manifests of a namespace say of it. */
export interface NamespaceManifests {
  readonly name: string;
  /** Whether policies deny egress to all pods. */
  readonly isClosed: boolean;
  /** Whether it is that of a developer, whose editors can act as all ServiceAccounts. */
  readonly isOfDeveloper: boolean;
  /** The level of Pod Security that is enforced. */
  readonly podSecurity?: string;
  /** Those of the ServiceAccount `default`. */
  readonly pullSecrets: readonly string[];
  /** What is in the namespace. */
  readonly manifests: readonly unknown[];
}

/** What a file says of a namespace, or what is expected of the file. Without `name`, it must have one namespace. */
export function readManifests(file: string, name: string | undefined): NamespaceManifests | string {
  const manifests = load(file);
  if (manifests === undefined) return 'a YAML or JSON file with manifests';
  const namespaces = manifests.filter((manifest) => part(manifest, 'kind') === 'Namespace');
  const [namespace, ...others] = namespaces.filter((manifest) => name === undefined || nameOf(manifest) === name);
  const found = nameOf(namespace);
  if (found === undefined) {
    return name === undefined ? 'a file with a Namespace' : `a file with the Namespace ${describe(name)}`;
  }
  if (others.length > 0) return `a file with one Namespace, or its 'name'`;
  const inside = manifests.filter((manifest) => textAt(manifest, 'metadata', 'namespace') === found);
  const ofKind = (kind: string): unknown[] => inside.filter((manifest) => part(manifest, 'kind') === kind);
  const account = ofKind('ServiceAccount').find((manifest) => nameOf(manifest) === 'default');
  return {
    name: found,
    isClosed: closesEgress(ofKind('NetworkPolicy')),
    isOfDeveloper: textAt(namespace, 'metadata', 'labels', EXPIRES_LABEL) === 'true',
    podSecurity: textAt(namespace, 'metadata', 'labels', 'pod-security.kubernetes.io/enforce'),
    pullSecrets: list(part(account, 'imagePullSecrets')).flatMap((secret) => textAt(secret, 'name') ?? []),
    manifests: inside,
  };
}

/** All manifests of a file, with what is in lists. */
function load(file: string): unknown[] | undefined {
  try {
    // cdk8s would take what is no file for an address
    return (Yaml.load(realpathSync(file)) as unknown[]).flatMap((manifest) => {
      const items = part(manifest, 'items');
      return Array.isArray(items) ? (items as unknown[]) : [manifest];
    });
  } catch {
    return undefined;
  }
}

function nameOf(manifest: unknown): string | undefined {
  return textAt(manifest, 'metadata', 'name');
}
