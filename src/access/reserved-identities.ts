/** How messages name what is reserved. */
export const RESERVED_PREFIXES = "'system:' or 'kubeadm:'";

/**
 * Whether a user or a group is one of Kubernetes or of kubeadm: `system:masters` and `kubeadm:cluster-admins` are
 * administrators, `system:authenticated` is everybody.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/
 */
export function isReservedIdentity(name: string): boolean {
  return /^(system|kubeadm):/i.test(name);
}
