import { cidr, excludedFrom } from '../../src/kubernetes/cidr';

test.each(['10.0.0.0/8', '0.0.0.0/0', '192.168.1.1/32', '172.16.0.0/12', '::/0', 'fd00::/8', 'fe80::/10', '2001:db8::1/128', '2001:db8:1::/48'])('%s is a range', (range) => {
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
