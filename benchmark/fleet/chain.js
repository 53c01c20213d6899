'use strict';
// Charts that each depend on the one before. usage: chain.js CHARTS OBJECTS FOLDER
const { ApiObject, Chart } = require('cdk8s');
const { App } = require('../..');

const [charts, objects, outdir] = process.argv.slice(2);
const app = new App({ outdir });
let before;
for (let number = 0; number < Number(charts); number++) {
  const chart = new Chart(app, `chart-${number}`);
  for (let object = 0; object < Number(objects); object++) {
    new ApiObject(chart, `config-${object}`, { apiVersion: 'v1', kind: 'ConfigMap', data: { chart: String(number), object: String(object) } });
  }
  if (before) chart.addDependency(before);
  before = chart;
}
app.synth();
