'use strict';
// The floor: the manifests are there, each chart's objects in JSON, and are only written as YAML, a file for each chart.
// usage: floor.js MANIFESTS FOLDER
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { dump } = require('js-yaml');

const [manifests, outdir] = process.argv.slice(2);
mkdirSync(outdir, { recursive: true });
for (const [name, objects] of Object.entries(JSON.parse(readFileSync(manifests, 'utf8')))) {
  // its fastest options
  writeFileSync(join(outdir, `${name}.k8s.yaml`), objects.map((object) => dump(object, { lineWidth: -1, noRefs: true })).join('---\n'));
}
