import { isIP } from 'node:net';
import * as fc from 'fast-check';
import { cidr, endpointAddress, excludedFrom, familyOf, single } from '../../src/kubernetes/address';

function reasonAgainst(value: unknown): string | undefined {
  let reason: string | undefined;
  endpointAddress.read(value, (_given, expected) => {
    reason = expected;
  });
  return reason;
}

/** The rules of the API server, read from its own sources, on the bytes of an address. */
function bytesOf(address: string): number[] {
  if (isIP(address) === 4) return address.split('.').map(Number);
  const mixed = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const tail = mixed ? mixed[2].split('.').map(Number) : [];
  const text = mixed ? mixed[1].replace(/([^:]):$/, '$1') : address;
  const [head, rest] = text.split('::');
  const groups = (part: string | undefined): number[] =>
    part ? part.split(':').flatMap((group) => [Math.floor(parseInt(group, 16) / 256), parseInt(group, 16) % 256]) : [];
  const [before, after] = [groups(head), [...groups(rest), ...tail]];
  return [...before, ...new Array<number>(16 - before.length - after.length).fill(0), ...after];
}

function special(bytes: readonly number[]): boolean {
  if (bytes.length === 4) {
    return (
      bytes.every((byte) => byte === 0) ||
      bytes[0] === 127 ||
      (bytes[0] === 169 && bytes[1] === 254) ||
      (bytes[0] >= 224 && bytes[0] < 240)
    );
  }
  const zeros = bytes.slice(0, 15).every((byte) => byte === 0);
  return (zeros && bytes[15] <= 1) || (bytes[0] === 0xfe && bytes[1] >= 0x80 && bytes[1] < 0xc0) || bytes[0] === 0xff;
}

