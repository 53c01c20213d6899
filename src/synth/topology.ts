import type { Vertex } from './dependency-graph';

/**
 * Orders vertices so that each follows all its targets.
 *
 * - Depth first, from vertices that are no target, in the given order: the order of cdk8s.
 * - Visits each vertex and edge once. cdk8s walks each path, of which there can be exponentially many.
 * - A cycle is an error with its path.
 *
 * @param vertices start vertices; without joints
 * @param within whether an edge to a vertex counts
 */
export function topology(vertices: readonly Vertex[], within: (vertex: Vertex) => boolean = () => true): Vertex[] {
  if (vertices.every(({ targets }) => targets.length === 0)) return [...vertices];
  const targets = targetsOf(vertices, within);
  const order: Vertex[] = [];
  const done = new Set<Vertex>();
  // the second half matters only if every earlier vertex is in a cycle
  for (const vertex of [...vertices.filter((start) => !targets.has(start)), ...vertices]) {
    if (!done.has(vertex)) visit(vertex, within, done, order);
  }
  return order;
}

function visit(start: Vertex, within: (vertex: Vertex) => boolean, done: Set<Vertex>, order: Vertex[]): void {
  const open = new Set([start]);
  // not recursive: a chain can be longer than the call stack
  const stack = [{ vertex: start, next: 0 }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const target = top.vertex.targets[top.next++];
    if (target === undefined) {
      stack.pop();
      open.delete(top.vertex);
      done.add(top.vertex);
      order.push(top.vertex);
    } else if (open.has(target)) {
      throw cycleError(
        stack.map(({ vertex }) => vertex),
        target,
      );
    } else if (!done.has(target) && within(target)) {
      open.add(target);
      stack.push({ vertex: target, next: 0 });
    }
  }
}

/** All targets, through joints or directly. */
function targetsOf(vertices: readonly Vertex[], within: (vertex: Vertex) => boolean): Set<Vertex> {
  const found = new Set<Vertex>();
  const open = [...vertices];
  for (let vertex = open.pop(); vertex; vertex = open.pop()) {
    for (const target of vertex.targets) {
      if (found.has(target) || !within(target)) continue;
      found.add(target);
      if (!target.construct) open.push(target);
    }
  }
  return found;
}

function cycleError(path: readonly Vertex[], end: Vertex): Error {
  const cycle = path.slice(path.indexOf(end)).flatMap(({ construct }) => construct?.node.path ?? []);
  return new Error(`Dependency cycle detected: ${[...cycle, cycle[0]].join(' => ')}`);
}
