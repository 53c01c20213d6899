import * as fc from 'fast-check';
import { beside, blockOf, type Mistake, withBlocks, withSteps } from './mistake';
import { STORAGE_DOUBTS } from './mistakes-of-storage';
import { type BlockData, call, type Term, type Terms } from './terms';
import { IDENTITY_LABEL } from '../../../src/kernel/emit/labels';

/*
 * What is wrong because of objects that others have written, in one app with blocks: two owners of one thing, pods that
 * their namespace refuses, addresses without an edge, credentials. Each object is on its own or inside a List.
 */

const IMAGE = 'ghcr.io/acme/old:1.4.2';
const count = fc.integer({ min: 1, max: 20 });
const memberOf = (block: BlockData, ...$path: string[]): Terms => ({ $block: block.id, $path });

function object(apiVersion: string, kind: string, name: string, fields: Terms, metadata: Terms = {}): Terms {
  return { apiVersion, kind, metadata: { name, ...metadata }, ...fields };
}

const container = (fields: Terms = {}): Terms => ({ name: 'main', image: IMAGE, ...fields });
const podSpec = (fields: Terms = {}): Terms => ({ spec: { containers: [container(fields)] } });

/** Pods of any kind with a template. */
const podObject = fc
  .constantFrom('Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob')
  .map((kind) => (template: Terms, name = 'old'): Terms => {
    const labels = { app: name, ...((template.metadata as Terms | undefined)?.labels as Terms) };
    const restarts = kind.endsWith('ob') ? { restartPolicy: 'Never' } : {};
    const whole = { metadata: { labels }, spec: { ...(template.spec as Terms), ...restarts } };
    const selector = { matchLabels: labels };
    switch (kind) {
      case 'Pod':
        return { apiVersion: 'v1', kind, metadata: { name, labels }, spec: whole.spec };
      case 'Job':
        return object('batch/v1', kind, name, { spec: { template: whole } });
      case 'CronJob':
        return object('batch/v1', kind, name, {
          spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template: whole } } },
        });
      default:
        return object('apps/v1', kind, name, { spec: { selector, template: whole } });
    }
  });

/** An object that changes the number of pods of a Deployment. */
const autoscaler = fc
  .tuple(fc.constantFrom('autoscaling/v1', 'autoscaling/v2', 'keda'), count)
  .map(([api, most]) => (target: Term, name = 'scaler'): Terms => {
    const spec = { minReplicas: 1, maxReplicas: most };
    const reference = { apiVersion: 'apps/v1', kind: 'Deployment', name: target };
    return api === 'keda'
      ? object('keda.sh/v1alpha1', 'ScaledObject', name, {
          spec: { scaleTargetRef: reference, maxReplicaCount: most, triggers: [] },
        })
      : object(api, 'HorizontalPodAutoscaler', name, { spec: { ...spec, scaleTargetRef: reference } });
  });

const CLASS = 'traefik';
const FIXED = { replicas: 3, autoscaling: undefined, budget: undefined };
const FREE = { ...FIXED, replicas: undefined };

const owners: Mistake[] = [
  beside(
    'WebService',
    'scaling/two-owners',
    'an autoscaler of others beside replicas',
    autoscaler.map((scaler) => (block) => [scaler(memberOf(block, 'deployment', 'name'))]),
    FIXED,
  ),
  beside(
    'WebService',
    'scaling/two-autoscalers',
    'two of others',
    fc.tuple(autoscaler, autoscaler).map(
      ([one, two]) =>
        (block) =>
          [one, two].map((scaler, index) => scaler(memberOf(block, 'deployment', 'name'), `scaler-${index}`)),
    ),
    FREE,
  ),
  beside(
    'WebService',
    'scaling/two-autoscalers',
    'one of others beside that of the block',
    autoscaler.map((scaler) => (block) => [scaler(memberOf(block, 'deployment', 'name'))]),
    { ...FREE, autoscaling: call('Autoscaling.onCpu', { min: 2, max: 4, target: 80 }) },
  ),
  beside(
    'WebService',
    'scaling/two-budgets',
    'a budget of others over the pods of the block',
    fc
      .constantFrom<Terms>({ minAvailable: 1 }, { maxUnavailable: 1 }, { maxUnavailable: '50%' })
      .map((bound) => (block) => [
        object('policy/v1', 'PodDisruptionBudget', 'budget', {
          spec: { ...bound, selector: { matchLabels: { [IDENTITY_LABEL]: memberOf(block, 'name') } } },
        }),
      ]),
    FIXED,
  ),
  beside(
    'WebService',
    'workload/foreign-pods',
    'pods with the label of the block',
    podObject.map((make) => (block) => [
      make({ metadata: { labels: { [IDENTITY_LABEL]: memberOf(block, 'name') } }, ...podSpec() }),
    ]),
  ),
  duplicateRoute(),
  beside(
    'WebService',
    'routing/two-issuers',
    'an Ingress of others',
    fc.constant(() => [
      ingress(
        { 'cert-manager.io/issuer': 'a', 'cert-manager.io/cluster-issuer': 'b' },
        { tls: [tlsOf('old.example.com')] },
      ),
    ]),
  ),
];

