import { Size, App, Chart, Testing } from 'cdk8s';
import { Secret } from 'cdk8s-plus-27';
import { Autoscaling, Cpu, DisruptionBudget, Resources, WebService, type WebServiceProps } from '../../src';
import { type Manifest, newChart, only, problemsOf, synth, untyped, WEB } from '../support';

const DIGEST = `sha256:${'0'.repeat(64)}`;

function web(props: Partial<WebServiceProps> = {}): Manifest[] {
  return synth((chart) => new WebService(chart, 'web', { ...WEB, ...props }));
}

function pods(props: Partial<WebServiceProps> = {}): Manifest {
  return only(web(props), 'Deployment').spec.template;
}

function refusals(props: Record<string, unknown>): string[] {
  return problemsOf((chart) => new WebService(chart, 'web', untyped({ ...WEB, ...props })));
}

describe('objects', () => {
  test('are six, all with the name of the path, in the namespace of the chart', () => {
    const found = web({ autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: 80 }) });
    expect(found.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
      'ServiceAccount shop/app-web',
      'NetworkPolicy shop/app-web',
      'Deployment shop/app-web',
      'Service shop/app-web',
      'PodDisruptionBudget shop/app-web',
      'HorizontalPodAutoscaler shop/app-web',
    ]);
  });

  test('have no autoscaler and no budget when none is wanted', () => {
    expect(web({ budget: DisruptionBudget.none() }).map(({ kind }) => kind)).toEqual([
      'ServiceAccount',
      'NetworkPolicy',
      'Deployment',
      'Service',
    ]);
  });

  test('a block by the id Default takes the name of its scope', () => {
    const found = synth((chart) => new WebService(chart, 'Default', WEB));
    expect(new Set(found.map(({ metadata }) => metadata.name))).toEqual(new Set(['app']));
  });

  test('name replaces the path everywhere', () => {
    const found = web({ name: 'shop-front' });
    expect(new Set(found.map(({ metadata }) => metadata.name))).toEqual(new Set(['shop-front']));
    expect(only(found, 'Deployment').spec.template.spec.serviceAccountName).toBe('shop-front');
  });

  test('a name of 63 characters is taken, one of 64 is refused and not shortened (DX-12)', () => {
    expect(only(web({ name: 'a'.repeat(63) }), 'Service').metadata.name).toBe('a'.repeat(63));
    expect(refusals({ name: 'a'.repeat(64) })).toEqual(['[app/web] name: app/object-name']);
  });

  test('a path that makes no name is refused and not repaired, each block for itself', () => {
    expect(
      problemsOf((chart) => {
        new WebService(chart, 'Web', WEB);
        new WebService(chart, 'api_v2', WEB);
      }),
    ).toEqual(['[app/Web] name: app/object-name', '[app/api_v2] name: app/object-name']);
  });

  test('two workloads with one name are refused: each would serve the requests of the other (DX-03)', () => {
    expect(
      problemsOf((chart) => {
        new WebService(chart, 'a', { ...WEB, name: 'same' });
        new WebService(chart, 'b', { ...WEB, name: 'same' });
      }),
    ).toEqual(['[app/b] workload/duplicate-name']);
  });

  test('one name in two namespaces is fine', () => {
    const app = new App();
    for (const namespace of ['shop', 'blog']) {
      new WebService(newChart(namespace, namespace, app), 'web', { ...WEB, name: 'web' });
    }
    expect(() => app.synthYaml()).not.toThrow();
  });
});

