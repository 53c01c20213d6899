import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import {
  AccessGrant,
  AccessReview,
  AccessRole,
  DeveloperNamespace,
  NamespaceReaper,
  Subject,
  UserCertificate,
  WebService,
  WorkloadIdentity,
} from '../../src';
import { newChart, linesOf, WEB } from '../support';

const RUNS = { numRuns: 150, seed: 42 };
const MESSAGE = /^\[.+\] .+: got .+, expected .+\. .+/;

const anyValue = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    key: fc.string({ unit: 'binary' }),
  }),
  fc.constantFrom<unknown>(
    undefined,
    null,
    NaN,
    -1,
    0,
    '',
    'system:masters',
    'x',
    [],
    {},
    true,
    Symbol('s'),
    () => 1,
    Duration.seconds(5),
    AccessRole.view(),
    Subject.group('a'),
    ['pods'],
    ['get', 'create'],
    ['*'],
  ),
) as fc.Arbitrary<never>;

function anyProps(...names: string[]): fc.Arbitrary<never> {
  const record = fc.record(Object.fromEntries(names.map((name) => [name, anyValue])), { requiredKeys: [] });
  return fc.oneof({ weight: 5, arbitrary: record }, anyValue) as fc.Arbitrary<never>;
}

const subjects = fc.oneof(
  anyValue,
  anyValue.map((name) => Subject.group(name)),
  fc.tuple(anyValue, anyValue).map(([name, namespace]) => Subject.serviceAccount(name, namespace)),
  anyValue.map((workload) => Subject.workload(workload)),
);
const roles = fc.oneof(
  anyValue,
  anyProps('apiGroup', 'resources', 'verbs', 'resourceNames', 'reason').map((rule) => AccessRole.of(rule)),
  anyValue.map((reason) => AccessRole.edit(reason)),
);

describe('a constructor never throws, and the synthesis either succeeds or says what is wrong, for any', () => {
  test('grant', () => {
    fc.assert(
      fc.property(
        anyProps('name', 'namespace', 'clusterWide', 'labels'),
        roles,
        fc.oneof(anyValue, fc.array(subjects, { maxLength: 3 })),
        (props, role, given) => {
          for (const message of linesOf(
            (chart) => new AccessGrant(chart, 'grant', { ...(props as object), role: role, subjects: given }),
          )) {
            expect(message).toMatch(MESSAGE);
          }
        },
      ),
      RUNS,
    );
  });

  test('developer namespace', () => {
    fc.assert(
      fc.property(
        anyProps(
          'name',
          'owner',
          'team',
          'purpose',
          'ttl',
          'expires',
          'now',
          'editors',
          'clusterView',
          'quota',
          'labels',
          'annotations',
          'podSecurity',
        ),
        (props) => {
          for (const message of linesOf((chart) => new DeveloperNamespace(chart, 'spike', props))) {
            expect(message).toMatch(MESSAGE);
          }
        },
      ),
      RUNS,
    );
  });

  test('reaper', () => {
    fc.assert(
      fc.property(anyProps('name', 'image', 'schedule', 'egress', 'suspend'), (props) => {
        for (const message of linesOf((chart) => new NamespaceReaper(chart, 'reaper', props))) {
          expect(message).toMatch(MESSAGE);
        }
      }),
      RUNS,
    );
  });

  test('cloud identity', () => {
    const identity = fc.oneof(
      anyValue,
      anyProps('roleArn').map((options) => WorkloadIdentity.aws(options)),
      anyProps('serviceAccount').map((options) => WorkloadIdentity.gcp(options)),
      anyProps('clientId', 'tenantId').map((options) => WorkloadIdentity.azure(options)),
    );
    fc.assert(
      fc.property(identity, (workloadIdentity) => {
        for (const message of linesOf(
          (chart) => new WebService(chart, 'web', { ...WEB, workloadIdentity: workloadIdentity }),
        )) {
          expect(message).toMatch(MESSAGE);
        }
      }),
      RUNS,
    );
  });

  test('certificate: a script, or an Error that names the options', () => {
    fc.assert(
      fc.property(anyProps('user', 'groups', 'expiration'), (options) => {
        try {
          expect(UserCertificate.script(options)).toMatch(/^#!\/bin\/sh\n/);
        } catch (error) {
          expect((error as Error).message).toMatch(/^UserCertificate\.script:\n {2}prop '/);
        }
      }),
      RUNS,
    );
  });
});

test('a role that is accepted gives no right by which one gets others', () => {
  const words = (...all: string[]) => fc.subarray(all, { minLength: 1, maxLength: 2 });
  const names: Record<string, string[]> = {
    '': ['pods', 'secrets', 'namespaces', 'serviceaccounts', 'serviceaccounts/token', 'nodes', 'nodes/proxy', '*'],
    'apps': ['deployments', 'deployments/scale', 'nodes/proxy'],
    'rbac.authorization.k8s.io': ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
    'admissionregistration.k8s.io': ['validatingadmissionpolicies', 'mutatingwebhookconfigurations'],
    'certificates.k8s.io': ['certificatesigningrequests', 'certificatesigningrequests/approval', 'signers'],
  };
  const rule = fc.constantFrom(...Object.keys(names)).chain((apiGroup) =>
    fc.record({
      apiGroup: fc.constant(apiGroup),
      resources: words(...names[apiGroup]),
      verbs: words('get', 'list', 'create', 'patch', 'delete', 'bind', 'escalate', 'impersonate', '*'),
      reason: fc.constant('a test'),
    }),
  );
  let accepted = 0;
  fc.assert(
    fc.property(rule, fc.boolean(), (given, clusterWide) => {
      const chart = newChart();
      new AccessGrant(chart, 'grant', {
        role: AccessRole.of(given),
        subjects: [Subject.group('a')],
        ...(clusterWide ? { clusterWide: 'a test' } : {}),
      });
      if (chart.node.findAll().some((node) => node.node.validate().length > 0)) return;
      accepted += 1;
      const allowed = AccessReview.of(chart)
        .expectations.filter((expectation) => expectation.allowed)
        .map(
          ({ verb, apiGroup, resource, subresource }) =>
            `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`} ${apiGroup}`,
        );
      expect(
        allowed.filter((right) =>
          /^(bind|escalate|impersonate) |\*|serviceaccounts\/token|nodes\/proxy|approval|signers|^(create|patch|delete) .* (rbac|admissionregistration)|^(create|patch) namespaces $/.test(
            right,
          ),
        ),
      ).toEqual([]);
    }),
    { numRuns: 1000, seed: 42 },
  );
  expect(accepted).toBeGreaterThan(100);
});