/** One path of one host, to a block and in an Ingress of others. */
function duplicateRoute(): Mistake {
  const others = fc.constantFrom('Prefix', 'Exact').map((pathType) => () => {
    const paths = [{ path: '/old', pathType, backend: service('old') }];
    const rules = [{ host: 'old.example.com', http: { paths } }];
    return [object('networking.k8s.io/v1', 'Ingress', 'old', { spec: { ingressClassName: CLASS, rules } })];
  });
  const mistake = beside('HttpRouting', 'routing/duplicate-route', 'an Ingress of others', others);
  return {
    ...mistake,
    make: (app, value) => {
      const made = mistake.make(app, value);
      const [{ manifest }] = made.others!;
      const [{ http }] = (manifest.spec as { rules: Array<{ http: { paths: Array<{ pathType: string }> } }> }).rules;
      const backend = { $block: blockOf(app, 'WebService').id };
      return {
        ...made,
        blocks: made.blocks.map((block) =>
          block.kind === 'HttpRouting'
            ? {
                ...block,
                props: {
                  host: 'old.example.com',
                  tls: call('Tls.none'),
                  controller: call('IngressController.inNamespace', 'a', { className: CLASS }),
                  routes: [{ path: '/old', pathType: http.paths[0].pathType, backend }],
                },
              }
            : block,
        ),
      };
    },
  };
}

function service(name: string): Terms {
  return { service: { name, port: { number: 80 } } };
}

function tlsOf(host: string): Terms {
  return { hosts: [host], secretName: 'old-tls' };
}

function ingress(annotations: Terms, spec: Terms = {}, path = '/'): Terms {
  const rules = [{ host: 'old.example.com', http: { paths: [{ path, pathType: 'Prefix', backend: service('old') }] } }];
  return object('networking.k8s.io/v1', 'Ingress', 'old', { spec: { rules, ...spec } }, { annotations });
}

const privileges = fc.constantFrom<Terms>(
  { securityContext: { privileged: true } },
  { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } },
  { ports: [{ containerPort: 80, hostPort: 80 }] },
);
const level = (of: string): Terms => ({ labels: { 'pod-security.kubernetes.io/enforce': of } });

const pods: Mistake[] = [
  beside(
    'WebService',
    'namespace/pod-security',
    'pods that the level of their namespace refuses',
    fc
      .tuple(podObject, privileges, fc.constantFrom('baseline', 'restricted'))
      .map(([make, privilege, of]) => (block) => {
        const namespace = memberOf(block, 'deployment', 'chart', 'namespace');
        return [object('v1', 'Namespace', namespace as unknown as string, {}, level(of)), make(podSpec(privilege))];
      }),
  ),
];

const PASSWORD = fc.stringMatching(/^[a-z][a-z0-9]{6,11}[0-9]$/);
const credential = PASSWORD.map((password) => `postgres://shop:${password}@db:5432/shop`);

const credentials: Mistake[] = [
  beside(
    'WebService',
    'secret/in-manifest',
    'a variable, an argument or an annotation of pods of others',
    fc.tuple(podObject, credential, fc.nat(2)).map(([make, url, place]) => () => {
      const fields = [{ env: [{ name: 'DB', value: url }] }, { args: ['-v', `--db=${url}`] }, { command: ['a', url] }];
      return [make(podSpec(fields[place]))];
    }),
  ),
  beside(
    'WebService',
    'secret/in-manifest',
    'a ConfigMap of others',
    credential.map((url) => () => [object('v1', 'ConfigMap', 'old', { data: { 'app.conf': `db = ${url}\n` } })]),
  ),
  {
    ...beside(
      'WebService',
      'secret/in-manifest',
      'a JSON patch',
      fc.constant(() => []),
    ),
    value: credential,
    make: (app, url) => ({
      ...app,
      patches: [
        {
          on: blockOf(app, 'WebService').id,
          member: 'deployment',
          steps: [{ op: 'add', path: '/metadata/annotations', value: { db: url } }],
        },
      ],
    }),
  },
];

