import type { Check } from '../../src/kernel/schema/checks';
import {
  absolutePath,
  configKey,
  dnsLabel,
  dnsSubdomain,
  envName,
  hostName,
  labelKey,
  labelValue,
  portName,
  relativePath,
  serviceName,
  shellName,
} from '../../src/kernel/schema/syntax';

const long = (length: number): string => 'a'.repeat(length);
const subdomain = (length: number): string => `${'a.'.repeat(length / 2)}${length % 2 ? 'a' : ''}`;

interface Rule {
  readonly rule: string;
  readonly check: Check<string>;
  readonly good: string[];
  readonly bad: unknown[];
}

const RULES: Rule[] = [
  {
    rule: 'a DNS label',
    check: dnsLabel(),
    good: ['a', 'a-b', '0a', 'a0', long(63)],
    bad: ['', '-a', 'a-', 'A', 'a.b', 'a_b', 'a\n', long(64), 7, null],
  },
  { rule: 'a short DNS label', check: dnsLabel(5), good: [long(5)], bad: [long(6)] },
  {
    rule: 'the name of a Service',
    check: serviceName(),
    good: ['a', 'a0', 'a-b', long(63)],
    bad: ['', '0a', 'a-', 'A', 'a.b', long(64)],
  },
  { rule: 'the name of a CronJob', check: serviceName(52), good: [long(52)], bad: [long(53)] },
  {
    rule: 'a DNS subdomain',
    check: dnsSubdomain,
    good: ['a', 'a.b', '0.a-b', subdomain(253)],
    bad: ['', '.a', 'a.', 'a..b', 'A.b', 'a_b', 'a.-b', subdomain(255), null],
  },
  {
    rule: 'a host name',
    check: hostName,
    good: ['app.example.com', `${long(63)}.com`],
    bad: ['*.example.com', `${long(64)}.com`, 'app.example.com:80', 'https://app', '', undefined],
  },
  {
    rule: 'the name of a port',
    check: portName,
    good: ['http', 'h2', '9p', 'a-b', long(15)],
    bad: ['', '80', 'a--b', '-a', 'a-', 'HTTP', long(16)],
  },
  {
    rule: 'the key of a ConfigMap',
    check: configKey,
    good: ['a', 'A.b_c-d', '.env', '-', 'a..b', long(253)],
    bad: ['', '.', '..', '..a', 'a/b', 'a b', 'ä', long(254)],
  },
  {
    rule: 'the name of a variable',
    check: envName,
    good: ['A', '_a', 'a.b', '-a', 'A1'],
    bad: ['', '1A', 'A B', 'A=B', '.', '..', '..A'],
  },
  {
    rule: 'a name that a shell can read',
    check: shellName,
    good: ['A', '_a', 'A1'],
    bad: ['', '1A', 'a.b', 'a-b', 'A B'],
  },
  {
    rule: 'the key of a label',
    check: labelKey,
    good: ['a', 'A.b_c', 'example.com/a', long(63), `${subdomain(253)}/a`],
    bad: ['', '/a', 'a/', 'a/b/c', 'Example.com/a', '-a', 'a-', long(64), 'a b', 7],
  },
  {
    rule: 'the value of a label',
    check: labelValue,
    good: ['', 'a', 'A.b_c-1', long(63)],
    bad: ['-a', 'a.', 'a b', long(64), 'a/b', 7, null],
  },
  {
    rule: 'an absolute path',
    check: absolutePath,
    good: ['/', '/a', '/a/b.c', '/..a'],
    bad: ['', 'a', '/a/', '//a', '/a/../b', '/..', '/a:b', 7],
  },
  {
    rule: 'a relative path',
    check: relativePath,
    good: ['a', 'a/b.c', '..a/b'],
    bad: ['', '/a', 'a//b', 'a/', '..', 'a/../b', null],
  },
];

const accepts = (check: Check<string>, value: unknown): boolean => check.read(value, () => undefined) !== undefined;

test.each(RULES.flatMap(({ rule, check, good }) => good.map((value) => ({ rule, check, value }))))(
  '$value is $rule',
  ({ check, value }) => {
    expect(accepts(check, value)).toBe(true);
  },
);

test.each(RULES.flatMap(({ rule, check, bad }) => bad.map((value) => ({ rule, check, value }))))(
  '$value is not $rule',
  ({ check, value }) => {
    const expected: string[] = [];
    expect(check.read(value, (_given, wanted) => expected.push(wanted))).toBeUndefined();
    expect(expected).toEqual([check.expected]);
  },
);

test('the rules name their limits', () => {
  expect(dnsLabel(52).expected).toBe(
    "at most 52 lower-case letters, digits and '-', starting and ending with a letter or digit",
  );
  expect(serviceName(52).expected).toBe(
    "at most 52 lower-case letters, digits and '-', starting with a letter, ending with a letter or digit",
  );
});
