import { Size } from 'cdk8s';
import { Cpu, Quota } from 'cdk8s-best-practices';

/** What the platform team knows of a team: whom to ask, what for, and what it pays for. */
export interface Team {
  readonly owner: string;
  readonly purpose: string;
  readonly quota: Quota;
  readonly limitRange?: { readonly maxClaim?: Size };
}

/** The three teams of the cluster, by the names of their namespaces. */
export const teams = {
  shop: {
    owner: 'shop-oncall@example.com',
    purpose: 'The web shop, production',
    quota: Quota.of({
      cpu: Cpu.units(8),
      memory: Size.gibibytes(16),
      pods: 80,
      storage: Size.gibibytes(40),
      storageClasses: { fast: { storage: Size.gibibytes(30), claims: 3 } },
    }),
    limitRange: { maxClaim: Size.gibibytes(20) },
  },
  blog: {
    owner: 'alice',
    purpose: 'The company blog',
    quota: Quota.of({ cpu: Cpu.units(1), memory: Size.gibibytes(2) }),
  },
  search: {
    owner: 'search-team',
    purpose: 'Product search, without CPU limits: it uses what is idle',
    quota: Quota.withoutCpuLimit({ cpu: Cpu.units(6), memory: Size.gibibytes(24) }),
  },
} satisfies Record<string, Team>;
