import type { IConstruct } from 'constructs';

/** A property of the value: values of cdk8s-plus have no other place for it. */
const ORIGIN = Symbol.for('cdk8s-best-practices/origin');

/** Notes of what construct the value of a variable was made: the value has only its name. Gives the value. */
export function withOrigin<T extends object>(value: T, origin: IConstruct): T {
  return Object.defineProperty(value, ORIGIN, { value: origin, configurable: true });
}

/** The construct of which the value was made, where that is known. */
export function originOf(value: object): IConstruct | undefined {
  return (value as { readonly [ORIGIN]?: IConstruct })[ORIGIN];
}
