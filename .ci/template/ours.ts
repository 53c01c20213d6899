import { Chart, Size } from 'cdk8s';
import {
  ConfigMapRef,
  Cpu,
  EnvSource,
  HttpRouting,
  IngressController,
  Peer,
  Probe,
  Redis,
  Resources,
  SecretRef,
  Tls,
  VersionedConfigMap,
  Volume,
  WebService,
} from 'cdk8s-best-practices';

/** An app with references of the library. */
export function build(chart: Chart): void {
  const web = new WebService(chart, 'web', {
    image: 'ghcr.io/acme/web:1.4.2',
    port: 8080,
    readiness: Probe.httpGet('/readyz'),
    resources: Resources.of({ cpu: Cpu.millis(250), memory: Size.mebibytes(256) }),
    pullSecrets: [SecretRef.named('registry')],
    env: {
      KEY: EnvSource.secret(SecretRef.named('api'), 'key', { optional: true }),
      MODE: EnvSource.configMap(ConfigMapRef.named('flags'), 'mode'),
    },
  });
  web.addEnv('POD_IP', EnvSource.field('status.podIP'));
  web.addEnv('MEMORY', EnvSource.resource('limits.memory', { divisor: '1Mi' }));
  web.addEnvFrom(SecretRef.named('mail'), { prefix: 'MAIL_' });
  web.addEnvFrom(ConfigMapRef.named('flags'));
  web.mountSecret('/var/run/secrets/mail', SecretRef.named('mail'));
  web.mount('/etc/web', new VersionedConfigMap(chart, 'config', { data: { MODE: 'fast' } }));
  web.mount('/cache', Volume.emptyDir({ sizeLimit: Size.mebibytes(16) }));
  web.allowFrom(Peer.pods({ labels: { app: 'batch' } }));
  web.connectTo(
    new Redis(chart, 'redis', {
      storage: Size.gibibytes(1),
      password: { secret: SecretRef.named('passwd'), key: 'passwd' },
    }),
  );
  new HttpRouting(chart, 'routing', {
    host: 'shop.example.com',
    tls: Tls.secret(SecretRef.named('certificate')),
    controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
    routes: [{ path: '/', backend: web }],
  });
}
