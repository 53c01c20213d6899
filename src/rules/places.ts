import { type ApiObject, Chart } from 'cdk8s';
import { warningAt } from './verdicts';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { namespaceOf } from '../kernel/model/names';
import type {} from '../kernel/model/same-cluster';
import { POD_KINDS } from '../kubernetes/pod-template';
import { isReservedNamespace } from '../kubernetes/reserved-namespaces';

const WITH_PODS = new Set(POD_KINDS);

/** The namespaces of workloads, each with its first workload, whoever wrote it. */
function namespacesOf({ objects }: PassView): Map<string | undefined, ApiObject> {
  const first = new Map<string | undefined, ApiObject>();
  for (const object of objects) {
    const { namespace } = object.metadata;
    if (!first.has(namespace) && WITH_PODS.has(`${object.apiGroup}/${object.kind}`)) first.set(namespace, object);
  }
  return first;
}

const reserved: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    [...view.derive(namespacesOf)].flatMap(([namespace, workload]): Verdict[] =>
      namespace === undefined || !isReservedNamespace(namespace)
        ? []
        : [
            warningAt(Chart.of(workload), {
              rule: 'namespace/reserved',
              prop: 'namespace',
              got: `'${namespace}'`,
              expected: 'a namespace of its own',
              text:
                `'${workload.node.path}' is in namespace '${namespace}', which ` +
                `${namespace === 'default' ? 'has no owner, no quota and no policy' : 'is for the cluster itself'}: ` +
                'give its chart a namespace of its own',
            }),
          ],
    ),
};

/** An app that states no namespace leaves it to the tool that applies it; one that states some has forgotten others. */
const unstated: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) => {
    const found = view.derive(namespacesOf);
    const workload = found.get(undefined);
    const [stated] = [...found.keys()].filter((namespace) => namespace !== undefined);
    if (workload === undefined || stated === undefined || isSaidOfConnection(view)) return [];
    return [
      warningAt(Chart.of(workload), {
        rule: 'namespace/unstated',
        prop: 'namespace',
        got: 'none',
        expected: 'a namespace, as other charts have',
        text:
          `'${workload.node.path}' states no namespace, others of the app do (such as '${stated}'): it lands where ` +
          "'kubectl' points to. Give its chart a namespace",
      }),
    ];
  },
};

/** Two blocks that are connected say it themselves: policies and host names depend on it. */
function isSaidOfConnection(view: PassView): boolean {
  return view
    .all('neighbour')
    .some(({ owner, other }) => (namespaceOf(owner) === undefined) !== (namespaceOf(other) === undefined));
}

export const RULES = [reserved, unstated];
