import { ApiObject, type Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Worker, Probe } from '../../../src';
import { report, refused, warned, type Report } from '../report';

/** A raw object in an app that has a block. */
const raw = (apiVersion: string, kind: string, body: object) => (chart: Chart) => {
  new Worker(chart, 'worker', { image: 'ghcr.io/acme/worker:1.4.2', liveness: Probe.none() });
  new ApiObject(chart, 'raw', { apiVersion, kind, ...body });
};

const IMAGE = 'ghcr.io/acme/api:2.0.0';
const LABELS = { app: 'api' };

const deployment = (container: object, pod: object = {}) =>
  raw('apps/v1', 'Deployment', {
    spec: {
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: { containers: [{ name: 'main', image: IMAGE, ...container }], ...pod },
      },
    },
  });

export const OTHERS: readonly Report[] = [
  report(
    'cdk8s-team/cdk8s-plus#6735, cdk8s-team/cdk8s#2760',
    'a StatefulSet of cdk8s-plus mounts a volume that it does not have',
    raw('apps/v1', 'StatefulSet', {
      spec: {
        selector: { matchLabels: LABELS },
        template: {
          metadata: { labels: LABELS },
          spec: {
            containers: [{ name: 'main', image: IMAGE, volumeMounts: [{ name: 'pvc-claimname', mountPath: '/test' }] }],
          },
        },
      },
    }),
    refused('object/missing-volume'),
  ),
  report(
    'cdk8s-team/cdk8s-plus#4395, cdk8s-team/cdk8s#2176',
    'allTcp() of cdk8s-plus writes port 0',
    (chart) => {
      new Worker(chart, 'worker', { image: IMAGE, liveness: Probe.none() });
      new kplus.NetworkPolicy(chart, 'policy', {
        egress: {
          rules: [
            { peer: kplus.NetworkPolicyIpBlock.anyIpv4(chart, 'any'), ports: [kplus.NetworkPolicyPort.allTcp()] },
          ],
        },
      });
    },
    refused('object/policy-port'),
  ),
  report(
    'cdk8s-team/cdk8s-plus#907, kyma-project/cli#2749',
    'a ServiceAccount in a ClusterRoleBinding without its namespace',
    raw('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'demo' }],
    }),
    refused('object/subject-namespace'),
  ),
  report(
    'cdk8s-team/cdk8s#1338',
    'cdk8s takes any label, and the deployment fails',
    raw('v1', 'ConfigMap', { metadata: { labels: { team: '_search' } } }),
    refused('object/label'),
  ),
  report(
    'instrumenta/kubeval#175, yannh/kubeconform#364',
    'validators by schema take labels of more than 63 characters',
    raw('v1', 'Service', { metadata: { labels: { toolong: 'abcde'.repeat(15) } }, spec: { ports: [{ port: 10000 }] } }),
    refused('object/label'),
  ),
  report(
    'kubearmor/KubeArmor#1794, BorisPolonsky/dify-helm#44, kubevela/kubevela#3494',
    'a number or a boolean in a ConfigMap',
    raw('v1', 'ConfigMap', { data: { timeout: 20, debug: true } }),
    refused('object/text'),
  ),
  report(
    'ansible-collections/kubernetes.core#682',
    'a document in a ConfigMap that is no text',
    raw('v1', 'ConfigMap', { data: { 'appsettings.json': { Logging: { Level: 'Information' } } } }),
    refused('object/text'),
  ),
  report(
    'kubernetes/kubernetes#14948, provectus/kafka-ui-charts#19, coder/code-server#6563',
    'a variable that is a boolean',
    deployment({ env: [{ name: 'DYNAMIC_CONFIG_ENABLED', value: true }] }),
    refused('object/text'),
  ),
  report(
    'kubernetes/kubernetes#79950, kubernetes/kubernetes#49442',
    'a memory limit of 128m is no byte at all',
    deployment({ resources: { limits: { memory: '128m' } } }),
    warned('object/part-of-byte'),
  ),
  report(
    'kubernetes/kubernetes#103761, hail-is/hail#8165',
    'a memory request of 3500m',
    deployment({ resources: { requests: { memory: '3500m' } } }),
    warned('object/part-of-byte'),
  ),
  report(
    'helm/community#279, kubernetes-sigs/metrics-server#1104, apache/pulsar-helm-chart#289',
    'policy/v1beta1: no matches for kind PodDisruptionBudget',
    raw('policy/v1beta1', 'PodDisruptionBudget', { spec: { minAvailable: 1, selector: { matchLabels: LABELS } } }),
    refused('object/removed-version'),
  ),
  report(
    'kube-HPC/hkube#1899',
    'a PodSecurityPolicy, which no cluster knows any more',
    raw('policy/v1beta1', 'PodSecurityPolicy', { spec: { privileged: false } }),
    refused('object/removed-version'),
  ),
  report(
    'kubernetes/kubernetes#107674',
    'minDomains beside ScheduleAnyway',
    deployment(
      {},
      {
        topologySpreadConstraints: [
          {
            topologyKey: 'topology.kubernetes.io/zone',
            maxSkew: 1,
            minDomains: 3,
            whenUnsatisfiable: 'ScheduleAnyway',
          },
        ],
      },
    ),
    refused('object/min-domains'),
  ),
  report(
    'kubernetes/kubernetes#73808, sonatype/nxrm3-ha-repository#51',
    'a StatefulSet names a headless Service that nobody makes',
    raw('apps/v1', 'StatefulSet', { spec: { serviceName: 'nexus' } }),
    warned('object/governing-service'),
  ),
  report(
    'kubernetes/kubernetes#68352, kubernetes/kubernetes#68356',
    'the Service of a StatefulSet has an address of its own: pods have no names',
    (chart) => {
      raw('apps/v1', 'StatefulSet', { spec: { serviceName: 'nginx' } })(chart);
      new ApiObject(chart, 'service', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'nginx' },
        spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] },
      });
    },
    warned('object/governing-service'),
  ),
  report(
    'kubernetes-client/python#1400, ContainerSolutions/kubernetes-examples#13',
    'a Job whose pods are restarted always',
    raw('batch/v1', 'Job', { spec: { template: { spec: { containers: [{ name: 'main', image: IMAGE }] } } } }),
    refused('object/restart-policy'),
  ),
  report(
    'openshift/openshift-docs#38551, devspace-sh/devspace#1634',
    'a path of an Ingress without a pathType',
    raw('networking.k8s.io/v1', 'Ingress', {
      spec: {
        rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 'a', port: { number: 80 } } } }] } }],
      },
    }),
    refused('object/path-type'),
  ),
  report(
    'GoogleCloudPlatform/microservices-demo#166, replicatedhq/kots-sentry#3, kubernetes/website#23203',
    'a selector that does not match the labels of the pods',
    raw('apps/v1', 'Deployment', {
      spec: {
        selector: { matchLabels: { app: 'sentry', role: 'web' } },
        template: {
          metadata: { labels: { app: 'sentry', role: 'cron' } },
          spec: { containers: [{ name: 'main', image: IMAGE }] },
        },
      },
    }),
    refused('object/selector'),
  ),
  report(
    'kubernetes/kubernetes#113482, fluxcd/helm-controller#1333, kubernetes/kubectl#1750',
    'a variable that stands twice: server-side apply refuses the pod',
    deployment({
      env: [
        { name: 'BACKUP_NAME', value: 'a' },
        { name: 'BACKUP_NAME', value: 'b' },
      ],
    }),
    warned('object/repeated-variable'),
  ),
  report(
    'zalando-incubator/kubernetes-on-aws#9426',
    'a sleep of 60 s in pods that have 30 s to stop',
    deployment({ lifecycle: { preStop: { sleep: { seconds: 60 } } } }),
    refused('object/stop-hook'),
  ),
  report(
    'kubernetes/enhancements#4855',
    'a sleep of 0 s in a cluster before 1.33',
    deployment({ lifecycle: { preStop: { sleep: { seconds: 0 } } } }),
    refused('object/stop-hook'),
  ),
  report(
    'kubernetes-sigs/kind#1152, coredns/coredns#2324',
    'an ExternalName Service for an address is not resolved',
    raw('v1', 'Service', { spec: { type: 'ExternalName', externalName: '10.132.32.158', ports: [{ port: 8080 }] } }),
    warned('object/external-address'),
  ),
  report(
    'cronitorio/cronitor-kubernetes#42',
    'a raw CronJob with both kinds of days',
    raw('batch/v1', 'CronJob', {
      spec: {
        schedule: '0 0 */2 * */3',
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: IMAGE }] } } },
        },
      },
    }),
    warned('job/both-days'),
  ),
  report(
    'manifest in kubernetes#59482',
    'objects inside of a List are seen by no check',
    raw('v1', 'List', {
      items: [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'inner' }, data: { port: 53 } },
        { apiVersion: 'policy/v1beta1', kind: 'PodDisruptionBudget', metadata: { name: 'old' }, spec: {} },
      ],
    }),
    refused('object/removed-version', 'object/text'),
  ),
];
