import { covers, excludedFrom } from './address';
import type { Problems } from '../kernel/findings/problems';

/** The range of cloud metadata services. All their IPv4 addresses but two are link-local. */
const LINK_LOCAL = '169.254.0.0/16';

/**
 * Cloud services that hand out credentials of the node, or tell how to get them.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
 * @see https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 * @see https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
 * @see https://cloud.google.com/compute/docs/metadata/querying-metadata
 */
export const METADATA_ADDRESSES = [
  // AWS, Azure, Google Cloud, OpenStack and most others
  '169.254.169.254/32',
  // AWS: credentials of containers, EKS Pod Identity
  '169.254.170.2/32',
  '169.254.170.23/32',
  // Google Cloud: behind the metadata server of GKE
  '169.254.169.252/32',
  // Azure: the agent of the virtual machine, a public address
  '168.63.129.16/32',
  // Alibaba Cloud, in the shared range
  '100.100.100.200/32',
  // AWS
  'fd00:ec2::254/128',
  'fd00:ec2::23/128',
  // Google Cloud
  'fd20:ce::254/128',
];

/** Refuses a range that contains only the address of a metadata service. `given` is what the caller passed. */
export function refuseMetadata(range: string, problems: Problems, prop: string, given: string = range): void {
  if (!METADATA_ADDRESSES.includes(range)) return;
  const expected = given === range ? 'a range with addresses besides that of' : 'an address other than that of';
  problems.refuse(prop, given, `${expected} a metadata service, which hands out credentials of the node`, {
    rule: 'network/metadata-service',
    fix: "Give the workload its own identity with 'workloadIdentity'",
  });
}

/** The exceptions of a range, and further ones that exclude every metadata service. */
export function withoutMetadata(range: string, except: readonly string[]): string[] {
  const holes = [...except];
  for (const closed of [LINK_LOCAL, ...METADATA_ADDRESSES]) {
    if (excludedFrom(closed, range) && !holes.some((hole) => covers(hole, closed))) holes.push(closed);
  }
  return holes;
}
