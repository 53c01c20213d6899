import { Chart, Size } from 'cdk8s';
import {
  AccessGrant,
  AccessRole,
  EnvSource,
  HttpRouting,
  IngressController,
  Peer,
  Probe,
  Redis,
  Resources,
  Subject,
  Tls,
  VersionedConfigMap,
  VersionedSecret,
  WebService,
} from 'cdk8s-best-practices';
import * as kplus from 'cdk8s-plus-LINE';

/** The same app with references of cdk8s-plus. */
export function build(chart: Chart): void {
  const secret = (name: string): kplus.ISecret => kplus.Secret.fromSecretName(chart, `secret-${name}`, name);
  const [mail, flags] = [secret('mail'), kplus.ConfigMap.fromConfigMapName(chart, 'flags', 'flags')];
  const web = new WebService(chart, 'web', {
    image: 'ghcr.io/acme/web:1.4.2',
    port: 8080,
    readiness: Probe.httpGet('/readyz'),
    resources: Resources.of({ cpu: kplus.Cpu.millis(250), memory: Size.mebibytes(256) }),
    pullSecrets: [secret('registry')],
    env: {
      KEY: kplus.EnvValue.fromSecretValue({ secret: secret('api'), key: 'key' }, { optional: true }),
      MODE: kplus.EnvValue.fromConfigMap(flags, 'mode'),
    },
  });
  web.addEnv('POD_IP', kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.POD_IP));
  web.addEnv('MEMORY', kplus.EnvValue.fromResource(kplus.ResourceFieldPaths.MEMORY_LIMIT, { divisor: '1Mi' }));
  web.addEnvFrom(new kplus.EnvFrom(undefined, 'MAIL_', mail));
  web.addEnvFrom(flags);
  web.mountSecret('/var/run/secrets/mail', mail);
  web.mount('/etc/web', new VersionedConfigMap(chart, 'config', { data: { MODE: 'fast' } }));
  web.mount('/cache', kplus.Volume.fromEmptyDir(chart, 'cache', 'cache', { sizeLimit: Size.mebibytes(16) }));
  web.allowFrom(Peer.fromKplus(kplus.Pods.select(chart, 'batch', { labels: { app: 'batch' } })));
  const password: kplus.SecretValue = { secret: secret('passwd'), key: 'passwd' };
  web.connectTo(new Redis(chart, 'redis', { storage: Size.gibibytes(1), password }));
  new HttpRouting(chart, 'routing', {
    host: 'shop.example.com',
    tls: Tls.secret(secret('certificate')),
    controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
    routes: [{ path: '/', backend: web }],
  });
}

/** Our blocks in cdk8s-plus objects, and other cdk8s-plus objects in our blocks. */
export function extend(chart: Chart): void {
  const web = new WebService(chart, 'web', {
    image: 'ghcr.io/acme/web:1.4.2',
    port: 8080,
    readiness: Probe.httpGet('/readyz'),
  });
  const config = new VersionedConfigMap(chart, 'config', { data: { MODE: 'fast' } });
  const secret = new VersionedSecret(chart, 'key', { version: 'v1' });
  const claim = new kplus.PersistentVolumeClaim(chart, 'claim', {
    accessModes: [kplus.PersistentVolumeAccessMode.READ_ONLY_MANY],
    storage: Size.gibibytes(1),
  });
  web.mount('/srv', kplus.Volume.fromPersistentVolumeClaim(chart, 'volume', claim));

  const account: kplus.IServiceAccount = web.serviceAccount;
  const theirs = new kplus.Deployment(chart, 'theirs', {
    serviceAccount: account,
    containers: [
      {
        image: 'ghcr.io/acme/theirs:1.0.0',
        portNumber: 3000,
        envVariables: { KEY: secret.envValue('key'), NODE: EnvSource.field('spec.nodeName') },
      },
    ],
  });
  theirs.containers[0].mount('/etc/config', config);
  theirs.containers[0].mount('/etc/key', kplus.Volume.fromSecret(chart, 'secret-volume', secret));
  theirs.containers[0].env.copyFrom(kplus.Env.fromConfigMap(config, 'C_'));
  theirs.connections.allowTo(web);
  theirs.scheduling.separate(web, { topology: kplus.Topology.HOSTNAME });
  web.allowFrom(Peer.fromKplus(theirs));

  new kplus.HorizontalPodAutoscaler(chart, 'scaling', { target: web, minReplicas: 2, maxReplicas: 10 });
  new kplus.Ingress(chart, 'ingress', {
    rules: [{ host: 'shop.example.com', path: '/', backend: web.toIngressBackend() }],
  });
  new kplus.Service(chart, 'service', { ports: [{ port: 80, targetPort: 8080 }] }).select(web);
  new kplus.NetworkPolicy(chart, 'policy', { selector: web }).addIngressRule(theirs, [
    kplus.NetworkPolicyPort.tcp(8080),
  ]);
  const role = new kplus.Role(chart, 'role');
  role.allowRead(kplus.ApiResource.CONFIG_MAPS);
  role.bind(web, web.serviceAccount);
  const robot = new kplus.ServiceAccount(chart, 'robot', { metadata: { namespace: 'shop' } });
  new AccessGrant(chart, 'grant', { role: AccessRole.viewer(), subjects: [Subject.workload(robot)] });
}
