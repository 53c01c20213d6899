import * as fc from 'fast-check';
import { word } from './arbitrary-text';
import { call, type Terms } from './terms';

const UUID = fc.constantFrom('00000000-0000-0000-0000-000000000000', '72F988bf-86f1-41af-91ab-2d7cd011db47');

const role = word('abcXYZ019_+=,.@-', 1, 64).map((name) => `arn:aws:iam::111122223333:role/${name}`);
const account = word('abc019', 5, 29).map((name) => `a${name}@shop-prod.iam.gserviceaccount.com`);

/** What a workload is for its cloud. */
export const identity: fc.Arbitrary<Terms> = fc.oneof(
  { withCrossShrink: true },
  fc.constant(call('WorkloadIdentity.awsPodIdentity')),
  fc
    .oneof(role, fc.constant('arn:aws-us-gov:iam::111122223333:role/a/b/c'))
    .map((roleArn) => call('WorkloadIdentity.aws', { roleArn })),
  fc.record({ serviceAccount: account }, { requiredKeys: [] }).map((options) => call('WorkloadIdentity.gcp', options)),
  fc
    .record({ clientId: UUID, tenantId: UUID }, { requiredKeys: ['clientId'] })
    .map((options) => call('WorkloadIdentity.azure', options)),
);

/** The cloud whose nodes hand out the credentials; none where they come from elsewhere. */
export function cloudOf(given: unknown): 'aws' | 'gcp' | undefined {
  const { $call: factory } = (given ?? {}) as { $call?: string };
  if (factory === 'WorkloadIdentity.awsPodIdentity') return 'aws';
  return factory === 'WorkloadIdentity.gcp' ? 'gcp' : undefined;
}
