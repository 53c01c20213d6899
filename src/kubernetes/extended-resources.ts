import { type Check, that } from '../kernel/schema/checks';
import { dnsSubdomain } from '../kernel/schema/syntax';

const MOST = 100_000;
/** A quota has the name after `requests.`, which is part of the domain there. */
const LONGEST_DOMAIN = 253 - 'requests.'.length;
const LOCAL = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/**
 * The name of a resource that a device plugin advertises. Kubernetes reserves its own domain, and the API server
 * refuses names that look like a key of a quota.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/v1/helper/helpers.go
 */
export const extendedName: Check<string> = that(
  "the name of an extended resource with its domain, such as 'nvidia.com/gpu'",
  (value) => typeof value === 'string' && isExtended(value),
);

export function isExtended(name: string): boolean {
  const [domain, local, ...more] = name.split('/');
  return (
    more.length === 0 &&
    local !== undefined &&
    LOCAL.test(local) &&
    domain.length <= LONGEST_DOMAIN &&
    dnsSubdomain.read(domain, () => undefined) !== undefined &&
    !domain.endsWith('kubernetes.io') &&
    !domain.startsWith('requests.')
  );
}

/** A number of devices. */
export const wholeDevices: Check<number> = that(
  `a whole number of devices from 1 to ${MOST}`,
  (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST,
  (refused) => {
    const count = typeof refused === 'string' && refused.trim() !== '' ? Number(refused) : refused;
    if (count === 0) return 'Remove the entry: a container without it gets no device';
    if (typeof count === 'number' && count > 0 && !Number.isInteger(count)) {
      return (
        `Write ${Math.ceil(count)}: devices are not divided by request. A part of a device has a name of its own, ` +
        "such as 'nvidia.com/mig-1g.5gb', and a device plugin or a DRA driver can share devices"
      );
    }
    return Number.isInteger(count) && typeof refused === 'string'
      ? `Write ${count as number}, without quotes`
      : undefined;
  },
);
