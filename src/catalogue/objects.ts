import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** What holds for objects that no block writes: raw ones, those of other libraries, of Helm and Include. */
export const OBJECTS = rules({
  'object/external-address': {
    severity: WARNING,
    practices: [],
    title: 'The target of an ExternalName Service is a DNS name',
    reason: 'The DNS of the cluster gives the address out as a name, which nobody can resolve.',
    fix: 'Use ExternalService with ExternalTarget.addresses([...])',
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'Service', " +
      "spec: { type: 'ExternalName', externalName: '10.40.0.10' } });",
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'Service', " +
      "spec: { type: 'ExternalName', externalName: 'db.example.com' } });",
  },
  'object/governing-service': {
    severity: WARNING,
    practices: [],
    title: 'The Service that a StatefulSet names is headless',
    reason:
      'Without a headless Service of that name, the pods have no names in the DNS, and members do not find each other.',
    fix: "Add a Service of that name with clusterIP: 'None'",
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'apps/v1', kind: " +
      "'StatefulSet', spec: { serviceName: 'db' } });",
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'headless', { apiVersion: 'v1', kind: " +
      "'Service', metadata: { name: 'db' }, spec: { clusterIP: 'None' } });\nnew ApiObject(chart, 'raw', { " +
      "apiVersion: 'apps/v1', kind: 'StatefulSet', spec: { serviceName: 'db' } });",
  },
  'object/label': {
    severity: ERROR,
    practices: [],
    title: 'Labels are what Kubernetes takes as labels',
    reason: 'The API server refuses other values, and cdk8s does not look at them.',
    fix: 'Shorten the value, or make it an annotation',
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'ConfigMap', " +
      "metadata: { labels: { team: 'search and more' } } });",
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'ConfigMap', " +
      "metadata: { labels: { team: 'search' } } });",
  },
  'object/min-domains': {
    severity: ERROR,
    practices: [],
    title: "minDomains stands beside whenUnsatisfiable: 'DoNotSchedule'",
    reason: 'The API server refuses it beside ScheduleAnyway.',
    fix: "Remove minDomains, or write whenUnsatisfiable: 'DoNotSchedule'",
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'apps/v1', kind: " +
      "'Deployment', spec: { selector: { matchLabels: { app: 'raw' } }, template: { metadata: { labels: { app: " +
      "'raw' } }, spec: { topologySpreadConstraints: [{ topologyKey: 'zone', maxSkew: 1, minDomains: 2, " +
      "whenUnsatisfiable: 'ScheduleAnyway' }], containers: [{ name: 'main', image,  }] } } } });",
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'apps/v1', kind: " +
      "'Deployment', spec: { selector: { matchLabels: { app: 'raw' } }, template: { metadata: { labels: { app: " +
      "'raw' } }, spec: { topologySpreadConstraints: [{ topologyKey: 'zone', maxSkew: 1, minDomains: 2, " +
      "whenUnsatisfiable: 'DoNotSchedule' }], containers: [{ name: 'main', image,  }] } } } });",
  },
  'object/missing-volume': {
    severity: ERROR,
    practices: [],
    title: 'What a container mounts is a volume of its pod',
    reason: 'The API server refuses the pod. Some versions of cdk8s-plus lose the volumes of a StatefulSet.',
    fix: "Add the volume to 'volumes' of the pod",
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'apps/v1', kind: " +
      "'Deployment', spec: { selector: { matchLabels: { app: 'raw' } }, template: { metadata: { labels: { app: " +
      "'raw' } }, spec: { containers: [{ name: 'main', image, volumeMounts: [{ name: 'data', mountPath: '/data' " +
      '}] }] } } } });',
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'apps/v1', kind: " +
      "'Deployment', spec: { selector: { matchLabels: { app: 'raw' } }, template: { metadata: { labels: { app: " +
      "'raw' } }, spec: { volumes: [{ name: 'data', emptyDir: {} }], containers: [{ name: 'main', image, " +
      "volumeMounts: [{ name: 'data', mountPath: '/data' }] }] } } } });",
  },
  'object/part-of-byte': {
    severity: WARNING,
    practices: [],
    title: 'An amount of memory or disk is whole bytes',
    reason: "'m' is a thousandth: '128m' is less than a byte, and the container cannot start.",
    fix: "Write 'Mi' for MiB, 'M' for a million bytes",
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'apps/v1', kind: " +
      "'Deployment', spec: { selector: { matchLabels: { app: 'raw' } }, template: { metadata: { labels: { app: " +
      "'raw' } }, spec: { containers: [{ name: 'main', image, resources: { limits: { memory: '128m' } } }] } } " +
      '} });',
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'apps/v1', kind: " +
      "'Deployment', spec: { selector: { matchLabels: { app: 'raw' } }, template: { metadata: { labels: { app: " +
      "'raw' } }, spec: { containers: [{ name: 'main', image, resources: { limits: { memory: '128Mi' } } }] } } " +
      '} });',
  },
  'object/path-type': {
    severity: ERROR,
    practices: [],
    title: 'A path of an Ingress has a type',
    reason: 'The API server refuses a path without one.',
    fix: "Write pathType: 'Prefix'",
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'networking.k8s.io/v1', " +
      "kind: 'Ingress', spec: { rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 'a', port: { " +
      'number: 80 } } } }] } }] } });',
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'networking.k8s.io/v1', " +
      "kind: 'Ingress', spec: { rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: " +
      "{ name: 'a', port: { number: 80 } } } }] } }] } });",
  },
  'object/policy-port': {
    severity: ERROR,
    practices: [],
    title: 'A port of a NetworkPolicy is 1 to 65535',
    reason: 'The API server refuses 0, which cdk8s-plus writes for all ports.',
    fix: 'Remove port and endPort for all ports',
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'networking.k8s.io/v1', " +
      "kind: 'NetworkPolicy', spec: { podSelector: {}, egress: [{ ports: [{ protocol: 'TCP', port: 0, endPort: " +
      '65535 }] }] } });',
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'networking.k8s.io/v1', " +
      "kind: 'NetworkPolicy', spec: { podSelector: {}, egress: [{ ports: [{ protocol: 'TCP' }] }] } });",
  },
  'object/removed-version': {
    severity: ERROR,
    practices: [],
    title: 'An object has a version that clusters serve',
    reason: 'No supported Kubernetes knows the version any more: no matches for kind.',
    fix: 'Write the version that is served, and compare the fields',
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'policy/v1beta1', kind: " +
      "'PodDisruptionBudget', spec: { minAvailable: 1, selector: { matchLabels: { app: 'raw' } } } });",
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'policy/v1', kind: " +
      "'PodDisruptionBudget', spec: { minAvailable: 1, selector: { matchLabels: { app: 'raw' } } } });",
  },
  'object/repeated-variable': {
    severity: WARNING,
    practices: [],
    title: 'A variable of a container stands once',
    reason: 'Server-side apply refuses the container, and client-side apply removes both when one of them goes.',
    fix: 'Remove one of the two',
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'apps/v1', kind: " +
      "'Deployment', spec: { selector: { matchLabels: { app: 'raw' } }, template: { metadata: { labels: { app: " +
      "'raw' } }, spec: { containers: [{ name: 'main', image, env: [{ name: 'A', value: '1' }, { name: 'A', " +
      "value: '2' }] }] } } } });",
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'apps/v1', kind: " +
      "'Deployment', spec: { selector: { matchLabels: { app: 'raw' } }, template: { metadata: { labels: { app: " +
      "'raw' } }, spec: { containers: [{ name: 'main', image, env: [{ name: 'A', value: '1' }] }] } } } });",
  },
  'object/restart-policy': {
    severity: ERROR,
    practices: [],
    title: 'Pods of a Job are not restarted for ever',
    reason: 'The default of pods is Always, which the API server refuses in a Job.',
    fix: "Write restartPolicy: 'Never' or 'OnFailure'",
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'batch/v1', kind: 'Job', " +
      "spec: { template: { spec: { containers: [{ name: 'main', image }] } } } });",
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'batch/v1', kind: 'Job', " +
      "spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } } } });",
  },
  'object/selector': {
    severity: ERROR,
    practices: [],
    title: 'A controller selects its own pods',
    reason: 'The API server refuses a selector that does not match the labels of the template.',
    fix: 'Give the template the labels of the selector',
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'apps/v1', kind: " +
      "'Deployment', spec: { selector: { matchLabels: { app: 'raw' } }, template: { metadata: { labels: { app: " +
      "'other' } }, spec: { containers: [{ name: 'main', image,  }] } } } });",
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'apps/v1', kind: " +
      "'Deployment', spec: { selector: { matchLabels: { app: 'raw' } }, template: { metadata: { labels: { app: " +
      "'raw' } }, spec: { containers: [{ name: 'main', image,  }] } } } });",
  },
  'object/stop-hook': {
    severity: ERROR,
    practices: [],
    title: 'A pod does not sleep longer than it may take to stop',
    reason: 'The API server refuses a sleep that is longer than terminationGracePeriodSeconds, and none before 1.33.',
    fix: 'Raise terminationGracePeriodSeconds, or sleep less',
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'apps/v1', kind: " +
      "'Deployment', spec: { selector: { matchLabels: { app: 'raw' } }, template: { metadata: { labels: { app: " +
      "'raw' } }, spec: { containers: [{ name: 'main', image, lifecycle: { preStop: { sleep: { seconds: 60 } } " +
      '} }] } } } });',
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'apps/v1', kind: " +
      "'Deployment', spec: { selector: { matchLabels: { app: 'raw' } }, template: { metadata: { labels: { app: " +
      "'raw' } }, spec: { containers: [{ name: 'main', image, lifecycle: { preStop: { sleep: { seconds: 20 } } " +
      '} }] } } } });',
  },
  'object/subject-namespace': {
    severity: ERROR,
    practices: [],
    title: 'A ServiceAccount in a ClusterRoleBinding has its namespace',
    reason: 'The API server refuses it without one: the binding is in no namespace.',
    fix: 'Name the namespace',
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: " +
      "'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', roleRef: { apiGroup: " +
      "'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'ServiceAccount', " +
      "name: 'raw' }] });",
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: " +
      "'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', roleRef: { apiGroup: " +
      "'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'ServiceAccount', " +
      "name: 'raw', namespace: 'shop' }] });",
  },
  'object/text': {
    severity: ERROR,
    practices: [],
    title: 'Data of a ConfigMap, variables, labels and annotations are text',
    reason: 'The API server cannot read a number, a boolean or a document there.',
    fix: 'Write it as text',
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'ConfigMap', " +
      'data: { port: 8080 } });',
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'ConfigMap', " +
      "data: { port: '8080' } });",
  },
});
