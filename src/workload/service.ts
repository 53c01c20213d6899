import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { anyText, boolean, mapOf, oneOf, seconds } from '../foundation/checks';
import { ClusterProfile } from '../foundation/cluster-profile';
import type { Problems } from '../foundation/problems';
import { Reader } from '../foundation/reader';
import { hostName, labelKey } from '../foundation/syntax';
import { portNumber } from '../pod/ports';

/** Options of the Service in front of a workload. It is a ClusterIP: reachable inside the cluster only (CH01-22). */
export interface ServiceOptions {
  /**
   * Port of the Service for the main port of the container.
   *
   * @default - the same as the container's
   */
  readonly port?: number;

  /**
   * Sends the requests of one client address to one pod for this time; 1 to 86400 s. Behind an ingress the client is
   * the ingress: use its own cookies there.
   *
   * @default - any pod
   */
  readonly sessionAffinity?: Duration;

  /**
   * Prefers endpoints near the client. `PreferClose` needs Kubernetes 1.31.
   *
   * @default - all endpoints alike
   * @see https://kubernetes.io/docs/concepts/services-networking/service/#traffic-distribution
   */
  readonly trafficDistribution?: 'PreferClose';

  /**
   * Gives the Service an IPv4 and an IPv6 address where the cluster has both.
   *
   * @default false: the cluster's default family
   */
  readonly dualStack?: boolean;

  /**
   * Host name that external-dns registers for the Service.
   *
   * @default - none
   */
  readonly hostname?: string;

  /**
   * Annotations of the Service.
   *
   * @default - none
   */
  readonly annotations?: { [name: string]: string };
}

export interface ServiceSettings {
  readonly port?: number;
  readonly sessionAffinitySeconds?: number;
  readonly trafficDistribution?: string;
  readonly dualStack: boolean;
  readonly annotations: Record<string, string>;
}

/** First version in which the field works without a feature gate. */
const TRAFFIC_DISTRIBUTION_MINOR = 31;

export function readService(given: unknown, owner: IConstruct, problems: Problems): ServiceSettings {
  const read = new Reader<ServiceOptions>(problems, given, 'service.');
  const annotations = read.optional('annotations', mapOf(labelKey, anyText), {}, { fix: 'Map annotation names to text' });
  const hostname = read.optional('hostname', hostName, undefined, { fix: "Give a DNS name, such as 'shop.example.com'" });
  const trafficDistribution = read.optional('trafficDistribution', oneOf('PreferClose'), undefined, { fix: 'Leave it out' });
  if (trafficDistribution !== undefined && !ClusterProfile.of(owner)._atLeast(TRAFFIC_DISTRIBUTION_MINOR)) {
    read.refuse('trafficDistribution', trafficDistribution, `a cluster of version 1.${TRAFFIC_DISTRIBUTION_MINOR} or newer (the ClusterProfile says ${ClusterProfile.of(owner).version})`, { fix: `Declare it: new ClusterProfile({ version: '1.${TRAFFIC_DISTRIBUTION_MINOR}' }).assignTo(chart)` });
  }
  const settings = {
    port: read.optional('port', portNumber, undefined, { fix: "Leave it out for the container's port" }),
    sessionAffinitySeconds: read.optional('sessionAffinity', seconds(1, 86_400), undefined, { fix: 'Leave it out for none' }),
    trafficDistribution,
    dualStack: read.optional('dualStack', boolean, false, { fix: 'Leave it out for false' }),
    annotations: hostname === undefined ? annotations : { ...annotations, 'external-dns.alpha.kubernetes.io/hostname': hostname },
  };
  read.refuseUnknown();
  return settings;
}
