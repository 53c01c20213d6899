import { appendFileSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Chart } from 'cdk8s';
import type * as Library from '../src';

/**
 * With RECORD_MANIFESTS, a folder: keeps what tests synthesize, so that the tests on a real cluster can send it to an
 * API server. A file for each worker, a JSON document a line: the test, and the objects of one chart.
 */
const folder = process.env.RECORD_MANIFESTS;

if (folder !== undefined) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${process.env.JEST_WORKER_ID}.jsonl`);
  const original = Object.getOwnPropertyDescriptor(Chart.prototype, 'toJson')?.value as () => unknown[];
  Chart.prototype.toJson = function (this: Chart): unknown[] {
    const objects = original.call(this);
    const { testPath, currentTestName } = expect.getState();
    const test = `${relative(join(__dirname, '..'), testPath ?? '')}: ${currentTestName ?? 'outside of tests'}`;
    // JSON has no big integers
    appendFileSync(
      file,
      `${JSON.stringify({ test, objects }, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))}\n`,
    );
    return objects;
  };

  // our App does not ask charts; loaded after the test file, which may replace modules of it
  beforeAll(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { App } = require('../src') as typeof Library;
    const synthesize = Object.getOwnPropertyDescriptor(App.prototype, 'synth')?.value as () => void;
    App.prototype.synth = function (this: Library.App): void {
      synthesize.call(this);
      for (const chart of this.charts) chart.toJson();
    };
  });
}
