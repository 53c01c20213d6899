import { type ApiObject, type App, Chart, YamlOutputType } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { warningAt } from './verdicts';
import { foreignObjects } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceOf } from '../kernel/model/names';
import type {} from '../kernel/model/same-cluster';
import { isNamespaced } from '../kubernetes/cluster-scoped';
import { hasPods } from '../kubernetes/pod-template';
import { isReservedNamespace } from '../kubernetes/reserved-namespaces';

/** An object, or an item of a List. */
interface Placed {
  readonly at: ApiObject;
  readonly apiGroup: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** The items of Lists: the API server gets them one by one. */
function itemsOf(view: PassView): Placed[] {
  return foreignObjects(view).filter(({ at }) => isList(at));
}

function isList({ apiGroup, kind }: ApiObject): boolean {
  return kind === 'List' && apiGroup === 'core';
}

function placedObjects(view: PassView): Placed[] {
  return [
    ...view.objects
      .filter((object) => !isList(object))
      .map((object): Placed => {
        const { apiGroup, kind, name } = object;
        return { at: object, apiGroup, kind, name, namespace: object.metadata.namespace };
      }),
    ...itemsOf(view),
  ];
}

/** The namespaces of workloads, each with its first workload, from any library. */
function namespacesOf(view: PassView): Map<string | undefined, ApiObject> {
  const first = new Map<string | undefined, ApiObject>();
  for (const object of view.objects) {
    const { namespace } = object.metadata;
    if (!first.has(namespace) && hasPods(object)) first.set(namespace, object);
  }
  for (const item of itemsOf(view)) {
    if (!first.has(item.namespace) && hasPods(item)) first.set(item.namespace, item.at);
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

/** Workloads without a namespace in an app that states others. An app without any namespace leaves it to `kubectl`. */
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
          `'${workload.node.path}' has no namespace, but others of the app have one (such as '${stated}'): kubectl ` +
          'creates it in the namespace of its current context. Give its chart a namespace',
      }),
    ];
  },
};

/** Connected blocks report a missing namespace themselves: policies and host names depend on it. */
function isSaidOfConnection(view: PassView): boolean {
  return view
    .all('neighbour')
    .some(({ owner, other }) => (namespaceOf(owner) === undefined) !== (namespaceOf(other) === undefined));
}

/**
 * Namespaces whose chart is applied after a chart with objects in them: `kubectl apply` reads the files of a folder in
 * the order of their names. Within a chart, the library writes the Namespace first.
 */
const appliedLate: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) => {
    const byName = namespacesMade(view);
    if (byName.size === 0) return [];
    const isLater = orderOf(view);
    const seen = new Set<string>();
    return placedObjects(view).flatMap(({ at, apiGroup, kind, namespace: name }): Verdict[] => {
      const namespace = byName.get(name ?? '');
      if (namespace === undefined || !isNamespaced(apiGroup, kind)) return [];
      const [chart, other] = [Chart.of(at), Chart.of(namespace.at)];
      const once = `${chart.node.path}\n${namespace.name}`;
      if (chart === other || seen.has(once)) return [];
      seen.add(once);
      if (clusterOf(at).name !== clusterOf(namespace.at).name || !isLater(other, chart)) return [];
      return [
        warningAt(chart, {
          rule: 'namespace/applied-late',
          got: `objects in namespace '${namespace.name}' of chart '${other.node.path}', which is applied later`,
          expected: 'the Namespace first',
          text:
            `Namespace '${namespace.name}' is in chart '${other.node.path}', whose file comes later: the first ` +
            "'kubectl apply' fails. Write chart.addDependency(...) with that chart",
        }),
      ];
    });
  },
};

function namespacesMade(view: PassView): Map<string, Placed> {
  const isNamespace = ({ apiGroup, kind }: Placed | ApiObject): boolean => kind === 'Namespace' && apiGroup === 'core';
  const own = view.objects.filter(isNamespace).map((at): Placed => {
    const { apiGroup, kind, name } = at;
    return { at, apiGroup, kind, name };
  });
  return new Map([...own, ...itemsOf(view).filter(isNamespace)].map((namespace) => [namespace.name, namespace]));
}

/** Tells whether the file of a chart comes after that of another one. */
function orderOf({ root }: PassView): (chart: Chart, other: Chart) => boolean {
  const type = (root as Partial<App>).yamlOutputType ?? YamlOutputType.FILE_PER_CHART;
  const charts = root.node.findAll().filter((construct): construct is Chart => Chart.isChart(construct));
  const leadsTo = (from: Chart, to: Chart, seen = new Set<IConstruct>()): boolean =>
    from.node.dependencies.some((target) => {
      if (target === to) return true;
      if (!Chart.isChart(target) || seen.has(target)) return false;
      seen.add(target);
      return leadsTo(target, to, seen);
    });
  const isNumbered = charts.some(({ node }) => node.dependencies.length > 0);
  const position = new Map(charts.map((chart, index) => [chart, index]));
  return (chart, other) => {
    if (leadsTo(other, chart)) return false;
    if (type === YamlOutputType.FILE_PER_CHART && !isNumbered) return chart.node.path > other.node.path;
    if (type === YamlOutputType.FILE_PER_RESOURCE) return false;
    return position.get(chart)! > position.get(other)!;
  };
}

export const RULES = [reserved, unstated, appliedLate];
