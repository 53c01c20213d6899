import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { WorkloadDemand } from './demand';
import { demandOfFacts, Pods } from './demand-of-facts';
import { defaultsLast, demandOfManifest } from './demand-of-manifest';
import type { ExistingObject } from './existing-namespace';
import { overheadOf } from './runtime-overhead';
import type { PassView } from '../kernel/facts/pass-view';
import { type ClusterFacts, clusterOf } from '../kernel/model/cluster-facts';
import { groupBy } from '../kernel/model/group-by';
import { requiredSecrets } from '../kernel/model/required-secrets';
import { isPatched } from '../kernel/model/specs';
import { wireOf } from '../kernel/model/wire';
import { horizontalScaling } from '../kubernetes/autoscalers';
import { landingNamespace } from '../kubernetes/cluster-scoped';
import { hasPods } from '../kubernetes/pod-template';
import { resourceOf } from '../kubernetes/resource-name';
import { type WorkloadFacts, workloadsOf } from '../pod/workload-facts';

/** What sets the number of pods of others, by its name in the API. */
const AUTOSCALERS = ['horizontalpodautoscalers.autoscaling', 'scaledobjects.keda.sh'];

/** The contents of one namespace of one cluster, from all charts of an app. */
export class Placed {
  public readonly objects: ApiObject[] = [];
  /** Workloads of this library. */
  public readonly facts: WorkloadFacts[] = [];
  /** Names of Secrets that the app refers to but does not create. */
  public readonly secrets = new Set<string>();
  /** What is there before the app is applied. */
  public readonly existing: ExistingObject[] = [];

  private demands?: readonly WorkloadDemand[];
  private byResource?: ReadonlyMap<string, readonly ApiObject[]>;
  private readonly wires = new Map<ApiObject, unknown>();

  public constructor(private readonly cluster: ClusterPlaces) {}

  /** The rendered object, cached. */
  public wireOf(object: ApiObject): unknown {
    if (!this.wires.has(object)) this.wires.set(object, wireOf(object));
    return this.wires.get(object);
  }

  /** Objects of a resource, by its API name. */
  public ofResource(resource: string): readonly ApiObject[] {
    this.byResource ??= groupBy(this.objects, resourceOf);
    return this.byResource.get(resource) ?? [];
  }

  /** What is of a resource before the app is applied, without what the app writes itself. */
  public existingOf(resource: string): readonly ExistingObject[] {
    if (this.existing.length === 0) return this.existing;
    const own = new Set(this.ofResource(resource).map(({ name }) => name));
    return this.existing.filter((object) => object.resource === resource && !own.has(object.name));
  }

  /** What there is of a resource in wire format, from any library. */
  public manifestsOf(resource: string): unknown[] {
    const existing = this.existingOf(resource).map(({ manifest }) => manifest);
    return [...existing, ...this.ofResource(resource).map((object) => this.wireOf(object))];
  }

  /** All workloads with pods. Ours are known without rendering, unless a JSON patch may have changed them. */
  public get workloads(): readonly WorkloadDemand[] {
    this.demands ??= this.measure();
    return this.demands;
  }

  private measure(): WorkloadDemand[] {
    const own = new Map<ApiObject, WorkloadFacts>();
    const blocks = new Set<IConstruct>();
    for (const facts of this.facts) {
      const main = facts.construct.node.tryFindChild('Resource') as ApiObject | undefined;
      if (main === undefined || facts.readFrom || isPatched(main)) continue;
      own.set(main, facts);
      blocks.add(facts.construct);
    }
    const autoscaled = this.autoscaled(blocks);
    return this.objects.flatMap((object) => {
      const maximum = autoscaled.get(scaledId(object.apiGroup, object.kind, object.name));
      const facts = own.get(object);
      if (facts) {
        return [
          demandOfFacts(
            maximum === undefined || maximum <= facts.most ? facts : { ...facts, ...facts.scaledTo(maximum) },
            this.cluster.pods,
          ),
        ];
      }
      if (!hasPods(object)) return [];
      const demand = demandOfManifest(this.wireOf(object), {
        source: object,
        cluster: this.cluster.facts.name,
        defaultsLast: defaultsLast(this.cluster.facts),
        nodes: this.cluster.facts.nodes,
        autoscaled: maximum,
        overheadOf: (name) => overheadOf(this.cluster.view, this.cluster.facts.name, name),
      });
      return demand === undefined ? [] : [demand];
    });
  }

  /** Maxima of autoscalers for workloads outside this library, by target. */
  private autoscaled(blocks: ReadonlySet<IConstruct>): Map<string, number> {
    const maxima = new Map<string, number>();
    for (const object of AUTOSCALERS.flatMap((resource) => this.ofResource(resource))) {
      if (object.node.scope && blocks.has(object.node.scope)) continue;
      const { target, max } = horizontalScaling(this.wireOf(object)) ?? {};
      if (target && max !== undefined) maxima.set(scaledId(target.apiGroup, target.kind, target.name), max);
    }
    return maxima;
  }
}

function scaledId(apiGroup: string, kind: string, name: string): string {
  return `${apiGroup}/${kind} ${name}`;
}

/** The contents of one cluster. */
class ClusterPlaces {
  public readonly namespaces = new Map<string, Placed>();
  public readonly pods = new Pods();

  public constructor(
    public readonly view: PassView,
    public readonly facts: ClusterFacts,
  ) {}

  public at(namespace: string): Placed {
    const placed = this.namespaces.get(namespace) ?? new Placed(this);
    this.namespaces.set(namespace, placed);
    return placed;
  }
}

/** The clusters of an app by name: one walk over its objects. */
function clustersOf(view: PassView): Map<string, ClusterPlaces> {
  const clusters = new Map<string, ClusterPlaces>();
  const placesOf = (construct: IConstruct): ClusterPlaces => {
    const facts = clusterOf(construct);
    const places = clusters.get(facts.name) ?? new ClusterPlaces(view, facts);
    clusters.set(facts.name, places);
    return places;
  };
  for (const object of view.objects) {
    const namespace = landingNamespace(object);
    if (namespace !== undefined) placesOf(object).at(namespace).objects.push(object);
  }
  for (const facts of workloadsOf(view)) {
    if (facts.namespace !== undefined) placesOf(facts.construct).at(facts.namespace).facts.push(facts);
  }
  for (const { owner, name, objects } of view.all('existingNamespace')) {
    placesOf(owner)
      .at(name)
      .existing.push(...objects);
  }
  for (const { cluster, namespace, name } of requiredSecrets(view)) {
    if (namespace !== undefined) clusters.get(cluster)?.namespaces.get(namespace)?.secrets.add(name);
  }
  return clusters;
}

/** The contents of a namespace on the cluster of `construct`. */
export function placedIn(view: PassView, construct: IConstruct, namespace: string): Placed | undefined {
  return view.derive(clustersOf).get(clusterOf(construct).name)?.namespaces.get(namespace);
}