/** RFC 5952: no leading zeros, lower case, the first of the longest runs of zero groups compressed. */
function canonical(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (bytes[2 * index] * 256 + bytes[2 * index + 1]).toString(16));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  return best.start < 0
    ? groups.join(':')
    : `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}

const mappedV4 = (bytes: readonly number[]): boolean =>
  bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;

describe('the address of an endpoint (CH13-07)', () => {
  test.each([
    '10.40.0.10',
    '24.1.2.3',
    '255.255.255.255',
    '169.253.0.1',
    '169.255.0.1',
    '223.255.255.255',
    '240.0.0.1',
    'fd00:40::10',
    '2001:db8::1',
    '::2',
    'fec0::1',
    '::101:101',
  ])('can be %s', (address) => {
    expect(endpointAddress.read(address, () => undefined)).toBe(address);
  });

  test.each<[unknown, string]>([
    ['0.0.0.0', 'an address that is not unspecified'],
    ['::', 'an address that is not unspecified'],
    ['127.0.0.1', 'an address that is not loopback'],
    ['127.255.255.255', 'an address that is not loopback'],
    ['::1', 'an address that is not loopback'],
    ['169.254.169.254', 'an address that is not link-local'],
    ['fe80::1', 'an address that is not link-local'],
    ['febf::1', 'an address that is not link-local'],
    ['224.0.0.1', 'an address that is not multicast'],
    ['239.1.2.3', 'an address that is not multicast'],
    ['ff02::1', 'an address that is not multicast'],
    ['FD00::1', 'an address in its canonical form: lower case, zeros compressed, no IPv4 within IPv6'],
    ['fd00:0:0::1', 'an address in its canonical form: lower case, zeros compressed, no IPv4 within IPv6'],
    ['::ffff:10.0.0.1', 'an address in its canonical form: lower case, zeros compressed, no IPv4 within IPv6'],
    ['::ffff:a00:1', 'an address in its canonical form: lower case, zeros compressed, no IPv4 within IPv6'],
    ['010.0.0.1', 'an IPv4 or IPv6 address such as 10.40.0.10 or fd00:40::10'],
    ['10.0.0.1/32', 'an IPv4 or IPv6 address such as 10.40.0.10 or fd00:40::10'],
    ['10.0.0', 'an IPv4 or IPv6 address such as 10.40.0.10 or fd00:40::10'],
    ['fe80::1%eth0', 'an IPv4 or IPv6 address such as 10.40.0.10 or fd00:40::10'],
    ['[fd00::1]', 'an IPv4 or IPv6 address such as 10.40.0.10 or fd00:40::10'],
    [' 10.0.0.1', 'an IPv4 or IPv6 address such as 10.40.0.10 or fd00:40::10'],
    ['db.example.com', 'an IPv4 or IPv6 address such as 10.40.0.10 or fd00:40::10'],
    ['', 'an IPv4 or IPv6 address such as 10.40.0.10 or fd00:40::10'],
    [167772161, 'an IPv4 or IPv6 address such as 10.40.0.10 or fd00:40::10'],
    [null, 'an IPv4 or IPv6 address such as 10.40.0.10 or fd00:40::10'],
  ])('is refused: %p', (value, expected) => {
    expect(reasonAgainst(value)).toBe(expected);
  });

  const octet = fc.integer({ min: 0, max: 255 });
  const v4 = fc
    .oneof(
      fc.tuple(octet, octet, octet, octet),
      fc.tuple(fc.constantFrom(0, 127, 169, 224, 239), fc.constantFrom(0, 254), octet, octet),
    )
    .map((bytes) => bytes.join('.'));
  const group = fc.oneof(
    fc.constantFrom('0', '0', '0000', '1', 'ffff', 'fe80', 'FD00', 'ff02'),
    fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16)),
  );
  const v6 = fc.oneof(
    fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
    fc
      .tuple(fc.array(group, { maxLength: 4 }), fc.array(group, { maxLength: 3 }))
      .map(([before, after]) => `${before.join(':')}::${after.join(':')}`),
    v4.map((address) => `::ffff:${address}`),
    fc.ipV6(),
  );
  const nearly = fc
    .tuple(fc.oneof(v4, v6), fc.constantFrom('', ' ', '%1', '/32', '.', ':', '0'))
    .map(([address, end]) => address + end);

  test('is accepted exactly when it is one, in the form of the API server, and not special', () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6, nearly, fc.string()), (text) => {
        const valid = isIP(text) !== 0 && !text.includes('%');
        const bytes = valid ? bytesOf(text) : [];
        const good = valid && !special(bytes) && !mappedV4(bytes) && canonical(bytes) === text;
        expect([text, reasonAgainst(text) === undefined]).toEqual([text, good]);
      }),
      { numRuns: 3000 },
    );
  });

  test('has a family and is a range of one', () => {
    expect([familyOf('10.0.0.1'), familyOf('fd00::1')]).toEqual(['IPv4', 'IPv6']);
    expect([single('10.0.0.1'), single('fd00::1')]).toEqual(['10.0.0.1/32', 'fd00::1/128']);
  });
});

test.each([
  '10.0.0.0/8',
  '0.0.0.0/0',
  '192.168.1.1/32',
  '172.16.0.0/12',
  '::/0',
  'fd00::/8',
  'fe80::/10',
  '2001:db8::1/128',
  '2001:db8:1::/48',
])('%s is a range', (range) => {
  expect(cidr.read(range, () => undefined)).toBe(range);
});

test.each([
  ['no prefix length', '10.0.0.0'],
  ['a host of the range', '10.0.0.5/8'],
  ['one bit too many', '10.128.0.0/8'],
  ['an IPv6 host of the range', 'fd00::1/8'],
  ['a long IPv4 prefix', '10.0.0.0/33'],
  ['a long IPv6 prefix', '::/129'],
  ['a leading zero', '10.0.0.0/08'],
  ['an octet with a leading zero', '010.0.0.0/8'],
  ['an octet out of range', '256.0.0.0/8'],
  ['a short address', '10.0/8'],
  ['upper case', 'FD00::/8'],
  ['another spelling of an IPv6 address', 'fd00:0:0::/8'],
  ['an IPv4 address within IPv6', '::ffff:10.0.0.0/128'],
  ['an IPv4 range that is written as IPv6', '::ffff:a00:0/104'],
  ['a zone', 'fe80::%eth0/10'],
  ['a sign', '10.0.0.0/-1'],
  ['space', ' 10.0.0.0/8'],
  ['nothing', ''],
  ['null', null],
  ['a number', 10],
])('a range has not %s', (_title, range) => {
  expect(cidr.read(range, () => undefined)).toBeUndefined();
});

test.each([
  ['10.1.0.0/16', '10.0.0.0/8', true],
  ['169.254.169.254/32', '0.0.0.0/0', true],
  ['fd00:1::/32', 'fd00::/8', true],
  ['10.0.0.0/8', '10.0.0.0/8', false],
  ['10.0.0.0/7', '10.0.0.0/8', false],
  ['11.0.0.0/16', '10.0.0.0/8', false],
  ['fd00::/8', '0.0.0.0/0', false],
  ['10.0.0.0/8', '::/0', false],
  ['nonsense', '0.0.0.0/0', false],
])('%s as a part of %s: %p', (inner, outer, inside) => {
  expect(excludedFrom(inner, outer)).toBe(inside);
});
