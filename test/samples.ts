import * as cdk8s from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import * as blocks from '../src';
import { PRELUDE } from '../src/catalogue/rule';

/** Runs a sample of the catalogue of rules after its prelude, in a new app or in a given one. */
export function runSample(sample: string, given?: cdk8s.App): blocks.App {
  const { ApiObject, Chart, Duration, JsonPatch, Size } = cdk8s;
  const names = { ...blocks, ApiObject, Chart, Construct, Duration, JsonPatch, Size, kplus, given };
  const prelude = given === undefined ? PRELUDE : PRELUDE.replace('new App()', 'given');
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const run = new Function(...Object.keys(names), `${prelude}\n${sample}\nreturn app;`) as (
    ...values: unknown[]
  ) => blocks.App;
  return run(...Object.values(names));
}
