import type { ServiceSpec } from 'kubernetes-types/core/v1';
import type { Family } from '../../kubernetes/address';

/**
 * The families that a Service must have; none leaves them to the cluster.
 *
 * Two are preferred, not required: a cluster with one family takes the Service, too.
 */
export function renderFamilies(families: readonly Family[]): Pick<ServiceSpec, 'ipFamilies' | 'ipFamilyPolicy'> {
  if (families.length === 0) return {};
  return families.length === 1 ? { ipFamilyPolicy: 'SingleStack', ipFamilies: [...families] } : { ipFamilyPolicy: 'PreferDualStack' };
}
