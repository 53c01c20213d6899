import type { Member } from '../rig/member';

interface Confirmed {
  readonly key: string;
  /** So many claims of replicas have it. */
  readonly count: number;
  /** Lives of the claims of the replicas at that time. */
  readonly lives: readonly number[];
}

/** What the claims held, and what they may be asked for at the end. */
export class Ledger {
  private readonly held: Array<{ life: number; keys: Set<string> }>;
  private readonly confirmed: Confirmed[] = [];
  private readonly deleted = new Set<string>();

  public constructor(private readonly all: readonly Member[]) {
    this.held = all.map(({ claim }) => ({ life: claim.life, keys: new Set() }));
  }

  /** A claim has had these keys on its disk, in that life of it. */
  public has(member: Member, life: number, keys: Iterable<string>): void {
    const entry = this.entry(member);
    if (entry.life === life) for (const key of keys) entry.keys.add(key);
  }

  /** So many claims of replicas have them. */
  public confirm(keys: readonly string[], count: number, lives: readonly number[]): void {
    this.confirmed.push(...keys.map((key) => ({ key, count, lives })));
  }

  /** A client has asked to delete them: nobody knows whether they are there. */
  public delete(keys: readonly string[]): void {
    for (const key of keys) this.deleted.add(key);
  }

  /** Keys that `member` held, and that nobody deleted. */
  public expected(member: Member): string[] {
    return [...this.entry(member).keys].filter((key) => !this.deleted.has(key));
  }

  /** Compares with what is on the claims. Gives all that is missing. */
  public missing(claims: ReadonlyArray<ReadonlySet<string>>): string[] {
    const lost = this.all.flatMap((member) => {
      const keys = this.expected(member).filter((key) => !claims[member.ordinal].has(key));
      return keys.length === 0
        ? []
        : [`${member.name} held ${keys.length} keys that are gone: ${keys.slice(0, 10).join(' ')}`];
    });
    const replicas = this.all.slice(1);
    const broken = this.confirmed.flatMap(({ key, count, lives }) => {
      if (this.deleted.has(key)) return [];
      const have = replicas.filter(({ ordinal }) => claims[ordinal].has(key)).length;
      const died = replicas.filter(({ claim }, index) => claim.life !== lives[index]).length;
      return have + died >= count
        ? []
        : [`${key}: WAIT told ${count}, ${have} claims have it, and ${died} were lost since`];
    });
    return [...lost, ...broken];
  }

  /** How much there is to lose. */
  public get size(): string {
    return `${this.all.map((member) => this.expected(member).length).join(', ')} keys held, ${this.confirmed.length} confirmed, ${this.deleted.size} deleted`;
  }

  /** A lost claim begins a new life. */
  private entry({ ordinal, claim }: Member): { life: number; keys: Set<string> } {
    if (this.held[ordinal].life !== claim.life) this.held[ordinal] = { life: claim.life, keys: new Set() };
    return this.held[ordinal];
  }
}
