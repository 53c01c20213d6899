import { type Check, that } from '../kernel/schema/checks';
import { dnsLabel } from '../kernel/schema/syntax';

/**
 * What Kubernetes and OpenShift keep for themselves; `default` is where objects land whose author forgot the namespace.
 */
const RESERVED = /^(default|openshift|kube-.*|openshift-.*)$/;

/** A namespace that is one's own to create. */
export const ownNamespace: Check<string> = that(
  `${dnsLabel().expected}; not 'default', 'openshift', 'kube-...' or 'openshift-...'`,
  (value) => dnsLabel().read(value, () => undefined) !== undefined && !RESERVED.test(value as string),
);
