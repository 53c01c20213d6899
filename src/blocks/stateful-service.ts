import type { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { readStatefulSet, statefulSet, type StatefulSetProps } from '../controllers/stateful-set';
import { AppModel } from '../kernel/facts/app-model';
import { namespaceOf } from '../kernel/model/names';
import { boolean, oneOf } from '../kernel/schema/checks';
import { type Connection, hostFor } from '../network/connection';
import { servicePorts } from '../network/ports';
import type { Autoscaling } from '../parts/autoscaling';
import { emitMembersService, emitReadService, firstMember, membersOf } from '../parts/members';
import { LEAST_QUORUM } from '../parts/quorum';
import { Replicas } from '../parts/replicas';
import { readService, type ServiceOptions } from '../parts/service';
import { type MemberClaim, mountClaims, readClaims, type ReadClaim } from '../workload/member-claims';
import { plan, type WorkloadSite } from '../workload/plan';
import { readServedContainer, type ServedContainerProps } from '../workload/served-container';
import { type Served, type ServedContents, servedParts, ServedWorkload } from '../workload/served-workload';
import type { WorkloadProps } from '../workload/workload-props';

/** Props of `StatefulService`. */
export interface StatefulServiceProps extends WorkloadProps, ServedContainerProps, StatefulSetProps {
  /**
   * Number of members; 0 to 10000. Excludes `autoscaling`, which then owns the number.
   *
   * @default - with `quorum`, 3: the fewest that survive the loss of one (CH16-37); otherwise 1: Kubernetes copies no
   * data between members (CH16-26), so several are for software that does
   */
  readonly replicas?: number;

  /**
   * Whether members decide by majority, as those of etcd, ZooKeeper and Kafka do. Their number must be odd and at least
   * 3, and neither the budget nor a rollout may take the majority.
   *
   * @default false
   */
  readonly quorum?: boolean;

  /**
   * Which member takes writes.
   *
   * - `first`: the one with ordinal 0, which the Service then leads to. A second Service, whose name ends with `-read`,
   *   leads to all ready members.
   * - `none`: all take writes. One Service leads to all ready members.
   *
   * @default 'none'
   */
  readonly primary?: 'first' | 'none';

  /**
   * Claims of each member.
   *
   * @default - none: the members have stable names only, and lose their data with the pod (CH16-41)
   */
  readonly claims?: MemberClaim[];

  /**
   * Scales the number of members with the load, for software that members can leave and join at any time.
   *
   * @default - none: `replicas` applies
   */
  readonly autoscaling?: Autoscaling;

  /**
   * Options of the Service that clients use; with `primary: 'first'`, that of the primary.
   *
   * @default - a ClusterIP with the ports of the container
   */
  readonly service?: ServiceOptions;
}

/**
 * Members with stable names, each with volumes of its own: StatefulSet, Services for clients and members,
 * ServiceAccount, PodDisruptionBudget, NetworkPolicy. For databases, queues and other software that copies its data
 * between members, or has one. Look for an operator of the software first (CH16-45).
 *
 * - Member `NAME-0` keeps its name and its claims wherever its pod runs. Claims stay when the block is deleted or
 *   scaled down.
 * - Members start in order and are replaced one at a time, each after the one before it is ready. Readiness must tell
 *   the truth.
 * - The members reach each other, also before they are ready. Other pods need a declared connection.
 *
 * ```ts
 * new StatefulService(chart, 'queue', {
 *   image: 'docker.io/library/rabbitmq:4.1.4',
 *   port: 5672,
 *   user: 999,
 *   readiness: Probe.exec(['rabbitmq-diagnostics', 'check_running'], { timeout: Duration.seconds(10) }),
 *   claims: [{ path: '/var/lib/rabbitmq', size: Size.gibibytes(10) }],
 * });
 * ```
 */
export class StatefulService extends ServedWorkload {
  /** The StatefulSet. */
  public readonly statefulSet: ApiObject;
  /** The headless Service that names the members, also those that are not ready. */
  public readonly membersService: ApiObject;
  /** The Service of all ready members, for reads; none without `primary: 'first'`, where `service` leads to them. */
  public readonly readService?: ApiObject;

  public constructor(scope: Construct, id: string, props: StatefulServiceProps) {
    super(scope, id, props, PLAN);
    const made = this._madeBy(PLAN);
    this.statefulSet = this._controller;
    this.membersService = made.membersService;
    this.readService = made.readService;
    if (made.members.most > 1) this.allowFrom(this);
  }

  /** Connection details for `client`. */
  public connectionFor(client: IConstruct): Connection {
    const connection = super.connectionFor(client);
    const reads = this.readService?.name;
    return reads === undefined
      ? connection
      : { ...connection, readHost: hostFor(reads, namespaceOf(this), namespaceOf(client)) };
  }

  /**
   * The host name of each member for `client`, by ordinal: `shop-db-0.shop-db-members`. With `autoscaling`, those of
   * the minimum number. Members are reached on the ports of their containers, after `connectTo`.
   *
   * @param client a block of any namespace, or this block for its own members
   */
  public memberHosts(client: IConstruct): string[] {
    const { members } = this._madeBy(PLAN);
    return Array.from({ length: members.least }, (_, ordinal) =>
      hostFor(`${this.name}-${ordinal}.${this.membersService.name}`, namespaceOf(this), namespaceOf(client)),
    );
  }
}

interface StatefulContents extends ServedContents {
  readonly isQuorum: boolean;
  readonly hasPrimary: boolean;
  readonly claims: readonly ReadClaim[];
  readonly membersService: ApiObject;
}

interface StatefulParts extends Served {
  readonly members: Replicas;
  readonly membersService: ApiObject;
  readonly readService?: ApiObject;
}

const PRIMARY = oneOf<'first' | 'none'>('first', 'none');
const SINGLE = { count: 1, practice: 'CH16-26' };
const MAJORITY = { count: LEAST_QUORUM, practice: 'CH16-37' };

const PLAN = plan({
  kind: () => ({
    component: 'stateful',
    // the label of a revision also has a hash
    longestName: 52,
    hasService: true,
    graceSeconds: 60,
  }),
  read: (site: WorkloadSite<StatefulServiceProps>): StatefulContents => {
    const { read, pod } = site;
    const service = readService(site);
    const main = readServedContainer(site, service.port, 'tcp');
    const isQuorum = read.optional('quorum', boolean, false);
    return {
      service,
      main,
      isQuorum,
      replicas: Replicas.read(site, main, isQuorum ? MAJORITY : SINGLE),
      hasPrimary: read.optional('primary', PRIMARY, 'none') === 'first',
      claims: readClaims(site),
      // before the controller: the members need their names at their first start
      membersService: emitMembersService(site, () => servicePorts(pod.containers, main.ports)),
    };
  },
  controller: (site, { replicas, isQuorum }) => {
    const { owner, name, read } = site;
    const settings = readStatefulSet(site, replicas);
    if (isQuorum && read.isSound('replicas', 'autoscaling')) {
      const { maxUnavailable = 1 } = settings;
      AppModel.of(owner).add('quorum', {
        owner,
        members: replicas.least,
        isScaled: replicas.hasAutoscaler,
        maxUnavailable,
      });
    }
    return statefulSet(replicas, { ...settings, governingService: membersOf(name) });
  },
  parts: (site, contents): StatefulParts => {
    const { claims, membersService, hasPrimary, service, replicas } = contents;
    mountClaims(site, claims);
    const served = servedParts(site, contents, 'StatefulSet', hasPrimary ? firstMember(site.name) : undefined);
    return {
      ...served,
      members: replicas,
      membersService,
      readService: hasPrimary ? emitReadService(site, served.ports, service) : undefined,
    };
  },
});
