'use strict';
// The journal of examples/journal, all in one chart.
const { Size } = require('cdk8s');
const { Autoscaling, Cpu, HttpRouting, IngressController, Probe, Redis, Resources, StaticSite, Tls, VersionedConfigMap, VersionedSecret, WebService } = require('../..');

exports.journal = function journal(chart, number) {
  const id = (name) => `${name}-${number}`;
  const redis = new Redis(chart, id('redis'), {
    name: id('redis'),
    storage: Size.gibibytes(10),
    password: { secret: new VersionedSecret(chart, id('passwd'), { name: id('passwd'), version: 'v1' }), key: 'passwd' },
  });
  const config = new VersionedConfigMap(chart, id('config'), {
    name: id('config'),
    data: { 'journal.json': JSON.stringify({ entriesPerPage: 10 }) },
  });
  const frontend = new WebService(chart, id('frontend'), {
    name: id('frontend'),
    image: 'ghcr.io/example/journal-server:1.4.2',
    port: 8080,
    resources: Resources.of({ cpu: Cpu.millis(500), memory: Size.gibibytes(1) }),
    readiness: Probe.httpGet('/readyz'),
    liveness: Probe.httpGet('/healthz'),
    autoscaling: Autoscaling.onCpu({ min: 3, max: 10, target: 80 }),
  });
  frontend.mount('/etc/journal', config);
  frontend.connectTo(redis, { prefix: 'REDIS' });

  const site = new StaticSite(chart, id('site'), { name: id('site'), image: 'ghcr.io/example/journal-site:1.4.2' });

  new HttpRouting(chart, id('routing'), {
    name: id('routing'),
    host: `journal-${number}.example.com`,
    tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }),
    controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
    routes: [
      { path: '/api', backend: frontend },
      { path: '/', backend: site },
    ],
  });
};
