import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdk8s';
import * as fc from 'fast-check';
import { type AccessExpectation, AccessGrant, AccessReview, AccessRole, ClusterProfile, Subject } from '../../src';
import { newChart } from '../support';

type Question = Pick<AccessExpectation, 'verb' | 'resource'> & Partial<AccessExpectation>;

const TEAM = Subject.group('oidc:team-shop');

/** The answers that are expected to a question; none when it is not asked. */
function answers(review: AccessReview, question: Question): boolean[] {
  const wanted = Object.entries({ namespace: 'shop', apiGroup: '', ...question });
  return review.expectations
    .filter((expectation) => wanted.every(([key, value]) => expectation[key as keyof AccessExpectation] === value))
    .map(({ allowed }) => allowed);
}

function reviewOf(...roles: AccessRole[]): AccessReview {
  const chart = newChart();
  roles.forEach((role, index) => new AccessGrant(chart, `grant-${index}`, { role, subjects: [TEAM] }));
  return AccessReview.of(chart);
}

/** Runs a script with a kubectl that answers `answer`, or as a shell fragment says. Gives what kubectl was asked. */
function run(script: string, answer: string) {
  const box = mkdtempSync(join(tmpdir(), 'review-'));
  try {
    writeFileSync(join(box, 'kubectl'), `#!/bin/sh\nprintf '%s\\n' "$*" >> "${box}/calls"\n${answer}\n`);
    chmodSync(join(box, 'kubectl'), 0o755);
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script], {
      env: { PATH: `${box}:${process.env.PATH}` },
      encoding: 'utf8',
    });
    return { status, stdout, stderr, calls: readFileSync(join(box, 'calls'), 'utf8').trimEnd().split('\n') };
  } finally {
    rmSync(box, { recursive: true });
  }
}

