import type { IConstruct } from 'constructs';

/** One value an app, made on first use and shared by all blocks of the construct tree. */
export class PerApp<T extends object> {
  private readonly values = new WeakMap<IConstruct, T>();

  public constructor(private readonly create: (root: IConstruct) => T) {}

  public of(construct: IConstruct): T {
    const root = rootOf(construct);
    let value = this.values.get(root);
    if (value === undefined) {
      value = this.create(root);
      this.values.set(root, value);
    }
    return value;
  }
}

/** As `node.root`, without a list of all scopes. */
function rootOf(construct: IConstruct): IConstruct {
  let root = construct;
  while (root.node.scope !== undefined) root = root.node.scope;
  return root;
}
