import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';

/** A namespace of the app with a quota and a LimitRange of the same name. */
export interface Tenant {
  readonly owner: IConstruct;
  readonly name: string;
  /** The promises of the quota: CPU in milli-cores, memory in bytes. */
  readonly quota: { readonly cpu: number; readonly memory: number; readonly pods: number };
  /** The prop of the block's quota for a key of the ResourceQuota. */
  readonly quotaProp: (key: string) => string | undefined;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly tenant: Tenant;
  }
}

export function stateTenant(tenant: Tenant): void {
  AppModel.of(tenant.owner).add('tenant', tenant);
}
