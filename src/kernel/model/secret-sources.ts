import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { clusterOf } from './cluster-facts';
import { namespaceOf } from './names';
import type { Facts } from '../facts/fact-map';

/** The clouds and stores that the Secrets Store CSI driver reads. */
export type CsiProviderName = 'aws' | 'azure' | 'gcp' | 'vault';

/** What the Secrets Store CSI driver does with a Secret. */
export interface CsiFacts {
  readonly provider: CsiProviderName;
  /** Whether the driver also creates a Secret while a pod mounts the files. */
  readonly synced: boolean;
  /** Whether the credentials come from EKS Pod Identity. */
  readonly podIdentity: boolean;
}

/** A Secret that an object of the app creates on the cluster. */
export interface SourcedSecret {
  readonly owner: IConstruct;
  readonly object: ApiObject;
  readonly name: string;
  readonly type: string;
  readonly keys: readonly string[];
  readonly csi?: CsiFacts;
  /** The keys whose content in the store can change while the name stays. */
  readonly unpinned: readonly string[];
}

/** A workload that mounts files of the Secrets Store CSI driver. */
export interface CsiMount {
  readonly owner: IConstruct;
  readonly secret: IConstruct;
}

/** A store that an ExternalSecret reads. */
export interface StoreUse {
  readonly owner: IConstruct;
  readonly kind: string;
  readonly name: string;
  /** Whether the app says that the store exists, although it does not contain it. */
  readonly isStated: boolean;
}

/** A SecretStore of the app. */
export interface StoreFact {
  readonly owner: IConstruct;
  readonly name: string;
}

declare module '../facts/fact-map' {
  interface FactMap {
    readonly sourcedSecret: SourcedSecret;
    readonly csiMount: CsiMount;
    readonly storeUse: StoreUse;
    readonly secretStore: StoreFact;
  }
}

/** A key for a name in a namespace of a cluster. */
export function placedName(user: IConstruct, name: string, namespace = namespaceOf(user)): string {
  return JSON.stringify([clusterOf(user).name, namespace ?? '', name]);
}

/** The Secrets that objects of the app create, by `placedName`. */
export function sourcedSecrets(facts: Facts): ReadonlyMap<string, SourcedSecret> {
  return new Map(facts.all('sourcedSecret').map((secret) => [placedName(secret.owner, secret.name), secret]));
}
