import { ClusterProfile, WebService, WorkloadIdentity } from '../../src';
import { readWorkloadIdentity } from '../../src/access/workload-identity';
import { Problems } from '../../src/kernel/findings/problems';
import { only, problemsOf, synth, untyped, WEB } from '../support';

const UUID = '4f8c2a8e-6f0a-4e0e-9d34-1a2b3c4d5e6f';

function web(workloadIdentity: WorkloadIdentity) {
  const manifests = synth((chart) => new WebService(chart, 'web', { ...WEB, workloadIdentity }));
  const { metadata, spec } = only(manifests, 'Deployment').spec.template;
  return {
    annotations: only(manifests, 'ServiceAccount').metadata.annotations,
    use: metadata.labels['azure.workload.identity/use'],
    token: spec.automountServiceAccountToken,
  };
}

test.each<[string, WorkloadIdentity, object]>([
  [
    'AWS: IRSA',
    WorkloadIdentity.aws({ roleArn: 'arn:aws-cn:iam::111122223333:role/team/shop-orders' }),
    { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws-cn:iam::111122223333:role/team/shop-orders' } },
  ],
  ['AWS: Pod Identity', WorkloadIdentity.awsPodIdentity(), {}],
  [
    'Google with an account',
    WorkloadIdentity.gcp({ serviceAccount: 'orders@shop-prod.iam.gserviceaccount.com' }),
    { annotations: { 'iam.gke.io/gcp-service-account': 'orders@shop-prod.iam.gserviceaccount.com' } },
  ],
  ['Google without one', WorkloadIdentity.gcp(), {}],
  [
    'Azure',
    WorkloadIdentity.azure({ clientId: UUID }),
    { annotations: { 'azure.workload.identity/client-id': UUID }, use: 'true' },
  ],
  [
    'Azure with a tenant',
    WorkloadIdentity.azure({ clientId: UUID, tenantId: UUID }),
    {
      annotations: { 'azure.workload.identity/client-id': UUID, 'azure.workload.identity/tenant-id': UUID },
      use: 'true',
    },
  ],
])(
  '%s is written on the ServiceAccount, and mounts no token of the API (S000-85, S002-36)',
  (_title, identity, expected) => {
    expect(web(identity)).toEqual({ annotations: undefined, use: undefined, token: false, ...expected });
  },
);

test.each<[string, WorkloadIdentity, string, string[]]>([
  ['IRSA', WorkloadIdentity.aws({ roleArn: 'arn:aws:iam::111122223333:role/a' }), 'aws', []],
  ['Pod Identity', WorkloadIdentity.awsPodIdentity(), 'aws', ['169.254.170.23/32 80', 'fd00:ec2::23/128 80']],
  ['GKE', WorkloadIdentity.gcp(), 'gcp', ['169.254.169.254/32 80', '169.254.169.252/32 988']],
  ['Azure', WorkloadIdentity.azure({ clientId: UUID }), 'azure', []],
])('%s says which addresses give the credentials', (_title, identity, provider, endpoints) => {
  const settings = readWorkloadIdentity(identity, new Problems(), 'workloadIdentity');
  expect([settings.provider, settings.endpoints.map(({ cidr, port }) => `${cidr} ${port}`)]).toEqual([
    provider,
    endpoints,
  ]);
});

test.each<[string, unknown, string]>([
  ['text', 'arn:aws:iam::111122223333:role/a', 'workloadIdentity: props/value'],
  ['no role', WorkloadIdentity.aws(untyped({})), 'workloadIdentity.roleArn: props/required'],
  [
    'the ARN of a user',
    WorkloadIdentity.aws({ roleArn: 'arn:aws:iam::111122223333:user/a' }),
    'workloadIdentity.roleArn: props/value',
  ],
  [
    'a short account',
    WorkloadIdentity.aws({ roleArn: 'arn:aws:iam::1111:role/a' }),
    'workloadIdentity.roleArn: props/value',
  ],
  [
    'a personal account',
    WorkloadIdentity.gcp({ serviceAccount: 'jane@example.com' }),
    'workloadIdentity.serviceAccount: props/value',
  ],
  ['a name for an ID', WorkloadIdentity.azure({ clientId: 'orders' }), 'workloadIdentity.clientId: props/value'],
  [
    'a misspelt option',
    WorkloadIdentity.azure(untyped({ clientId: UUID, tenant: UUID })),
    'workloadIdentity.tenant: props/unknown',
  ],
])('refuses %s', (_title, workloadIdentity, message) => {
  expect(problemsOf((chart) => new WebService(chart, 'web', untyped({ ...WEB, workloadIdentity })))).toEqual([
    `[app/web] ${message}`,
  ]);
});

test('is refused for an agent of another cloud, where the ClusterProfile tells the provider', () => {
  const build = (workloadIdentity: WorkloadIdentity) =>
    problemsOf((chart) => {
      new WebService(chart, 'web', { ...WEB, workloadIdentity });
      new ClusterProfile({ name: 'prod', provider: 'azure' }).assignTo(chart);
    });
  expect(build(WorkloadIdentity.gcp())).toEqual(['[app/web] workloadIdentity: access/other-cloud']);
  expect(build(WorkloadIdentity.aws({ roleArn: 'arn:aws:iam::111122223333:role/a' }))).toEqual([]);
  expect(build(WorkloadIdentity.azure({ clientId: UUID }))).toEqual([]);
});
