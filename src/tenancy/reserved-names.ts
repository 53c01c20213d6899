import { type Check, that } from '../kernel/schema/checks';
import { dnsLabel } from '../kernel/schema/syntax';
import { isReservedNamespace } from '../kubernetes/reserved-namespaces';

/** A namespace that users may create. */
export const ownNamespace: Check<string> = that(
  `${dnsLabel().expected}; not 'default', 'openshift', 'kube-...' or 'openshift-...'`,
  (value) => dnsLabel().read(value, () => undefined) !== undefined && !isReservedNamespace(value as string),
);
