import type { IConstruct } from 'constructs';

const origins = new WeakMap<object, IConstruct>();

/** Notes of what construct the value of a variable was made: the value has only its name. Gives the value. */
export function withOrigin<T extends object>(value: T, origin: IConstruct): T {
  origins.set(value, origin);
  return value;
}

/** The construct of which the value was made, where that is known. */
export function originOf(value: object): IConstruct | undefined {
  return origins.get(value);
}
