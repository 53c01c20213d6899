import { join } from 'node:path';
import { faultsIn, programOf, ROOT } from '../compiler';

const HEAD = `import { Duration, Size } from 'cdk8s';
import { boolean, bytes, instance, integer, listOf, mapOf, oneOf, seconds, structs, text } from '../../src/kernel/schema/checks';
import type { Reader } from '../../src/kernel/schema/reader';
import { cpuMillis } from '../../src/kubernetes/quantity';
import { Cpu, Probe, Rollout, Toleration, NamedPort } from '../../src';
interface Props {
  readonly replicas?: number; readonly name: string; readonly suspend?: boolean; readonly period?: Duration; readonly size?: Size; readonly cpu: Cpu;
  readonly mode?: 'enforce' | 'observe'; readonly readiness?: Probe; readonly hosts?: string[]; readonly labels?: { [key: string]: string };
  readonly share?: number | string; readonly tolerations?: Toleration[];
}
declare const read: Reader<Props>; declare const word: string;
`;

const FITS = [
  "read.optional('replicas', integer(0, 9), 2, { fix: '' }).toFixed()",
  "read.required('name', text, '', { fix: '' }).length",
  "read.required('name', oneOf('a', 'b'), 'a', { fix: '' }).length",
  "read.required('name', oneOf(...[word]), 'a', { fix: '' }).length",
  "read.optional('suspend', boolean, false, { fix: '' })",
  "read.optional('period', seconds(1, 9), 5, { fix: '' }).toFixed()",
  "read.optional('size', bytes(1), undefined, { fix: '' })?.toFixed()",
  "read.required('cpu', cpuMillis, 1, { fix: '' }).toFixed()",
  "read.optional('mode', oneOf('enforce', 'observe'), 'enforce', { fix: '' }) === 'observe'",
  "read.optional('readiness', instance(Probe, ''), undefined, { fix: '' })",
  "read.optional('hosts', listOf(text), [], { fix: '' }).map((host) => host.length)",
  "read.optional('labels', mapOf(text, text), {}, { fix: '' })",
  "read.optional('tolerations', structs<Toleration>(''), [], { fix: '' })",
];

const DOES_NOT_FIT: ReadonlyArray<[call: string, why: string]> = [
  ["read.optional('replicas', text, '2', { fix: '' })", "'string' is not assignable to type 'number'"],
  ["read.optional('replicas', seconds(1, 9), 2, { fix: '' })", "'Duration' is not assignable to type 'number'"],
  ["read.required('replica', integer(0, 9), 2, { fix: '' })", '"replica"'],
  ["read.required('name', integer(0, 9), 2, { fix: '' })", "'number' is not assignable to type 'string'"],
  ["read.optional('suspend', text, '', { fix: '' })", 'Check<string, string>'],
  ["read.optional('period', integer(1, 9), 5, { fix: '' })", "'number' is not assignable to type 'Duration'"],
  [
    "read.optional('period', bytes(1), 5, { fix: '' })",
    "'Size' is missing the following properties from type 'Duration'",
  ],
  [
    "read.optional('size', seconds(1, 9), 5, { fix: '' })",
    "'Duration' is missing the following properties from type 'Size'",
  ],
  ["read.required('cpu', integer(1, 9), 5, { fix: '' })", "'number' is not assignable to type 'Cpu'"],
  ["read.optional('mode', text, '', { fix: '' })", 'Check<string, string>'],
  ["read.optional('mode', oneOf('enforce', 'watch'), 'enforce', { fix: '' })", '"watch"'],
  ["read.optional('mode', oneOf('enforce'), 'enforce', { fix: '' })", '{ readonly refusesAll: "observe"; }'],
  [
    "read.optional('readiness', instance(Rollout, ''), undefined, { fix: '' })",
    "missing in type 'Rollout' but required in type 'Probe'",
  ],
  ["read.optional('hosts', text, '', { fix: '' })", "'string' is not assignable to type 'string[]'"],
  ["read.optional('hosts', listOf(integer(1, 9)), [], { fix: '' })", "'number' is not assignable to type 'string'"],
  ["read.optional('labels', mapOf(text, boolean), {}, { fix: '' })", "'boolean' is not assignable to type 'string'"],
  ["read.optional('share', text, '', { fix: '' })", "'refusesAll' is missing"],
  [
    "read.optional('tolerations', structs<NamedPort>(''), [], { fix: '' })",
    "'NamedPort[]' is not assignable to type 'Toleration[]'",
  ],
  ["read.optional('replicas', integer(0, 9), 2, { fix: '' }).length", "'length' does not exist on type 'number'"],
];

const calls = [...FITS, ...DOES_NOT_FIT.map(([call]) => call)];
const path = join(ROOT, 'test/kernel/.reads.ts');
const faults = faultsIn(programOf(new Map([[path, HEAD + calls.join(';\n')]])), path);
const faultsOf = (call: string): string =>
  faults
    .filter(({ line }) => line === HEAD.split('\n').length - 1 + calls.indexOf(call))
    .map(({ text }) => text)
    .join('\n');

test.each(FITS)('compiles: %s', (call) => {
  expect(faultsOf(call)).toBe('');
});

test.each(DOES_NOT_FIT)('does not compile: %s', (call, why) => {
  expect(faultsOf(call)).toContain(why);
});

test('the rest of the sample compiles', () => {
  expect(faults.filter(({ line }) => line < HEAD.split('\n').length - 1)).toEqual([]);
});
