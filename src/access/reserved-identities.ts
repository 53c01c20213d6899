/** The reserved prefixes, as messages show them. */
export const RESERVED_PREFIXES = "'system:' or 'kubeadm:'";

/**
 * Whether Kubernetes or kubeadm reserves a user or group: `system:masters` and `kubeadm:cluster-admins` are
 * administrators, `system:authenticated` is everyone.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/
 */
export function isReservedIdentity(name: string): boolean {
  return /^(system|kubeadm):/i.test(name);
}
