import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Site } from './site';
import { AppModel } from '../kernel/facts/app-model';
import { type ClusterFacts, isAtLeast } from '../kernel/model/cluster-facts';
import { annotationMap, refuseLargeAnnotations } from '../kernel/schema/annotations';
import { boolean, oneOf, seconds } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { hostName, serviceName } from '../kernel/schema/syntax';
import { externalDns } from '../kubernetes/external-dns';
import { portNumber } from '../network/ports';

/** Options of a workload's Service. It is a ClusterIP: reachable only inside the cluster (CH01-22). */
export interface ServiceOptions {
  /**
   * Name of the Service: at most 63 lower-case letters, digits and `-`, starting with a letter. Clients and routes use
   * it.
   *
   * @default - the name of the workload
   */
  readonly name?: string;

  /**
   * Service port for the main port of the container.
   *
   * @default - the container port
   */
  readonly port?: number;

  /**
   * Time for which requests from one client address go to one pod; 1 to 86400 s. Behind an ingress, the ingress is the
   * client: use its cookies instead.
   *
   * @default - any pod
   */
  readonly sessionAffinity?: Duration;

  /**
   * Prefers endpoints near the client. `PreferSameZone` needs Kubernetes 1.31, and becomes its older name `PreferClose`
   * for a cluster before 1.34. `PreferSameNode` needs 1.34. Declare the version with `ClusterProfile`.
   *
   * @default - all endpoints equally
   * @see https://kubernetes.io/docs/concepts/services-networking/service/#traffic-distribution
   */
  readonly trafficDistribution?: 'PreferSameZone' | 'PreferSameNode';

  /**
   * Gives the Service an IPv4 and an IPv6 address if the cluster has both.
   *
   * @default false: the cluster's default family
   */
  readonly dualStack?: boolean;

  /**
   * Host name that external-dns registers for the ClusterIP, for pods and for networks with a route to it. For clients
   * outside of the cluster, use `ExposedService`.
   *
   * @default - none
   */
  readonly hostname?: string;

  /**
   * Adds a headless Service, whose name is that of the Service with `-headless`, at most 63 characters. DNS returns the
   * addresses of all ready pods, for clients that balance requests themselves, such as gRPC clients with `round_robin`.
   * They connect to the ports of the pods. Routes and all other clients keep the Service.
   *
   * @default false: a virtual address, which balances connections
   */
  readonly headless?: boolean;

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
  readonly name?: string;
  readonly port?: number;
  readonly sessionAffinitySeconds?: number;
  /** The current name: `trafficDistributionOn` maps it to older names. */
  readonly trafficDistribution?: TrafficDistribution;
  readonly dualStack: boolean;
  /** Name of the headless Service, if there is one. */
  readonly headlessName?: string;
  readonly annotations: Record<string, string>;
}

/** First versions that support a value without a feature gate. */
const TRAFFIC_DISTRIBUTION_MINOR = { PreferSameZone: 31, PreferSameNode: 34 };
const RENAMED_MINOR = 34;

const NAME = serviceName();
const SESSION_AFFINITY = seconds(1, 86_400);

/** Reads the options of the Service of a workload. */
export function readService({
  read: props,
  owner,
  name: workload,
  problems,
}: Site<{ readonly service?: ServiceOptions }>): ServiceSettings {
  const read = new Reader<ServiceOptions>(problems, props.raw('service'), 'service.');
  const annotations = read.optional('annotations', annotationMap, {}, { fix: 'Map annotation names to text' });
  if (SCRAPE in annotations) AppModel.of(owner).add('scraped', { owner, annotations });
  const hostname = read.optional('hostname', hostName, undefined, {
    fix: "Write a DNS name, such as 'shop.example.com'",
  });
  const name = read.optional('name', NAME, undefined, {
    fix: "Write the name that clients use, such as 'cart'",
  });
  const settings = {
    name,
    ...readHeadless(read, name ?? workload),
    port: read.optional('port', portNumber, undefined, { fix: 'Write the port that clients use, such as 80' }),
    sessionAffinitySeconds: read.optional('sessionAffinity', SESSION_AFFINITY, undefined, {
      fix: 'Write Duration.hours(3), or remove the prop for no affinity',
    }),
    trafficDistribution: readTrafficDistribution(read, owner),
    dualStack: read.optional('dualStack', boolean, false),
    annotations: { ...annotations, ...externalDns('internal-hostname', hostname) },
  };
  read.refuseUnknown();
  refuseLargeAnnotations(settings.annotations, problems, 'service.annotations');
  return settings;
}

/** What the name of the headless Service adds to that of the Service. */
const HEADLESS = '-headless';
const LONGEST_NAME = 63;

function readHeadless(read: Reader<ServiceOptions>, service: string): Pick<ServiceSettings, 'headlessName'> {
  if (!read.optional('headless', boolean, false)) return {};
  const headlessName = `${service}${HEADLESS}`;
  if (headlessName.length > LONGEST_NAME && read.isSound('name')) {
    read.refuse('headless', headlessName, `a name of at most ${LONGEST_NAME} characters`, {
      rule: 'props/value',
      fix: `Shorten service.name to ${LONGEST_NAME - HEADLESS.length} characters`,
    });
  }
  return { headlessName };
}

const TRAFFIC_DISTRIBUTION = oneOf('PreferSameZone', 'PreferSameNode');

function readTrafficDistribution(read: Reader<ServiceOptions>, owner: IConstruct): TrafficDistribution | undefined {
  const wanted = read.optional('trafficDistribution', TRAFFIC_DISTRIBUTION, undefined, {
    fix: 'Write one of these, or remove the prop to use all endpoints equally',
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

/** The name of the value on a cluster: newer API servers warn about the older one. */
export function trafficDistributionOn(cluster: ClusterFacts, wanted: TrafficDistribution): string {
  return isAtLeast(cluster, RENAMED_MINOR) ? wanted : 'PreferClose';
}
