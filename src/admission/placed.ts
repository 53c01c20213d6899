import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { WorkloadDemand } from './demand';
import { demandOfFacts } from './demand-of-facts';
import { demandOfManifest, KINDS_WITH_PODS } from './demand-of-manifest';
import { countAt, part, textAt, wireOf } from './wire';
import { apiObjectsOf } from '../foundation/api-objects';
import { type ClusterFacts, clusterOf } from '../foundation/cluster-facts';
import { landingNamespace } from '../foundation/cluster-scoped';
import { isPatched } from '../foundation/emission';
import { PerSynthesis } from '../foundation/per-synthesis';
import { requiredSecrets } from '../foundation/required-secrets';
import { recordedWorkloads, type WorkloadFacts } from '../workload/facts';

/** What the charts of an app put into one namespace of one cluster. */
export class Placed {
  public readonly objects: ApiObject[] = [];
  /** Workloads of this library. */
  public readonly facts: WorkloadFacts[] = [];
  /** Names of Secrets that the app refers to and that somebody else creates. */
  public readonly secrets = new Set<string>();

  private demands?: readonly WorkloadDemand[];
  private readonly wires = new Map<ApiObject, unknown>();

  public constructor(private readonly cluster: ClusterFacts, private readonly runtimeClasses: ReadonlyMap<string, ApiObject>) {}

  /** What an object becomes, rendered once. */
  public wireOf(object: ApiObject): unknown {
    if (!this.wires.has(object)) this.wires.set(object, wireOf(object));
    return this.wires.get(object);
  }

  /** All that has pods. Our own is known without rendering it, unless a JSON patch may have changed it. */
  public get workloads(): readonly WorkloadDemand[] {
    this.demands ??= this.measure();
    return this.demands;
  }

  private measure(): WorkloadDemand[] {
    const own = new Map<ApiObject, WorkloadFacts>();
    const blocks = new Set<IConstruct>();
    for (const facts of this.facts) {
      const main = facts.construct.node.tryFindChild('Resource') as ApiObject | undefined;
      if (main === undefined || isPatched(main)) continue;
      own.set(main, facts);
      blocks.add(facts.construct);
    }
    const autoscaled = this.autoscaled(blocks);
    return this.objects.flatMap((object) => {
      const maximum = autoscaled.get(`${object.kind} ${object.name}`);
      const facts = own.get(object);
      if (facts) return [demandOfFacts(maximum === undefined ? facts : { ...facts, most: Math.max(facts.most, maximum) })];
      if (!KINDS_WITH_PODS.has(object.kind)) return [];
      const demand = demandOfManifest(this.wireOf(object), {
        path: object.node.path,
        cluster: this.cluster.name,
        nodes: this.cluster.nodes,
        autoscaled: maximum,
        overheadOf: (name) => {
          const runtimeClass = this.runtimeClasses.get(name);
          return runtimeClass && part(wireOf(runtimeClass), 'overhead', 'podFixed');
        },
      });
      return demand === undefined ? [] : [demand];
    });
  }

  /** Maxima of autoscalers that do not belong to a workload of ours, by kind and name of their target. */
  private autoscaled(blocks: ReadonlySet<IConstruct>): Map<string, number> {
    const maxima = new Map<string, number>();
    for (const object of this.objects) {
      if (object.kind !== 'HorizontalPodAutoscaler' || (object.node.scope && blocks.has(object.node.scope))) continue;
      const manifest = this.wireOf(object);
      const [kind, name] = ['kind', 'name'].map((key) => textAt(manifest, 'spec', 'scaleTargetRef', key));
      const maximum = countAt(manifest, 'spec', 'maxReplicas');
      if (kind !== undefined && name !== undefined && maximum !== undefined) maxima.set(`${kind} ${name}`, maximum);
    }
    return maxima;
  }
}

/** The index of an app: one walk over its objects. */
const perSynthesis = new PerSynthesis((root) => {
  const namespaces = new Map<string, Placed>();
  const runtimeClasses = new Map<string, Map<string, ApiObject>>();
  const classesOf = (cluster: string): Map<string, ApiObject> => {
    const known = runtimeClasses.get(cluster) ?? new Map<string, ApiObject>();
    runtimeClasses.set(cluster, known);
    return known;
  };
  const at = (cluster: ClusterFacts, namespace: string): Placed => {
    const key = keyOf(cluster.name, namespace);
    const known = namespaces.get(key) ?? new Placed(cluster, classesOf(cluster.name));
    namespaces.set(key, known);
    return known;
  };
  for (const object of apiObjectsOf(root)) {
    const cluster = clusterOf(object);
    const namespace = landingNamespace(object);
    if (namespace !== undefined) at(cluster, namespace).objects.push(object);
    else if (object.kind === 'RuntimeClass') classesOf(cluster.name).set(object.name, object);
  }
  for (const facts of recordedWorkloads(root)) {
    if (facts.namespace !== undefined) at(clusterOf(facts.construct), facts.namespace).facts.push(facts);
  }
  for (const { cluster, namespace, name } of requiredSecrets(root)) {
    if (namespace !== undefined) namespaces.get(keyOf(cluster, namespace))?.secrets.add(name);
  }
  return namespaces;
});

function keyOf(cluster: string, namespace: string): string {
  return `${cluster}\n${namespace}`;
}

/** What is in a namespace of the cluster of `construct`. To be asked at synthesis. */
export function placedIn(construct: IConstruct, namespace: string): Placed | undefined {
  return perSynthesis.of(construct).get(keyOf(clusterOf(construct).name, namespace));
}