describe('labels', () => {
  const RECOMMENDED = {
    'app': 'app-web',
    'app.kubernetes.io/name': 'app-web',
    'app.kubernetes.io/component': 'web',
    'app.kubernetes.io/managed-by': 'cdk8s',
    'app.kubernetes.io/instance': 'app-web',
  };

  test('are the recommended ones on each object, with the version on Deployment and pods', () => {
    const found = web();
    const versioned = { ...RECOMMENDED, 'app.kubernetes.io/version': '1.4.2' };
    expect(only(found, 'Service').metadata.labels).toEqual(RECOMMENDED);
    expect(only(found, 'ServiceAccount').metadata.labels).toEqual(RECOMMENDED);
    expect(only(found, 'Deployment').metadata.labels).toEqual(versioned);
    expect(only(found, 'Deployment').spec.template.metadata.labels).toEqual(versioned);
  });

  test('a version of the caller takes the place of that of the image, on all objects', () => {
    const version = { 'app.kubernetes.io/version': 'v9' };
    const found = web({ labels: version, autoscaling: Autoscaling.onCpu({ min: 2, max: 3, target: 80 }) });
    expect(found.map(({ kind, metadata }) => [kind, metadata.labels])).toEqual(
      found.map(({ kind }) => [kind, { ...RECOMMENDED, ...version }]),
    );
    expect(only(found, 'Deployment').spec.template.metadata.labels).toEqual({ ...RECOMMENDED, ...version });
    expect(pods({ labels: version, podLabels: { 'app.kubernetes.io/version': 'v8' } }).metadata.labels).toEqual({
      ...RECOMMENDED,
      'app.kubernetes.io/version': 'v8',
    });
  });

  test('a version of the chart takes the place of that of the image, too', () => {
    const labels = { 'app.kubernetes.io/version': 'v7' };
    const chart = new Chart(new App(), 'app', { namespace: 'shop', labels });
    new WebService(chart, 'web', WEB);
    expect(
      (chart.toJson() as Manifest[]).map(({ metadata }) => metadata.labels['app.kubernetes.io/version'] as string),
    ).toEqual(new Array(5).fill('v7'));
  });

  test('a digest alone gives no version label', () => {
    expect(pods({ image: `ghcr.io/acme/web@${DIGEST}` }).metadata.labels).toEqual(RECOMMENDED);
  });

  test('every selector is the one identity label, and never a version (CH06-07)', () => {
    const found = web();
    const identity = { 'app.kubernetes.io/instance': 'app-web' };
    expect(only(found, 'Deployment').spec.selector).toEqual({ matchLabels: identity });
    expect(only(found, 'Service').spec.selector).toEqual(identity);
    expect(only(found, 'PodDisruptionBudget').spec.selector).toEqual({ matchLabels: identity });
    expect(only(found, 'NetworkPolicy').spec.podSelector).toEqual({ matchLabels: identity });
    expect(pods().metadata.labels).toMatchObject(identity);
  });

  test('a new version of the image changes no selector', () => {
    const selectors = (image: string): unknown[] =>
      web({ image }).map(({ spec }) => spec?.selector ?? spec?.podSelector);
    expect(selectors('ghcr.io/acme/web:1.4.2')).toEqual(selectors('ghcr.io/acme/web:2.0.0'));
  });

  test('those of the chart reach the pods', () => {
    const chart = new Chart(new App(), 'app', { labels: { team: 'payments' } });
    new WebService(chart, 'web', WEB);
    const deployment = only(Testing.synth(chart) as Manifest[], 'Deployment');
    expect(deployment.metadata.labels.team).toBe('payments');
    expect(deployment.spec.template.metadata.labels.team).toBe('payments');
    expect(deployment.spec.selector.matchLabels).not.toHaveProperty('team');
  });

  test('own labels go everywhere, pod labels to the pods alone (DX-13)', () => {
    const found = web({ labels: { tier: 'front' }, podLabels: { scrape: 'yes' } });
    expect(found.map(({ metadata }) => metadata.labels.tier)).toEqual(['front', 'front', 'front', 'front', 'front']);
    expect(only(found, 'Deployment').metadata.labels).not.toHaveProperty('scrape');
    expect(only(found, 'Deployment').spec.template.metadata.labels).toMatchObject({ tier: 'front', scrape: 'yes' });
  });

  test('component can be changed, the identity cannot', () => {
    expect(
      pods({ labels: { 'app.kubernetes.io/component': 'api' } }).metadata.labels['app.kubernetes.io/component'],
    ).toBe('api');
    expect(refusals({ podLabels: { 'app.kubernetes.io/instance': 'other' } })).toEqual([
      '[app/web] podLabels: workload/identity-label',
    ]);
  });

  test('a label that Kubernetes refuses is refused here (DX-13)', () => {
    expect(refusals({ labels: { team: 'a b' } })).toEqual(["[app/web] labels['team']: props/value"]);
  });

  test('annotations go to the Deployment, pod annotations to the pods', () => {
    const deployment = only(web({ annotations: { owner: 'a@b.c' }, podAnnotations: { note: 'x y' } }), 'Deployment');
    expect(deployment.metadata.annotations).toEqual({ owner: 'a@b.c' });
    expect(deployment.spec.template.metadata.annotations).toEqual({
      'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes': 'tmp',
      'note': 'x y',
    });
    expect(only(web(), 'Deployment').metadata).not.toHaveProperty('annotations');
  });
});

