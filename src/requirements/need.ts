import { groupBy } from '../kernel/model/group-by';

/** One thing that an object of an app needs from its cluster. */
export interface Need {
  readonly cluster: string;
  /** Kind of the object, or one of the other kinds that `texts.ts` knows. */
  readonly kind: string;
  /** API group of the object, `core` for the core group; omitted for needs that are not objects. */
  readonly apiGroup?: string;
  readonly namespace?: string;
  readonly name: string;
  /** Construct path. */
  readonly user: string;
  /** Of a Secret. */
  readonly type?: string;
  /** Of a Secret or ConfigMap. */
  readonly keys?: readonly string[];
  /** Of an API: `<group>/<version>`. */
  readonly apiVersion?: string;
  /** Of an API: the kind that it must serve. */
  readonly serves?: string;
  /** Smallest number. */
  readonly least?: bigint;
  /** The sum over the pods of the user. */
  readonly sum?: bigint;
  /** Whether the app can come first: two apps may connect to each other. */
  readonly canFollow?: boolean;
}

/** What all users of one thing need of it together. */
export interface MergedNeed extends Omit<Need, 'user' | 'keys'> {
  readonly keys: readonly string[];
  readonly users: readonly string[];
}

const DEFAULT_TYPE = 'Opaque';

/** Each need once, in order of cluster, kind, namespace and name. */
export function mergeNeeds(needs: readonly Need[]): MergedNeed[] {
  return [...groupBy(needs, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, same]) => merged(same));
}

/** The version of a cluster comes first. */
function keyOf({ cluster, kind, apiGroup = '', namespace = '', name, apiVersion = '' }: Need): string {
  return JSON.stringify([cluster, kind === 'Kubernetes' ? '' : kind, apiGroup, namespace, name, apiVersion]);
}

function merged(same: readonly Need[]): MergedNeed {
  const [first] = same;
  const leasts = same.flatMap(({ least }) => least ?? []);
  const sums = same.flatMap(({ sum }) => sum ?? []);
  const { cluster, kind, apiGroup, namespace, name, apiVersion, serves } = first;
  return {
    cluster,
    kind,
    apiGroup,
    namespace,
    name,
    apiVersion,
    serves,
    // a reader of some keys does not know the type
    type: same.find(({ type }) => type !== undefined && type !== DEFAULT_TYPE)?.type ?? first.type,
    keys: unique(same.flatMap(({ keys }) => keys ?? [])).sort(),
    users: outermost(unique(same.map(({ user }) => user)).filter((user) => user !== '')),
    canFollow: same.every(({ canFollow }) => canFollow === true),
    least: leasts.length === 0 ? undefined : leasts.reduce((most, least) => (least > most ? least : most)),
    sum: sums.length === 0 ? undefined : sums.reduce((total, sum) => total + sum),
  };
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** Without the users inside of another one: a block and its ServiceAccount need the same Secret once. */
function outermost(users: readonly string[]): string[] {
  return users.filter((user) => !users.some((other) => user.startsWith(`${other}/`)));
}
