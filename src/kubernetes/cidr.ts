import { BlockList, isIP } from 'node:net';
import { type Check, that } from '../kernel/schema/checks';

interface Range {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** A range of IPv4 or IPv6 addresses, as its network address and prefix length. */
export const cidr: Check<string> = that('a CIDR range such as 10.0.0.0/8 or fd00::/8', (value) => parse(value) !== undefined);

/** Whether `inner` is a smaller range inside of `outer`. */
export function excludedFrom(inner: string, outer: string): boolean {
  return covers(outer, inner) && parse(inner)?.prefix !== parse(outer)?.prefix;
}

/** Whether all addresses of `inner` are in `outer`. */
export function covers(outer: string, inner: string): boolean {
  const small = parse(inner);
  const large = parse(outer);
  if (!small || !large || small.family !== large.family || small.prefix < large.prefix) return false;
  const list = new BlockList();
  list.addSubnet(large.address, large.prefix, large.family);
  return list.check(small.address, small.family);
}

function parse(value: unknown): Range | undefined {
  const match = typeof value === 'string' ? /^([0-9a-f:.]+)\/(\d{1,3})$/.exec(value) : null;
  if (!match) return undefined;
  const [, address, length] = match;
  const version = isIP(address);
  const prefix = Number(length);
  const bits = version === 4 ? 32 : 128;
  if (version === 0 || prefix > bits || String(prefix) !== length || !isCanonical(address, version)) return undefined;
  // newer API servers warn of a range that is written with one of its hosts: 10.0.0.5/8
  const host = numeric(address, version) % (2n ** BigInt(bits - prefix));
  return host === 0n ? { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' } : undefined;
}

/** Whether an address is written as the API server writes it (RFC 5952). */
export function isCanonical(address: string, version: number): boolean {
  // newer API servers warn of IPv4 addresses that are written as IPv6
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