describe('ServiceAccount', () => {
  test('is the own one of the workload, and its token is not mounted (CH04-36)', () => {
    const found = web();
    expect(only(found, 'ServiceAccount').automountServiceAccountToken).toBe(false);
    expect(pods().spec).toMatchObject({ serviceAccountName: 'app-web', automountServiceAccountToken: false });
  });

  test('serviceAccountToken mounts the token into these pods alone', () => {
    const found = web({ serviceAccountToken: true });
    expect(only(found, 'Deployment').spec.template.spec.automountServiceAccountToken).toBe(true);
    expect(only(found, 'ServiceAccount').automountServiceAccountToken).toBe(false);
  });

  test('carries the pull secrets (CH04-27)', () => {
    const found = synth(
      (chart) =>
        new WebService(chart, 'web', { ...WEB, pullSecrets: [Secret.fromSecretName(chart, 'pull', 'registry')] }),
    );
    expect(only(found, 'ServiceAccount').imagePullSecrets).toEqual([{ name: 'registry' }]);
    expect(only(found, 'Deployment').spec.template.spec).not.toHaveProperty('imagePullSecrets');
  });

  test('is a subject with its namespace, itself and by the workload', () => {
    const service = new WebService(newChart(), 'web', WEB);
    const subject = { kind: 'ServiceAccount', name: 'app-web', namespace: 'shop', apiGroup: '' };
    expect(service.serviceAccount.toSubjectConfiguration()).toEqual(subject);
    expect(service.toSubjectConfiguration()).toEqual(subject);
    expect(service.serviceAccount.resourceName).toBe('app-web');
  });
});

describe('images', () => {
  test('are pulled only where they are not there yet: a registry outage keeps no pod from restarting (DX-38)', () => {
    expect(pods().spec.containers[0].imagePullPolicy).toBe('IfNotPresent');
    expect(pods({ pullPolicy: 'Always' }).spec.containers[0].imagePullPolicy).toBe('Always');
  });

  test('may be limited to registries, for every container of the pod (CH01-06)', () => {
    const registries = ['ghcr.io/acme/'];
    expect(refusals({ registries })).toEqual([]);
    expect(
      refusals({
        registries,
        image: 'ghcr.io/acme-evil/web:1.0.0',
        sidecars: [{ name: 'proxy', image: 'docker.io/envoy:1.30.0' }],
      }),
    ).toEqual(['[app/web] image: workload/image-registry', '[app/web] sidecars[0].image: workload/image-registry']);
  });

  test('a registry prefix without the final slash is refused (CH01-06)', () => {
    expect(refusals({ registries: ['ghcr.io/acme'] })).toEqual(['[app/web] registries[0]: props/value']);
  });
});

