import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** All objects at and below a scope, in the order of the tree; those of other libraries too. Visits each construct. */
export function apiObjectsOf(scope: IConstruct): ApiObject[] {
  return scope.node.findAll().filter((node): node is ApiObject => ApiObject.isApiObject(node));
}