describe('a review', () => {
  test('asks for each right of a role, and for the other verbs on its resources (CH17-33, SYS-17-09, CH17-29)', () => {
    const review = reviewOf(AccessRole.of({ resources: ['pods', 'pods/log'], verbs: ['get', 'list'] }));
    expect(answers(review, { verb: 'get', resource: 'pods', subresource: undefined })).toEqual([true]);
    expect(answers(review, { verb: 'list', resource: 'pods', subresource: 'log' })).toEqual([true]);
    for (const verb of ['watch', 'create', 'update', 'patch', 'delete', 'deletecollection']) {
      expect(answers(review, { verb, resource: 'pods', subresource: undefined })).toEqual([false]);
    }
  });

  test('distinguishes named objects from others', () => {
    const review = reviewOf(AccessRole.of({ resources: ['configmaps'], verbs: ['update'], resourceNames: ['leader'] }));
    const update = { verb: 'update', resource: 'configmaps' };
    expect([
      answers(review, { ...update, resourceName: 'leader' }),
      answers(review, { ...update, resourceName: 'some-other-object' }),
      answers(review, { ...update, resourceName: undefined }),
    ]).toEqual([[true], [false], [false]]);
  });

  test('asks for what gives other rights, whatever the role is (CH17-33)', () => {
    const review = reviewOf(AccessRole.developer());
    expect(answers(review, { verb: 'get', resource: 'secrets' })).toEqual([false]);
    expect(answers(review, { verb: 'create', resource: 'pods', subresource: 'exec' })).toEqual([false]);
    expect(answers(review, { verb: 'create', resource: 'serviceaccounts', subresource: 'token' })).toEqual([false]);
    expect(answers(review, { verb: 'escalate', resource: 'roles', apiGroup: 'rbac.authorization.k8s.io' })).toEqual([
      false,
    ]);
    expect(answers(review, { verb: 'get', resource: 'nodes', subresource: 'proxy', namespace: undefined })).toEqual([
      false,
    ]);
    expect(answers(review, { verb: 'get', resource: 'pods', namespace: 'kube-system' })).toEqual([false]);
  });

  test('adds up all grants of a subject (CH17-30)', () => {
    const both = reviewOf(AccessRole.helpDesk(), AccessRole.of({ resources: ['pods'], verbs: ['delete'] }));
    expect(answers(both, { verb: 'delete', resource: 'pods', subresource: undefined })).toEqual([true]);
    expect(
      answers(reviewOf(AccessRole.helpDesk()), { verb: 'delete', resource: 'pods', subresource: undefined }),
    ).toEqual([false]);
  });

  test('knows what edit and view of Kubernetes are', () => {
    const edit = reviewOf(AccessRole.edit('sandbox'));
    expect(answers(edit, { verb: 'list', resource: 'secrets' })).toEqual([true]);
    expect(answers(edit, { verb: 'create', resource: 'pods', subresource: 'exec' })).toEqual([true]);
    expect(answers(edit, { verb: 'impersonate', resource: 'serviceaccounts' })).toEqual([true]);
    expect(answers(edit, { verb: 'update', resource: 'resourcequotas' })).toEqual([false]);
    expect(answers(edit, { verb: 'create', resource: 'rolebindings', apiGroup: 'rbac.authorization.k8s.io' })).toEqual([
      false,
    ]);
    expect(answers(reviewOf(AccessRole.view()), { verb: 'list', resource: 'secrets' })).toEqual([false]);
  });

  test('leaves out what newer versions and operators may have added to edit and view', () => {
    const leases = AccessRole.of({ apiGroup: 'coordination.k8s.io', resources: ['leases'], verbs: ['get'] });
    const metrics = AccessRole.of({ apiGroup: 'metrics.k8s.io', resources: ['pods'], verbs: ['get'] });
    expect(
      answers(reviewOf(AccessRole.edit('sandbox'), leases), {
        apiGroup: 'coordination.k8s.io',
        resource: 'leases',
        verb: 'delete',
      }),
    ).toEqual([true]);
    const both = reviewOf(AccessRole.view(), metrics);
    expect(
      ['get', 'watch'].map((verb) => answers(both, { apiGroup: 'metrics.k8s.io', resource: 'pods', verb })),
    ).toEqual([[true], []]);
    expect(answers(reviewOf(metrics), { apiGroup: 'metrics.k8s.io', resource: 'pods', verb: 'watch' })).toEqual([
      false,
    ]);
    expect(answers(both, { apiGroup: 'rbac.authorization.k8s.io', resource: 'roles', verb: 'create' })).toEqual([
      false,
    ]);
  });

  test('asks about another namespace of the app, about the whole cluster, and about each cluster', () => {
    const app = new App();
    const [shop, lab] = ['shop', 'lab'].map((namespace) => newChart(namespace, namespace, app));
    new AccessGrant(shop, 'staff', { role: AccessRole.deployer(), subjects: [Subject.serviceAccount('ci', 'ci')] });
    new AccessGrant(lab, 'staff', { role: AccessRole.view(), subjects: [TEAM], clusterWide: 'sees neighbours' });
    const other = newChart('shop', 'other', app);
    new ClusterProfile({ name: 'spare' }).assignTo(other);
    new AccessGrant(other, 'staff', { role: AccessRole.helpDesk(), subjects: [TEAM] });
    new AccessGrant(lab, 'lab', { role: AccessRole.helpDesk(), subjects: [Subject.user('jane')] });
    const review = AccessReview.of(app);
    const ci = {
      subject: 'system:serviceaccount:ci:ci',
      subjectKind: 'ServiceAccount',
      verb: 'create',
      resource: 'deployments',
      apiGroup: 'apps',
    };
    expect([answers(review, ci), answers(review, { ...ci, namespace: 'lab' })]).toEqual([[true], [false]]);
    expect(
      answers(review, {
        subject: 'oidc:team-shop',
        verb: 'list',
        resource: 'pods',
        subresource: undefined,
        namespace: undefined,
        cluster: 'default',
      }),
    ).toEqual([true]);
    expect(
      answers(review, {
        subject: 'oidc:team-shop',
        verb: 'list',
        resource: 'pods',
        subresource: undefined,
        namespace: undefined,
        cluster: 'spare',
      }),
    ).toEqual([false]);
    expect(review.toScript('spare')).not.toContain('system:serviceaccount:ci:ci');
    expect(AccessReview.of(shop).expectations.every(({ subject }) => subject === ci.subject)).toBe(true);
  });

  test('asks nothing twice, and a number that grows with the grants and no faster', () => {
    const count = (teams: number) => {
      const app = new App();
      for (let team = 0; team < teams; team++) {
        new AccessGrant(newChart(`team-${team}`, `team-${team}`, app), 'staff', {
          role: AccessRole.viewer(),
          subjects: [Subject.group('staff'), Subject.group(`team-${team}`)],
        });
      }
      const { expectations } = AccessReview.of(app);
      expect(new Set(expectations.map((expectation) => JSON.stringify(expectation))).size).toBe(expectations.length);
      return expectations.length;
    };
    const [two, four, eight] = [count(2), count(4), count(8)];
    expect((eight - four) / (four - two)).toBeCloseTo(2, 1);
  });
});

