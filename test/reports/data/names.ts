import { Size } from 'cdk8s';
import {
  Job,
  Redis,
  ScheduledJob,
  SecretRef,
  WebService,
  Probe,
  ExposedService,
  Exposure,
  LoadBalancerProvider,
} from '../../../src';
import { only, WEB } from '../../support';
import { report, refused, right, type Report } from '../report';

const REDIS = { password: { secret: SecretRef.named('redis'), key: 'passwd' }, storage: Size.gibibytes(1) };

export const NAMES: readonly Report[] = [
  report(
    'kubernetes#50850, monocular#566, zammad-helm#457',
    'names of CronJobs, Jobs and StatefulSets that are too long for their pods',
    (chart) => {
      new ScheduledJob(chart, 'a', { image: WEB.image, schedule: '@daily', name: 'c'.repeat(53) });
      new Job(chart, 'b', { image: WEB.image, name: 'j'.repeat(62) });
      new Redis(chart, 'c', { ...REDIS, name: 'r'.repeat(53) });
    },
    refused('app/object-name'),
  ),
  report(
    'cdk8s#1721, cdk8s-plus#1981',
    'several ports of a Service without names',
    (chart) => new WebService(chart, 'web', { ...WEB, extraPorts: [{ name: 'metrics', port: 9090 }] }),
    right('each port of a Service has a name', ({ manifests }) =>
      expect(only(manifests, 'Service').spec.ports.map(({ name }: { name: string }) => name)).toEqual([
        'http',
        'metrics',
      ]),
    ),
  ),
  report(
    'cdk8s#2239, cdk8s-plus#28, spinnaker#1210',
    'a probe that names a port',
    (chart) =>
      new WebService(chart, 'web', {
        ...WEB,
        extraPorts: [{ name: 'health', port: 9090 }],
        readiness: Probe.grpc({ portName: 'health' }),
      }),
    right('a name is looked up where Kubernetes takes numbers only', ({ manifests }) =>
      expect(only(manifests, 'Deployment').spec.template.spec.containers[0].readinessProbe.grpc.port).toBe(9090),
    ),
  ),
  report(
    'mbentley/docker-omada-controller#808, bluek8s/kubedirector#91',
    'a port name of more than 15 characters',
    (chart) => new WebService(chart, 'web', { ...WEB, extraPorts: [{ name: 'upgrade-es-https', port: 9090 }] }),
    refused('props/value'),
  ),
  report(
    'kubernetes/kubernetes#12463',
    'a Service whose name has more than 24 characters',
    (chart) => new WebService(chart, 'web', { ...WEB, name: 'project1-testing-www-service' }),
    right('names of up to 63 characters', ({ manifests }) =>
      expect(only(manifests, 'Service').metadata.name).toBe('project1-testing-www-service'),
    ),
  ),
  report(
    'karmada-io/karmada#3834',
    'a label made of a long name',
    (chart) => new WebService(chart, 'web', { ...WEB, labels: { 'example.com/workload': 'a'.repeat(70) } }),
    refused('props/value'),
  ),
  report(
    'KohlsTechnology/eunomia#202',
    'a label of the pods that is longer than 63 characters',
    (chart) => new WebService(chart, 'web', { ...WEB, podLabels: { version: 'b'.repeat(64) } }),
    refused('props/value'),
  ),
  report(
    'kubernetes#105610, kubernetes#59482',
    'TCP and UDP on one port of a Service, and client-side apply loses one',
    (chart) =>
      new WebService(chart, 'web', {
        ...WEB,
        extraPorts: [
          { name: 'dns', port: 5353, protocol: 'UDP' },
          { name: 'dns-tcp', port: 5353 },
        ],
      }),
    right('both are written, with their protocols', ({ manifests }) =>
      expect(
        only(manifests, 'Service').spec.ports.map((port: Record<string, unknown>) => [port.port, port.protocol]),
      ).toEqual([
        [8080, 'TCP'],
        [5353, 'UDP'],
        [5353, 'TCP'],
      ]),
    ),
  ),
  report(
    'kubernetes#108148',
    'one port twice in a pod',
    (chart) =>
      new WebService(chart, 'web', {
        ...WEB,
        sidecars: [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0', ports: [{ name: 'again', port: 8080 }] }],
      }),
    refused('workload/duplicate-port'),
  ),
  report(
    'spotify/flink-on-k8s-operator#450',
    'an exposed port whose name is the name of the workload',
    (chart) => {
      const web = new WebService(chart, 'web', WEB);
      new ExposedService(chart, 'outside', {
        backend: web,
        exposure: Exposure.internalLoadBalancer({
          provider: LoadBalancerProvider.aws(),
          sources: ['10.0.0.0/8'],
        }),
        ports: [{ name: 'mydeploymentname-jobmanager', port: 80 }],
      });
    },
    refused('props/value'),
  ),
];
