import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** constructs' own id for "the only one of its scope": it takes no part in names. */
const HIDDEN_ID = 'Default';

/**
 * The default name of a block: its construct path joined by `-`.
 *
 * - Two paths can give one name (`a-b/c`, `a/b-c`): the duplicates check of the app reports that.
 * - Nothing is shortened or replaced: a path that makes no valid name is an error of the block.
 */
export function pathName(construct: IConstruct): string {
  return visibleIds(construct).join('-');
}

/** The last id of a block's path that says something: `redis` for `app/redis/Default`. */
export function shortName(construct: IConstruct): string {
  return visibleIds(construct).pop() ?? '';
}

function visibleIds(construct: IConstruct): string[] {
  return construct.node.path.split('/').filter((id) => id !== HIDDEN_ID);
}

/** Whether a chart writes what is here. */
export function isInChart(construct: IConstruct): boolean {
  return construct.node.scopes.some((scope) => Chart.isChart(scope));
}

/** The namespace of the nearest chart; none outside of a chart, as with references that are shared by several. */
export function namespaceOf(construct: IConstruct): string | undefined {
  for (let scope: IConstruct | undefined = construct; scope; scope = scope.node.scope) {
    if (Chart.isChart(scope)) return scope.namespace;
  }
  return undefined;
}