const secretTypes: Mistake[] = [
  beside(
    'WebService',
    'reference/secret-type',
    'a Secret of others of another type than its use',
    fc
      .constantFrom<Terms>(
        {},
        { type: 'Opaque' },
        { type: 'kubernetes.io/tls', data: { 'tls.crt': '', 'tls.key': '' } },
      )
      .map((fields) => () => [object('v1', 'Secret', 'registry', fields)]),
    { pullSecrets: [{ $secret: 'registry' }] },
  ),
];

const patches: Mistake[] = [
  {
    ...beside(
      'WebService',
      'app/json-patch',
      'a path that the object does not have',
      fc.constant(() => []),
    ),
    value: fc.record({
      op: fc.constantFrom('replace', 'remove', 'test'),
      path: fc.constantFrom('/spec/missing/deep', '/spec/template/spec/containers/9/image'),
    }),
    make: (app, step) => ({
      ...app,
      patches: [
        { on: blockOf(app, 'WebService').id, member: 'deployment', steps: [{ value: 'a', ...(step as Terms) }] },
      ],
    }),
  },
];

/** Errors: the app writes nothing. */
export const BESIDE_MISTAKES: readonly Mistake[] = [...owners, ...pods, ...credentials, ...secretTypes, ...patches];

const SERVER: BlockData = {
  kind: 'WebService',
  id: 'server',
  props: { name: 'server', image: IMAGE, port: 7070, readiness: call('Probe.portOnly') },
};
const ADDRESS = fc.record({
  scheme: fc.constantFrom('', 'http://', 'grpc://'),
  domain: fc.constantFrom(undefined, '', '.svc', '.svc.cluster.local'),
});

/** Where a process reads an address: a variable, an argument, a ConfigMap. */
const PLACES = ['env', 'args', 'config'] as const;

function address(rule: 'network/address-port' | 'network/address-without-connection', port: number): Mistake {
  const mistake = beside(
    'WebService',
    rule,
    'an address of a Service',
    fc.constant(() => []),
  );
  return {
    ...mistake,
    value: fc.record({ address: ADDRESS, place: fc.constantFrom(...PLACES) }),
    make: (app, value) => {
      const { address: of, place } = value as { address: { scheme: string; domain?: string }; place: string };
      const namespace = memberOf(SERVER, 'deployment', 'chart', 'namespace');
      const parts = [of.scheme, 'server', ...(of.domain === undefined ? [] : ['.', namespace, of.domain]), `:${port}`];
      const text = (prefix = ''): Terms => ({ $text: [prefix, ...parts] });
      const client: BlockData = {
        kind: 'WebService',
        id: 'client',
        props: {
          image: IMAGE,
          port: 8080,
          readiness: call('Probe.portOnly'),
          ...(place === 'env' ? { env: { SERVER_ADDR: text() } } : {}),
          ...(place === 'args' ? { args: [text('--server=')] } : {}),
        },
      };
      const config: BlockData = { kind: 'VersionedConfigMap', id: 'texts', props: { data: { SERVER_ADDR: text() } } };
      const whole = withBlocks(app, SERVER, client, ...(place === 'config' ? [config] : []));
      return place === 'config'
        ? { ...whole, steps: [...whole.steps, { on: 'client', method: 'addEnvFrom', args: [{ $block: 'texts' }] }] }
        : whole;
    },
  };
}

/** A Service without an edge, in an app that has one somewhere else. */
function edges(rule: 'network/unreachable-service' | 'network/unstated-namespace'): Mistake {
  const mistake = beside(
    'WebService',
    rule,
    'a Service',
    fc.constant(() => []),
  );
  return {
    ...mistake,
    make: (app) => {
      const client: BlockData = { ...SERVER, id: 'client', props: { ...SERVER.props, name: 'client' } };
      const step =
        rule === 'network/unreachable-service'
          ? { on: 'client', method: 'allowFrom', args: [call('Peer.pods', { namespace: 'else' })] }
          : { on: 'client', method: 'connectTo', args: [{ $block: 'server' }] };
      return withSteps(withBlocks(app, SERVER, client), step);
    },
  };
}

