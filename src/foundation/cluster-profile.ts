import type { Construct, IConstruct } from 'constructs';
import { matching, text } from './checks';
import { Problems } from './problems';
import { Reader } from './reader';

/** What is known of a target cluster. */
export interface ClusterProfileProps {
  /**
   * Name of the cluster. Objects and routes of one app are compared for duplicates within one cluster.
   *
   * @default 'default': everything in the app goes to one cluster
   */
  readonly name?: string;

  /**
   * The oldest Kubernetes version that runs there, as `1.34`.
   *
   * @default '1.30': the default output is valid on every version from there up
   */
  readonly version?: string;
}

/** The oldest version that the default output is written for. */
const OLDEST_MINOR = 30;

const VERSION = matching(/^1\.(3\d|[4-9]\d)$/, 4, `a Kubernetes version from '1.${OLDEST_MINOR}' up`);

const assigned = new WeakMap<IConstruct, ClusterProfile>();

/**
 * What the checks may assume of the cluster that a part of the app is meant for.
 *
 * ```ts
 * new ClusterProfile({ name: 'prod-eu', version: '1.34' }).assignTo(chart);
 * ```
 */
export class ClusterProfile {
  /** The profile of the nearest scope that has one; without any, the defaults. */
  public static of(construct: IConstruct): ClusterProfile {
    for (let scope: IConstruct | undefined = construct; scope; scope = scope.node.scope) {
      const profile = assigned.get(scope);
      if (profile) return profile;
    }
    return UNKNOWN_CLUSTER;
  }

  /** Name of the cluster. */
  public readonly name: string;
  /** The oldest Kubernetes version that runs there. */
  public readonly version: string;

  public constructor(private readonly props: ClusterProfileProps = {}) {
    const { name, version } = readProfile(props, new Problems());
    this.name = name;
    this.version = version;
  }

  /** Declares that all below `scope` is meant for this cluster. */
  public assignTo(scope: Construct): void {
    assigned.set(scope, this);
    readProfile(this.props, new Problems(scope));
  }

  /**
   * Whether the cluster has the features of `1.<minor>`.
   *
   * @internal
   */
  public _atLeast(minor: number): boolean {
    return Number(this.version.split('.')[1]) >= minor;
  }
}

function readProfile(props: ClusterProfileProps, problems: Problems): Required<ClusterProfileProps> {
  const read = new Reader<ClusterProfileProps>(problems, props);
  const profile = {
    name: read.optional('name', text, 'default', { fix: 'Name the cluster as your team does' }),
    version: read.optional('version', VERSION, `1.${OLDEST_MINOR}`, { fix: "Write major and minor, such as '1.34'" }),
  };
  read.refuseUnknown();
  return profile;
}

const UNKNOWN_CLUSTER = new ClusterProfile();
