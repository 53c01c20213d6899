import { type ApiObject, Chart } from 'cdk8s';
import { warningAt } from './verdicts';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { POD_KINDS } from '../kubernetes/pod-template';
import { isReservedNamespace } from '../kubernetes/reserved-namespaces';

const WITH_PODS = new Set(POD_KINDS);

/** The namespaces of workloads, each with its first workload, from any library. */
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

/** An app that states no namespace leaves it to the tool that applies it. One that states some has forgotten the others. */
const unstated: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) => {
    const found = view.derive(namespacesOf);
    const workload = found.get(undefined);
    const [stated] = [...found.keys()].filter((namespace) => namespace !== undefined);
    if (workload === undefined || stated === undefined) return [];
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

export const RULES = [reserved, unstated];
