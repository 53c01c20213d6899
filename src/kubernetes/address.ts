import type * as Net from 'node:net';
import { type Check, that } from '../kernel/schema/checks';

export type Family = 'IPv4' | 'IPv6';

interface Range {
  readonly family: Family;
  readonly first: bigint;
  /** Number of addresses, a power of 2. */
  readonly size: bigint;
}

/** A range of IPv4 or IPv6 addresses: network address and prefix length. */
export const cidr: Check<string> = that(
  'a CIDR range such as 10.0.0.0/8 or fd00::/8',
  (value) => parse(value) !== undefined,
);

/** Whether `inner` is a smaller range inside `outer`. */
export function excludedFrom(inner: string, outer: string): boolean {
  return covers(outer, inner) && parse(inner)?.size !== parse(outer)?.size;
}

/** Whether `outer` contains all addresses of `inner`. */
export function covers(outer: string, inner: string): boolean {
  const [small, large] = [parse(inner), parse(outer)];
  return small !== undefined && large !== undefined && contains(large, small);
}

function contains(large: Range, small: Range): boolean {
  return (
    small.family === large.family && small.first >= large.first && small.first + small.size <= large.first + large.size
  );
}

function parse(value: unknown): Range | undefined {
  const match = typeof value === 'string' ? /^([0-9a-f:.]+)\/(\d{1,3})$/.exec(value) : null;
  if (!match) return undefined;
  const [, address, length] = match;
  const version = isIP(address);
  const prefix = Number(length);
  const bits = version === 4 ? 32 : 128;
  if (version === 0 || prefix > bits || String(prefix) !== length || !isCanonical(address, version)) return undefined;
  const [first, size] = [numeric(address, version), 2n ** BigInt(bits - prefix)];
  // newer API servers warn about a range with a host address: 10.0.0.5/8
  return first % size === 0n ? { family: familyOf(address), first, size } : undefined;
}

/** Whether an address has the canonical form of the API server (RFC 5952). */
function isCanonical(address: string, version: number): boolean {
  // newer API servers warn about IPv4 addresses in IPv6 form
  if (/^::ffff:[0-9a-f]+:[0-9a-f]+$/.test(address)) return false;
  return version === 4 || new URL(`http://[${address}]/`).hostname === `[${address}]`;
}

function numeric(address: string, version: number): bigint {
  if (version === 4) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head, tail = ''] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const groups = [...before, ...new Array<string>(8 - before.length - after.length).fill('0'), ...after];
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

/** The family of an accepted address. */
export function familyOf(address: string): Family {
  return isIP(address) === 4 ? 'IPv4' : 'IPv6';
}

/** The family of an accepted range. */
export function familyOfRange(range: string): Family {
  return familyOf(range.split('/')[0]);
}

/** The range that contains one address. */
export function single(address: string): string {
  return `${address}/${familyOf(address) === 'IPv4' ? 32 : 128}`;
}

/** The version of an IP address; 0 for other text. Loads the module on first use: most apps have no addresses. */
function isIP(text: string): number {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('node:net') as typeof Net).isIP(text);
}

/** Ranges whose addresses mean no machine, or a different one on each machine. */
const SPECIAL = Object.entries({
  'unspecified': ['0.0.0.0/32', '::/128'],
  'loopback': ['127.0.0.0/8', '::1/128'],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
  'multicast': ['224.0.0.0/4', 'ff00::/8'],
});

/**
 * An address of one machine, as an endpoint of a Service takes it.
 *
 * - In the canonical form of the API server: newer ones warn about leading zeros, long IPv6 and IPv4 within IPv6.
 * - Not loopback, link-local or unspecified, which the API refuses. It refuses only link-local multicast, but no
 *   connection can be made to other multicast groups either.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go
 */
export const endpointAddress: Check<string> = {
  expected: 'an IPv4 or IPv6 address such as 10.40.0.10 or fd00:40::10',
  read(value, refuse) {
    const version = typeof value === 'string' && !value.includes('%') ? isIP(value) : 0;
    if (version === 0) return void refuse(value, this.expected);
    const address = value as string;
    if (!isCanonical(address, version)) {
      return void refuse(value, 'an address in its canonical form: lower case, zeros compressed, no IPv4 within IPv6');
    }
    const one = { family: familyOf(address), first: numeric(address, version), size: 1n };
    const special = SPECIAL.find(([, ranges]) => ranges.some((range) => contains(parse(range)!, one)));
    return special ? void refuse(value, `an address that is not ${special[0]}`) : address;
  },
};
