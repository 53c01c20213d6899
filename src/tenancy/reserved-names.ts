import { type Check, that } from '../kernel/schema/checks';
import { dnsLabel } from '../kernel/schema/syntax';

/**
 * Reserved by Kubernetes and OpenShift; in `default` are objects whose author forgot the namespace.
 */
const RESERVED = /^(default|openshift|kube-.*|openshift-.*)$/;

/** A namespace that users may create. */
export const ownNamespace: Check<string> = that(
  `${dnsLabel().expected}; not 'default', 'openshift', 'kube-...' or 'openshift-...'`,
  (value) => dnsLabel().read(value, () => undefined) !== undefined && !RESERVED.test(value as string),
);
