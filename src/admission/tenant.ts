import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';

/** A namespace whose quotas and LimitRanges are known: one that the app makes, or states. */
export interface Tenant {
  readonly owner: IConstruct;
  readonly name: string;
  /** The promises of the quota: CPU in milli-cores, memory in bytes. None where another app has promised it. */
  readonly quota?: { readonly cpu: number; readonly memory: number; readonly pods: number };
  /** Whether its ResourceQuota and its LimitRange, both of its name, are written from props. */
  readonly hasProps: boolean;
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