describe('the script of a review', () => {
  const script = reviewOf(
    AccessRole.of({ apiGroup: 'apps', resources: ['deployments/scale'], verbs: ['patch'], resourceNames: ['web'] }),
  ).toScript();

  test('asks kubectl in the words that it has (CH17-33, SYS-17-09)', () => {
    const { calls } = run(script, 'echo no');
    expect(calls).toContain(
      'auth can-i patch deployments.apps/web --subresource=scale --namespace=shop --as=access-review --as-group=oidc:team-shop',
    );
    expect(calls).toContain(
      'auth can-i get nodes --subresource=proxy --all-namespaces --as=access-review --as-group=oidc:team-shop',
    );
  });

  test('succeeds when all answers are as expected', () => {
    const { status, stdout, stderr } = run(
      script,
      'case "$*" in *" patch deployments.apps/web "*) echo yes ;; *) echo "no - not allowed"; exit 1 ;; esac',
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^\d+ answers as expected\n$/);
  });

  test('leaves out what is about an API that the cluster does not serve, and reads answers after warnings', () => {
    const { status, stdout } = run(
      script,
      'case "$*" in *"deployments.apps"*) echo "Warning: the server doesn\'t have a resource type \'deployments\' in group \'apps\'" >&2 ;; *) echo "Warning: resource \'nodes\' is not namespace scoped" >&2 ;; esac; echo; echo no; exit 1',
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+ answers as expected\n\d+ questions about APIs that the cluster does not serve\n$/);
  });

  test('names each answer that differs, and fails', () => {
    const { status, stdout, stderr } = run(
      script,
      'case "$*" in *" list secrets "*"--namespace=shop"*) echo yes ;; *" patch deployments.apps/web "*) exit 1 ;; *) echo no; exit 1 ;; esac',
    );
    expect(status).toBe(1);
    expect(stdout.trimEnd().split('\n').sort()).toEqual([
      'no answer, expected yes: kubectl auth can-i patch deployments.apps/web --subresource=scale --namespace=shop --as=access-review --as-group=oidc:team-shop',
      'yes, expected no: kubectl auth can-i list secrets --namespace=shop --as=access-review --as-group=oidc:team-shop',
    ]);
    expect(stderr).toMatch(/^2 of \d+ answers differ\n$/);
  });

  test('quotes whatever a name has in it', () => {
    fc.assert(
      fc.property(
        fc
          .string({
            minLength: 1,
            maxLength: 12,
            unit: fc.constantFrom('a', "'", '"', '$', '`', '\\', '(', ')', ';', '&', ' ', '!', '-'),
          })
          .filter((name) => name === name.trim()),
        (name) => {
          const chart = newChart();
          new AccessGrant(chart, 'staff', {
            role: AccessRole.of({ resources: ['pods'], verbs: ['get'] }),
            subjects: [Subject.user(name)],
          });
          const { calls } = run(
            AccessReview.of(chart)
              .toScript()
              .split('\n')
              .filter((line) => !/^expects no/.test(line))
              .join('\n'),
            'echo yes',
          );
          expect(calls).toEqual([`auth can-i get pods --namespace=shop --as=${name}`]);
        },
      ),
      { numRuns: 25, seed: 42 },
    );
  });
});
