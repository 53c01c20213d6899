'use strict';
// node benchmark/scenario.js <library> <what> <n>
//   library  cdk8s | cdk8s-plus-27 | cdk8s-best-practices
//   what     load: the libraries alone; journals: n journals in one chart, constructed and written as YAML
// Prints one line of JSON: milliseconds from the first line below, and peak memory of the process.
const { performance } = require('node:perf_hooks');

const start = performance.now();
const [library, what, count] = process.argv.slice(2);
const { App, Chart } = require('cdk8s');
const journals = {
  'cdk8s': undefined,
  'cdk8s-plus-27': './journal-plus',
  'cdk8s-best-practices': './journal-ours',
};
const journal = journals[library] && require(journals[library]).journal;
const loaded = performance.now();

const result = { loadMs: loaded - start };
if (what === 'journals') {
  const app = new App();
  const chart = new Chart(app, 'chart', { namespace: 'journal' });
  for (let number = 1; number <= Number(count); number++) journal(chart, number);
  const constructed = performance.now();
  const yaml = app.synthYaml();
  const written = performance.now();
  const kinds = {};
  for (const [, kind] of yaml.matchAll(/^kind: (.*)$/gm)) kinds[kind] = (kinds[kind] ?? 0) + 1;
  Object.assign(result, { constructMs: constructed - loaded, synthMs: written - constructed, characters: yaml.length, kinds });
  if (process.env.SHOW) console.error(yaml);
}
result.totalMs = result.loadMs + (result.constructMs ?? 0) + (result.synthMs ?? 0);
result.peakMB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify(result));
