import { HIDDEN } from './prop-path';
import { mayBeSecret } from '../../secrets-scan/disclosure';

const LONGEST = 60;

/** What an error message shows as it is, such as an amount with its unit. */
export class Verbatim {
  public constructor(public readonly text: string) {}
}

/**
 * A given value as an error message shows it: short, on one line, and telling NaN, '' and nothing apart. What may be a
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

/** A name that an instruction tells to write; who swaps name and value has a credential there. */
export function nameToWrite(name: string): string {
  return mayBeSecret(name) ? 'its name' : `'${name}'`;
}

/** What a value is, for a message that must not show it since it may be a credential. */
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

/** What a log would not show, or what would break its line. */
function escape(text: string): string {
  return text.replace(
    /[\u007f-\u009f\u2028\u2029\ufffe\uffff]|\p{Surrogate}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
}