/** More promised to tenants than a cluster has. */
function overcommitted(): Mistake {
  const amounts = { cpu: call('Cpu.units', 10), memory: call('Size.gibibytes', 20) };
  const mistake = beside(
    'TenantNamespace',
    'namespace/overcommitted-cluster',
    'one node',
    fc.constant(() => []),
    { quota: call('Quota.of', amounts), limitRange: undefined },
  );
  return {
    ...mistake,
    make: (app, value) => {
      // pods might have no room there
      const { id } = blockOf(app, 'TenantNamespace');
      const alone = {
        ...app,
        blocks: app.blocks.filter((block) => block.id === id),
        steps: app.steps.filter(({ on }) => on === id),
      };
      return {
        ...mistake.make(alone, value),
        cluster: { nodes: 1, allocatable: { cpu: call('Cpu.units', 1), memory: call('Size.gibibytes', 1) } },
      };
    },
  };
}

/** Any edge may be one for the scraper. */
function withoutEdges(mistake: Mistake): Mistake {
  return {
    ...mistake,
    make: (app, value) => {
      const blocks = app.blocks.filter(({ kind }) => kind !== 'HttpRouting');
      return mistake.make({ ...app, blocks, steps: [] }, value);
    },
  };
}

const RESERVED = fc.constantFrom('default', 'kube-system', 'kube-public');
const oldIngress = (annotations: Terms, path?: string): Terms => ingress(annotations, {}, path);

/** Warnings: worth a look. */
export const DOUBTS: readonly Mistake[] = [
  ...STORAGE_DOUBTS,
  address('network/address-without-connection', 7070),
  address('network/address-port', 7071),
  edges('network/unreachable-service'),
  edges('network/unstated-namespace'),
  overcommitted(),
  withoutEdges(
    beside(
      'WebService',
      'network/unreachable-metrics',
      'pods with annotations for a scraper',
      fc.constant(() => []),
      { podAnnotations: { 'prometheus.io/scrape': 'true' } },
    ),
  ),
  beside(
    'WebService',
    'scaling/reset-replicas',
    'an autoscaler and a number of replicas, both of others',
    fc.tuple(autoscaler, count).map(([scaler, replicas]) => () => {
      const labels = { app: 'old' };
      const template = { metadata: { labels }, ...podSpec() };
      return [
        object('apps/v1', 'Deployment', 'old', { spec: { replicas, selector: { matchLabels: labels }, template } }),
        scaler('old'),
      ];
    }),
  ),
  beside(
    'WebService',
    'namespace/reserved',
    'pods of others in a namespace of Kubernetes',
    fc.tuple(podObject, RESERVED).map(([make, namespace]) => () => {
      const manifest = make(podSpec());
      return [{ ...manifest, metadata: { ...(manifest.metadata as Terms), namespace } }];
    }),
  ),
  beside(
    'WebService',
    'access/administrator',
    'a binding to cluster-admin',
    fc.constantFrom('ClusterRoleBinding', 'RoleBinding').map((kind) => () => [
      object('rbac.authorization.k8s.io/v1', kind, 'old', {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'oidc:team' }],
      }),
    ]),
  ),
  beside(
    'WebService',
    'secret/literal-data',
    'a Secret with its content',
    fc
      .tuple(PASSWORD, fc.boolean())
      .map(([password, encoded]) => () => [
        object(
          'v1',
          'Secret',
          'old',
          encoded
            ? { data: { passwd: Buffer.from(password).toString('base64') } }
            : { stringData: { passwd: password } },
        ),
      ]),
  ),
  beside(
    'WebService',
    'routing/unmatched-path',
    'an Ingress of others',
    fc.constantFrom('/api/*', '/*', '/a?b=1', '/a#b').map((path) => () => [oldIngress({}, path)]),
  ),
  beside(
    'WebService',
    'routing/snippet',
    'an Ingress of others',
    fc
      .constantFrom('configuration-snippet', 'server-snippet')
      .map((name) => () => [oldIngress({ [`nginx.ingress.kubernetes.io/${name}`]: 'return 200;' })]),
  ),
  beside(
    'WebService',
    'routing/two-certificates',
    'two Ingresses of others for one host',
    fc.constant(() =>
      ['a', 'b'].map((name) => {
        const issuer = { 'cert-manager.io/cluster-issuer': 'letsencrypt' };
        const manifest = ingress(
          issuer,
          { tls: [{ hosts: ['old.example.com'], secretName: `${name}-tls` }] },
          `/${name}`,
        );
        return { ...manifest, metadata: { ...(manifest.metadata as Terms), name } };
      }),
    ),
  ),
  beside(
    'WebService',
    'object/repeated-variable',
    'pods of others',
    podObject.map((make) => () => [make(podSpec({ env: ['a', 'b'].map((value) => ({ name: 'A', value })) }))]),
  ),
];
