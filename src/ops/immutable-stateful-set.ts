import { isDeepStrictEqual } from 'node:util';
import { countAt, list, part, textAt } from '../kernel/schema/manifest';
import { parseQuantity } from '../kubernetes/quantity';

/** What the API server answers to a change of an immutable field of a StatefulSet, before Kubernetes 1.37 and since. */
export const IMMUTABLE =
  /updates to statefulset spec for fields other than .* are forbidden|StatefulSet .* is invalid: .*: field is immutable/s;

/** A StatefulSet, as it is and as it should be. */
export interface Refused {
  readonly live: unknown;
  readonly wanted: unknown;
  /** Names of the claims of its namespace with its labels. */
  readonly claims: readonly string[];
}

/** The steps that make the wanted change; none if the StatefulSets do not differ in such a field. */
export function stepsFor({ live, wanted, claims }: Refused): string[] {
  const name = textAt(live, 'metadata', 'name') ?? '';
  const namespace = textAt(live, 'metadata', 'namespace') ?? 'default';
  const changes = list(part(wanted, 'spec', 'volumeClaimTemplates')).map((template) =>
    changeOf(template, templateOf(live, textAt(template, 'metadata', 'name'))),
  );
  const others = FIELDS.filter((field) => !isDeepStrictEqual(valueOf(wanted, field), valueOf(live, field)));
  const lost = list(part(live, 'spec', 'volumeClaimTemplates')).filter(
    (template) => templateOf(wanted, textAt(template, 'metadata', 'name')) === undefined,
  );
  if (others.length + lost.length === 0 && changes.every((change) => change === undefined)) return [];
  const kubectl = `kubectl --namespace ${namespace}`;
  const patches = changes.flatMap((change) => {
    if (change?.patch === undefined) return [];
    const body = JSON.stringify({ spec: change.patch });
    return claimsOf(change.name, name, claims, countAt(live, 'spec', 'replicas') ?? 1).map(
      (claim) => `${kubectl} patch pvc ${claim} --type merge --patch '${body}'`,
    );
  });
  return [
    `StatefulSet ${namespace}/${name}: the API server refuses the change of ${[
      ...(changes.some((change) => change !== undefined) || lost.length > 0 ? ['volumeClaimTemplates'] : []),
      ...others,
    ].join(', ')}: such a field is immutable.`,
    ...changes.flatMap((change) => change?.hint ?? []),
    ...(patches.length === 0
      ? []
      : ['  The StorageClass must have allowVolumeExpansion: true. Change the claims, which need no other pods:']),
    ...patches.map((line) => `    ${line}`),
    '  Replace the StatefulSet. Its pods and claims stay, and the new one takes them over:',
    `    ${kubectl} delete statefulset ${name} --cascade=orphan`,
    '  Then run this command again.',
  ];
}

/** Immutable fields besides the claim templates. */
const FIELDS = ['podManagementPolicy', 'serviceName', 'selector'] as const;
/** The API server leaves out an empty name of a Service. */
const DEFAULTS: Partial<Record<(typeof FIELDS)[number], unknown>> = {
  podManagementPolicy: 'OrderedReady',
  serviceName: '',
};

function valueOf(statefulSet: unknown, field: (typeof FIELDS)[number]): unknown {
  return part(statefulSet, 'spec', field) ?? DEFAULTS[field];
}

function templateOf(statefulSet: unknown, name: string | undefined): unknown {
  return list(part(statefulSet, 'spec', 'volumeClaimTemplates')).find(
    (template) => textAt(template, 'metadata', 'name') === name,
  );
}

interface ClaimChange {
  readonly name: string;
  /** What a claim that exists can take over. */
  readonly patch?: object;
  readonly hint: readonly string[];
}

function changeOf(wanted: unknown, live: unknown): ClaimChange | undefined {
  const name = textAt(wanted, 'metadata', 'name') ?? '';
  const hint: string[] = [];
  if (live === undefined) {
    return { name, hint: [`  '${name}' is a new claim: each pod gets it when it is replaced.`] };
  }
  const sizes = [wanted, live].map((template) => part(template, 'spec', 'resources', 'requests', 'storage'));
  const [size, before] = sizes.map((given) => parseQuantity(given) ?? 0n);
  if (size < before) {
    hint.push(
      `  '${name}' would shrink from ${String(sizes[1])} to ${String(sizes[0])}: claims that exist keep theirs.`,
    );
  }
  const classes = [wanted, live].map((template) => textAt(template, 'spec', 'volumeAttributesClassName'));
  for (const [field, what] of KEPT) {
    if (isDeepStrictEqual(part(wanted, 'spec', field) ?? [], part(live, 'spec', field) ?? [])) continue;
    hint.push(`  '${name}' has another ${what}: claims that exist keep theirs. Move their data to new ones.`);
  }
  if (classes[0] === undefined && classes[1] !== undefined) {
    hint.push(`  '${name}' has no VolumeAttributesClass any more: claims that exist keep theirs.`);
  }
  const patch = {
    ...(size > before ? { resources: { requests: { storage: sizes[0] } } } : {}),
    ...(classes[0] === undefined || classes[0] === classes[1] ? {} : { volumeAttributesClassName: classes[0] }),
  };
  const isPatched = Object.keys(patch).length > 0;
  if (!isPatched && hint.length === 0) return undefined;
  return { name, hint, ...(isPatched ? { patch } : {}) };
}

const KEPT = [
  ['storageClassName', 'StorageClass'],
  ['accessModes', 'access mode'],
] as const;

/** The claims of a template that exist, also of members that were scaled away. */
function claimsOf(template: string, name: string, claims: readonly string[], replicas: number): string[] {
  const start = `${template}-${name}-`;
  const found = claims.filter((claim) => claim.startsWith(start) && /^\d+$/.test(claim.slice(start.length)));
  return found.length > 0 ? found : Array.from({ length: replicas }, (_, ordinal) => `${start}${ordinal}`);
}
