import { type AppManifest, keyOfObject, manifestsOf, podPath } from './manifests';
import type { Need } from './need';
import { valuesAt } from './references';
import type { PassView } from '../kernel/facts/pass-view';
import { countAt, list, part, textAt, textsAt } from '../kernel/schema/manifest';
import { HORIZONTAL, horizontalScaling } from '../kubernetes/autoscalers';
import { type LabelSelector, maySelect, selectorText } from '../kubernetes/label-selector';
import { type Amounts, containersIn } from '../kubernetes/pod-demand';
import { podTotal } from '../kubernetes/pod-size';

/** What the nodes of the cluster must have for the pods of an object. */
export function needsOfPods(view: PassView, object: AppManifest): Need[] {
  const path = podPath(object);
  if (path === undefined) return [];
  const pod = part(object.manifest, ...path);
  const spec = part(pod, 'spec');
  const { cluster, user } = object;
  const pods = BigInt(podsOf(view, object));
  return [
    ...Object.entries(devicesOf(spec)).map(([name, least]): Need => ({
      cluster,
      user,
      kind: 'ExtendedResource',
      name,
      least,
      sum: least * pods,
    })),
    ...nodeSelectors(spec).map((name): Need => ({ cluster, user, kind: 'Nodes', name })),
    ...domainsOf(pod, pods).map(([name, least]): Need => ({ cluster, user, kind: 'TopologyDomains', name, least })),
  ];
}

/** What each node has. */
const COMMON = /^(cpu|memory|ephemeral-storage)$/;

/** Amounts of one pod beyond CPU, memory and disk. */
function devicesOf(spec: unknown): Amounts {
  const containers = containersIn(spec, []).map(({ role, requests, limits }) => ({
    role,
    // a limit without a request is also the request
    requests: { ...limits, ...requests },
  }));
  const names = new Set(containers.flatMap(({ requests }) => Object.keys(requests)));
  return Object.fromEntries(
    [...names]
      .filter((name) => !COMMON.test(name))
      .map((name) => [name, podTotal(containers, ({ requests }) => requests[name] ?? 0n)] as const)
      .filter(([, amount]) => amount > 0n),
  );
}

/** The least number of pods; one for a DaemonSet, and for kinds of others. */
function podsOf(view: PassView, object: AppManifest): number {
  const { manifest } = object;
  const autoscaled = view.derive(leastByTarget).get(keyOfObject(object));
  const parallelism = valuesAt(manifest, 'spec.parallelism').concat(
    valuesAt(manifest, 'spec.jobTemplate.spec.parallelism'),
  );
  return autoscaled ?? countAt(manifest, 'spec', 'replicas') ?? countAt(parallelism[0]) ?? 1;
}

function leastByTarget(view: PassView): Map<string, number> {
  return new Map(
    manifestsOf(view)
      .filter(({ apiGroup, kind }) => HORIZONTAL.includes(`${apiGroup}/${kind}`))
      .flatMap(({ cluster, namespace, manifest }) => {
        const scaling = horizontalScaling(manifest);
        if (scaling === undefined) return [];
        // one that scales to zero starts a pod some day
        return [[keyOfObject({ cluster, namespace, ...scaling.target }), Math.max(scaling.min, 1)] as const];
      }),
  );
}

/** What joins alternatives in the name of a need. */
export const OR = ' or ';

/** The nodes that a pod can run on, as selectors of kubectl. */
function nodeSelectors(spec: unknown): string[] {
  const chosen = selectorText(textsAt(spec, 'nodeSelector'));
  const terms = list(
    part(spec, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'),
  ).map((term) => list(part(term, 'matchExpressions')).flatMap(requirement).sort().join(','));
  const all = terms.length === 0 ? [chosen] : terms.map((term) => [chosen, term].filter(Boolean).join(','));
  // a term by the name of a node has no labels
  return all.includes('') ? [] : [[...new Set(all)].sort().join(OR)];
}

function requirement(expression: unknown): string[] {
  const key = textAt(expression, 'key');
  if (key === undefined) return [];
  const values = list(part(expression, 'values')).map(String);
  switch (part(expression, 'operator')) {
    case 'In':
      return [values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(',')})`];
    case 'NotIn':
      return [`${key} notin (${values.join(',')})`];
    case 'Exists':
      return [key];
    case 'DoesNotExist':
      return [`!${key}`];
    case 'Gt':
      return [`${key}>${values.join()}`];
    case 'Lt':
      return [`${key}<${values.join()}`];
    default:
      return [];
  }
}

/** Labels of nodes by which pods must spread, and how many values they need. */
function domainsOf(pod: unknown, pods: bigint): Array<[string, bigint]> {
  const spec = part(pod, 'spec');
  const labels = textsAt(pod, 'metadata', 'labels');
  const spread = list(part(spec, 'topologySpreadConstraints')).flatMap((constraint): Array<[string, bigint]> => {
    const key = textAt(constraint, 'topologyKey');
    if (key === undefined || part(constraint, 'whenUnsatisfiable') !== 'DoNotSchedule') return [];
    return [[key, BigInt(countAt(constraint, 'minDomains') ?? 1)]];
  });
  const apart = list(
    part(spec, 'affinity', 'podAntiAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'),
  ).flatMap((term): Array<[string, bigint]> => {
    const key = textAt(term, 'topologyKey');
    const selector = part(term, 'labelSelector') as LabelSelector | undefined;
    return key !== undefined && selector !== undefined && maySelect(selector, labels) && pods > 0n ? [[key, pods]] : [];
  });
  return [...spread, ...apart];
}
