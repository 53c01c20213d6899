import { HIDDEN } from './prop-path';
import { mayBeSecret } from '../../secrets-scan/disclosure';

const LONGEST = 60;

/** Text that a message shows unquoted, such as an amount with its unit. */
export class Verbatim {
  public constructor(public readonly text: string) {}
}

/**
 * A value as an error message shows it: short, on one line, with NaN, '' and nothing distinguishable. A possible
 * credential is not quoted: messages end up in logs.
 */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return describeText(value);
  if (typeof value === 'function') return `a function${value.name ? ` ${value.name}` : ''}`;
  if (Array.isArray(value)) return `[${shorten(value.map(describe).join(', '))}]`;
  if (value === null) return 'null';
  if (value instanceof Verbatim) return value.text;
  if (typeof value === 'object') return describeObject(value);
  return (value as number | bigint | boolean | symbol).toString();
}

/** A name inside an instruction. If the caller swapped name and value, it is a credential. */
export function nameToWrite(name: string): string {
  return mayBeSecret(name) ? 'its name' : `'${name}'`;
}

/** The type of a value, for a message that must not show a possible credential. */
export function unquoted(value: unknown): unknown {
  if (Array.isArray(value)) return new Verbatim('a list');
  return ['string', 'number', 'bigint'].includes(typeof value) ? new Verbatim(`a ${typeof value}`) : value;
}

function describeObject(value: object): string {
  const type: unknown = value.constructor?.name;
  if (typeof type === 'string' && type !== 'Object') return `${/^[AEIOU]/.test(type) ? 'an' : 'a'} ${type}`;
  const keys = Object.keys(value).map((key) => (mayBeSecret(key) ? HIDDEN : key));
  return `{${shorten(keys.join(', ').replace(/\s+/g, ' '))}}`;
}

function describeText(text: string): string {
  return mayBeSecret(text) ? 'a string that may be a credential' : `'${shorten(escape(text).replace(/\s+/g, ' '))}'`;
}

/** Escapes characters that a log would hide or that would break the line. */
function escape(text: string): string {
  return text.replace(
    /(?!\s)[\p{Control}\p{Format}]|[\u2028\u2029\ufffe\uffff]|\p{Surrogate}/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
}
