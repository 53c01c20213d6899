import type { IConstruct } from 'constructs';
import { refuses, warns } from './define';
import { missingStore } from './known-stores';
import { errorAt } from './verdicts';
import type {} from '../access/workload-identity';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { clusterOf } from '../kernel/model/cluster-facts';
import { groupBy } from '../kernel/model/group-by';
import { namespaceOf } from '../kernel/model/names';
import type {} from '../kernel/model/required-secrets';
import { placedName, type SourcedSecret, sourcedSecrets } from '../kernel/model/secret-sources';
import type {} from '../parts/event-scaling';
import { templateOf, workloadsOf } from '../pod/workload-facts';

const stores = refuses('storeUse', ({ owner, kind, name, isStated }, problems, view) => {
  if (isStated) return;
  const { name: cluster } = clusterOf(owner);
  const missing = missingStore(view, { at: owner, cluster, namespace: namespaceOf(owner), kind, name });
  if (missing === undefined) return;
  const { got, expected, fix } = missing;
  problems.add({ rule: 'secret/missing-store', prop: 'from.store', got, expected, fix });
});

/** The provider of a cloud gets its credentials from that cloud. */
const otherCloud = refuses('sourcedSecret', ({ owner, csi }, problems) => {
  const { name, provider } = clusterOf(owner);
  if (csi === undefined || csi.provider === 'vault' || provider === undefined || provider === csi.provider) return;
  problems.refuse(
    'from.provider',
    csi.provider,
    `a provider for the cloud of the ClusterProfile '${name}' (${provider})`,
    { rule: 'access/other-cloud', fix: 'Use the provider of that cloud, or CsiProvider.vault(...)' },
  );
});

/** The workloads that mount the files of each Secret. */
function mountsOf(view: PassView): ReadonlyMap<IConstruct, ReadonlySet<IConstruct>> {
  const owners = new Map<IConstruct, Set<IConstruct>>();
  for (const { owner, secret } of view.all('csiMount')) {
    owners.set(secret, (owners.get(secret) ?? new Set()).add(owner));
  }
  return owners;
}

/** Uses of a Secret of the API, which the driver creates on request only, and while a pod mounts the files. */
const synced: LibraryRule = {
  kinds: ['sourcedSecret'],
  warns: false,
  judge: (view) => {
    const secrets = sourcedSecrets(view);
    if (![...secrets.values()].some(({ csi }) => csi !== undefined)) return [];
    const users = view
      .all('secretNeeds')
      .flatMap((read) => read())
      .flatMap(({ user, namespace, name }) => {
        const secret = secrets.get(placedName(user, name, namespace));
        return secret?.csi === undefined ? [] : [{ user, secret }];
      });
    // several variables of a workload are one mistake
    return [...groupBy(users, ({ user, secret }) => `${user.node.path}\n${secret.name}`).values()].flatMap(([use]) =>
      verdictOn(view, use.user, use.secret),
    );
  },
};

function verdictOn(view: PassView, user: IConstruct, { owner, name, csi }: SourcedSecret): Verdict[] {
  const subject = `Secret '${name}'`;
  const got = `files of the Secrets Store CSI driver ('${owner.node.path}')`;
  if (csi?.synced !== true) {
    return [
      errorAt(user, {
        rule: 'secret/csi-not-synced',
        subject,
        got,
        expected: 'a Secret of the API',
        fix: `Mount it with mountSecret(...), or set 'syncAsSecret' in 'from' of '${owner.node.path}'`,
      }),
    ];
  }
  const mounts = view.derive(mountsOf).get(owner);
  // other users than pods find it while any pod mounts it
  const isThere = mounts !== undefined && (mounts.has(user) || templateOf(view, user) === undefined);
  if (isThere) {
    if (!neededWithoutPods(view, user, name) || isAlwaysMounted(view, mounts)) return [];
    const few = [...mounts].map(({ node }) => `'${node.path}'`).join(', ');
    return [
      errorAt(user, {
        rule: 'secret/csi-without-pods',
        subject,
        got: `${got}, mounted by ${few} only, which can be without pods`,
        expected: 'a Secret that exists before the first pod',
        fix:
          'Use SecretSource.externalSecret(...) or SecretSource.sealed(...), or mount the files in a workload that ' +
          'always has a pod',
      }),
    ];
  }
  return [
    errorAt(user, {
      rule: 'secret/csi-not-mounted',
      subject,
      got: `${got}, which no pod of it mounts`,
      expected: 'a Secret whose files the pod also mounts',
      fix: 'Call mountSecret(...) too: the driver creates the Secret only while a pod mounts the files',
    }),
  ];
}

/** Whether something other than the pods of the user reads the Secret: KEDA for the first pod, or a controller. */
function neededWithoutPods(view: PassView, user: IConstruct, name: string): boolean {
  if (templateOf(view, user) === undefined) return true;
  return view.all('eventScaling').some(({ owner, secrets }) => owner === user && secrets.includes(name));
}

/** Whether a workload that always has pods mounts the files. */
function isAlwaysMounted(view: PassView, mounts: ReadonlySet<IConstruct>): boolean {
  return workloadsOf(view).some(
    ({ construct, kind, replicas }) => mounts.has(construct) && replicas > 0 && kind !== 'Job' && kind !== 'CronJob',
  );
}

const ROLE = 'eks.amazonaws.com/role-arn';

/** The provider of AWS takes the role of the ServiceAccount of the pod. */
const identities = refuses('csiMount', ({ owner, secret }, problems, view) => {
  const sourced = view.all('sourcedSecret').find((one) => one.owner === secret);
  const { provider } = clusterOf(owner);
  if (sourced?.csi?.provider !== 'aws' || sourced.csi.podIdentity) return;
  if (provider !== undefined && provider !== 'aws') return;
  const identity = view.all('identity').find((fact) => fact.owner === owner)?.identity;
  if (identity !== undefined && ROLE in identity.annotations) return;
  problems.add({
    rule: 'secret/csi-identity',
    prop: 'workloadIdentity',
    got: identity === undefined ? 'nothing' : 'an identity without a role of IAM',
    expected: `WorkloadIdentity.aws(...), for '${secret.node.path}'`,
    fix: "Give the workload a role that may read the entries, or set 'podIdentity' in CsiProvider.aws(...)",
  });
});

/** Without a version, pods that start later can read other values. */
const unpinned = warns('sourcedSecret', ({ csi, unpinned: keys }) => {
  if (csi === undefined || keys.length === 0) return [];
  const got = keys.join(', ');
  return [
    {
      rule: 'secret/unpinned',
      prop: 'from.keys',
      got: `${got} without a version`,
      expected: 'a version of the store for each key',
      text:
        `the driver reads the latest version of ${got} when a pod starts, so pods of one version of the Secret can ` +
        "differ. Set 'version' of the key, or keep each version in an entry whose name contains it",
    },
  ];
});

export const RULES = [stores, otherCloud, synced, identities, unpinned];
