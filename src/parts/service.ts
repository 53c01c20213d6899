import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Site } from './site';
import { AppModel } from '../kernel/facts/app-model';
import { type ClusterFacts, isAtLeast } from '../kernel/model/cluster-facts';
import { annotationMap, refuseLargeAnnotations } from '../kernel/schema/annotations';
import { boolean, oneOf, seconds } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { hostName } from '../kernel/schema/syntax';
import { portNumber } from '../network/ports';

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
   * Prefers endpoints near the client. `PreferSameZone` needs Kubernetes 1.31 (and is written as `PreferClose`, its
   * older name, for a cluster before 1.34), `PreferSameNode` needs 1.34: declare the version with `ClusterProfile`.
   *
   * @default - all endpoints alike
   * @see https://kubernetes.io/docs/concepts/services-networking/service/#traffic-distribution
   */
  readonly trafficDistribution?: 'PreferSameZone' | 'PreferSameNode';

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

/** Annotations by which a Prometheus with the usual configuration finds what to scrape. */
export const SCRAPE = 'prometheus.io/scrape';
export const SCRAPE_PORT = 'prometheus.io/port';

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    /** A Service with an annotation that asks for scraping. */
    readonly scraped: { readonly owner: IConstruct; readonly annotations: Record<string, string> };
  }
}

type TrafficDistribution = 'PreferSameZone' | 'PreferSameNode';

export interface ServiceSettings {
  readonly port?: number;
  readonly sessionAffinitySeconds?: number;
  /** As it is called now: `trafficDistributionOn` knows older names. */
  readonly trafficDistribution?: TrafficDistribution;
  readonly dualStack: boolean;
  readonly annotations: Record<string, string>;
}

/** First versions in which a value works without a feature gate. */
const TRAFFIC_DISTRIBUTION_MINOR = { PreferSameZone: 31, PreferSameNode: 34 };
const RENAMED_MINOR = 34;

/** Reads the options of the Service of a workload. */
export function readService({
  read: props,
  owner,
  problems,
}: Site<{ readonly service?: ServiceOptions }>): ServiceSettings {
  const read = new Reader<ServiceOptions>(problems, props.raw('service'), 'service.');
  const annotations = read.optional('annotations', annotationMap, {}, { fix: 'Map annotation names to text' });
  if (SCRAPE in annotations) AppModel.of(owner).add('scraped', { owner, annotations });
  const hostname = read.optional('hostname', hostName, undefined, {
    fix: "Give a DNS name, such as 'shop.example.com'",
  });
  const settings = {
    port: read.optional('port', portNumber, undefined, { fix: 'Write the port that clients use, such as 80' }),
    sessionAffinitySeconds: read.optional('sessionAffinity', seconds(1, 86_400), undefined, {
      fix: 'Write Duration.hours(3), or remove the prop for no affinity',
    }),
    trafficDistribution: readTrafficDistribution(read, owner),
    dualStack: read.optional('dualStack', boolean, false),
    annotations:
      hostname === undefined ? annotations : { ...annotations, 'external-dns.alpha.kubernetes.io/hostname': hostname },
  };
  read.refuseUnknown();
  refuseLargeAnnotations(settings.annotations, problems, 'service.annotations');
  return settings;
}

function readTrafficDistribution(read: Reader<ServiceOptions>, owner: IConstruct): TrafficDistribution | undefined {
  const wanted = read.optional('trafficDistribution', oneOf('PreferSameZone', 'PreferSameNode'), undefined, {
    fix: 'Write one of these, or remove the prop to use all endpoints alike',
  });
  if (wanted !== undefined) {
    AppModel.of(owner).add('newField', {
      owner,
      prop: 'service.trafficDistribution',
      value: wanted,
      minor: TRAFFIC_DISTRIBUTION_MINOR[wanted],
    });
  }
  return wanted;
}

/** The name that the value has on a cluster: newer API servers warn of the older one. */
export function trafficDistributionOn(cluster: ClusterFacts, wanted: TrafficDistribution): string {
  return isAtLeast(cluster, RENAMED_MINOR) ? wanted : 'PreferClose';
}
