import { App, Chart, Size } from 'cdk8s';
import {
  Autoscaling,
  HttpRouting,
  IngressController,
  Probe,
  Redis,
  SecretRef,
  Tls,
  WebService,
  type WebServiceProps,
  Worker,
} from '../../src';

const IMAGE = 'ghcr.io/acme/app:1.4.2';
const PASSWORD = { secret: SecretRef.named('passwd'), key: 'passwd' };

/** A service that clients of ten teams call, and their 200 blocks. */
export function manyBlocks(): App {
  const app = new App();
  const before: WebService[] = [];
  for (let team = 0; team < 10; team++) {
    const chart = new Chart(app, `team-${team}`, { namespace: `team-${team}` });
    const redis = new Redis(chart, 'redis', { storage: Size.gibibytes(10), password: PASSWORD });
    const services: WebService[] = [];
    for (let number = 0; number < 15; number++) {
      const service = new WebService(chart, `a-service-with-a-long-name-${number}`, {
        image: IMAGE,
        port: 8080,
        readiness: Probe.httpGet('/readyz'),
        autoscaling: Autoscaling.onCpu({ min: 2, max: 18, target: 80 }),
      });
      if (number > 0) services[Math.floor((number - 1) / 3)].connectTo(service);
      if (number % 5 === 4) service.connectTo(redis);
      services.push(service);
    }
    for (let number = 0; number < 4; number++) {
      new Worker(chart, `worker-${number}`, { image: IMAGE, liveness: Probe.none() }).connectTo(services[10 + number]);
    }
    before[7]?.connectTo(services[3]);
    before.splice(0, before.length, ...services);
    routeTo(chart, `team-${team}.example.com`, services[0]);
  }
  return app;
}

export function routeTo(chart: Chart, host: string, backend: WebService): HttpRouting {
  return new HttpRouting(chart, `routing-${host}`, {
    host,
    tls: Tls.none(),
    controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
    routes: [{ path: '/', backend }],
  });
}

export function web(chart: Chart, id: string, props: Partial<WebServiceProps> = {}): WebService {
  return new WebService(chart, id, { image: IMAGE, port: 8080, readiness: Probe.httpGet('/readyz'), ...props });
}

export function store(chart: Chart, id: string): Redis {
  return new Redis(chart, id, { storage: Size.gibibytes(10), password: PASSWORD });
}
