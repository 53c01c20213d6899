import { ApiObject, type Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { ConstructTree } from './construct-tree';

/** A construct, or a joint: a vertex that replaces many edges. */
export interface Vertex {
  /** None for a joint. */
  readonly construct?: IConstruct;
  /** Its charts, the closest first. */
  readonly charts: readonly Chart[];
  /** Vertices that precede it in the output. */
  readonly targets: Vertex[];
}

/**
 * The order of objects in the output.
 *
 * A dependency between two constructs means that each object in the first depends on each object in the second, within
 * their own charts. cdk8s creates an edge for each pair, n x m in total. Here, joints carry them:
 *
 *     each object of a  ->  above(a)  ->  below(b)  ->  each object of b
 *
 * - Joints come in the order in which cdk8s adds its edges, so a depth-first search visits the objects in the same
 *   order.
 * - The number of edges depends on constructs and dependencies, not on their objects.
 */
export class DependencyGraph {
  /** The vertices of the constructs, in tree order. */
  public readonly vertices: readonly Vertex[];
  /** Whether no construct depends on another. */
  public readonly isEmpty: boolean;

  private readonly byConstruct = new Map<IConstruct, Vertex>();
  private readonly joints = { above: new Map<IConstruct, Vertex | undefined>(), below: new Map<IConstruct, Vertex>() };
  /** Objects inside both ends of a dependency, with the inner ends: no object depends on itself. */
  private readonly onBothEnds = new Map<IConstruct, Set<IConstruct>>();

  /** With `expand`, dependencies reach the objects inside their ends. */
  public constructor(
    private readonly tree: ConstructTree,
    { expand }: { readonly expand: boolean },
  ) {
    this.vertices = tree.constructs.map((construct) => ({ construct, charts: tree.chartsOf(construct), targets: [] }));
    this.isEmpty = tree.constructs.every(({ node }) => node.dependencies.length === 0);
    if (this.isEmpty) return;
    for (const vertex of this.vertices) this.byConstruct.set(vertex.construct!, vertex);
    for (const { construct, targets } of this.vertices) targets.push(...this.dependenciesOf(construct!));
    if (expand) this.expand();
  }

  private expand(): void {
    for (const { construct } of this.vertices) this.findOverlaps(construct!);
    for (const { construct, targets } of this.vertices) {
      if (!ApiObject.isApiObject(construct)) continue;
      const joint = this.onBothEnds.has(construct) ? this.aboveAlone(construct) : this.above(construct);
      if (joint) targets.push(joint);
    }
  }

  /** Without dependencies on constructs of other apps, which are not in this output. */
  private dependenciesOf(construct: IConstruct): Vertex[] {
    return construct.node.dependencies.flatMap((target) => this.byConstruct.get(target) ?? []);
  }

  /** The dependencies of all objects in a construct: from its scopes, the chart's first, then from itself. */
  private above(construct: IConstruct): Vertex | undefined {
    const known = this.joints.above.get(construct);
    if (known || this.joints.above.has(construct)) return known;
    const charts = this.tree.chartsOf(construct);
    const outer = construct === charts[0] ? undefined : this.above(construct.node.scope!);
    const own = this.dependenciesOf(construct).map((target) => this.below(target.construct!));
    const joint = own.length === 0 ? outer : { charts, targets: [...(outer ? [outer] : []), ...own] };
    this.joints.above.set(construct, joint);
    return joint;
  }

  /** The objects of a construct in its own chart. */
  private below(construct: IConstruct): Vertex {
    const known = this.joints.below.get(construct);
    if (known) return known;
    const charts = this.tree.chartsOf(construct);
    const joint: Vertex = {
      charts,
      targets: ApiObject.isApiObject(construct) ? [this.byConstruct.get(construct)!] : [],
    };
    this.joints.below.set(construct, joint);
    for (const child of construct.node.children) {
      if (this.tree.chartsOf(child)[0] === charts[0]) joint.targets.push(this.below(child));
    }
    return joint;
  }

  /** Like `above`, for an object that is inside a target itself. */
  private aboveAlone(object: IConstruct): Vertex {
    const charts = this.tree.chartsOf(object);
    const scopes = object.node.scopes.filter((scope) => this.tree.chartsOf(scope)[0] === charts[0]);
    return {
      charts,
      targets: scopes.flatMap((scope) =>
        this.dependenciesOf(scope).flatMap((target) =>
          this.onBothEnds.get(object)!.has(target.construct!)
            ? this.objectsBelow(target.construct!).filter((other) => other.construct !== object)
            : [this.below(target.construct!)],
        ),
      ),
    };
  }

  /** Finds dependencies with one end inside the other: objects of the inner end are on both sides. */
  private findOverlaps(source: IConstruct): void {
    for (const { construct: target, charts } of this.dependenciesOf(source)) {
      if (charts[0] !== this.tree.chartsOf(source)[0]) continue;
      const inner = isIn(source, target!) ? source : isIn(target!, source) ? target! : undefined;
      if (!inner) continue;
      for (const { construct: object } of this.objectsBelow(inner)) {
        this.onBothEnds.set(object!, (this.onBothEnds.get(object!) ?? new Set<IConstruct>()).add(target!));
      }
    }
  }

  private objectsBelow(construct: IConstruct): Vertex[] {
    return objectsOf(this.below(construct));
  }
}

function objectsOf(joint: Vertex): Vertex[] {
  return joint.targets.flatMap((vertex) => (vertex.construct ? [vertex] : objectsOf(vertex)));
}

function isIn(construct: IConstruct, scope: IConstruct): boolean {
  return construct.node.scopes.includes(scope);
}
