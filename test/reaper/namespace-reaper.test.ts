import { App, Chart, Testing } from 'cdk8s';
import { AccessReview, DeveloperNamespace, Egress, NamespaceReaper, type NamespaceReaperProps, Peer } from '../../src';
import { type Manifest, newChart, only, problemsOf, refusedBy, synth, untyped } from '../support';

const IMAGE = 'ghcr.io/example/kubectl:1.34.2';

function reaper(props: Partial<NamespaceReaperProps> = {}): Manifest[] {
  return synth((chart) => new NamespaceReaper(chart, 'reaper', { image: IMAGE, ...props }));
}

describe('the reaper', () => {
  const manifests = reaper();

  test('is a CronJob that runs once an hour, one at a time, and gives up after 10 minutes (S23, CH02-09, CH02-25)', () => {
    const { spec } = only(manifests, 'CronJob', 'app-reaper');
    expect(spec).toMatchObject({
      schedule: '0 * * * *',
      concurrencyPolicy: 'Forbid',
      jobTemplate: { spec: { activeDeadlineSeconds: 600 } },
    });
    expect(spec.jobTemplate.spec.template.spec).toMatchObject({
      serviceAccountName: 'app-reaper',
      automountServiceAccountToken: true,
    });
    expect(spec.jobTemplate.spec.template.spec.containers[0]).toMatchObject({
      image: IMAGE,
      command: ['sh', '/opt/reaper/reap.sh'],
    });
  });

  test('may list and delete namespaces, and nothing else (CH02-25, CH17-29)', () => {
    expect(only(manifests, 'ClusterRole', 'app-reaper').rules).toEqual([
      { apiGroups: [''], resources: ['namespaces'], verbs: ['list', 'delete'] },
    ]);
    expect(only(manifests, 'ClusterRoleBinding', 'app-reaper').subjects).toEqual([
      { kind: 'ServiceAccount', name: 'app-reaper', namespace: 'shop' },
    ]);
  });

  test('is held back by a policy of the cluster to marked namespaces (CH02-25)', () => {
    expect(only(manifests, 'ValidatingAdmissionPolicy')).toMatchObject({
      apiVersion: 'admissionregistration.k8s.io/v1',
      metadata: { name: 'app-reaper' },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['namespaces'] }],
        },
        matchConditions: [{ expression: "request.userInfo.username == 'system:serviceaccount:shop:app-reaper'" }],
      },
    });
    const [marked, timed, foreign] = only(manifests, 'ValidatingAdmissionPolicy').spec.validations.map(
      ({ expression }: Manifest) => expression,
    );
    expect(marked).toBe(
      "has(oldObject.metadata.labels) && 'cdk8s-best-practices.dev/expires' in oldObject.metadata.labels && oldObject.metadata.labels['cdk8s-best-practices.dev/expires'] == 'true'",
    );
    expect(timed).toBe(
      "has(oldObject.metadata.annotations) && ('ttl' in oldObject.metadata.annotations || 'expires-at' in oldObject.metadata.annotations)",
    );
    expect(foreign).toBe("oldObject.metadata.name != 'default' && !oldObject.metadata.name.startsWith('kube-')");
    expect(only(manifests, 'ValidatingAdmissionPolicyBinding').spec).toEqual({
      policyName: 'app-reaper',
      validationActions: ['Deny'],
    });
  });

  test('finds what a DeveloperNamespace is marked with', () => {
    const { metadata } = only(
      synth(
        (chart) =>
          new DeveloperNamespace(chart, 'spike', { name: 'spike', owner: 'jane', team: 'search', purpose: 'x' }),
      ),
      'Namespace',
    );
    const script = Object.values(only(manifests, 'ConfigMap').data as Record<string, string>)[0];
    const [marked] = Object.entries(metadata.labels)
      .filter(([key]) => key.startsWith('cdk8s-best-practices'))
      .map((entry) => entry.join('='));
    expect(script).toContain(`marked='${marked}'`);
  });

  test('writes what has no namespace without one', () => {
    expect(
      manifests
        .filter(({ metadata }) => metadata.namespace === undefined)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['ClusterRole', 'ClusterRoleBinding', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']);
  });

  test('is refused where it does not get to the API server, which is all that it asks', () => {
    const closed = (egressTo?: Egress[]): string[] =>
      problemsOf((chart) => new NamespaceReaper(chart, 'reaper', { image: IMAGE, egress: 'declared', egressTo }));
    const refused = ['[app/reaper] egressTo: reaper/closed-egress'];
    expect(closed()).toEqual(refused);
    expect(closed([Egress.to(Peer.pods({ namespace: 'tracing' }))])).toEqual(refused);
    expect(closed([Egress.cidr('10.0.0.10/32', { ports: [6443] })])).toEqual([]);
  });

  test('is asked for in an access review', () => {
    const chart = newChart();
    new NamespaceReaper(chart, 'reaper', { image: IMAGE });
    const answers = AccessReview.of(chart).expectations.filter(
      ({ resource, namespace }) => resource === 'namespaces' && namespace === undefined,
    );
    expect(
      answers
        .filter(({ allowed }) => allowed)
        .map(({ verb }) => verb)
        .sort(),
    ).toEqual(['delete', 'list']);
  });

  test('takes another schedule and name', () => {
    expect(only(reaper({ name: 'reap', schedule: '30 * * * *', suspend: true }), 'CronJob', 'reap').spec).toMatchObject(
      { schedule: '30 * * * *', suspend: true },
    );
  });
});

describe('the reaper is refused', () => {
  const problemsWith = (props: Record<string, unknown>) =>
    problemsOf((chart) => new NamespaceReaper(chart, 'reaper', untyped({ image: IMAGE, ...props })));

  test('without an image, or with a bad schedule', () => {
    expect(problemsWith({ image: undefined })).toEqual(['[app/reaper] image: props/required']);
    expect(problemsWith({ schedule: 'hourly' })).toEqual(['[app/reaper] schedule: props/value']);
    expect(problemsWith({ schedul: '0 * * * *' })).toEqual(['[app/reaper] schedul: props/unknown']);
  });

  test('in a chart without namespace, once', () => {
    const app = new App();
    new NamespaceReaper(new Chart(app, 'app'), 'reaper', { image: IMAGE });
    expect(refusedBy(() => app.synthYaml(), app)).toEqual(['[app/reaper] namespace: reaper/namespace']);
  });

  test.each(['default', 'kube-system', 'kube-public', 'openshift-config'])(
    'in the namespace %s, which is not its own (CH02-25)',
    (namespace) => {
      const chart = newChart(namespace);
      new NamespaceReaper(chart, 'reaper', { image: IMAGE });
      expect(refusedBy(() => Testing.synth(chart), chart)).toEqual(['[app/reaper] namespace: reaper/namespace']);
    },
  );

  test('in a namespace in which a team can start pods (CH02-25)', () => {
    expect(
      problemsOf((chart) => {
        new DeveloperNamespace(chart, 'spike', { name: 'shop', owner: 'jane', team: 'search', purpose: 'x' });
        new NamespaceReaper(chart, 'reaper', { image: IMAGE });
      }),
    ).toContain('[app/reaper] namespace: reaper/foreign-namespace');
  });
});
