import { refuses, warns } from './define';
import { refuseForeignCluster } from './foreign-cluster';
import { foreignOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import type { Problems } from '../kernel/findings/problems';
import { clusterOf } from '../kernel/model/cluster-facts';
import { groupBy } from '../kernel/model/group-by';
import type { StaticVolumeFact, VolumeClaimFact } from '../kernel/model/storage-facts';
import { textsAt } from '../kernel/schema/manifest';
import { bytesQuantity } from '../kubernetes/quantity';

/** Why a claim does not get a volume. */
interface Misfit {
  readonly prop: string;
  readonly got: unknown;
  readonly expected: string;
  readonly fix: string;
}

function misfitOf(claim: VolumeClaimFact, volume: StaticVolumeFact): Misfit | undefined {
  const { name, bytes, accessModes, storageClass } = volume;
  if (claim.bytes > bytes) {
    return {
      prop: 'size',
      got: bytesQuantity(claim.bytes),
      expected: `at most ${bytesQuantity(bytes)}, the capacity of '${name}'`,
      fix: 'Ask for less, or select a larger volume',
    };
  }
  if (!accessModes.includes(claim.accessMode)) {
    return {
      prop: 'accessMode',
      got: claim.accessMode,
      expected: `an access mode of '${name}' (${accessModes.join(', ')})`,
      fix: "Ask for one of these, or add it to 'accessModes' of the volume if the backend supports it",
    };
  }
  const own = claim.storageClass();
  if (own === storageClass) return undefined;
  return {
    prop: claim.classProp,
    got: own,
    expected: storageClass === '' ? `no class, as '${name}' has none` : `'${storageClass}', the class of '${name}'`,
    fix: storageClass === '' ? 'Remove it, or set the same class on the volume' : `Write '${storageClass}'`,
  };
}

/** The volumes of the cluster that a claim names or selects. */
export function selectedVolumes(view: PassView, claim: VolumeClaimFact): readonly StaticVolumeFact[] {
  const { owner, volume, selector } = claim;
  if (volume !== undefined) return view.all('staticVolume').filter((one) => one.owner === volume);
  if (selector === undefined) return [];
  return volumesBeside(view, owner).filter(({ labels }) =>
    Object.entries(selector).every(([key, value]) => labels[key] === value),
  );
}

function volumesBeside(view: PassView, owner: VolumeClaimFact['owner']): readonly StaticVolumeFact[] {
  const cluster = clusterOf(owner).name;
  return view.all('staticVolume').filter((one) => clusterOf(one.owner).name === cluster);
}

/** The volumes that a claim can get. */
export function fittingVolumes(view: PassView, claim: VolumeClaimFact): readonly StaticVolumeFact[] {
  return selectedVolumes(view, claim).filter((volume) => misfitOf(claim, volume) === undefined);
}

const mismatch = refuses('volumeClaim', (claim, problems, view) => {
  if (claim.volume !== undefined) {
    refuseForeignCluster(claim.owner, claim.volume, problems, 'volume', {
      expected: 'a StaticVolume',
      fix: 'Declare the volume in a chart of that cluster',
    });
  }
  const selected = selectedVolumes(view, claim);
  const misfits = selected.map((volume) => misfitOf(claim, volume));
  const [first] = misfits;
  if (first === undefined || misfits.includes(undefined)) return;
  problems.refuse(first.prop, first.got, first.expected, { rule: 'storage/volume-mismatch', fix: first.fix });
});

const unmatched = warns('volumeClaim', (claim, view) => {
  const { owner, selector } = claim;
  if (selector === undefined || selectedVolumes(view, claim).length > 0) return [];
  if (volumesBeside(view, owner).length === 0 || selectsForeign(view, selector)) return [];
  const text = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
  return [
    {
      rule: 'storage/unmatched-selector',
      prop: 'selector',
      got: text,
      expected: 'labels of a StaticVolume of the app',
      text: `selector: no StaticVolume of the app has the labels ${text}: compare them with 'labels' of the volume`,
    },
  ];
});

/** Whether a volume that no block wrote has the labels. */
function selectsForeign(view: PassView, selector: Readonly<Record<string, string>>): boolean {
  return foreignOf(view, 'core/PersistentVolume').some(({ wire }) => {
    const labels = textsAt(wire, 'metadata', 'labels');
    return Object.entries(selector).every(([key, value]) => labels[key] === value);
  });
}

/** Claims that compete for the same volumes, by these. Some of them get none. */
const taken = refuses('volumeClaim', (claim, problems, view) => {
  const [claims = [], volumes = []] = view.derive(competitors).get(claim) ?? [];
  if (claims.indexOf(claim) < volumes.length) return;
  refuseTaken(claim, claims.slice(0, volumes.length), volumes, problems);
});

function refuseTaken(
  claim: VolumeClaimFact,
  before: readonly VolumeClaimFact[],
  volumes: readonly StaticVolumeFact[],
  problems: Problems,
): void {
  const [prop, given] =
    claim.volume === undefined ? ['selector', claim.selector] : ['volume', volumes.map(({ name }) => name).join()];
  problems.refuse(
    prop,
    given,
    `a volume that no other claim gets ('${before.map(({ owner }) => owner.node.path).join("', '")}')`,
    { rule: 'storage/volume-taken', fix: 'Mount one claim in several workloads, or declare another StaticVolume' },
  );
}

type Competition = readonly [claims: readonly VolumeClaimFact[], volumes: readonly StaticVolumeFact[]];

function competitors(view: PassView): ReadonlyMap<VolumeClaimFact, Competition> {
  const fitting = view
    .all('volumeClaim')
    .map((claim) => ({ claim, volumes: fittingVolumes(view, claim) }))
    .filter(({ volumes }) => volumes.length > 0);
  const groups = groupBy(fitting, ({ volumes }) => volumes.map(({ owner }) => owner.node.path).join('\n'));
  return new Map(
    [...groups.values()].flatMap((group) => {
      const competition: Competition = [group.map(({ claim }) => claim), group[0].volumes];
      return group.map(({ claim }) => [claim, competition] as const);
    }),
  );
}

export const RULES = [mismatch, unmatched, taken];
