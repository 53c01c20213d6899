import { join } from 'node:path';
import type { IConstruct, IValidation } from 'constructs';
import type { FactIndex, FactKind, FactMap, Facts } from './fact-map';
import { PassView } from './pass-view';

/** The folder of this copy of the library. */
const INSTALLED_AT = join(__dirname, '..', '..', '..');

/** Shared by all copies of the library. The number changes when two releases cannot share a model. */
const SLOT = Symbol.for('cdk8s-best-practices/model@1');

interface Root extends IConstruct {
  [SLOT]?: { readonly installedAt: string };
}

interface Index {
  readonly found: Map<unknown, unknown[]>;
  /** Keys with several facts. */
  readonly shared: Set<unknown>;
  /** Number of indexed facts. */
  size: number;
}

const NONE: readonly never[] = [];

/**
 * The facts that blocks state about their app. The model is the only mutable state of the library and hangs on the root
 * of the construct tree. It only grows: an index can be outdated, but never wrong.
 */
export class AppModel implements Facts {
  /** Returns the model of the app of a construct. Throws if another copy of the library created it. */
  public static of(construct: IConstruct): AppModel {
    let root: Root = construct;
    // like node.root, without a list of all scopes
    while (root.node.scope !== undefined) root = root.node.scope;
    const known = root[SLOT];
    if (known instanceof AppModel) return known;
    if (known !== undefined) throw secondCopy(known.installedAt);
    return new AppModel(root);
  }

  public readonly installedAt = INSTALLED_AT;

  private readonly kept = new Map<FactKind, unknown[]>();
  /** By kind: one function can be the index of several kinds. */
  private readonly indexes = new Map<FactKind, Map<unknown, Index>>();
  private readonly done = new Set<unknown>();
  private time = 0;
  private view?: PassView;

  private constructor(private readonly root: Root) {
    Object.defineProperty(root, SLOT, { value: this });
    // cdk8s validates a scope before its children, so each pass validates the root first
    root.node.addValidation({
      validate: () => {
        this.look();
        return [];
      },
    });
  }

  /** States a fact. */
  public add<K extends FactKind>(kind: K, fact: FactMap[K]): void {
    const known = this.kept.get(kind);
    if (known) known.push(fact);
    else this.kept.set(kind, [fact]);
    this.time++;
  }

  public all<K extends FactKind>(kind: K): ReadonlyArray<FactMap[K]> {
    return (this.kept.get(kind) ?? NONE) as ReadonlyArray<FactMap[K]>;
  }

  public by<K extends FactKind, Key>(kind: K, keysOf: FactIndex<K, Key>, key: Key): ReadonlyArray<FactMap[K]> {
    return (this.indexed(kind, keysOf).found.get(key) ?? NONE) as ReadonlyArray<FactMap[K]>;
  }

  public shared<K extends FactKind, Key>(kind: K, keysOf: FactIndex<K, Key>): ReadonlySet<Key> {
    return this.indexed(kind, keysOf).shared as ReadonlySet<Key>;
  }

  /** The index, updated to all facts. */
  private indexed<K extends FactKind, Key>(kind: K, keysOf: FactIndex<K, Key>): Index {
    const facts = this.all(kind);
    let ofKind = this.indexes.get(kind);
    if (ofKind === undefined) this.indexes.set(kind, (ofKind = new Map<unknown, Index>()));
    let index = ofKind.get(keysOf);
    if (index === undefined) ofKind.set(keysOf, (index = { found: new Map(), shared: new Set(), size: 0 }));
    for (; index.size < facts.length; index.size++) {
      const fact = facts[index.size];
      const keys = keysOf(fact);
      for (const key of keys.length > 1 ? new Set(keys) : keys) {
        const known = index.found.get(key);
        if (known === undefined) {
          index.found.set(key, [fact]);
        } else {
          known.push(fact);
          index.shared.add(key);
        }
      }
    }
    return index;
  }

  /** Whether this is the first call with the key. For setup once per app or chart. */
  public first(key: unknown): boolean {
    if (this.done.has(key)) return false;
    this.done.add(key);
    return true;
  }

  /** Starts a pass: updates the objects to the facts, then takes a view of the app. */
  public look(): PassView {
    const preparations = this.all('preparation');
    // a step can add blocks with steps
    for (let index = 0; index < preparations.length; index++) preparations[index].prepare();
    this.view = new PassView(this.root, this, this.time);
    for (const arrangement of this.all('arrangement')) arrangement.arrange(this.view);
    return this.view;
  }

  /** The view of the last pass, for use after its validation. */
  public get lastView(): PassView {
    return this.view ?? this.look();
  }

  /**
   * The view for a check that has last seen `before`: the view of this pass. A pass runs each check once. A second call
   * happens outside a pass, where anything may have changed.
   */
  public viewAfter(before: PassView | undefined): PassView {
    const { view } = this;
    return view === undefined || view === before || view.time !== this.time ? this.look() : view;
  }
}

/** A check of a construct that reads the view of the pass. */
export type ViewCheck = (view: PassView, construct: IConstruct) => string[];

/** Adds a check of a construct. */
export function addCheck(construct: IConstruct, check: ViewCheck): void {
  construct.node.addValidation(new ViewValidation(AppModel.of(construct), construct, check));
}

/** A class, since each block of an app has one. */
class ViewValidation implements IValidation {
  private seen?: PassView = undefined;

  public constructor(
    private readonly model: AppModel,
    private readonly construct: IConstruct,
    private readonly check: ViewCheck,
  ) {}

  public validate(): string[] {
    this.seen = this.model.viewAfter(this.seen);
    return this.check(this.seen, this.construct);
  }
}

/**
 * Blocks of two copies do not see each other: a workload would not know that its namespace is closed, and no quota
 * would count it. The whole app is then unreliable, so this is no ordinary finding.
 */
function secondCopy(other: string): Error {
  return new Error(
    [
      'Two copies of cdk8s-best-practices in one app, whose blocks do not see each other:',
      `  ${other}`,
      `  ${INSTALLED_AT}`,
      "Keep one: a package with blocks names the library in 'peerDependencies', not in 'dependencies'. Then run npm " +
        'dedupe',
    ].join('\n'),
  );
}
