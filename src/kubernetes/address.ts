import { BlockList, isIP } from 'node:net';
import { isCanonical } from './cidr';
import type { Check } from '../kernel/schema/checks';

export type Family = 'IPv4' | 'IPv6';

/** Ranges whose addresses mean something else on each machine, or no single machine. */
const SPECIAL: ReadonlyArray<readonly [what: string, network: string, prefix: number]> = [
  ['unspecified', '0.0.0.0', 32],
  ['unspecified', '::', 128],
  ['loopback', '127.0.0.0', 8],
  ['loopback', '::1', 128],
  ['link-local', '169.254.0.0', 16],
  ['link-local', 'fe80::', 10],
  ['multicast', '224.0.0.0', 4],
  ['multicast', 'ff00::', 8],
];

const specialRanges = SPECIAL.map(([what, network, prefix]) => {
  const list = new BlockList();
  list.addSubnet(network, prefix, isIP(network) === 4 ? 'ipv4' : 'ipv6');
  return { what, family: familyOf(network), list };
});

/** The family of an address that has been accepted. */
export function familyOf(address: string): Family {
  return isIP(address) === 4 ? 'IPv4' : 'IPv6';
}

/** The family of a range that has been accepted. */
export function familyOfRange(range: string): Family {
  return familyOf(range.split('/')[0]);
}

/** The range of one address. */
export function single(address: string): string {
  return `${address}/${familyOf(address) === 'IPv4' ? 32 : 128}`;
}

/**
 * An address of one machine, as an endpoint of a Service may have it.
 *
 * - Written as the API server writes it: newer ones warn of leading zeros, of long IPv6 and of IPv4 within IPv6.
 * - Not loopback, link-local or unspecified, which the API refuses. It refuses the multicast of one link only; no
 *   connection can be made to the other groups either.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go
 */
export const endpointAddress: Check<string> = {
  expected: 'an IPv4 or IPv6 address such as 10.40.0.10 or fd00:40::10',
  read(value, refuse) {
    const version = typeof value === 'string' && !value.includes('%') ? isIP(value) : 0;
    if (version === 0) return void refuse(value, this.expected);
    const address = value as string;
    if (!isCanonical(address, version)) return void refuse(value, 'an address in its canonical form: lower case, zeros compressed, no IPv4 within IPv6');
    const special = specialRanges.find(({ family, list }) => family === familyOf(address) && list.check(address, version === 4 ? 'ipv4' : 'ipv6'));
    return special ? void refuse(value, `an address that is not ${special.what}`) : address;
  },
};
