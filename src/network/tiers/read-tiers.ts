import { Mesh, type MeshSettings, readMesh } from './mesh';
import type { NetworkTier, NetworkTiersProps } from './network-tiers-props';
import type { Problems } from '../../kernel/findings/problems';
import { boolean, instance, oneOf, structs } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { dnsLabel } from '../../kernel/schema/syntax';

export interface TierSettings {
  readonly name: string;
  readonly internetFacing: boolean;
  readonly allowWithin: boolean;
}

export interface TiersSettings {
  /** In order. */
  readonly tiers: readonly TierSettings[];
  readonly observe: boolean;
  readonly mesh?: MeshSettings;
}

const EXAMPLE = "List NetworkTiers, such as ones with name: 'web', internetFacing: true; name: 'api'; name: 'db'";

export function readTiers(props: NetworkTiersProps, problems: Problems): TiersSettings {
  const read = new Reader<NetworkTiersProps>(problems, props);
  const tiers = read
    .required('tiers', structs<NetworkTier>('a tier'), [], { fix: EXAMPLE, practice: 'CH09-46' })
    .map((given, index) => readTier(given, problems, `tiers[${index}]`));
  const raw = read.raw('tiers');
  if (Array.isArray(raw) && raw.length === 0) {
    read.refuse('tiers', raw, 'at least one tier', { rule: 'props/empty-list', fix: EXAMPLE, practice: 'CH09-46' });
  }
  const seen = new Set<string>();
  tiers.forEach((tier, index) => {
    if (tier && seen.has(tier.name)) {
      problems.refuse(`tiers[${index}].name`, tier.name, 'a name that no other tier has', {
        rule: 'props/duplicate',
        fix: 'Rename the tier',
      });
    }
    if (tier) seen.add(tier.name);
  });
  const mesh = read.optional('mesh', instance(Mesh, 'a Mesh, e.g. Mesh.istio()'), undefined, {
    fix: 'Use Mesh.istio(), or omit it for none',
  });
  const settings = {
    tiers: tiers.flatMap((tier) => tier ?? []),
    observe: read.optional('mode', oneOf('enforce', 'observe'), 'enforce') === 'observe',
    mesh: mesh && readMesh(mesh, problems),
  };
  read.refuseUnknown();
  return settings;
}

function readTier(given: unknown, problems: Problems, prop: string): TierSettings | undefined {
  const read = new Reader<NetworkTier>(problems, given, `${prop}.`);
  const name = read.required('name', dnsLabel(), undefined, {
    fix: "Name the tier, such as 'web'",
    practice: 'CH09-45',
  });
  const tier = {
    internetFacing: read.optional('internetFacing', boolean, false),
    allowWithin: read.optional('allowWithin', boolean, false),
  };
  read.refuseUnknown();
  return name === undefined ? undefined : { name, ...tier };
}
