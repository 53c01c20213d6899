import type { Ledger } from './ledger';
import type { Random } from './random';
import type { Member } from '../rig/member';
import type { Members } from '../rig/members';

/** Writes new keys through the primary, and records each answer. */
export class Client {
  private next = 0;
  private readonly acknowledged: string[] = [];

  public constructor(
    private readonly members: Members,
    private readonly ledger: Ledger,
  ) {}

  public async write(count: number, value = 'x'): Promise<string[]> {
    const keys = Array.from({ length: count }, () => `key-${this.next++}`);
    const { primary } = this.members;
    const { life } = primary.claim;
    const replies = await primary.ask(...keys.map((key) => ['SET', key, value]));
    const written = keys.filter((_, index) => replies[index] === '+OK');
    // Redis answers after it has written to the append-only file
    this.ledger.has(primary, life, written);
    this.acknowledged.push(...written);
    return written;
  }

  /**
   * Writes, and waits for the replicas. A replica that is not ready may have been counted: after a copy of all data,
   * Redis tells the primary what it has received before its new append-only file is complete, and its end would undo
   * that.
   */
  public async confirm(count: number): Promise<void> {
    const { primary, replicas } = this.members;
    const lives = replicas.map(({ claim }) => claim.life);
    const keys = Array.from({ length: count }, () => `key-${this.next++}`);
    const { life } = primary.claim;
    const replies = await primary.ask(...keys.map((key) => ['SET', key, 'x']), [
      'WAIT',
      String(replicas.length),
      '1500',
    ]);
    const written = keys.filter((_, index) => replies[index] === '+OK');
    this.ledger.has(primary, life, written);
    this.acknowledged.push(...written);
    const reached = Number(/^:(\d+)$/.exec(replies[count] ?? '')?.[1] ?? 0);
    if (written.length < count || reached === 0) return;
    const ready = await Promise.all(replicas.map(async (replica) => (await replica.script('ready.sh')).code === 0));
    const sure = reached - ready.filter((each) => !each).length;
    if (sure > 0) this.ledger.confirm(written, sure, lives);
  }

  public async delete(count: number, random: Random): Promise<void> {
    const keys = random.shuffled(this.acknowledged).slice(0, count);
    if (keys.length === 0) return;
    this.ledger.delete(keys);
    await this.members.primary.ask(['DEL', ...keys]);
  }
}

/** Notes what a member has on its claim now, as far as that can be seen from outside. */
export async function observe(member: Member, ledger: Ledger): Promise<void> {
  const { life } = member.claim;
  const seen = await member.observe();
  if (seen?.onDisk === true) ledger.has(member, life, seen.keys);
}