describe('containers', () => {
  test('sidecars are init containers that restart, before the init containers', () => {
    const { spec } = pods({
      initContainers: [{ name: 'migrate', image: 'ghcr.io/acme/migrate:1.0.0' }],
      sidecars: [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' }],
    });
    expect(spec.initContainers.map(({ name, restartPolicy }: Manifest) => [name, restartPolicy])).toEqual([
      ['proxy', 'Always'],
      ['migrate', undefined],
    ]);
    expect(spec.containers.map(({ name }: Manifest) => name)).toEqual(['main']);
  });

  test('each has its own writable /tmp and the same security', () => {
    const { spec } = pods({ sidecars: [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' }] });
    expect(spec.containers[0].volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }]);
    expect(spec.initContainers[0].volumeMounts).toEqual([{ name: 'tmp-proxy', mountPath: '/tmp' }]);
    expect(spec.initContainers[0].securityContext).toEqual(spec.containers[0].securityContext);
  });

  test('init containers have neither probes nor lifecycle, and cannot be given any', () => {
    const [init] = pods({ initContainers: [{ name: 'migrate', image: 'ghcr.io/acme/migrate:1.0.0' }] }).spec
      .initContainers;
    expect(Object.keys(init).sort()).toEqual([
      'image',
      'imagePullPolicy',
      'name',
      'resources',
      'securityContext',
      'terminationMessagePolicy',
      'volumeMounts',
    ]);
    expect(
      refusals({ initContainers: [{ name: 'migrate', image: 'ghcr.io/acme/migrate:1.0.0', startup: WEB.readiness }] }),
    ).toEqual(['[app/web] initContainers[0].startup: props/unknown']);
  });

  test('two with one name are refused', () => {
    expect(refusals({ sidecars: [{ name: 'main', image: 'ghcr.io/acme/proxy:1.0.0' }] })).toEqual([
      '[app/web] sidecars[0].name: props/duplicate',
    ]);
    const init = { name: 'setup', image: 'ghcr.io/acme/setup:1.0.0' };
    expect(refusals({ initContainers: [init, init] })).toEqual(['[app/web] initContainers[1].name: props/duplicate']);
    expect(refusals({ sidecars: [init], initContainers: [init] })).toEqual([
      '[app/web] initContainers[0].name: props/duplicate',
    ]);
  });

  test('terminationGracePeriod is 30 s', () => {
    expect(pods().spec.terminationGracePeriodSeconds).toBe(30);
  });
});

describe('autoscaling', () => {
  test('by somebody else leaves the number of replicas to them', () => {
    const found = synth((chart) => new WebService(chart, 'web', WEB).markHasAutoscaler());
    expect(only(found, 'Deployment').spec).not.toHaveProperty('replicas');
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, replicas: 2 }).markHasAutoscaler())).toEqual([
      '[app/web] replicas: scaling/two-owners',
    ]);
  });

  const autoscaling = Autoscaling.onCpu({ min: 3, max: 10, target: 80 });

  test('refuses replicas beside autoscaling (B5)', () => {
    expect(refusals({ replicas: 3, autoscaling })).toEqual(['[app/web] replicas: scaling/two-owners']);
  });

  test('targets the Deployment and leaves the number out there', () => {
    const found = web({ autoscaling });
    expect(only(found, 'Deployment').spec).not.toHaveProperty('replicas');
    expect(only(found, 'HorizontalPodAutoscaler').spec).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app-web' },
      minReplicas: 3,
      maxReplicas: 10,
    });
  });

  test('looks at the main container alone when there are sidecars', () => {
    const metric = (props: Partial<WebServiceProps>): unknown =>
      only(web({ autoscaling, ...props }), 'HorizontalPodAutoscaler').spec.metrics[0];
    const target = { type: 'Utilization', averageUtilization: 80 };
    expect(metric({})).toEqual({ type: 'Resource', resource: { name: 'cpu', target } });
    expect(metric({ sidecars: [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' }] })).toEqual({
      type: 'ContainerResource',
      containerResource: { name: 'cpu', container: 'main', target },
    });
  });

  test('needs requests in every container that runs', () => {
    expect(refusals({ autoscaling, resources: Resources.none() })).toEqual([
      '[app/web] autoscaling: scaling/missing-request',
    ]);
    const resources = Resources.of({ cpu: Cpu.millis(100), memory: Size.mebibytes(64) });
    expect(refusals({ autoscaling, resources })).toEqual([]);
  });
});

test('props left out as undefined count as left out', () => {
  const all = untyped<Partial<WebServiceProps>>({
    replicas: undefined,
    autoscaling: undefined,
    service: undefined,
    liveness: undefined,
    labels: { a: undefined },
    sidecars: undefined,
  });
  expect(web(all)).toEqual(web());
});
