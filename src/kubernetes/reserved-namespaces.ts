/**
 * Whether Kubernetes or OpenShift keeps a namespace for itself; `default` is where objects land whose author forgot the
 * namespace.
 */
export function isReservedNamespace(name: string): boolean {
  return /^(default|openshift|kube-.*|openshift-.*)$/.test(name);
}
