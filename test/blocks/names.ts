import type { Construct } from 'constructs';
import type * as library from '../../src';

/** The names of the exported constructs that are made in a chart: what is called a block. */
export type BlockName = {
  [Name in keyof typeof library]: (typeof library)[Name] extends new (
    scope: Construct,
    id: string,
    props: infer Props,
  ) => Construct
    ? unknown extends Props
      ? never
      : Name
    : never;
}[keyof typeof library];
