'use strict';
// The fleet with this library. usage: with-blocks.js ours|cdk8s COUNT FOLDER
// `ours` is the App of this library, `cdk8s` that of cdk8s. COUNT 0 loads everything and makes nothing.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const cdk8s = require('cdk8s');
const { App, Probe, VersionedConfigMap, WebService } = require('../..');
const { service } = require('./service');

const [which, count, outdir] = process.argv.slice(2);
const app = new (which === 'ours' ? App : cdk8s.App)({ outdir });
for (let number = 1; number <= Number(count); number++) {
  const { name, version, settings } = service(number);
  const chart = new cdk8s.Chart(app, name, { namespace: 'shop' });
  const config = new VersionedConfigMap(chart, 'config', { data: { 'app.properties': settings } });
  const web = new WebService(chart, 'web', {
    image: `ghcr.io/acme/${name}:${version}`,
    port: 8080,
    readiness: Probe.httpGet('/readyz'),
    liveness: Probe.httpGet('/livez'),
  });
  web.mount('/etc/app', config);
}
app.synth();
writeFileSync(join(outdir, '..', 'peak'), String(process.resourceUsage().maxRSS));
