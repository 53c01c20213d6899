import type { IConstruct } from 'constructs';
import type { ParentRef } from './render-routes';
import type { GatewaySettings } from './route-controller';
import { namespaceOf } from '../../kernel/model/names';

/** Whether each block with routes writes a Gateway of its own. */
export function isOwn({ className, block }: GatewaySettings): boolean {
  return className !== undefined && block === undefined;
}

/** The Gateway of a block with routes, and the listener in it; `ownName` is the name of a Gateway of its own. */
export function parentOf(
  owner: IConstruct,
  { existing, block }: GatewaySettings,
  ownName: string,
  sectionName: string | undefined,
): ParentRef {
  const name = existing?.name ?? block?.name ?? ownName;
  const namespace = existing ? existing.namespace : block && namespaceOf(block);
  return {
    name,
    ...(namespace === undefined || namespace === namespaceOf(owner) ? {} : { namespace }),
    ...(sectionName === undefined ? {} : { sectionName }),
  };
}
