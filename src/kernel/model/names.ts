import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** The id that constructs reserves for the only child of a scope. Names omit it. */
const HIDDEN_ID = 'Default';

/**
 * The default name of a block: its construct path joined by `-`.
 *
 * - Two paths can give one name (`a-b/c`, `a/b-c`): the duplicates check of the app reports it.
 * - Nothing is shortened or replaced: the block reports a path that does not form a valid name.
 */
export function pathName(construct: IConstruct): string {
  return visibleIds(construct).join('-');
}

/** The last meaningful id of a block's path: `redis` for `app/redis/Default`. */
export function shortName(construct: IConstruct): string {
  return visibleIds(construct).pop() ?? '';
}

function visibleIds(construct: IConstruct): string[] {
  return construct.node.path.split('/').filter((id) => id !== HIDDEN_ID);
}

/** Whether the construct is inside a chart. */
export function isInChart(construct: IConstruct): boolean {
  return construct.node.scopes.some((scope) => Chart.isChart(scope));
}

/** The namespace of the nearest chart; none outside charts, as for references that several charts share. */
export function namespaceOf(construct: IConstruct): string | undefined {
  for (let scope: IConstruct | undefined = construct; scope; scope = scope.node.scope) {
    if (Chart.isChart(scope)) return scope.namespace;
  }
  return undefined;
}
