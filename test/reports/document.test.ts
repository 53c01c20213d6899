import { readFileSync } from 'node:fs';
import { TOPICS } from './data';
import { REPORTS, reportsDocument } from '../../projenrc/reports-document';

const reports = Object.values(TOPICS).flat();

test('docs/reports.md has the reports that the tests try (npm run reports)', () => {
  expect(readFileSync(REPORTS, 'utf8')).toBe(reportsDocument());
});

test('each report has an input and a row of its own', () => {
  const threads = reports.flatMap((one) => one.threads);
  expect(threads.filter((one, index) => threads.indexOf(one) < index)).toEqual([]);
  const inputs = reports.map(({ input }) => input);
  expect(new Set(inputs).size).toBe(inputs.length);
});

test('each thread is a tracker and a number', () => {
  for (const { threads } of reports) {
    for (const one of threads) expect(one).toMatch(/^(manifest in )?[\w.-]+(\/[\w.-]+)?#\d+$/);
  }
});
